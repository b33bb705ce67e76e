import { sql } from 'kysely'
import type { NextTeam } from '../../../contract/tiers.ts'
import type { Context } from '../../kernel/context.ts'

/**
 * Where a ticket goes from the team that has it: to those that take its category and are no lower tier, the nearest tier
 * and the nearest category first; where none does, to the teams of the next tier.
 */
export async function nextTeams({ db, actor }: Context, ticketId: string): Promise<NextTeam[]> {
  const found = await sql<{
    id: string
    name: string
    tier: number | null
    category_id: string | null
    category: string | null
  }>`
    with its as (select coalesce(t.category_at_close_id, t.category_id, t.category_at_open_id) as category_id, t.team_id, coalesce(f.tier, 0) as tier
        from ticket t left join team f on f.id = t.team_id where t.id = ${ticketId}),
      others as (select m.id, m.name, m.tier, m.tier > its.tier as higher from team m cross join its
        where m.archived_at is null and m.id is distinct from its.team_id and (m.tier is null or m.tier >= its.tier)),
      above as (select id, name, tier from others where higher),
      taking as (select distinct on (a.id) a.id, a.name, a.tier, c.id as category_id, c.name ->> ${actor.language} as category, p.far
        from others a join team_takes k on k.team_id = a.id cross join its
        join lateral firstline.category_path(its.category_id) p on p.id = k.category_id join category c on c.id = p.id
        order by a.id, p.far)
    select id::text, name, tier, category_id::text, category from (
      select id, name, tier, category_id, category, 0 as rank, far from taking
      union all select a.id, a.name, a.tier, null, null, 1, 0 from above a where a.tier = (select min(tier) from above)
        and not exists (select 1 from taking)) x
    order by rank, tier, far, name, id limit 20`.execute(db)
  return found.rows.map(({ id, name, tier, category_id, category }) => ({
    team: { id, name, tier },
    why: category_id === null ? 'next-tier' : 'takes',
    category: category_id === null ? null : { id: category_id, name: category ?? '' },
  }))
}
