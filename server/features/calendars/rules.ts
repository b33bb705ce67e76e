import { type Instant, Temporal } from '../../kernel/clock.ts'
import { dayLength, type OpenCalendar } from './rules-days.ts'

/**
 * What clocks ask of a calendar. Milliseconds are working time; instants are exact. Closing time and the next opening
 * are the same instant of working time: what is due then is due at closing time.
 */
type Milliseconds = number

/** Nobody waits longer than ten years; a calendar that never opens ends here, too. */
const farthest = 3660

const dayOf = (at: number): number => Math.floor(at / dayLength)

/** Working time between two instants; 0 when the second is not after the first. */
export function elapsed(calendar: OpenCalendar, from: Instant, to: Instant): Milliseconds {
  const [begin, end] = [from.epochMilliseconds, to.epochMilliseconds]
  let sum = 0
  for (let day = dayOf(begin); day * dayLength < end; day++) {
    const stretches = calendar.ofUtcDay(day)
    for (let n = 0; n < stretches.length; n += 2) sum += Math.max(0, Math.min(end, stretches[n + 1]!) - Math.max(begin, stretches[n]!))
  }
  return sum
}

/** The first instant by which so much working time has passed since `from`; null when that takes more than ten years. Nothing left: `from` itself. */
export function due(calendar: OpenCalendar, from: Instant, work: Milliseconds): Instant | null {
  if (work < 0) return before(calendar, from, -work)
  const begin = from.epochMilliseconds
  let left = work
  if (left === 0) return from
  for (let day = dayOf(begin); day < dayOf(begin) + farthest; day++) {
    const stretches = calendar.ofUtcDay(day)
    for (let n = 0; n < stretches.length; n += 2) {
      const opens = Math.max(begin, stretches[n]!)
      const length = stretches[n + 1]! - opens
      if (length >= left) return Temporal.Instant.fromEpochMilliseconds(Math.round(opens + left))
      if (length > 0) left -= length
    }
  }
  return null
}

/** The last instant from which so much working time passes until `to`. */
export function before(calendar: OpenCalendar, to: Instant, work: Milliseconds): Instant | null {
  const end = to.epochMilliseconds
  let left = work
  if (left === 0) return to
  for (let day = dayOf(end); day > dayOf(end) - farthest; day--) {
    const stretches = calendar.ofUtcDay(day)
    for (let n = stretches.length - 2; n >= 0; n -= 2) {
      const closes = Math.min(end, stretches[n + 1]!)
      const length = closes - stretches[n]!
      if (length >= left) return Temporal.Instant.fromEpochMilliseconds(Math.round(closes - left))
      if (length > 0) left -= length
    }
  }
  return null
}

export function isOpen(calendar: OpenCalendar, at: Instant): boolean {
  const ms = at.epochMilliseconds
  const stretches = calendar.ofUtcDay(dayOf(ms))
  return stretches.some((from, n) => n % 2 === 0 && from <= ms && ms < stretches[n + 1]!)
}

/** When it opens next; the instant itself when it is open. Null: not within ten years. */
export function nextOpen(calendar: OpenCalendar, at: Instant): Instant | null {
  const [next] = stretchesFrom(calendar, at, 1)
  return next ? next.from : null
}

export type Stretch = { from: Instant; to: Instant }

/** The next stretches of working time, the first from `at` on when it is open then; those that touch at midnight as one. */
export function stretchesFrom(calendar: OpenCalendar, at: Instant, many: number, until?: Instant): Stretch[] {
  const begin = at.epochMilliseconds
  const end = until?.epochMilliseconds ?? Number.POSITIVE_INFINITY
  const found: [number, number][] = []
  for (let day = dayOf(begin); day < dayOf(begin) + farthest && day * dayLength < end; day++) {
    const stretches = calendar.ofUtcDay(day)
    // A day more is read than asked for, so that the last one is whole.
    if (found.length > many && found.at(-1)![1] < day * dayLength) break
    for (let n = 0; n < stretches.length; n += 2) {
      const [from, to] = [Math.max(begin, stretches[n]!), Math.min(end, stretches[n + 1]!)]
      const last = found.at(-1)
      if (last && last[1] === from) last[1] = to
      else if (from < to) found.push([from, to])
    }
    // Open without end: said to be open for as long as anybody looks ahead.
    if (found.length === 1 && found[0]![1] - found[0]![0] > 400 * dayLength) break
  }
  const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms)
  return found.slice(0, many).map(([from, to]) => ({ from: instant(from), to: instant(to) }))
}

/** 'next business day by 16:00': that time on the n-th day after the one of `from` (in the calendar's zone) on which work is done at all. */
export function dayBy(calendar: OpenCalendar, from: Instant, days: number, time: string): Instant | null {
  const { tz } = calendar.form
  const begin = from.toZonedDateTimeISO(tz).toPlainDate()
  let left = days
  for (let n = 1; n < farthest; n++) {
    const date = begin.add({ days: n })
    const start = date.toZonedDateTime(tz).toInstant()
    const end = date.add({ days: 1 }).toZonedDateTime(tz).toInstant()
    if (elapsed(calendar, start, end) === 0) continue
    left -= 1
    if (left <= 0) return date.toZonedDateTime({ timeZone: tz, plainTime: time }).toInstant()
  }
  return null
}
