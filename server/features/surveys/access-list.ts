import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Survey, SurveyFigures, surveys } from '../../../contract/surveys.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { csvLine } from '../timekeeping/rules.ts'
import { surveyColumns, surveyJoins, visibleSurveys } from './access.ts'
import { wordOf } from './rules.ts'

/** Answers one by one, and what they say together. A day begins where the reader lives. */
type Query = z.output<(typeof surveys)['GET /api/surveys']['query']>
type Filter = Omit<Query, 'limit' | 'after'>
type Span = { from?: string | undefined; to?: string | undefined; team?: string | undefined; organisation?: string | undefined }
type Condition = RawBuilder<SqlBool>

const order = sql`s.answered_at desc, s.id desc`
const which: Record<NonNullable<Filter['which']>, Condition> = {
  low: sql`s.score <= 2`,
  middle: sql`s.score = 3`,
  good: sql`s.score >= 4`,
  commented: sql`s.comment <> ''`,
}
const zone = (context: Context): string => context.actor.timeZone ?? 'UTC'

function within(context: Context, span: Span, column: RawBuilder<unknown>): Condition[] {
  const { from, to, team, organisation } = span
  if (from && to && from > to) throw invalid('query.to', 'before_from', 'The last day stands before the first.')
  const parts: Condition[] = [visibleSurveys(context.actor)]
  if (from) parts.push(sql`${column} >= ${from}::date::timestamp at time zone ${zone(context)}`)
  if (to) parts.push(sql`${column} < (${to}::date + 1)::timestamp at time zone ${zone(context)}`)
  if (team) parts.push(sql`s.team_id = ${team}`)
  if (organisation) parts.push(sql`s.organisation_id = ${organisation}`)
  return parts
}

function conditions(context: Context, query: Filter): RawBuilder<unknown> {
  const parts = within(context, query, sql`s.answered_at`)
  parts.push(sql`s.answered_at is not null`)
  if (query.which) parts.push(which[query.which])
  return sql.join(parts, sql` and `)
}

function past(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql``
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (!/^\d{1,18}$/.test(id) || Number.isNaN(Date.parse(at)))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  return sql`and (s.answered_at, s.id) < (${at}::timestamptz, ${id}::bigint)`
}

type Row = Survey & { mark: string }

export async function listSurveys(context: Context, query: Query): Promise<{ items: Survey[]; next: string | null }> {
  // The exact moment: a page mark in whole milliseconds would skip what came within the same one.
  const found =
    await sql<Row>`select ${surveyColumns(context.actor)}, to_char(s.answered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as mark
    from survey s ${surveyJoins} where ${conditions(context, query)} ${past(query.after)}
    order by ${order} limit ${sql.raw(String(query.limit + 1))}`.execute(context.db)
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(`${last.mark} ${last.id}`).toString('base64url') : null
  return { items: rows.map(({ mark: _, ...item }) => item), next }
}

const most = 50_000
const heads = {
  en: ['Asked', 'Answered', 'Ticket', 'Subject', 'Person', 'Organisation', 'Team', 'Score', 'In words', 'Comment', 'Follow-up'],
  de: ['Gefragt', 'Beantwortet', 'Ticket', 'Betreff', 'Person', 'Organisation', 'Team', 'Wertung', 'In Worten', 'Kommentar', 'Nachfrage'],
}

export async function surveysAsCsv(context: Context, query: Filter): Promise<string> {
  const found = await sql<Survey>`select ${surveyColumns(context.actor)} from survey s ${surveyJoins}
    where ${conditions(context, query)} order by ${order} limit ${sql.raw(String(most + 1))}`.execute(context.db)
  if (found.rows.length > most) throw invalid('query.from', 'too_many', 'These are more than 50,000 answers. Choose a shorter time.')
  const { language } = context.actor
  const lines = found.rows.map((s) =>
    csvLine([
      s.askedAt,
      s.answeredAt ?? '',
      s.ticket.number,
      s.ticket.subject,
      s.person.name,
      s.organisation?.name ?? '',
      s.team?.name ?? '',
      s.score ?? '',
      s.score === null ? '' : wordOf(language, s.score),
      s.comment,
      s.followUp?.number ?? '',
    ]),
  )
  // The mark tells spreadsheets that this is UTF-8.
  return `\ufeff${[csvLine(heads[language]), ...lines].join('\r\n')}\r\n`
}

/** CSAT: answers of 4 and 5 of all answers, with the response rate beside it. Counted by when it was asked, so that both mean the same surveys. */
const counted = sql`count(*)::int as asked, count(s.score)::int as answered, count(*) filter (where s.score >= 4)::int as good, round(avg(s.score), 2)::float8 as average,
  array[count(*) filter (where s.score = 1), count(*) filter (where s.score = 2), count(*) filter (where s.score = 3), count(*) filter (where s.score = 4),
    count(*) filter (where s.score = 5)]::int[] as spread`
type Of = SurveyFigures & { of: { id: string; name: string } | null }
type Figures = { total: SurveyFigures; months: (SurveyFigures & { month: string })[]; teams: Of[]; organisations: Of[] }
type Grouped = SurveyFigures & { what: number; month: string | null; team: string | null; organisation: string | null; name: string | null }

export async function figuresOf(context: Context, query: Span & { from: string; to: string }): Promise<Figures> {
  if (Date.parse(query.to) - Date.parse(query.from) > 1100 * 86_400_000)
    throw invalid('query.from', 'too_long', 'Three years at most. Choose a later first day.')
  const found =
    await sql<Grouped>`with f as (select s.score, s.team_id, s.organisation_id, to_char(s.asked_at at time zone ${zone(context)}, 'YYYY-MM') as month
      from survey s join ticket t on t.id = s.ticket_id where ${sql.join(within(context, query, sql`s.asked_at`), sql` and `)}),
    g as (select grouping(month, team_id, organisation_id) as what, month, team_id, organisation_id, ${counted} from f s
      group by grouping sets ((), (month), (team_id), (organisation_id)))
    select g.what, g.month, g.team_id as team, g.organisation_id as organisation, coalesce(x.name, o.name) as name, g.asked, g.answered, g.good, g.average, g.spread
    from g left join team x on x.id = g.team_id left join organisation o on o.id = g.organisation_id order by g.month, g.answered desc, name`.execute(
      context.db,
    )
  // grouping() has one bit for each column that a row sums over: 7 all, 3 by month, 5 by team, 6 by organisation.
  const by = (what: number) => found.rows.filter((row) => row.what === what)
  const plain = ({ asked, answered, good, average, spread }: Grouped): SurveyFigures => ({ asked, answered, good, average, spread })
  const named = (row: Grouped, id: string | null): Of => ({ ...plain(row), of: id === null ? null : { id, name: row.name ?? '' } })
  return {
    total: plain(by(7)[0]!),
    months: by(3).map((row) => ({ ...plain(row), month: row.month ?? '' })),
    teams: by(5).map((row) => named(row, row.team)),
    organisations: by(6).map((row) => named(row, row.organisation)),
  }
}
