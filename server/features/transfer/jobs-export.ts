import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { copyFile, link, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { sql } from 'kysely'
import { declareActor, systemActor } from '../../kernel/actor.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { noteExport } from './actions-export.ts'
import { filePlace, type Manifest, programVersion } from './manifest.ts'
import { type Exported, exported } from './tables.ts'

/**
 * The complete export: a file of JSON lines for each table, all as of one moment (one transaction, repeatable read), and
 * the files by their SHA-256. Read by key and written at once, so that memory stays flat whatever the desk holds.
 */
export type Written = { rows: number; files: number; bytes: number; missing: number }
export const exportFolder = (kernel: Kernel, id: string): string => join(kernel.settings.DATA_DIR, 'exports', id)

/** Begins anew when it runs twice. */
export async function runExport(kernel: Kernel, id: string): Promise<void> {
  const there = await kernel.asSystem(({ db }) =>
    sql`select 1 from export_run where id = ${id} and state in ('waiting', 'running')`.execute(db),
  )
  if (there.rows.length === 0) return
  const folder = exportFolder(kernel, id)
  await kernel.asSystem((context) => noteExport(context, id, { state: 'running' }))
  await rm(folder, { recursive: true, force: true })
  try {
    const { missing, ...done } = await writeExport(kernel, folder)
    const cause = missing > 0 ? `${missing} files are missing or damaged in the store; the manifest names them.` : null
    await kernel.asSystem((context) => noteExport(context, id, { state: 'finished', ...done, cause }))
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    kernel.log.error('export failed', cause)
    const why = cause instanceof Error ? cause.message.slice(0, 500) : String(cause)
    await kernel.asSystem((context) => noteExport(context, id, { state: 'failed', cause: why }))
  }
}

/** `folder` must not exist, or be empty. */
export async function writeExport(kernel: Kernel, folder: string): Promise<Written> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const tables: Manifest['tables'] = []
  const schema = await kernel.transactor.transaction(async (db) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(db)
    declareActor(db, systemActor(kernel.allRights))
    for (const one of exported) tables.push(await writeTable(db, one, join(folder, `${one.table}.jsonl`)))
    return (await sql<{ name: string }>`select max(name) as name from migration`.execute(db)).rows[0]?.name ?? ''
  })
  const { count, bytes, missing } = await writeFiles(kernel, folder)
  const manifest: Manifest = {
    format: 'firstline-export-1',
    version: programVersion(),
    schema,
    at: onWire(kernel.clock.now()),
    tables,
    files: { count, bytes },
    missing,
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 })
  const sum = (of: (one: Manifest['tables'][number]) => number) => tables.reduce((all, one) => all + of(one), 0)
  return { rows: sum((one) => one.rows), files: count, bytes: sum((one) => one.bytes) + bytes, missing: missing.length }
}

type Shape = { key: { name: string; type: string }[]; columns: string[] }

async function shapeOf(db: Db, table: string): Promise<Shape> {
  const found = await sql<{ name: string; type: string; place: number | null }>`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, array_position(i.indkey::int[], a.attnum::int) as place
    from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
    where a.attrelid = ${`public.${table}`}::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`.execute(
    db,
  )
  const key = found.rows.filter(({ place }) => place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
  if (key.length === 0) throw new Error(`The table ${table} has no primary key, and cannot be read page by page.`)
  return { key, columns: found.rows.map(({ name }) => name) }
}

/** About a megabyte at a time, whatever the rows are like. */
const pageBytes = 1_000_000

async function writeTable(db: Db, { table, omit = [], where }: Exported, path: string): Promise<Manifest['tables'][number]> {
  const shape = await shapeOf(db, table)
  const out = createWriteStream(path, { mode: 0o600 })
  const hash = createHash('sha256')
  let [rows, bytes, size] = [0, 0, 200]
  for (let after: string[] | undefined, more = true; more; ) {
    const page: { line: string; key: string[] }[] = await readPage(db, table, shape, omit, where, after, size)
    const text = page.map(({ line }) => `${line}\n`).join('')
    if (text !== '' && !out.write(text)) await once(out, 'drain')
    hash.update(text)
    const length = Buffer.byteLength(text)
    rows += page.length
    bytes += length
    after = page.at(-1)?.key
    more = page.length === size
    size = Math.max(10, Math.min(1000, Math.floor(pageBytes / Math.max(1, length / Math.max(1, page.length)))))
  }
  out.end()
  await finished(out)
  return { table, rows, bytes, sha256: hash.digest('hex'), columns: shape.columns.filter((name) => !omit.includes(name)) }
}

async function readPage(
  db: Db,
  table: string,
  { key }: Shape,
  omit: readonly string[],
  where: string | undefined,
  after: string[] | undefined,
  size: number,
): Promise<{ line: string; key: string[] }[]> {
  const names = sql.join(key.map(({ name }) => sql.ref(`t.${name}`)))
  const begin =
    after === undefined ? sql`true` : sql`(${names}) > (${sql.join(key.map(({ type }, i) => sql`${after[i]}::text::${sql.raw(type)}`))})`
  const found = await sql<{
    line: string
    key: string[]
  }>`select (to_jsonb(t) - ${[...omit]}::text[])::text as line, array[${sql.join(key.map(({ name }) => sql`${sql.ref(`t.${name}`)}::text`))}] as key
    from ${sql.table(table)} t where ${begin} and ${where === undefined ? sql`true` : sql.raw(where)} order by ${names} limit ${sql.lit(size)}`.execute(
    db,
  )
  return found.rows
}

/** Linked where the disk allows it, so that an export of the same disk costs no space; each is read once and proved. */
async function writeFiles(kernel: Kernel, folder: string): Promise<{ count: number; bytes: number; missing: string[] }> {
  const missing: string[] = []
  let [count, bytes] = [0, 0]
  for (let after = ''; ; ) {
    const found = await kernel.asSystem(({ db }) =>
      sql<{ sha256: string }>`select sha256 from file where sha256 > ${after} order by sha256 limit 500`.execute(db),
    )
    if (found.rows.length === 0) return { count, bytes, missing }
    for (const { sha256 } of found.rows) {
      const size = await writeOne(kernel, sha256, join(folder, filePlace(sha256)))
      if (size === undefined) missing.push(sha256)
      else [count, bytes] = [count + 1, bytes + size]
    }
    after = found.rows.at(-1)?.sha256 ?? ''
  }
}

async function writeOne(kernel: Kernel, sha256: string, to: string): Promise<number | undefined> {
  const from = join(kernel.settings.DATA_DIR, 'files', sha256.slice(0, 2), sha256)
  const hash = createHash('sha256')
  try {
    for await (const piece of kernel.files.stream(sha256)) hash.update(piece as Buffer)
  } catch {
    return undefined
  }
  if (hash.digest('hex') !== sha256) return undefined
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await link(from, to).catch(() => copyFile(from, to))
  return (await stat(to)).size
}
