import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { checkConservation } from './oracles.ts'
import { type OwnPostgres, ownPostgres } from './postgres-of-our-own.ts'
import { type Answer, newHome, openDatabase, type Program, startProgram, until } from './program.ts'

/** The database goes away, dies, fills up or forgets to answer; nobody's ticket is lost or doubled. */
let postgres: OwnPostgres
let program: Program
let proxy: FaultProxy
let db: pg.Client
const taken: string[] = []
const wires = mkdtempSync(join(tmpdir(), 'fl-wire-'))

beforeAll(async () => {
  postgres = await ownPostgres()
  proxy = await startFaultProxy({ path: join(postgres.socketDir, '.s.PGSQL.5432') }, { path: join(wires, '.s.PGSQL.5432') })
  const through = new URL(postgres.settings.DATABASE_URL)
  through.searchParams.set('host', wires)
  program = await startProgram(newHome({ ...postgres.settings, DATABASE_URL: through.href }))
  db = await openDatabase(program.home)
})
afterAll(async () => {
  await db?.end().catch(() => {})
  await program?.stop()
  program?.home.clean()
  await proxy?.stop()
  await postgres?.clean()
  rmSync(wires, { recursive: true, force: true })
})

const open = (subject: string, key?: string): Promise<Answer> =>
  program
    .call('POST /api/tickets', { subject }, key === undefined ? {} : { 'idempotency-key': key })
    .catch((cause) => ({ status: 0, retryAfter: null, body: { code: String(cause) } }))
const ticketsCalled = async (pattern: string) =>
  Number((await db.query('select count(*) from ticket where subject like $1', [pattern])).rows[0].count)

/** Opens tickets and repeats, as a client should, what was answered with 503; what each attempt was answered. */
async function underLoad(
  name: string,
  during: () => Promise<void>,
): Promise<{ keys: number; statuses: Map<number, number>; retryAfterMissing: number }> {
  const statuses = new Map<number, number>()
  let keys = 0
  let retryAfterMissing = 0
  let over = false
  const client = async () => {
    while (!over) {
      const key = `${name}-${++keys}`
      for (;;) {
        const answer = await open(key, key)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        if (answer.status === 503 && answer.retryAfter === null) retryAfterMissing++
        if (answer.status !== 503) break
        await new Promise((go) => setTimeout(go, 250))
      }
    }
  }
  const clients = [1, 2, 3, 4, 5, 6].map(client)
  await during()
  over = true
  await Promise.all(clients)
  return { keys, statuses, retryAfterMissing }
}
const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))

describe('FT-01: PostgreSQL is restarted under load', () => {
  it.each(['fast', 'immediate'] as const)(
    '%s: requests succeed or say when to come back, and every repeated request made one ticket',
    async (how) => {
      const post = (async () => {
        for (let n = 0; n < 20; n++) {
          const messageId = `${how}-${n}@load.example`
          const refused = await program.mail({ messageId, subject: `Mail ${how} ${n}` }).then(
            () => 0,
            (cause: { responseCode?: number }) => cause.responseCode,
          )
          if (refused === 0) taken.push(messageId)
          else expect(refused).toBe(451)
          await pause(100)
        }
      })()
      await db.end()
      let backAfter = Number.NaN
      const { keys, statuses, retryAfterMissing } = await underLoad(how, async () => {
        await pause(500)
        await postgres.stop(how)
        await pause(2500)
        await postgres.start()
        backAfter = await until('the program answers again', async () => (await program.call('GET /api/tickets')).status === 200)
        await pause(500)
      })
      await post
      db = await openDatabase(program.home)
      expect([...statuses.keys()].sort()).toEqual([201, 503])
      expect(retryAfterMissing).toBe(0)
      expect(backAfter).toBeLessThan(5000)
      expect(await ticketsCalled(`${how}-%`)).toBe(keys)
      expect(program.running()).toBe(true)
    },
  )

  it('the jobs go on after a longer outage too, and every mail that was taken is one message', async () => {
    await db.end()
    await postgres.stop('fast')
    await pause(6000)
    await postgres.start()
    db = await openDatabase(program.home)
    await until('the program answers again', async () => (await program.call('GET /api/tickets')).status === 200, 5)
    taken.push('after@outage.example')
    await program.mail({ messageId: 'after@outage.example' })
    await until(
      'the mails are judged',
      async () => (await db.query(`select 1 from inbound_mail where verdict = 'pending'`)).rowCount === 0,
      40,
    )
    expect(taken.length).toBeGreaterThan(10)
    expect(await checkConservation(db, program.home.dataDir, taken)).toEqual([])
    expect(program.running()).toBe(true)
  })
})

describe('FT-02: connections are terminated again and again', () => {
  it('a request is done whole or not at all', async () => {
    const { keys, statuses } = await underLoad('cut-off', async () => {
      for (let n = 0; n < 30; n++) {
        await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'firstline' and random() < 0.5`)
        await pause(100)
      }
    })
    expect([...statuses.keys()].filter((status) => status !== 201 && status !== 503)).toEqual([])
    expect(statuses.get(503), 'none of the terminations was felt').toBeGreaterThan(0)
    expect(await ticketsCalled('cut-off-%')).toBe(keys)
    const halves = await db.query(
      `select 1 from ticket t where subject like 'cut-off-%' and not exists (select 1 from event e where e.ticket_id = t.id and e.type = 'ticket.created')`,
    )
    expect(halves.rowCount).toBe(0)
  })
})

describe('FT-03: the connection dies while a commit is under way', () => {
  const commit = { pattern: Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1') }

  it('after COMMIT went out: the caller is told to repeat, and the repetition gives the stored answer', async () => {
    proxy.set({ do: 'cut', way: 'up', after: commit, having: 'unknown-1' })
    const first = await open('Unknown outcome', 'unknown-1')
    expect(first).toMatchObject({ status: 503, retryAfter: '3', body: { code: 'unavailable', outcome: 'unknown' } })
    const again = await open('Unknown outcome', 'unknown-1')
    expect(again.status).toBe(201)
    expect(await ticketsCalled('Unknown outcome')).toBe(1)
    expect((await open('Unknown outcome', 'unknown-1')).body['id']).toBe(again.body['id'])
  })

  it('before COMMIT arrived: the repetition makes the ticket', async () => {
    proxy.set({ do: 'cut', way: 'up', after: commit, having: 'unknown-2', before: true })
    expect((await open('Never arrived', 'unknown-2')).status).toBe(503)
    expect(await ticketsCalled('Never arrived')).toBe(0)
    expect((await open('Never arrived', 'unknown-2')).status).toBe(201)
    expect(await ticketsCalled('Never arrived')).toBe(1)
  })

  it('without a key the same repetition makes two: the key is what protects', async () => {
    proxy.set({ do: 'cut', way: 'up', after: commit, having: 'Twice without a key' })
    expect((await open('Twice without a key')).status).toBe(503)
    expect((await open('Twice without a key')).status).toBe(201)
    expect(await ticketsCalled('Twice without a key')).toBe(2)
  })

  it('a mail whose commit got lost is refused for now; sent again it is one message', async () => {
    proxy.set({ do: 'cut', way: 'up', after: commit, having: 'lost@commit.example' })
    const mail = { messageId: 'lost@commit.example', subject: 'Lost commit' }
    await expect(program.mail(mail)).rejects.toMatchObject({ responseCode: 451 })
    await program.mail(mail)
    await until(
      'both are judged',
      async () =>
        (await db.query(`select 1 from inbound_mail where message_id = 'lost@commit.example' and verdict <> 'pending'`)).rowCount === 2,
    )
    expect(await ticketsCalled('Lost commit')).toBe(1)
    expect(await checkConservation(db, program.home.dataDir, ['lost@commit.example'])).toEqual([])
  })
})

describe('FT-05: the database becomes read-only', () => {
  it('reading goes on, writing is refused as read_only, and mail is deferred, not lost', async () => {
    await db.query('alter database firstline set default_transaction_read_only = on')
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'firstline'`)
    const mail = { messageId: 'readonly@mail.example', subject: 'Read only' }
    await until('a write is refused', async () => (await open('Read only')).body.code === 'read_only', 5)
    expect((await program.call('GET /api/tickets')).status).toBe(200)
    await expect(program.mail(mail)).rejects.toMatchObject({ responseCode: 451 })
    const writable = await openDatabase(program.home)
    await writable.query('set default_transaction_read_only = off')
    await writable.query('alter database firstline reset default_transaction_read_only')
    await writable.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'firstline'`)
    await writable.end()
    await until('writing works again without a restart', async () => (await open('Writable')).status === 201, 5)
    await program.mail(mail)
    await until(
      'the mail is judged',
      async () =>
        (await db.query(`select 1 from inbound_mail where message_id = 'readonly@mail.example' and verdict = 'created'`)).rowCount === 1,
    )
  })
})
