import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { migrate, migrations } from '../server/kernel/migrate.ts'

/** Each released version's rows, loaded as that version kept them, must come through every later migration. */
const folder = new URL('upgrade/', import.meta.url)
const releases = readdirSync(folder)
  .filter((name) => name.endsWith('.sql.gz'))
  .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))

describe.each(releases)('the database of release %s', (file) => {
  const text = gunzipSync(readFileSync(new URL(file, folder))).toString()
  const released = [...text.matchAll(/^-- (\S+\.sql) (\w{64})$/gm)].map(([, name, checksum]) => ({ name, checksum }))
  const upTo = released.at(-1)?.name ?? ''
  const name = `upgrade_${Number.parseInt(file, 10)}_${process.pid}`
  let client: pg.Client
  let before: Record<string, number>

  beforeAll(async () => {
    await admin(`create database ${name}`)
    await migrate(urlOf(name), 'firstline', upTo)
    client = new pg.Client({ connectionString: urlOf(name), options: '-c TimeZone=UTC' })
    await client.connect()
    await client.query(text)
    before = await counts(client)
    await migrate(urlOf(name), 'firstline')
  }, 60_000)
  afterAll(async () => {
    await client.end()
    await admin(`drop database ${name} with (force)`)
  })

  it('was made by migrations that have not changed since', () => {
    const own = migrations().map(({ name, checksum }) => ({ name, checksum }))
    expect(released.length).toBeGreaterThan(0)
    expect(own.slice(0, released.length)).toEqual(released)
  })

  it('is brought to this version, and no row of it is lost', async () => {
    const after = await counts(client)
    expect(before.ticket).toBeGreaterThan(50)
    for (const [table, rows] of Object.entries(before)) expect(after[table] ?? 0, table).toBeGreaterThanOrEqual(rows)
    const last = await client.query('select max(name) as name from migration')
    expect(last.rows[0].name).toBe(migrations().at(-1)?.name)
  })

  it('keeps every reference true', async () => {
    expect(await broken(client)).toEqual([])
  })

  it('goes on numbering where it was', async () => {
    const next = await client.query(`select nextval(pg_get_serial_sequence('ticket', 'id'))::int > max(id) as higher from ticket`)
    expect(next.rows[0].higher).toBe(true)
  })
})

const urlOf = (database: string): string => {
  const url = new URL(inject('ownerUrl'))
  url.pathname = `/${database}`
  return url.toString()
}

async function admin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

async function counts(client: pg.Client): Promise<Record<string, number>> {
  const tables = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migration'`,
  )
  const found: Record<string, number> = {}
  for (const { name: table } of tables.rows) found[table] = (await client.query(`select count(*)::int as n from "${table}"`)).rows[0].n
  return found
}

/** Foreign keys slept while the rows were loaded: each is asked again, as PostgreSQL asks when one is added. */
async function broken(client: pg.Client): Promise<string[]> {
  const keys = await client.query<{ name: string; table: string; definition: string }>(
    `select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace`,
  )
  const found: string[] = []
  for (const { name: key, table, definition } of keys.rows)
    await client
      .query(`alter table ${table} drop constraint "${key}", add constraint "${key}" ${definition}`)
      .catch((cause: Error) => found.push(`${table}.${key}: ${cause.message}`))
  return found
}
