import type { LinkPurpose } from './rules.ts'

/** Signing in and out, and changes to its proofs: what an audit asks for (ASVS 16.3.1). Never a secret, never an address. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'session.started': { personId: string; sessionId: string; how: string }
    'session.second-factor-given': { personId: string; sessionId: string; how: string }
    'session.ended': { personId: string; count: number; why: 'sign-out' | 'revoked' | 'password-changed' | 'by-administrator' | 'archived' }
    'link.sent': { personId: string; purpose: LinkPurpose }
    'link.used': { personId: string; purpose: LinkPurpose }
    'password.set': { personId: string }
    'totp.confirmed': { personId: string }
    'totp.removed': { personId: string }
    'recovery-code.used': { personId: string; left: number }
    'passkey.added': { personId: string; passkeyId: string }
    'passkey.removed': { personId: string; passkeyId: string }
    'second-factor.reset': { personId: string }
    'identity.connected': { personId: string; providerId: string }
    'identity.disconnected': { personId: string; providerId: string }
    'oidc-provider.added': Record<string, never>
    'oidc-provider.changed': { fields: string[] }
    'oidc-provider.enabled': Record<string, never>
    'oidc-provider.disabled': Record<string, never>
    'oidc-provider.removed': { people: number }
    'oidc-provider.ordered': { count: number }
    'token.made': { personId: string; tokenId: string; scopes: string[] }
    'token.revoked': { personId: string; tokenId: string }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'session.send-link': { email: string; purpose: 'sign-in' | 'reset' }
    'session.sweep': Record<string, never>
    /** The mail feature runs it. `link` is sealed (linkAddress in actions-links.ts opens it); after `expiresAt` it is not worth sending. */
    'mail.system': SystemMail
  }
}

/** What the mail feature is asked to send (job mail.system). `link` is sealed: linkAddress opens it. */
export type SystemMail = {
  kind: 'sign-in' | 'invitation' | 'reset'
  personId: string
  address: string
  name: string
  language: string
  link: string
  linkId: string
  expiresAt: string
}
