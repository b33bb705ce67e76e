/** What happens to routing rules and to the lists that tickets are sorted by. Names of changed fields only, never their values. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'routing-rule.created': Record<string, never>
    'routing-rule.changed': { fields: string[] }
    'routing-rule.removed': Record<string, never>
    'routing-rules.ordered': { ids: string[] }
    'category.created': { parentId: string | null }
    'category.changed': { fields: string[] }
    'team.distribution-set': { way: string }
    /** With nobody for so long that the team's leads are told. */
    'ticket.unclaimed': { teamId: string; minutes: number }
  }
}
declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'routing.give-out': { teamId: string }
    'routing.look-reopened': { ticketId: string }
    'routing.sweep': Record<string, never>
  }
}

export {}
