import { Loader } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Mailbox } from '../../../contract/mail.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Mail.module.css'
import { mailboxTexts } from './mailbox-texts.ts'

const patience = 120_000

/**
 * Sends a mail to the mailbox and watches for it to come back in: seen in the journal as the newest `proof` of this
 * mailbox, or by the mailbox's own mark.
 */
export function ProveMailbox({ mailbox }: { mailbox: Mailbox }) {
  const t = useTexts(mailboxTexts)
  const [began] = useState(() => Date.now())
  const [late, setLate] = useState(false)
  const prove = useSend('POST /api/mailboxes/:id/prove', { onProblem: toastProblem })
  const watching = prove.data !== undefined && !prove.data.held && !late
  const seen = useArrival(mailbox, began, watching)
  const { mutate } = prove
  useEffect(() => void mutate({ params: { id: mailbox.id } }), [mutate, mailbox.id])
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience)
    return () => clearTimeout(timer)
  }, [])
  if (!prove.data)
    return prove.isPending ? (
      <Steps>
        <Waiting text={t('proving')} />
      </Steps>
    ) : null
  return (
    <Steps>
      <li data-ok="yes">
        <IconCheck size={16} />
        {t('sentTo', { address: prove.data.sentTo })}
      </li>
      {prove.data.held && <Bad text={t('heldOut')} />}
      {seen && (
        <li data-ok="yes">
          <IconCheck size={16} />
          <strong>{t('arrived')}</strong>
        </li>
      )}
      {!seen && watching && <Waiting text={t('waitingFor')} />}
      {!seen && late && !prove.data.held && <Bad text={t('late')} />}
    </Steps>
  )
}

function useArrival(mailbox: Mailbox, began: number, watching: boolean): boolean {
  const interval = watching ? 2000 : false
  const { data: mailboxes } = useCall('GET /api/mailboxes', undefined, { refetchInterval: interval })
  const { data: journal } = useCall(
    'GET /api/mail/journal',
    { query: { verdict: 'ignored', limit: 20 } },
    { refetchInterval: interval, enabled: watching },
  )
  const marked = !mailbox.proved && mailboxes?.items.some((m) => m.id === mailbox.id && m.proved) === true
  return (
    marked ||
    journal?.items.some(
      (row) => row.reason === 'proof' && row.detail['mailboxId'] === mailbox.id && Date.parse(row.receivedAt) > began - 5000,
    ) === true
  )
}

const Steps = ({ children }: { children: ReactNode }) => (
  <ul className={styles.steps} aria-live="polite">
    {children}
  </ul>
)
const Waiting = ({ text }: { text: string }) => (
  <li>
    <Loader size={14} />
    {text}
  </li>
)
const Bad = ({ text }: { text: string }) => (
  <li data-ok="no">
    <IconAlertTriangle size={16} />
    <span>{text}</span>
  </li>
)
