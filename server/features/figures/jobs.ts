import { job, jobs, type Schedule } from '../../kernel/jobs.ts'
import { countForATurn } from './actions-derive.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'figures.follow': Record<string, never>
  }
}

/** Run twice it counts nothing twice: each ticket is counted whole, and the position moves with it. */
export const figureJobs = jobs({
  'figures.follow': async (kernel) => {
    const more = await countForATurn(kernel)
    if (more) await kernel.asSystem(async (context) => context.later(job('figures.follow', {}, { key: 'figures.follow' })))
  },
})

export const figureSchedules: Schedule[] = [{ name: 'figures.follow', cron: '* * * * *' }]
