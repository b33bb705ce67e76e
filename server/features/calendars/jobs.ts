import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { extendHolidays } from './actions-holidays.ts'

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'calendars.extend-holidays': Record<string, never>
  }
}

/** Safe to run twice: the second run finds every year there. */
export const calendarJobs = jobs({ 'calendars.extend-holidays': (kernel) => kernel.asSystem(extendHolidays) })
export const calendarSchedules: Schedule[] = [{ name: 'calendars.extend-holidays', cron: '20 3 1 * *' }]
