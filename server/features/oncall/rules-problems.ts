import type { Shift, ShiftReason } from './rules-final.ts'
import { claim, type Span, within } from './rules-turns.ts'

/** What is wrong with the weeks ahead: nobody is on call, or somebody who cannot be. */
export type Problem = Span & {
  kind: 'gap' | 'nobody' | 'absent' | 'left' | 'blind' | 'double'
  rotaId: string
  personId: string | null
  /** For a double booking: the other rota. */
  otherRotaId: string | null
}
export type Planned = {
  rotaId: string
  shifts: readonly Shift[]
  /** When somebody has to be on call; null: always. */
  needed: readonly Span[] | null
  /** Who may not see the tickets of the rota's team. */
  blind: ReadonlySet<string>
  timeOff: readonly (Span & { personId: string })[]
}

const empty: readonly ShiftReason[] = ['gap', 'nobody', 'absent', 'left']

export function problemsOf(rotas: readonly Planned[]): Problem[] {
  return [...rotas.flatMap(ownProblems), ...doubles(rotas)].toSorted((a, b) => a.from - b.from || a.rotaId.localeCompare(b.rotaId))
}

const spanOf = ({ from, to }: Shift): Span => ({ from: from.epochMilliseconds, to: to.epochMilliseconds })

function ownProblems(rota: Planned): Problem[] {
  const found: Problem[] = []
  for (const shift of rota.shifts) {
    const about = { rotaId: rota.rotaId, otherRotaId: null }
    const span = spanOf(shift)
    if (empty.includes(shift.why)) {
      const kind = shift.why as 'gap' | 'nobody' | 'absent' | 'left'
      const holes = rota.needed === null ? [span] : within([span], rota.needed)
      found.push(...holes.map((hole) => ({ ...hole, ...about, kind, personId: shift.insteadOfId })))
      continue
    }
    if (shift.personId !== null && rota.blind.has(shift.personId))
      found.push({ ...span, ...about, kind: 'blind', personId: shift.personId })
    // By hand somebody may be put on call who is away: it holds, and it is told.
    if (shift.why === 'override')
      for (const off of rota.timeOff.filter((one) => one.personId === shift.personId))
        found.push(...within([span], [off]).map((part) => ({ ...part, ...about, kind: 'absent' as const, personId: shift.personId })))
  }
  return found
}

/** One person on two rotas at the same time. */
function doubles(rotas: readonly Planned[]): Problem[] {
  const held = new Map<string, (Span & { rotaId: string })[]>()
  for (const rota of rotas)
    for (const shift of rota.shifts)
      if (shift.personId !== null)
        held.set(shift.personId, [...(held.get(shift.personId) ?? []), { ...spanOf(shift), rotaId: rota.rotaId }])
  const found: Problem[] = []
  for (const [personId, spans] of held) {
    const ids = [...new Set(spans.map((one) => one.rotaId))]
    for (const [n, rotaId] of ids.entries())
      for (const otherRotaId of ids.slice(n + 1)) {
        const mine = spans.filter((one) => one.rotaId === rotaId)
        const theirs = spans.filter((one) => one.rotaId === otherRotaId)
        for (const { from, to } of claim(mine, theirs).taken) found.push({ from, to, kind: 'double', rotaId, otherRotaId, personId })
      }
  }
  return found
}
