import { sql } from 'kysely'
import { declareActor, systemActor } from '../../kernel/actor.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import type { Db, Transactor } from '../../kernel/db.ts'
import type { Manifest } from './manifest.ts'
import { fileOf, linesOf, readManifest, refuseExport, verifyTables } from './read-export.ts'

/**
 * Puts an export into an empty database: checked to the last byte first, files before rows, all rows in one transaction,
 * with the ids that they had. `owner` reaches the database as its owner, because sequences are set.
 */
export type Loaded = { rows: number; files: number; missing: number; version: string; at: string }
type Edge = { table: string; column: string; to: string; nullable: boolean }
export type Say = (line: string) => void

export async function loadExport(kernel: Kernel, owner: Transactor, folder: string, say: Say = () => {}): Promise<Loaded> {
  const manifest = await readManifest(folder)
  await owner.transaction((db) => refuseFull(db, manifest))
  await verifyTables(folder, manifest)
  say(`The export of ${manifest.at} (Firstline ${manifest.version}) is whole: ${manifest.tables.length} tables.`)
  const files = await takeFiles(kernel, folder, manifest)
  say(`${files} files are in the store.`)
  const rows = await owner.transaction(async (db) => {
    declareActor(db, systemActor(kernel.allRights))
    await refuseFull(db, manifest)
    return takeRows(db, folder, manifest, say, onWire(kernel.clock.now()))
  })
  kernel.actors.forgetAll()
  return { rows, files, missing: manifest.missing.length, version: manifest.version, at: manifest.at }
}

async function refuseFull(db: Db, { schema }: Manifest): Promise<void> {
  declareActor(db, { ...systemActor(new Set()), id: null })
  const found = await sql<{
    full: boolean
    newest: string
  }>`select exists (select 1 from person) or exists (select 1 from organisation) or exists (select 1 from ticket)
    or exists (select 1 from mailbox) as full, (select max(name) from migration) as newest`.execute(db)
  if (found.rows[0]?.full) throw refuseExport('This database holds people or tickets already: set DATA_DIR to a new folder.')
  if (schema > (found.rows[0]?.newest ?? '')) throw refuseExport('It was made by a newer Firstline: import it with that version.')
}

async function takeFiles(kernel: Kernel, folder: string, manifest: Manifest): Promise<number> {
  const missing = new Set(manifest.missing)
  let count = 0
  for await (const lines of linesOf(folder, 'file'))
    for (const line of lines) {
      const { sha256 } = JSON.parse(line) as { sha256: unknown }
      if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw refuseExport('file.jsonl names a file that cannot be one.')
      if (missing.has(sha256)) continue
      const stored = await kernel.files.put(await fileOf(folder, sha256))
      if (stored.sha256 !== sha256) throw refuseExport(`The file ${sha256.slice(0, 12)}… was changed.`)
      count++
    }
  return count
}

async function takeRows(db: Db, folder: string, manifest: Manifest, say: Say, now: string): Promise<number> {
  const tables = manifest.tables.map(({ table }) => table)
  const edges = await edgesOf(db, tables)
  const order = orderOf(tables, edges)
  // What every new database starts with comes with the export.
  await sql`truncate ${sql.join(tables.map((table) => sql.table(table)))} cascade`.execute(db)
  let rows = 0
  for (const { table, late } of order) {
    const listed = manifest.tables.find((one) => one.table === table)
    const columns = (await columnsOf(db, table)).filter((name) => listed?.columns.includes(name))
    for await (const lines of linesOf(folder, table))
      rows += await insert(
        db,
        table,
        columns.filter((name) => !late.includes(name)),
        lines,
      )
  }
  for (const { table, late } of order.filter((one) => one.late.length > 0)) {
    const key = await keyOf(db, table)
    for await (const lines of linesOf(folder, table)) await fillIn(db, table, key, late, lines)
  }
  await setSequences(db, tables)
  // As after a restore: what the outbox holds may have been sent by the old desk already.
  await sql`insert into setting (name, value, changed_at) values ('restored', jsonb_build_object('at', ${now}::text), ${now}) on conflict (name) do update set value = excluded.value`.execute(
    db,
  )
  say(`${rows} rows are in the database.`)
  return rows
}

async function edgesOf(db: Db, tables: readonly string[]): Promise<Edge[]> {
  const found =
    await sql<Edge>`select c.conrelid::regclass::text as "table", a.attname as "column", c.confrelid::regclass::text as "to", not bool_or(a.attnotnull) as nullable
    from pg_constraint c join unnest(c.conkey) k on true join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace group by c.oid, c.conrelid, a.attname, c.confrelid`.execute(db)
  return found.rows.filter(({ table, to }) => tables.includes(table) && tables.includes(to))
}

/** What is pointed to comes first. Where tables point at each other (or at themselves) a column that may be empty is filled in later. */
export function orderOf(tables: readonly string[], edges: readonly Edge[]): { table: string; late: string[] }[] {
  const order: { table: string; late: string[] }[] = []
  const open = new Set(tables)
  while (open.size > 0) {
    const blocking = (table: string) => edges.filter((edge) => edge.table === table && open.has(edge.to))
    const next =
      [...open].find((table) => blocking(table).length === 0) ??
      [...open].find((table) => blocking(table).every(({ nullable }) => nullable))
    if (next === undefined) throw new Error(`These tables need each other: ${[...open].join(', ')}.`)
    order.push({ table: next, late: blocking(next).map(({ column }) => column) })
    open.delete(next)
  }
  return order
}

async function columnsOf(db: Db, table: string): Promise<string[]> {
  const found = await sql<{
    name: string
  }>`select attname as name from pg_attribute where attrelid = ${`public.${table}`}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`.execute(
    db,
  )
  return found.rows.map(({ name }) => name)
}
async function keyOf(db: Db, table: string): Promise<string[]> {
  const found = await sql<{
    name: string
  }>`select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = ${`public.${table}`}::regclass and i.indisprimary`.execute(db)
  return found.rows.map(({ name }) => name)
}

const recordset = (table: string, lines: string[]) =>
  sql`jsonb_populate_recordset(null::${sql.table(table)}, ${`[${lines.join(',')}]`}::jsonb)`

async function insert(db: Db, table: string, columns: string[], lines: string[]): Promise<number> {
  const names = sql.join(columns.map((name) => sql.ref(name)))
  const done =
    await sql`insert into ${sql.table(table)} (${names}) overriding system value select ${names} from ${recordset(table, lines)}`.execute(
      db,
    )
  return Number(done.numAffectedRows ?? 0n)
}

async function fillIn(db: Db, table: string, key: string[], late: string[], lines: string[]): Promise<void> {
  const sets = sql.join(late.map((name) => sql`${sql.ref(name)} = r.${sql.ref(name)}`))
  const same = sql.join(
    key.map((name) => sql`t.${sql.ref(name)} = r.${sql.ref(name)}`),
    sql` and `,
  )
  const any = sql.join(
    late.map((name) => sql`r.${sql.ref(name)} is not null`),
    sql` or `,
  )
  await sql`update ${sql.table(table)} t set ${sets} from ${recordset(table, lines)} r where ${same} and (${any})`.execute(db)
}

async function setSequences(db: Db, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const owned = await sql<{
      name: string
      column: string
    }>`select pg_get_serial_sequence(${`public.${table}`}, a.attname) as name, a.attname as "column" from pg_attribute a
      where a.attrelid = ${`public.${table}`}::regclass and a.attidentity <> ''`.execute(db)
    for (const { name, column } of owned.rows)
      await sql`select setval(${name}::regclass, x.highest) from (select max(${sql.ref(column)}) as highest from ${sql.table(table)}) x where x.highest is not null`.execute(
        db,
      )
  }
}
