import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chooseAddress } from '../../server/kernel/embedded-postgres-address.ts'
import { findPostgresBinaries } from '../../server/kernel/embedded-postgres-binaries.ts'
import {
  appRole,
  connectionUrl,
  ownerRole,
  plainEnvironment,
  readPasswords,
  serverSettings,
} from '../../server/kernel/embedded-postgres-cluster.ts'
import { choosePostgresUser } from '../../server/kernel/embedded-postgres-user.ts'
import { type OwnPostgres, ownPostgres } from './postgres-of-our-own.ts'
import { type Answer, newHome, type Program, startProgram, until } from './program.ts'

/** A primary and a synchronous standby; the program is given the addresses of both. */
let primary: OwnPostgres
let standby: Awaited<ReturnType<typeof standbyOf>>
let program: Program
const primaryDir = mkdtempSync(join(tmpdir(), 'fl-primary-'))
const standbyDir = mkdtempSync(join(tmpdir(), 'fl-standby-'))

const connected = async (url: string) => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Copied while it runs, as `pg_basebackup` would, which the package does not have. */
async function copyOf(ownerUrl: string): Promise<void> {
  const db = await connected(ownerUrl)
  await db.query(`select pg_backup_start('standby', true)`)
  const skipped = new Set(['postmaster.pid', 'postmaster.opts', 'pg_wal'])
  cpSync(join(primaryDir, 'postgres'), join(standbyDir, 'postgres'), { recursive: true, filter: (from) => !skipped.has(basename(from)) })
  cpSync(join(primaryDir, 'secrets'), join(standbyDir, 'secrets'), { recursive: true })
  const ended = await db.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
  cpSync(join(primaryDir, 'postgres/pg_wal'), join(standbyDir, 'postgres/pg_wal'), { recursive: true })
  writeFileSync(join(standbyDir, 'postgres/backup_label'), ended.rows[0]?.labelfile ?? '')
  writeFileSync(join(standbyDir, 'postgres/standby.signal'), '')
  await db.end()
}

async function standbyOf(socketDir: string): Promise<{ appUrl: string; ownerUrl: string; stop(): Promise<void> }> {
  const passwords = readPasswords(standbyDir, true)
  const { postgres } = findPostgresBinaries()
  const clusterDir = join(standbyDir, 'postgres')
  const user = choosePostgresUser({ dataDir: standbyDir, clusterDir, postgres })
  const at = await chooseAddress(standbyDir, user)
  const follow = `host=${socketDir} port=5432 user=${ownerRole} password=${passwords.owner} application_name=standby`
  const settings = Object.entries({ ...serverSettings(at, false, {}), primary_conninfo: follow }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const [command = postgres, ...rest] = [...user.prefix, postgres, '-D', clusterDir, ...settings]
  const server: ChildProcess = spawn(command, rest, { stdio: 'ignore', env: plainEnvironment, cwd: '/' })
  const ownerUrl = connectionUrl(ownerRole, passwords.owner, at)
  await until(
    'the standby answers',
    () =>
      connected(ownerUrl)
        .then((client) => client.end().then(() => true))
        .catch(() => false),
    60,
  )
  return {
    ownerUrl,
    appUrl: connectionUrl(appRole, passwords.app, at),
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGINT')
      await once(server, 'exit')
    },
  }
}

/** `postgres://user:password@localhost:5432/firstline?host=/run/one,/run/two` */
function both(one: string, two: string): string {
  const url = new URL(one)
  const hosts = [one, two].map((each) => new URL(each).searchParams.get('host'))
  url.searchParams.set('host', hosts.join(','))
  return url.href
}

beforeAll(async () => {
  primary = await ownPostgres({ dataDir: primaryDir })
  await copyOf(primary.settings.DATABASE_OWNER_URL)
  standby = await standbyOf(primary.socketDir)
  const db = await connected(primary.settings.DATABASE_OWNER_URL)
  await db.query(`alter system set synchronous_standby_names = '*'`)
  await db.query('select pg_reload_conf()')
  await until('the standby follows', async () => {
    const found = await db.query(`select 1 from pg_stat_replication where sync_state = 'sync'`)
    return found.rowCount === 1
  })
  await db.end()
  const { DATABASE_URL, DATABASE_OWNER_URL } = primary.settings
  program = await startProgram(
    newHome({ DATABASE_URL: both(DATABASE_URL, standby.appUrl), DATABASE_OWNER_URL: both(DATABASE_OWNER_URL, standby.ownerUrl) }),
  )
}, 120_000)
afterAll(async () => {
  await program?.stop()
  program?.home.clean()
  await standby?.stop()
  await primary?.clean()
  for (const folder of [primaryDir, standbyDir]) rmSync(folder, { recursive: true, force: true })
}, 60_000)

it('FT-05: the standby is promoted; the program goes on there without a restart, and what was acknowledged is there, once', async () => {
  const open = (key: string): Promise<Answer> =>
    program
      .call('POST /api/tickets', { subject: key }, { 'idempotency-key': key })
      .catch((cause) => ({ status: 0, retryAfter: null, body: { code: String(cause) } }))
  const acknowledged: string[] = []
  const refused = new Set<number>()
  let over = false
  const client = async (name: string) => {
    for (let n = 0; !over; n++) {
      const key = `${name}-${n}`
      for (let answer = await open(key); ; answer = await open(key)) {
        if (answer.status === 201) break
        refused.add(answer.status)
        await new Promise((go) => setTimeout(go, 250))
      }
      acknowledged.push(key)
    }
  }
  const clients = ['a', 'b', 'c', 'd'].map(client)
  await until('tickets are opened', () => acknowledged.length > 20)
  await primary.stop('immediate')
  const db = await connected(standby.ownerUrl)
  expect((await db.query('select pg_is_in_recovery() as standby')).rows[0]).toEqual({ standby: true })
  await db.query('select pg_promote(true, 30)')
  const before = acknowledged.length
  // Whoever knows the primary's address alone is cut off.
  await expect(connected(primary.settings.DATABASE_URL)).rejects.toThrow()
  const back = await until('tickets are opened again', () => acknowledged.length > before + 20, 30)
  over = true
  await Promise.all(clients)
  expect(back).toBeLessThan(30_000)
  const found = await db.query<{ subject: string; n: string }>('select subject, count(*) as n from ticket group by subject')
  await db.end()
  const made = new Map(found.rows.map(({ subject, n }) => [subject, Number(n)]))
  expect(acknowledged.filter((key) => made.get(key) !== 1)).toEqual([])
  expect([...made.values()].every((n) => n === 1)).toBe(true)
  expect([...refused].filter((status) => status !== 503)).toEqual([])
  const mail = { messageId: 'after@failover.example', subject: 'After the failover' }
  await program.mail(mail)
  await until('a mail becomes a ticket there', async () => {
    const { body } = await program.call('GET /api/mail/journal?messageId=after@failover.example')
    return body.items?.[0]?.['verdict'] === 'created'
  })
}, 120_000)
