import { IconPaperclip } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { DemoMail } from '../../../contract/demo.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextArea } from '../../ui/Fields.tsx'
import { MailFrame } from '../../ui/MailFrame.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { Loaded } from '../../ui/States.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './DemoMail.module.css'
import { demoTexts } from './texts.ts'

/** One mail as its reader sees it; reading marks it as read. */
export function DemoMailText({ id }: { id: string }) {
  const mail = useCall('GET /api/demo/mails/:id', { params: { id } }, { staleTime: 300_000 })
  const read = mail.data?.id
  useEffect(() => {
    if (read) renew('GET /api/demo/mailboxes', 'GET /api/demo/mailboxes/:address')
  }, [read])
  return <Loaded from={mail}>{(shown) => <Shown mail={shown} />}</Loaded>
}

const list = (people: readonly { name: string; email: string }[]) =>
  people.map((p) => (p.name ? `${p.name} <${p.email}>` : p.email)).join(', ')

function Shown({ mail }: { mail: DemoMail }) {
  const t = useTexts(demoTexts)
  const { size } = useFormats()
  return (
    <article className={styles.shown}>
      <header className="stack">
        <h2>{mail.subject}</h2>
        <Facts>
          <Fact name={t('from')}>{list([mail.from])}</Fact>
          <Fact name={t('to')}>{list(mail.to)}</Fact>
          <Fact name={t('cc')}>{list(mail.cc)}</Fact>
        </Facts>
        <p className="dim small">
          <TimeAgo at={mail.at} />
        </p>
      </header>
      {mail.html === null ? <p className={styles.text}>{mail.text}</p> : <MailFrame html={mail.html} />}
      {mail.attachments.length > 0 && (
        <ul className={styles.files} aria-label={t('attachments')}>
          {mail.attachments.map((file) => (
            <li key={`${file.name} ${file.size}`}>
              <IconPaperclip size={14} aria-hidden="true" /> {file.name} <span className="dim">{size(file.size)}</span>
            </li>
          ))}
        </ul>
      )}
      <Reply mail={mail} />
    </article>
  )
}

function Reply({ mail }: { mail: DemoMail }) {
  const t = useTexts(demoTexts)
  const form = useForm({ body: '' })
  const me = mail.to.find((p) => p.email === mail.address) ?? mail.cc.find((p) => p.email === mail.address)
  const send = useSend('POST /api/demo/mails/:id/reply', {
    onDone: () => {
      form.reset({ body: '' })
      toast(t('sent'))
    },
    onProblem: form.take,
  })
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate({ params: { id: mail.id }, body: form.values })
      }}
    >
      <TextArea label={t('reply', { name: me?.name || mail.address })} {...form.text('body')} />
      <FormProblem text={form.problem} />
      <div>
        <Button look="main" type="submit" busy={send.isPending} disabled={form.values.body.trim() === ''}>
          {t('send')}
        </Button>
      </div>
    </form>
  )
}
