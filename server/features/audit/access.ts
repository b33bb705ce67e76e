import { sql } from 'kysely'
import type { z } from 'zod'
import type { AuditEntry, audit } from '../../../contract/audit.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid, notAllowed } from '../../kernel/problem.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import { namedNouns, nounsOf } from './rules.ts'

/**
 * The event table, read backwards by its key. It has no index for these filters, because each would be paid for by every
 * change at the desk: so a page looks at twenty thousand entries at most and says how far back it came. A ticket that the
 * reader may not see leaves no trace here either.
 */
type Query = z.output<(typeof audit)['GET /api/audit']['query']>
type Row = AuditEntry & { mark: string }
type Page = { items: AuditEntry[]; next: string | null; lookedBackTo: string | null }

export const mostLookedAt = 20_000

export async function readAudit(context: Context, query: Query, looksAt = mostLookedAt): Promise<Page> {
  if (!context.actor.rights.has('audit.see')) throw notAllowed()
  const before = beforeWhich(query.after) ?? (query.until === undefined ? null : await firstAfter(context, query.until))
  const seen = sql`select e.id, e.at, e.type, e.subject_kind, e.subject_id, e.ticket_id, e.actor_id, e.on_behalf_of_id, e.rule, e.request_id, e.data
    from event e where ${before === null ? sql`true` : sql`e.id < ${before}::bigint`} order by e.id desc limit ${sql.lit(looksAt)}`
  const found = await sql<Row>`with seen as materialized (${seen})
    select e.id, ${wire(sql`e.at`)} as at, e.type, e.rule, e.request_id as "requestId", e.data, e.ticket_id::text as "ticketId",
      ${named(sql`e.actor_id`)} as actor, ${named(sql`e.on_behalf_of_id`)} as "onBehalfOf",
      json_build_object('kind', e.subject_kind, 'id', e.subject_id::text, 'name', ${subjectName}) as subject
    from seen e left join ticket t on t.id = ${aboutTicket}
    where (${aboutTicket} is null or (t.id is not null and ${visibleTo(context.actor)})) and ${chosen(query)}
    order by e.id desc limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  const items = found.rows.slice(0, query.limit)
  if (found.rows.length > query.limit) return { items, next: items.at(-1)?.id ?? null, lookedBackTo: items.at(-1)?.at ?? null }
  const end = await sql<{ id: string; at: string; n: number; early: boolean }>`with seen as materialized (${seen})
    select min(id)::text as id, ${wire(sql`min(at)`)} as at, count(*)::int as n, coalesce(min(at) < ${query.from ?? null}::timestamptz, false) as early from seen`.execute(
    context.db,
  )
  const { id, at, n, early } = end.rows[0]!
  return n < looksAt || early ? { items, next: null, lookedBackTo: null } : { items, next: id, lookedBackTo: at }
}

/** Some events stand beside a ticket's history and only name it, such as those of time entries. */
const aboutTicket = sql`coalesce(e.ticket_id, case when e.data ->> 'ticketId' ~ '^[0-9]{1,18}$' then (e.data ->> 'ticketId')::bigint end)`
const wire = (at: ReturnType<typeof sql>) => sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const named = (id: ReturnType<typeof sql>) =>
  sql`(select json_build_object('id', p.id::text, 'name', coalesce(nullif(p.name, ''), p.email::text, '')) from person p where p.id = ${id})`
const subjectName = sql`case e.subject_kind
  when 'person' then (select coalesce(nullif(x.name, ''), x.email::text) from person x where x.id = e.subject_id)
  when 'organisation' then (select x.name from organisation x where x.id = e.subject_id)
  when 'team' then (select x.name from team x where x.id = e.subject_id)
  when 'mailbox' then (select x.name from mailbox x where x.id = e.subject_id)
  else t.subject end`

function chosen({ area, type, actorId, from, until }: Query) {
  const noun = sql`split_part(e.type, '.', 1)`
  const parts = [sql`true`]
  if (area === 'system') parts.push(sql`${noun} <> all(${[...namedNouns]}::text[])`)
  else if (area !== undefined) parts.push(sql`${noun} = any(${[...nounsOf[area]]}::text[])`)
  if (type !== undefined) parts.push(sql`e.type = ${type}`)
  if (actorId !== undefined) parts.push(sql`e.actor_id = ${actorId}::bigint`)
  if (from !== undefined) parts.push(sql`e.at >= ${from}::timestamptz`)
  if (until !== undefined) parts.push(sql`e.at < ${until}::timestamptz`)
  return sql.join(parts, sql` and `)
}

function beforeWhich(after: string | undefined): string | null {
  if (after === undefined) return null
  if (!/^\d{1,18}$/.test(after)) throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  return after
}

/** Ids rise with time, so the place of a time is found by halving; two transactions may cross by a few, hence the slack. */
async function firstAfter(context: Context, until: string): Promise<string | null> {
  const found = await sql<{ id: string | null }>`with recursive half (low, high) as (
      select coalesce(min(id), 0), coalesce(max(id), 0) + 1 from event
      union all
      select case when x.at < ${until}::timestamptz then x.id + 1 else low end, case when x.at < ${until}::timestamptz then high else (low + high) / 2 end
      from half, lateral (select e.id, e.at from event e where e.id >= (low + high) / 2 order by e.id limit 1) x where low < high)
    select (min(high) + 1000)::text as id from half`.execute(context.db)
  return found.rows[0]?.id ?? null
}
