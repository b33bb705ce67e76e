import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { sendLink } from './actions-links.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'session.send-link': { email: string; purpose: 'sign-in' | 'reset' }
    'session.sweep': Record<string, never>
    /** The mail feature runs it. `link` is sealed (linkAddress in actions-links.ts opens it); after `expiresAt` it is not worth sending. */
    'mail.system': SystemMail
  }
}
export type SystemMail = {
  kind: 'sign-in' | 'invitation' | 'reset'
  personId: string
  address: string
  name: string
  language: string
  link: string
  linkId: string
  expiresAt: string
}

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
