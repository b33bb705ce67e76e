/** What happens to repeated issues. Ids, codes and numbers only: the reason that somebody gives lives in its row. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'radar.burst': { issueId: string; tickets: number }
    'radar.decided': { state: string; from: string }
    'radar.came-back': { tickets: number }
  }
}

export {}
