/**
 * Who had a ticket from when to when, team and person, read from its events: nothing is kept twice, so it is exact for
 * every ticket, those from before included. While a ticket is finished nobody has it. Pure: time comes in.
 */
export type HeldEvent = { at: number; type: string; rule: string | null; data: Record<string, unknown> }
export type Holding = {
  teamId: string | null
  assigneeId: string | null
  from: number
  to: number | null
  rule: string | null
  given: Record<string, unknown> | null
}
export type Now = { teamId: string | null; assigneeId: string | null }

const ends = new Set(['ticket.resolved', 'ticket.closed', 'ticket.merged', 'ticket.removed'])
const begins = new Set(['ticket.reopened', 'ticket.merge-undone', 'ticket.brought-back'])
const finished = new Set(['resolved', 'closed', 'cancelled'])
/** The events that say something of it: what is read for it. */
export const holdingTypes = [...ends, ...begins, 'ticket.created', 'ticket.assigned', 'ticket.passed', 'ticket.changed']

export function holdingsOf(events: readonly HeldEvent[], now: Now): Holding[] {
  const all: Holding[] = []
  let held: Now = { teamId: null, assigneeId: firstAssignee(events, now) }
  let running = false
  const stop = (at: number) => {
    const last = all.at(-1)
    if (last && last.to === null) last.to = at
    running = false
  }
  const start = (event: HeldEvent) => {
    stop(event.at)
    running = true
    all.push({ ...held, from: event.at, to: null, rule: event.rule, given: (event.data.given as Holding['given']) ?? null })
  }
  for (const event of events) {
    const change = whatItDoes(event)
    if (change === 'end') stop(event.at)
    else if (change === 'begin') {
      if (!running) start(event)
    } else if (change !== null) {
      const before = held
      held = { teamId: change.teamId, assigneeId: change.assigneeId === undefined ? held.assigneeId : change.assigneeId }
      if (event.type === 'ticket.created' || (running && (held.teamId !== before.teamId || held.assigneeId !== before.assigneeId)))
        start(event)
    }
  }
  // Given a team in the same moment in which it was opened: nobody had it in between.
  return all.filter((one) => one.from !== one.to)
}

type Change = 'end' | 'begin' | { teamId: string | null; assigneeId: string | null | undefined } | null

function whatItDoes({ type, data }: HeldEvent): Change {
  if (ends.has(type)) return 'end'
  if (begins.has(type)) return 'begin'
  if (type === 'ticket.created') return { teamId: idOf(data.teamId), assigneeId: undefined }
  if (type === 'ticket.assigned' || type === 'ticket.passed') return { teamId: idOf(data.teamId), assigneeId: idOf(data.assigneeId) }
  const meaning = (data.changes as Record<string, [unknown, unknown]> | undefined)?.meaning
  if (!meaning || finished.has(String(meaning[0])) === finished.has(String(meaning[1]))) return null
  return finished.has(String(meaning[1])) ? 'end' : 'begin'
}

/** The opening does not tell who was given it at once: the first change does, and without one, the ticket. */
function firstAssignee(events: readonly HeldEvent[], now: Now): string | null {
  const first = events.find(({ type }) => type === 'ticket.assigned' || type === 'ticket.passed')
  if (!first) return now.assigneeId
  return first.type === 'ticket.assigned' ? idOf(first.data.fromAssigneeId) : null
}

const idOf = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null)
