import type { HandoffPart } from '../../../contract/handoff.ts'

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
    /** `field.<id>` among the changes is an own field; reasonId: the note that says why. */
    'ticket.changed': { changes: Record<string, [unknown, unknown]>; reason?: string; reasonId?: string }
    'ticket.assigned': {
      teamId: string | null
      assigneeId: string | null
      fromTeamId: string | null
      fromAssigneeId: string | null
      /** Why the program chose this person (routing). */
      given?: { because: string; load: number; skillIds: readonly string[]; others: readonly { id: string; why: string }[] }
    }
    'ticket.passed': { teamId: string; fromTeamId: string | null; assigneeId: string | null; messageId: string }
    'ticket.resolved': { code: string; tell: boolean; messageId: string | null; categoryId?: string }
    'ticket.reopened': { messageId: string | null }
    'ticket.closed': { how: 'requester' | 'staff' | 'time' }
    'ticket.restricted': { personIds: string[]; teamIds: string[] }
    'ticket.unrestricted': Record<string, never>
    'ticket.copies-changed': { added: string[]; removed: string[] }
    /** personId: who had snoozed it. No part of the ticket's own history. */
    'ticket.snooze-over': { ticketId: string; personId: string }
    'status.added': { meaning: string }
    'status.renamed': Record<string, never>
    'status.archived': { replacementId: string | null; tickets: number }
    'status.restored': Record<never, never>
    'statuses.ordered': { ids: string[] }
    'status.moves-set': { moves: number | null }
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
    /** Help that is asked for; the ticket stays with who has it. */
    'help.asked': { helpId: string; askedPersonId: string | null; teamId: string | null; skillId: string | null }
    'help.accepted': { helpId: string }
    'help.answered': { helpId: string }
    'help.done': { helpId: string }
    'help.withdrawn': { helpId: string }
    'draft.offered': { draftId: string }
    'draft.kept': { draftId: string }
    'draft.taken': { draftId: string; fromPersonId: string }
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
    /** back: it is put back where it was, which hands nothing over. */
    'ticket.assigned': { messageId?: string; back?: true }
    'ticket.passed': { parts: HandoffPart[] }
  }
}
