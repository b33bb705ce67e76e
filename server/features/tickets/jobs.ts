import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { accessTicket } from './access.ts'
import { closeTicket } from './actions-life.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'tickets.close-resolved': Record<string, never>
    'tickets.wake-waiting': Record<string, never>
    'tickets.sweep': Record<string, never>
  }
}

/** Each is safe to run twice: it looks for what is due and does it once. */
export const ticketJobs = jobs({
  /** Resolved and unanswered: closes after the number of days that the company sets. */
  'tickets.close-resolved': async (kernel) => {
    for (let left = true; left; )
      left = await kernel.asSystem(async (context) => {
        const due = await sql<{ id: string }>`select t.id from ticket t
          where t.meaning = 'resolved' and t.resolved_at < ${context.now.toString()}::timestamptz - make_interval(days =>
            coalesce((select (value ->> 'closeAfterDays')::int from setting where name = 'company'), 5)) order by t.resolved_at limit 100`.execute(
          context.db,
        )
        for (const { id } of due.rows) await closeTicket(context, await accessTicket(context, id, 'ticket.see'), 'time')
        return due.rows.length === 100
      })
  },
  /** What waited for its revisit time comes back by itself. */
  'tickets.wake-waiting': (kernel) =>
    kernel.asSystem(async (context) => {
      const due = await sql<{
        id: string
        meaning: string
        status_id: string
        organisation_id: string | null
      }>`update ticket t set revisit_at = null, status_id = s.id, meaning = s.meaning, version = version + 1,
          changed_at = ${context.now.toString()}
        from (select id, meaning from status where meaning = 'open' and archived_at is null order by position limit 1) s
        where t.revisit_at <= ${context.now.toString()} and t.meaning not in ('resolved', 'closed', 'cancelled') returning t.id, t.organisation_id, t.meaning, t.status_id`.execute(
        context.db,
      )
      for (const row of due.rows)
        await context.record({
          type: 'ticket.changed',
          subject: { kind: 'ticket', id: row.id },
          ticketId: row.id,
          organisationId: row.organisation_id,
          rule: 'revisit',
          audience: 'staff',
          data: { changes: { status_id: [null, row.status_id], meaning: [null, row.meaning] } },
        })
    }),
  /** Uploads that no message took within a day, and spam that nobody brought back within 30. */
  'tickets.sweep': (kernel) =>
    kernel.asSystem(async ({ db, now }) => {
      await sql`delete from attachment where message_id is null and created_at < ${now.toString()}::timestamptz - interval '24 hours'
        and (kept_until is null or kept_until < ${now.toString()}::timestamptz)`.execute(db)
      await sql`select firstline.erase_removed_tickets(${now.toString()}::timestamptz - interval '30 days')`.execute(db)
      await sql`delete from idempotency where at < ${now.toString()}::timestamptz - interval '24 hours'`.execute(db)
      await sql`delete from rate_count where slot < ${now.toString()}::timestamptz - interval '1 day'`.execute(db)
    }),
})

export const ticketSchedules: Schedule[] = [
  { name: 'tickets.close-resolved', cron: '7 * * * *' },
  { name: 'tickets.wake-waiting', cron: '* * * * *' },
  { name: 'tickets.sweep', cron: '23 * * * *' },
]
