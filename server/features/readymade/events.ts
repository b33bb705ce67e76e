/** What happens to ready-made things and with them. Ids, codes and numbers only: texts live in their rows. */
type Why = 'requester-wrote' | 'ticket-closed' | 'ticket-removed' | 'not-possible'
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'readymade.created': { kind: string; scope: string }
    'readymade.changed': { fields: string[] }
    'readymade.archived': Record<string, never>
    'readymade.removed': Record<string, never>
    /** personId: its owner, who is told. */
    'readymade.switched-off': { personId: string; kind: string; missing: string[] }
    'ticket.macro-run': { readymadeId: string; runId: string; steps: string[] }
    'ticket.macro-undone': { readymadeId: string; runId: string }
    'ticket.guide-answered': { readymadeId: string; messageId: string }
    'ticket.reply-scheduled': { scheduledId: string; sendAt: string }
    'ticket.scheduled-changed': { scheduledId: string; sendAt: string }
    'ticket.scheduled-cancelled': { scheduledId: string }
    /** personId: its writer, who is told and has the text back as a draft. */
    'ticket.scheduled-dropped': { scheduledId: string; personId: string; why: Why }
    'recurring-ticket.created': { templateId: string }
    'recurring-ticket.changed': { fields: string[] }
    'recurring-ticket.removed': Record<string, never>
    'recurring-ticket.made': { ticketId: string; date: string; late: boolean; missed: number }
    'recurring-ticket.switched-off': { personId: string }
  }
}

export type DroppedWhy = Why
