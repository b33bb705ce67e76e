import { sql } from 'kysely'
import type { FullPage, Page } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { accessTicket } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** Pages are seen by the staff who see their tickets. */
export type PageFacts = { id: string; ticket_id: string; state: Page['state'] }

const ref = (column: string) =>
  sql.raw(
    `case when ${column} is null then null else json_build_object('id', ${column}::text, 'name', coalesce(firstline.name_of(${column}), '')) end`,
  )
const columns = sql`p.id, json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject, 'priority', t.priority) as ticket,
  case when y.id is null then null else json_build_object('id', y.id::text, 'name', y.name) end as policy, p.why,
  case when u.id is null then null else json_build_object('id', u.id::text, 'name', u.name) end as rule, ${ref('p.by_id')} as by, p.note, p.urgency, p.state,
  p.ended_why as "endedWhy", ${wireTime('p.began_at')} as "beganAt", ${wireTime('p.first_rung_at')} as "firstRungAt", ${wireTime('p.next_at')} as "nextAt",
  ${wireTime('p.acknowledged_at')} as "acknowledgedAt", ${ref('p.acknowledged_by_id')} as "acknowledgedBy", p.acknowledged_via as "acknowledgedVia",
  ${wireTime('p.unreached_at')} as "unreachedAt", ${wireTime('p.ended_at')} as "endedAt",
  coalesce((select json_agg(json_build_object('id', x.person_id::text, 'name', coalesce(firstline.name_of(x.person_id), '')) order by x.first)
    from (select r.person_id, min(r.id) as first from page_ring r where r.page_id = p.id and r.person_id is not null group by r.person_id order by 2 limit 10) x), '[]') as rung,
  json_build_object('acknowledge', p.state = 'ringing', 'passOn', p.state <> 'ended', 'end', p.state <> 'ended') as can`
const joins = sql`page p join ticket t on t.id = p.ticket_id left join paging_policy y on y.id = p.policy_id left join paging_rule u on u.id = p.rule_id`

type Query = { limit: number; after?: string | undefined; state?: Page['state'] | undefined; mine?: boolean | undefined }

export async function listPages(context: Context, query: Query): Promise<{ items: Page[]; next: string | null }> {
  if (query.after !== undefined && !/^\d{1,19}$/.test(query.after))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  const state = query.state === undefined ? sql`` : sql`and p.state = ${query.state}`
  const mine = query.mine ? sql`and exists (select 1 from page_ring r where r.page_id = p.id and r.person_id = ${context.actor.id})` : sql``
  const found = await sql<Page>`select ${columns} from ${joins} where ${visibleAsStaff(context.actor)}
    ${query.after === undefined ? sql`` : sql`and p.id < ${query.after}::bigint`} ${state} ${mine} order by p.id desc limit ${sql.lit(query.limit + 1)}`.execute(
    context.db,
  )
  const items = found.rows.slice(0, query.limit)
  return { items, next: found.rows.length > query.limit ? (items.at(-1)?.id ?? null) : null }
}

/** Locks it: two who act at once act one after the other. */
export async function accessPage(context: Context, id: string): Promise<Granted<PageFacts, 'ticket.work'>> {
  const found = await sql<PageFacts>`select p.id, p.ticket_id, p.state from page p join ticket t on t.id = p.ticket_id
    where p.id = ${id} and ${visibleAsStaff(context.actor)} for update of p`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<PageFacts, 'ticket.work'>
}

export async function readPage(context: Context, id: string): Promise<FullPage> {
  const found = await sql<Page>`select ${columns} from ${joins} where p.id = ${id} and ${visibleAsStaff(context.actor)}`.execute(context.db)
  const [page] = await withRings(context, found.rows)
  if (!page) throw notFound()
  return page
}

export async function pagesOf(context: Context, ticketId: string): Promise<FullPage[]> {
  const ticket = await accessTicket(context, ticketId, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  const found = await sql<Page>`select ${columns} from ${joins} where p.ticket_id = ${ticketId} order by p.id desc limit 20`.execute(
    context.db,
  )
  return withRings(context, found.rows)
}

type Ring = FullPage['rings'][number]

async function withRings(context: Context, all: Page[]): Promise<FullPage[]> {
  if (all.length === 0) return []
  const ids = all.map((one) => one.id)
  const rings = await sql<
    Ring & { page_id: string }
  >`select r.id, r.page_id, ${wireTime('r.at')} as at, r.step, r.loop, r.round, r.target, ${ref('r.person_id')} as person,
      r.nobody_why as "nobodyWhy", coalesce((select json_agg(json_build_object('id', a.id::text, 'kind', a.kind, 'state', a.state, 'dueAt', ${wireTime('a.due_at')},
        'triedAt', ${wireTime('a.tried_at')}, 'deliveredAt', ${wireTime('a.delivered_at')}, 'acknowledgedAt', ${wireTime('a.acknowledged_at')}, 'cause', a.cause) order by a.place)
      from page_attempt a where a.ring_id = r.id), '[]') as attempts
    from (select r.*, row_number() over (partition by r.page_id order by r.id desc) as nth from page_ring r where r.page_id = any(${ids}::bigint[])) r
    where r.nth <= 100 order by r.id`.execute(context.db)
  return all.map((page) => ({
    ...page,
    rings: rings.rows.filter((one) => one.page_id === page.id).map(({ page_id: _p, ...ring }) => ring),
  }))
}
