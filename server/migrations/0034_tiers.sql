-- Tiers and departments as data: what a team settles itself, what it takes from the tier below and what it asks for when a
-- ticket is handed to it; and each time that a ticket went up, to skill or to authority.
create table team_duty (
  team_id bigint primary key references team on delete cascade,
  version int not null default 1,
  kinds text[] not null default '{}' check (kinds <@ '{incident,request,problem,change}'),
  asks_for text[] not null default '{}' check (asks_for <@ '{found,tried,expected}')
);
comment on column team_duty.kinds is 'What it may resolve itself; empty: all kinds. With team_settles: both have to hold.';
comment on column team_duty.asks_for is 'The parts of the note without which nobody hands it a ticket; empty: none.';

create table team_settles (
  team_id bigint not null references team on delete cascade,
  category_id bigint not null references category on delete cascade,
  primary key (team_id, category_id)
);
comment on table team_settles is 'Categories, with all below them, that a team may resolve itself; no row of a team: all.';
create index team_settles_category on team_settles (category_id);

create table team_takes (
  team_id bigint not null references team on delete cascade,
  category_id bigint not null references category on delete cascade,
  primary key (team_id, category_id)
);
comment on table team_takes is 'Which speciality takes what: to which team of a higher tier a ticket of this category, or of one below it, goes.';
create index team_takes_category on team_takes (category_id);

create table escalation (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  at timestamptz not null,
  kind text not null check (kind in ('functional', 'hierarchical')),
  from_team_id bigint references team,
  to_team_id bigint references team,
  by_person_id bigint references person,
  why text,
  message_id bigint references message on delete set null,
  settled_at timestamptz,
  settled_by_id bigint references person,
  check (kind = 'hierarchical' or (settled_at is null and from_team_id is not null and to_team_id is not null))
);
comment on table escalation is 'functional: to a team of a higher tier. hierarchical: somebody told the manager.';
comment on column escalation.from_team_id is 'The team that had it; to_team_id of a hierarchical one is null: it stays where it is.';
comment on column escalation.by_person_id is 'Null: the program, by a rule.';
comment on column escalation.why is 'Of a hierarchical one; why a ticket was handed on stands in message_id.';
comment on column escalation.settled_at is 'Of a hierarchical one: dealt with by whoever was told, or resolved.';
create index escalation_of on escalation (ticket_id, id);
create unique index escalation_open on escalation (ticket_id) where kind = 'hierarchical' and settled_at is null;
create index escalation_at on escalation (at, id);
create index escalation_message on escalation (message_id) where message_id is not null;

create table escalation_again (
  id bigint generated always as identity primary key,
  escalation_id bigint not null references escalation on delete cascade,
  at timestamptz not null,
  by_person_id bigint references person,
  why text not null
);
comment on table escalation_again is 'While one is open nobody opens a second: what is told again is added.';
create index escalation_again_of on escalation_again (escalation_id, id);

create table escalation_told (
  escalation_id bigint not null references escalation on delete cascade,
  person_id bigint not null references person,
  primary key (escalation_id, person_id)
);
create index escalation_told_person on escalation_told (person_id);

alter table team_duty enable row level security;
alter table team_duty force row level security;
create policy team_duty_scope on team_duty using ((select firstline.is_staff()));
alter table team_settles enable row level security;
alter table team_settles force row level security;
create policy team_settles_scope on team_settles using ((select firstline.is_staff()));
alter table team_takes enable row level security;
alter table team_takes force row level security;
create policy team_takes_scope on team_takes using ((select firstline.is_staff()));
alter table escalation enable row level security;
alter table escalation force row level security;
create policy escalation_scope on escalation using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = escalation.ticket_id)));
alter table escalation_again enable row level security;
alter table escalation_again force row level security;
create policy escalation_again_scope on escalation_again using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from escalation e where e.id = escalation_again.escalation_id)));
alter table escalation_told enable row level security;
alter table escalation_told force row level security;
create policy escalation_told_scope on escalation_told using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from escalation e where e.id = escalation_told.escalation_id)));

-- The nearest category that says something decides, so that what is said of a branch holds for all below it.
create function firstline.category_path(category bigint) returns table (id bigint, far int) language sql stable as $$
  with recursive above as (select c.id, c.parent_id, 0 as far from category c where c.id = $1
    union all select c.id, c.parent_id, a.far + 1 from category c join above a on c.id = a.parent_id where a.far < 20)
  select id, far from above
$$;

-- Each move to a higher tier, in one statement for many tickets. Definer: what a customer did may move a ticket by a rule,
-- and customers see no escalation.
create function firstline.moved_up(moves jsonb, by_person bigint, moment timestamptz) returns table (ticket_id bigint, escalation_id bigint)
  language sql security definer set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  with moved as (
    select m.* from jsonb_to_recordset(moves) as m (ticket_id bigint, from_team_id bigint, to_team_id bigint, message_id bigint)
      join team f on f.id = m.from_team_id join team t on t.id = m.to_team_id where t.tier > f.tier)
  insert into escalation (ticket_id, at, kind, from_team_id, to_team_id, by_person_id, message_id)
    select ticket_id, moment, 'functional', from_team_id, to_team_id, by_person, message_id from moved
    returning escalation.ticket_id, escalation.id
$$;

-- Why, for the history of a ticket (as task_names): the text stays in its own rows.
create function firstline.escalation_words(ids bigint[], more bigint[]) returns table (key text, name text) language sql stable as $$
  select 'escalation:' || e.id, e.why from escalation e where e.id = any(ids) and e.why is not null
  union all select 'again:' || a.id, a.why from escalation_again a where a.id = any(more)
$$;

-- Being told as the manager rings, and is mailed, as being asked for directly does.
alter table notice_choice
  alter column by_mail set default '{assigned,reply,mention,passed,task,shift,escalated}',
  alter column by_browser set default '{assigned,team,reply,mention,passed,task,due,breached,shift,escalated}';
update notice_choice set by_mail = by_mail || '{escalated}', by_browser = by_browser || '{escalated}';
