import { sql } from 'kysely'
import type { Swap } from '../../../contract/oncall.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** Swaps are seen by all staff and answered by the other side; one offered to anybody by who is on the rota or in its team. */
export type SwapFacts = {
  id: string
  rota_id: string
  starts_at: Instant
  ends_at: Instant
  giver_id: string
  taker_id: string | null
  offered_by_id: string
  state: Swap['state']
  /** I may say yes or no. */
  mine: boolean
}

const mine = (me: string | null) => sql<boolean>`(s.offered_by_id <> ${me}::bigint and case
    when s.taker_id is null then s.giver_id <> ${me}::bigint and (
      exists (select 1 from rota_layer l join rota_layer_person k on k.layer_id = l.id where l.rota_id = s.rota_id and l.held_to is null and k.person_id = ${me}::bigint)
      or exists (select 1 from rota x join team_member m on m.team_id = x.team_id where x.id = s.rota_id and m.person_id = ${me}::bigint))
    else ${me}::bigint in (s.giver_id, s.taker_id) end)`
const person = (column: string) =>
  sql`case when ${sql.raw(column)} is null then null else json_build_object('id', ${sql.raw(column)}::text, 'name', coalesce(firstline.name_of(${sql.raw(column)}), '')) end`
const open = ({ now }: Context) => sql<boolean>`s.state = 'open' and s.ends_at > ${now.toString()}::timestamptz`

const columns = (
  context: Context,
) => sql`s.id, json_build_object('id', r.id::text, 'name', r.name) as rota, ${wireTime('s.starts_at')} as from, ${wireTime('s.ends_at')} as to,
  ${person('s.giver_id')} as giver, ${person('s.taker_id')} as taker, ${person('s.offered_by_id')} as "offeredBy", s.note, s.state, ${wireTime('s.offered_at')} as "offeredAt",
  ${person('s.answered_by_id')} as "answeredBy",
  json_build_object('answer', ${open(context)} and ${mine(context.actor.id)}, 'withdraw', s.state = 'open' and s.offered_by_id = ${context.actor.id}::bigint) as can`

/** Open ones first of all; what nobody answered in time is no longer shown. */
export async function listSwaps(context: Context, rotaId: string | undefined): Promise<Swap[]> {
  const of = rotaId === undefined ? sql`` : sql`and s.rota_id = ${rotaId}`
  const since = context.now.subtract({ hours: 24 * 14 }).toString()
  const found = await sql<Swap>`select ${columns(context)} from shift_swap s join rota r on r.id = s.rota_id
    where r.archived_at is null and (${open(context)} or (s.state <> 'open' and s.answered_at > ${since}::timestamptz)) ${of}
    order by s.state = 'open' desc, s.id desc limit 200`.execute(context.db)
  return found.rows
}

export async function readSwap(context: Context, id: string): Promise<Swap> {
  const found = await sql<Swap>`select ${columns(context)} from shift_swap s join rota r on r.id = s.rota_id where s.id = ${id}`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

/** How many wait for my answer. */
export async function swapsForMe(context: Context): Promise<number> {
  const found = await sql<{ n: number }>`select count(*)::int as n from shift_swap s join rota r on r.id = s.rota_id
    where r.archived_at is null and ${open(context)} and ${mine(context.actor.id)}`.execute(context.db)
  return found.rows[0]!.n
}

export const rotaOfSwap = async ({ db }: Context, id: string): Promise<string> => {
  const found = await sql<{ rota_id: string }>`select rota_id from shift_swap where id = ${id}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0].rota_id
}

export async function accessSwap(context: Context, id: string): Promise<Granted<SwapFacts, 'swap.answer'>> {
  const found =
    await sql<SwapFacts>`select s.id, s.rota_id, s.starts_at, s.ends_at, s.giver_id, s.taker_id, s.offered_by_id, s.state, ${mine(context.actor.id)} as mine
    from shift_swap s where s.id = ${id} for update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SwapFacts, 'swap.answer'>
}
