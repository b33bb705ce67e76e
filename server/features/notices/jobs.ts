import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { mailDueNotices } from './actions-mail.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'notices.mail': Record<string, never>
  }
}

export const noticeJobs = jobs({
  'notices.mail': (kernel) => kernel.asSystem((context) => mailDueNotices(context)),
})

export const noticeSchedules: Schedule[] = [{ name: 'notices.mail', cron: '* * * * *' }]
