import type { QuietHours } from '../../../contract/notices.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'

/** When what somebody is told may go out. Pure; all of it in the person's own zone, exact over its changes of time. */
const longest = 8

/** When the quiet hours end in which this moment lies, those that follow without a break included; null: it lies in none. */
export function quietUntil(quiet: readonly QuietHours[], zone: string, at: Instant): Instant | null {
  let end: Instant | null = null
  for (let n = 0; n < longest * 4; n++) {
    const next: Instant | null = endOfOne(quiet, zone, end ?? at)
    if (next === null) return end
    end = next
    if (end.since(at).total('hours') > longest * 24) return end
  }
  return end
}

function endOfOne(quiet: readonly QuietHours[], zone: string, at: Instant): Instant | null {
  const today = at.toZonedDateTimeISO(zone).toPlainDate()
  const ends = [-1, 0].flatMap((days) => {
    const day = today.add({ days })
    return quiet.flatMap(({ days: on, from, until }) => {
      if (!on.includes(day.dayOfWeek)) return []
      const begins = instantOf(day, from, zone)
      const over = instantOf(until <= from ? day.add({ days: 1 }) : day, until, zone)
      return Temporal.Instant.compare(begins, at) <= 0 && Temporal.Instant.compare(at, over) < 0 ? [over] : []
    })
  })
  return ends.sort(Temporal.Instant.compare).at(-1) ?? null
}

const instantOf = (day: Temporal.PlainDate, time: string, zone: string): Instant =>
  day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).toInstant()

/** No hour of the week is left: nothing would ever go out. */
export const isAlwaysQuiet = (quiet: readonly QuietHours[]): boolean => {
  const monday = Temporal.Instant.from('2026-01-05T00:00:00Z')
  const end = quietUntil(quiet, 'UTC', monday)
  return end !== null && end.since(monday).total('hours') >= 7 * 24
}

/** The next full hour on the person's clock; zones that lie by half hours have theirs. */
export const nextHour = (zone: string, at: Instant): Instant =>
  at.toZonedDateTimeISO(zone).round({ smallestUnit: 'hour', roundingMode: 'floor' }).add({ hours: 1 }).toInstant()

/** The next time that it is so late where the person is. */
export function nextAt(zone: string, time: string, at: Instant): Instant {
  const today = at.toZonedDateTimeISO(zone).toPlainDate()
  const here = instantOf(today, time, zone)
  return Temporal.Instant.compare(here, at) > 0 ? here : instantOf(today.add({ days: 1 }), time, zone)
}

export const isZone = (zone: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}
