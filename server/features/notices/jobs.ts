import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { mailDueNotices } from './actions-mail.ts'
import { pushDueNotices } from './actions-push.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'notices.mail': Record<string, never>
    'notices.push': Record<string, never>
  }
}

export const noticeJobs = jobs({
  'notices.mail': (kernel) => kernel.asSystem((context) => mailDueNotices(context)),
  'notices.push': (kernel) => pushDueNotices(kernel),
})

export const noticeSchedules: Schedule[] = [
  { name: 'notices.mail', cron: '* * * * *' },
  { name: 'notices.push', cron: '* * * * *' },
]
