-- Who is on call: rotas with their layers, what holds against them (overrides, swaps), the notes that are handed over, and
-- the private addresses by which calendar programs read it all. Time off is kept where it was: in absence.
create table rota (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  team_id bigint not null references team,
  time_zone text not null,
  calendar_id bigint references calendar,
  needed text not null default 'always' check (needed in ('always', 'within', 'outside')),
  created_at timestamptz not null,
  archived_at timestamptz,
  check ((needed = 'always') = (calendar_id is null))
);
comment on column rota.time_zone is 'In which the rota is shown; each layer hands over in its own.';
comment on column rota.needed is 'When a hole is told: at all times, within the hours of the calendar, or outside of them.';
create unique index rota_name on rota (firstline.plain(name)) where archived_at is null;
create index rota_team on rota (team_id);
create index rota_calendar on rota (calendar_id) where calendar_id is not null;

create table rota_layer (
  id bigint generated always as identity primary key,
  rota_id bigint not null references rota on delete cascade,
  position int not null,
  name text not null check (name <> ''),
  time_zone text not null,
  unit text not null check (unit in ('hours', 'days', 'weeks')),
  every int not null check (every between 1 and 1000),
  handover text not null check (handover ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  weekday int not null check (weekday between 1 and 7),
  starts_on date not null,
  ends_on date check (ends_on > starts_on),
  hours jsonb
);
comment on column rota_layer.position is '0 is the topmost.';
comment on column rota_layer.handover is 'On the wall clock of the layer''s zone, and so the same when clocks are moved.';
comment on column rota_layer.hours is 'By weekday, when the layer holds at all, in its own zone; null: always.';
create index rota_layer_of on rota_layer (rota_id, position);

create table rota_layer_person (
  layer_id bigint not null references rota_layer on delete cascade,
  position int not null,
  person_id bigint not null references person,
  primary key (layer_id, position)
);
create index rota_layer_person_of on rota_layer_person (person_id);

create table shift_swap (
  id bigint generated always as identity primary key,
  rota_id bigint not null references rota on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  giver_id bigint not null references person,
  taker_id bigint references person,
  offered_by_id bigint not null references person,
  note text not null default '',
  state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'withdrawn')),
  offered_at timestamptz not null,
  answered_at timestamptz,
  answered_by_id bigint references person,
  check (ends_at > starts_at),
  check (taker_id <> giver_id),
  check ((state = 'open') = (answered_at is null))
);
comment on column shift_swap.taker_id is 'Null while it is offered to anybody.';
comment on column shift_swap.offered_by_id is 'The giver offers, or the taker asks; the other one has to agree.';
create index shift_swap_rota on shift_swap (rota_id, id);
create index shift_swap_open on shift_swap (ends_at, id) where state = 'open';
create index shift_swap_giver on shift_swap (giver_id);
create index shift_swap_taker on shift_swap (taker_id) where taker_id is not null;

create table rota_override (
  id bigint generated always as identity primary key,
  rota_id bigint not null references rota on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  person_id bigint references person,
  reason text not null default '',
  swap_id bigint references shift_swap,
  made_at timestamptz not null,
  made_by_id bigint references person,
  check (ends_at > starts_at)
);
comment on column rota_override.person_id is 'Null: nobody, on purpose.';
create index rota_override_of on rota_override (rota_id, ends_at);
create index rota_override_person on rota_override (person_id) where person_id is not null;
create index rota_override_swap on rota_override (swap_id) where swap_id is not null;

create table handover_note (
  id bigint generated always as identity primary key,
  rota_id bigint not null references rota on delete cascade,
  written_at timestamptz not null,
  from_id bigint not null references person,
  to_id bigint references person,
  shift_ends_at timestamptz,
  text text not null,
  read_at timestamptz,
  read_by_id bigint references person,
  check ((read_at is null) = (read_by_id is null))
);
comment on column handover_note.to_id is 'Who comes next; null where nobody does, and whoever is on call next confirms it.';
create index handover_note_of on handover_note (rota_id, id);
create index handover_note_unread on handover_note (to_id, id) where read_at is null;
create index handover_note_from on handover_note (from_id);

-- Tickets are named by their row, so that a note shows nobody a subject that they may not see.
create table handover_ticket (
  note_id bigint not null references handover_note on delete cascade,
  ticket_id bigint not null references ticket on delete cascade,
  primary key (note_id, ticket_id)
);
create index handover_ticket_of on handover_ticket (ticket_id);

create table on_call_link (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  rota_id bigint references rota on delete cascade,
  token_hash bytea not null unique,
  made_at timestamptz not null,
  used_at timestamptz,
  unique nulls not distinct (person_id, rota_id)
);
comment on column on_call_link.rota_id is 'Null: all shifts of the person.';
create index on_call_link_rota on on_call_link (rota_id) where rota_id is not null;

create table rota_warning (
  rota_id bigint not null references rota on delete cascade,
  starts_at timestamptz not null,
  ahead int not null,
  told_at timestamptz not null,
  primary key (rota_id, starts_at, ahead)
);
comment on table rota_warning is 'Which holes the leads have heard of, and how many days before.';

-- All of it is the desk's own: staff see it, customers never.
alter table rota enable row level security;
alter table rota force row level security;
create policy rota_scope on rota using ((select firstline.is_staff()));
alter table rota_layer enable row level security;
alter table rota_layer force row level security;
create policy rota_layer_scope on rota_layer using ((select firstline.is_staff()));
alter table rota_layer_person enable row level security;
alter table rota_layer_person force row level security;
create policy rota_layer_person_scope on rota_layer_person using ((select firstline.is_staff()));
alter table rota_override enable row level security;
alter table rota_override force row level security;
create policy rota_override_scope on rota_override using ((select firstline.is_staff()));
alter table shift_swap enable row level security;
alter table shift_swap force row level security;
create policy shift_swap_scope on shift_swap using ((select firstline.is_staff()));
alter table handover_note enable row level security;
alter table handover_note force row level security;
-- Somebody wrote freely: read by those who see all customers, by whom it is for, and by the rota's team.
create policy handover_note_scope on handover_note using ((select firstline.is_staff()) and ((select firstline.scope()) = 'all'
  or from_id = (select firstline.person()) or to_id = (select firstline.person())
  or exists (select 1 from rota r join team_member m on m.team_id = r.team_id where r.id = handover_note.rota_id and m.person_id = (select firstline.person()))));
alter table handover_ticket enable row level security;
alter table handover_ticket force row level security;
create policy handover_ticket_scope on handover_ticket using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = handover_ticket.ticket_id)));
alter table on_call_link enable row level security;
alter table on_call_link force row level security;
create policy on_call_link_scope on on_call_link using ((select firstline.scope()) = 'all' or person_id = (select firstline.person()));
alter table rota_warning enable row level security;
alter table rota_warning force row level security;
create policy rota_warning_scope on rota_warning using ((select firstline.is_staff()));

-- All that decides who is on call between two moments. Definer: a page may follow from what a customer did, who sees no rota.
-- Times are milliseconds; days of absence begin and end where the person is.
create function firstline.rota_facts(ids bigint[], since timestamptz, until timestamptz) returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  with layers as (
    select l.*, array(select k.person_id from rota_layer_person k where k.layer_id = l.id order by k.position) as people
    from rota_layer l where l.rota_id = any(ids)),
  overrides as (
    select o.* from rota_override o where o.rota_id = any(ids) and o.ends_at > since and o.starts_at < until),
  named as (
    select unnest(people) as id from layers union select person_id from overrides where person_id is not null),
  asked as (
    select id from named
    union select a.substitute_id from absence a join named n on n.id = a.person_id
      where a.substitute_id is not null and a.to_on >= since::date - 1 and a.from_on <= until::date + 1),
  away as (
    select a.person_id, a.substitute_id, a.from_on::timestamp at time zone coalesce(p.time_zone, 'UTC') as from_at,
      (a.to_on + 1)::timestamp at time zone coalesce(p.time_zone, 'UTC') as to_at
    from asked k join absence a on a.person_id = k.id join person p on p.id = k.id
    where a.to_on >= since::date - 1 and a.from_on <= until::date + 1)
  select jsonb_build_object(
    'rotas', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id::text, 'archived', r.archived_at is not null,
      'layers', (select coalesce(jsonb_agg(jsonb_build_object('id', l.id::text, 'name', l.name, 'timeZone', l.time_zone, 'unit', l.unit, 'every', l.every,
          'handover', l.handover, 'weekday', l.weekday, 'startsOn', l.starts_on, 'endsOn', l.ends_on, 'hours', l.hours,
          'personIds', to_jsonb(l.people::text[])) order by l.position), '[]') from layers l where l.rota_id = r.id),
      'overrides', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id::text, 'personId', o.person_id::text,
          'from', extract(epoch from o.starts_at) * 1000, 'to', extract(epoch from o.ends_at) * 1000) order by o.id desc), '[]')
        from overrides o where o.rota_id = r.id)) order by r.id), '[]') from rota r where r.id = any(ids)),
    'timeOff', (select coalesce(jsonb_agg(jsonb_build_object('personId', w.person_id::text, 'substituteId', w.substitute_id::text,
      'from', extract(epoch from w.from_at) * 1000, 'to', extract(epoch from w.to_at) * 1000) order by w.from_at), '[]') from away w),
    'gone', (select coalesce(jsonb_agg(p.id::text), '[]') from asked k join person p on p.id = k.id where p.archived_at is not null))
$$;
