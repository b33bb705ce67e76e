import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { TimeEntry, time } from '../../../contract/time.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { asEntry, entryColumns, entryJoins, sums, visibleTime } from './access.ts'
import { csvLine } from './rules.ts'

type Query = z.output<(typeof time)['GET /api/time']['query']>
type Filter = Omit<Query, 'limit' | 'after'>
type Condition = RawBuilder<SqlBool>

/** The newest day first; the cursor is the last row's day and id. */
const order = sql`e.work_date desc, e.id desc`

function conditions(context: Context, query: Filter): RawBuilder<unknown> {
  const { actor } = context
  if (query.from && query.to && query.from > query.to) throw invalid('query.to', 'before_from', 'The last day stands before the first.')
  const parts: Condition[] = [visibleTime(actor)]
  if (query.from) parts.push(sql`e.work_date >= ${query.from}::date`)
  if (query.to) parts.push(sql`e.work_date <= ${query.to}::date`)
  if (query.person) parts.push(sql`e.person_id = ${query.person === 'me' ? actor.id : query.person}`)
  if (query.organisation) parts.push(sql`t.organisation_id = ${query.organisation}`)
  if (query.billable !== undefined) parts.push(sql`e.billable = ${query.billable ? 'yes' : 'no'}`)
  return sql.join(parts, sql` and `)
}

function past(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql``
  try {
    const [day, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (/^\d{4}-\d\d-\d\d$/.test(String(day)) && /^\d{1,18}$/.test(String(id)))
      return sql`and (e.work_date, e.id) < (${String(day)}::date, ${String(id)}::bigint)`
  } catch {}
  throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
}

type Totals = { minutes: number; counted: number; billable: number }

export async function listTime(context: Context, query: Query): Promise<{ items: TimeEntry[]; next: string | null; totals: Totals }> {
  const where = conditions(context, query)
  const found = await sql<TimeEntry>`with page as materialized (select e.id from time_entry e left join ticket t on t.id = e.ticket_id
      where ${where} ${past(query.after)} order by ${order} limit ${sql.raw(String(query.limit + 1))})
    select ${entryColumns(context.actor)} from page join time_entry e on e.id = page.id ${entryJoins} order by ${order}`.execute(context.db)
  const items = found.rows.slice(0, query.limit).map(asEntry)
  const last = items.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.workDate, last.id])).toString('base64url') : null
  const totals = await sql<Totals>`select ${sums} from time_entry e left join ticket t on t.id = e.ticket_id where ${where}`.execute(
    context.db,
  )
  return { items, next, totals: totals.rows[0]! }
}

const most = 50_000
const heads = {
  en: ['Date', 'Person', 'Ticket', 'Subject', 'Organisation', 'Task', 'Minutes', 'Counted minutes', 'Billable', 'Note'],
  de: ['Datum', 'Person', 'Ticket', 'Betreff', 'Organisation', 'Aufgabe', 'Minuten', 'Gezählte Minuten', 'Abrechenbar', 'Notiz'],
}
const yesNo = { en: ['no', 'yes'], de: ['nein', 'ja'] }

/** Whole or not at all: a file that lacks rows would be billed. */
export async function timeAsCsv(context: Context, query: Filter): Promise<string> {
  const found = await sql<TimeEntry>`select ${entryColumns(context.actor)} from time_entry e ${entryJoins}
    where ${conditions(context, query)} order by ${order} limit ${sql.raw(String(most + 1))}`.execute(context.db)
  if (found.rows.length > most) throw invalid('query.from', 'too_many', 'These are more than 50,000 entries. Choose a shorter time.')
  const { language } = context.actor
  const lines = found.rows.map((e) =>
    csvLine([
      e.workDate,
      e.person.name,
      Number(e.ticket.number),
      e.ticket.subject,
      e.organisation?.name ?? '',
      e.task?.title ?? '',
      e.minutes,
      e.counted,
      yesNo[language][Number(e.billable)]!,
      e.note,
    ]),
  )
  // The mark tells spreadsheets that this is UTF-8.
  return `\ufeff${[csvLine(heads[language]), ...lines].join('\r\n')}\r\n`
}
