/**
 * What happens to time entries: their history. They name their ticket in `data` only, so that they stand in no timeline:
 * who may see a ticket may not for that see how long a colleague took.
 */
type Figures = { ticketId: string; minutes: number; counted: number; workDate: string; billable: boolean }
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'time.added': Figures
    'time.changed': Figures
    'time.removed': Figures
    'time.settings-changed': { fields: string[] }
  }
}

export {}
