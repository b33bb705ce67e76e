/**
 * Who of a team is given a ticket, and why; and why each of the others is not. Pure: people, ticket and settings come in.
 * First whoever may not have it is left out; then the last owner is asked, then the skill, and at last the team's way decides.
 */
export type Distribution = {
  way: 'pull' | 'turn' | 'load' | 'skill'
  /** Who is given tickets: only who is available; who is not away; everybody. Nobody who is absent. */
  availability: 'available' | 'here' | 'any'
  cap: number | null
  waitingWeight: number
}
export type Load = { open: number; waiting: number }
export type Candidate = Load & {
  id: string
  state: 'available' | 'busy' | 'away'
  absent: boolean
  skillIds: readonly string[]
  /** Grows with each ticket that is given: the smallest is next in turn. */
  turn: number
  /** May see this ticket at all. */
  sees: boolean
}
export type ToGive = { wanted: readonly string[]; lastOwnerId: string | null; hadIt: readonly string[] }
export type WhyNot =
  | 'no-right'
  | 'absent'
  | 'not-available'
  | 'had-it'
  | 'full'
  | 'no-skill'
  | 'not-last-owner'
  | 'more-to-do'
  | 'later-in-turn'
export type Because = 'last-owner' | 'skill' | 'load' | 'turn'
export type Choice = { person: Candidate | null; because: Because | null; others: { id: string; why: WhyNot }[] }

/** What somebody has in hand; what waits for others counts as the team says. Rounded, so that 0.1 + 0.2 is 0.3. */
export const loadOf = ({ open, waiting }: Load, { waitingWeight }: Pick<Distribution, 'waitingWeight'>): number =>
  Math.round((open + waiting * waitingWeight) * 100) / 100

export const isFull = (one: Load, settings: Pick<Distribution, 'waitingWeight' | 'cap'>): boolean =>
  settings.cap !== null && loadOf(one, settings) >= settings.cap

export function pickAssignee(candidates: readonly Candidate[], ticket: ToGive, settings: Distribution): Choice {
  const others: Choice['others'] = []
  const leaveOut = (from: readonly Candidate[], stays: (one: Candidate) => boolean, why: WhyNot): Candidate[] =>
    from.filter((one) => {
      const left = stays(one)
      if (!left) others.push({ id: one.id, why })
      return left
    })
  let left = [...candidates]
  left = leaveOut(left, (one) => one.sees, 'no-right')
  left = leaveOut(left, (one) => !one.absent, 'absent')
  left = leaveOut(left, (one) => isThere(one, settings.availability), 'not-available')
  left = leaveOut(left, (one) => !ticket.hadIt.includes(one.id), 'had-it')
  left = leaveOut(left, (one) => !isFull(one, settings), 'full')
  const last = left.find((one) => one.id === ticket.lastOwnerId)
  if (last) {
    leaveOut(left, (one) => one === last, 'not-last-owner')
    return { person: last, because: 'last-owner', others }
  }
  const asksSkill = settings.way === 'skill' && candidates.some((one) => one.sees && hasAll(one, ticket.wanted)) && ticket.wanted.length > 0
  // What nobody of the team can is no reason to leave a ticket lying; what somebody can, who may ever have it, waits for them.
  if (asksSkill) left = leaveOut(left, (one) => hasAll(one, ticket.wanted), 'no-skill')
  return { ...decide(left, settings, asksSkill, others), others }
}

function decide(left: readonly Candidate[], settings: Distribution, skilled: boolean, others: Choice['others']): Omit<Choice, 'others'> {
  const byTurn = (a: Candidate, b: Candidate) => a.turn - b.turn || Number(BigInt(a.id) - BigInt(b.id))
  const byLoad = (a: Candidate, b: Candidate) => loadOf(a, settings) - loadOf(b, settings)
  const inTurn = settings.way === 'turn'
  const [first, ...rest] = [...left].sort((a, b) => (inTurn ? 0 : byLoad(a, b)) || byTurn(a, b))
  if (!first) return { person: null, because: null }
  for (const one of rest) others.push({ id: one.id, why: !inTurn && byLoad(first, one) < 0 ? 'more-to-do' : 'later-in-turn' })
  return { person: first, because: skilled ? 'skill' : inTurn ? 'turn' : 'load' }
}

function isThere({ state }: Candidate, availability: Distribution['availability']): boolean {
  if (availability === 'any') return true
  return availability === 'here' ? state !== 'away' : state === 'available'
}

const hasAll = (one: Candidate, wanted: readonly string[]): boolean => wanted.every((skill) => one.skillIds.includes(skill))
