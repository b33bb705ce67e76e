import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { noteEvents } from './actions-deliveries.ts'
import { queueForgotten, sendDue, sweepDeliveries } from './actions-sending.ts'
import './events.ts'

export const webhookJobs = jobs({
  'webhooks.note': (kernel, payload) => kernel.asSystem((context) => noteEvents(context, payload)),
  'webhooks.send': (kernel, { webhookId }) => sendDue(kernel, webhookId),
  'webhooks.look-after': (kernel) => kernel.asSystem((context) => queueForgotten(context)),
  'webhooks.sweep': async (kernel) => {
    for (let gone = 1; gone > 0; ) gone = await kernel.asSystem((context) => sweepDeliveries(context))
  },
})

export const webhookSchedules: Schedule[] = [
  { name: 'webhooks.look-after', cron: '* * * * *' },
  { name: 'webhooks.sweep', cron: '23 3 * * *' },
]
