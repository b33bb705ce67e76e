import { sql } from 'kysely'
import type { Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { TicketFacts } from './access.ts'
import { wireTime } from './access-messages.ts'
import { visibleAsStaff } from './access-visibility.ts'

type Similar = { id: string; number: number; subject: string; meaning: Meaning; resolution: string | null; createdAt: string }

/**
 * By the words of the subject: any of its words may match, those that match more rank higher, and only the newest 300
 * matches are ranked, so the cost does not grow with the desk.
 */
export async function similarTickets(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>): Promise<Similar[]> {
  const found = await sql<Similar & { rank: number }>`
    with words as (select to_tsquery('simple', string_agg(quote_literal(w), ' | ')) as q
      from unnest(tsvector_to_array(to_tsvector('public.firstline_simple', ${ticket.subject}))) w where length(w) > 2),
    near as materialized (select d.ticket_id, ts_rank(d.vector, words.q) as rank from search_document d, words
      where d.kind = 'ticket' and d.vector @@ words.q and d.ticket_id <> ${ticket.id} order by d.id desc limit 300)
    select t.id, t.id::int as number, t.subject, t.meaning, t.resolution, ${wireTime('t.created_at')} as "createdAt", n.rank
    from near n join ticket t on t.id = n.ticket_id where t.deleted_at is null and ${visibleAsStaff(context.actor)}
    order by n.rank desc, t.id desc limit 8`.execute(context.db)
  return found.rows.map(({ rank: _, ...row }) => row)
}
