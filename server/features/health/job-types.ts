declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'health.backup': { asked?: boolean }
    'health.watch-disk': Record<string, never>
    'health.sweep-files': Record<string, never>
  }
}

export {}
