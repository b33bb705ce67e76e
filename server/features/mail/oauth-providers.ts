import type { Kernel } from '../../kernel/context.ts'
import type { MailboxFacts } from './access-mailboxes.ts'
import { mailboxProblem } from './mailbox-trouble.ts'

/** Where Microsoft 365 and Google have their doors: for the sign-in, for mail in, for mail out. */
export type Provider = {
  authorize: string
  token: string
  scope: string
  host: string
  port: number
  smtp: { host: string; port: number; secure: boolean }
  more: Record<string, string>
}

declare module '../../kernel/context.ts' {
  interface Outside {
    mailProvider?: (way: 'microsoft' | 'google', tenant: string) => Provider
  }
}

export function providerOf(way: 'microsoft' | 'google', tenant: string): Provider {
  if (way === 'google')
    return {
      authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
      scope: 'https://mail.google.com/',
      host: 'imap.gmail.com',
      port: 993,
      smtp: { host: 'smtp.gmail.com', port: 465, secure: true },
      more: { access_type: 'offline', prompt: 'consent' },
    }
  const base = `https://login.microsoftonline.com/${encodeURIComponent(tenant || 'organizations')}/oauth2/v2.0`
  return {
    authorize: `${base}/authorize`,
    token: `${base}/token`,
    scope: 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
    host: 'outlook.office365.com',
    port: 993,
    smtp: { host: 'smtp.office365.com', port: 587, secure: false },
    more: { prompt: 'select_account' },
  }
}

export type SignsIn = Pick<MailboxFacts, 'id' | 'address' | 'way' | 'connection' | 'secret'>

export const providerFor = (kernel: Kernel, mailbox: SignsIn): Provider => {
  if (mailbox.way !== 'microsoft' && mailbox.way !== 'google') throw mailboxProblem('other', 'This mailbox does not sign in by OAuth.')
  return (kernel.outside.mailProvider ?? providerOf)(mailbox.way, mailbox.connection.tenant ?? '')
}
