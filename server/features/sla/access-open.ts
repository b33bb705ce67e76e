import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { before } from './access-seen.ts'
import type { ClockFacts } from './rules-clock.ts'
import { clockOf, type Json, momentOf } from './rules-kept.ts'
import type { Moment } from './rules-terms.ts'

/** Tickets with what their clocks saw, newest first, a batch at a time: for counting anew, and for looking ahead or back at it. */
export type SeenTicket = { id: string; subject: string; moments: Moment[]; isNew: boolean; open: ClockFacts[] }
type Row = { id: string; subject: string; moments: Json[]; clocks: Json[]; seen: Json | null }

type Batch = { below: string | null; many: number; lock?: boolean }
export const openTickets = (context: Context, batch: Batch): Promise<SeenTicket[]> =>
  seenTickets(context, sql`t.meaning not in ('resolved', 'closed', 'cancelled')`, batch)

export const resolvedTickets = (context: Context, from: Instant, until: Instant, batch: Batch): Promise<SeenTicket[]> =>
  seenTickets(context, sql`t.resolved_at >= ${from.toString()}::timestamptz and t.resolved_at < ${until.toString()}::timestamptz`, batch)

async function seenTickets(context: Context, which: RawBuilder<unknown>, { below, many, lock = false }: Batch): Promise<SeenTicket[]> {
  const found = await sql<Row>`with batch as materialized (select t.id, t.subject from ticket t
      where ${which} and t.deleted_at is null ${below === null ? sql`` : sql`and t.id < ${below}::bigint`}
      order by t.id desc limit ${sql.lit(many)} ${lock ? sql`for no key update of t` : sql``}),
    m as (select m.ticket_id, jsonb_agg(to_jsonb(m) order by m.id) as all from sla_moment m where m.ticket_id in (select id from batch) group by 1),
    c as (select c.ticket_id, jsonb_agg(to_jsonb(c) order by c.id) as all from sla_clock c where c.ended_at is null and c.ticket_id in (select id from batch) group by 1)
    select b.id, b.subject, coalesce(m.all, '[]') as moments, coalesce(c.all, '[]') as clocks,
      case when m.all is null then firstline.sla_seen(b.id) end as seen
    from batch b left join m on m.ticket_id = b.id left join c on c.ticket_id = b.id order by b.id desc`.execute(context.db)
  return found.rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    isNew: row.moments.length === 0,
    moments: row.seen ? firstMoments(row.seen, context.now.epochMilliseconds) : row.moments.map(momentOf),
    open: row.clocks.map(clockOf),
  }))
}
function firstMoments(row: Json, now: number): Moment[] {
  const seen = { ...momentOf(row), at: now }
  return [...before(row, seen), seen]
}
