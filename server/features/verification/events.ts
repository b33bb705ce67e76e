/** What happens to verifications. Neither codes nor addresses are kept here; the row has the masked target. */
type About = { verificationId: string; method: string }
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'verification.requested': About
    'verification.passed': About
    'verification.failed': About & { why: 'tries' | 'refused' }
    'verification.waived': About
    'telephone.changed': { fields: string[] }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    /** `code` is sealed: only the gateway is told it. */
    'verification.send-sms': { verificationId: string; to: string; code: string; language: 'en' | 'de'; expiresAt: string }
    'verification.renumber': Record<string, never>
    'verification.date': Record<string, never>
  }
}

export {}
