-- How a team's tickets reach its people: one after the other, by load or by skill; and what happens to those that nobody looks at.
create table team_routing (
  team_id bigint primary key references team on delete cascade,
  version int not null default 2,
  way text not null check (way in ('pull', 'turn', 'load', 'skill')),
  availability text not null check (availability in ('available', 'here', 'any')),
  cap smallint check (cap between 1 and 500),
  waiting_weight numeric(3, 2) not null check (waiting_weight between 0 and 1),
  sticky_days smallint check (sticky_days between 1 and 365),
  timeout_minutes int check (timeout_minutes between 5 and 20160),
  timeout_times smallint not null check (timeout_times between 1 and 10),
  unclaimed_minutes int check (unclaimed_minutes between 5 and 20160)
);
comment on table team_routing is 'A team without a row gives nothing out: its people take tickets themselves. Its row is locked while a ticket is given, so that two at once keep the turn.';
comment on column team_routing.availability is 'Who is given tickets: only who is available; who is not away; everybody. Nobody who is absent.';
comment on column team_routing.waiting_weight is 'How much a ticket counts that waits for somebody else; 0 is nothing, 1 as much as any.';

-- Whose turn it is: who was given one longest ago. Counted, not timed: two of one moment still have an order.
create table team_turn (
  team_id bigint not null references team on delete cascade,
  person_id bigint not null references person,
  turn bigint not null,
  primary key (team_id, person_id)
);
create index team_turn_person on team_turn (person_id);

-- What a ticket of a category asks of whoever takes it.
create table category_skill (
  category_id bigint not null references category on delete cascade,
  skill_id bigint not null references skill on delete cascade,
  primary key (category_id, skill_id)
);
create index category_skill_skill on category_skill (skill_id);

-- The nearest category that says something decides; below it that holds, too.
create function firstline.skills_wanted(category bigint) returns bigint[] language sql stable as $$
  with recursive above as (select id, parent_id, 0 as far from category where id = $1
    union all select c.id, c.parent_id, a.far + 1 from category c join above a on c.id = a.parent_id where a.far < 20)
  select coalesce((select array_agg(k.skill_id order by k.skill_id) from above a join category_skill k on k.category_id = a.id
    group by a.far order by a.far limit 1), '{}')
$$;

-- All that the choice of a person needs, in one answer. Definer: whoever opens a ticket may be its requester, who sees
-- neither the tickets that people have nor their absences. Restricted tickets are in no reason and in no number: both are told.
create function firstline.routing_facts(of_team bigint, of_ticket bigint, of_category bigint, of_requester bigint, since timestamptz, moment timestamptz)
  returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select jsonb_build_object(
    'wanted', (select coalesce(jsonb_agg(x::text), '[]') from unnest(firstline.skills_wanted(of_category)) x),
    'lastOwnerId', (select o.assignee_id::text from ticket o where o.requester_id = of_requester and o.team_id = of_team and o.id is distinct from of_ticket
      and o.assignee_id is not null and o.deleted_at is null and o.restricted_at is null and o.changed_at >= since order by o.id desc limit 1),
    'hadIt', (select coalesce(jsonb_agg(distinct e.data ->> 'fromAssigneeId'), '[]') from event e where e.ticket_id = of_ticket and e.type = 'ticket.assigned'
      and e.data ->> 'fromAssigneeId' is not null and (e.rule = 'ownership-timeout' or e.data ->> 'assigneeId' is null)),
    'takenBack', (select count(*) from event e where e.ticket_id = of_ticket and e.type = 'ticket.assigned' and e.rule = 'ownership-timeout'),
    'candidates', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id::text, 'name', p.name, 'state', p.state,
        'absent', (firstline.absence_of(p.id, moment)).id is not null,
        'skillIds', (select coalesce(jsonb_agg(k.skill_id::text), '[]') from person_skill k where k.person_id = p.id),
        'open', l.open, 'waiting', l.waiting, 'turn', coalesce(u.turn, 0),
        'sees', case when t.id is null then exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))
          else firstline.staff_sees(p.id, t) end) order by p.id), '[]')
      from team_member m join person p on p.id = m.person_id left join ticket t on t.id = of_ticket
      left join team_turn u on u.team_id = of_team and u.person_id = p.id
      cross join lateral (select count(*) filter (where x.meaning in ('new', 'open')) as open, count(*) filter (where x.meaning not in ('new', 'open')) as waiting
        from (select o.meaning from ticket o where o.assignee_id = p.id and o.id is distinct from of_ticket
          and o.meaning not in ('resolved', 'closed', 'cancelled') and o.deleted_at is null and o.restricted_at is null limit 1000) x) l
      where m.team_id = of_team and p.archived_at is null))
$$;
