import { sql } from 'kysely'
import type { z } from 'zod'
import type { tiers } from '../../../contract/tiers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type DutyFacts, readDuties } from './access-duties.ts'
import './events.ts'

type Input = z.output<(typeof tiers)['PUT /api/teams/:id/duties']['body']>

export async function setDuties(context: Context, team: Granted<DutyFacts, 'team.edit'>, version: number, given: Input): Promise<void> {
  const before = await readDuties(context, team.team_id)
  if (team.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this meanwhile.', { details: { current: before } })
  const set = {
    settles: [...new Set(given.settles)],
    takes: [...new Set(given.takes)],
    kinds: [...new Set(given.kinds)],
    asksFor: [...new Set(given.asksFor)],
  }
  await refuseUnknown(context, 'settles', set.settles)
  await refuseUnknown(context, 'takes', set.takes)
  await sql`insert into team_duty (team_id, version, kinds, asks_for) values (${team.team_id}, ${version + 1}, ${set.kinds}::text[], ${set.asksFor}::text[])
    on conflict (team_id) do update set version = excluded.version, kinds = excluded.kinds, asks_for = excluded.asks_for`.execute(
    context.db,
  )
  await replace(context, 'team_settles', team.team_id, set.settles)
  await replace(context, 'team_takes', team.team_id, set.takes)
  const sorted = (list: readonly string[]) => [...list].sort().join()
  const fields = (['settles', 'takes', 'kinds', 'asksFor'] as const).filter((field) => sorted(set[field]) !== sorted(before[field]))
  await context.record({ type: 'team.duties-set', subject: { kind: 'team', id: team.team_id }, audience: 'staff', data: { fields } })
}

/** An archived category may stay in a list that has it: what lies in it is still settled. */
async function refuseUnknown({ db }: Context, field: 'settles' | 'takes', ids: readonly string[]): Promise<void> {
  const known = await sql`select 1 from category where id = any(${[...ids]}::bigint[])`.execute(db)
  if (known.rows.length !== ids.length) throw invalid(field, 'unknown', 'One of these categories does not exist any more. Choose again.')
}

async function replace({ db }: Context, table: 'team_settles' | 'team_takes', teamId: string, ids: readonly string[]): Promise<void> {
  const into = sql.ref(table)
  await sql`delete from ${into} where team_id = ${teamId} and category_id <> all(${[...ids]}::bigint[])`.execute(db)
  await sql`insert into ${into} (team_id, category_id) select ${teamId}::bigint, x from unnest(${[...ids]}::bigint[]) x on conflict do nothing`.execute(
    db,
  )
}
