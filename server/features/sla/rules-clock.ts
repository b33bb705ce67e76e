import type { AgreementKind, ClockState, Target } from '../../../contract/sla.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import { before, dayBy, due, elapsed } from '../calendars/rules.ts'
import type { Moment, ReadyRule, World } from './rules-terms.ts'

export type ReadyOf = ReadyRule

/** One clock: the stretches that it is made of, what they sum up to, and when its time is used up. Pure; times are epoch milliseconds. */
export type Span = {
  from: number
  to: number
  what: 'ran' | 'paused' | 'stopped'
  calendarId: string
  zone: string
  teamId: string | null
  assigneeId: string | null
  statusId: string
  meaning: string
  /** Working time in it, also of a pause. */
  business: number
  retroactive: boolean
}
export type ClockFacts = {
  id: string | null
  ticketId: string
  kind: AgreementKind
  target: Target
  agreementId: string
  version: number
  ruleKey: string
  goalAt: number
  state: ClockState
  from: number
  attached: number
  countedTo: number
  usedBusiness: number
  usedCalendar: number
  dueAt: number | null
  nextAt: number | null
  pausedAt: number | null
  pausedWhy: string | null
  endedAt: number | null
  breachedAt: number | null
  bornLate: boolean
  spans: readonly Span[]
  /** Thresholds that were passed, by `thresholdKey`, and when. */
  fired: Readonly<Record<string, number>>
  /** The last span's, from which it goes on. */
  calendarId: string
  zone: string
}
export const isOver = (clock: ClockFacts): boolean => clock.endedAt !== null
const instant = (ms: number): Instant => Temporal.Instant.fromEpochMilliseconds(ms)
const inMs = (at: Instant | null): number | null => (at === null ? null : at.epochMilliseconds)

export const businessBetween = (world: World, place: { calendarId: string; zone: string }, from: number, to: number): number =>
  elapsed(world.calendar(place.calendarId, place.zone), instant(from), instant(to))

/** One more stretch; what goes on as it was makes the last one longer, so that splitting time changes nothing. */
export function grown(clock: ClockFacts, span: Span): ClockFacts {
  if (span.to <= span.from) return { ...clock, countedTo: Math.max(clock.countedTo, span.to) }
  const last = clock.spans.at(-1)
  const same = last && last.to === span.from && sameSpan(last, span)
  const spans = same
    ? [...clock.spans.slice(0, -1), { ...last, to: span.to, business: last.business + span.business }]
    : [...clock.spans, span]
  const ran = span.what === 'ran'
  return {
    ...clock,
    spans,
    countedTo: span.to,
    usedBusiness: clock.usedBusiness + (ran ? span.business : 0),
    usedCalendar: clock.usedCalendar + (ran ? span.to - span.from : 0),
  }
}
const kept = ['what', 'calendarId', 'zone', 'teamId', 'assigneeId', 'statusId', 'meaning', 'retroactive'] as const
const sameSpan = (a: Span, b: Span): boolean => kept.every((key) => a[key] === b[key])

const byCalendar = (ready: ReadyRule): boolean => ready.rule.clock === 'calendar'
const timeOf = (ready: ReadyRule, clock: ClockFacts) => ready.rule.goals[clock.goalAt]!.time
export const usedOf = (ready: ReadyRule, clock: ClockFacts): number => (byCalendar(ready) ? clock.usedCalendar : clock.usedBusiness)

/** The whole time allowed, by the clock that counts. By a time of day it is what lies between. */
export function allowed(world: World, ready: ReadyRule, clock: ClockFacts): number {
  const time = timeOf(ready, clock)
  if ('minutes' in time) return time.minutes * 60_000
  const end = dayEnd(world, ready, clock)
  if (end === null) return 0
  return byCalendar(ready) ? end - clock.from : businessBetween(world, clock, clock.from, end)
}
function dayEnd(world: World, ready: ReadyRule, clock: ClockFacts): number | null {
  const time = timeOf(ready, clock)
  if (!('days' in time)) return null
  return inMs(dayBy(world.calendar(clock.calendarId, clock.zone), instant(clock.from), time.days, time.by))
}

/** When so much of it is used: looked for in what ran already, else ahead while it runs. Null: it pauses, or never. */
export function whenUsed(world: World, ready: ReadyRule, clock: ClockFacts, need: number): number | null {
  const calendar = byCalendar(ready)
  let used = 0
  for (const span of clock.spans) {
    if (span.what !== 'ran') continue
    const length = calendar ? span.to - span.from : span.business
    // Used up exactly at closing time is used up then, not when it opens next.
    if (used + length > need || (need > 0 && used + length === need))
      return calendar ? span.from + need - used : inMs(due(world.calendar(span.calendarId, span.zone), instant(span.from), need - used))
    used += length
  }
  if (isOver(clock) || clock.state === 'paused') return null
  const left = need - used
  if (calendar) return clock.countedTo + left
  const form = world.calendar(clock.calendarId, clock.zone)
  return inMs(left < 0 ? before(form, instant(clock.countedTo), -left) : due(form, instant(clock.countedTo), left))
}

export const dueOf = (world: World, ready: ReadyRule, clock: ClockFacts): number | null =>
  'days' in timeOf(ready, clock) ? dayEnd(world, ready, clock) : whenUsed(world, ready, clock, allowed(world, ready, clock))

export type Step = { key: string; percent: number | null; minutesBefore: number | null; at: number | null }
export const thresholdKey = (one: { percent?: number | undefined; minutesBefore?: number | undefined }): string =>
  one.percent === undefined ? `before-${one.minutesBefore}` : `percent-${one.percent}`

/** All points that something is done at, and the end of its time, in the order in which they come. */
export function stepsOf(world: World, ready: ReadyRule, clock: ClockFacts): (Step & { need: number })[] {
  const whole = allowed(world, ready, clock)
  const end = clock.dueAt
  const steps = ready.rule.thresholds.map(({ percent, minutesBefore }) => {
    const need = percent === undefined ? whole - (minutesBefore ?? 0) * 60_000 : Math.round((whole * percent) / 100)
    // Without working time until its end (or without an end) no share of it is used before.
    const isAtEnd = percent === 100 || (whole <= 0 && (percent !== undefined || end === null))
    const at = isAtEnd ? end : need <= 0 ? clock.attached : whenUsed(world, ready, clock, need)
    return { key: thresholdKey({ percent, minutesBefore }), percent: percent ?? null, minutesBefore: minutesBefore ?? null, at, need }
  })
  return [...steps, { key: 'due', percent: 100, minutesBefore: null, at: end, need: whole }].toSorted((a, b) => a.need - b.need)
}

/** Due, breached and the next threshold, from what it has run. On the dot is in time. */
export function settled(world: World, ready: ReadyRule, clock: ClockFacts): ClockFacts {
  const dueAt = dueOf(world, ready, clock)
  const breachedAt = dueAt !== null && dueAt < clock.countedTo ? dueAt : null
  const state = isOver(clock) || clock.state === 'paused' ? clock.state : breachedAt === null ? 'running' : 'breached'
  const shown = state === 'paused' && breachedAt === null ? null : dueAt
  const next = { ...clock, state, dueAt: shown, breachedAt }
  return { ...next, nextAt: isOver(next) ? null : nextOf(stepsOf(world, ready, next), next) }
}
const nextOf = (steps: readonly Step[], clock: ClockFacts): number | null =>
  steps.reduce<number | null>((soonest, { key, at }) => {
    if (at === null || key in clock.fired) return soonest
    // A moment after: on the dot is in time.
    return soonest === null || at + 1 < soonest ? at + 1 : soonest
  }, null)

/** What is passed by now is taken as done: it lay in the past already when the clock came to be what it is. */
export function withoutPast(world: World, ready: ReadyRule, clock: ClockFacts): ClockFacts {
  const past = stepsOf(world, ready, clock).filter(({ at }) => at !== null && at < clock.countedTo)
  const fired = { ...Object.fromEntries(past.map(({ key }) => [key, clock.countedTo])), ...clock.fired }
  return settled(world, ready, { ...clock, fired })
}

/** On to an instant, as it was set at the last moment; not yet settled, which costs more than the counting. */
export function countedTo(world: World, clock: ClockFacts, to: number, seen: Moment): ClockFacts {
  if (to <= clock.countedTo || isOver(clock)) return clock
  const what = clock.state === 'paused' ? 'paused' : 'ran'
  const business = businessBetween(world, clock, clock.countedTo, to)
  const span: Span = {
    from: clock.countedTo,
    to,
    what,
    calendarId: clock.calendarId,
    zone: clock.zone,
    business,
    retroactive: false,
    ...heldBy(seen),
  }
  return grown(clock, span)
}
export const heldBy = (seen: Moment) => ({
  teamId: seen.team_id,
  assigneeId: seen.assignee_id,
  statusId: seen.status_id,
  meaning: seen.meaning,
})
