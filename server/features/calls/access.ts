import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Call, CallBack, calls } from '../../../contract/calls.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** A call is seen by staff who see its caller, and its ticket where there is one; a call-back by those who see its ticket. */
type Condition = RawBuilder<SqlBool>
const person = (column: string) =>
  sql.raw(`case when ${column} is null then null else json_build_object('id', ${column}::text, 'name', firstline.name_of(${column})) end`)
const ticketRef = sql`case when t.id is null then null else json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) end as ticket`

const callSeen = (context: Context): Condition => sql`(c.ticket_id is null or ${visibleAsStaff(context.actor)})`
const callColumns = sql`c.id, c.direction, c.state, c.number, ${person('c.person_id')} as person, ${person('c.agent_id')} as agent, ${ticketRef}, c.queue,
  ${wireTime('c.started_at')} as "startedAt", ${wireTime('c.answered_at')} as "answeredAt", ${wireTime('c.ended_at')} as "endedAt",
  ${wireTime('c.settled_at')} as "settledAt", c.ending`

export type CallFacts = {
  id: string
  direction: 'in' | 'out'
  state: Call['state']
  number: string | null
  person_id: string | null
  settled: boolean
}
export async function accessCall(context: Context, id: string): Promise<Granted<CallFacts, 'call.log'>> {
  const found = await sql<CallFacts>`select c.id, c.direction, c.state, c.number, c.person_id, c.settled_at is not null as settled
    from call c left join ticket t on t.id = c.ticket_id where c.id = ${id} and ${callSeen(context)} for update of c`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<CallFacts, 'call.log'>
}

export async function readCall(context: Context, id: string): Promise<Call> {
  const found =
    await sql<Call>`select ${callColumns} from call c left join ticket t on t.id = c.ticket_id where c.id = ${id} and ${callSeen(context)}`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

type CallQuery = z.output<(typeof calls)['GET /api/calls']['query']>
export async function listCalls(context: Context, query: CallQuery): Promise<{ items: Call[]; next: string | null }> {
  const parts: Condition[] = [callSeen(context)]
  if (query.missed) parts.push(sql`c.state = 'missed' and c.settled_at is null`)
  if (query.mine) parts.push(sql`c.agent_id = ${context.actor.id}`)
  if (query.after !== undefined) {
    const [at, id] = markOf(query.after)
    parts.push(sql`(c.started_at, c.id) < (${at}::timestamptz, ${id}::bigint)`)
  }
  const found = await sql<
    Call & { mark: string }
  >`select ${callColumns}, c.started_at::text as mark from call c left join ticket t on t.id = c.ticket_id
    where ${sql.join(parts, sql` and `)} order by c.started_at desc, c.id desc limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  return paged(found.rows, query.limit)
}

function paged<T extends { id: string; mark: string }>(rows: T[], limit: number): { items: Omit<T, 'mark'>[]; next: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const next = last ? Buffer.from(JSON.stringify([last.mark, last.id])).toString('base64url') : null
  return { items: rows.slice(0, limit).map(({ mark: _, ...row }) => row), next }
}

function markOf(cursor: string): [string, string] {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (!Number.isNaN(Date.parse(String(at))) && /^\d{1,18}$/.test(String(id))) return [String(at), String(id)]
  } catch {}
  throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
}

export type CallBackFacts = {
  id: string
  version: number
  ticket_id: string
  state: CallBack['state']
  from_at: string
  until_at: string | null
  assignee_id: string | null
  tries: number
}
export type GrantedCallBack = Granted<CallBackFacts, 'call-back.edit'> & { ticket: Granted<TicketFacts, 'ticket.note'> }
const backColumns = sql`b.id, b.version, ${ticketRef}, ${person('b.person_id')} as person, b.method, b.number, ${wireTime('b.from_at')} as "fromAt",
  ${wireTime('b.until_at')} as "untilAt", b.note, ${person('b.assignee_id')} as assignee, b.state, b.tries`

export async function accessCallBack(context: Context, id: string): Promise<GrantedCallBack> {
  const of = await sql<{ ticket_id: string }>`select ticket_id from call_back where id = ${id}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  const ticket = await accessTicket(context, of.rows[0].ticket_id, 'ticket.note')
  const found =
    await sql<CallBackFacts>`select id, version, ticket_id, state, ${wireTime('from_at')} as from_at, ${wireTime('until_at')} as until_at, assignee_id, tries
    from call_back where id = ${id} for update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return { ...found.rows[0], ticket } as unknown as GrantedCallBack
}

export async function readCallBack(context: Context, id: string): Promise<CallBack> {
  const found = await sql<CallBack>`select ${backColumns} from call_back b join ticket t on t.id = b.ticket_id where b.id = ${id}`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export async function callBacksOf(
  context: Context,
  ticket: Granted<TicketFacts, 'ticket.see'>,
): Promise<{ items: CallBack[]; can: { edit: boolean } }> {
  if (!ticket.as_staff) throw notFound()
  const found = await sql<CallBack>`select ${backColumns} from call_back b join ticket t on t.id = b.ticket_id
    where b.ticket_id = ${ticket.id} order by b.id desc limit 50`.execute(context.db)
  return { items: found.rows, can: { edit: ticket.meaning !== 'closed' && ticket.deleted_at === null && ticket.merged_into_id === null } }
}

type BackQuery = z.output<(typeof calls)['GET /api/call-backs']['query']>
export async function listCallBacks(context: Context, query: BackQuery): Promise<{ items: CallBack[]; next: string | null; due: number }> {
  const { actor } = context
  const open: Condition[] = [sql`b.state = 'open'`, visibleAsStaff(actor), sql`t.deleted_at is null`]
  const parts = [...open]
  if (query.mine) parts.push(sql`b.assignee_id = ${actor.id}`)
  if (query.after !== undefined) {
    const [at, id] = markOf(query.after)
    parts.push(sql`(b.from_at, b.id) > (${at}::timestamptz, ${id}::bigint)`)
  }
  const found = await sql<
    CallBack & { mark: string }
  >`select ${backColumns}, b.from_at::text as mark from call_back b join ticket t on t.id = b.ticket_id
    where ${sql.join(parts, sql` and `)} order by b.from_at, b.id limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  const due = await sql<{ n: number }>`select count(*)::int as n from (select 1 from call_back b join ticket t on t.id = b.ticket_id
    where ${sql.join(open, sql` and `)} and b.assignee_id = ${actor.id} and b.from_at <= ${context.now.toString()} limit 100) x`.execute(
    context.db,
  )
  return { ...paged(found.rows, query.limit), due: due.rows[0]?.n ?? 0 }
}
