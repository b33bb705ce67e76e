import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { warnOfGaps } from './actions-ahead.ts'
import './events.ts'

export const oncallJobs = jobs({
  'oncall.look-ahead': (kernel) => kernel.asSystem((context) => warnOfGaps(context)),
})

/** In the morning of Europe, so that there is a day left to mend it. */
export const oncallSchedules: Schedule[] = [{ name: 'oncall.look-ahead', cron: '7 6 * * *' }]
