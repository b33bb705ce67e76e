/** What happens to side conversations. Ids and codes only: addresses and words live in their rows. For staff, all of it. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'side.opened': { sideId: string }
    'side.written': { sideId: string; messageId: string }
    'side.reminded': { sideId: string; messageId: string }
    'side.answered': { sideId: string; messageId: string; by: 'party' | 'customer' | 'staff' | 'none' }
    'side.changed': { sideId: string; fields: string[] }
    'side.done': { sideId: string }
    'side.reopened': { sideId: string }
    'side.chase-due': { sideId: string }
  }
}

export {}
