/** What happens to rotas. Ids and numbers only; names, reasons and notes live in their rows. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'oncall.rota-added': Record<string, never>
    'oncall.rota-changed': { fields: string[] }
    'oncall.rota-archived': Record<string, never>
    'oncall.rota-restored': Record<string, never>
    /** personIds: who is put on call, and whose shift it was. */
    'oncall.override-added': { overrideId: string; personIds: string[] }
    'oncall.override-removed': { overrideId: string; personIds: string[] }
    /** personIds: who may answer. */
    'oncall.swap-offered': { swapId: string; personIds: string[] }
    /** personIds: both. */
    'oncall.swap-accepted': { swapId: string; overrideId: string; personIds: string[] }
    'oncall.swap-declined': { swapId: string; personIds: string[] }
    'oncall.swap-withdrawn': { swapId: string; personIds: string[] }
    'oncall.handover-written': { noteId: string; personIds: string[] }
    'oncall.handover-read': { noteId: string }
    /** Nobody is on call then, so many days ahead; personIds: the leads. */
    'oncall.gap-ahead': { startsAt: string; days: number; personIds: string[] }
    'oncall.link-made': { linkId: string; rotaId: string | null }
    'oncall.link-ended': { linkId: string; rotaId: string | null }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'oncall.look-ahead': Record<string, never>
  }
}

export {}
