import { IconGripVertical } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Grouping } from '../../../contract/views.ts'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Avatar, PriorityMark, StatusShape } from '../../ui/Marks.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Board.module.css'
import { boardTexts } from './board-texts.ts'

type Column = { key: string; name: string; count: number; items: TicketRow[] }
type Moves = {
  keys: readonly string[]
  movable: boolean
  lifted: { id: string; over: string } | undefined
  onLift: (id: string, over: string) => void
  onCancel: () => void
  onDrop: (row: TicketRow, was: string, to: string) => void
}
type Props = Moves & { column: Column; viewId: string; by: Grouping }

/** The first 50, then a button for more of them. */
export function BoardColumn({ column, viewId, by, ...moves }: Props) {
  const t = useTexts(boardTexts)
  const [more, setMore] = useState<{ items: TicketRow[]; next: string | null }>()
  const known = new Set(column.items.map((row) => row.id))
  const shown = [...column.items, ...(more?.items.filter((row) => !known.has(row.id)) ?? [])]
  const load = async () => {
    try {
      const query = { by, group: column.key, limit: 50, ...(more?.next ? { after: more.next } : {}) }
      let page = await call('GET /api/views/:id/tickets', { params: { id: viewId }, query })
      // The first page is what the board has shown already.
      if (!more && page.next !== null)
        page = await call('GET /api/views/:id/tickets', { params: { id: viewId }, query: { ...query, after: page.next } })
      setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next })
    } catch (cause) {
      toastProblem(cause)
    }
  }
  const isMore = more ? more.next !== null : column.count > column.items.length
  return (
    <section
      className={styles.column}
      data-column={column.key}
      data-over={moves.lifted?.over === column.key || undefined}
      aria-label={column.name}
    >
      <h2>
        <span className="truncate">{column.name}</span>
        <span>{column.count}</span>
      </h2>
      <ul className={styles.cards}>
        {shown.map((row) => (
          <li key={row.id}>
            <Card row={row} home={column.key} {...moves} />
          </li>
        ))}
        {isMore && (
          <li>
            <Button onClick={() => void load()}>{t('more')}</Button>
          </li>
        )}
      </ul>
    </section>
  )
}

const columnAt = (x: number, y: number) => document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-column]')?.dataset['column']
/** Less is a click that trembled. */
const begins = 6

function Card({ row, home, keys, movable, lifted, onLift, onCancel, onDrop }: Moves & { row: TicketRow; home: string }) {
  const t = useTexts(boardTexts)
  const navigate = useNavigate()
  const start = useRef<{ x: number; y: number; dragging: boolean } | undefined>(undefined)
  const mine = lifted?.id === row.id ? lifted : undefined
  const open = () => void navigate({ to: '/tickets/$ticketId', params: { ticketId: row.id } })
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return open()
    if (!movable || (event.key !== ' ' && !mine)) return
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.key === ' ') mine ? onDrop(row, home, mine.over) : onLift(row.id, home)
    else if (event.key === 'Escape') onCancel()
    else if (step !== 0 && mine) onLift(row.id, keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(mine.over) + step))] ?? home)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onDown = (event: PointerEvent<HTMLElement>) => {
    // A finger scrolls, except on the grip.
    const onGrip = event.target instanceof Element && event.target.closest(`.${styles.grip}`) !== null
    if (!movable || event.button !== 0 || (event.pointerType !== 'mouse' && !onGrip)) return
    start.current = { x: event.clientX, y: event.clientY, dragging: false }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onMove = (event: PointerEvent) => {
    const from = start.current
    if (!from) return
    from.dragging ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > begins
    const over = from.dragging ? columnAt(event.clientX, event.clientY) : undefined
    if (over !== undefined && over !== mine?.over) onLift(row.id, over)
  }
  const onUp = (event: PointerEvent) => {
    const from = start.current
    start.current = undefined
    if (!from?.dragging) return
    const to = columnAt(event.clientX, event.clientY)
    if (to === undefined) onCancel()
    else onDrop(row, home, to)
  }
  return (
    <button
      type="button"
      className={styles.card}
      aria-pressed={mine !== undefined}
      aria-roledescription={movable ? t('card') : undefined}
      data-lifted={mine ? true : undefined}
      onKeyDown={onKey}
      onDoubleClick={open}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={() => {
        start.current = undefined
        onCancel()
      }}
    >
      {movable && (
        <span className={styles.grip} aria-hidden="true">
          <IconGripVertical size={14} />
        </span>
      )}
      <span className={styles.what}>
        <span>{row.subject}</span>
        <span className={styles.facts}>
          <PriorityMark priority={row.priority} />
          <StatusShape meaning={row.status.meaning} />#{row.number} · {row.requester.name}
          {row.assignee && <Avatar id={row.assignee.id} name={row.assignee.name} size={18} />}
        </span>
      </span>
    </button>
  )
}
