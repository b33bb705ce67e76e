import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Meaning, TicketRow, tickets } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { fieldConditions } from '../fields/access.ts'
import { awayNow } from '../people/access-absences.ts'
import { type DueRow, dueColumns, dueJoin, duesOf } from './access-due.ts'
import { wireTimeOf } from './access-messages.ts'
import { shownHolder } from './access-reading.ts'
import { visibleAsRequester, visibleAsStaff, visibleTo } from './access-visibility.ts'

/** Lists by keyset: the page is found by ids on an index first, then joined. Nothing is counted past a bound. */
type Query = z.output<(typeof tickets)['GET /api/tickets']['query']>
type Condition = RawBuilder<SqlBool>
type View = NonNullable<Query['view']>

const isOpen: Condition = sql`t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null`
const kept: Condition = sql`t.deleted_at is null`

/** Not snoozed by the one who looks; read once for the whole list. */
const inSight = ({ actor }: Context): Condition =>
  sql`t.id <> all(array(select z.ticket_id from ticket_snooze z where z.person_id = ${actor.id}))`

export function viewCondition(context: Context, view: View): Condition {
  const { actor } = context
  switch (view) {
    case 'mine':
      return sql`t.assignee_id = ${actor.id} and ${isOpen} and ${inSight(context)}`
    case 'team':
      return sql`t.team_id = any(${actor.teams}::bigint[]) and ${isOpen} and ${inSight(context)}`
    case 'unassigned':
      return sql`t.assignee_id is null and ${isOpen} and ${inSight(context)}`
    case 'waiting':
      return sql`t.waiting_since is not null and ${isOpen} and ${inSight(context)}`
    case 'all-open':
      return sql`${isOpen} and ${inSight(context)}`
    case 'snoozed':
      return sql`t.id in (select z.ticket_id from ticket_snooze z where z.person_id = ${actor.id}) and ${isOpen}`
    case 'resolved':
      return sql`t.meaning in ('resolved', 'closed') and t.merged_into_id is null and ${kept}`
    case 'deleted':
      return sql`t.deleted_at is not null`
  }
}

function conditions(context: Context, query: Query): Condition[] {
  // What a requester does not read of a ticket, they cannot ask for either.
  const internal = [query.priority, query.tag, query.assigneeId, query.categoryId, query.absent].some((asked) => asked !== undefined)
  const parts: Condition[] = [internal ? visibleAsStaff(context.actor) : visibleTo(context.actor)]
  if (query.view) parts.push(viewCondition(context, query.view))
  else parts.push(sql`t.deleted_at is null and t.merged_into_id is null`)
  if (query.open === true) parts.push(isOpen)
  if (query.open === false) parts.push(sql`t.meaning in ('resolved', 'closed', 'cancelled')`)
  if (query.meaning) parts.push(sql`t.meaning = any(${query.meaning.split(',')}::text[])`)
  if (query.absent === true) parts.push(sql`t.assignee_id in (${awayNow(context)})`)
  if (query.tag) parts.push(sql`t.tags @> array[${query.tag}]::text[]`)
  const columns: [unknown, string][] = [
    [query.teamId, 'team_id'],
    [query.assigneeId, 'assignee_id'],
    [query.requesterId, 'requester_id'],
    [query.organisationId, 'organisation_id'],
    [query.categoryId, 'category_id'],
    [query.kind, 'kind'],
    [query.channel, 'channel'],
    [query.priority, 'priority'],
    [query.statusId, 'status_id'],
  ]
  for (const [value, column] of columns) if (value !== undefined) parts.push(sql`${sql.ref(`t.${column}`)} = ${value}`)
  return parts
}

type Sort = Query['sort']
/** When it last changed for the one who looks. Requesters hear of no note and no hand-over: for them it is our or their last word (Q-163). */
const changedAt = (context: Context): RawBuilder<unknown> =>
  context.actor.staff
    ? sql`t.changed_at`
    : sql`coalesce((select x.at from message x where ${isTold(context)} order by x.id desc limit 1), t.created_at)`
const order: Record<Sort, (context: Context) => RawBuilder<unknown>> = {
  newest: () => sql`t.id desc`,
  changed: (context) => sql`${changedAt(context)} desc, t.id desc`,
  waiting: () => sql`t.waiting_since asc nulls last, t.id asc`,
}

/** The cursor is the sort key of the last row: [id] or [time, id]. */
function past(context: Context, sort: Sort, cursor: string | undefined): Condition | undefined {
  if (cursor === undefined) return undefined
  const [at, id] = decode(cursor)
  if (sort === 'newest') return sql`t.id < ${id}`
  if (sort === 'changed') return sql`(${changedAt(context)}, t.id) < (${at}::timestamptz, ${id}::bigint)`
  if (at === null) return sql`t.waiting_since is null and t.id > ${id}`
  return sql`(t.waiting_since is null or (t.waiting_since, t.id) > (${at}::timestamptz, ${id}::bigint))`
}

function decode(cursor: string): [string | null, string] {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string | null, string]
    if (!/^\d{1,19}$/.test(id) || (at !== null && Number.isNaN(Date.parse(at)))) throw new Error()
    return [at, id]
  } catch {
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  }
}

/** As PostgreSQL gives it: times as its own text, references as two columns; to build JSON there costs more than all the joins. */
type Row = Pick<
  TicketRow,
  'id' | 'version' | 'kind' | 'subject' | 'priority' | 'channel' | 'tags' | 'unread' | 'restricted' | 'preview' | 'specialHandling'
> &
  Record<'status_id' | 'status_name' | 'requester_id' | 'requester_name' | 'created_at' | 'changed_at', string> &
  Record<'organisation_id' | 'organisation_name' | 'team_id' | 'team_name' | 'assignee_id' | 'assignee_name', string | null> &
  Record<'last_message_at' | 'waiting_since' | 'sort_at', string | null> & { meaning: Meaning } & DueRow

export async function listTickets(context: Context, query: Query): Promise<Page> {
  const mark = past(context, query.sort, query.after)
  const where = sql<SqlBool>`${sql.join([...conditions(context, query), ...(await fieldConditions(context, query, visibleAsStaff(context.actor))), ...(mark ? [mark] : [])], sql` and `)}`
  const sortAt =
    query.sort === 'changed' ? sql`(${changedAt(context)})::text` : query.sort === 'waiting' ? sql`t.waiting_since::text` : sql`null::text`
  return ticketPage(context, { where, order: order[query.sort](context), sortAt, limit: query.limit })
}

type Page = { items: TicketRow[]; next: string | null }
/** `where` and `order` on the alias t; who asks for a page decides what may be seen. `sortAt` is what the page mark keeps beside the id. */
type PageOf = { where: Condition; order: RawBuilder<unknown>; sortAt: RawBuilder<unknown>; limit: number }

export async function ticketPage(context: Context, { where, order, sortAt, limit }: PageOf): Promise<Page> {
  const { actor } = context
  const found = await sql<Row>`
    with page as materialized (select t.* from ticket t where ${where} order by ${order} limit ${sql.raw(String(limit + 1))})
    select t.id, t.version, t.kind, t.subject, s.name ->> ${actor.language} as status_name, t.status_id, t.meaning, t.priority, t.channel,
      t.requester_id, coalesce(rq.name, firstline.name_of(t.requester_id)) as requester_name, o.id as organisation_id, o.name as organisation_name,
      tm.id as team_id, tm.name as team_name, a.id as assignee_id, a.name as assignee_name, t.tags, t.created_at::text, t.changed_at::text,
      ${actor.staff ? sql`t.last_message_at::text` : sql`m.at::text as last_message_at`}, t.waiting_since::text,
      coalesce(t.last_message_id > r.message_id, t.last_message_id is not null) as unread,
      t.restricted_at is not null as restricted, coalesce(left(m.visible_body, 160), '') as preview,
      (coalesce(rq.special_handling, '') <> '' or coalesce(o.special_handling, '') <> '') as "specialHandling", ${sortAt} as sort_at, ${dueColumns}
    from page t join status s on s.id = t.status_id left join person rq on rq.id = t.requester_id
    left join organisation o on o.id = t.organisation_id left join team tm on tm.id = t.team_id left join person a on a.id = t.assignee_id
    left join ticket_read r on r.ticket_id = t.id and r.person_id = ${actor.id} ${dueJoin}
    ${actor.staff ? sql`left join message m on m.id = t.last_message_id and m.audience = 'everyone'` : lastToldMessage(context)}
    order by ${order}`.execute(context.db)
  const rows = found.rows.slice(0, limit)
  const last = rows.at(-1)
  const next = found.rows.length > limit && last ? Buffer.from(JSON.stringify([last.sort_at, last.id])).toString('base64url') : null
  const dues = await duesOf(context, rows)
  const asRow = (row: Row, n: number) => rowOf(row, dues[n] ?? null)
  if (actor.staff) return { items: rows.map(asRow), next }
  const { whoHasIt } = await companySettings(context.db)
  return { items: rows.map((row, n) => forRequester(asRow(row, n), whoHasIt)), next }
}

/** The last message that the requester's side may read: no note, nothing that can still be taken back. */
const lastToldMessage = (context: Context) =>
  sql`left join lateral (select x.at, x.visible_body from message x where ${isTold(context)} order by x.id desc limit 1) m on true`
/** A message x of the ticket t that its requester may read by now. */
const isTold = ({ now }: Context): Condition => sql`x.ticket_id = t.id and x.audience = 'everyone' and x.withdrawn_at is null
  and (x.delivery is distinct from 'waiting' or x.undo_until <= ${now.toString()}::timestamptz)`

const refOf = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })
const rowOf = (row: Row, due: TicketRow['due']): TicketRow => ({
  id: row.id,
  number: Number(row.id),
  version: row.version,
  kind: row.kind,
  subject: row.subject,
  status: { id: row.status_id, name: row.status_name, meaning: row.meaning },
  priority: row.priority,
  channel: row.channel,
  requester: { id: row.requester_id, name: row.requester_name },
  organisation: refOf(row.organisation_id, row.organisation_name),
  team: refOf(row.team_id, row.team_name),
  assignee: refOf(row.assignee_id, row.assignee_name),
  tags: row.tags,
  createdAt: wireTimeOf(row.created_at),
  changedAt: wireTimeOf(row.changed_at),
  lastMessageAt: row.last_message_at && wireTimeOf(row.last_message_at),
  waitingSince: row.waiting_since && wireTimeOf(row.waiting_since),
  unread: row.unread,
  restricted: row.restricted,
  preview: row.preview,
  specialHandling: row.specialHandling,
  due,
})
/** What the other side may know: when it last heard of us, not when we last thought of it (Q-163). */
const forRequester = (row: TicketRow, whoHasIt: 'first-name' | 'team'): TicketRow => ({
  ...row,
  ...shownHolder(row, whoHasIt),
  changedAt: row.lastMessageAt ?? row.createdAt,
  priority: 0,
  tags: [],
  unread: false,
  waitingSince: null,
  due: null,
  specialHandling: false,
  restricted: false,
})

const views: View[] = ['mine', 'team', 'unassigned', 'waiting', 'all-open', 'snoozed', 'deleted']
const bound = 1000

/** Bounded: at most 1,000 rows of each view are looked at. */
export async function viewCounts(context: Context): Promise<{ items: { key: View; count: number; more: boolean }[] }> {
  const { actor } = context
  const shown = views.filter((view) => view !== 'deleted' || actor.rights.has('ticket.delete'))
  const see = sql<SqlBool>`(${visibleAsStaff(actor)} or ${visibleAsRequester(actor)})`
  const parts = shown.map(
    (view) =>
      sql`(select count(*)::int from (select 1 from ticket t where ${viewCondition(context, view)} and ${see} limit ${sql.raw(String(bound + 1))}) x) as ${sql.ref(view)}`,
  )
  const found = await sql<Record<View, number>>`select ${sql.join(parts)}`.execute(context.db)
  const counts = found.rows[0]
  return { items: shown.map((key) => ({ key, count: Math.min(counts?.[key] ?? 0, bound), more: (counts?.[key] ?? 0) > bound })) }
}
