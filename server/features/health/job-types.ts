declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'health.backup': { asked?: boolean }
  }
}

export {}
