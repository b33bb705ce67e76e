import { useState } from 'react'
import type { Message } from '../../../contract/messages.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Conversation.module.css'
import { OneMessage } from './OneMessage.tsx'
import { portalTexts } from './texts.ts'

/** Their messages and ours, oldest first; what lies further back comes on a click. */
export function Conversation({ ticket, reader }: { ticket: Ticket; reader: string }) {
  const t = useTexts(portalTexts)
  const { before, more, busy, load } = useEarlier(ticket)
  return (
    <section className={styles.talk} aria-label={t('conversation')}>
      {more && (
        <Button look="plain" size="sm" busy={busy} onClick={() => void load()}>
          {t('earlier')}
        </Button>
      )}
      {[...before, ...ticket.messages].map((message) => (
        <OneMessage key={message.id} message={message} reader={reader} />
      ))}
    </section>
  )
}

function useEarlier(ticket: Ticket) {
  const [before, setBefore] = useState<readonly Message[]>([])
  const [more, setMore] = useState<boolean>()
  const [busy, setBusy] = useState(false)
  const oldest = before[0]?.id ?? ticket.messages[0]?.id
  const load = async () => {
    if (oldest === undefined) return
    setBusy(true)
    try {
      const page = await call('GET /api/tickets/:id/messages', { params: { id: ticket.id }, query: { before: oldest } })
      setBefore((now) => [...page.items.filter((m) => !m.internal), ...now])
      setMore(page.more)
    } catch (cause) {
      toastProblem(cause)
    } finally {
      setBusy(false)
    }
  }
  return { before, more: more ?? ticket.moreMessages, busy, load }
}
