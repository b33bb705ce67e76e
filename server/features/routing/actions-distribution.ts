import { sql } from 'kysely'
import type { z } from 'zod'
import type { distributions } from '../../../contract/distribution.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { CategoryFacts } from './access.ts'
import { type DistributionFacts, readDistribution } from './access-distribution.ts'
import './events.ts'

type Settings = z.output<(typeof distributions)['PUT /api/teams/:id/distribution']['body']>

export async function setDistribution(
  context: Context,
  team: Granted<DistributionFacts, 'routing.edit'>,
  version: number,
  set: Settings,
): Promise<void> {
  if (team.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this meanwhile.', {
      details: { current: await readDistribution(context, team.team_id) },
    })
  await sql`insert into team_routing (team_id, version, way, availability, cap, waiting_weight, sticky_days, timeout_minutes, timeout_times, unclaimed_minutes)
    values (${team.team_id}, ${version + 1}, ${set.way}, ${set.availability}, ${set.cap}, ${set.waitingWeight}, ${set.stickyDays}, ${set.timeoutMinutes}, ${set.timeoutTimes}, ${set.unclaimedMinutes})
    on conflict (team_id) do update set version = excluded.version, way = excluded.way, availability = excluded.availability, cap = excluded.cap,
      waiting_weight = excluded.waiting_weight, sticky_days = excluded.sticky_days, timeout_minutes = excluded.timeout_minutes,
      timeout_times = excluded.timeout_times, unclaimed_minutes = excluded.unclaimed_minutes`.execute(context.db)
  await context.record({
    type: 'team.distribution-set',
    subject: { kind: 'team', id: team.team_id },
    audience: 'staff',
    data: { way: set.way },
  })
}

export async function setCategorySkills(
  context: Context,
  category: Granted<CategoryFacts, 'category.edit'>,
  given: string[],
): Promise<void> {
  const ids = [...new Set(given)]
  const known = await sql`select 1 from skill where id = any(${ids}::bigint[])`.execute(context.db)
  if (known.rows.length !== ids.length) throw invalid('skillIds', 'unknown', 'One of these skills does not exist any more. Choose again.')
  await sql`delete from category_skill where category_id = ${category.id} and skill_id <> all(${ids}::bigint[])`.execute(context.db)
  await sql`insert into category_skill (category_id, skill_id) select ${category.id}::bigint, x from unnest(${ids}::bigint[]) x on conflict do nothing`.execute(
    context.db,
  )
  await context.record({
    type: 'category.changed',
    subject: { kind: 'category', id: category.id },
    audience: 'staff',
    data: { fields: ['skills'] },
  })
}
