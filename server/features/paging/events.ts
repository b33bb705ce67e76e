/** What happens to pages and to those who are paged. Ids and codes only: numbers and addresses live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'page.begun': { pageId: string; why: string; policyId: string | null; ruleId: string | null }
    /** `byId`, not `personId`: that would be told to this person alone (kernel/live.ts). */
    'page.acknowledged': { pageId: string; byId: string; via: string }
    'page.passed-on': { pageId: string; byId: string | null }
    'page.rings-again': { pageId: string; byId: string | null }
    'page.ended': { pageId: string; why: string }
    /** Neither the policy nor the catch-all led to anybody who could be told. */
    'page.nobody-reached': { pageId: string }
    'paging-policy.created': Record<string, never>
    'paging-policy.changed': { fields: string[] }
    'paging-policy.archived': Record<string, never>
    'paging-rule.created': Record<string, never>
    'paging-rule.changed': { fields: string[] }
    'paging-rule.archived': Record<string, never>
    'paging.changed': { fields: string[] }
    'paging-channel.added': { kind: string }
    'paging-channel.changed': { fields: string[] }
    'paging-channel.removed': { kind: string }
    /** The pager did not run for so long. */
    'pager.silent': { seconds: number }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'paging.look': { ticketId: string; again: boolean }
    'paging.advance': { pageId: string }
    'paging.send': { personId: string; kind: string; channelId: string | null }
    'paging.check-mail': { messageId: string }
    'paging.watch': Record<string, never>
    'paging.forget': Record<string, never>
  }
}

export {}
