import type { Mailbox } from '../../../contract/mail.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { FieldRow, FieldSet, SelectField, SwitchField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { toast } from '../../ui/Toast.tsx'
import { OrganisationPick, TeamPick } from '../people/picks.tsx'
import { ConnectionFields } from './ConnectionFields.tsx'
import { mailboxTexts } from './mailbox-texts.ts'
import { bodyOf, emptyMailbox, flat, type MailboxValues, valuesOf } from './mailbox-values.ts'
import { redirectAddress } from './redirect.ts'
import { WordingFields } from './WordingFields.tsx'

export function MailboxSheet({ mailbox, onClose }: { mailbox?: Mailbox; onClose: () => void }) {
  const t = useTexts(mailboxTexts)
  const customers = useCompany()?.supports === 'customers'
  const form = useForm<MailboxValues>(mailbox ? valuesOf(mailbox) : emptyMailbox)
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
    secretExpiresOn: t('secretExpiresOn'),
    sends: t('sends'),
    sendHost: t('sendHost'),
    sendPort: t('sendPort'),
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
