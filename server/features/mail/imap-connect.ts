import type { ImapFlow } from 'imapflow'
import type { Kernel } from '../../kernel/context.ts'
import { secretPlace } from './access-mailboxes.ts'
import { accessToken } from './actions-tokens.ts'
import type { Watched } from './actions-watching.ts'
import { mailboxProblem } from './mailbox-trouble.ts'
import { providerFor } from './oauth-providers.ts'

export type Reached = Pick<Watched, 'id' | 'address' | 'way' | 'connection' | 'secret' | 'grant_tokens'>

/** A connection to a mailbox, not opened yet. A dead wire is noticed when the server has been silent for IMAP_SILENCE_SECONDS. */
export async function connectionTo(kernel: Kernel, mailbox: Reached): Promise<ImapFlow> {
  const user = mailbox.connection.user || mailbox.address
  const provider = mailbox.way === 'imap' ? null : providerFor(kernel, { ...mailbox })
  const host = provider?.host ?? mailbox.connection.host
  if (!host) throw mailboxProblem('no-server')
  const auth = provider
    ? { user, accessToken: await accessToken(kernel, mailbox) }
    : { user, pass: mailbox.secret === null ? '' : kernel.secrets.open(mailbox.secret, secretPlace(mailbox.id)) }
  const secure = provider ? provider.port === 993 : (mailbox.connection.secure ?? true)
  const imap = await import('imapflow')
  return new imap.ImapFlow({
    host,
    port: provider?.port ?? mailbox.connection.port ?? (secure ? 993 : 143),
    secure,
    auth,
    logger: false,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: kernel.settings.IMAP_SILENCE_SECONDS * 1000,
    maxIdleTime: askEvery(kernel),
    disableAutoIdle: true,
  })
}

/** While nothing happens the server is asked so often, well before its silence would count as its end. */
export const askEvery = (kernel: Kernel): number => Math.round(kernel.settings.IMAP_SILENCE_SECONDS * 0.55) * 1000
