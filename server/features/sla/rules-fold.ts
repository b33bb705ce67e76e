import { businessBetween, type ClockFacts, countedTo, grown, heldBy, isOver, settled, thresholdKey, withoutPast } from './rules-clock.ts'
import { keyOf, type Moment, placeOf, type ReadyRule, type World } from './rules-terms.ts'
import { isRelative } from './rules-usual.ts'

/**
 * Clocks as a pure fold over what was seen of a ticket. At each moment, of each clock that runs: it is counted up to now;
 * then it is stopped, else cancelled, else reset, else its goal is chosen anew, else paused or resumed. Then, where a kind
 * of agreement has no clock for a target, the first rule begins one whose start holds and neither its stop nor its cancel.
 * The stored clocks are what this came to so far; folding all moments again comes to the same.
 */
const slotOf = (one: { kind: string; target: string }): string => `${one.kind}/${one.target}`

/** The first rule for each kind and target that would begin a clock now, with its goal. */
function chosen(world: World, moment: Moment): Map<string, { ready: ReadyRule; goalAt: number }> {
  const found = new Map<string, { ready: ReadyRule; goalAt: number }>()
  if (moment.marks.includes('gone')) return found
  for (const ready of world.rules) {
    const slot = slotOf({ kind: ready.agreement.kind, target: ready.target })
    if (found.has(slot) || !ready.inForce(moment) || !ready.start(moment) || ready.stop(moment) || ready.cancel(moment)) continue
    const goalAt = ready.goals.findIndex((when) => when(moment))
    if (goalAt >= 0) found.set(slot, { ready, goalAt })
  }
  return found
}

const ended = (clock: ClockFacts, how: 'stopped' | 'cancelled'): ClockFacts => ({
  ...clock,
  state: how === 'cancelled' ? 'cancelled' : clock.breachedAt === null ? 'met' : 'missed',
  endedAt: clock.countedTo,
  nextAt: null,
})

/** Whether it ends here, and how. A team that hands the ticket on has done its part; a customer's agreement that no longer holds is void. */
function endOf(ready: ReadyRule | undefined, clock: ClockFacts, moment: Moment): 'stopped' | 'cancelled' | null {
  if (!ready || moment.marks.includes('gone')) return 'cancelled'
  if (ready.stop(moment)) return 'stopped'
  if (!ready.inForce(moment)) return clock.kind === 'ola' ? 'stopped' : 'cancelled'
  if (ready.rule.cancelWhen === 'condition') return ready.cancel(moment) ? 'cancelled' : null
  return ready.rule.cancelWhen === 'start-over' && !ready.start(moment) ? 'cancelled' : null
}

function goneOn(world: World, clock: ClockFacts, moment: Moment, first: { ready: ReadyRule } | undefined, last: boolean): ClockFacts {
  const ready = world.byKey.get(keyOf(clock.agreementId, clock.ruleKey))
  const end = endOf(ready, clock, moment)
  if (!ready) return ended(clock, 'cancelled')
  const over = (how: 'stopped' | 'cancelled') => ended(settled(world, ready, clock), how)
  if (end) return over(end)
  if (first && first.ready !== ready && ready.rule.cancelWhen !== 'never') return over('cancelled')
  if (ready.reset(moment)) return over('stopped')
  const goalAt = ready.goals.findIndex((when) => when(moment))
  if (goalAt < 0 || (goalAt !== clock.goalAt && !ready.retroactive)) return over('cancelled')
  const place = placeOf(world, ready, moment)
  const moved = pausedOrNot(
    ready,
    { ...clock, goalAt, version: ready.agreement.version, calendarId: place.calendarId, zone: place.zone },
    moment,
  )
  // A goal that is missed already when it is given is nobody's surprise: no warning is sent for it.
  if (goalAt !== clock.goalAt)
    return withoutPastIfLate(world, ready, settled(world, ready, { ...moved, fired: raisedBefore(ready, clock) }))
  return last ? settled(world, ready, moved) : moved
}

/** A threshold that raised the priority does so once: the shorter goal that follows would pass it again at once. */
function raisedBefore({ rule }: ReadyRule, { fired }: ClockFacts): ClockFacts['fired'] {
  const raising = rule.thresholds.filter(({ acts }) => acts.some((act) => act.do === 'raise-priority')).map(thresholdKey)
  return Object.fromEntries(Object.entries(fired).filter(([key]) => raising.includes(key)))
}

function pausedOrNot(ready: ReadyRule, clock: ClockFacts, moment: Moment): ClockFacts {
  const paused = clock.state === 'paused'
  if (!isPaused(ready, moment, paused)) return { ...clock, state: 'running', pausedAt: null, pausedWhy: null }
  const why = moment.meaning === 'new' || moment.meaning === 'open' ? 'condition' : moment.meaning
  return { ...clock, state: 'paused', pausedAt: paused ? clock.pausedAt : moment.at, pausedWhy: why }
}
function isPaused(ready: ReadyRule, moment: Moment, before: boolean): boolean {
  if (isRelative(ready.rule)) return false
  if (before && ready.resume) return !ready.resume(moment)
  return ready.pause(moment)
}

const withoutPastIfLate = (world: World, ready: ReadyRule, clock: ClockFacts): ClockFacts =>
  clock.breachedAt === null ? clock : { ...withoutPast(world, ready, clock), bornLate: true }

/** Nobody works on what is finished, cancelled, merged away or set aside, whatever a rule says of its stop. */
const isFinal = ({ meaning, marks }: Moment): boolean => ['resolved', 'closed', 'cancelled'].includes(meaning) || marks.includes('gone')

/** A new clock; retroactively with all that went before: pauses as pauses, and what lay behind a stop not at all. */
function begun(
  world: World,
  { ready, goalAt }: { ready: ReadyRule; goalAt: number },
  history: readonly Moment[],
  moment: Moment,
): ClockFacts {
  const past = ready.retroactive ? history : []
  const from = past[0]?.at ?? moment.at
  const { agreement, rule } = ready
  const now = placeOf(world, ready, moment)
  let clock: ClockFacts = {
    ...{ id: null, ticketId: '', kind: agreement.kind, target: rule.target, agreementId: agreement.id, version: agreement.version },
    ...{ ruleKey: rule.key, goalAt, state: 'running', from, attached: moment.at, countedTo: from, usedBusiness: 0, usedCalendar: 0 },
    ...{
      dueAt: null,
      nextAt: null,
      pausedAt: null,
      pausedWhy: null,
      endedAt: null,
      breachedAt: null,
      bornLate: false,
      spans: [],
      fired: {},
    },
    ...{ calendarId: now.calendarId, zone: now.zone },
  }
  let paused = false
  past.forEach((seen, n) => {
    const to = past[n + 1]?.at ?? moment.at
    const place = placeOf(world, ready, seen)
    paused = rule.retroactivePause && isPaused(ready, seen, paused)
    const what = ready.stop(seen) || isFinal(seen) ? 'stopped' : paused ? 'paused' : 'ran'
    clock = grown(clock, {
      from: seen.at,
      to,
      what,
      ...place,
      business: businessBetween(world, place, seen.at, to),
      retroactive: true,
      ...heldBy(seen),
    })
  })
  return withoutPastIfLate(world, ready, settled(world, ready, pausedOrNot(ready, clock, moment)))
}

/**
 * The clocks that were open, as they are now, and those that begin. `history`: all moments before, oldest first. Between
 * the moments of a fold nobody asks when a clock is due, which is most of the work: only the last one tells.
 */
export function step(world: World, open: readonly ClockFacts[], history: readonly Moment[], moment: Moment, isLast = true): ClockFacts[] {
  const last = history.at(-1)
  const first = chosen(world, moment)
  const on = open.map((clock) => goneOn(world, advanced(world, clock, moment.at, last), moment, first.get(slotOf(clock)), isLast))
  const taken = new Set(on.filter((clock) => !isOver(clock)).map(slotOf))
  const fresh = [...first].filter(([slot]) => !taken.has(slot)).map(([, one]) => begun(world, one, history, moment))
  return [...on, ...fresh]
}

const advanced = (world: World, clock: ClockFacts, at: number, last: Moment | undefined): ClockFacts =>
  last ? countedTo(world, clock, at, last) : { ...clock, countedTo: Math.max(clock.countedTo, at) }

/** Counted to now, with nothing else changed. */
export function upTo(world: World, clock: ClockFacts, at: number, last: Moment | undefined): ClockFacts {
  const ready = world.byKey.get(keyOf(clock.agreementId, clock.ruleKey))
  const on = advanced(world, clock, at, last)
  return ready && !isOver(on) ? settled(world, ready, on) : on
}

/** All over again, from the facts alone. */
export function fold(world: World, moments: readonly Moment[]): { open: ClockFacts[]; over: ClockFacts[] } {
  let open: ClockFacts[] = []
  const over: ClockFacts[] = []
  moments.forEach((moment, n) => {
    const next = step(world, open, moments.slice(0, n), moment, n === moments.length - 1)
    over.push(...next.filter(isOver))
    open = next.filter((clock) => !isOver(clock))
  })
  return { open, over }
}

/** Which target comes next: the soonest that runs, else one that pauses. */
export function nextTarget(clocks: readonly ClockFacts[]): ClockFacts | null {
  const ours = clocks.filter((clock) => !isOver(clock) && clock.kind === 'sla')
  const sorted = ours.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity))
  return sorted.find((clock) => clock.state !== 'paused') ?? sorted[0] ?? null
}
