import { type Instant, Temporal } from '../../kernel/clock.ts'

/** Times and risks, pure. */
export type Span = { start: Instant; end: Instant; beforeStart: Instant; beforeEnd: Instant; before: { from: string; to: string } }

/** Which days are asked for, and as many before them. Of a day that still runs the days before count only as far as it has gone. */
export function spanOf(from: string, to: string, zone: string, now: Instant): Span {
  const first = Temporal.PlainDate.from(from)
  const last = Temporal.PlainDate.from(to)
  const days = last.since(first, { largestUnit: 'days' }).days + 1
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant()
  const full = midnight(last.add({ days: 1 }))
  const cut = Temporal.Instant.compare(now, full) < 0
  const beforeEnd = cut ? now.toZonedDateTimeISO(zone).subtract({ days }).toInstant() : midnight(first)
  return {
    start: midnight(first),
    end: cut ? now : full,
    beforeStart: midnight(first.subtract({ days })),
    beforeEnd,
    before: { from: first.subtract({ days }).toString(), to: first.subtract({ days: 1 }).toString() },
  }
}

export const daysOf = (from: string, to: string): string[] => {
  const days: string[] = []
  const last = Temporal.PlainDate.from(to)
  for (let day = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    days.push(day.toString())
  return days
}

export type Part = { name: string; start: Instant; end: Instant }

/** The days of a span one by one: each begins when it begins in that zone, and the last one ends with the span. */
export function daysWithin({ start, end }: Pick<Span, 'start' | 'end'>, from: string, to: string, zone: string): Part[] {
  const days = daysOf(from, to)
  const starts = days.map((day, n) => (n === 0 ? start : Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant()))
  return days.map((name, n) => ({ name, start: starts[n] ?? start, end: starts[n + 1] ?? end }))
}

export function isTimeZone(name: string): boolean {
  try {
    return Temporal.Now.instant().toZonedDateTimeISO(name) !== undefined
  } catch {
    return false
  }
}

/** How long somebody may wait for us, in hours, by priority. Agreements with due times will take its place. */
export const allowedHours: Readonly<Record<number, number>> = { 1: 1, 2: 4, 3: 8, 4: 24, 5: 72 }
/** More open tickets than this in one pair of hands are too many. */
export const tooMany = 25
export const staleDays = 5

export type Facts = {
  priority: number
  waitingSince: string | null
  createdAt: string
  mine: boolean
  unread: boolean
  untouched: boolean
  mentionedAt: string | null
  task: { title: string; dueAt: string } | null
  cameBackAt: string | null
  /** When its next target is due, while its clock runs. */
  dueAt: string | null
}
type Why = { code: 'target' | 'target-late' | 'waits' | 'late' | 'new' | 'unread' | 'mentioned' | 'task' | 'came-back' | 'mine' }
export type Reason = Why & { at: string | null; title: string | null; hours: number | null }

const hoursSince = (at: string, now: number): number => (now - Date.parse(at)) / 3_600_000

/**
 * How pressing: the share of what this priority may wait that has gone by; 1 is late. What nobody waits for comes after
 * that, unless a task of mine is due or somebody called me.
 */
export function risk(facts: Facts, now: number): number {
  const allowed = allowedHours[facts.priority] ?? 72
  // What was agreed says how long it may take; where nothing was, the priority does.
  const target = facts.dueAt === null ? 0 : 1 + hoursSince(facts.dueAt, now) / allowed
  const waited = facts.waitingSince === null || facts.dueAt !== null ? 0 : hoursSince(facts.waitingSince, now) / allowed
  const untouched = facts.untouched && facts.dueAt === null ? hoursSince(facts.createdAt, now) / allowed : 0
  const task = facts.task === null ? 0 : 1 + hoursSince(facts.task.dueAt, now) / 24
  const called = facts.mentionedAt === null ? 0 : hoursSince(facts.mentionedAt, now) / 4
  const back = facts.cameBackAt === null ? 0 : 0.5 + hoursSince(facts.cameBackAt, now) / allowed
  return Math.max(target, waited, untouched, task, called, back, 0)
}

/** Why it is next, the most telling first. */
export function reasonsOf(facts: Facts, now: number): Reason[] {
  const hours = allowedHours[facts.priority] ?? 72
  const reason = (code: Why['code'], at: string | null, more: Partial<Reason> = {}): Reason => ({
    code,
    at,
    title: null,
    hours: null,
    ...more,
  })
  const found: Reason[] = []
  if (facts.dueAt !== null) found.push(reason(hoursSince(facts.dueAt, now) > 0 ? 'target-late' : 'target', facts.dueAt))
  else if (facts.waitingSince !== null) {
    const late = hoursSince(facts.waitingSince, now) > hours
    found.push(reason(late ? 'late' : 'waits', facts.waitingSince, { hours }))
  }
  if (facts.task !== null) found.push(reason('task', facts.task.dueAt, { title: facts.task.title }))
  if (facts.mentionedAt !== null) found.push(reason('mentioned', facts.mentionedAt))
  if (facts.cameBackAt !== null) found.push(reason('came-back', facts.cameBackAt))
  if (facts.untouched) found.push(reason('new', facts.createdAt))
  if (facts.unread && facts.waitingSince === null) found.push(reason('unread', null))
  return found.length > 0 ? found : [reason(facts.mine ? 'mine' : 'new', facts.createdAt)]
}
