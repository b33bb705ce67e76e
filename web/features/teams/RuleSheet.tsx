import type { RoutingRule } from '../../../contract/desk.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { FieldRow, FieldSet, type Option, SelectField, SwitchField, TagsField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { OrganisationPick, optionOf, TeamPick } from '../people/picks.tsx'
import { useCategoryOptions } from './categories.ts'
import { ruleTexts } from './rule-texts.ts'

type Values = {
  name: string
  mailboxId: string | null
  categoryId: string | null
  organisationId: Option | null
  words: string[]
  teamId: Option | null
  on: boolean
}
const valuesOf = (rule: RoutingRule): Values => ({
  name: rule.name,
  mailboxId: rule.mailbox?.id ?? null,
  categoryId: rule.category?.id ?? null,
  organisationId: optionOf(rule.organisation),
  words: rule.words,
  teamId: optionOf(rule.team),
  on: rule.on,
})
const bodyOf = (v: Values) => ({ ...v, organisationId: v.organisationId?.value ?? null, teamId: v.teamId?.value ?? '' })

export function RuleSheet({ rule, onClose }: { rule?: RoutingRule; onClose: () => void }) {
  const t = useTexts(ruleTexts)
  const form = useForm<Values>(
    rule ? valuesOf(rule) : { name: '', mailboxId: null, categoryId: null, organisationId: null, words: [], teamId: null, on: true },
  )
  const change = useOtherChange(rule, valuesOf, form)
  const renews = ['GET /api/routing-rules'] as const
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const add = useSend('POST /api/routing-rules', { renews, onDone, onProblem: form.take })
  const edit = useSend('PATCH /api/routing-rules/:id', { renews, onDone, onProblem: change.take })
  const save = () => {
    const body = bodyOf(form.values)
    if (!rule) return add.mutate({ body })
    edit.mutate({ params: { id: rule.id }, ifMatch: change.version, body: changesOf(bodyOf(valuesOf(change.stored ?? rule)), body) })
  }
  const customers = useCompany()?.supports === 'customers'
  const labels = {
    name: t('name'),
    mailboxId: t('mailbox'),
    categoryId: t('category'),
    organisationId: t(customers ? 'customer' : 'organisation'),
    words: t('words'),
    teamId: t('team'),
    on: t('on'),
  }
  return (
    <FormSheet
      title={rule ? t('editRule', { name: rule.name }) : t('newRule')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={rule && <RemoveRule rule={rule} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <TextField label={t('name')} hint={t('nameHint')} required data-autofocus {...form.text('name')} />
      <Conditions form={form} organisationLabel={labels.organisationId} />
      <TeamPick label={t('team')} clearable={false} {...form.value('teamId')} />
      <SwitchField label={t(form.values.on ? 'on' : 'off')} {...form.check('on')} />
    </FormSheet>
  )
}

function Conditions({ form, organisationLabel }: { form: ReturnType<typeof useForm<Values>>; organisationLabel: string }) {
  const t = useTexts(ruleTexts)
  const mailboxes = useCall('GET /api/mailboxes').data?.items ?? []
  const categories = useCategoryOptions()
  return (
    <FieldSet title={t('conditions')} hint={t('conditionsHint')}>
      <TagsField label={t('words')} hint={t('wordsHint')} {...form.value('words')} />
      <FieldRow>
        <SelectField
          label={t('mailbox')}
          placeholder={t('any')}
          clearable
          options={mailboxes.map((m) => ({ value: m.id, label: m.name }))}
          {...form.value('mailboxId')}
        />
        <OrganisationPick label={organisationLabel} placeholder={t('any')} {...form.value('organisationId')} />
      </FieldRow>
      <SelectField
        label={t('category')}
        hint={t('categoryHint')}
        placeholder={t('any')}
        clearable
        options={categories}
        {...form.value('categoryId')}
      />
    </FieldSet>
  )
}

function RemoveRule({ rule, onDone }: { rule: RoutingRule; onDone: () => void }) {
  const t = useTexts(ruleTexts)
  const remove = useSend('DELETE /api/routing-rules/:id', {
    renews: ['GET /api/routing-rules'],
    onDone: () => {
      toast(t('removed'))
      onDone()
    },
    onProblem: toastProblem,
  })
  return (
    <RemoveButton
      label={t('remove')}
      title={t('removeTitle', { name: rule.name })}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: rule.id } })}
    />
  )
}
