/** What happens to imports and exports; a ticket says where it came from. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'import.prepared': { source: string; kind: string | null }
    'import.started': { source: string; kind: string | null }
    'import.paused': Record<string, never>
    'import.cancelled': Record<string, never>
    'import.finished': { added: number; changed: number; skipped: number; broken: number }
    'import.failed': Record<string, never>
    'export.asked': Record<string, never>
    'export.fetched': Record<string, never>
    'export.removed': Record<string, never>
    'ticket.imported': { runId: string; source: string }
  }
}

export {}
