import { IconArrowLeft, IconInfoCircle } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { SideSheet, useNarrow } from '../../ui/Dialog.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/States.tsx'
import { MergedAway } from '../relations/MergedAway.tsx'
import { useOnStrip } from './begun.ts'
import { Composer } from './Composer.tsx'
import { ConflictDialog } from './ConflictDialog.tsx'
import { Conversation } from './Conversation.tsx'
import { useTicketEdit } from './edit.ts'
import { patchRow } from './list.ts'
import { useBeingHere } from './presence.ts'
import { TicketHeader } from './TicketHeader.tsx'
import styles from './TicketPane.module.css'
import { TicketSide } from './TicketSide.tsx'
import { ticketTexts } from './texts.ts'

const HandlingBanner = lazy(async () => ({ default: (await import('../customers/HandlingBanner.tsx')).HandlingBanner }))
const NeedSheet = lazy(async () => ({ default: (await import('../fields/FillSheet.tsx')).NeedSheet }))

/** One ticket: header with its actions, conversation, composer, and what is known beside it. */
export function TicketPane() {
  const { ticketId } = useParams({ from: '/staff/tickets/$ticketId' })
  const { data, error, refetch } = useCall('GET /api/tickets/:id', { params: { id: ticketId } })
  useOnStrip(data?.mergedInto === null ? data : undefined)
  if (!data)
    return (
      <div className={styles.pane}>
        <BackBar />
        {error ? <ErrorState cause={error} onRetry={() => void refetch()} /> : <Loading rows={5} height={96} />}
      </div>
    )
  if (data.mergedInto !== null) return <MergedAway from={data.id} into={data.mergedInto} to="/tickets/$ticketId" />
  return <Opened key={ticketId} ticket={data} />
}

function BackBar() {
  const t = useTexts(ticketTexts)
  const narrow = useNarrow()
  if (!narrow) return null
  return (
    <Link to="/tickets" search={true} className={styles.back}>
      <IconArrowLeft size={18} /> {t('back')}
    </Link>
  )
}

const kept = 'firstline.side'
function Opened({ ticket }: { ticket: Ticket }) {
  const t = useTexts(ticketTexts)
  const narrow = useNarrow()
  const [side, setSide] = useState(() => !narrow && localStorage.getItem(kept) !== 'closed' && window.innerWidth > 1180)
  const [typing, setTyping] = useState(false)
  const editing = useTicketEdit(ticket.id)
  useTitle(`#${ticket.number} ${ticket.subject}`)
  useBeingHere(ticket.id, typing)
  useRead(ticket)
  const turn = () => {
    if (!narrow) localStorage.setItem(kept, side ? 'closed' : 'open')
    setSide(!side)
  }
  return (
    <>
      <article className={styles.pane} aria-label={`#${ticket.number} ${ticket.subject}`}>
        <BackBar />
        <TicketHeader
          ticket={ticket}
          editing={editing}
          sideButton={
            <IconButton
              label={t(side ? 'hideSide' : 'showSide')}
              icon={<IconInfoCircle size={18} stroke={1.7} />}
              active={side}
              aria-pressed={side}
              onClick={turn}
            />
          }
        />
        {(narrow || !side) && (
          <Suspense fallback={null}>
            <HandlingBanner ticket={ticket} />
          </Suspense>
        )}
        <Conversation ticket={ticket} />
        <Composer ticket={ticket} onTyping={setTyping} />
      </article>
      {narrow ? (
        <SideSheet title={t('about')} open={side} onClose={turn}>
          <TicketSide ticket={ticket} />
        </SideSheet>
      ) : (
        side && (
          <div className={styles.side}>
            <TicketSide ticket={ticket} />
          </div>
        )
      )}
      {editing.conflict && <ConflictDialog conflict={editing.conflict} onTheirs={editing.keepTheirs} onMine={editing.keepMine} />}
      {editing.needing && (
        <Suspense fallback={null}>
          <NeedSheet ticket={ticket} then={editing.needing} onClose={editing.needless} />
        </Suspense>
      )}
    </>
  )
}

/** Read means: its newest message was on my screen, in a tab that I see. */
function useRead({ id, lastMessageId }: Ticket): void {
  useEffect(() => {
    if (!lastMessageId) return
    const tell = () => {
      if (document.visibilityState !== 'visible') return
      document.removeEventListener('visibilitychange', tell)
      patchRow(id, (row) => ({ ...row, unread: false }))
      void call('PUT /api/tickets/:id/read', { params: { id }, body: { messageId: lastMessageId } }).catch(() => undefined)
      void call('POST /api/notices/read', { body: { ticketId: id } }).catch(() => undefined)
    }
    document.addEventListener('visibilitychange', tell)
    tell()
    return () => document.removeEventListener('visibilitychange', tell)
  }, [id, lastMessageId])
}
