import { useRef, useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'

/** A live list may be held: rows stay where they are while one reads, and what changed is counted (WCAG 2.2.2). */
export function useHeld(live: TicketRow[] | undefined) {
  const [on, setOn] = useState(false)
  const frozen = useRef(live)
  if (!on) frozen.current = live
  const before = new Map(frozen.current?.map((row) => [row.id, row.changedAt]))
  const waiting = on ? (live ?? []).filter((row) => before.get(row.id) !== row.changedAt).length : 0
  return { on, waiting, rows: frozen.current, turn: () => setOn((now) => !now) }
}
