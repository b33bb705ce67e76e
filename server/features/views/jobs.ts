import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { lookForNews } from './actions-alerts.ts'
import { runBulk, sweepRuns } from './actions-bulk-run.ts'
import { undoBulk } from './actions-bulk-undo.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'views.run-bulk': { runId: string }
    'views.undo-bulk': { runId: string }
    'views.look-for-news': Record<string, never>
    'views.sweep-runs': Record<string, never>
  }
}

export const viewJobs = jobs({
  'views.run-bulk': (kernel, { runId }) => runBulk(kernel, runId),
  'views.undo-bulk': (kernel, { runId }) => undoBulk(kernel, runId),
  'views.look-for-news': (kernel) => kernel.asSystem((context) => lookForNews(context)),
  'views.sweep-runs': async (kernel) => void (await kernel.asSystem((context) => sweepRuns(context))),
})

export const viewSchedules: Schedule[] = [
  { name: 'views.look-for-news', cron: '* * * * *' },
  { name: 'views.sweep-runs', cron: '17 3 * * *' },
]
