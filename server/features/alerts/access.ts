import { sql } from 'kysely'
import type { Alert, AlertSilence, FullAlert } from '../../../contract/alerts.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { accessTicket } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** Alerts are seen with their ticket; those without one by whoever serves the customer and the team of their source. */
const seen = ({ actor }: Context) => {
  const ofTeam = actor.teamsLimit === 'all' ? sql`true` : sql`s.team_id = any(${actor.teamsLimit}::bigint[])`
  const ofCustomer = actor.organisations === 'all' ? sql`true` : sql`a.organisation_id = any(${actor.organisations}::bigint[])`
  return sql`case when a.ticket_id is null then ${ofTeam} and ${ofCustomer} else t.id is not null and ${visibleAsStaff(actor)} end`
}
const joins = sql`alert a join alert_source s on s.id = a.source_id left join ticket t on t.id = firstline.survivor(a.ticket_id)`
const ticketRef = sql`case when t.id is null then null else json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject, 'meaning', t.meaning) end`
const columns = sql`a.id, json_build_object('id', s.id::text, 'name', s.name) as source, a.key, a.device, a.condition, a.severity, a.summary, a.state,
  a.hold_until is not null or jsonb_array_length(a.turns) >= greatest(s.flap_after, 1) and a.state <> 'cleared' and s.flap_after > 0 as flapping, a.count,
  ${wireTime('a.first_at')} as "firstAt", ${wireTime('a.last_at')} as "lastAt", ${wireTime('a.acknowledged_at')} as "acknowledgedAt",
  ${wireTime('a.cleared_at')} as "clearedAt", case when a.state = 'waiting' then ${wireTime('a.opens_at')} end as "opensAt", ${ticketRef} as ticket,
  a.storm_id is not null as "inStorm", coalesce(a.details ->> 'runbook', '') as runbook, coalesce(a.details -> 'links', '[]') as links,
  coalesce(a.details -> 'values', '[]') as values`

type Query = {
  limit: number
  after?: string | undefined
  state?: Alert['state'] | undefined
  live?: boolean | undefined
  sourceId?: string | undefined
  device?: string | undefined
}
type Counts = { waiting: number; suppressed: number; open: number; acknowledged: number }
type Listed = { items: Alert[]; next: string | null; counts: Counts }

export async function listAlerts(context: Context, query: Query): Promise<Listed> {
  const parts = [seen(context)]
  if (query.state) parts.push(sql`a.state = ${query.state}`)
  if (query.live) parts.push(sql`a.state <> 'cleared'`)
  if (query.sourceId) parts.push(sql`a.source_id = ${query.sourceId}`)
  if (query.device) parts.push(sql`lower(a.device) = lower(${query.device})`)
  if (query.after !== undefined) {
    const [at, id] = markOf(query.after)
    parts.push(sql`(a.last_at, a.id) < (${at}::timestamptz, ${id}::bigint)`)
  }
  const found = await sql<Alert & { mark: string }>`select ${columns}, a.last_at::text as mark from ${joins}
    where ${sql.join(parts, sql` and `)} order by a.last_at desc, a.id desc limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  const items = found.rows.slice(0, query.limit)
  const last = items.at(-1)
  return {
    items: items.map(({ mark: _, ...one }) => one),
    next: found.rows.length > query.limit && last ? `${last.mark}|${last.id}` : null,
    counts: await countAlerts(context),
  }
}

async function countAlerts(context: Context): Promise<Counts> {
  const count = (state: string) =>
    sql`(select count(*)::int from (select 1 from ${joins} where a.state = ${state} and ${seen(context)} limit 1000) x)`
  const found = await sql<Counts>`select ${count('waiting')} as waiting, ${count('suppressed')} as suppressed, ${count('open')} as open,
    ${count('acknowledged')} as acknowledged`.execute(context.db)
  return found.rows[0]!
}

function markOf(cursor: string): [string, string] {
  const [at = '', id = ''] = cursor.split('|')
  if (!/^\d{1,19}$/.test(id) || !Number.isFinite(Date.parse(at)))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  return [at, id]
}

export async function readAlert(context: Context, id: string): Promise<FullAlert> {
  const found = await sql<Alert & { text: string; source_id: string; previous_id: string | null; first: string }>`select ${columns},
    coalesce(a.details ->> 'text', '') as text, a.source_id, a.previous_id, a.first_at::text as first from ${joins} where a.id = ${id} and ${seen(context)}`.execute(
    context.db,
  )
  const row = found.rows[0]
  if (!row) throw notFound()
  const { source_id, previous_id, first, ...alert } = row
  const history = await sql<FullAlert['history'][number]>`select e.id, ${wireTime('e.at')} as at, e.action, e.severity, e.summary, e.outcome
    from alert_event e where e.alert_id = ${id} order by e.id desc limit 200`.execute(context.db)
  const changes = await sql<FullAlert['changes'][number]>`select c.id, ${wireTime('c.at')} as at, c.summary, c.links from alert_change c
    where c.source_id = ${source_id} and c.device = ${alert.device} and c.at between ${first}::timestamptz - interval '1 day' and ${first}::timestamptz
    order by c.id desc limit 20`.execute(context.db)
  const previous = await sql<NonNullable<FullAlert['previous']>>`select a.id, ${ticketRef} as ticket from ${joins}
    where a.id = ${previous_id}::bigint and ${seen(context)}`.execute(context.db)
  return { ...alert, history: history.rows, changes: changes.rows, previous: previous.rows[0] ?? null }
}

export async function alertsOf(context: Context, ticketId: string): Promise<{ items: Alert[]; total: number }> {
  const ticket = await accessTicket(context, ticketId, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  const own = sql`(a.ticket_id = ${ticket.id} or a.ticket_id in (select m.id from ticket m where m.merged_into_id = ${ticket.id}))`
  const found =
    await sql<Alert>`select ${columns} from ${joins} where ${own} order by a.state = 'cleared', a.last_at desc, a.id desc limit 100`.execute(
      context.db,
    )
  if (found.rows.length < 100) return { items: found.rows, total: found.rows.length }
  const all = await sql<{ n: number }>`select count(*)::int as n from alert a where ${own}`.execute(context.db)
  return { items: found.rows, total: all.rows[0]?.n ?? 0 }
}

const silenceColumns = sql`q.id, case when s.id is null then null else json_build_object('id', s.id::text, 'name', s.name) end as source, q.device, q.reason,
  ${wireTime('q.from_at')} as "fromAt", ${wireTime('q.until_at')} as "untilAt",
  case when q.by_id is null then null else json_build_object('id', q.by_id::text, 'name', coalesce(firstline.name_of(q.by_id), '')) end as by,
  (select count(*)::int from (select 1 from alert a where a.state = 'suppressed' and (q.source_id is null or a.source_id = q.source_id)
    and (q.device = '' or lower(a.device) = lower(q.device)) limit 1000) x) as suppressed`

export const listSilences = async ({ db, now }: Context): Promise<AlertSilence[]> =>
  (
    await sql<AlertSilence>`select ${silenceColumns} from alert_silence q left join alert_source s on s.id = q.source_id
      where q.ended_at is null and (q.until_at is null or q.until_at > ${now.toString()}) order by q.from_at, q.id limit 200`.execute(db)
  ).rows

export async function readSilence({ db }: Context, id: string): Promise<AlertSilence> {
  const found =
    await sql<AlertSilence>`select ${silenceColumns} from alert_silence q left join alert_source s on s.id = q.source_id where q.id = ${id}`.execute(
      db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type SilenceFacts = { id: string; source_id: string | null }
export async function accessSilence({ db }: Context, id: string): Promise<Granted<SilenceFacts, 'routing.edit'>> {
  const found = await sql<SilenceFacts>`select id, source_id from alert_silence where id = ${id} and ended_at is null for update`.execute(
    db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SilenceFacts, 'routing.edit'>
}
