import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { countAll } from './actions-derive.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'figures.follow': Record<string, never>
  }
}

/** Run twice it counts nothing twice: each ticket is counted whole, and the position moves with it. */
export const figureJobs = jobs({
  'figures.follow': (kernel) => countAll(kernel),
})

export const figureSchedules: Schedule[] = [{ name: 'figures.follow', cron: '* * * * *' }]
