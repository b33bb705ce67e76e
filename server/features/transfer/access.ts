import { sql } from 'kysely'
import {
  type ExportRun,
  type ImportDetail,
  type ImportMapping,
  type ImportProblem,
  type ImportRun,
  type ImportThing,
  importThings,
} from '../../../contract/transfer.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { glpiPriority, glpiStatus } from './rules-glpi.ts'
import { guessKind, guessMeaning, guessPriority } from './rules-values.ts'

/** Imports and exports are the administrators' own: whoever has the right sees all of them, and nobody else any. */
export type Layout = { charset: string; delimiter: string; quote: string; columns: NonNullable<ImportDetail['layout']>['columns'] }
export type Tally = { added: number; changed: number; skipped: number; broken: number }
export type Counts = Partial<Record<ImportThing, Tally>>
export type RunFacts = {
  id: string
  version: number
  source: 'csv' | 'zammad' | 'glpi'
  kind: ImportRun['kind']
  name: string
  sha256: string | null
  layout: Layout | null
  connection: { address?: string; hasAppToken?: boolean }
  secret: Buffer | null
  theirs: { status: string[]; priority: string[] }
  mapping: ImportMapping
  state: ImportRun['state']
  dry: 'yes' | 'no'
  place: Record<string, unknown> | null
  total: number | null
  done: number
  counts: Counts
  cause: string | null
  created_at: Instant
  created_by_id: string | null
  by_name: string | null
  ended_at: Instant | null
  problems: number
}

const columns =
  sql.raw(`r.id, r.version, r.source, r.kind, r.name, r.sha256, r.layout, r.connection, r.secret, r.theirs, r.mapping, r.state, r.dry, r.place, r.total, r.done,
  r.counts, r.cause, r.created_at, r.created_by_id, firstline.name_of(r.created_by_id) as by_name, r.ended_at,
  (select count(*)::int from import_problem p where p.run_id = r.id) as problems`)

/** Locked for the transaction, unless it is only looked at: then it does not wait for the batch that is under way. */
export async function accessImport(context: Context, id: string, { lock = true } = {}): Promise<Granted<RunFacts, 'setting.edit'>> {
  if (!context.actor.rights.has('setting.edit')) throw notAllowed()
  const found =
    await sql<RunFacts>`select ${columns} from import_run r where r.id = ${id} ${lock ? sql`for no key update of r` : sql``}`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<RunFacts, 'setting.edit'>
}

export const asRun = (row: RunFacts): ImportRun => ({
  id: row.id,
  version: row.version,
  source: row.source,
  kind: row.kind,
  name: row.name,
  state: row.state,
  dry: row.dry === 'yes',
  rows: row.total,
  done: row.done,
  counts: importThings.flatMap((thing) => (row.counts[thing] ? [{ thing, ...row.counts[thing] }] : [])),
  problems: row.problems,
  cause: row.cause,
  createdAt: onWire(row.created_at),
  createdBy: row.created_by_id === null ? null : { id: row.created_by_id, name: row.by_name ?? '' },
  endedAt: row.ended_at === null ? null : onWire(row.ended_at),
})
/** Their values of the columns that have few, and what each means here. */
function valuesOf({ source, layout, theirs, mapping }: RunFacts): ImportDetail['values'] {
  const column = (field: 'status' | 'priority' | 'kind') => {
    const at = mapping.columns[field]
    return at === undefined ? [] : (layout?.columns[at]?.values ?? [])
  }
  const [status, priority] = source === 'csv' ? [column('status'), column('priority')] : [theirs.status, theirs.priority]
  const glpi = source === 'glpi'
  const means = <V>(list: string[], chosen: Record<string, V>, guess: (value: string) => V | undefined) =>
    list.map((value) => ({ value, means: chosen[value.toLowerCase()] ?? guess(value) ?? null }))
  return {
    status: means(status, mapping.status, (value) => (glpi ? glpiStatus[value] : guessMeaning(value))),
    priority: means(priority, mapping.priority, (value) => (glpi ? glpiPriority[value] : guessPriority(value))),
    kind: means(column('kind'), mapping.kind, guessKind),
  }
}

export const asDetail = (row: RunFacts): ImportDetail => ({
  ...asRun(row),
  layout: row.layout,
  address: row.connection.address ?? null,
  values: valuesOf(row),
  mapping: row.mapping,
})

export async function readImport(context: Context, id: string): Promise<ImportDetail> {
  const found = await sql<RunFacts>`select ${columns} from import_run r where r.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asDetail(found.rows[0])
}

const before = (after: string | undefined) => (after !== undefined && /^\d{1,19}$/.test(after) ? after : undefined)

export async function listImports(
  context: Context,
  limit: number,
  after: string | undefined,
): Promise<{ items: ImportRun[]; next: string | null }> {
  const from = before(after)
  const found = await sql<RunFacts>`select ${columns} from import_run r where ${from === undefined ? sql`true` : sql`r.id < ${from}`}
    order by r.id desc limit ${sql.lit(limit + 1)}`.execute(context.db)
  const rows = found.rows.slice(0, limit)
  return { items: rows.map(asRun), next: found.rows.length > limit ? (rows.at(-1)?.id ?? null) : null }
}

export async function listProblems(
  context: Context,
  runId: string,
  limit: number,
  after: string | undefined,
): Promise<{ items: ImportProblem[]; next: string | null }> {
  const from = before(after) ?? '0'
  const found = await sql<ImportProblem>`select id, thing, line, column_name as "column", code, message, value from import_problem
    where run_id = ${runId} and id > ${from} order by id limit ${sql.lit(limit + 1)}`.execute(context.db)
  const items = found.rows.slice(0, limit)
  return { items, next: found.rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

type ExportRow = Omit<ExportRun, 'at' | 'by' | 'endedAt' | 'rows' | 'files' | 'bytes'> & {
  at: Instant
  by_id: string | null
  by_name: string | null
  ended_at: Instant | null
  rows: string
  files: string
  bytes: string
}
const exportColumns = sql.raw(
  'e.id, e.state, e.at, e.by_id, firstline.name_of(e.by_id) as by_name, e.ended_at, e.rows, e.files, e.bytes, e.cause',
)
const asExport = (row: ExportRow): ExportRun => ({
  id: row.id,
  state: row.state,
  at: onWire(row.at),
  by: row.by_id === null ? null : { id: row.by_id, name: row.by_name ?? '' },
  endedAt: row.ended_at === null ? null : onWire(row.ended_at),
  rows: Number(row.rows),
  files: Number(row.files),
  bytes: Number(row.bytes),
  cause: row.cause,
})

export async function listExports(context: Context): Promise<ExportRun[]> {
  return (await sql<ExportRow>`select ${exportColumns} from export_run e order by e.id desc limit 50`.execute(context.db)).rows.map(
    asExport,
  )
}

export async function accessExport(context: Context, id: string): Promise<Granted<ExportRun, 'setting.edit'>> {
  if (!context.actor.rights.has('setting.edit')) throw notAllowed()
  const found = await sql<ExportRow>`select ${exportColumns} from export_run e where e.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asExport(found.rows[0]) as unknown as Granted<ExportRun, 'setting.edit'>
}
