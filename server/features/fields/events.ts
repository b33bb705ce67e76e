/** What happens to the definitions of own fields. Ids and codes only: their words live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'field.added': { type: string }
    'field.changed': { fields: string[] }
    'fields.ordered': { ids: string[] }
  }
}

export {}
