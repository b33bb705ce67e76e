/** What happens to routing rules and to the lists that tickets are sorted by. Names of changed fields only, never their values. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'routing-rule.created': Record<string, never>
    'routing-rule.changed': { fields: string[] }
    'routing-rule.removed': Record<string, never>
    'routing-rules.ordered': { ids: string[] }
    'category.created': { parentId: string | null }
    'category.changed': { fields: string[] }
  }
}

export {}
