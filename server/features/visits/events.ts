/** What happens to visits. Ids, codes and numbers only: purpose, place and names live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'visit.planned': { visitId: string; personIds: string[] }
    'visit.changed': { visitId: string; fields: string[]; moved: boolean; added: string[]; removed: string[] }
    'visit.stepped': { visitId: string; state: string }
    'visit.cancelled': { visitId: string }
    'visit.declined': { visitId: string; messageId: string }
    'visit.work-written': { visitId: string }
    'visit.report-signed': { visitId: string; reportId: string; number: number; how: 'drawn' | 'typed' }
    'calendar-link.made': Record<string, never>
    'calendar-link.ended': Record<string, never>
  }
}

export {}
