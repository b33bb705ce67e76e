import { IconRefresh } from '@tabler/icons-react'
import type { OutboxRow } from '../../../contract/mail.ts'
import { useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { SideSheet } from '../../ui/Dialog.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Mail.module.css'
import { HeldNotice, OutboxState } from './OutboxState.tsx'
import { mailTexts } from './texts.ts'

const recipientWords = {
  pending: { text: 'recipientPending', tone: 'plain' },
  sent: { text: 'recipientSent', tone: 'good' },
  deferred: { text: 'recipientDeferred', tone: 'warn' },
  failed: { text: 'recipientFailed', tone: 'bad' },
  bounced: { text: 'recipientBounced', tone: 'bad' },
  withdrawn: { text: 'recipientWithdrawn', tone: 'plain' },
} as const

export function OutboxSheet({ mail, onClose }: { mail: OutboxRow; onClose: () => void }) {
  const t = useTexts(mailTexts)
  const formats = useFormats()
  return (
    <SideSheet title={mail.subject || t('noSubject')} open onClose={onClose} size="lg">
      <div className={styles.entry}>
        <p className={styles.reason}>
          <OutboxState state={mail.state} />
          <span className="dim">{lookUp(mailTexts, mail.kind) ?? mail.kind}</span>
        </p>
        {mail.state === 'held' && <HeldNotice />}
        {mail.state === 'uncertain' && <p>{t('retryUncertain')}</p>}
        <Retry mail={mail} />
        <section>
          <h3>{t('partNames')}</h3>
          <ul className={styles.recipients}>
            {mail.recipients.map((one) => {
              const words = recipientWords[one.state as keyof typeof recipientWords]
              return (
                <li key={one.address}>
                  <span className={styles.reason}>
                    <span className="dim small">{one.field.toUpperCase()}</span>
                    <span>{one.address}</span>
                    <Badge tone={words?.tone ?? 'plain'}>{words ? t(words.text) : one.state}</Badge>
                  </span>
                  {one.answer && <p className="dim small">{one.answer}</p>}
                </li>
              )
            })}
          </ul>
        </section>
        <Facts>
          <Fact name={t('time')}>{formats.dateTime(mail.createdAt)}</Fact>
          <Fact name={t('sentAt')}>{mail.sentAt && formats.dateTime(mail.sentAt)}</Fact>
          <Fact name={t('nextTry')}>{mail.state === 'ready' && formats.dateTime(mail.notBefore)}</Fact>
          <Fact name={t('lastAnswer')}>{mail.lastAnswer}</Fact>
          <Fact name={t('state')}>{mail.attempts > 0 && t('attempts', { count: mail.attempts })}</Fact>
        </Facts>
      </div>
    </SideSheet>
  )
}

function Retry({ mail }: { mail: OutboxRow }) {
  const t = useTexts(mailTexts)
  const may = useMay('mailbox.edit')
  const [confirm, question] = useConfirm()
  const retry = useSend('POST /api/mail/outbox/:id/retry', {
    renews: ['GET /api/mail/outbox'],
    onDone: () => void toast(t('retried')),
    onProblem: toastProblem,
  })
  if (!may || !['failed', 'held', 'uncertain', 'partly'].includes(mail.state)) return null
  const run = async () => {
    if (
      mail.state !== 'uncertain' ||
      (await confirm({ title: t('sendTwiceTitle'), text: t('retryUncertain'), action: t('retry'), danger: true }))
    )
      retry.mutate({ params: { id: mail.id } })
  }
  return (
    <div className={styles.actions}>
      <Button icon={<IconRefresh size={16} />} busy={retry.isPending} onClick={() => void run()}>
        {t('retry')}
      </Button>
      {question}
    </div>
  )
}
