import type { SyntheticEvent } from 'react'
import type { Mailbox } from '../../../contract/mail.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { keyOf, queries, useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, FieldRow, FormProblem, NumberField, PasswordField, TextField } from '../../ui/Fields.tsx'
import { CardChoice } from './CardChoice.tsx'
import { type Walk, Ways } from './StepFrame.tsx'
import { setUpTexts } from './texts.ts'

type Props = { mailbox: Mailbox | undefined; walk: Walk; onSaved: () => void }

function first(mailbox: Mailbox | undefined) {
  const connection = mailbox?.connection ?? {}
  return {
    address: mailbox?.address ?? '',
    way: (mailbox?.way === 'imap' ? 'imap' : 'smtp') as 'smtp' | 'imap',
    host: connection.host ?? '',
    port: (connection.port ?? 993) as number | null,
    secure: connection.secure ?? true,
    user: connection.user ?? '',
    secret: '',
  }
}

/** The address, and how its mail gets here: sent to our own port, or fetched over IMAP. */
export function MailboxForm({ mailbox, walk, onSaved }: Props) {
  const t = useTexts(setUpTexts)
  const company = useCompany()
  const form = useForm(first(mailbox))
  const { address, way, host, port, secure, user, secret } = form.values
  const take = (cause: unknown) => form.take(cause)
  // Put in place before the next stage stands: it proves what was saved, and not what was there before.
  const onDone = (saved: Mailbox) => {
    queries.setQueryData<{ items: Mailbox[] }>(keyOf('GET /api/mailboxes'), (known) => ({
      items: [...(known?.items ?? []).filter((m) => m.id !== saved.id), saved],
    }))
    onSaved()
  }
  const create = useSend('POST /api/mailboxes', { onDone, onProblem: take })
  const change = useSend('PATCH /api/mailboxes/:id', { onDone, onProblem: take })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const connection = way === 'imap' ? { host, user: user || address, secure, ...(port === null ? {} : { port }) } : {}
    const body = { address, way, connection, ...(secret && way === 'imap' ? { secret } : {}) }
    if (mailbox) change.mutate({ params: { id: mailbox.id }, ifMatch: mailbox.version, body })
    else create.mutate({ body: { ...body, name: company?.name || address, language: company?.language ?? 'en', acknowledge: true } })
  }
  return (
    <form className="stack" style={{ gap: 20 }} onSubmit={submit} noValidate>
      <TextField label={t('address')} hint={t('addressHint')} type="email" autoComplete="off" required {...form.text('address')} />
      <CardChoice
        label={t('way')}
        {...form.value('way')}
        options={[
          { value: 'smtp', label: t('waySmtp'), text: t('waySmtpText') },
          { value: 'imap', label: t('wayImap'), text: t('wayImapText') },
        ]}
      />
      {way === 'imap' && (
        <div className="stack">
          <FieldRow>
            <TextField label={t('host')} autoComplete="off" required {...form.text('host')} />
            <NumberField label={t('port')} min={1} max={65535} {...form.value('port')} />
          </FieldRow>
          <CheckField label={t('secure')} {...form.check('secure')} />
          <FieldRow>
            <TextField label={t('user')} placeholder={address} autoComplete="off" {...form.text('user')} />
            <PasswordField
              label={t('secret')}
              hint={t('secretHint')}
              autoComplete="new-password"
              required={!mailbox?.hasSecret}
              {...form.text('secret')}
            />
          </FieldRow>
        </div>
      )}
      <p className="dim small">{t('otherWays')}</p>
      <FormProblem text={form.problem} />
      <Ways
        walk={walk}
        skip={t('mailboxSkip')}
        main={
          <Button look="main" size="sm" type="submit" busy={create.isPending || change.isPending}>
            {t('saveAndProve')}
          </Button>
        }
      />
    </form>
  )
}
