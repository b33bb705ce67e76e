import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { collectAll } from './actions-collect.ts'
import { lookAround } from './actions-look.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'radar.collect': Record<string, never>
    'radar.look': Record<string, never>
  }
}

/** Run twice they find the same again: an issue is known by what it is the same of, or by its tickets. */
export const radarJobs = jobs({
  'radar.collect': (kernel) => kernel.asSystem(collectAll),
  'radar.look': (kernel) => kernel.asSystem(lookAround),
})

export const radarSchedules: Schedule[] = [
  { name: 'radar.collect', cron: '41 2 * * *' },
  { name: 'radar.look', cron: '* * * * *' },
]
