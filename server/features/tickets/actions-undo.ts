import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { TicketFacts } from './access.ts'
import './events.ts'

/**
 * An answer that is taken back takes its change of the status with it: a ticket whose first answer never went out is new
 * again. Only while nothing else has happened to the ticket since; what somebody did after it counts for more.
 */
export async function takeBackStatus(context: Context, ticket: TicketFacts, messageId: string): Promise<void> {
  const found = await sql<{ changes: { meaning?: [string, string]; status_id?: [string, string] } }>`
    select c.data -> 'changes' as changes from event r
      join event c on c.ticket_id = r.ticket_id and c.request_id = r.request_id and c.id > r.id and c.type = 'ticket.changed'
    where r.ticket_id = ${ticket.id} and r.type = 'ticket.replied' and r.subject_kind = 'message' and r.subject_id = ${messageId}
      and not exists (select 1 from event later where later.ticket_id = r.ticket_id and later.id > r.id and later.request_id <> r.request_id
        and later.type in ('ticket.replied', 'ticket.changed', 'ticket.assigned', 'ticket.passed', 'ticket.resolved', 'ticket.reopened'))
    order by c.id desc limit 1`.execute(context.db)
  const { meaning, status_id: status } = found.rows[0]?.changes ?? {}
  if (!meaning || ticket.meaning !== meaning[1]) return
  const back = await sql<{ status_id: string }>`update ticket t set status_id = s.id, meaning = s.meaning, version = version + 1
    from (select id, meaning from status where meaning = ${meaning[0]} and archived_at is null
      order by id = ${status?.[0] ?? null}::bigint desc nulls last, position limit 1) s
    where t.id = ${ticket.id} returning t.status_id`.execute(context.db)
  if (!back.rows[0]) return
  const changes = { status_id: [ticket.status_id, back.rows[0].status_id], meaning: [ticket.meaning, meaning[0]] } as Record<
    string,
    [unknown, unknown]
  >
  await context.record({
    type: 'ticket.changed',
    subject: { kind: 'ticket', id: ticket.id },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    audience: 'everyone',
    data: { changes },
  })
}
