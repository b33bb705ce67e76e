import { sql } from 'kysely'
import type { BulkAction } from '../../../contract/views.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { fieldFacts } from '../fields/access.ts'
import { toldChange, type Values } from '../fields/rules.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import { accessRemovedTicket, accessTickets, type TicketFacts } from '../tickets/access.ts'
import { watchTicket } from '../tickets/actions-care.ts'
import { bringBackTicket } from '../tickets/actions-life.ts'
import { halving, portion, unlessRefused } from './actions-bulk-run.ts'
import './events.ts'

/**
 * Puts back what a run changed, each ticket for itself and only where nobody changed it since: its version is the one that
 * the run left, and where the run moved its status, nothing was written since either. Mails that went out stay out, and notes stay.
 */
type Run = { id: string; person_id: string; action: BulkAction }
type Before = { [column: string]: unknown; last_message_after: string | null }
type Row = { id: string; before: Before; version_after: number }

export async function undoBulk(kernel: Kernel, runId: string): Promise<void> {
  const run = await kernel.asSystem(
    async ({ db }) =>
      (await sql<Run>`select id, person_id, action from bulk_run where id = ${runId} and state = 'undoing'`.execute(db)).rows[0],
  )
  if (!run) return
  for (let before = ''; ; ) {
    const ids = await kernel.asSystem(
      async ({ db }) =>
        (
          await sql<{ id: string }>`select ticket_id as id from bulk_row where run_id = ${runId} and outcome = 'done' order by ticket_id
            limit ${sql.lit(portion)}`.execute(db)
        ).rows,
    )
    if (ids.length === 0) break
    const asked = ids.map((row) => row.id)
    // Nothing of them moved: whoever asked may do nothing here any more.
    if (asked.join() === before) {
      await kernel.asSystem((context) => keep(context, runId, asked, 'changed-since'))
      continue
    }
    before = asked.join()
    await halving(asked, (some) =>
      kernel.asSystem(async (context) =>
        actingAs(context, await actorOfPerson(context, run.person_id), (own) => undoPortion(own, run, some)),
      ),
    ).catch(unlessRefused((id) => kernel.asSystem((context) => keep(context, runId, [id], 'changed-since'))))
  }
  await kernel.asSystem((context) => finish(context, runId))
}

const keep = async ({ db }: Context, runId: string, ids: string[], outcome: 'undone' | 'changed-since'): Promise<void> =>
  void (await sql`update bulk_row set outcome = ${outcome} where run_id = ${runId} and ticket_id = any(${ids}::bigint[])`.execute(db))

async function undoPortion(context: Context, run: Run, ids: readonly string[]): Promise<void> {
  context.many = true
  const found =
    await sql<Row>`select ticket_id as id, before, version_after from bulk_row where run_id = ${run.id} and ticket_id = any(${[...ids]}::bigint[])
    and outcome = 'done' order by ticket_id for update`.execute(context.db)
  const put = run.action.do === 'spam' ? await bringBack(context, found.rows) : await putBack(context, run, found.rows)
  await keep(context, run.id, put, 'undone')
  await keep(
    context,
    run.id,
    found.rows.map((row) => row.id).filter((id) => !put.includes(id)),
    'changed-since',
  )
}

async function bringBack(context: Context, rows: Row[]): Promise<string[]> {
  const back: string[] = []
  for (const row of rows) {
    const ticket = await accessRemovedTicket(context, row.id)
    if (ticket.version !== row.version_after) continue
    await bringBackTicket(context, ticket)
    back.push(row.id)
  }
  return back
}

async function putBack(context: Context, run: Run, rows: Row[]): Promise<string[]> {
  const ids = rows.map((row) => row.id)
  const { granted } = await accessTickets(context, ids, 'ticket.note', { lock: true })
  const now = new Map(granted.map((ticket) => [ticket.id, ticket]))
  if (run.action.do === 'follow') {
    const { watching } = run.action
    for (const ticket of granted) await watchTicket(context, ticket, !watching)
    return granted.map((ticket) => ticket.id)
  }
  const untouched = rows.filter((row) => isUntouched(row, now.get(row.id)))
  await writeBack(context, untouched)
  for (const row of untouched) await recordBack(context, run, now.get(row.id) as TicketFacts, row.before)
  return untouched.map((row) => row.id)
}

const isUntouched = ({ before, version_after }: Row, ticket: TicketFacts | undefined): boolean =>
  ticket !== undefined &&
  ticket.version === version_after &&
  (String(before.meaning) === ticket.meaning || before.last_message_after === ticket.last_message_id)

async function writeBack(context: Context, rows: Row[]): Promise<void> {
  const given = JSON.stringify(rows.map(({ id, before }) => ({ id, ...before })))
  await sql`update ticket t set kind = b.kind, status_id = b.status_id, meaning = b.meaning, impact = b.impact, urgency = b.urgency, priority = b.priority,
      category_id = b.category_id, team_id = b.team_id, assignee_id = b.assignee_id, tags = b.tags, fields = coalesce(b.fields, t.fields), revisit_at = b.revisit_at, passed_count = b.passed_count,
      reopened_count = b.reopened_count, resolved_at = b.resolved_at, resolution_code = b.resolution_code, resolution = b.resolution, closed_at = b.closed_at,
      waiting_since = case when t.meaning = b.meaning then t.waiting_since else b.waiting_since end, version = t.version + 1, changed_at = ${context.now.toString()}
    from jsonb_to_recordset(${given}::jsonb) as b (id bigint, kind text, status_id bigint, meaning text, impact smallint, urgency smallint, priority smallint,
      category_id bigint, team_id bigint, assignee_id bigint, tags text[], fields jsonb, revisit_at timestamptz, passed_count int, reopened_count int,
      resolved_at timestamptz, resolution_code text, resolution text, closed_at timestamptz, waiting_since timestamptz) where t.id = b.id`.execute(
    context.db,
  )
}

const columns = ['kind', 'status_id', 'meaning', 'impact', 'urgency', 'priority', 'category_id', 'tags'] as const
const asText = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

/** The history tells it as what it is: the ticket is as it was before. */
async function recordBack(context: Context, run: Run, ticket: TicketFacts, before: Before): Promise<void> {
  const about = { subject: { kind: 'ticket', id: ticket.id }, ticketId: ticket.id, organisationId: ticket.organisation_id }
  const [teamId, assigneeId] = [asText(before.team_id), asText(before.assignee_id)]
  if (teamId !== ticket.team_id || assigneeId !== ticket.assignee_id)
    await context.record({
      type: 'ticket.assigned',
      ...about,
      audience: 'staff',
      data: { teamId, assigneeId, fromTeamId: ticket.team_id, fromAssigneeId: ticket.assignee_id },
      carry: { back: true },
    })
  if (run.action.do === 'resolve')
    await context.record({ type: 'ticket.reopened', ...about, audience: 'everyone', data: { messageId: null } })
  const changed = columns.filter((column) => JSON.stringify(asText(before[column])) !== JSON.stringify(asText(ticket[column])))
  const own = await ownBack(context, ticket, before)
  if (changed.length + own.length === 0) return
  const code = (column: (typeof columns)[number], value: unknown) =>
    column === 'tags' ? null : typeof value === 'number' ? value : asText(value)
  const changes = Object.fromEntries([
    ...changed.map((column): [string, [unknown, unknown]] => [column, [code(column, ticket[column]), code(column, before[column])]]),
    ...own,
  ])
  await context.record({ type: 'ticket.changed', ...about, audience: 'meaning' in changes ? 'everyone' : 'staff', data: { changes } })
}

/** What the own fields held before, told as any change of them. A run from before own fields could be set kept none. */
async function ownBack(context: Context, ticket: TicketFacts, { fields }: Before): Promise<[string, [unknown, unknown]][]> {
  const before = fields as Values | undefined
  if (before === undefined || JSON.stringify(before) === JSON.stringify(ticket.fields)) return []
  return (await fieldFacts(context))
    .map((field) => ({ field, from: ticket.fields[field.id] ?? null, to: before[field.id] ?? null }))
    .filter(({ from, to }) => from !== to)
    .map(toldChange)
}

async function finish(context: Context, runId: string): Promise<void> {
  const found = await sql<{
    undone: number
    since: number
  }>`with counted as (select count(*) filter (where outcome = 'undone')::int as undone,
      count(*) filter (where outcome = 'changed-since')::int as since from bulk_row where run_id = ${runId}),
    ended as (update bulk_run set state = 'undone' where id = ${runId} returning id) select counted.* from counted, ended`.execute(
    context.db,
  )
  const { undone = 0, since = 0 } = found.rows[0] ?? {}
  await context.record({
    type: 'bulk.undone',
    subject: { kind: 'bulk', id: runId },
    audience: 'staff',
    data: { undone, changedSince: since },
  })
}
