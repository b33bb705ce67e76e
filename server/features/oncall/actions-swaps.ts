import { sql } from 'kysely'
import type { z } from 'zod'
import type { oncall } from '../../../contract/oncall.ts'
import { type Instant, onWire, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, Problem } from '../../kernel/problem.ts'
import type { RotaInfo } from './access.ts'
import { finalSchedule } from './access-now.ts'
import { refuseRange } from './access-schedule.ts'
import type { SwapFacts } from './access-swaps.ts'
import { about } from './actions.ts'
import { laterOf, putOverride, refuseStrangers } from './actions-overrides.ts'
import './events.ts'

/**
 * A shift changes hands when both agree: whoever has it offers it, or a colleague asks for it, and the other one says
 * yes. What comes of it is an override; between offer and answer nothing changes.
 */
type Input = z.output<(typeof oncall)['POST /api/rotas/:id/swaps']['body']>

export async function offerSwap(context: Context, rota: Granted<RotaInfo, 'rota.use'>, input: Input): Promise<string> {
  const me = context.actor.id ?? '0'
  const giverId = input.giverId ?? me
  const { takerId } = input
  const [from, to] = [Temporal.Instant.from(input.from), Temporal.Instant.from(input.to)]
  refuseRange(from, to, '')
  if (to.epochMilliseconds <= context.now.epochMilliseconds)
    throw invalid('to', 'past', 'This time is over. Choose a shift that is still to come.')
  if (giverId !== me && takerId !== me) throw notAllowed('You offer your own shifts, or ask to take over somebody else’s yourself.')
  if (giverId === takerId) throw invalid('takerId', 'same', 'Nobody swaps with themselves. Choose a colleague, or nobody for anybody.')
  if (takerId !== null) await refuseStrangers(context, takerId, 'takerId')
  if (!(await holdsAll(context, rota.id, giverId, from, to)))
    throw invalid(
      'from',
      'not_theirs',
      giverId === me
        ? 'You are not on call at all of that time. Choose one of your shifts.'
        : 'That person is not on call at all of that time. Choose one of their shifts.',
    )
  const made = await sql<{
    id: string
  }>`insert into shift_swap (rota_id, starts_at, ends_at, giver_id, taker_id, offered_by_id, note, offered_at)
    values (${rota.id}, ${onWire(from)}, ${onWire(to)}, ${giverId}, ${takerId}, ${me}, ${input.note}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  const personIds = giverId !== me ? [giverId] : takerId !== null ? [takerId] : await colleagues(context, rota.id, me)
  await context.record({ type: 'oncall.swap-offered', ...about(rota.id), data: { swapId: id, personIds } })
  return id
}

/** Everybody else on the rota. */
async function colleagues({ db }: Context, rotaId: string, me: string): Promise<string[]> {
  const found = await sql<{
    id: string
  }>`select distinct k.person_id::text as id from rota_layer l join rota_layer_person k on k.layer_id = l.id
    where l.rota_id = ${rotaId} and l.held_to is null and k.person_id <> ${me}`.execute(db)
  return found.rows.map((row) => row.id)
}

async function holdsAll(context: Context, rotaId: string, personId: string, from: Instant, to: Instant): Promise<boolean> {
  const shifts = await finalSchedule(context, rotaId, from, to)
  return shifts.length > 0 && shifts.every((shift) => shift.personId === personId)
}

export async function answerSwap(
  context: Context,
  swap: Granted<SwapFacts, 'swap.answer'>,
  answer: 'accept' | 'decline' | 'withdraw',
): Promise<void> {
  if (swap.state !== 'open')
    throw new Problem('swap_over', 'This swap was answered or withdrawn already.', { details: { state: swap.state } })
  const me = context.actor.id ?? '0'
  if (answer === 'withdraw') {
    if (swap.offered_by_id !== me) throw notAllowed('Only whoever offered it withdraws it.')
    await settle(context, swap, 'withdrawn', swap.taker_id)
    return context.record({
      type: 'oncall.swap-withdrawn',
      ...about(swap.rota_id),
      data: { swapId: swap.id, personIds: bothOf(swap, null) },
    })
  }
  if (!swap.mine) throw notAllowed('Whoever is asked answers.')
  if (answer === 'accept') return acceptSwap(context, swap, swap.taker_id ?? me)
  // Offered to anybody, it stays on offer to the others.
  if (swap.taker_id === null) throw notAllowed('It is offered to anybody: leave it to the others.')
  await settle(context, swap, 'declined', swap.taker_id)
  await context.record({ type: 'oncall.swap-declined', ...about(swap.rota_id), data: { swapId: swap.id, personIds: bothOf(swap, null) } })
}

async function acceptSwap(context: Context, swap: SwapFacts, takerId: string): Promise<void> {
  // Of a shift that runs already the rest changes hands: what was stays as it was.
  const from = laterOf(swap.starts_at, context.now)
  if (
    swap.ends_at.epochMilliseconds <= context.now.epochMilliseconds ||
    !(await holdsAll(context, swap.rota_id, swap.giver_id, from, swap.ends_at))
  )
    throw new Problem('swap_over', 'The shift is no longer as it was when it was offered.', { details: { state: 'open' } })
  await refuseStrangers(context, takerId, 'takerId')
  const span = { from: onWire(from), to: onWire(swap.ends_at) }
  const overrideId = await putOverride(context, swap.rota_id, { ...span, personId: takerId, reason: '', swapId: swap.id, before: [] })
  await settle(context, swap, 'accepted', takerId)
  await context.record({
    type: 'oncall.swap-accepted',
    ...about(swap.rota_id),
    data: { swapId: swap.id, overrideId, personIds: bothOf(swap, takerId) },
  })
}

const bothOf = (swap: SwapFacts, takerId: string | null): string[] => [swap.giver_id, takerId ?? swap.taker_id].filter((id) => id !== null)

async function settle({ db, now, actor }: Context, swap: SwapFacts, state: string, takerId: string | null): Promise<void> {
  await sql`update shift_swap set state = ${state}, taker_id = ${takerId}, answered_at = ${now.toString()}, answered_by_id = ${actor.id} where id = ${swap.id}`.execute(
    db,
  )
}
