import { sql } from 'kysely'
import type { Timer } from '../../../contract/time.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** A person's own clocks: the running one first. They are kept here and not in the browser, so that a reload stops none. */
export async function myTimers(context: Context): Promise<{ items: Timer[] }> {
  const { actor } = context
  const at = onWire(context.now)
  const found = await sql<Omit<Timer, 'at'>>`select json_build_object('id', c.ticket_id::text, 'number', c.ticket_id,
      'subject', case when ${visibleAsStaff(actor)} then t.subject else '' end) as ticket,
      case when k.id is not null and ${visibleAsStaff(actor)} then json_build_object('id', k.id::text, 'title', k.title) end as task, ${elapsed(context)} as seconds,
      c.running_since is not null as running, ${wireTime('c.started_at')} as "startedAt"
    from timer c left join ticket t on t.id = c.ticket_id left join task k on k.id = c.task_id
    where c.person_id = ${actor.id} order by c.running_since is null, c.started_at desc limit 50`.execute(context.db)
  return { items: found.rows.map((row) => ({ ...row, ticket: { ...row.ticket, number: Number(row.ticket.number) }, at })) }
}

/** What the clock `c` shows now. */
export const elapsed = ({ now }: Context) =>
  sql`c.seconds + coalesce(greatest(0, extract(epoch from ${now.toString()}::timestamptz - c.running_since)), 0)::int`
