import { type Instant, Temporal } from '../../kernel/clock.ts'

/**
 * The figures once more, slowly and by another way: each ticket's events are played one after another, and each day's end
 * is looked at by playing them again up to it. It reads no table that the figures keep.
 */
type Event = { id: string; at: Instant; type: string; ticket_id: string; actor_id: string | null; data: Record<string, unknown> }
type Ticket = {
  id: string
  created_at: Instant
  meaning: string
  kind: string
  priority: number
  team_id: string | null
  merged_into_id: string | null
  deleted_at: Instant | null
}
type Message = {
  id: string
  ticket_id: string
  at: Instant
  direction: string
  audience: string
  author_id: string | null
  withdrawn_at: unknown
}
export type Told = { value: number | null; count: number; p90?: number | null; days: [string, number][]; tickets: string[] }
type Asked = { from: string; to: string; zone: string; now: Instant; filter: { kind?: string; priority?: number; team?: string } }

const done = (meaning: string) => ['resolved', 'closed', 'cancelled'].includes(meaning)
const aside = (meaning: string) => meaning.startsWith('waiting') || meaning === 'scheduled'
const ms = (at: Instant) => at.epochNanoseconds

type Step = { at: Instant; meaning: string }
function stepsOf(ticket: Ticket, events: Event[]): Step[] {
  const steps: Step[] = [{ at: ticket.created_at, meaning: 'new' }]
  for (const event of events) {
    if (event.type === 'ticket.resolved') steps.push({ at: event.at, meaning: 'resolved' })
    if (event.type === 'ticket.closed') steps.push({ at: event.at, meaning: 'closed' })
    if (event.type === 'ticket.reopened') steps.push({ at: event.at, meaning: 'open' })
    const to = (event.data['changes'] as Record<string, [unknown, string]> | undefined)?.['meaning']?.[1]
    if (event.type === 'ticket.changed' && to !== undefined) steps.push({ at: event.at, meaning: to })
  }
  return steps
}

/** The teams that had it one after another, up to a moment. */
function teamsOf(events: Event[], until: Instant | null): string[] {
  const teams: string[] = []
  for (const event of events) {
    if (until !== null && ms(event.at) > ms(until)) break
    const team = ['ticket.created', 'ticket.assigned', 'ticket.passed'].includes(event.type) ? event.data['teamId'] : undefined
    if (typeof team === 'string' && team !== teams.at(-1)) teams.push(team)
  }
  return teams
}

function lifeOf(ticket: Ticket, events: Event[], messages: Message[]) {
  const steps = stepsOf(ticket, events)
  let reopened = 0
  let resolvedAt: Instant | null = null
  let working = 0
  let wasAside = false
  for (const [n, step] of steps.entries()) {
    const before = steps[n - 1]
    if (before && !done(before.meaning) && !aside(before.meaning)) working += Number(ms(step.at) - ms(before.at)) / 1e9
    if (before && done(before.meaning) && !done(step.meaning)) reopened++
    if (!done(step.meaning)) resolvedAt = null
    else if (step.meaning === 'resolved') resolvedAt = step.at
    if (aside(step.meaning)) wasAside = true
  }
  const opening = messages[0]
  const replies = messages
    .filter((m) => m !== opening && m.direction === 'out' && m.audience === 'everyone' && m.author_id && !m.withdrawn_at)
    .map((m) => m.at)
  const answers = [
    ...replies,
    ...events.filter((e) => e.type === 'ticket.resolved' && e.data['tell'] === true && e.actor_id).map((e) => e.at),
  ].sort((a, b) => Temporal.Instant.compare(a, b))
  const last = steps.at(-1)!.meaning
  const until = last === 'cancelled' ? null : resolvedAt
  const came = messages.filter((m) => m.direction === 'in' && m.audience === 'everyone' && (until === null || ms(m.at) <= ms(until)))
  return {
    teams: teamsOf(events, until),
    contacts: came.length,
    replies: replies.filter((at) => until === null || ms(at) <= ms(until)).length,
    ticket,
    steps,
    reopened,
    working,
    wasAside,
    answers,
    resolvedAt: until,
    at: (moment: Instant) => steps.filter((step) => ms(step.at) < ms(moment)).at(-1)?.meaning,
  }
}

/** Linear between neighbours, as statisticians' default (type 7) has it. */
function cut(values: number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)]!
  return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place))
}

const mean = (values: number[]): number | null => (values.length === 0 ? null : values.reduce((sum, n) => sum + n, 0) / values.length)

export type History = { tickets: Ticket[]; events: Event[]; messages: Message[] }

/** Events by time, messages by number. */
export function slowFigures({ tickets, events, messages }: History, { from, to, zone, now, filter }: Asked) {
  const lives = tickets
    .filter((t) => !t.merged_into_id && !t.deleted_at && t.meaning !== 'cancelled')
    .filter(
      (t) =>
        (!filter.kind || t.kind === filter.kind) &&
        (!filter.priority || t.priority === filter.priority) &&
        (!filter.team || t.team_id === filter.team),
    )
    .map((t) =>
      lifeOf(
        t,
        events.filter((e) => e.ticket_id === t.id),
        messages.filter((m) => m.ticket_id === t.id),
      ),
    )
  type Life = (typeof lives)[number]
  const days: string[] = []
  for (let day = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 }))
    days.push(day.toString())
  const dayOf = (at: Instant) => at.toZonedDateTimeISO(zone).toPlainDate().toString()
  const endOf = (day: string) => {
    const end = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(zone).toInstant()
    return Temporal.Instant.compare(end, now) > 0 ? now : end
  }
  const within = (when: (life: Life) => Instant | null | undefined) =>
    lives.filter((life) => {
      const at = when(life)
      return at !== null && at !== undefined && days.includes(dayOf(at)) && Temporal.Instant.compare(at, now) < 0
    })
  const told = (found: Life[], when: (life: Life) => Instant, value: number | null, more: object = {}): Told => ({
    value,
    count: found.length,
    days: days.map((day) => [day, found.filter((life) => dayOf(when(life)) === day).length]),
    tickets: found.map((life) => life.ticket.id),
    ...more,
  })
  const lasting = (found: Life[], when: (life: Life) => Instant, seconds: (life: Life) => number) =>
    told(found, when, cut(found.map(seconds), 0.5), { p90: cut(found.map(seconds), 0.9) })
  const share = (found: Life[], when: (life: Life) => Instant, is: (life: Life) => boolean) =>
    told(found, when, found.length === 0 ? null : found.filter(is).length / found.length)

  const created = within((life) => life.ticket.created_at)
  const resolved = within((life) => life.resolvedAt)
  const answered = within((life) => life.answers[0])
  const openAt = (moment: Instant) =>
    lives.filter((life) => {
      const meaning = life.at(moment)
      return meaning !== undefined && !done(meaning)
    })
  const end = endOf(to)
  const open = openAt(end)
  const at = {
    created: (life: Life) => life.ticket.created_at,
    resolved: (life: Life) => life.resolvedAt!,
    answered: (life: Life) => life.answers[0]!,
  }
  const between = (a: Instant, b: Instant) => Number(ms(b) - ms(a)) / 1e9
  return {
    created: told(created, at.created, created.length),
    resolved: told(resolved, at.resolved, resolved.length),
    open: {
      value: open.length,
      count: open.length,
      days: days.map((day): [string, number] => [day, openAt(endOf(day)).length]),
      tickets: open.map((life) => life.ticket.id),
    } as Told,
    held: open.filter((life) => aside(life.at(end)!)).length,
    'first-answer': lasting(answered, at.answered, (life) => between(life.ticket.created_at, life.answers[0]!)),
    resolution: lasting(resolved, at.resolved, (life) => between(life.ticket.created_at, life.resolvedAt!)),
    'resolution-desk': lasting(resolved, at.resolved, (life) => life.working),
    reopened: share(resolved, at.resolved, (life) => life.reopened > 0),
    'one-touch': share(resolved, at.resolved, (life) => life.answers.length > 0 && !life.wasAside && life.reopened === 0),
    'first-contact': share(
      resolved,
      at.resolved,
      (life) => life.contacts <= 1 && life.replies <= 1 && life.teams.length <= 1 && life.reopened === 0 && !life.wasAside,
    ),
    'first-assignment': share(resolved, at.resolved, (life) => life.teams.length <= 1),
    'many-teams': share(resolved, at.resolved, (life) => new Set(life.teams).size >= 3),
    moves: told(resolved, at.resolved, mean(resolved.map((life) => Math.max(0, life.teams.length - 1)))),
  }
}
