import { type Instant, Temporal } from '../../kernel/clock.ts'

/** Time of working people, in milliseconds: nobody at a desk answers at night. */
const minute = 60_000
const zoned = (at: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(Math.round(at)).toZonedDateTimeISO(zone)
const hourOf = (at: { hour: number; minute: number }) => at.hour + at.minute / 60

export const opens = 7.25
export const closes = 18

/** The same moment when somebody works then; else soon after the next opening. */
export function intoHours(at: number, zone: string, spread = 40): number {
  const local = zoned(at, zone)
  const weekend = local.dayOfWeek > 5
  if (!weekend && hourOf(local) >= opens && hourOf(local) < closes) return at
  const days = local.dayOfWeek > 5 ? 8 - local.dayOfWeek : hourOf(local) < opens ? 0 : local.dayOfWeek === 5 ? 3 : 1
  const opening = local
    .add({ days })
    .with({ hour: Math.floor(opens), minute: Math.round((opens % 1) * 60), second: local.second, millisecond: local.millisecond })
  return opening.epochMilliseconds + ((local.minute * 7 + local.second) % spread) * minute
}

/** So many minutes of working time later. */
export function workingLater(at: number, minutes: number, zone: string): number {
  let now = intoHours(at, zone)
  let left = minutes
  for (let days = 0; days < 60; days++) {
    const today = (closes - hourOf(zoned(now, zone))) * 60
    if (left < today) return now + left * minute
    left -= today
    now = intoHours(now + (today + 1) * minute, zone, 25)
  }
  return now
}

export const asInstant = (at: number): Instant => Temporal.Instant.fromEpochMilliseconds(Math.round(at))
