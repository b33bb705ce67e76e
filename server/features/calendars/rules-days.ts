import { Temporal } from '../../kernel/clock.ts'

/**
 * Working time, day by day. A calendar says in wall-clock time of its zone when somebody works; whether an instant is
 * working time is a question about what the clock on that wall shows. From it follows what happens when clocks are
 * moved: times that a spring night skips do not exist, times that an autumn night shows twice count twice.
 *
 * An interval that ends before it begins runs past midnight and belongs to the day that it begins on: a night shift
 * that begins on Christmas Eve runs on into the holiday, and none begins on the holiday itself.
 */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** ['09:00', '17:30'], wall-clock time; '24:00' is the end of the day. Seconds may follow. */
export type Hours = readonly (readonly [from: string, to: string])[]

/** As it crosses the wire. Days are YYYY-MM-DD in the calendar's zone. */
export type CalendarForm = {
  tz: string
  hours: { readonly [day in Weekday]?: Hours | undefined }
  /** Days without work, unless `holiday_hours` gives that day hours of its own. */
  holidays: readonly string[]
  /** Hours of single days, in place of those of their weekday: half days, one-off openings. */
  holiday_hours?: Readonly<Record<string, Hours>> | undefined
}

/** Half-open stretches of epoch milliseconds, in order, none touching the next: [from, to, from, to, ...]. */
export type Stretches = readonly number[]

export type OpenCalendar = {
  form: CalendarForm
  /** Working time of a day of UTC, counted from 1970-01-01. */
  ofUtcDay(day: number): Stretches
}

export const dayLength = 86_400_000

/** Milliseconds after midnight. */
function ofDay(text: string): number {
  const [hours, minutes, seconds] = text.split(':').map(Number)
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000
}

type Parts = readonly (readonly [from: number, to: number])[]
const parts = (hours: Hours | undefined): Parts => (hours ?? []).map(([from, to]) => [ofDay(from), ofDay(to)] as const)

/** Days are made once and kept; a clock asks for the same few weeks again and again. */
export function openCalendar(form: CalendarForm): OpenCalendar {
  const week = weekdays.map((day) => parts(form.hours[day]))
  const off = new Set(form.holidays)
  const own = new Map(Object.entries(form.holiday_hours ?? {}).map(([day, hours]) => [day, parts(hours)]))
  const hoursOf = (day: number): Parts => {
    if (off.size + own.size > 0) {
      const name = new Date(day * dayLength).toISOString().slice(0, 10)
      const special = own.get(name)
      if (special) return special
      if (off.has(name)) return []
    }
    // 1970-01-01 was a Thursday.
    return week[(((day + 3) % 7) + 7) % 7]!
  }
  const made = new Map<number, Stretches>()
  return {
    form,
    ofUtcDay(day) {
      const known = made.get(day)
      if (known) return known
      if (made.size > 20_000) made.clear()
      const fresh = cut(form.tz, day, hoursOf)
      made.set(day, fresh)
      return fresh
    },
  }
}

/** On the clocks of a zone a day of UTC shows one stretch of wall-clock time, or several where clocks are moved in it. */
function cut(tz: string, day: number, hoursOf: (day: number) => Parts): Stretches {
  const end = (day + 1) * dayLength
  const found: [number, number][] = []
  for (let from = day * dayLength; from < end; ) {
    const { offset, until } = offsetAt(tz, from)
    const to = Math.min(end, until)
    const first = Math.floor((from + offset) / dayLength) - 1
    const last = Math.floor((to - 1 + offset) / dayLength)
    for (let date = first; date <= last; date++)
      for (const [opens, closes] of hoursOf(date)) {
        const begin = Math.max(from, date * dayLength + opens - offset)
        const finish = Math.min(to, date * dayLength + closes + (closes <= opens ? dayLength : 0) - offset)
        if (begin < finish) found.push([begin, finish])
      }
    from = to
  }
  return joined(found)
}

function joined(found: [number, number][]): Stretches {
  const out: number[] = []
  for (const [from, to] of found.toSorted((a, b) => a[0] - b[0])) {
    const last = out.length - 1
    if (last > 0 && from <= out[last]!) out[last] = Math.max(out[last]!, to)
    else out.push(from, to)
  }
  return out
}

/** How far the zone's clocks are ahead of UTC, in milliseconds, and until when. Kept: it costs a walk through the zone's history. */
type Offset = { from: number; until: number; offset: number }
const offsets = new Map<string, Offset[]>()

function offsetAt(tz: string, at: number): Offset {
  // Names differ also by their case: whoever sends them makes no memory grow without end.
  if (offsets.size > 1000) offsets.clear()
  const known = offsets.get(tz) ?? []
  const hit = known.find((span) => span.from <= at && at < span.until)
  if (hit) return hit
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz)
  const next = zoned.getTimeZoneTransition('next')
  const fresh = { from: at, until: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY, offset: Math.round(zoned.offsetNanoseconds / 1e6) }
  offsets.set(tz, [fresh, ...known.filter((span) => !(span.from >= fresh.from && span.until <= fresh.until))].slice(0, 100))
  return fresh
}
