import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { loadRotas } from './access-facts.ts'
import { finalOf, type Shift } from './rules-final.ts'

/** Who is on call. Past this far from the moment asked for, a shift is cut off: nobody pages by it. */
const near = { hours: 24 * 15 }

export type OnCall = { personId: string; from: Instant; to: Instant } | null

/** For each of these rotas who is on call at that moment, with the bounds of the shift; null: a gap, or no such rota. */
export async function onCallAt(context: Context, rotaIds: readonly string[], at: Instant): Promise<Map<string, OnCall>> {
  const [from, to] = [at.subtract(near), at.add(near)]
  const facts = await loadRotas(context, rotaIds, from, to)
  return new Map(
    rotaIds.map((id) => {
      const rota = facts.get(id)
      return [id, rota ? asOnCall(finalOf(rota, from, to).find((one) => holds(one, at))) : null]
    }),
  )
}

/** Every moment from the one to the other, in order, without a hole: a stretch without a person says why. */
export async function finalSchedule(context: Context, rotaId: string, from: Instant, to: Instant): Promise<Shift[]> {
  const rota = (await loadRotas(context, [rotaId], from, to)).get(rotaId)
  return rota ? finalOf(rota, from, to) : []
}

const holds = (shift: Shift, at: Instant): boolean =>
  shift.from.epochMilliseconds <= at.epochMilliseconds && at.epochMilliseconds < shift.to.epochMilliseconds

const asOnCall = (shift: Shift | undefined): OnCall =>
  shift === undefined || shift.personId === null ? null : { personId: shift.personId, from: shift.from, to: shift.to }
