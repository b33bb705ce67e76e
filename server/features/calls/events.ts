import type { SeverityTold } from '../../../contract/emergency.ts'

/** What happens on the phone. Numbers stand in the call's row only. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    /** With personId: only that person's screens hear of it, and show who calls. */
    'call.ringing': { personId?: string; callId: string }
    'call.changed': { state: string }
    'call.logged': { callId: string; direction: 'in' | 'out'; ending: string }
    'call-back.asked': { callBackId: string; assigneeId: string | null }
    'call-back.changed': { callBackId: string; assigneeId: string | null }
    'call-back.due': { callBackId: string; assigneeId: string | null }
    'call-back.done': { callBackId: string; result: 'reached' | 'not-reached' | 'dropped'; tries: number }
    'phone-system.added': Record<string, never>
    'phone-system.key-changed': Record<string, never>
    'phone-system.removed': Record<string, never>
  }
}

declare module '../../kernel/events.ts' {
  interface EventCarries {
    /** What the caller answered to the severity questions, for the feature that asks them. */
    'call.logged': { severity: SeverityTold | null }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'calls.ring-due': Record<string, never>
  }
}
