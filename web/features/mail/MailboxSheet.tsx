import type { Mailbox } from '../../../contract/mail.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { FieldRow, FieldSet, type Option, SelectField, SwitchField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { changesOf, OtherChange, useOtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { OrganisationPick, optionOf, TeamPick } from '../people/picks.tsx'
import { ConnectionFields } from './ConnectionFields.tsx'
import { mailboxTexts } from './mailbox-texts.ts'
import { redirectAddress } from './redirect.ts'
import { WordingFields, type Wordings } from './WordingFields.tsx'

export type MailboxValues = {
  name: string
  address: string
  way: Mailbox['way']
  teamId: Option | null
  organisationId: Option | null
  language: 'en' | 'de'
  acknowledge: boolean
  wordings: Wordings
  host: string
  port: number | null
  secure: boolean
  user: string
  folder: string
  tenant: string
  clientId: string
  secret: string
}
const empty: MailboxValues = {
  name: '',
  address: '',
  way: 'smtp',
  teamId: null,
  organisationId: null,
  language: 'en',
  acknowledge: true,
  wordings: {},
  host: '',
  port: 993,
  secure: true,
  user: '',
  folder: '',
  tenant: '',
  clientId: '',
  secret: '',
}
const valuesOf = (m: Mailbox): MailboxValues => ({
  name: m.name,
  address: m.address,
  way: m.way,
  teamId: optionOf(m.team),
  organisationId: optionOf(m.organisation),
  language: m.language,
  acknowledge: m.acknowledge,
  wordings: { ...(m.wording as Wordings), signature: m.signature as NonNullable<Wordings['signature']> },
  host: m.connection.host ?? '',
  port: m.connection.port ?? 993,
  secure: m.connection.secure ?? true,
  user: m.connection.user ?? '',
  folder: m.connection.folder ?? '',
  tenant: m.connection.tenant ?? '',
  clientId: m.connection.clientId ?? '',
  secret: '',
})

/** Only texts that say something: an empty one means our own words. */
const said = (words: Wordings[keyof Wordings] = {}) => Object.fromEntries(Object.entries(words).filter(([, text]) => text.trim() !== ''))
const filledIn = <T extends Record<string, unknown>>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null)) as Partial<T>

function bodyOf(v: MailboxValues) {
  const { acknowledgement, resolved, reply, signature } = v.wordings
  const connection =
    v.way === 'imap'
      ? filledIn({ host: v.host.trim(), port: v.port ?? 993, secure: v.secure, user: v.user.trim(), folder: v.folder.trim() })
      : v.way === 'smtp'
        ? {}
        : filledIn({ tenant: v.way === 'microsoft' ? v.tenant.trim() : '', clientId: v.clientId.trim(), folder: v.folder.trim() })
  return {
    name: v.name,
    address: v.address.trim(),
    way: v.way,
    teamId: v.teamId?.value ?? null,
    organisationId: v.organisationId?.value ?? null,
    language: v.language,
    acknowledge: v.acknowledge,
    wording: { acknowledgement: said(acknowledgement), resolved: said(resolved), reply: said(reply) },
    signature: said(signature),
    connection,
    ...(v.secret ? { secret: v.secret } : {}),
  }
}

/** Issues of nested fields belong to the flat ones here: `connection.host` is `host`, any wording is `wordings`. */
function flat(cause: unknown): unknown {
  const issues = (cause as { issues?: { path: string }[] }).issues
  for (const issue of issues ?? []) issue.path = issue.path.replace(/^connection\./, '').replace(/^(wording|signature).*/, 'wordings')
  return cause
}

export function MailboxSheet({ mailbox, onClose }: { mailbox?: Mailbox; onClose: () => void }) {
  const t = useTexts(mailboxTexts)
  const customers = useCompany()?.supports === 'customers'
  const form = useForm<MailboxValues>(mailbox ? valuesOf(mailbox) : empty)
  const change = useOtherChange(mailbox, valuesOf, form)
  const renews = ['GET /api/mailboxes', 'GET /api/set-up'] as const
  const onDone = () => {
    toast(mailbox ? t('saved') : t('added', { name: form.values.name }))
    onClose()
  }
  const add = useSend('POST /api/mailboxes', { renews, onDone, onProblem: (cause) => form.take(flat(cause)) })
  const edit = useSend('PATCH /api/mailboxes/:id', { renews, onDone, onProblem: (cause) => change.take(flat(cause)) })
  const save = () => {
    const body = bodyOf(form.values)
    if (!mailbox) return add.mutate({ body })
    edit.mutate({ params: { id: mailbox.id }, ifMatch: change.version, body: changesOf(bodyOf(valuesOf(change.stored ?? mailbox)), body) })
  }
  const labels = {
    name: t('name'),
    address: t('address'),
    way: t('way'),
    teamId: t('team'),
    organisationId: t(customers ? 'customer' : 'organisation'),
    language: t('language'),
    acknowledge: t('acknowledge'),
    wordings: t('words'),
    host: t('host'),
    port: t('port'),
    secure: t('secure'),
    user: t('user'),
    folder: t('folder'),
    tenant: t('tenant'),
    clientId: t('clientId'),
    secret: t('password'),
  }
  return (
    <FormSheet
      title={mailbox ? t('editMailbox', { name: mailbox.name }) : t('newMailbox')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <TextField label={t('name')} hint={t('nameHint')} required data-autofocus {...form.text('name')} />
      <TextField label={t('address')} type="email" required {...form.text('address')} />
      <ConnectionFields form={form} hasSecret={mailbox?.hasSecret ?? false} redirect={redirectAddress()} />
      <Belongs form={form} organisationLabel={labels.organisationId} />
      <SwitchField label={t('acknowledge')} hint={t('acknowledgeHint')} {...form.check('acknowledge')} />
      <WordingFields value={form.values.wordings} error={form.errors['wordings']} onChange={(wordings) => form.set('wordings', wordings)} />
    </FormSheet>
  )
}

function Belongs({ form, organisationLabel }: { form: ReturnType<typeof useForm<MailboxValues>>; organisationLabel: string }) {
  const t = useTexts(mailboxTexts)
  return (
    <FieldSet title={t('belongs')}>
      <FieldRow>
        <TeamPick label={t('team')} hint={t('teamHint')} {...form.value('teamId')} />
        <OrganisationPick label={organisationLabel} hint={t('organisationHint')} {...form.value('organisationId')} />
      </FieldRow>
      <SelectField
        label={t('language')}
        hint={t('languageHint')}
        options={[
          { value: 'en', label: t('en') },
          { value: 'de', label: t('de') },
        ]}
        {...form.value('language')}
      />
    </FieldSet>
  )
}
