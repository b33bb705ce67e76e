import type { SpanLine } from '../../../contract/sla.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import { stretchesFrom } from '../calendars/rules.ts'
import type { OpenCalendar } from '../calendars/rules-days.ts'
import { type ClockFacts, isOver, type Span } from './rules-clock.ts'

/** The account of a clock, line by line: what ran, what lay outside the hours and why, what paused. Pure. */
export type Line = Pick<SpanLine, 'what' | 'businessMs' | 'calendarMs' | 'why' | 'retroactive'> & {
  from: number
  to: number | null
  teamId: string | null
  assigneeId: string | null
  statusId: string
}
export type Looking = {
  calendar(id: string, zone: string): OpenCalendar
  /** What a day is called in that calendar, if it is not like its weekday. */
  dayName(calendarId: string, day: string): string | undefined
}
export const mostLines = 500
const instant = (ms: number): Instant => Temporal.Instant.fromEpochMilliseconds(ms)

export function accountOf(clock: ClockFacts, runsBy: 'business' | 'calendar', looking: Looking): Line[] {
  const lines = clock.spans.flatMap((span) => linesOf(span, runsBy, looking)).reduce<Line[]>(joined, [])
  const shown = lines.slice(0, mostLines)
  const last = shown.at(-1)
  if (last && !isOver(clock) && shown.length === lines.length) shown[shown.length - 1] = { ...last, to: null }
  return shown
}

/** A change that no clock minds (of the status, of who has it outside the hours) begins no new line. */
function joined(lines: Line[], line: Line): Line[] {
  const last = lines.at(-1)
  const same = last && last.to === line.from && last.what === line.what && last.why === line.why && last.retroactive === line.retroactive
  const held = last && last.teamId === line.teamId && last.assigneeId === line.assigneeId
  const stands = line.what === 'paused' || line.what === 'stopped' ? last?.statusId === line.statusId : true
  if (!same || !stands || (line.what === 'ran' && !held)) return [...lines, line]
  const sum = { to: line.to, businessMs: last.businessMs + line.businessMs, calendarMs: last.calendarMs + line.calendarMs }
  return [...lines.slice(0, -1), { ...last, ...sum }]
}

function linesOf(span: Span, runsBy: 'business' | 'calendar', looking: Looking): Line[] {
  const held = { teamId: span.teamId, assigneeId: span.assigneeId, statusId: span.statusId, retroactive: span.retroactive }
  const whole = { from: span.from, to: span.to, businessMs: span.business, calendarMs: span.to - span.from, ...held }
  if (span.what !== 'ran') return [{ ...whole, what: span.what, why: span.meaning }]
  if (runsBy === 'calendar') return [{ ...whole, what: 'ran', why: null }]
  const calendar = looking.calendar(span.calendarId, span.zone)
  const open = stretchesFrom(calendar, instant(span.from), mostLines, instant(span.to))
  const ran = open.map(({ from, to }) => ({ from: from.epochMilliseconds, to: to.epochMilliseconds }))
  // The calendar was changed after this clock had ended: what it counted then stays, and is told as one.
  if (ran.reduce((sum, { from, to }) => sum + to - from, 0) !== span.business) return [{ ...whole, what: 'ran', why: null }]
  const lines: Line[] = []
  let at = span.from
  for (const part of [...ran, { from: span.to, to: span.to }]) {
    if (part.from > at) lines.push(...closed(at, part.from, span, looking).map((day) => ({ ...day, ...held })))
    if (part.to > part.from)
      lines.push({
        ...held,
        what: 'ran',
        from: part.from,
        to: part.to,
        businessMs: part.to - part.from,
        calendarMs: part.to - part.from,
        why: null,
      })
    at = part.to
  }
  return lines
}

/** Why nobody worked then: a day that has a name, or simply not the hours. Days alike are one line. */
function closed(from: number, to: number, { calendarId, zone }: Span, looking: Looking) {
  const days: { from: number; to: number; why: string | null }[] = []
  for (let at = from; at < to; at = days.at(-1)!.to) {
    const day = instant(at).toZonedDateTimeISO(zone).toPlainDate()
    const end = Math.min(to, day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds)
    const why = looking.dayName(calendarId, day.toString()) ?? null
    const last = days.at(-1)
    if (last && last.why === why) last.to = end
    else days.push({ from: at, to: end, why })
  }
  return days.map((day) => {
    const what = day.why === null ? ('outside' as const) : ('holiday' as const)
    return { ...day, what, businessMs: 0, calendarMs: day.to - day.from }
  })
}

export type Holder = { teamId: string | null; assigneeId: string | null; businessMs: number; calendarMs: number; breached: boolean }

/** Who had the ticket for how much of it, in the order in which they first had it. */
export function holdersOf(clock: ClockFacts): Holder[] {
  const found = new Map<string, Holder>()
  for (const span of clock.spans) {
    if (span.what !== 'ran') continue
    const key = `${span.teamId} ${span.assigneeId}`
    const known = found.get(key) ?? { teamId: span.teamId, assigneeId: span.assigneeId, businessMs: 0, calendarMs: 0, breached: false }
    const breached = clock.breachedAt !== null && span.from <= clock.breachedAt && clock.breachedAt < span.to
    found.set(key, {
      ...known,
      businessMs: known.businessMs + span.business,
      calendarMs: known.calendarMs + span.to - span.from,
      breached: known.breached || breached,
    })
  }
  return [...found.values()]
}
