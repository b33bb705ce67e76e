import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { sendLink } from './actions-links.ts'
import './events.ts'

export const sessionJobs = jobs({
  'session.send-link': (kernel, { email, purpose }) => kernel.asSystem((context) => sendLink(context, email, purpose)),
  /** What has long been without meaning. Links stay for a day: they are counted for an hour. */
  'session.sweep': (kernel) =>
    kernel.asSystem(async ({ db, now }) => {
      await sql`delete from link where expires_at < ${now.subtract({ hours: 24 }).toString()}`.execute(db)
      await sql`delete from session where coalesce(ended_at, expires_at) < ${now.subtract({ hours: 24 * 30 }).toString()}`.execute(db)
      await sql`delete from rate_count where slot < ${now.subtract({ hours: 24 }).toString()}`.execute(db)
    }),
})

export const sessionSchedules: Schedule[] = [{ name: 'session.sweep', cron: '17 3 * * *' }]
