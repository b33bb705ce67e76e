import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { foldAll } from './actions-fold.ts'
import { forgetOld, tellSilent } from './actions-watch.ts'
import './events.ts'

/** Each is safe to run twice: what was folded, told or forgotten is marked or gone. */
export const alertJobs = jobs({
  'alerts.fold': (kernel, { sourceId }) => foldAll(kernel, sourceId),
  'alerts.watch': (kernel) => kernel.asSystem((context) => tellSilent(context)),
  'alerts.forget': async (kernel) => {
    for (let gone = 1; gone > 0; ) gone = await kernel.asSystem((context) => forgetOld(context))
  },
})

export const alertSchedules: Schedule[] = [
  { name: 'alerts.watch', cron: '* * * * *' },
  { name: 'alerts.forget', cron: '23 4 * * *' },
]
