import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import { hasWayOut } from './access-reachable.ts'

/** What a restore held is apart: it goes out when the restore is confirmed. */
export const heldByRestore = 'Held after a restore until it is confirmed.'
export const heldForWant = sql`o.state = 'held' and o.last_answer <> ${heldByRestore} and not exists (select 1 from setting where name = 'restored')`

export type Held = {
  count: number
  sendable: number
  oldest: string | null
  first: { id: string; subject: string; to: string; createdAt: string }[]
}

/** Oldest first, as they would go; of a ticket that the reader may not see, only that there is one. */
export async function heldMail(context: Context): Promise<Held> {
  const counted = await sql<
    Omit<Held, 'first'>
  >`select count(*)::int as count, (count(*) filter (where ${hasWayOut(context)}))::int as sendable,
    ${wireTime('min(o.created_at)')} as oldest from outbound_mail o where ${heldForWant}`.execute(context.db)
  const first = await sql<Held['first'][number]>`select o.id, o.subject, ${wireTime('o.created_at')} as "createdAt",
      coalesce((select r.address::text from outbound_recipient r where r.outbound_mail_id = o.id order by r.field desc, r.address limit 1), '') as "to"
    from outbound_mail o where ${heldForWant} and (o.ticket_id is null or exists (select 1 from ticket t where t.id = o.ticket_id and ${visibleTo(context.actor)}))
    order by o.created_at limit 5`.execute(context.db)
  return { ...counted.rows[0]!, first: first.rows }
}
