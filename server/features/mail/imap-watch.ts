import { randomUUID } from 'node:crypto'
import type { ImapFlow } from 'imapflow'
import type { Kernel } from '../../kernel/context.ts'
import { dropWatch, keepCondition, mailboxesToWatch, takeWatch, tellFailing, type Watched } from './actions-watching.ts'
import { connectionTo } from './imap-connect.ts'
import { fetchNew } from './imap-fetch.ts'

/**
 * Mail in, by IMAP (RFC 9051). One watcher for each mailbox, on one node at a time: connect, fetch what lies above our
 * own UID, then IDLE until the server speaks (or, where it cannot, look every minute). The seen flag is never read and
 * nothing on the server is changed: other programs and rules may do with the mail as they like. A connection that breaks
 * is made again, after one second at first and at most a minute apart.
 */
export type ImapWatch = { stop(): Promise<void> }
type Running = { version: number; stop(): Promise<void> }

const lookEvery = 10_000
const longestPause = 60_000
const pollEvery = 55_000

export function startImapWatch(kernel: Kernel, every = lookEvery): ImapWatch {
  const node = randomUUID()
  const running = new Map<string, Running>()
  let stopped = false
  const look = async (): Promise<void> => {
    const wanted = await mailboxesToWatch(kernel)
    for (const [id, watcher] of running) if (!wanted.some((one) => one.id === id && one.version === watcher.version)) await end(id, watcher)
    for (const mailbox of wanted) {
      const mine = await takeWatch(kernel, mailbox.id, node)
      const watcher = running.get(mailbox.id)
      if (!mine && watcher) await end(mailbox.id, watcher)
      if (mine && !watcher && !stopped) running.set(mailbox.id, watchMailbox(kernel, mailbox))
    }
  }
  const end = async (id: string, watcher: Running) => {
    running.delete(id)
    await watcher.stop()
  }
  let last: Promise<void> = Promise.resolve()
  const turn = () => {
    last = last.then(look).catch((cause) => kernel.log.warn('mailboxes not looked at', { cause: String(cause) }))
  }
  turn()
  const timer = setInterval(turn, every)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await last
      for (const [id, watcher] of running) {
        await watcher.stop()
        await dropWatch(kernel, id, node).catch(() => {})
      }
    },
  }
}

export function watchMailbox(kernel: Kernel, mailbox: Watched): Running {
  let stopped = false
  let client: ImapFlow | undefined
  let wake: () => void = () => {}
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const health = conditionKeeper(kernel, mailbox.id)
  const once = async () => {
    await health.tell('connecting', '')
    client = await connectionTo(kernel, mailbox)
    client.on('error', () => wake())
    client.on('close', () => wake())
    client.on('exists', () => wake())
    await client.connect()
    const folder = mailbox.connection.folder || 'INBOX'
    const opened = await client.mailboxOpen(folder, { readOnly: true })
    await health.tell('watching', '')
    while (!stopped && client.usable) {
      await fetchNew(kernel, client, mailbox, folder, opened.uidValidity)
      if (stopped || !client.usable) break
      // Rung by the server's EXISTS, or by the clock. The next command ends IDLE.
      const rung = pause(pollEvery)
      client.idle().catch(() => wake())
      await rung
      if (client.usable) await client.noop()
    }
    if (!stopped) throw new Error('The server closed the connection.')
  }
  const loop = (async () => {
    for (let failures = 0; !stopped; ) {
      const began = Date.now()
      await once().catch((cause) => health.fail(wordsOf(cause)))
      client?.close()
      failures = Date.now() - began > 120_000 ? 1 : failures + 1
      if (!stopped) await pause(Math.min(longestPause, 500 * 2 ** failures))
    }
  })()
  return {
    version: mailbox.version,
    async stop() {
      stopped = true
      wake()
      client?.close()
      await loop
    },
  }
}

/** Writes a condition when it changes; rings once when a mailbox has failed for five minutes. */
function conditionKeeper(kernel: Kernel, id: string) {
  let told = ''
  let failingSince: number | null = null
  let rung = false
  const tell = async (state: 'watching' | 'connecting' | 'failing', cause: string): Promise<void> => {
    if (state === 'watching') {
      failingSince = null
      rung = false
    }
    // While it fails, each new try is no news.
    if (state === 'connecting' && failingSince !== null) return
    if (told === `${state} ${cause}`) return
    told = `${state} ${cause}`
    await keepCondition(kernel, id, { state, cause }).catch(() => {})
  }
  const fail = async (cause: string): Promise<void> => {
    failingSince ??= Date.now()
    await tell('failing', cause)
    if (rung || Date.now() - failingSince < 300_000) return
    rung = true
    await tellFailing(kernel, id).catch(() => {})
  }
  return { tell, fail }
}

export function wordsOf(cause: unknown): string {
  const {
    message = '',
    responseText,
    authenticationFailed,
  } = cause as { message?: string; responseText?: string; authenticationFailed?: boolean }
  if (authenticationFailed) return `The server refuses the sign-in: ${responseText ?? message}`.slice(0, 300)
  return (responseText ?? message ?? String(cause)).slice(0, 300)
}
