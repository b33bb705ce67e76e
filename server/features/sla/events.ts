/** What happens to agreements, and what clocks bring about. Ids, codes and numbers only. */
type Passed = {
  clockId: string
  target: string
  percent: number | null
  minutesBefore: number | null
  agreementId: string
  dueAt: string | null
}
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'agreement.added': Record<string, never>
    'agreement.changed': { fields: string[] }
    'agreement.archived': Record<string, never>
    'agreement.restored': Record<string, never>
    'agreements.ordered': { ids: string[] }
    /** Clocks were counted anew because of a change; `cause` names it. */
    'agreements.recounted': { cause: string; causeId: string; tickets: number; clocks: number }
    'breach-cause.added': Record<string, never>
    'breach-cause.changed': { fields: string[] }
    /** A threshold was passed; `way`: told only, by skill (functional), by rank (hierarchical). */
    'sla.warned': Passed & { way: 'notice' | 'functional' | 'hierarchical'; personIds: string[] }
    'sla.breached': { clockId: string; target: string; agreementId: string; teamId: string | null; assigneeId: string | null }
    'sla.escalated': Passed & { way: 'notice' | 'functional'; did: 'passed' | 'raised-priority'; teamId: string | null }
    /** Paging hears this. */
    'sla.page-asked': Passed & { way: 'functional'; teamId: string | null; priority: number }
    'sla.cause-said': { clockId: string; causeId: string }
  }
}
declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    /** again: no, when it is one of those between the minutes. */
    'sla.look': { again?: 'no' }
    /** From a ticket on, newest first; the numbers so far go along. */
    'sla.recount': { cause: string; causeId: string; below: string | null; tickets: number; clocks: number }
  }
}

export {}
