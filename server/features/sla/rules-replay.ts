import { type AgreementKind, type Replay, type Target, targets } from '../../../contract/sla.ts'
import type { ClockFacts } from './rules-clock.ts'
import { fold } from './rules-fold.ts'
import type { Moment, World } from './rules-terms.ts'

/** What clocks of a kind came to, or would have come to: only what was met or missed counts. Pure. */
export type Ended = Pick<ClockFacts, 'target' | 'agreementId'> & { missed: boolean }
type Pair = { inForce: readonly Ended[]; proposed: readonly Ended[] }

export const endedBy = (world: World, moments: readonly Moment[], kind: AgreementKind): Ended[] =>
  fold(world, moments).over.flatMap((clock) =>
    clock.kind === kind && (clock.state === 'met' || clock.state === 'missed')
      ? [{ target: clock.target, agreementId: clock.agreementId, missed: clock.state === 'missed' }]
      : [],
  )

const has = (ended: readonly Ended[], target: Target) => ended.filter((one) => one.target === target)

/** Of one ticket. A target with several clocks (one for each question) is missed when one of them is. */
export function outcomeOf({ inForce, proposed }: Pair): Omit<Replay['items'][number], 'ticket'>[] {
  const outcome = (ended: readonly Ended[]) => (ended.length === 0 ? null : ended.some(({ missed }) => missed) ? 'missed' : 'met')
  return targets.map((target) => ({ target, inForce: outcome(has(inForce, target)), proposed: outcome(has(proposed, target)) }))
}

export function sumOf(pairs: readonly Pair[]): Replay['targets'] {
  const count = (which: keyof Pair, target: Target) => {
    const ended = pairs.flatMap((pair) => has(pair[which], target))
    const missed = ended.filter((one) => one.missed).length
    return { met: ended.length - missed, missed }
  }
  return targets
    .map((target) => ({ target, inForce: count('inForce', target), proposed: count('proposed', target) }))
    .filter(({ inForce, proposed }) => inForce.met + inForce.missed + proposed.met + proposed.missed > 0)
}
