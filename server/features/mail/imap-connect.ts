import { ImapFlow } from 'imapflow'
import type { Kernel } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { accessToken, providerFor } from './actions-consent.ts'
import { secretPlace } from './actions-mailboxes.ts'
import type { Watched } from './actions-watching.ts'

export type Reached = Pick<Watched, 'id' | 'address' | 'way' | 'connection' | 'secret' | 'grant_tokens'>

/** A connection to a mailbox, not opened yet. A dead wire is noticed within a minute and a half. */
export async function connectionTo(kernel: Kernel, mailbox: Reached): Promise<ImapFlow> {
  const user = mailbox.connection.user || mailbox.address
  const provider = mailbox.way === 'imap' ? null : providerFor(kernel, { ...mailbox })
  const host = provider?.host ?? mailbox.connection.host
  if (!host) throw new Problem('mailbox_unreachable', 'The mailbox has no server yet.')
  const auth = provider
    ? { user, accessToken: await accessToken(kernel, mailbox) }
    : { user, pass: mailbox.secret === null ? '' : kernel.secrets.open(mailbox.secret, secretPlace(mailbox.id)) }
  const secure = provider ? provider.port === 993 : (mailbox.connection.secure ?? true)
  return new ImapFlow({
    host,
    port: provider?.port ?? mailbox.connection.port ?? (secure ? 993 : 143),
    secure,
    auth,
    logger: false,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 90_000,
    maxIdleTime: 50_000,
    disableAutoIdle: true,
  })
}
