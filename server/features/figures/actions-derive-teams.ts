import { sql } from 'kysely'

/**
 * Parts of counting a ticket: through whose hands it went, and what its requester had to do. Each stands on `t` (the
 * ticket) and `l` (its life: when it was resolved).
 */
const untilResolved = sql`coalesce(l.resolved_at, 'infinity')`

/** Where the history ends with another team than the ticket has (moved by hand in the database, imported), the ticket counts. */
export const teamsOf = sql`(with said as (select e.at, e.id * 2 + x.n as nth, x.team::bigint as team
      from event e cross join lateral (values (0, e.data ->> 'fromTeamId'), (1, e.data ->> 'teamId')) x (n, team)
      where e.ticket_id = t.ticket_id and e.type in ('ticket.created', 'ticket.assigned', 'ticket.passed') and x.team is not null),
    known as (select at, nth, team from said union all
      select case when exists (select 1 from said) then t.changed_at else t.created_at end, 9223372036854775807, t.team_id
      where t.team_id is not null and t.team_id is distinct from (select team from said order by at desc, nth desc limit 1)),
    turned as (select at, nth, team, lag(team) over (order by at, nth) as before from known where at <= ${untilResolved})
  select count(before)::int as moves, coalesce(array_agg(distinct team), '{}') as team_ids, (array_agg(team order by at desc, nth desc))[1] as last_team
  from turned where before is distinct from team)`

/** What the requester sent or said, and what we wrote back; a colleague of theirs who writes on the ticket counts as they do. */
export const contactsOf = sql`(select count(*) filter (where m.direction = 'in')::int as contacts,
    count(*) filter (where m.direction = 'out' and m.author_id is not null and m.at >= t.created_at
      and m.id > (select min(o.id) from message o where o.ticket_id = t.ticket_id and o.merged_from_id is null))::int as replies
  from message m where m.ticket_id = t.ticket_id and m.direction <> 'inside' and m.audience = 'everyone'
    and m.withdrawn_at is null and m.automatic is null and m.bounce is null and m.merged_from_id is null and m.at <= ${untilResolved})`

export const escalationsOf = sql`(select count(*) filter (where x.kind = 'functional')::int as functional, count(*) filter (where x.kind = 'hierarchical')::int as hierarchical
  from escalation x where x.ticket_id = t.ticket_id and x.at <= ${untilResolved})`

export const neededOf = sql`case when exists (select 1 from visit v where v.ticket_id = t.ticket_id and v.state <> 'cancelled') then 'visit'
  when l.waited_approval then 'approval' when l.waited_vendor then 'vendor' end`
