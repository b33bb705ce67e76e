import { job, jobs, type Schedule } from '../../kernel/jobs.ts'
import { lookAtClocks } from './actions-escalate.ts'
import { recount } from './actions-recount.ts'
import './events.ts'

/** A look each minute by the schedule, and two between: whoever is to be woken is not to wait for the minute. */
const between = [20, 40]

export const slaJobs = jobs({
  'sla.look': async (kernel, { again }) => {
    await lookAtClocks(kernel)
    if (again === 'no') return
    await kernel.asSystem(async (context) =>
      context.later(
        ...between.map((seconds) =>
          job('sla.look', { again: 'no' }, { at: context.now.add({ seconds }), key: `sla-look-${seconds}`, queue: 'sla-look' }),
        ),
      ),
    )
  },
  'sla.recount': (kernel, payload) => recount(kernel, payload),
})

export const slaSchedules: Schedule[] = [{ name: 'sla.look', cron: '* * * * *' }]
