import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import type { TicketFacts } from './access.ts'
import './events.ts'

/** Out of my sight for a while, and of nobody else's: no event, no version, no clock knows of it. */
export async function snoozeTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, until: string | null): Promise<void> {
  const { actor, now } = context
  if (until === null) {
    await sql`delete from ticket_snooze where ticket_id = ${ticket.id} and person_id = ${actor.id}`.execute(context.db)
    return
  }
  if (Date.parse(until) <= now.epochMilliseconds) throw invalid('until', 'past', 'This time is over. Choose one that is still to come.')
  await sql`insert into ticket_snooze (person_id, ticket_id, until) values (${actor.id}, ${ticket.id}, ${until})
    on conflict (person_id, ticket_id) do update set until = excluded.until`.execute(context.db)
}

/** Whose time has come: each is told once, because what is told is gone in the same transaction. */
export async function wakeSnoozed(context: Context): Promise<boolean> {
  const atOnce = 200
  const over = await sql<{ person_id: string; ticket_id: string; open: boolean }>`delete from ticket_snooze s using (
      select person_id, ticket_id from ticket_snooze where until <= ${context.now.toString()} order by until limit ${sql.lit(atOnce)} for update skip locked) due
    where s.person_id = due.person_id and s.ticket_id = due.ticket_id returning s.person_id, s.ticket_id,
      (select t.meaning not in ('resolved', 'closed', 'cancelled') from ticket t where t.id = s.ticket_id) as open`.execute(context.db)
  // What was finished meanwhile asks for nobody.
  for (const row of over.rows.filter(({ open }) => open))
    await context.record({
      type: 'ticket.snooze-over',
      // Beside the ticket's own history: nothing happened to it.
      subject: { kind: 'person', id: row.person_id },
      audience: 'staff',
      data: { ticketId: row.ticket_id, personId: row.person_id },
    })
  return over.rows.length === atOnce
}
