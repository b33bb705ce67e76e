/** What happens to tickets. Ids, codes and numbers only; `carry` passes text to reactions of the same moment. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'ticket.created': {
      messageId: string
      channel: string
      kind: string
      priority: number
      teamId: string | null
      acknowledge: boolean
      inboundMailId: string | null
    }
    'ticket.replied': {
      messageId: string
      direction: 'in' | 'out' | 'inside'
      internal: boolean
      kind: string
      inboundMailId: string | null
      undoUntil: string | null
    }
    'ticket.reply-withdrawn': { messageId: string }
    'ticket.mentioned': { messageId: string; personIds: string[] }
    'ticket.changed': { changes: Record<string, [unknown, unknown]>; reason?: string }
    'ticket.assigned': { teamId: string | null; assigneeId: string | null; fromTeamId: string | null; fromAssigneeId: string | null }
    'ticket.passed': { teamId: string; fromTeamId: string | null; assigneeId: string | null; messageId: string }
    'ticket.resolved': { code: string; tell: boolean; messageId: string | null }
    'ticket.reopened': { messageId: string | null }
    'ticket.closed': { how: 'requester' | 'staff' | 'time' }
    'ticket.restricted': { personIds: string[]; teamIds: string[] }
    'ticket.unrestricted': Record<string, never>
    'ticket.copies-changed': { added: string[]; removed: string[] }
    'ticket.removed': Record<string, never>
    'ticket.brought-back': Record<string, never>
    'ticket.linked': { toId: string; kind: string }
    'ticket.message-moved': { messageId: string; fromId: string; toId: string }
    'ticket.unlinked': { toId: string; kind: string }
    /** On the merged one; the other has took-over. Features move their rows by it, and back by merge-undone. */
    'ticket.merged': { mergeId: string; fromId: string; intoId: string; messages: number; tell: boolean }
    'ticket.took-over': { mergeId: string; fromId: string; intoId: string }
    /** `homes`: the ticket itself and what was merged into it; what is at home there goes with it. */
    'ticket.merge-undone': { mergeId: string; fromId: string; intoId: string; homes: string[] }
    'ticket.gave-back': { mergeId: string; fromId: string; intoId: string }
    'ticket.split': { fromId: string; toId: string; messageIds: string[]; how: 'move' | 'copy' }
  }
  interface EventCarries {
    'ticket.created': {
      subject: string
      body: string
      mailboxId: string | null
      categoryId: string | null
      organisationId: string | null
      teamId: string | null
      requesterId: string
      assigneeId: string | null
      restricted: boolean
    }
    'ticket.replied': {
      subject: string
      body: string
      teamId: string | null
      assigneeId: string | null
      requesterId: string
      organisationId: string | null
      authorId: string | null
    }
    'ticket.assigned': { messageId?: string }
  }
}

export {}
