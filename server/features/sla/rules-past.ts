import type { Mark, Moment } from './rules-terms.ts'

/**
 * What clocks would have seen of a ticket from before there were clocks (or of one that was imported): its present state,
 * taken back event by event to its opening. Pure.
 */
export type PastEvent = { at: number; type: string; data: Record<string, unknown> }
type Changes = Record<string, [unknown, unknown]>
const followed = ['kind', 'meaning', 'status_id', 'priority', 'impact', 'urgency', 'site_id', 'team_id', 'assignee_id'] as const

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
const side = (changes: Changes, which: 0 | 1): Partial<Moment> =>
  Object.fromEntries(followed.flatMap((column) => (column in changes ? [[column, text(changes[column]![which])]] : [])))

/** What held before the event, of what it says. */
function undone({ type, data }: PastEvent): Partial<Moment> {
  if (type === 'ticket.changed') return side((data.changes ?? {}) as Changes, 0)
  if (type === 'ticket.assigned') return { team_id: text(data.fromTeamId), assignee_id: text(data.fromAssigneeId) }
  if (type === 'ticket.passed') return { team_id: text(data.fromTeamId) }
  if (type === 'ticket.reopened' || type === 'ticket.closed') return { meaning: 'resolved' }
  return type === 'ticket.resolved' ? { meaning: 'open' } : {}
}
/** What holds from the event on, of what it says: sure, where a later event left it open. */
function done({ type, data }: PastEvent): Partial<Moment> {
  if (type === 'ticket.changed') return side((data.changes ?? {}) as Changes, 1)
  return type === 'ticket.resolved' ? { meaning: 'resolved' } : {}
}

export function pastOf(now: Moment, createdAt: number, answeredAt: number | null, events: readonly PastEvent[]): Moment[] {
  if (createdAt >= now.at) return []
  let state: Moment = { ...now }
  const backwards: { moment: Moment; event: PastEvent | null }[] = []
  for (const event of events.filter(({ at }) => at < now.at).toReversed()) {
    state = { ...state, ...done(event) }
    backwards.push({ moment: { ...state, at: Math.max(event.at, createdAt) }, event })
    state = { ...state, ...undone(event) }
  }
  backwards.push({ moment: { ...state, at: createdAt }, event: null })
  let awaited = true
  return backwards.toReversed().map(({ moment, event }) => {
    const out = event?.type === 'ticket.replied' && event.data.direction === 'out' && event.data.internal !== true
    if (out || moment.meaning === 'resolved' || moment.meaning === 'closed') awaited = false
    else if (event?.type === 'ticket.replied' && event.data.direction === 'in') awaited = true
    const answered = answeredAt !== null && answeredAt <= moment.at
    const marks: Mark[] = [
      ...(answered ? ['answered' as const] : []),
      ...(awaited ? ['awaited' as const] : []),
      ...(out ? ['replied' as const] : []),
    ]
    return { ...moment, marks }
  })
}
