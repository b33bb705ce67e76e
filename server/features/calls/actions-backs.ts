import { sql } from 'kysely'
import type { z } from 'zod'
import type { calls } from '../../../contract/calls.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { type GrantedCallBack, readCallBack } from './access.ts'
import './events.ts'

type Input = z.output<(typeof calls)['POST /api/tickets/:id/call-backs']['body']>
type Change = z.output<(typeof calls)['PATCH /api/call-backs/:id']['body']>
type Result = z.output<(typeof calls)['POST /api/call-backs/:id/result']['body']>

const about = (ticket: TicketFacts) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})

/** Without a number it is the caller's own, as it is known; the agent who writes it down calls back unless another is named. */
export async function askCallBack(context: Context, ticket: Granted<TicketFacts, 'ticket.edit'>, input: Input): Promise<string> {
  const assigneeId = input.assigneeId === undefined ? context.actor.id : input.assigneeId
  await refuseUnfit(context, ticket, { ...input, assigneeId })
  const made = await sql<{
    id: string
  }>`insert into call_back (ticket_id, person_id, method, number, from_at, until_at, note, assignee_id, created_at, created_by_id)
    values (${ticket.id}, ${ticket.requester_id}, ${input.method}, coalesce(nullif(${input.number}::text, ''),
      (select c.value from contact_point c where c.person_id = ${ticket.requester_id} and c.kind = any(${['mobile', 'phone']}::text[]) order by (c.kind = ${input.method}) desc, c.since limit 1), ''),
      ${input.fromAt}, ${input.untilAt}, ${input.note}, ${assigneeId}, ${context.now.toString()}, ${context.actor.id}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'call-back.asked', ...about(ticket), data: { callBackId: id, assigneeId } })
  return id
}

type Fit = { fromAt: string; untilAt: string | null; assigneeId: string | null }
async function refuseUnfit(context: Context, ticket: TicketFacts, { fromAt, untilAt, assigneeId }: Fit): Promise<void> {
  if (untilAt !== null && Date.parse(untilAt) <= Date.parse(fromAt))
    throw invalid('untilAt', 'before_start', 'It ends before it begins. Choose a later end.')
  if (assigneeId === null) return
  const found = await sql<{ sees: boolean }>`select firstline.staff_sees(p.id, t) as sees from person p, ticket t
    where p.id = ${assigneeId} and p.archived_at is null and t.id = ${ticket.id}`.execute(context.db)
  if (found.rows[0]?.sees !== true) throw invalid('assigneeId', 'sees_not', 'This person does not see this ticket. Choose another.')
}

const columnOf = {
  method: 'method',
  number: 'number',
  fromAt: 'from_at',
  untilAt: 'until_at',
  note: 'note',
  assigneeId: 'assignee_id',
} as const

export async function changeCallBack(context: Context, one: GrantedCallBack, version: number, change: Change): Promise<void> {
  if (one.version !== version)
    throw new Problem('version_stale', 'Somebody changed this call-back meanwhile.', {
      details: { current: await readCallBack(context, one.id) },
    })
  refuseSettled(one)
  const next = {
    fromAt: change.fromAt ?? one.from_at,
    untilAt: change.untilAt === undefined ? one.until_at : change.untilAt,
    assigneeId: change.assigneeId === undefined ? one.assignee_id : change.assigneeId,
  }
  await refuseUnfit(context, one.ticket, next)
  const sets = (Object.keys(columnOf) as (keyof typeof columnOf)[]).flatMap((field) =>
    change[field] === undefined ? [] : [sql`${sql.ref(columnOf[field])} = ${change[field]}`],
  )
  if (sets.length === 0) return
  if (change.fromAt !== undefined || change.assigneeId !== undefined) sets.push(sql`rung_at = null`)
  await sql`update call_back set version = version + 1, ${sql.join(sets)} where id = ${one.id}`.execute(context.db)
  await context.record({ type: 'call-back.changed', ...about(one.ticket), data: { callBackId: one.id, assigneeId: next.assigneeId } })
}

function refuseSettled(one: GrantedCallBack): void {
  if (one.state !== 'open') throw new Problem('status_move_refused', 'This call-back is done already.')
}

/** Not reached is counted, and it is due again: an hour later unless told. */
export async function settleCallBack(context: Context, one: GrantedCallBack, { result, againAt }: Result): Promise<void> {
  refuseSettled(one)
  const { now } = context
  const tries = one.tries + (result === 'not-reached' ? 1 : 0)
  if (result === 'not-reached') {
    const again = againAt === undefined ? now.add({ hours: 1 }) : Temporal.Instant.from(againAt)
    if (again.epochMilliseconds <= now.epochMilliseconds) throw invalid('againAt', 'past', 'This time is over. Choose a later one.')
    await sql`update call_back set tries = ${tries}, from_at = ${again.toString()}, until_at = case when until_at > ${again.toString()} then until_at end,
      rung_at = null, version = version + 1 where id = ${one.id}`.execute(context.db)
  } else
    await sql`update call_back set state = ${result}, settled_at = ${now.toString()}, settled_by_id = ${context.actor.id}, version = version + 1 where id = ${one.id}`.execute(
      context.db,
    )
  await context.record({ type: 'call-back.done', ...about(one.ticket), data: { callBackId: one.id, result, tries } })
}
