import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { ringDueChases } from './actions-arriving.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'sides.ring-due': Record<string, never>
  }
}

/** Safe to run twice: what rang is marked with it. */
export const sideJobs = jobs({ 'sides.ring-due': (kernel) => kernel.asSystem(ringDueChases) })
export const sideSchedules: Schedule[] = [{ name: 'sides.ring-due', cron: '* * * * *' }]
