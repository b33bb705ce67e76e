/** What happens to webhooks. Ids and codes only: addresses live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'webhook.created': Record<string, never>
    'webhook.changed': { fields: string[] }
    'webhook.secret-changed': Record<string, never>
    'webhook.removed': Record<string, never>
    'webhook.replayed': { count: number }
    /** personId: its owner, who is told, and the administrators. */
    'webhook.switched-off': { personId: string; why: 'gone' | 'failing' }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'webhooks.note': { ticketId: string; key: string; events: NotedEvent[] }
    'webhooks.send': { webhookId: string }
    'webhooks.look-after': Record<string, never>
    'webhooks.sweep': Record<string, never>
  }
}
/** What a delivery tells of an event: its own ids and codes that a requester may know. */
export type NotedEvent = { type: string; at: string; data: Record<string, unknown> }
