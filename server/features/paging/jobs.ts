import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { advanceDue } from './actions-advance.ts'
import { pageByRules } from './actions-begin.ts'
import { checkMail } from './actions-mail.ts'
import { sendWay } from './actions-sending.ts'
import { forgetOld, watch } from './actions-watch.ts'
import './events.ts'

/** Each is safe to run twice: it looks at the row's state, which says what was done. */
export const pagingJobs = jobs({
  'paging.look': (kernel, { ticketId, again }) => kernel.asSystem((context) => pageByRules(context, ticketId, again)),
  'paging.advance': (kernel, { pageId }) => kernel.asSystem((context) => advanceDue(context, pageId)),
  'paging.send': (kernel, way) => sendWay(kernel, way),
  'paging.check-mail': (kernel, { messageId }) => kernel.asSystem((context) => checkMail(context, messageId)),
  'paging.watch': (kernel) => watch(kernel),
  'paging.forget': async (kernel) => {
    for (let gone = 1; gone > 0; ) gone = await kernel.asSystem((context) => forgetOld(context))
  },
})

export const pagingSchedules: Schedule[] = [
  { name: 'paging.watch', cron: '* * * * *' },
  { name: 'paging.forget', cron: '11 4 * * *' },
]
