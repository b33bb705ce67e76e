import type { OidcProvider } from '../../../contract/oidc.ts'
import type { useForm as UseForm } from '../../kernel/forms.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { FieldRow, FieldSet, NumberField, PasswordField, SelectField, SwitchField, TagsField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { GroupRows } from './GroupRows.tsx'
import { Copyable } from './ProviderCard.tsx'
import { providerTexts } from './provider-texts.ts'
import { bodyOf, emptyProvider, type ProviderValues, valuesOf } from './provider-values.ts'

type Form = ReturnType<typeof UseForm<ProviderValues>>
const samples = { issuer: 'https://login.example.com/realm', domain: 'example.com' }

export function ProviderSheet({ provider, onClose }: { provider?: OidcProvider; onClose: () => void }) {
  const t = useTexts(providerTexts)
  const form = useForm<ProviderValues>(provider ? valuesOf(provider) : emptyProvider)
  const change = useOtherChange(provider, valuesOf, form)
  const renews = ['GET /api/oidc-providers', 'GET /api/sign-in/providers'] as const
  const onDone = () => {
    toast(provider ? t('saved') : t('added', { name: form.values.name }), provider ? {} : { seconds: 12 })
    onClose()
  }
  const add = useSend('POST /api/oidc-providers', { renews, onDone, onProblem: form.take })
  const edit = useSend('PATCH /api/oidc-providers/:id', { renews, onDone, onProblem: change.take })
  const save = () => {
    const body = bodyOf(form.values)
    if (!provider) return add.mutate({ body })
    const changes = changesOf(bodyOf(valuesOf(change.stored ?? provider)), body)
    edit.mutate({ params: { id: provider.id }, ifMatch: change.version, body: changes })
  }
  const fields = ['name', 'issuer', 'clientId', 'secret', 'scopes', 'joining', 'domains', 'linking', 'passwords', 'secondFactor'] as const
  const labels = {
    ...Object.fromEntries(fields.map((field) => [field, t(field)])),
    labelEn: t('labelEn'),
    labelDe: t('labelDe'),
    groupsClaim: t('groupsClaim'),
    groups: t('rolesTitle'),
    acrValues: t('acrValues'),
    sessionHours: t('sessionHours'),
    everywhere: t('everywhere'),
  }
  return (
    <FormSheet
      title={provider ? t('editTitle', { name: provider.name }) : t('newTitle')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <TextField label={t('name')} hint={t('nameHint')} required data-autofocus {...form.text('name')} />
      <Connection form={form} provider={provider} />
      <Who form={form} />
      <FieldSet title={t('rolesTitle')} hint={t('rolesHint')}>
        <TextField label={t('groupsClaim')} hint={t('groupsClaimHint')} {...form.text('groupsClaim')} />
        <GroupRows rows={form.values.groups} error={form.errors['groups']} onChange={(rows) => form.set('groups', rows)} />
      </FieldSet>
      <Security form={form} provider={provider} />
      <FieldSet title={t('labels')} hint={t('labelsHint')}>
        <FieldRow>
          <TextField label={t('labelEn')} {...form.text('labelEn')} />
          <TextField label={t('labelDe')} {...form.text('labelDe')} />
        </FieldRow>
      </FieldSet>
    </FormSheet>
  )
}

function Connection({ form, provider }: { form: Form; provider: OidcProvider | undefined }) {
  const t = useTexts(providerTexts)
  return (
    <FieldSet title={t('connection')}>
      {provider && <Copyable label={t('redirect')} address={provider.redirectUri} />}
      <TextField label={t('issuer')} hint={t('issuerHint')} placeholder={samples.issuer} required {...form.text('issuer')} />
      <FieldRow>
        <TextField label={t('clientId')} autoComplete="off" required {...form.text('clientId')} />
        <PasswordField
          label={t('secret')}
          hint={provider?.hasSecret ? t('secretKept') : undefined}
          autoComplete="new-password"
          {...form.text('secret')}
        />
      </FieldRow>
      <TagsField label={t('scopes')} hint={t('scopesHint')} {...form.value('scopes')} />
    </FieldSet>
  )
}

const joinings = ['nobody', 'domains', 'groups'] as const
const linkings = ['off', 'requesters', 'everybody'] as const
const passwords = ['allowed', 'refused'] as const
const factors = ['ask', 'claimed', 'trusted'] as const

function Who({ form }: { form: Form }) {
  const t = useTexts(providerTexts)
  return (
    <FieldSet title={t('whoTitle')}>
      <TagsField label={t('domains')} hint={t('domainsHint')} placeholder={samples.domain} {...form.value('domains')} />
      <SelectField
        label={t('joining')}
        options={joinings.map((value) => ({ value, label: t(`joining.${value}`) }))}
        {...form.value('joining')}
      />
      <SelectField
        label={t('linking')}
        hint={form.values.linking === 'off' ? undefined : t('linkingHint')}
        options={linkings.map((value) => ({ value, label: t(`linking.${value}`) }))}
        {...form.value('linking')}
      />
      <SelectField
        label={t('passwords')}
        hint={form.values.passwords === 'refused' ? t('passwordsHint') : undefined}
        options={passwords.map((value) => ({ value, label: t(`passwords.${value}`) }))}
        {...form.value('passwords')}
      />
    </FieldSet>
  )
}

function Security({ form, provider }: { form: Form; provider: OidcProvider | undefined }) {
  const t = useTexts(providerTexts)
  const address = provider?.signOutUri ?? `${location.origin}/sign-in`
  return (
    <FieldSet title={t('securityTitle')}>
      <SelectField
        label={t('secondFactor')}
        options={factors.map((value) => ({ value, label: t(`secondFactor.${value}`) }))}
        {...form.value('secondFactor')}
      />
      {form.values.secondFactor === 'claimed' && <TagsField label={t('acrValues')} {...form.value('acrValues')} />}
      <NumberField label={t('sessionHours')} hint={t('sessionHoursHint')} min={1} max={720} {...form.value('sessionHours')} />
      <SwitchField label={t('everywhere')} hint={t('everywhereHint', { address })} {...form.check('everywhere')} />
    </FieldSet>
  )
}
