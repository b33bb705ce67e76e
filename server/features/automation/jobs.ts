import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { runRules } from './actions-run.ts'
import { switchOffBroken } from './actions-switch-off.ts'
import { lookAtTimes, sweepRuns, tryAgain } from './actions-timed.ts'
import './events.ts'

export const automationJobs = jobs({
  'automation.run': (kernel, payload) => kernel.asSystem((context) => runRules(context, payload)),
  'automation.retry': (kernel, { runId }) => kernel.asSystem((context) => tryAgain(context, runId)),
  'automation.look': (kernel) => lookAtTimes(kernel),
  'automation.look-after': (kernel) => kernel.asSystem((context) => switchOffBroken(context)),
  'automation.sweep': async (kernel) => {
    for (let gone = 1; gone > 0; ) gone = await kernel.asSystem((context) => sweepRuns(context))
  },
})

export const automationSchedules: Schedule[] = [
  { name: 'automation.look', cron: '* * * * *' },
  { name: 'automation.look-after', cron: '47 * * * *' },
  { name: 'automation.sweep', cron: '29 3 * * *' },
]
