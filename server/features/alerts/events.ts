/** What becomes of alerts and their sources. What machines told stands in their rows only. */
type AlertTold = { alertId: string; sourceId: string; severity: string; count: number }

declare module '../../kernel/events.ts' {
  interface EventTypes {
    'alert.opened': AlertTold
    'alert.suppressed': AlertTold
    'alert.repeated': AlertTold
    'alert.returned': AlertTold
    'alert.acknowledged': AlertTold
    'alert.cleared': AlertTold
    'alert-source.added': { kind: string }
    'alert-source.changed': { fields: string[] }
    'alert-source.key-renewed': Record<string, never>
    'alert-source.archived': Record<string, never>
    /** It used to speak, and has been silent for so many minutes. */
    'alert-source.silent': { minutes: number }
    'alert-silence.begun': { sourceId: string | null }
    'alert-silence.ended': Record<string, never>
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'alerts.fold': { sourceId: string }
    'alerts.watch': Record<string, never>
    'alerts.forget': Record<string, never>
  }
}

export {}
