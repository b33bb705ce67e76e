declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'transfer.run': { runId: string }
    'transfer.export': { id: string }
    'transfer.sweep': Record<string, never>
  }
}

export {}
