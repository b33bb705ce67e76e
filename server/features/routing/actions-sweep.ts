import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import '../tickets/events.ts'
import { type Given, giveTicket } from './actions-give.ts'
import './events.ts'

/** What each minute brings: tickets that found nobody, those that nobody looked at, and those that stay with nobody. */
const atOnce = 100
type Lying = { id: string; organisation_id: string | null; team_id: string; category_id: string | null; requester_id: string }
const lying = sql`t.meaning in ('new', 'open') and t.deleted_at is null and t.merged_into_id is null`
const columns = sql`t.id, t.organisation_id, t.team_id, t.category_id, t.requester_id`

async function recordGiven(context: Context, ticket: Lying, rule: string, from: string | null, given: Given | null): Promise<void> {
  await context.record({
    type: 'ticket.assigned',
    subject: { kind: 'ticket', id: ticket.id },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    rule,
    audience: 'staff',
    data: {
      teamId: ticket.team_id,
      assigneeId: given?.assigneeId ?? null,
      fromTeamId: ticket.team_id,
      fromAssigneeId: from,
      ...(given ? { given: given.why } : {}),
    },
  })
}
const asToGive = (ticket: Lying) => ({ id: ticket.id, categoryId: ticket.category_id, requesterId: ticket.requester_id })

/** The most urgent first; each in a transaction of its own, so that nobody who opens a ticket waits for all of them. */
export async function giveOut(kernel: Kernel, only: string | null = null): Promise<void> {
  const teams = await kernel.asSystem(async ({ db }) => {
    const found = await sql<{ id: string }>`select r.team_id as id from team_routing r join team t on t.id = r.team_id
      where r.way <> 'pull' and t.archived_at is null and (${only}::bigint is null or r.team_id = ${only}::bigint) order by r.team_id`.execute(
      db,
    )
    return found.rows.map(({ id }) => id)
  })
  for (const teamId of teams) {
    const waiting = await kernel.asSystem((context) => unclaimedOf(context, teamId))
    for (const id of waiting) await kernel.asSystem((context) => giveOne(context, id, teamId))
  }
}

/** And some of the others by chance: a hundred that nobody can take now must not hold back what somebody can. */
const byChance = 50
const unclaimedOf = async ({ db }: Context, teamId: string): Promise<string[]> =>
  (
    await sql<{
      id: string
    }>`with waiting as materialized (select t.id, row_number() over (order by t.priority, t.created_at, t.id) as nth from ticket t
        where t.team_id = ${teamId} and t.assignee_id is null and ${lying})
      select id from ((select id, nth from waiting where nth <= ${sql.lit(atOnce)})
        union all (select id, nth from waiting where nth > ${sql.lit(atOnce)} order by random() limit ${sql.lit(byChance)})) x order by nth`.execute(
      db,
    )
  ).rows.map(({ id }) => id)

async function giveOne(context: Context, id: string, teamId: string): Promise<void> {
  const found =
    await sql<Lying>`select ${columns} from ticket t where t.id = ${id} and t.team_id = ${teamId} and t.assignee_id is null and ${lying}
    for no key update skip locked`.execute(context.db)
  const ticket = found.rows[0]
  if (!ticket) return
  const given = await giveTicket(context, teamId, asToGive(ticket), { fresh: false })
  if (given) await recordGiven(context, ticket, 'distribution', null, given)
}

type Untouched = Lying & { assignee_id: string; timeout_times: number }
/** Given to somebody so long ago, who has done nothing in it since. */
const untouched = (
  context: Context,
) => sql`from team_routing r join ticket t on t.team_id = r.team_id and t.assignee_id is not null and ${lying}
    and t.created_at <= ${context.now.toString()}::timestamptz - make_interval(mins => r.timeout_minutes)
  join lateral (select e.id, e.at from event e where e.ticket_id = t.id and (e.type = 'ticket.created'
      or (e.type in ('ticket.assigned', 'ticket.passed') and e.data ->> 'assigneeId' = t.assignee_id::text)) order by e.id desc limit 1) g
    on g.at <= ${context.now.toString()}::timestamptz - make_interval(mins => r.timeout_minutes)
  where r.timeout_minutes is not null and not exists (select 1 from event e where e.ticket_id = t.id and e.id >= g.id and e.actor_id = t.assignee_id)
    and (select count(*) from event e where e.ticket_id = t.id and e.type = 'ticket.assigned' and e.rule = 'ownership-timeout') < r.timeout_times`

export async function takeBackUntouched(kernel: Kernel): Promise<void> {
  const due = await kernel.asSystem(async (context) => {
    const found = await sql<{ id: string }>`select t.id ${untouched(context)} order by t.id limit ${sql.lit(atOnce)}`.execute(context.db)
    return found.rows
  })
  for (const { id } of due) await kernel.asSystem((context) => takeBack(context, id))
}

async function takeBack(context: Context, id: string): Promise<void> {
  const found = await sql<Untouched>`select ${columns}, t.assignee_id, r.timeout_times ${untouched(context)} and t.id = ${id}
    for no key update of t skip locked`.execute(context.db)
  const ticket = found.rows[0]
  if (!ticket) return
  const from = ticket.assignee_id
  await sql`update ticket set assignee_id = null, version = version + 1, changed_at = ${context.now.toString()} where id = ${id}`.execute(
    context.db,
  )
  const given = await giveTicket(context, ticket.team_id, asToGive(ticket), { fresh: true, except: from })
  await recordGiven(context, ticket, 'ownership-timeout', from, given)
}

/** Reopened while who had it is away or absent, it goes to somebody of their team who is there; else it stays theirs. */
export async function passReopened(context: Context, id: string): Promise<void> {
  const found =
    await sql<Untouched>`select ${columns}, t.assignee_id from ticket t join team_routing r on r.team_id = t.team_id and r.way <> 'pull'
      join person p on p.id = t.assignee_id
    where t.id = ${id} and ${lying} and (p.archived_at is not null or (p.state = 'away' and r.availability <> 'any')
      or (firstline.absence_of(p.id, ${context.now.toString()}::timestamptz)).id is not null)
    for no key update of t skip locked`.execute(context.db)
  const ticket = found.rows[0]
  if (!ticket) return
  const given = await giveTicket(context, ticket.team_id, asToGive(ticket), { fresh: false })
  if (given) await recordGiven(context, ticket, 'distribution', ticket.assignee_id, given)
}

/** Told once for each time that it comes to lie there; who takes it ends that. */
export async function tellUnclaimed(context: Context): Promise<void> {
  const now = context.now.toString()
  const found = await sql<Lying & { unclaimed_minutes: number }>`select ${columns}, r.unclaimed_minutes from team_routing r
    join ticket t on t.team_id = r.team_id and t.assignee_id is null and ${lying} and t.created_at <= ${now}::timestamptz - make_interval(mins => r.unclaimed_minutes)
    join lateral (select max(e.at) filter (where e.type <> 'ticket.unclaimed') as since, max(e.at) filter (where e.type = 'ticket.unclaimed') as told from event e
        where e.ticket_id = t.id and e.type in ('ticket.created', 'ticket.assigned', 'ticket.passed', 'ticket.reopened', 'ticket.unclaimed')) x
      on x.since <= ${now}::timestamptz - make_interval(mins => r.unclaimed_minutes) and (x.told is null or x.told < x.since)
    where r.unclaimed_minutes is not null order by t.priority, t.id limit ${sql.lit(atOnce)}`.execute(context.db)
  for (const ticket of found.rows)
    await context.record({
      type: 'ticket.unclaimed',
      subject: { kind: 'ticket', id: ticket.id },
      ticketId: ticket.id,
      organisationId: ticket.organisation_id,
      rule: 'unclaimed',
      audience: 'staff',
      data: { teamId: ticket.team_id, minutes: ticket.unclaimed_minutes },
    })
}
