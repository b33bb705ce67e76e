/**
 * What is in the cluster: its files, its two roles, its database, its settings.
 *
 * `firstline_owner` (superuser) migrates; `firstline` is the program and is bound by row-level security. Both sign in
 * with random passwords (SCRAM) kept in `<DATA_DIR>/secrets`: whoever gets hold of the program's own connection, or is
 * another user on the same machine, still cannot become the owner.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { PostgresUser } from './embedded-postgres-user.ts'

export const ownerRole = 'firstline_owner'
export const appRole = 'firstline'
const database = 'firstline'

export type Passwords = { owner: string; app: string }
export type Address = { socketDir: string; port: number }

/** Reads both passwords, and makes them up where the cluster does not exist yet. */
export function readPasswords(dataDir: string, clusterExists: boolean): Passwords {
  const dir = join(dataDir, 'secrets')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const secret = (name: string) => {
    const path = join(dir, name)
    if (!existsSync(path)) {
      if (clusterExists) throw new Error(`${path} is missing: it holds a password of the database. Restore the backup.`)
      writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true })
    }
    return readFileSync(path, 'utf8').trim()
  }
  return { owner: secret('postgres-owner'), app: secret('postgres-app') }
}

export function connectionUrl(role: string, password: string, at: Address, name = database): string {
  const to = new URL(`postgres://${role}:${password}@localhost:${at.port}/${name}`)
  if (at.socketDir) to.searchParams.set('host', at.socketDir)
  else to.hostname = '127.0.0.1'
  return to.href
}

type Initdb = {
  initdb: string
  dataDir: string
  clusterDir: string
  user: PostgresUser
  password: string
  fsync: boolean
}

/** Makes an empty cluster beside its place and renames it there, so that an interrupted start leaves no half cluster. */
export function initCluster({ initdb, dataDir, clusterDir, user, password, fsync }: Initdb): void {
  const unfinished = `${clusterDir}.new`
  const passwordFile = join(dataDir, 'postgres.password')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  user.own(unfinished)
  user.own(passwordFile)
  // Elsewhere than on Linux the C library has no C.UTF-8.
  const locale = process.platform === 'linux' ? ['--locale=C.UTF-8'] : ['--builtin-locale=C.UTF-8', '--locale=C']
  const args = ['-D', unfinished, '-U', ownerRole, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--data-checksums']
  args.push('--encoding=UTF8', '--locale-provider=builtin', ...locale, '--no-instructions')
  if (!fsync) args.push('--no-sync')
  const [command = initdb, ...rest] = [...user.prefix, initdb, ...args]
  const made = spawnSync(command, rest, { encoding: 'utf8', env: plainEnvironment, cwd: dataDir })
  rmSync(passwordFile, { force: true })
  if (made.status !== 0) throw new Error(`PostgreSQL could not make its files: ${made.stderr || made.error?.message}`)
  renameSync(unfinished, clusterDir)
}

/** Makes the program's role and database where an earlier start did not get that far. */
export async function ensureDatabase(passwords: Passwords, at: Address): Promise<void> {
  const client = new pg.Client({ connectionString: connectionUrl(ownerRole, passwords.owner, at, 'postgres') })
  await client.connect()
  try {
    const exists = async (sql: string, name: string) => (await client.query(sql, [name])).rowCount === 1
    if (!(await exists('select 1 from pg_roles where rolname = $1', appRole))) {
      const password = client.escapeLiteral(passwords.app)
      await client.query(`create role ${appRole} login nosuperuser nobypassrls password ${password}`)
    }
    if (!(await exists('select 1 from pg_database where datname = $1', database))) {
      await client.query(`create database ${database} owner ${ownerRole}`)
    }
  } finally {
    await client.end()
  }
}

/** PostgreSQL gets no variable of ours: PGOPTIONS, TZ or a locale would change how it behaves. */
export const plainEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/** For two cores and about a third of 600 MB; writes are steady and small, and a commit is on disk when it is answered. */
export function serverSettings(at: Address, fsync: boolean, more: Record<string, string>): Record<string, string> {
  return {
    listen_addresses: at.socketDir ? '' : '127.0.0.1',
    unix_socket_directories: at.socketDir,
    unix_socket_permissions: '0700',
    port: String(at.port),
    max_connections: '60',
    // The system's own cache holds the rest as well: with more no request got cheaper (docs/decisions/0012-memory.md).
    shared_buffers: '48MB',
    effective_cache_size: '512MB',
    work_mem: '6MB',
    maintenance_work_mem: '64MB',
    max_parallel_workers_per_gather: '1',
    // Reader processes of its own cost memory and gain nothing while the data fits the system's cache.
    io_method: 'sync',
    jit: 'off',
    random_page_cost: '1.1',
    synchronous_commit: 'on',
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    checkpoint_timeout: '10min',
    max_wal_size: '1GB',
    min_wal_size: '128MB',
    autovacuum_naptime: '30s',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %q%u ',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...more,
  }
}
