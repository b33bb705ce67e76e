import { type RawBuilder, sql } from 'kysely'
import type { FigureRow } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { csvLine } from '../timekeeping/rules.ts'
import { definitionOf } from './access-definitions.ts'
import { countsAt, type Definition, isTime } from './access-populations.ts'
import { counted, counts, populated, type Query, scopeOf, teamIn } from './access-scope.ts'

/** The tickets behind a figure, by keyset on the time at which they count. */
type RowQuery = Query & { which: 'all' | 'part' }
const columnOf = {
  created: 'f.created_at',
  answered: 'f.first_answer_at',
  resolved: 'f.resolved_at',
  open: 't.created_at',
  asked: 's.asked_at',
  targets: 'k.ended_at',
  late: 'p.from_at',
  held: 'h.resolved_at',
}
/** Where a ticket may stand more than once, a row has a number of its own. */
const idOf: Readonly<Partial<Record<Definition['of'], RawBuilder<unknown>>>> = { asked: sql`s.id`, targets: sql`k.id`, held: sql`h.id` }
type Row = FigureRow & { mark: string }

export function knownFigure(key: string): Definition {
  const found = definitionOf(key)
  if (!found) throw notFound()
  return found
}

function past(cursor: string | undefined, at: RawBuilder<unknown>, id: RawBuilder<unknown>): RawBuilder<unknown> {
  if (cursor === undefined) return sql``
  const [when = '', last = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (!/^\d{1,18}$/.test(last) || Number.isNaN(Date.parse(when)))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  return sql`and (${at}, ${id}) < (${when}::timestamptz, ${last}::bigint)`
}

/** On the alias page. Agreements of customers that are not the reader's have no name for them. */
const promise = ({
  actor,
}: Context) => sql`(select json_build_object('target', k.target, 'agreement', coalesce(a.name, ''), 'usedSeconds', k.used_seconds,
    'pausedSeconds', k.paused_seconds, 'cause', c.name ->> ${actor.language})
  from ticket_target k left join agreement a on a.id = k.agreement_id left join breach_cause c on c.id = k.cause_id where k.id = page.row_id)`

async function rowsOf(context: Context, one: Definition, query: RowQuery, limit: number, after?: string): Promise<Row[]> {
  if (query.which === 'part' && !one.part)
    throw invalid('query.which', 'no_share', 'This figure is no share and has no part. Ask for all of its rows.')
  const scope = await scopeOf(context, query)
  const at = countsAt[one.of]
  const id = idOf[one.of] ?? sql`t.id`
  const duration = isTime(one.unit) ? one.measure : undefined
  const number = one.unit === 'number' ? one.measure : undefined
  const parts = [
    counted(one.of, String(scope.start), String(scope.end)),
    counts(one.of),
    ...(one.whole ? [one.whole] : []),
    ...(query.which === 'part' && one.part ? [one.part] : []),
  ]
  const found = await sql<Row>`select page.row_id as id,
      json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject, 'meaning', t.meaning, 'priority', t.priority) as ticket,
      (select json_build_object('id', o.id::text, 'name', o.name) from organisation o where o.id = t.organisation_id) as organisation,
      (select json_build_object('id', x.id::text, 'name', x.name) from team x where x.id = page.team_id) as team, page.at_wire as at,
      page.seconds, page.counts, page.score, page.number, ${one.of === 'targets' ? promise(context) : sql`null::json`} as promise, page.mark
    from (select ${id} as row_id, t.id as ticket_id, ${at} as at, ${wireTime(columnOf[one.of])} as at_wire,
        ${duration ?? sql`null::float8`} as seconds, ${number ?? sql`null::float8`} as number, ${teamIn(one.of)} as team_id, coalesce(${one.part ?? sql`true`}, false) as counts, ${one.of === 'asked' ? sql`s.score` : sql`null::int`} as score,
        to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as mark
      from ${populated(context, scope, one.of)} where ${sql.join(parts, sql` and `)} ${past(after, at, id)} order by ${at} desc, ${id} desc limit ${sql.raw(String(limit))}) page
    join ticket t on t.id = page.ticket_id order by page.at desc, page.row_id desc`.execute(context.db)
  return found.rows
}

export async function listRows(
  context: Context,
  key: string,
  query: RowQuery & { limit: number; after?: string | undefined },
): Promise<{ items: FigureRow[]; next: string | null }> {
  const found = await rowsOf(context, knownFigure(key), query, query.limit + 1, query.after)
  const rows = found.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.length > query.limit && last ? Buffer.from(`${last.mark} ${last.id}`).toString('base64url') : null
  return { items: rows.map(({ mark: _, ...row }) => row), next }
}

const most = 50_000
const heads = {
  en: [
    'Ticket',
    'Subject',
    'Customer',
    'Team',
    'Status',
    'When',
    'Seconds',
    'Counts',
    'Score',
    'Number',
    'Target',
    'Agreement',
    'Working time (s)',
    'Paused (s)',
    'Cause',
  ],
  de: [
    'Ticket',
    'Betreff',
    'Kunde',
    'Team',
    'Status',
    'Zeitpunkt',
    'Sekunden',
    'Zählt',
    'Wertung',
    'Zahl',
    'Ziel',
    'Vereinbarung',
    'Arbeitszeit (s)',
    'Pausiert (s)',
    'Ursache',
  ],
}
const yes = { en: ['no', 'yes'], de: ['nein', 'ja'] }

export async function rowsAsCsv(context: Context, key: string, query: RowQuery): Promise<string> {
  const rows = await rowsOf(context, knownFigure(key), query, most + 1)
  if (rows.length > most) throw invalid('query.from', 'too_many', 'These are more than 50,000 rows. Choose a shorter time.')
  const { language } = context.actor
  const lines = rows.map((row) =>
    csvLine([
      row.ticket.number,
      row.ticket.subject,
      row.organisation?.name ?? '',
      row.team?.name ?? '',
      row.ticket.meaning,
      row.at,
      row.seconds === null ? '' : Math.round(row.seconds),
      yes[language][Number(row.counts)] ?? '',
      row.score ?? '',
      row.number ?? '',
      row.promise?.target ?? '',
      row.promise?.agreement ?? '',
      row.promise === null ? '' : Math.round(row.promise.usedSeconds),
      row.promise === null ? '' : Math.round(row.promise.pausedSeconds),
      row.promise?.cause ?? '',
    ]),
  )
  return `\ufeff${[csvLine(heads[language]), ...lines].join('\r\n')}\r\n`
}
