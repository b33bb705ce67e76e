import { type Instant, Temporal } from '../../kernel/clock.ts'
import { type CalendarForm, dayLength, type OpenCalendar, openCalendar } from '../calendars/rules-days.ts'

/**
 * Whose turn it is in one layer. Turns are counted on the wall clock of the layer's zone: a handover at nine stays at
 * nine when clocks are moved, and the turn of that night is an hour shorter or longer. Each turn ends where the next
 * begins, so an unrestricted layer has neither hole nor overlap.
 */
export type LayerFacts = {
  id: string
  name: string
  timeZone: string
  unit: 'hours' | 'days' | 'weeks'
  every: number
  /** HH:MM */
  handover: string
  /** 1 Monday to 7 Sunday; counts for weeks only. */
  weekday: number
  /** The first turn begins on this day at the handover; on the last day it ends at the handover. */
  startsOn: string
  endsOn: string | null
  personIds: readonly string[]
  /** Hours of weekdays in which the layer holds, in its own zone; null: always. */
  hours: CalendarForm['hours'] | null
  /** Epoch milliseconds; null: from the beginning, and still. A layer that was changed stands here as it was, too. */
  heldFrom?: number | null
  heldTo?: number | null
}
/** Half-open, in epoch milliseconds. */
export type Span = { from: number; to: number }
export type Turn = Span & { personId: string }

const lengthOf = { hours: 3_600_000, days: dayLength, weeks: 7 * dayLength } as const

export function turnsOf(layer: LayerFacts, range: Span): Turn[] {
  if (layer.personIds.length === 0) return []
  const { anchor, active } = boundsOf(layer)
  const held = { from: layer.heldFrom ?? Number.NEGATIVE_INFINITY, to: layer.heldTo ?? Number.POSITIVE_INFINITY }
  const [from, to] = [Math.max(range.from, active.from, held.from), Math.min(range.to, active.to, held.to)]
  if (from >= to) return []
  const step = layer.every * lengthOf[layer.unit]
  const begin = (turn: number): number => instantOf(anchor + turn * step, layer.timeZone)
  let turn = Math.max(0, Math.floor((onWall(from, layer.timeZone) - anchor) / step))
  while (turn > 0 && begin(turn) > from) turn--
  while (begin(turn + 1) <= from) turn++
  const turns: Turn[] = []
  for (let at = from; at < to; turn++) {
    const end = Math.min(begin(turn + 1), to)
    // An hour that a spring night skips makes a turn without length.
    if (end > at) turns.push({ from: at, to: end, personId: layer.personIds[turn % layer.personIds.length]! })
    at = Math.max(at, end)
  }
  return layer.hours === null ? turns : within(turns, stretchesOf(layer, { from, to }))
}

function boundsOf(layer: LayerFacts): { anchor: number; active: Span } {
  const first = Date.parse(`${layer.startsOn}T${layer.handover}:00Z`)
  const weekday = ((Math.floor(first / dayLength) + 3) % 7) + 1
  const anchor = layer.unit === 'weeks' ? first - ((weekday - layer.weekday + 7) % 7) * dayLength : first
  const until = layer.endsOn === null ? Number.POSITIVE_INFINITY : Date.parse(`${layer.endsOn}T${layer.handover}:00Z`)
  const active = {
    from: instantOf(first, layer.timeZone),
    to: until === Number.POSITIVE_INFINITY ? until : instantOf(until, layer.timeZone),
  }
  return { anchor, active }
}

/** Wall-clock time is kept as if it were UTC. */
function onWall(at: number, zone: string): number {
  return at + Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6
}

/** The moment at which the wall clock shows it: the first of two, and for a time that is skipped the moment of the jump. */
function instantOf(wall: number, zone: string): number {
  const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime()
  const found = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (found.toPlainDateTime().equals(plain)) return found.epochMilliseconds
  return found.getTimeZoneTransition('next')!.epochMilliseconds
}

const calendars = new Map<string, OpenCalendar>()

function stretchesOf(layer: LayerFacts, { from, to }: Span): Span[] {
  const name = JSON.stringify([layer.timeZone, layer.hours])
  const calendar = calendars.get(name) ?? openCalendar({ tz: layer.timeZone, hours: layer.hours ?? {}, holidays: [] })
  if (calendars.size > 500) calendars.clear()
  calendars.set(name, calendar)
  return openSpans(calendar, { from, to })
}

/** The open hours of a calendar within a span, those that touch at midnight as one. */
export function openSpans(calendar: OpenCalendar, { from, to }: Span): Span[] {
  const spans: Span[] = []
  for (let day = Math.floor(from / dayLength); day * dayLength < to; day++) {
    const stretches = calendar.ofUtcDay(day)
    for (let n = 0; n < stretches.length; n += 2) {
      const span = { from: Math.max(from, stretches[n]!), to: Math.min(to, stretches[n + 1]!) }
      const last = spans.at(-1)
      if (last && last.to === span.from) last.to = span.to
      else if (span.from < span.to) spans.push(span)
    }
  }
  return spans
}

/** What of `wanted` lies in `free`, and what of `free` is left over. Both in order. */
export function claim<S extends Span>(free: readonly Span[], wanted: readonly S[]): { taken: S[]; left: Span[] } {
  const taken: S[] = []
  const left: Span[] = []
  let next = 0
  let piece = free[next++]
  for (const one of wanted) {
    while (piece && piece.to <= one.from) {
      left.push(piece)
      piece = free[next++]
    }
    while (piece && piece.from < one.to) {
      if (piece.from < one.from) left.push({ from: piece.from, to: one.from })
      const [from, to]: [number, number] = [Math.max(piece.from, one.from), Math.min(piece.to, one.to)]
      taken.push({ ...one, from, to })
      if (piece.to > one.to) {
        piece = { from: one.to, to: piece.to }
        break
      }
      piece = free[next++]
    }
  }
  for (; piece; piece = free[next++]) left.push(piece)
  return { taken, left }
}

export const within = <S extends Span>(parts: readonly S[], allowed: readonly Span[]): S[] => claim(allowed, parts).taken

export const asInstant = (ms: number): Instant => Temporal.Instant.fromEpochMilliseconds(ms)
