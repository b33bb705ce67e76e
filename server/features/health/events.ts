declare module '../../kernel/events.ts' {
  interface EventTypes {
    'failed-job.retried': { job: string }
    'failed-job.settled': { job: string }
    'backup.asked': Record<string, never>
  }
}

export {}
