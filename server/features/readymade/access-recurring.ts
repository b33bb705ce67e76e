import { sql } from 'kysely'
import type { Calendar, Recurring } from '../../../contract/scheduled.ts'
import { type Instant, onWire, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleReadymade } from './access.ts'
import { nextTimes } from './rules-calendar.ts'

/** Tickets that come by calendar belong to the desk, as their templates do: who sees the template sees them. */
export type RecurringFacts = {
  id: string
  version: number
  template_id: string
  requester_id: string
  owner_id: string
  calendar: Calendar
  time_zone: string
  paused_at: Instant | null
}

export async function accessRecurring(context: Context, id: string): Promise<Granted<RecurringFacts, 'template.edit'>> {
  if (!context.actor.rights.has('template.edit')) throw notAllowed()
  const found =
    await sql<RecurringFacts>`select c.id, c.version, c.template_id, c.requester_id, c.owner_id, c.calendar, c.time_zone, c.paused_at
    from recurring_ticket c join readymade r on r.id = c.template_id where c.id = ${id} and ${visibleReadymade(context.actor)} for no key update of c`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<RecurringFacts, 'template.edit'>
}

type Row = Omit<Recurring, 'next'> & { mark: string }

export async function listRecurring(
  context: Context,
  query: { limit: number; after?: string | undefined; id?: string },
): Promise<{ items: Recurring[]; next: string | null }> {
  const { actor } = context
  const found =
    await sql<Row>`select c.id, c.version, json_build_object('id', r.id::text, 'name', firstline.said(r.name, ${actor.language})) as template,
      json_build_object('id', c.requester_id::text, 'name', firstline.name_of(c.requester_id)) as requester,
      json_build_object('id', c.owner_id::text, 'name', firstline.name_of(c.owner_id)) as owner, c.calendar, c.time_zone as "timeZone",
      c.paused_at is not null as paused, c.switched_off_at is null as on,
      (select count(*)::int from recurring_made m where m.recurring_id = c.id and m.ticket_id is not null) as made,
      json_build_object('edit', ${sql.lit(actor.rights.has('template.edit'))}) as can, coalesce(c.next_at, 'infinity'::timestamptz)::text as mark
    from recurring_ticket c join readymade r on r.id = c.template_id where ${visibleReadymade(actor)}
      ${query.id === undefined ? sql`` : sql`and c.id = ${query.id}`} ${past(query.after)}
    order by coalesce(c.next_at, 'infinity'::timestamptz), c.id limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.mark, last.id])).toString('base64url') : null
  return {
    items: rows.map(({ mark: _, ...row }) => ({
      ...row,
      next: row.paused || !row.on ? [] : nextFive(context, row.calendar, row.timeZone),
    })),
    next,
  }
}

export const nextFive = (context: Context, calendar: Calendar, timeZone: string): string[] =>
  nextTimes(calendar, timeZone, context.now, 5).map(({ at }) => onWire(at))

function past(cursor: string | undefined) {
  if (cursor === undefined) return sql``
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
    if (!/^\d{1,19}$/.test(id) || (at !== 'infinity' && Number.isNaN(Date.parse(at)))) throw new Error()
    return sql`and (coalesce(c.next_at, 'infinity'::timestamptz), c.id) > (${at}::timestamptz, ${id}::bigint)`
  } catch {
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  }
}

export async function readRecurring(context: Context, id: string): Promise<Recurring> {
  const { items } = await listRecurring(context, { limit: 1, id })
  if (!items[0]) throw notFound()
  return items[0]
}

type Made = { date: string; dueAt: string; madeAt: string; late: boolean; ticket: { id: string; number: number } | null }
const lateAfter = 15 * 60_000

export async function madeBy(context: Context, id: string): Promise<{ items: Made[] }> {
  await readRecurring(context, id)
  const found = await sql<
    Omit<Made, 'ticket' | 'late'> & { ticket_id: string | null }
  >`select m.due_date::text as date, ${wireTime('m.due_at')} as "dueAt",
      ${wireTime('m.made_at')} as "madeAt", m.ticket_id from recurring_made m where m.recurring_id = ${id} order by m.due_date desc limit 200`.execute(
    context.db,
  )
  return {
    items: found.rows.map(({ ticket_id, ...row }) => ({
      ...row,
      late: isLate(Temporal.Instant.from(row.dueAt), Temporal.Instant.from(row.madeAt)),
      ticket: ticket_id === null ? null : { id: ticket_id, number: Number(ticket_id) },
    })),
  }
}
export const isLate = (due: Instant, made: Instant): boolean => made.epochMilliseconds - due.epochMilliseconds > lateAfter
