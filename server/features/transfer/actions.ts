import { sql } from 'kysely'
import type { z } from 'zod'
import { type ImportKind, type ImportMapping, importMapping, type transfer } from '../../../contract/transfer.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { Upload } from '../../kernel/routes.ts'
import { companySettings } from '../company/access.ts'
import { keepFiles } from '../tickets/actions-writing.ts'
import type { RunFacts } from './access.ts'
import './events.ts'
import './job-types.ts'
import type { Look } from './read-file.ts'
import { guessColumns } from './rules-headers.ts'

type Run = Granted<RunFacts, 'setting.edit'>
type Change = z.output<(typeof transfer)['PATCH /api/imports/:id']['body']>

async function firstMapping(context: Context, origin: string): Promise<ImportMapping> {
  const { language } = await companySettings(context.db)
  return importMapping.parse({ language, timeZone: context.actor.timeZone ?? (language === 'de' ? 'Europe/Berlin' : 'UTC'), origin })
}

/** A file for an import: kept, looked at, and its columns guessed. */
export async function prepareFile(context: Context, kind: ImportKind, file: Upload, look: Look): Promise<string> {
  if (look.layout.columns.length === 0 || look.rows === 0)
    throw invalid('file', 'empty', 'The file holds no rows below a line of headings.')
  await keepFiles(context, [file])
  const headers = look.layout.columns.map(({ name }) => name)
  const mapping = { ...(await firstMapping(context, 'csv')), columns: guessColumns(kind, headers) }
  const made = await sql<{
    id: string
  }>`insert into import_run (source, kind, name, sha256, layout, mapping, total, created_at, created_by_id)
    values ('csv', ${kind}, ${file.name.slice(0, 200) || 'import.csv'}, ${file.sha256}, ${JSON.stringify(look.layout)}::jsonb, ${JSON.stringify(mapping)}::jsonb, ${look.rows},
      ${context.now.toString()}, ${context.actor.id}::bigint) returning id`.execute(context.db)
  return prepared(context, made.rows[0]!.id, 'csv', kind)
}

export type Connection = { source: 'zammad' | 'glpi'; address: string; token: string; appToken: string | null }
export async function prepareSource(
  context: Context,
  { source, address, token, appToken }: Connection,
  theirs: { status: string[]; priority: string[] },
): Promise<string> {
  const mapping = await firstMapping(context, source)
  const plain = address.replace(/\/+$/, '')
  const made = await sql<{ id: string }>`insert into import_run (source, name, connection, theirs, mapping, created_at, created_by_id)
    values (${source}, ${new URL(plain).host}, ${JSON.stringify({ address: plain })}::jsonb, ${JSON.stringify(theirs)}::jsonb, ${JSON.stringify(mapping)}::jsonb, ${context.now.toString()},
      ${context.actor.id}::bigint) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  const sealed = context.kernel.secrets.seal(JSON.stringify({ token, appToken }), secretOf(id))
  await sql`update import_run set secret = ${sealed} where id = ${id}`.execute(context.db)
  return prepared(context, id, source, null)
}
export const secretOf = (id: string) => ({ table: 'import_run', column: 'secret', row: id })

const about = (id: string) => ({ subject: { kind: 'import', id }, audience: 'staff' as const })
async function prepared(context: Context, id: string, source: string, kind: string | null): Promise<string> {
  await context.record({ type: 'import.prepared', ...about(id), data: { source, kind } })
  return id
}

const busy = (run: Run): boolean => run.state === 'checking' || run.state === 'running'
const refused = (why: string) => new Problem('import_state', why)

export async function changeImport(context: Context, run: Run, version: number, change: Change, look: Look | null): Promise<void> {
  if (run.version !== version) throw new Problem('version_stale', 'Somebody else changed this import meanwhile.')
  if (busy(run)) throw refused('It is under way. Pause it first.')
  const headers = look?.layout.columns.map(({ name }) => name)
  // Other signs give other columns: what was chosen for the old ones means nothing.
  const columns = headers && run.kind ? guessColumns(run.kind, headers) : undefined
  const mapping = { ...(change.mapping ?? run.mapping), ...(columns ? { columns } : {}) }
  const width = (look?.layout ?? run.layout)?.columns.length ?? 0
  const beyond = Object.entries(mapping.columns).find(([, at]) => at >= width)
  if (beyond) throw invalid(`mapping.columns.${beyond[0]}`, 'unknown', 'The file has no such column.')
  await sql`update import_run set version = version + 1, state = 'draft', place = null, done = 0, counts = '{}', cause = null, mapping = ${JSON.stringify(mapping)}::jsonb,
    layout = ${look ? JSON.stringify(look.layout) : sql`layout`}::jsonb, total = ${look ? look.rows : sql`total`} where id = ${run.id}`.execute(
    context.db,
  )
  await forgetProblems(context, run)
}

const forgetProblems = (context: Context, { id }: Run) => sql`delete from import_problem where run_id = ${id}`.execute(context.db)
const go = (context: Context, { id }: Run) =>
  context.later(job('transfer.run', { runId: id }, { key: `transfer.run:${id}`, queue: 'transfer' }))

export async function checkImport(context: Context, run: Run): Promise<void> {
  if (busy(run)) throw refused('It is under way already.')
  refuseEmptyMapping(run)
  await forgetProblems(context, run)
  await sql`update import_run set state = 'checking', dry = 'yes', place = null, done = 0, counts = '{}', cause = null, ended_at = null where id = ${run.id}`.execute(
    context.db,
  )
  go(context, run)
}

const needed = { people: ['name', 'lastName', 'email'], organisations: ['name'], tickets: ['subject'] } as const
function refuseEmptyMapping({ kind, mapping, secret, source }: Run): void {
  if (source !== 'csv' && secret === null) throw refused('The token was forgotten when the import ended. Prepare a new one.')
  if (kind === null || needed[kind].some((field) => mapping.columns[field] !== undefined)) return
  const field = needed[kind][0]
  throw invalid(`mapping.columns.${field}`, 'missing', 'Say which column this is.')
}

/** After the dry run; after a pause, a failure or a cancel it goes on where it was; finished, it runs once more from the start. */
export async function startImport(context: Context, run: Run): Promise<void> {
  if (busy(run)) throw refused('It is under way already.')
  if (run.state === 'draft' || (run.dry === 'yes' && run.state !== 'checked'))
    throw refused('Check it first: the dry run shows what it would do.')
  refuseEmptyMapping(run)
  const anew = run.dry === 'yes' || run.state === 'finished'
  if (anew) {
    await forgetProblems(context, run)
    await sql`update import_run set place = null, done = 0, counts = '{}' where id = ${run.id}`.execute(context.db)
  }
  await sql`update import_run set state = 'running', dry = 'no', cause = null, ended_at = null where id = ${run.id}`.execute(context.db)
  await context.record({ type: 'import.started', ...about(run.id), data: { source: run.source, kind: run.kind } })
  go(context, run)
}

export async function pauseImport(context: Context, run: Run): Promise<void> {
  if (run.state !== 'running') throw refused('It is not running.')
  await sql`update import_run set state = 'paused' where id = ${run.id}`.execute(context.db)
  await context.record({ type: 'import.paused', ...about(run.id), data: {} })
}

export async function cancelImport(context: Context, run: Run): Promise<void> {
  if (run.state === 'finished' || run.state === 'cancelled') return
  // Of a dry run nothing is left behind: it may be begun again.
  const state = run.dry === 'yes' && run.state === 'checking' ? 'draft' : 'cancelled'
  await sql`update import_run set state = ${state}, ended_at = ${context.now.toString()} where id = ${run.id}`.execute(context.db)
  await context.record({ type: 'import.cancelled', ...about(run.id), data: {} })
}

export async function finishImport(context: Context, run: RunFacts): Promise<void> {
  const dry = run.dry === 'yes'
  const done = await sql<{
    counts: RunFacts['counts']
  }>`update import_run set state = ${dry ? 'checked' : 'finished'}, ended_at = ${context.now.toString()}
    where id = ${run.id} and state = ${dry ? 'checking' : 'running'} returning counts`.execute(context.db)
  const tallies = Object.values(done.rows[0]?.counts ?? {})
  await sql`select firstline.transfer_moved('import', ${run.id}::bigint)`.execute(context.db)
  if (!done.rows[0] || dry) return
  const sum = (how: 'added' | 'changed' | 'skipped' | 'broken') => tallies.reduce((all, tally) => all + tally[how], 0)
  await context.record({
    type: 'import.finished',
    ...about(run.id),
    data: { added: sum('added'), changed: sum('changed'), skipped: sum('skipped'), broken: sum('broken') },
  })
}

export async function failImport(context: Context, id: string, cause: string): Promise<void> {
  await sql`update import_run set state = 'failed', cause = ${cause.slice(0, 1000)}, ended_at = ${context.now.toString()} where id = ${id} and state in ('checking', 'running')`.execute(
    context.db,
  )
  await context.record({ type: 'import.failed', ...about(id), data: {} })
}

/** Tokens of another desk are not kept longer than a month after the last use. */
export async function forgetTokens(context: Context): Promise<void> {
  await sql`update import_run set secret = null where secret is not null and coalesce(ended_at, created_at) < ${context.now.toString()}::timestamptz - interval '30 days'`.execute(
    context.db,
  )
}
