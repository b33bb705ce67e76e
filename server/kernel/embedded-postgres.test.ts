import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedPostgres, joinEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { findPostgresBinaries } from './embedded-postgres-binaries.ts'
import { livingPostmaster } from './embedded-postgres-lock.ts'
import { choosePostgresUser } from './embedded-postgres-user.ts'

const isRoot = process.getuid?.() === 0
let dataDir: string
const running: EmbeddedPostgres[] = []
const children: ChildProcess[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fl-pg-'))
  // Where root may make no user namespace, PostgreSQL runs as a system user, who must get through the test's folder.
  chmodSync(dataDir, 0o755)
})

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  while (livingPostmaster(join(dataDir, 'postgres'))) await sleep(20)
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(dir = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: dir, fsync: false })
  running.push(server)
  return server
}

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** A program of its own that starts PostgreSQL, so that it can be killed. */
async function startInAnotherProcess(): Promise<ChildProcess> {
  const source = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))}
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    console.log('ready')
    setInterval(() => {}, 1000)`
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: [...stdio] })
  children.push(child)
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function joined(): Promise<EmbeddedPostgres> {
  const found = await joinEmbeddedPostgres(dataDir)
  if (!found) throw new Error('nothing runs to join')
  return found
}

describe('the first start', () => {
  test('the program signs in as a role that row-level security binds, the owner as another', async () => {
    const { appUrl, ownerUrl } = await start()
    const who = 'select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user'
    const bound = { rolsuper: false, rolbypassrls: false, rolcreaterole: false }
    expect(await rows(appUrl, who)).toEqual([{ rolname: 'firstline', ...bound }])
    expect(await rows(ownerUrl, who)).toMatchObject([{ rolname: 'firstline_owner', rolsuper: true }])
    const secret = join(dataDir, 'secrets', 'postgres-owner')
    expect(statSync(secret).mode & 0o777).toBe(0o600)
    await expect(rows(ownerUrl.replace(/:[^:@]+@/, ':wrong@'), who)).rejects.toThrow('password authentication failed')
  })

  test('the cluster has checksums, UTF-8 and one locale everywhere, and listens on no network', async () => {
    const { ownerUrl } = await start()
    const [found] = await rows(
      ownerUrl,
      `select datlocprovider::text as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding,
         current_setting('data_checksums') as checksums, current_setting('listen_addresses') as network, lower('ÄÖ') as lower
       from pg_database where datname = current_database()`,
    )
    const one = { provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' }
    expect(found).toEqual({ ...one, checksums: 'on', network: '', lower: 'äö' })
  })

  test('a start that was cut off while it made the cluster is made good by the next', async () => {
    mkdirSync(join(dataDir, 'postgres.new', 'base'), { recursive: true })
    const { appUrl } = await start()
    expect(await rows(appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(existsSync(join(dataDir, 'postgres.new'))).toBe(false)
  })

  test('a DATA_DIR too long for a socket works all the same', async () => {
    const server = await start(join(dataDir, 'x'.repeat(120)))
    expect(await rows(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    const socketDir = new URL(server.appUrl).searchParams.get('host') ?? ''
    expect(statSync(socketDir).mode & 0o777).toBe(0o700)
    await server.stop()
    expect(existsSync(socketDir)).toBe(false)
  })
})

describe('a later start', () => {
  test('finds what was written, and a stopped server leaves nothing running', async () => {
    const first = await start()
    await rows(first.ownerUrl, 'create table note as select 7 as n')
    await Promise.all([first.stop(), first.stop()])
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
    expect(await joinEmbeddedPostgres(dataDir)).toBeUndefined()
    const second = await start()
    expect(await rows(second.ownerUrl, 'select n from note')).toEqual([{ n: 7 }])
  })

  test.skipIf(!isRoot)('runs as the user who owns the cluster', async () => {
    await (await start()).stop()
    spawnSync('chown', ['-R', '65534:65534', join(dataDir, 'postgres')])
    await start()
    const server = livingPostmaster(join(dataDir, 'postgres'))
    expect(readFileSync(`/proc/${server?.pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s+65534/m)
  })

  test('says what to change when nobody here may run PostgreSQL', async () => {
    const clusterDir = join(dataDir, 'postgres')
    mkdirSync(clusterDir)
    if (!isRoot) return expect(() => choosePostgresUser({ ...where('/'), clusterDir: '/' })).toThrow('belongs to user 0')
    expect(() => choosePostgresUser({ ...where(dataDir), namespaces: false })).toThrow(/DATA_DIR.*DATABASE_URL/)
    chmodSync(dataDir, 0o700)
    mkdirSync(join(dataDir, 'deep', 'postgres'), { recursive: true })
    spawnSync('chown', ['65534', join(dataDir, 'deep', 'postgres')])
    expect(() => choosePostgresUser(where(join(dataDir, 'deep')))).toThrow('a folder above it is private')
  })

  const where = (dir: string) => ({
    dataDir: dir,
    clusterDir: join(dir, 'postgres'),
    postgres: findPostgresBinaries().postgres,
  })
})

describe('a second program on the same data', () => {
  test('is refused, and told who is there', async () => {
    const first = await startInAnotherProcess()
    await expect(start()).rejects.toThrow(`already running on ${dataDir} (process ${first.pid})`)
    expect(await rows((await joined()).appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('is refused too when both start at once', async () => {
    const starts = await Promise.allSettled([start(), start(), start()])
    expect(starts.map((s) => s.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  })

  test('joins through the socket when it is a command, and leaves the server running', async () => {
    const { appUrl } = await start()
    const command = await joined()
    expect(command).toMatchObject({ appUrl, joined: true })
    await command.stop()
    expect(await rows(appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})

describe('when the program is killed', () => {
  test('PostgreSQL stops by itself, and the next start has every acknowledged row', async () => {
    const program = await startInAnotherProcess()
    const { ownerUrl } = await joined()
    await rows(ownerUrl, 'create table kept (n int)')
    for (let n = 1; n <= 5; n++) await rows(ownerUrl, `insert into kept values (${n})`)
    const server = livingPostmaster(join(dataDir, 'postgres'))
    await kill(program)
    await expect.poll(() => existsSync(`/proc/${server?.pid}/exe`), { timeout: 5000 }).toBe(false)
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down')
    expect(await rows((await start()).ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 5 }])
  })

  test('the next start waits for a PostgreSQL that is still there', async () => {
    const program = await startInAnotherProcess()
    const { pid } = livingPostmaster(join(dataDir, 'postgres')) ?? { pid: 0 }
    process.kill(pid, 'SIGSTOP')
    await kill(program)
    const next = start()
    await expect(Promise.race([next, sleep(400, 'waiting')])).resolves.toBe('waiting')
    process.kill(pid, 'SIGCONT')
    expect(await rows((await next).appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('shared memory block')
  })

  test('together with PostgreSQL, the next start recovers from the log', async () => {
    const program = await startInAnotherProcess()
    const { ownerUrl } = await joined()
    await rows(ownerUrl, 'create table kept as select generate_series(1, 1000) as n')
    const { pid } = livingPostmaster(join(dataDir, 'postgres')) ?? { pid: 0 }
    process.kill(pid, 'SIGKILL')
    await kill(program)
    expect(await rows((await start()).ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toContain('automatic recovery in progress')
  })

  test('a stranger who got the process id of the dead server does not block the start', async () => {
    await (await start()).stop()
    const stranger = spawn('sleep', ['60'])
    children.push(stranger)
    const socket = join(dataDir, 'run')
    const pidFile = [stranger.pid, join(dataDir, 'postgres'), 1, 5432, socket, '', '0 0', 'ready   ', ''].join('\n')
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), pidFile)
    writeFileSync(join(dataDir, 'postgres.owner'), `${stranger.pid} 1\n`)
    expect(await joinEmbeddedPostgres(dataDir)).toBeUndefined()
    expect(await rows((await start()).appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(stranger.exitCode).toBeNull()
  })
})

describe('when PostgreSQL is killed and the program lives', () => {
  const clusterDir = () => join(dataDir, 'postgres')
  const kill9 = () => process.kill(livingPostmaster(clusterDir())?.pid ?? 0, 'SIGKILL')
  async function watched(restartPauses: number[]) {
    const [warned, died]: [string[], Date[]] = [[], []]
    const server = await startEmbeddedPostgres({
      dataDir,
      fsync: false,
      restartPauses,
      warn: (line) => warned.push(line),
      onRestarted: (at) => died.push(at),
    })
    running.push(server)
    return { server, warned, died }
  }

  test('it is started again on the same address, with every acknowledged row', async () => {
    const { server, warned, died } = await watched([20, 20])
    await rows(server.ownerUrl, 'create table kept as select generate_series(1, 1000) as n')
    for (const times of [1, 2]) {
      kill9()
      await expect.poll(() => died.length, { timeout: 15_000 }).toBe(times)
      expect(await rows(server.ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
    }
    expect(warned.filter((line) => line.startsWith('PostgreSQL stopped by itself (SIGKILL)'))).toHaveLength(2)
    await server.stop()
    expect(livingPostmaster(clusterDir())).toBeUndefined()
  })

  test('without a try left it stays away: starting it again is what helps', async () => {
    const { server, warned } = await watched([])
    kill9()
    await expect.poll(() => warned.length).toBe(2)
    await expect(rows(server.appUrl, 'select 1 as one')).rejects.toThrow(/ECONNREFUSED|ENOENT/)
  })

  test('after so many tries it is given up, and the line says what to do', async () => {
    const { server, warned, died } = await watched([10, 10])
    renameSync(join(clusterDir(), 'global', 'pg_control'), join(dataDir, 'pg_control'))
    kill9()
    await expect.poll(() => warned.at(-1), { timeout: 15_000 }).toMatch(/2 tries failed.*postgres\.log.*start Firstline again/)
    expect(died).toEqual([])
    await server.stop()
    renameSync(join(dataDir, 'pg_control'), join(clusterDir(), 'global', 'pg_control'))
  })

  test('who stops the program meanwhile waits for no pause, and nothing starts after it', async () => {
    const { server, warned } = await watched([60_000])
    kill9()
    await expect.poll(() => warned.length).toBe(1)
    await server.stop()
    await sleep(50)
    expect(livingPostmaster(clusterDir())).toBeUndefined()
    expect(warned).toHaveLength(1)
  })
})
