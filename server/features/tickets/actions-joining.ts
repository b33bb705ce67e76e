import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { TicketFacts } from './access.ts'
import { mostCopies } from './actions-care.ts'
import './events.ts'

/** What a mail adds around its message: further people, and a link to the ticket that it speaks of. */
type About = { id: string; organisation_id: string | null }
const about = (ticket: About) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
})

/** Adds people to whom copies go; nobody is taken off, and never more than the cap. */
export async function addCopies(context: Context, ticket: About, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return
  const added = await sql<{ person_id: string }>`insert into ticket_person (ticket_id, person_id, role, since)
    select t.id, p.id, 'cc', ${context.now.toString()}::timestamptz from ticket t, unnest(${personIds}::bigint[]) with ordinality p (id, n)
    where t.id = ${ticket.id} and p.id <> t.requester_id and p.id is distinct from t.on_behalf_of_id
      and not exists (select 1 from ticket_person x where x.ticket_id = t.id and x.person_id = p.id and x.role = 'cc')
    order by p.n limit greatest(0, ${mostCopies}::int - (select count(*)::int from ticket_person c where c.ticket_id = ${ticket.id} and c.role = 'cc'))
    on conflict do nothing returning person_id`.execute(context.db)
  if (added.rows.length === 0) return
  await context.record({
    type: 'ticket.copies-changed',
    ...about(ticket),
    audience: 'staff',
    data: { added: added.rows.map((row) => row.person_id), removed: [] },
  })
}

export async function linkTickets(context: Context, from: About, toId: string, kind: 'related' | 'continues'): Promise<void> {
  await sql`insert into ticket_link (from_id, to_id, kind, at) values (${from.id}, ${toId}, ${kind}, ${context.now.toString()}) on conflict do nothing`.execute(
    context.db,
  )
  await context.record({ type: 'ticket.linked', ...about(from), audience: 'staff', data: { toId, kind } })
}

/** A message that was filed wrongly moves; what both tickets say about their last message and their waiting follows. */
export async function moveMessage(
  context: Context,
  messageId: string,
  from: Granted<TicketFacts, 'ticket.note'>,
  to: About,
): Promise<void> {
  await sql`update message set ticket_id = ${to.id}, merged_from_id = null where id = ${messageId} and ticket_id = ${from.id}`.execute(
    context.db,
  )
  await followMessages(context, [from.id, to.id])
  // A ticket of which nothing is left stands for the other one from now on.
  await sql`update ticket set merged_into_id = ${to.id} where id = ${from.id} and ${from.id}::bigint <> ${to.id}::bigint and last_message_id is null`.execute(
    context.db,
  )
  for (const ticket of [from, to])
    await context.record({
      type: 'ticket.message-moved',
      ...about(ticket),
      audience: 'staff',
      data: { messageId, fromId: from.id, toId: to.id },
    })
}

/** What tickets say of their last message and of who waits, anew from the messages that lie on them now. */
export async function followMessages(context: Context, ticketIds: readonly string[]): Promise<void> {
  await sql`update ticket t set last_message_id = l.id, last_message_at = l.at, changed_at = ${context.now.toString()},
      waiting_since = case when t.meaning in ('resolved', 'closed', 'cancelled') then null else
        (select min(m.at) from message m where m.ticket_id = t.id and m.direction = 'in' and m.withdrawn_at is null and m.automatic is null and m.bounce is null and m.unverified is null
          and m.id > coalesce((select max(o.id) from message o where o.ticket_id = t.id and o.direction = 'out' and o.audience = 'everyone' and o.withdrawn_at is null), 0)) end
    from unnest(${[...ticketIds]}::bigint[]) x (id) left join lateral (select m.id, m.at from message m where m.ticket_id = x.id and m.withdrawn_at is null order by m.id desc limit 1) l on true
    where t.id = x.id`.execute(context.db)
}
