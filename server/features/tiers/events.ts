/** What happens between tiers. Ids only: why somebody told the manager lives in its rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'team.duties-set': { fields: string[] }
    /** functional: it went to a team of a higher tier. hierarchical: its manager was told; againId: once more. */
    'ticket.escalated':
      | { how: 'functional'; escalationId: string; fromTeamId: string; teamId: string }
      | { how: 'hierarchical'; escalationId: string; againId: string | null; personIds: string[] }
    'ticket.escalation-settled': { escalationId: string }
  }
}

export {}
