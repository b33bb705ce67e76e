import { useSyncExternalStore } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'

/**
 * Which news somebody has seen, kept in this browser: what came since one last looked is marked. What is older than the
 * first visit counts as seen.
 */
type Seen = { since: string; tickets: Record<string, string> }
const listeners = new Set<() => void>()
const nameFor = (personId: string) => `firstline.seen.${personId}`
const memory = new Map<string, Seen>()

function seenOf(personId: string): Seen {
  const known = memory.get(personId)
  if (known) return known
  let seen: Seen
  try {
    seen = JSON.parse(localStorage.getItem(nameFor(personId)) ?? '') as Seen
  } catch {
    seen = { since: new Date().toISOString(), tickets: {} }
    localStorage.setItem(nameFor(personId), JSON.stringify(seen))
  }
  memory.set(personId, seen)
  return seen
}

export function markSeen(personId: string, ticketId: string, at: string): void {
  const seen = seenOf(personId)
  if ((seen.tickets[ticketId] ?? '') >= at) return
  const newest = Object.entries({ ...seen.tickets, [ticketId]: at })
    .sort(([, a], [, b]) => b.localeCompare(a))
    .slice(0, 300)
  const next = { ...seen, tickets: Object.fromEntries(newest) }
  memory.set(personId, next)
  localStorage.setItem(nameFor(personId), JSON.stringify(next))
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
/** The row has no preview while its newest message is one of the desk's own: that is no news. */
export function useHasNews(personId: string): (row: TicketRow) => boolean {
  const seen = useSyncExternalStore(subscribe, () => seenOf(personId))
  return (row) => row.preview !== '' && (row.lastMessageAt ?? '') > (seen.tickets[row.id] ?? seen.since)
}
