import { randomUUID } from 'node:crypto'
import type { ImapFlow } from 'imapflow'
import type { Kernel } from '../../kernel/context.ts'
import { dropWatch, keepCondition, mailboxesToWatch, takeWatch, tellFailing, type Watched } from './actions-watching.ts'
import { askEvery, connectionTo } from './imap-connect.ts'
import { fetchNew } from './imap-fetch.ts'
import { needsPerson, type Trouble, troubleOf } from './mailbox-trouble.ts'
import { failuresInRow, pauseBefore } from './rules.ts'

/**
 * Mail in, by IMAP (RFC 9051). One watcher for each mailbox, on one node at a time: connect, fetch what lies above our
 * own UID, then IDLE until the server speaks (or, where it cannot, look every minute). The seen flag is never read and
 * nothing on the server is changed: other programs and rules may do with the mail as they like. A connection that breaks
 * is made again, after one second at first and at most a minute apart; a sign-in and ten seconds in IDLE begin anew at one second.
 */
export type ImapWatch = { stop(): Promise<void> }
type Running = { version: number; stop(): Promise<void> }

const lookEvery = 10_000

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
  let idleSince: number | null = null
  const once = async () => {
    idleSince = null
    await health.tell('connecting')
    client = await connectionTo(kernel, mailbox)
    client.on('error', () => wake())
    client.on('close', () => wake())
    client.on('exists', () => wake())
    await client.connect()
    const folder = mailbox.connection.folder || 'INBOX'
    const opened = await client.mailboxOpen(folder, { readOnly: true })
    await health.tell('watching')
    while (!stopped && client.usable) {
      await fetchNew(kernel, client, mailbox, folder, opened.uidValidity)
      if (stopped || !client.usable) break
      // Rung by the server's EXISTS, or by the clock. The next command ends IDLE.
      const rung = pause(askEvery(kernel))
      idleSince ??= Date.now()
      client.idle().catch(() => wake())
      await rung
      if (client.usable) await client.noop()
    }
    if (!stopped) throw new Error('The server closed the connection.')
  }
  const loop = (async () => {
    for (let failures = 0; !stopped; ) {
      await once().catch((cause) => health.fail(troubleOf(cause)))
      client?.close()
      failures = failuresInRow(failures, idleSince === null ? null : Date.now() - idleSince)
      if (!stopped) await pause(pauseBefore(failures))
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
  const tell = async (state: 'watching' | 'connecting' | 'failing' | 'not-connected', trouble?: Trouble): Promise<void> => {
    if (state === 'watching') {
      failingSince = null
      rung = false
    }
    // While it fails, each new try is no news.
    if (state === 'connecting' && failingSince !== null) return
    const { cause, detail } = trouble ?? { cause: '' as const, detail: '' }
    if (told === `${state} ${cause} ${detail}`) return
    told = `${state} ${cause} ${detail}`
    await keepCondition(kernel, id, { state, cause, detail }).catch(() => {})
  }
  const fail = async (trouble: Trouble): Promise<void> => {
    failingSince ??= Date.now()
    // What only a person can repair was told at once (actions-tokens.ts).
    if (needsPerson(trouble.cause)) return tell('not-connected', trouble)
    await tell('failing', trouble)
    if (rung || Date.now() - failingSince < 300_000) return
    rung = true
    await tellFailing(kernel, id).catch(() => {})
  }
  return { tell, fail }
}
