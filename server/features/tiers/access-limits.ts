import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { leadsIn } from './rules.ts'

/** A ticket that was resolved although the team that has it does not settle such tickets itself. */
export type Outside = { ticket_id: string; team_id: string; team: string; kind: string; category: string | null }

/**
 * The first of these that this person may not resolve, in one statement, which also settles what their managers were told.
 * No category says nothing about what it is: it counts as settled here. The requester's own word is nobody's resolution.
 */
export async function firstOutside(context: Context, ticketIds: readonly string[]): Promise<Outside | undefined> {
  const { actor, now } = context
  const leads = leadsIn(actor)
  const judged = actor.kind === 'person' && actor.staff && leads !== 'everywhere'
  const found =
    await sql<Outside>`with settled as (update escalation set settled_at = ${now.toString()}, settled_by_id = ${actor.id}::bigint
      where ticket_id = any(${[...ticketIds]}::bigint[]) and kind = 'hierarchical' and settled_at is null),
    its as (select t.id, t.team_id, t.kind, coalesce(t.category_at_close_id, t.category_id) as category_id from ticket t
      where ${judged} and t.id = any(${[...ticketIds]}::bigint[]) and t.requester_id is distinct from ${actor.id}::bigint
        and t.team_id is not null and not t.team_id = any(${leads === 'everywhere' ? [] : leads}::bigint[]))
    select its.id::text as ticket_id, m.id::text as team_id, m.name as team, its.kind,
      case when u.outside then (select c.name ->> ${actor.language} from category c where c.id = its.category_id) end as category
    from its join team m on m.id = its.team_id left join team_duty d on d.team_id = m.id
    cross join lateral (select its.category_id is not null and exists (select 1 from team_settles s where s.team_id = m.id)
      and not exists (select 1 from firstline.category_path(its.category_id) p join team_settles s on s.category_id = p.id and s.team_id = m.id) as outside) u
    where (u.outside or (d.kinds <> '{}' and not its.kind = any(d.kinds)))
      and not exists (select 1 from team_member b where b.team_id = m.id and b.person_id = ${actor.id}::bigint and b.is_lead = 'yes')
    order by its.id limit 1`.execute(context.db)
  return found.rows[0]
}

/** Who may resolve it where no team takes it: the team's leads, else the administrators. */
export async function leadersOf({ db }: Context, teamId: string | null): Promise<{ id: string; name: string }[]> {
  const found = await sql<{ id: string; name: string }>`
    with leads as (select m.person_id from team_member m where m.team_id = ${teamId}::bigint and m.is_lead = 'yes'
      union select g.person_id from role_grant g where g.role = 'lead' and g.team_id = ${teamId}::bigint),
    leaders as (select person_id from leads union select g.person_id from role_grant g where g.role = 'administrator' and not exists (select 1 from leads))
    select p.id::text, p.name from leaders l join person p on p.id = l.person_id where p.archived_at is null order by p.name, p.id limit 20`.execute(
    db,
  )
  return found.rows
}
