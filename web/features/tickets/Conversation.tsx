import { IconArrowDown } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Message } from '../../../contract/messages.ts'
import type { Ticket, TimelineEntry } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Conversation.module.css'
import { talkTexts } from './conversation-texts.ts'
import { ticketKey } from './edit.ts'
import { wordsOf } from './event-words.ts'
import { MessageCard } from './MessageCard.tsx'
import { usePending } from './pending.ts'

type Filter = 'all' | 'messages' | 'notes' | 'events'
type Entry = { key: string; at: string; message?: Message; words?: string[]; solution?: string | null; pending?: boolean }
const filters: Filter[] = ['all', 'messages', 'notes', 'events']

/** Messages and what happened, in one stream, oldest first, with chips that say what is shown. */
export function Conversation({ ticket }: { ticket: Ticket }) {
  const t = useTexts(talkTexts)
  const [filter, setFilter] = useState<Filter>('all')
  const timeline = useCall('GET /api/tickets/:id/timeline', { params: { id: ticket.id } }, { keep: true }).data?.items
  const pending = usePending(ticket.id)
  const entries = useMemo(() => inOrder(ticket, timeline ?? [], pending, filter), [ticket, timeline, pending, filter])
  const { frame, below, toEnd } = useEndInSight(entries.length, ticket.id)
  return (
    <section className={styles.conversation} aria-label={t('conversation')}>
      <fieldset className={styles.chips}>
        <legend className="unseen">{t('filter')}</legend>
        {filters.map((f) => (
          <button key={f} type="button" aria-pressed={f === filter} onClick={() => setFilter(f)}>
            {t(f)}
          </button>
        ))}
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard */}
      <div ref={frame} className={styles.scroll} tabIndex={0} role="log" aria-label={t('conversation')} aria-live="off">
        {ticket.moreMessages && <Earlier ticket={ticket} />}
        {entries.map((entry) =>
          entry.message ? (
            <MessageCard key={entry.key} message={entry.message} pending={entry.pending ?? false} />
          ) : (
            <EventLine key={entry.key} entry={entry} />
          ),
        )}
      </div>
      {below && (
        <button type="button" className={styles.toEnd} onClick={toEnd}>
          <IconArrowDown size={14} /> {t('toNewest')}
        </button>
      )}
    </section>
  )
}

function inOrder(ticket: Ticket, timeline: readonly TimelineEntry[], pending: readonly Message[], filter: Filter): Entry[] {
  const shown = (m: Message) => filter === 'all' || (filter === 'notes' ? m.internal : filter === 'messages' && !m.internal)
  const messages: Entry[] = ticket.messages.filter(shown).map((m) => ({ key: `m${m.id}`, at: m.at, message: m }))
  const oldest = ticket.moreMessages ? (ticket.messages[0]?.at ?? '') : ''
  const solved = timeline.findLast((e) => e.type === 'ticket.resolved')
  const events: Entry[] =
    filter === 'all' || filter === 'events'
      ? timeline
          .filter((e) => e.at >= oldest)
          .map((e) => ({ key: `e${e.id}`, at: e.at, words: wordsOf(e), solution: e === solved ? ticket.resolution : null }))
          .filter((e) => e.words.length > 0)
      : []
  // Of one moment: first what was written, then what that changed.
  const sorted = [...messages, ...events].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return [...sorted, ...pending.filter(shown).map((m) => ({ key: `p${m.id}`, at: m.at, message: m, pending: true }))]
}

const EventLine = ({ entry: { at, words = [], solution } }: { entry: Entry }) => (
  <div className={styles.event}>
    <span>
      {words.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {solution && <span className={styles.solution}>{solution}</span>}
    </span>
    <TimeAgo at={at} look="brief" />
  </div>
)

function Earlier({ ticket }: { ticket: Ticket }) {
  const t = useTexts(talkTexts)
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const load = async () => {
    const before = ticket.messages[0]?.id
    if (!before) return
    setBusy(true)
    try {
      const { items, more } = await call('GET /api/tickets/:id/messages', { params: { id: ticket.id }, query: { before, limit: 100 } })
      client.setQueryData<Ticket>(
        ticketKey(ticket.id),
        (now) => now && { ...now, messages: [...items, ...now.messages], moreMessages: more },
      )
    } catch (cause) {
      toastProblem(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={styles.earlier}>
      <Button busy={busy} onClick={() => void load()}>
        {t('earlier')}
      </Button>
    </div>
  )
}

/** Opens at the newest; stays there while one is there; else says that something came in below. */
function useEndInSight(length: number, ticketId: string) {
  const frame = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [below, setBelow] = useState(false)
  const toEnd = useCallback(() => frame.current?.scrollTo({ top: frame.current.scrollHeight }), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another ticket begins at its end
  useLayoutEffect(() => {
    toEnd()
    atEnd.current = true
  }, [ticketId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the number of entries that tells
  useEffect(() => {
    if (atEnd.current) toEnd()
    else setBelow(true)
  }, [length])
  useEffect(() => {
    const box = frame.current
    if (!box) return
    const look = () => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80
      if (atEnd.current) setBelow(false)
    }
    // Frames and pictures grow after they are in place.
    const grown = new ResizeObserver(() => atEnd.current && toEnd())
    grown.observe(box)
    for (const child of box.children) grown.observe(child)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      box.removeEventListener('scroll', look)
      grown.disconnect()
    }
  }, [toEnd])
  return { frame, below, toEnd }
}
