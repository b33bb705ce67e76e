import { sql } from 'kysely'
import type { Distribution } from '../../../contract/distribution.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import type { Candidate } from './rules-pick.ts'

/** How a team's tickets reach its people: known to all staff, changed by whoever looks after routing. */
export type DistributionFacts = { team_id: string; version: number }

/** What holds for a team that has set nothing: its people take tickets themselves. */
export const untold: Distribution = {
  version: 1,
  way: 'pull',
  availability: 'available',
  cap: null,
  waitingWeight: 0.3,
  stickyDays: null,
  timeoutMinutes: null,
  timeoutTimes: 2,
  unclaimedMinutes: null,
}
const columns = sql`r.version, r.way, r.availability, r.cap, r.waiting_weight::float8 as "waitingWeight", r.sticky_days as "stickyDays",
  r.timeout_minutes as "timeoutMinutes", r.timeout_times as "timeoutTimes", r.unclaimed_minutes as "unclaimedMinutes"`

/** The team's row is locked, so that two who set it for the first time do not miss one another. */
export async function accessDistribution(
  context: Context,
  teamId: string,
  right: 'routing.edit',
): Promise<Granted<DistributionFacts, 'routing.edit'>> {
  if (!context.actor.rights.has(right)) throw notAllowed()
  const found = await sql<{
    team_id: string
    version: number | null
  }>`select t.id as team_id, r.version from team t left join team_routing r on r.team_id = t.id
    where t.id = ${teamId} for no key update of t`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  return { ...row, version: row.version ?? untold.version } as unknown as Granted<DistributionFacts, 'routing.edit'>
}

export async function readDistribution(context: Context, teamId: string): Promise<Distribution> {
  const found = await sql<Distribution & { known: boolean }>`select r.team_id is not null as known, ${columns} from team t
    left join team_routing r on r.team_id = t.id where t.id = ${teamId}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const { known, ...settings } = row
  return known ? settings : untold
}

/** Locked until the ticket is given: who comes meanwhile waits, and then sees whom it was given to. */
export async function lockDistribution(context: Context, teamId: string): Promise<Distribution | null> {
  const found = await sql<Distribution>`select ${columns} from team_routing r join team t on t.id = r.team_id
    where r.team_id = ${teamId} and t.archived_at is null for no key update of r`.execute(context.db)
  return found.rows[0] ?? null
}

export type GivingFacts = {
  wanted: string[]
  lastOwnerId: string | null
  hadIt: string[]
  takenBack: number
  candidates: (Candidate & { name: string })[]
}
type OfTicket = { id: string | null; categoryId: string | null; requesterId: string | null }

export async function givingFacts(context: Context, teamId: string, ticket: OfTicket, stickyDays: number | null): Promise<GivingFacts> {
  const { now } = context
  const since = stickyDays === null ? null : now.subtract({ hours: stickyDays * 24 }).toString()
  const found = await sql<{
    facts: GivingFacts
  }>`select firstline.routing_facts(${teamId}, ${ticket.id}, ${ticket.categoryId}, ${ticket.requesterId}, ${since}, ${now.toString()}) as facts`.execute(
    context.db,
  )
  return found.rows[0]!.facts
}

export async function skillNames(context: Context, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: string; name: string }>`select id, name from skill where id = any(${[...ids]}::bigint[])`.execute(
    context.db,
  )
  return new Map(found.rows.map(({ id, name }) => [id, name]))
}

export async function listCategorySkills(context: Context): Promise<{ categoryId: string; skillIds: string[] }[]> {
  const found = await sql<{
    categoryId: string
    skillIds: string[]
  }>`select category_id::text as "categoryId", array_agg(skill_id::text order by skill_id) as "skillIds" from category_skill group by category_id`.execute(
    context.db,
  )
  return found.rows
}
