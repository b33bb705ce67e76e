import type { Threshold } from '../../../contract/sla.ts'
import { type ClockFacts, settled, stepsOf, thresholdKey } from './rules-clock.ts'
import type { ReadyRule, World } from './rules-terms.ts'

/** What is done when thresholds of a clock are passed. Pure: the same clock at the same time asks for the same. */
export type Act = Threshold['acts'][number]
export type Asked = { act: Act; percent: number | null; minutesBefore: number | null }

/**
 * Each threshold is passed once. Where several were passed at once (the desk stood still, a clock was set forward), all
 * are done but their notices: people are told of the highest only.
 */
export function passing(
  world: World,
  ready: ReadyRule,
  clock: ClockFacts,
  now: number,
): { clock: ClockFacts; asked: Asked[]; breached: boolean } | null {
  // What is due now is not late yet; a share that is used up exactly at closing time is, and warns without waiting for the next opening.
  const isPast = (key: string, at: number) => (key === 'due' ? at < now : at <= now)
  const passed = stepsOf(world, ready, clock).filter(({ key, at }) => at !== null && isPast(key, at) && !(key in clock.fired))
  if (passed.length === 0) return null
  const fired = { ...clock.fired, ...Object.fromEntries(passed.map(({ key }) => [key, now])) }
  const highest = passed.findLast(({ key }) => key !== 'due')?.key
  const asked = passed.flatMap(({ key, percent, minutesBefore }) => {
    const acts = ready.rule.thresholds.find((one) => thresholdKey(one) === key && key !== 'due')?.acts ?? []
    return acts.filter((act) => act.do !== 'notify' || key === highest).map((act) => ({ act, percent, minutesBefore }))
  })
  return { clock: settled(world, ready, { ...clock, fired }), asked, breached: passed.some(({ key }) => key === 'due') }
}

/** By rank: somebody above is told or called. By skill: it goes to others who can do it. */
export const wayOf = (act: Act): 'notice' | 'functional' | 'hierarchical' => {
  if (act.do === 'pass' || act.do === 'page') return 'functional'
  return act.do === 'notify' && act.whom.some((one) => one === 'leads' || one === 'managers') ? 'hierarchical' : 'notice'
}
