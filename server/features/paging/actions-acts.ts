import { type RawBuilder, sql } from 'kysely'
import type { PolicyStep } from '../../../contract/paging.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { PageFacts } from './access.ts'
import { policyById } from './access-policies.ts'
import { refuseUnseeing } from './access-targets.ts'
import { later } from './actions-advance.ts'
import { advanceJob, beginPage } from './actions-begin.ts'
import './events.ts'

/** What is done to pages: acknowledged, passed on, helped with, ended. Each tells what it did by an event. */
type Via = 'link' | 'mail' | 'sms' | 'app' | 'ticket'
type Acted = { id: string; ticket_id: string; organisation_id: string | null; next_at: Instant | null }

const about = (row: Acted) => ({
  subject: { kind: 'page', id: row.id },
  ticketId: row.ticket_id,
  organisationId: row.organisation_id,
  audience: 'staff' as const,
})

/** `which` is a condition on the page `p`. Those that ring only: who comes second changes nothing. */
async function acknowledge(context: Context, which: RawBuilder<unknown>, personId: string, via: Via): Promise<number> {
  const at = context.now.toString()
  const done =
    await sql<Acted>`update page p set state = 'acknowledged', acknowledged_at = ${at}, acknowledged_by_id = ${personId}, acknowledged_via = ${via},
      next_at = ${later(context.now)} + make_interval(mins => p.acknowledged_minutes), wait_minutes = coalesce(p.acknowledged_minutes, 0), fence = fence + 1
    from ticket t where t.id = p.ticket_id and p.state = 'ringing' and ${which} returning p.id, p.ticket_id, t.organisation_id, p.next_at`.execute(
      context.db,
    )
  const ids = done.rows.map((row) => row.id)
  if (ids.length === 0) return 0
  await sql`update page_attempt set state = case when state = 'waiting' then 'dropped' else state end,
      acknowledged_at = case when person_id = ${personId} and state in ('sending', 'sent', 'delivered') then coalesce(acknowledged_at, ${at}::timestamptz) else acknowledged_at end
    where page_id = any(${ids}::bigint[])`.execute(context.db)
  for (const row of done.rows) {
    await context.record({ type: 'page.acknowledged', ...about(row), data: { pageId: row.id, byId: personId, via } })
    if (row.next_at) context.later(advanceJob(row.id, Temporal.Instant.from(row.next_at)))
  }
  return ids.length
}

export const acknowledgePages = (context: Context, ids: readonly string[], personId: string, via: Via): Promise<number> =>
  acknowledge(context, sql`p.id = any(${[...ids]}::bigint[])`, personId, via)

/** Who takes the ticket has its page. */
export const acknowledgeTaken = (context: Context, ticketId: string, personId: string): Promise<number> =>
  acknowledge(context, sql`p.ticket_id = ${ticketId}`, personId, 'ticket')

/** By an answer to the mail: only who was rung, and only where nothing says that somebody else wrote it. */
export const acknowledgeByMail = (context: Context, ticketId: string, messageId: string, personId: string): Promise<number> =>
  acknowledge(
    context,
    sql`p.ticket_id = ${ticketId} and exists (select 1 from page_ring r where r.page_id = p.id and r.person_id = ${personId})
      and exists (select 1 from message m where m.id = ${messageId} and m.unverified is null and m.automatic is null)`,
    personId,
    'mail',
  )

/** The next step rings now, whether nobody had acknowledged or somebody had. */
export const passOn = (context: Context, ids: readonly string[], personId: string | null): Promise<void> =>
  ringNext(context, sql`p.id = any(${[...ids]}::bigint[])`, personId)

/** By a link, which may be old by now: what somebody else has acknowledged meanwhile stays theirs. */
export const passOnByLink = (context: Context, ids: readonly string[], personId: string): Promise<void> =>
  ringNext(context, sql`p.id = any(${[...ids]}::bigint[]) and (p.state = 'ringing' or p.acknowledged_by_id = ${personId})`, personId)

/** A step of its own before those that follow: they ring as ever when this colleague does not answer. */
export async function passTo(context: Context, page: PageFacts, toId: string): Promise<void> {
  await refuseUnseeing(context, page.ticket_id, toId)
  const step: PolicyStep = { targets: [{ kind: 'person', id: toId }], wait: 10, repeat: 0, mode: 'all' }
  await sql`update page p set steps = jsonb_insert(p.steps, array[x.at::text], ${JSON.stringify(step)}::jsonb), step = x.at, round = 0, episode = p.episode + 1
    from (select id, least(step + least(round, 1), jsonb_array_length(steps)) as at from page where id = ${page.id}) x
    where p.id = x.id and p.state <> 'ended'`.execute(context.db)
  await passOn(context, [page.id], context.actor.id)
}

async function ringNext(context: Context, which: RawBuilder<unknown>, personId: string | null): Promise<void> {
  const moved =
    await sql<Acted>`update page p set state = 'ringing', acknowledged_at = null, acknowledged_by_id = null, acknowledged_via = null, wait_minutes = 0,
      next_at = ${later(context.now)}, fence = fence + 1,
      step = case when p.round > 0 and p.step < jsonb_array_length(p.steps) then case when p.step + 1 < jsonb_array_length(p.steps) or p.loop >= p.loops then p.step + 1 else 0 end else p.step end,
      loop = case when p.round > 0 and p.step + 1 = jsonb_array_length(p.steps) and p.loop < p.loops then p.loop + 1 else p.loop end,
      round = case when p.step < jsonb_array_length(p.steps) then 0 else p.round end
    from ticket t where t.id = p.ticket_id and ${which} and p.state <> 'ended'
    returning p.id, p.ticket_id, t.organisation_id, p.next_at`.execute(context.db)
  for (const row of moved.rows) {
    await context.record({ type: 'page.passed-on', ...about(row), data: { pageId: row.id, byId: personId } })
    context.later(advanceJob(row.id))
  }
}

export type Help = { policyId?: string | undefined; personId?: string | undefined; note: string }
/** A page of its own beside the first: whoever has that keeps it. */
export async function callForHelp(
  context: Context,
  pageId: string,
  byId: string | null,
  { policyId, personId, note }: Help,
): Promise<string | null> {
  const found = await sql<{
    ticket_id: string
    organisation_id: string | null
    urgency: 'high' | 'low'
  }>`select p.ticket_id, t.organisation_id, p.urgency
    from page p join ticket t on t.id = p.ticket_id where p.id = ${pageId} and p.state <> 'ended'`.execute(context.db)
  const page = found.rows[0]
  const policy = policyId === undefined ? undefined : await policyById(context, policyId)
  if (!page || (policyId !== undefined && !policy)) return null
  return beginPage(context, {
    ticketId: page.ticket_id,
    organisationId: page.organisation_id,
    why: 'help',
    parentId: pageId,
    policy,
    personId,
    byId,
    urgency: page.urgency,
    note,
  })
}

/** With it the calls for help that were made for it. */
export async function endPage(context: Context, id: string): Promise<void> {
  const ended =
    await sql<Acted>`update page p set state = 'ended', ended_why = 'done', ended_at = ${context.now.toString()}, next_at = null, fence = fence + 1
    from ticket t where t.id = p.ticket_id and (p.id = ${id} or p.parent_id = ${id}) and p.state <> 'ended' returning p.id, p.ticket_id, t.organisation_id, p.next_at`.execute(
      context.db,
    )
  const ids = ended.rows.map((row) => row.id)
  await sql`update page_attempt set state = 'dropped' where page_id = any(${ids}::bigint[]) and state = 'waiting'`.execute(context.db)
  for (const row of ended.rows) await context.record({ type: 'page.ended', ...about(row), data: { pageId: row.id, why: 'done' } })
}

/** What happened to the ticket ends its pages; with a team: those whose policy is not that team's. */
export async function endWithTicket(
  context: Context,
  ticketId: string,
  organisationId: string | null,
  why: string,
  teamId: string | null = null,
): Promise<void> {
  if (context.past) return
  const ended = await sql<{
    id: string
  }>`select id from firstline.end_pages(${ticketId}::bigint, ${why}::text, ${context.now.toString()}::timestamptz, ${teamId}::bigint) id`.execute(
    context.db,
  )
  for (const { id } of ended.rows)
    await context.record({
      type: 'page.ended',
      ...about({ id, ticket_id: ticketId, organisation_id: organisationId, next_at: null }),
      data: { pageId: id, why },
    })
}
