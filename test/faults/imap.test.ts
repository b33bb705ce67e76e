import { createRequire } from 'node:module'
import type { Server } from 'node:net'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawMail } from '../../server/features/mail/mail.testing.ts'
import { type Clone, cloneDatabase } from '../database.ts'
import { freePort } from '../free-port.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { checkConservation } from './oracles.ts'
import { newHome, openDatabase, type Program, startProgram, until } from './program.ts'

/** A mailbox that is fetched from a real IMAP server over a wire that breaks. */
type Imap = {
  listen(port: number, done: () => void): void
  close(done: () => void): void
  server: Server
  appendMessage(folder: string, flags: string[], at: Date, raw: string): void
  users: Record<string, { password: string }>
  getMailbox(path: string): { uidvalidity: number }
}
const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (settings: object) => Imap

let clone: Clone
let imap: Imap
let imapPort: number
let wire: FaultProxy
let program: Program
let db: pg.Client
const put: { messageId: string; raw: string }[] = []

beforeAll(async () => {
  clone = await cloneDatabase()
  imapPort = await freePort()
  imap = await startImap()
  wire = await startFaultProxy({ port: imapPort })
  program = await startProgram(newHome({ DATABASE_URL: clone.ownerUrl, IMAP_SILENCE_SECONDS: '6' }))
  db = await openDatabase(program.home)
  const connection = { host: '127.0.0.1', port: wire.port, secure: false, user: 'it' }
  const made = await program.call('POST /api/mailboxes', {
    name: 'IT',
    address: 'it@desk.example',
    way: 'imap',
    connection,
    secret: 'secret',
  })
  expect(made.status).toBe(201)
  await until('the mailbox is watched', async () => (await condition()) === 'watching')
})
afterAll(async () => {
  await db?.end()
  await program?.stop()
  program?.home.clean()
  await wire?.stop()
  await stopImap()
  await clone?.drop()
})

async function startImap(messages: { raw: string }[] = [], uidvalidity = 1): Promise<Imap> {
  const server = hoodiecrow({
    plugins: ['ID', 'SASL-IR', 'AUTH-PLAIN', 'IDLE', 'ENABLE', 'LITERALPLUS', 'UNSELECT', 'UIDPLUS'],
    storage: {
      INBOX: { uidvalidity, messages: messages.map(({ raw }) => ({ raw, flags: [], internaldate: '22-Nov-2026 10:00:00 +0000' })) },
    },
    users: { it: { password: 'secret' } },
  })
  await new Promise<void>((resolve) => server.listen(imapPort, resolve))
  return server
}
/** The server goes away with its connections. */
async function stopImap(): Promise<void> {
  wire?.reset()
  await new Promise<void>((resolve) => imap.close(resolve))
}
function arrive(name: string, body = 'It does not print.'): string {
  const messageId = `${name}@imap.example`
  const raw = rawMail({ to: ['it@desk.example'], subject: name, messageId, body })
  put.push({ messageId, raw })
  imap.appendMessage('INBOX', [], new Date(), raw)
  return messageId
}
const condition = async () =>
  (await db.query(`select condition->>'state' as state from mailbox where way = 'imap'`)).rows[0]?.state as string
const judged = (messageId: string, seconds = 30) =>
  until(
    `${messageId} is judged`,
    async () => (await db.query(`select 1 from inbound_mail where message_id = $1 and verdict = 'created'`, [messageId])).rowCount === 1,
    seconds,
  )
const oracle = () =>
  checkConservation(
    db,
    program.home.dataDir,
    put.map((one) => one.messageId),
  )

describe('FT-18: the wire breaks', () => {
  it.each([
    { where: 'in the middle of a mail', at: { bytes: 40_000 } },
    { where: 'before the last byte of the mail was told', at: { pattern: 'end of the long mail' } },
  ])('$where: it is fetched again, once', async ({ where, at }) => {
    const before = wire.cuts
    wire.set({ do: 'cut', way: 'down', after: at, before: true })
    const messageId = arrive(
      `cut-${where.length}`,
      `${`${'All work and no play. '.repeat(4).trim()}\r\n`.repeat(1000)}end of the long mail`,
    )
    await until('the wire was cut', () => wire.cuts === before + 1)
    await judged(messageId)
    expect(await oracle()).toEqual([])
  })

  it('killed between the commit and the note of how far it read: the mail is not taken twice', async () => {
    await program.stop()
    program = await startProgram(program.home, { FAILPOINT: 'mail.before-position:kill9' })
    const messageId = arrive('killed')
    await program.gone()
    expect(program.signal()).toBe('SIGKILL')
    expect((await db.query('select 1 from inbound_mail where message_id = $1', [messageId])).rowCount).toBe(1)
    // The watch and the jobs of the killed are free when their leases lapse; the wait is tested in crash.test.ts.
    await db.query(`delete from lease where name like 'mailbox:%'`)
    await db.query(`update lease set until = now() - interval '1 minute'`)
    await db.query(`update graphile_worker._private_jobs set locked_at = now() - interval '1 minute' where locked_at is not null`)
    program = await startProgram(program.home)
    await judged(messageId)
    const position = () => db.query(`select last_uid::int as uid from imap_position`).then((found) => found.rows[0].uid as number)
    await until('the position moved on', async () => (await position()) === put.length)
    expect(await oracle()).toEqual([])
  })
})

describe('FT-19: a slow server', () => {
  it('a mail at 60 KB a second comes whole, and the other way in does not wait for it', async () => {
    wire.set({ do: 'drip', bytesPerSecond: 60_000 })
    const messageId = arrive('slow', `${'x'.repeat(70)}\r\n`.repeat(3000))
    await new Promise((go) => setTimeout(go, 500))
    await program.mail({ messageId: 'meanwhile@smtp.example', subject: 'Meanwhile' })
    await until(
      'the other mail is judged',
      async () =>
        (await db.query(`select 1 from inbound_mail where message_id = 'meanwhile@smtp.example' and verdict = 'created'`)).rowCount === 1,
      5,
    )
    expect((await db.query('select 1 from inbound_mail where message_id = $1', [messageId])).rowCount).toBe(0)
    await judged(messageId, 40)
    wire.set({ do: 'pass' })
    expect(await oracle()).toEqual([])
  })
})

describe('FT-21: the server goes silent', () => {
  const watched = () => until('it watches again', async () => (await condition()) === 'watching', 30)

  it('while idle: the connection is given up after its time and made anew; mail of the meantime comes, and connections never pile up', async () => {
    await watched()
    let most = 0
    const sampler = setInterval(() => {
      most = Math.max(most, wire.open)
    }, 50)
    const opened = wire.everOpened
    wire.set({ do: 'stall' })
    const messageId = arrive('silent')
    await new Promise((go) => setTimeout(go, 2500))
    // The defence off (nobody gives up): this is what it would look like for ever.
    expect(wire.everOpened).toBe(opened)
    expect((await db.query('select 1 from inbound_mail where message_id = $1', [messageId])).rowCount).toBe(0)
    await until('the silent connection was given up', () => wire.everOpened > opened, 30)
    expect(await condition()).not.toBe('watching')
    const cause = (await db.query(`select condition->>'cause' as cause from mailbox where way = 'imap'`)).rows[0].cause
    expect(cause).toMatch(/^(timeout|closed)$/)
    wire.set({ do: 'pass' })
    await judged(messageId, 60)
    await watched()
    clearInterval(sampler)
    expect(most).toBeLessThanOrEqual(2)
    expect(await oracle()).toEqual([])
  }, 120_000)

  it('in the middle of a mail: no half of it is kept, and it comes whole', async () => {
    await watched()
    wire.set({ do: 'drip', bytesPerSecond: 30_000 })
    const messageId = arrive('stalled', `${'y'.repeat(70)}\r\n`.repeat(2000))
    await new Promise((go) => setTimeout(go, 1500))
    wire.set({ do: 'stall' })
    const opened = wire.everOpened
    await until('the silent connection was given up', () => wire.everOpened > opened, 40)
    expect((await db.query('select 1 from inbound_mail where message_id = $1', [messageId])).rowCount).toBe(0)
    wire.set({ do: 'pass' })
    await judged(messageId, 60)
    expect(await oracle()).toEqual([])
  }, 120_000)
})

describe('FT-20, FT-22, FT-30: the server', () => {
  it('FT-30: refuses the password: the desk says why; with the right one again nothing was skipped', async () => {
    const account = imap.users['it'] ?? { password: '' }
    account.password = 'changed'
    wire.reset()
    const cause = async () =>
      (await db.query(`select condition->>'cause' as cause from mailbox where way = 'imap'`)).rows[0].cause as string
    await until('the desk says so', async () => (await cause()) === 'sign-in-refused')
    const messageId = arrive('locked-out')
    account.password = 'secret'
    await judged(messageId, 60)
    expect(await oracle()).toEqual([])
  })

  it('FT-20: is away, and the desk says so; when it is back the mail of the meantime comes without a restart', async () => {
    const open = wire.everOpened
    await stopImap()
    await until('the desk says so', async () => (await condition()) === 'failing')
    await new Promise((go) => setTimeout(go, 3000))
    expect(wire.everOpened - open, 'it is tried again with growing pauses, not in a storm').toBeLessThan(8)
    const messageId = 'away@imap.example'
    put.push({ messageId, raw: rawMail({ to: ['it@desk.example'], subject: 'away', messageId }) })
    imap = await startImap(put)
    await judged(messageId, 60)
    expect(await condition()).toBe('watching')
    expect(await oracle()).toEqual([])
  })

  it('FT-22: numbers its mails anew: what is known is recognised, what is new comes', async () => {
    await stopImap()
    const messageId = 'renumbered@imap.example'
    put.unshift({ messageId, raw: rawMail({ to: ['it@desk.example'], subject: 'renumbered', messageId }) })
    imap = await startImap(put, 77)
    await judged(messageId, 60)
    await until(
      'all were looked at',
      async () => (await db.query(`select last_uid::int as uid from imap_position where uid_validity = 77`)).rows[0]?.uid === put.length,
    )
    await until('all are judged', async () => (await db.query(`select 1 from inbound_mail where verdict = 'pending'`)).rowCount === 0)
    expect((await db.query(`select 1 from inbound_mail where reason = 'duplicate'`)).rowCount).toBe(put.length - 1)
    expect(await oracle()).toEqual([])
  })
})
