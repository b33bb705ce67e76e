import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { BulkAction, BulkRun, Outcome, views } from '../../../contract/views.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import { csvLine } from '../timekeeping/rules.ts'

/** Runs over many tickets are their person's own; to others they do not exist. */
export type RunFacts = {
  id: string
  person_id: string
  state: BulkRun['state']
  action: BulkAction
  at: Instant
  undo_until: Instant | null
}

export async function accessRun(context: Context, id: string): Promise<Granted<RunFacts, 'bulk.use'>> {
  const found = await sql<RunFacts>`select id, person_id, state, action, at, undo_until from bulk_run
    where id = ${id} and person_id = ${context.actor.id} for update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<RunFacts, 'bulk.use'>
}

type Row = Omit<BulkRun, 'counts' | 'reasons' | 'do'> & {
  action: BulkAction
  told: { outcome: Outcome; code: string | null; count: number }[]
}
const wire = (column: string) => sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

export async function readRun(context: Context, id: string): Promise<BulkRun> {
  const found =
    await sql<Row>`select b.id, ${wire('b.at')} as at, b.state, b.action, b.cut = 'yes' as cut, ${wire('b.undo_until')} as "undoUntil",
      coalesce((select json_agg(x) from (select r.outcome, r.code, count(*)::int as count from bulk_row r where r.run_id = b.id
        group by r.outcome, r.code order by count(*) desc) x), '[]') as told
    from bulk_run b where b.id = ${id} and b.person_id = ${context.actor.id}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const { told, action, ...run } = row
  const counts: Record<Outcome, number> = { will: 0, done: 0, same: 0, cannot: 0, undone: 0, 'changed-since': 0 }
  for (const one of told) counts[one.outcome] += one.count
  const reasons = told.flatMap(({ outcome, code, count }) => (outcome === 'cannot' ? [{ code: code ?? 'not_allowed', count }] : []))
  return { ...run, do: action.do, counts, reasons }
}

type Query = z.output<(typeof views)['GET /api/bulk/:id/rows']['query']>
type ReportRow = { ticket: { id: string; subject: string }; outcome: Outcome; code: string | null }

/** A ticket that one does not (or no longer) see is told by the number that was named, and nothing else. */
const rowsOf = (context: Context, runId: string, where: RawBuilder<SqlBool>, limit: number) =>
  sql<ReportRow>`select json_build_object('id', r.ticket_id::text, 'subject', coalesce(t.subject, '')) as ticket, r.outcome, r.code
    from bulk_row r join bulk_run b on b.id = r.run_id and b.person_id = ${context.actor.id}
    left join ticket t on t.id = r.ticket_id and ${visibleTo(context.actor)}
    where r.run_id = ${runId} and ${where} order by r.ticket_id limit ${sql.lit(limit)}`.execute(context.db)

export async function reportOf(context: Context, runId: string, query: Query): Promise<{ items: ReportRow[]; next: string | null }> {
  if (query.after !== undefined && !/^\d{1,19}$/.test(query.after))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  await readRun(context, runId)
  const parts = [
    sql<SqlBool>`r.ticket_id > ${query.after ?? '0'}::bigint`,
    ...(query.outcome ? [sql<SqlBool>`r.outcome = ${query.outcome}`] : []),
  ]
  const { rows } = await rowsOf(context, runId, sql`${sql.join(parts, sql` and `)}`, query.limit + 1)
  const items = rows.slice(0, query.limit)
  return { items, next: rows.length > query.limit ? (items.at(-1)?.ticket.id ?? null) : null }
}

const heads = { en: ['Number', 'Subject', 'Outcome', 'Why'], de: ['Nummer', 'Betreff', 'Ergebnis', 'Grund'] } as const

export async function csvOfRun(context: Context, runId: string): Promise<{ content: string; name: string; mediaType: string }> {
  const run = await readRun(context, runId)
  const { rows } = await rowsOf(context, runId, sql`true`, 5000)
  const lines = rows.map(({ ticket, outcome, code }) => csvLine([Number(ticket.id), ticket.subject, outcome, code ?? '']))
  const content = `\ufeff${[csvLine(heads[context.actor.language]), ...lines].join('\r\n')}\r\n`
  return { content, name: `${run.do}-${run.at.slice(0, 10)}.csv`, mediaType: 'text/csv' }
}
