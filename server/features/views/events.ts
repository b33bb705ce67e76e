/** What happens to views. Ids and codes only: names and texts live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'view.created': { scope: string }
    'view.changed': { fields: string[] }
    'view.removed': Record<string, never>
    /** personId: who asked to be told. No part of the ticket's own history: nothing happened to it. */
    'view.ticket-appeared': { ticketId: string; personId: string }
    'bulk.finished': { do: string; done: number; cannot: number }
    'bulk.undone': { undone: number; changedSince: number }
  }
}

export {}
