declare module '../../kernel/events.ts' {
  interface EventTypes {
    'failed-job.retried': { job: string }
    'failed-job.settled': { job: string }
    'backup.asked': Record<string, never>
    /** The encryption key was changed: so many secrets were sealed anew. */
    'key.changed': { secrets: number }
    /** It passed 80 or 90 per cent. */
    'disk.filled': { percentUsed: number }
  }
}

export {}
