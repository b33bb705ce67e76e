import { Temporal } from '../../kernel/clock.ts'
import type { Chance } from './chance.ts'
import { intoHours } from './office-hours.ts'

/** When people write: in office hours, most on Mondays, little at Christmas; in the sender's own time zone. */
const day = 86_400_000
const weekdays = [0, 1.55, 1.14, 1.04, 1, 0.82, 0.07, 0.04]
const hours = [
  0.02, 0.01, 0.01, 0.01, 0.02, 0.06, 0.2, 0.7, 1.5, 1.75, 1.5, 1.2, 0.6, 1.05, 1.15, 0.95, 0.6, 0.3, 0.14, 0.08, 0.06, 0.05, 0.05, 0.03,
]

function seasonOf(month: number, dayOfMonth: number): number {
  if ((month === 12 && dayOfMonth >= 23) || (month === 1 && dayOfMonth <= 2)) return 0.2
  if (month === 1 && dayOfMonth <= 20) return 1.25
  return month === 7 || month === 8 ? 0.8 : 1
}

const zones = ['Europe/Berlin', 'Europe/London', 'America/New_York']

/** Draws moments between two times, in the rhythm of a zone. */
export function rhythmBetween(from: number, to: number, chance: Chance): (zone: string) => number {
  const days: [number, number][] = []
  for (let at = from; at <= to; at += day) {
    const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Berlin')
    days.push([at, weekdays[date.dayOfWeek]! * seasonOf(date.month, date.day)])
  }
  const hourWeights = hours.map((weight, hour) => [hour, weight] as const)
  return (zone) => {
    for (;;) {
      const date = Temporal.Instant.fromEpochMilliseconds(chance.weighted(days)).toZonedDateTimeISO('Europe/Berlin').toPlainDate()
      const time = { hour: chance.weighted(hourWeights), minute: chance.between(0, 59), second: chance.between(0, 59) }
      const at = date.toZonedDateTime({ timeZone: zones.includes(zone) ? zone : 'Europe/Berlin', plainTime: time }).epochMilliseconds
      if (at >= from && at <= to) return at
    }
  }
}

/** How old open tickets are: most a few days, some minutes, a few forgotten for forty days. In milliseconds, youngest first. */
export function agesOfOpen(count: number): number[] {
  const youngest = [3, 11, 26, 48].map((minutes) => minutes * 60_000)
  const rest = Array.from({ length: Math.max(count - youngest.length, 0) }, (_, i) => {
    const share = (i + 1.5) / (count - youngest.length + 0.5)
    return Math.round(Math.max(Math.min(share ** 2.6 * 40 * day, 40 * day - 3_600_000), (i + 6) * 150_000))
  })
  return [...youngest, ...rest].slice(0, count).sort((a, b) => a - b)
}

/** An age made likely: what is older than half a day began in somebody's office hours. */
export function openedAgo(age: number, now: number, zone: string): number {
  const at = now - age
  if (age < day / 2) return at
  const moved = intoHours(at, zone)
  return moved < now - day / 4 ? moved : at
}
