import type { Kernel } from '../../kernel/context.ts'
import { reachableMailbox } from './access-reachable.ts'
import { accessToken } from './actions-tokens.ts'
import { isLoopback } from './authenticate.ts'
import type { Reached } from './imap-connect.ts'
import { providerFor } from './oauth-providers.ts'
import { type MailTransport, type SmtpPlace, smtpTransport } from './outside.ts'

/**
 * The way out for one mail: the server of its own mailbox where that is connected by OAuth (XOAUTH2), else the relay of
 * SMTP_URL. In the sample company nothing leaves the machine, whatever a mailbox is connected to.
 */
declare module '../../kernel/context.ts' {
  interface Outside {
    mailStaysHere?: true
  }
}

export async function transportFor(kernel: Kernel, mailboxId: string | null): Promise<MailTransport | null> {
  const { mailTransport, mailStaysHere } = kernel.outside
  if (mailboxId === null || mailStaysHere) return mailTransport
  const mailbox = await kernel.transactor.transaction((db) => reachableMailbox(db, mailboxId), { reads: true })
  return mailbox && mailbox.way !== 'smtp' && isOwnSender({ ...mailbox, way: mailbox.way }) ? ownTransport(kernel, mailbox) : mailTransport
}

export const isOwnSender = ({ way, connection, grant_tokens }: Pick<Reached, 'connection' | 'grant_tokens'> & { way: string }): boolean =>
  (way === 'microsoft' || way === 'google') && grant_tokens !== null && connection.sends !== 'relay'

type Own = Omit<Reached, 'way'> & { way: 'smtp' | Reached['way'] }

/** A token that the server refuses is renewed once; a second refusal puts the mail off. */
function ownTransport(kernel: Kernel, mailbox: Own): MailTransport {
  return async (parcel) => {
    const handed = await (await signedIn(kernel, mailbox, false))(parcel)
    return handed.signInRefused ? (await signedIn(kernel, mailbox, true))(parcel) : handed
  }
}

const signedIn = async (kernel: Kernel, mailbox: Own, anew: boolean): Promise<MailTransport> =>
  smtpTransport(await placeOf(kernel, mailbox, anew), kernel.settings.mailDomain)

export async function placeOf(kernel: Kernel, mailbox: Own, anew = false): Promise<SmtpPlace> {
  const { smtp } = providerFor(kernel, mailbox)
  const { user, sendHost, sendPort } = mailbox.connection
  const host = sendHost ?? smtp.host
  const port = sendPort ?? smtp.port
  const secure = sendPort === undefined ? smtp.secure : sendPort === 465
  const auth = { type: 'OAuth2' as const, user: user || mailbox.address, accessToken: await accessToken(kernel, mailbox, anew) }
  return { host, port, secure, requireTLS: !secure && !isLoopback(host), auth }
}
