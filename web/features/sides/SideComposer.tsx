import { type KeyboardEvent, useRef, useState } from 'react'
import type { SideInFull } from '../../../contract/sides.ts'
import type { Ticket } from '../../../contract/tickets.ts'
import { CallProblem } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, TextArea } from '../../ui/Fields.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { FilesField, useChosenFiles } from './FilesField.tsx'
import { putTicketStale } from './renewal.ts'
import styles from './Sides.module.css'
import { sideTexts } from './texts.ts'

/** Of another colour than anything that goes to the requester, and its button names who gets it. */
export function SideComposer({ side, ticket, onSent }: { side: SideInFull; ticket: Ticket; onSent: (side: SideInFull) => void }) {
  const t = useTexts(sideTexts)
  const [body, setBody] = useState('')
  const [wait, setWait] = useState(false)
  const files = useChosenFiles()
  // What was there when the writing began: a newer answer is told once.
  const seen = useRef(side.messages.at(-1)?.id ?? null)
  if (body === '') seen.current = side.messages.at(-1)?.id ?? null
  const write = useSend('POST /api/sides/:id/messages', {
    onProblem: (cause) => {
      if (!(cause instanceof CallProblem) || cause.code !== 'newer_message') return toastProblem(cause)
      renew('GET /api/sides/:id')
      seen.current = null
      toast(t('newer'), { bad: true })
    },
    onDone: (next) => {
      if (wait) putTicketStale(ticket.id)
      setBody('')
      files.clear()
      toast(t('sent'))
      onSent(next)
    },
  })
  const ready = body.trim() !== '' && !write.isPending && files.uploads.busy === 0
  const send = () =>
    write.mutate({
      params: { id: side.id },
      body: { body, wait, seenMessageId: seen.current, attachmentIds: files.ofTicket, uploadIds: files.uploads.files.map((f) => f.id) },
    })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !ready) return
    event.preventDefault()
    send()
  }
  const name = side.parties.length === 1 ? side.parties[0]?.name || side.parties[0]?.email || '' : ''
  return (
    <section className={styles.composer} aria-label={t('writeMore')} {...files.uploads.target}>
      <TextArea label={t('writeMore')} value={body} onChange={(event) => setBody(event.currentTarget.value)} onKeyDown={onKeyDown} />
      <FilesField ticket={ticket} files={files} />
      <div className={styles.foot}>
        {ticket.can.edit && ticket.status.meaning !== 'waiting-vendor' && (
          <CheckField label={t('wait')} checked={wait} onChange={(event) => setWait(event.currentTarget.checked)} />
        )}
        <span className="grow" />
        <Button look="main" keys="mod+enter" disabled={!ready} busy={write.isPending} onClick={send}>
          {name ? t('send', { name }) : t('sendAll', { count: side.parties.length })}
        </Button>
      </div>
    </section>
  )
}
