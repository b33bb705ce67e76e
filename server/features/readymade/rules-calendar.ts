import type { Calendar } from '../../../contract/scheduled.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import { invalid } from '../../kernel/problem.ts'

/**
 * Dates of a calendar, without a clock. A date is a day on the wall; its instant is that day's hour in the zone, so a
 * change to summer time moves nothing. An hour that the change leaves out becomes the one after it, an hour that comes
 * twice is the first of the two. The 31st of a shorter month is its last day.
 */
type PlainDate = Temporal.PlainDate
type OnDay = Extract<Calendar, { every: 'month' }>['on']

const isWeekend = (date: PlainDate) => date.dayOfWeek >= 6

function dayIn(month: Temporal.PlainYearMonth, on: OnDay): PlainDate {
  const first = month.toPlainDate({ day: 1 })
  const last = month.toPlainDate({ day: month.daysInMonth })
  if (on.by === 'day') return month.toPlainDate({ day: Math.min(on.day, month.daysInMonth) })
  if (on.by === 'last-working-day') return isWeekend(last) ? last.subtract({ days: last.dayOfWeek - 5 }) : last
  if (on.nth === -1) return last.subtract({ days: (last.dayOfWeek - on.weekday + 7) % 7 })
  return first.add({ days: ((on.weekday - first.dayOfWeek + 7) % 7) + (on.nth - 1) * 7 })
}

/** The days that the calendar names, from this one on, as they are before weekends are looked at. */
function* namedDays(calendar: Calendar, from: PlainDate): Generator<PlainDate> {
  if (calendar.every === 'day') for (let day = from; ; day = day.add({ days: 1 })) yield day
  if (calendar.every === 'week') for (let day = from; ; day = day.add({ days: 1 })) if (calendar.days.includes(day.dayOfWeek)) yield day
  const start = from.toPlainYearMonth()
  if (calendar.every === 'month')
    for (let month = start; ; month = month.add({ months: 1 })) {
      const day = dayIn(month, calendar.on)
      if (Temporal.PlainDate.compare(day, from) >= 0) yield day
    }
  if (calendar.every === 'year')
    for (let year = start.year; ; year++) {
      const day = dayIn(Temporal.PlainYearMonth.from({ year, month: calendar.month }), calendar.on)
      if (Temporal.PlainDate.compare(day, from) >= 0) yield day
    }
}

function shifted(date: PlainDate, weekends: Calendar['weekends']): PlainDate | null {
  if (!isWeekend(date) || weekends === 'keep') return date
  if (weekends === 'skip') return null
  return weekends === 'before' ? date.subtract({ days: date.dayOfWeek - 5 }) : date.add({ days: 8 - date.dayOfWeek })
}

/** The first `count` dates from this day on; each once, also where two were shifted to the same Monday. */
export function datesFrom(calendar: Calendar, from: PlainDate, count: number): PlainDate[] {
  const dates: PlainDate[] = []
  let looked = 0
  // Begun a week earlier: a Saturday before `from` may have been shifted to it.
  for (const named of namedDays(calendar, from.subtract({ days: 7 }))) {
    if (dates.length >= count || ++looked > 400 + count * 8) break
    const date = shifted(named, calendar.weekends)
    if (date === null || Temporal.PlainDate.compare(date, from) < 0) continue
    if (dates.some((known) => known.equals(date))) continue
    dates.push(date)
  }
  return dates.sort(Temporal.PlainDate.compare)
}

export const instantOf = (date: PlainDate, at: string, timeZone: string): Instant =>
  date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(at) }).toInstant()

export type Occurrence = { date: PlainDate; at: Instant }

/** The next times after this moment. */
export function nextTimes(calendar: Calendar, timeZone: string, after: Instant, count: number): Occurrence[] {
  const today = after.toZonedDateTimeISO(timeZone).toPlainDate()
  return datesFrom(calendar, today.subtract({ days: 1 }), count + 3)
    .map((date) => ({ date, at: instantOf(date, calendar.at, timeZone) }))
    .filter(({ at }) => Temporal.Instant.compare(at, after) > 0)
    .slice(0, count)
}

/** The times from this date on that are over by now, oldest first; at most so many. */
export function overdueTimes(calendar: Calendar, timeZone: string, from: PlainDate, now: Instant, most = 400): Occurrence[] {
  return datesFrom(calendar, from, most)
    .map((date) => ({ date, at: instantOf(date, calendar.at, timeZone) }))
    .filter(({ at }) => Temporal.Instant.compare(at, now) <= 0)
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

export function requireTimeZone(name: string): void {
  if (!isTimeZone(name)) throw invalid('timeZone', 'unknown', 'This time zone is not known. Choose one such as Europe/Berlin.')
}
