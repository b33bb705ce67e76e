declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'health.backup': { asked?: boolean }
    'health.sweep-files': Record<string, never>
  }
}

export {}
