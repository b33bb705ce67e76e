import type { Happened } from './rules.ts'

/** What happens to rules and by them. Ids and codes only: texts live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'automation.created': Record<string, never>
    'automation.changed': { fields: string[] }
    'automation.removed': Record<string, never>
    'automations.ordered': { ids: string[] }
    /** personId: its owner, who is told, and the administrators. */
    'automation.switched-off': { personId: string; why: 'broken' | 'loop' | 'changed'; missing: string[]; ticketId: string | null }
    /** No part of the ticket's own history: nothing happened to it. */
    'automation.notified': { ticketId: string; personIds: string[]; teamIds: string[]; assignee: boolean }
    'ticket.automated': { ruleId: string; runId: string; steps: string[] }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    /** chain: what one cause brought about; depth: how many rules stand between that cause and this. */
    'automation.run': { ticketId: string; events: Happened[]; chain: string; depth: number }
    'automation.retry': { runId: string }
    'automation.look': Record<string, never>
    'automation.look-after': Record<string, never>
    'automation.sweep': Record<string, never>
  }
}
