import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'
import { connectionTo } from './db-servers.ts'

/** Forward-only .sql files, each in its own transaction, each with a fixed checksum once applied. */
const folder = new URL('../migrations/', import.meta.url)

export type Migration = { name: string; sql: string; checksum: string }
export function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/** Brings the database to this program's state; returns the names applied. Refuses a state it does not know. */
export async function migrate(ownerUrl: string, programRole: string, upTo?: string): Promise<string[]> {
  const client = new pg.Client({ ...connectionTo(ownerUrl), options: '-c TimeZone=UTC' })
  await client.connect()
  try {
    // One migrating program at a time; the lock goes with the connection.
    await client.query('select pg_advisory_lock(1179210316)')
    await prepareQueue(ownerUrl)
    const applied = await applyAll(client, upTo)
    await grantProgram(client, programRole)
    return applied
  } finally {
    await client.end()
  }
}

async function prepareQueue(ownerUrl: string): Promise<void> {
  const pool = new pg.Pool({ ...connectionTo(ownerUrl), max: 1 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await runMigrations({ pgPool: pool })
  } finally {
    await pool.end()
  }
}

async function applyAll(client: pg.Client, upTo: string | undefined): Promise<string[]> {
  await client.query(
    'create table if not exists migration (name text primary key, checksum text not null, at timestamptz not null default now())',
  )
  const known = new Map(
    (await client.query<{ name: string; checksum: string }>('select name, checksum from migration')).rows.map((r) => [r.name, r.checksum]),
  )
  const own = migrations()
  for (const name of known.keys())
    if (!own.some((m) => m.name === name))
      throw new Error(`The database was migrated by a newer Firstline (${name}). Start that version, or restore a backup.`)
  const applied: string[] = []
  for (const migration of own) {
    if (upTo !== undefined && migration.name > upTo) break
    const before = known.get(migration.name)
    if (before === migration.checksum) continue
    if (before !== undefined)
      throw new Error(`The migration ${migration.name} was changed after it was applied. Restore the released file.`)
    await applyOne(client, migration)
    applied.push(migration.name)
  }
  return applied
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into migration (name, checksum) values ($1, $2)', [migration.name, migration.checksum])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`The migration ${migration.name} failed and was taken back: ${(cause as Error).message}`, { cause })
  }
}

/** The program's role reads and writes rows, and nothing else; what is append-only it may only add to. */
async function grantProgram(client: pg.Client, role: string): Promise<void> {
  const name = `"${role.replaceAll('"', '')}"`
  await client.query(`
    do $$ begin
      if not exists (select 1 from pg_roles where rolname = '${role.replaceAll("'", '')}') then
        create role ${name} nologin nosuperuser nobypassrls; grant ${name} to current_user;
      end if;
    end $$;
    grant usage on schema public, firstline to ${name};
    grant select, insert, update, delete on all tables in schema public to ${name};
    grant usage on all sequences in schema public to ${name};
    grant execute on all functions in schema firstline to ${name};
    revoke update, delete, truncate on event, event_seal from ${name};
    revoke insert, update, delete on migration from ${name};`)
}
