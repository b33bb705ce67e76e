import type { Move } from '../../../contract/sla.ts'
import { type ClockFacts, isOver, withoutPast } from './rules-clock.ts'
import { fold, upTo } from './rules-fold.ts'
import { keyOf, type Moment, type World } from './rules-terms.ts'

/** Open clocks counted anew from the facts, by other terms or calendars. Ended ones stay as they ended. Pure. */
const slotOf = (one: ClockFacts): string => `${one.kind}/${one.target}`

export function recounted(world: World, moments: readonly Moment[], open: readonly ClockFacts[], now: number): ClockFacts[] {
  const last = moments.at(-1)
  const at = Math.max(now, last?.at ?? 0)
  const fresh = new Map(fold(world, moments).open.map((clock) => [slotOf(clock), upTo(world, clock, at, last)]))
  const kept = open.map((old): ClockFacts => {
    const next = fresh.get(slotOf(old))
    fresh.delete(slotOf(old))
    if (!next)
      return { ...old, state: 'cancelled', endedAt: Math.max(old.countedTo, at), countedTo: Math.max(old.countedTo, at), nextAt: null }
    return quiet(
      world,
      { ...next, id: old.id, ticketId: old.ticketId, attached: old.attached, fired: sameRule(old, next) ? old.fired : {} },
      old,
    )
  })
  return [...kept, ...[...fresh.values()].map((clock) => quiet(world, clock, null))]
}

/** Between a change of terms and the counting anew, whoever works on a ticket finds its clocks by the terms of now. */
export function byTermsOfNow(world: World, moments: readonly Moment[], open: readonly ClockFacts[], now: number): readonly ClockFacts[] {
  const isOld = (clock: ClockFacts) =>
    (world.byKey.get(keyOf(clock.agreementId, clock.ruleKey))?.agreement.version ?? clock.version) !== clock.version
  return open.some(isOld) ? recounted(world, moments, open, now) : open
}
const sameRule = (a: ClockFacts, b: ClockFacts): boolean =>
  a.agreementId === b.agreementId && a.ruleKey === b.ruleKey && a.goalAt === b.goalAt

/** What an edit moved into the past warns nobody; what was passed before and is ahead again will. */
function quiet(world: World, clock: ClockFacts, old: ClockFacts | null): ClockFacts {
  const ready = world.byKey.get(keyOf(clock.agreementId, clock.ruleKey))
  if (!ready || (old && old.dueAt === clock.dueAt && sameRule(old, clock))) return clock
  const again = withoutPast(world, ready, { ...clock, fired: {} })
  return { ...again, bornLate: again.breachedAt !== null }
}

/** What people would notice of it. Seconds of a clock that went on are no move. */
export function movesOf(before: readonly ClockFacts[], after: readonly ClockFacts[]): Omit<Move, 'ticket'>[] {
  const moves: Omit<Move, 'ticket'>[] = []
  const wire = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  for (const next of after) {
    const old = before.find((one) => one.id === next.id && next.id !== null)
    const common = { kind: next.kind, target: next.target, from: wire(old?.dueAt ?? null), breached: next.breachedAt !== null }
    if (!old) moves.push({ ...common, to: wire(next.dueAt), what: 'begins' })
    else if (isOver(next)) moves.push({ ...common, to: null, what: 'ends' })
    else if (old.dueAt !== next.dueAt) moves.push({ ...common, to: wire(next.dueAt), what: 'moves' })
  }
  return moves
}
