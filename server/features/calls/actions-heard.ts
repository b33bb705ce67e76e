import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import './events.ts'

/** missed: it stands there as missed, and a ticket was made of it all the same. */
type Heard = { number: string | null; personId: string | null; ticketId: string | null; startedAt: string; missed: boolean }

/** A call that a machine took: with its ticket it is seen to, without one it was missed. */
export async function keepHeardCall(context: Context, { number, personId, ticketId, startedAt, missed }: Heard): Promise<void> {
  const at = context.now.toString()
  const state = ticketId === null ? 'missed' : 'ended'
  if (missed)
    await sql`update call set settled_at = ${at}::timestamptz, ticket_id = ${ticketId}::bigint where state = 'missed' and direction = 'in'
      and number is not distinct from ${number}::text and started_at = ${startedAt}::timestamptz and settled_at is null and ticket_id is null`.execute(
      context.db,
    )
  const made = await sql<{
    id: string
  }>`insert into call (direction, state, number, person_id, ticket_id, started_at, answered_at, ended_at, settled_at, ending)
    values ('in', ${state}, ${number}::text, ${personId}::bigint, ${ticketId}::bigint, ${startedAt}::timestamptz,
      case when ${state} = 'ended' then ${startedAt}::timestamptz end, ${at}::timestamptz,
      case when ${state} = 'ended' then ${at}::timestamptz end, case when ${state} = 'ended' then 'keep' end) returning id`.execute(
    context.db,
  )
  await context.record({ type: 'call.changed', subject: { kind: 'call', id: made.rows[0]!.id }, audience: 'staff', data: { state } })
}
