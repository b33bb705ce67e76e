import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { accessTicket } from './access.ts'
import { mergeStatus, replacedStatuses, wakeWaiting } from './actions-by-time.ts'
import { closeTicket } from './actions-life.ts'
import { wakeSnoozed } from './actions-snooze.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'tickets.close-resolved': Record<string, never>
    'tickets.wake-waiting': Record<string, never>
    'tickets.wake-snoozed': Record<string, never>
    'tickets.merge-statuses': Record<string, never>
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
  /** What waited for its revisit time comes back by itself, once: what came back has no such time any more. */
  'tickets.wake-waiting': async (kernel) => {
    while (await kernel.asSystem(wakeWaiting));
  },
  'tickets.wake-snoozed': async (kernel) => {
    while (await kernel.asSystem(wakeSnoozed));
  },
  /** Also what took such a status while it was taken out of use, or had it given back by an undo. */
  'tickets.merge-statuses': async (kernel) => {
    const archived = await kernel.asSystem(({ db }) => replacedStatuses(db))
    for (const status of archived)
      for (let after: string | null = '0'; after !== null; ) {
        const past: string = after
        after = await kernel.asSystem((context) => mergeStatus(context, status, past))
      }
  },
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
  { name: 'tickets.wake-snoozed', cron: '* * * * *' },
  { name: 'tickets.merge-statuses', cron: '41 * * * *' },
  { name: 'tickets.sweep', cron: '23 * * * *' },
]
