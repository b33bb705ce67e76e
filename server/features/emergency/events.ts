/** What happens at the emergency phone. Ids and codes only: numbers and words live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'emergency.opened': { callId: string; paged: boolean; hungUp: boolean }
    'emergency.judged': { impact: number | null; urgency: number | null; paged: boolean }
    'emergency.changed': { fields: string[] }
    'emergency-set.added': Record<string, never>
    'emergency-set.changed': { questions: number }
    'emergency-set.removed': Record<string, never>
    'voice-line.added': Record<string, never>
    'voice-line.changed': { fields: string[] }
    'voice-line.key-renewed': Record<string, never>
    'voice-line.archived': Record<string, never>
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'emergency.sweep': Record<string, never>
    'emergency.forget': Record<string, never>
  }
}

export {}
