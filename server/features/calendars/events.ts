/** What happens to calendars. `holidays-extended`: a further year of public holidays is known. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'calendar.added': Record<string, never>
    'calendar.changed': { fields: string[] }
    'calendar.archived': Record<string, never>
    'calendar.restored': Record<string, never>
    'calendar.holidays-extended': { until: number }
  }
}

export {}
