import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import './events.ts'

/** Each is safe to run twice: what rang is marked with it. */
export const callJobs = jobs({
  'calls.ring-due': (kernel) =>
    kernel.asSystem(async (context) => {
      const due = await sql<{ id: string; ticket_id: string; organisation_id: string | null; assignee_id: string | null }>`
        update call_back b set rung_at = ${context.now.toString()} from ticket t where t.id = b.ticket_id and b.state = 'open' and b.rung_at is null
          and b.from_at <= ${context.now.toString()} and t.deleted_at is null returning b.id, b.ticket_id, t.organisation_id, b.assignee_id`.execute(
        context.db,
      )
      for (const row of due.rows)
        await context.record({
          type: 'call-back.due',
          subject: { kind: 'ticket', id: row.ticket_id },
          ticketId: row.ticket_id,
          organisationId: row.organisation_id,
          audience: 'staff',
          data: { callBackId: row.id, assigneeId: row.assignee_id },
        })
    }),
})
export const callSchedules: Schedule[] = [{ name: 'calls.ring-due', cron: '* * * * *' }]
