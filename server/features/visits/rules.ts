import type { VisitState } from '../../../contract/visits.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'

/** Pure rules of visits: which step follows which, and when everybody is free. */
export const isOver = (state: VisitState): boolean => state === 'done' || state === 'cancelled' || state === 'not-met'

/** A slip of the thumb is taken back by choosing another step; only what was cancelled stays so. */
export const mayStep = (from: VisitState, to: VisitState): boolean => from !== to && from !== 'cancelled' && to !== 'cancelled'

/** Longer ones are several visits: lists and clashes look no further back than this. */
export const longest = { hours: 24 }

export type Span = { startsAt: Instant; endsAt: Instant }
export const overlap = (a: Span, b: Span): boolean =>
  Temporal.Instant.compare(a.startsAt, b.endsAt) < 0 && Temporal.Instant.compare(b.startsAt, a.endsAt) < 0

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What lies between two visits: nobody is at two places within half an hour. */
const onTheRoad = { minutes: 30 }
const opens = 8
const closes = 17

/**
 * Times to choose from, on the wall clock of the place: working days, within the hours, a morning and an afternoon of
 * each day, with half an hour of road before and after what is there already.
 */
export function freeWindows(busy: readonly Span[], wanted: { minutes: number; timeZone: string; now: Instant; most: number }): Span[] {
  const { minutes, timeZone, now, most } = wanted
  const earliest = now.add({ hours: 1 })
  const found: Span[] = []
  let day = now.toZonedDateTimeISO(timeZone).toPlainDate()
  for (let looked = 0; looked < 14 && found.length < most; looked++, day = day.add({ days: 1 })) {
    if (day.dayOfWeek >= 6) continue
    for (const [from, to] of [
      [opens, 12],
      [12, closes],
    ] as const) {
      const span = firstFree(day, from, to)
      if (span && found.length < most) found.push(span)
    }
  }
  return found

  function firstFree(date: Temporal.PlainDate, from: number, to: number): Span | undefined {
    for (let half = from * 2; half < to * 2; half++) {
      const time = new Temporal.PlainTime(Math.floor(half / 2), (half % 2) * 30)
      const startsAt = date.toZonedDateTime({ timeZone, plainTime: time }).toInstant()
      const span = { startsAt, endsAt: startsAt.add({ minutes }) }
      const ends = span.endsAt.toZonedDateTimeISO(timeZone)
      // A whole day's work begins in the morning and may end late; a short one ends by closing time.
      if (minutes <= 480 && (ends.hour > closes || (ends.hour === closes && ends.minute > 0))) return undefined
      const roomy = { startsAt: startsAt.subtract(onTheRoad), endsAt: span.endsAt.add(onTheRoad) }
      if (Temporal.Instant.compare(startsAt, earliest) >= 0 && !busy.some((one) => overlap(one, roomy))) return span
    }
    return undefined
  }
}
