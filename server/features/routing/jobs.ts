import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { giveOut, passReopened, takeBackUntouched, tellUnclaimed } from './actions-sweep.ts'
import './events.ts'

/** Each is safe to run twice: it looks again at what it found before it writes. */
export const routingJobs = jobs({
  'routing.give-out': (kernel, { teamId }) => giveOut(kernel, teamId),
  'routing.look-reopened': (kernel, { ticketId }) => kernel.asSystem((context) => passReopened(context, ticketId)),
  'routing.sweep': async (kernel) => {
    await takeBackUntouched(kernel)
    await giveOut(kernel)
    await kernel.asSystem((context) => tellUnclaimed(context))
  },
})

export const routingSchedules: Schedule[] = [{ name: 'routing.sweep', cron: '* * * * *' }]
