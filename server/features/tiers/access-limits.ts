import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { leadsIn } from './rules.ts'

/** A ticket that was resolved although the team that has it does not settle such tickets itself. */
export type Outside = { ticket_id: string; team_id: string; team: string; kind: string; category: string | null }

/**
 * The first of these that this person may not resolve, in one statement, which also settles what their managers were told.
 * No category says nothing about what it is: it counts as settled here; one that was taken away is what it was first. Where
 * the ticket has no team it is what the teams of this person settle, so that taking the team away opens no way around. The
 * requester's own word is nobody's resolution, unless they are of the team that has it.
 */
export async function firstOutside(context: Context, ticketIds: readonly string[]): Promise<Outside | undefined> {
  const { actor, now } = context
  const leads = leadsIn(actor)
  const judged = actor.kind === 'person' && actor.staff && leads !== 'everywhere'
  const found =
    await sql<Outside>`with settled as (update escalation set settled_at = ${now.toString()}, settled_by_id = ${actor.id}::bigint
      where ticket_id = any(${[...ticketIds]}::bigint[]) and kind = 'hierarchical' and settled_at is null),
    its as (select t.id, t.kind, coalesce(t.category_at_close_id, t.category_id, t.category_at_open_id) as category_id,
        case when t.team_id is null then ${[...actor.teams]}::bigint[] else array[t.team_id] end as teams from ticket t
      where ${judged} and t.id = any(${[...ticketIds]}::bigint[])
        and (t.requester_id is distinct from ${actor.id}::bigint or t.team_id is null or t.team_id = any(${[...actor.teams]}::bigint[]))),
    told as (select its.id, its.kind, its.category_id, m.id as team_id, m.name as team, u.outside,
        (u.outside or coalesce(d.kinds <> '{}' and not its.kind = any(d.kinds), false)) and not m.id = any(${leads === 'everywhere' ? [] : leads}::bigint[])
          and not exists (select 1 from team_member b where b.team_id = m.id and b.person_id = ${actor.id}::bigint and b.is_lead = 'yes') as refused
      from its join team m on m.id = any(its.teams) left join team_duty d on d.team_id = m.id
      cross join lateral (select its.category_id is not null and exists (select 1 from team_settles s where s.team_id = m.id)
        and not exists (select 1 from firstline.category_path(its.category_id) p join team_settles s on s.category_id = p.id and s.team_id = m.id) as outside) u)
    select o.id::text as ticket_id, o.team_id::text, o.team, o.kind,
      case when o.outside then (select c.name ->> ${actor.language} from category c where c.id = o.category_id) end as category
    from told o where o.refused and not exists (select 1 from told x where x.id = o.id and not x.refused) order by o.id, o.team_id limit 1`.execute(
      context.db,
    )
  return found.rows[0]
}

/** Who may resolve it where no team takes it: the team's leads, else the administrators. */
export async function leadersOf({ db }: Context, teamId: string | null): Promise<{ id: string; name: string }[]> {
  const found = await sql<{ id: string; name: string }>`
    with leads as (select p.id as person_id from person p where p.archived_at is null and p.id in (
      select m.person_id from team_member m where m.team_id = ${teamId}::bigint and m.is_lead = 'yes'
      union select g.person_id from role_grant g where g.role = 'lead' and g.team_id = ${teamId}::bigint)),
    leaders as (select person_id from leads union select g.person_id from role_grant g where g.role = 'administrator' and not exists (select 1 from leads))
    select p.id::text, p.name from leaders l join person p on p.id = l.person_id where p.archived_at is null order by p.name, p.id limit 20`.execute(
    db,
  )
  return found.rows
}
