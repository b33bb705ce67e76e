-- Service levels: agreements with their target rules, what the clocks of a ticket saw, the clocks themselves, and when each
-- ticket is due next.
create table agreement (
  id bigint generated always as identity primary key,
  version int not null default 1,
  kind text not null check (kind in ('sla', 'ola', 'uc')),
  name text not null check (name <> ''),
  organisation_id bigint references organisation,
  team_id bigint references team,
  vendor text not null default '',
  position int not null default 0,
  starts_on date,
  ends_on date,
  review_on date,
  terms jsonb not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  archived_at timestamptz
);
comment on column agreement.terms is 'As the contract describes them: rules, calendar, zone, services, penalties.';
comment on column agreement.position is 'Of two for the same party and target the first wins; the customer''s own come before everybody''s.';
create unique index agreement_name on agreement (firstline.plain(name)) where archived_at is null;
create index agreement_organisation on agreement (organisation_id) where organisation_id is not null;

create table agreement_version (
  agreement_id bigint not null references agreement on delete cascade,
  version int not null,
  at timestamptz not null,
  by_id bigint references person,
  terms jsonb not null,
  primary key (agreement_id, version)
);

create table breach_cause (
  id bigint generated always as identity primary key,
  name jsonb not null,
  position int not null,
  archived_at timestamptz
);

create table sla_moment (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  at timestamptz not null,
  kind text not null,
  meaning text not null,
  status_id bigint not null,
  priority smallint not null,
  impact smallint not null,
  urgency smallint not null,
  channel text not null,
  category_ids bigint[] not null,
  organisation_id bigint,
  site_id bigint,
  team_id bigint,
  assignee_id bigint,
  tags text[] not null,
  fields jsonb not null,
  marks text[] not null,
  caller_calendar_id bigint not null,
  team_calendar_id bigint not null,
  caller_zone text,
  site_zone text
);
comment on table sla_moment is 'What the clocks of a ticket saw at each change; only ever added to. The clocks follow from it.';
comment on column sla_moment.marks is 'answered, awaited, replied (at this moment), gone (set aside or merged).';
create index sla_moment_ticket on sla_moment (ticket_id, id);

create table sla_clock (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  kind text not null check (kind in ('sla', 'ola', 'uc')),
  target text not null,
  agreement_id bigint not null references agreement,
  version int not null,
  rule_key text not null,
  goal_at smallint not null,
  state text not null check (state in ('running', 'paused', 'breached', 'met', 'missed', 'cancelled')),
  from_at timestamptz not null,
  attached_at timestamptz not null,
  counted_to timestamptz not null,
  used_business_ms bigint not null,
  used_calendar_ms bigint not null,
  due_at timestamptz,
  next_at timestamptz,
  paused_at timestamptz,
  paused_why text,
  ended_at timestamptz,
  breached_at timestamptz,
  born_late text not null default 'no' check (born_late in ('yes', 'no')),
  calendar_id bigint not null references calendar,
  time_zone text not null,
  spans jsonb not null,
  fired jsonb not null default '{}',
  cause_id bigint references breach_cause,
  cause_note text not null default '',
  cause_by_id bigint references person,
  check ((state in ('met', 'missed', 'cancelled')) = (ended_at is not null))
);
comment on column sla_clock.spans is 'Stretches that ran, paused or stood stopped, each with its calendar and who held the ticket: the account is made of it.';
comment on column sla_clock.next_at is 'When the next threshold is passed, or the time runs out.';
comment on column sla_clock.fired is 'Thresholds that were passed, and when: each acts once.';
create index sla_clock_ticket on sla_clock (ticket_id, id);
create unique index sla_clock_open on sla_clock (ticket_id, kind, target) where ended_at is null;
create index sla_clock_next on sla_clock (next_at) where ended_at is null and next_at is not null;
create index sla_clock_agreement on sla_clock (agreement_id) where ended_at is null;

create table ticket_due (
  ticket_id bigint primary key references ticket on delete cascade,
  target text not null,
  state text not null check (state in ('running', 'paused', 'breached')),
  due_at timestamptz,
  paused_why text,
  left_ms bigint,
  calendar_id bigint references calendar,
  time_zone text
);
comment on table ticket_due is 'The next target of a ticket, for lists. left_ms stands still while it pauses; else the calendar tells.';
create index ticket_due_at on ticket_due (due_at, ticket_id) where due_at is not null;

-- New with every change that clocks can see. Not counted on: a number of a change that was rolled back would come again.
create table sla_edition (
  one text primary key default 'one' check (one = 'one'),
  edition uuid not null default gen_random_uuid()
);
insert into sla_edition default values;

insert into breach_cause (name, position) values
  ('{"en": "Too few people", "de": "Zu wenig Personal"}', 1),
  ('{"en": "Assigned to the wrong team", "de": "Falschem Team zugewiesen"}', 2),
  ('{"en": "Waited for a vendor", "de": "Auf Lieferant gewartet"}', 3),
  ('{"en": "Waited for the requester", "de": "Auf Anfragende gewartet"}', 4),
  ('{"en": "More difficult than expected", "de": "Schwieriger als erwartet"}', 5),
  ('{"en": "Overlooked", "de": "Übersehen"}', 6),
  ('{"en": "Part of a major outage", "de": "Teil einer großen Störung"}', 7);

alter table agreement enable row level security;
alter table agreement force row level security;
create policy agreement_scope on agreement using ((select firstline.is_staff()) and ((select firstline.scope()) = 'all'
    or organisation_id is null or organisation_id = any ((select firstline.organisations())::bigint[])))
  with check ((select firstline.is_staff()));
alter table agreement_version enable row level security;
alter table agreement_version force row level security;
create policy agreement_version_scope on agreement_version using ((select firstline.is_staff())
    and ((select firstline.scope()) = 'all' or exists (select 1 from agreement a where a.id = agreement_version.agreement_id)))
  with check ((select firstline.is_staff()));
do $$ declare name text;
begin
  foreach name in array array['sla_moment', 'sla_clock', 'ticket_due'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($p$create policy %I on %I using ((select firstline.is_staff())
      and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = %I.ticket_id)))
      with check ((select firstline.is_staff()))$p$, name || '_scope', name, name);
  end loop;
end $$;

create function firstline.sla_edition() returns text language sql stable security definer set search_path = public, pg_temp as $$
  select (select edition from sla_edition) || ' ' || coalesce((select max(revision) from calendar), 0) ||
    coalesce((select ' ' || (value ->> 'timeZone') from setting where name = 'company'), '')
$$;

-- What the clocks see of a ticket now. Definer, here and below: clocks also move when a customer writes, who sees none of it.
create function firstline.sla_seen(of_ticket bigint) returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select jsonb_build_object('kind', t.kind, 'meaning', t.meaning, 'status_id', t.status_id::text, 'priority', t.priority, 'impact', t.impact,
      'urgency', t.urgency, 'channel', t.channel, 'organisation_id', t.organisation_id::text, 'site_id', t.site_id::text,
      'team_id', t.team_id::text, 'assignee_id', t.assignee_id::text, 'tags', to_jsonb(t.tags), 'fields', t.fields,
      'category_ids', (with recursive above as (select c.id, c.parent_id from category c where c.id = t.category_id
        union select c.id, c.parent_id from category c join above a on c.id = a.parent_id) select coalesce(jsonb_agg(id::text), '[]') from above),
      'marks', to_jsonb(array_remove(array[case when t.first_answered_at is not null then 'answered' end,
        case when t.waiting_since is not null then 'awaited' end,
        case when t.deleted_at is not null or t.merged_into_id is not null then 'gone' end], null)),
      'caller_calendar_id', (select c.id::text from firstline.calendar_of(t.organisation_id, t.site_id, null) c),
      'team_calendar_id', (select c.id::text from firstline.calendar_of(null, null, t.team_id) c),
      'caller_zone', coalesce(p.time_zone, o.time_zone), 'site_zone', s.time_zone, 'at', t.created_at, 'answered_at', t.first_answered_at,
      'events', case when not exists (select 1 from sla_moment m where m.ticket_id = t.id) then (select jsonb_agg(jsonb_build_object('at', e.at, 'type', e.type,
        'data', e.data) order by e.id) from event e where e.ticket_id = t.id and e.type in ('ticket.changed', 'ticket.assigned', 'ticket.passed',
        'ticket.resolved', 'ticket.reopened', 'ticket.closed', 'ticket.replied')) end)
  from ticket t left join person p on p.id = t.requester_id left join organisation o on o.id = t.organisation_id left join site s on s.id = t.site_id
  where t.id = of_ticket
$$;

create function firstline.sla_of(of_ticket bigint) returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select jsonb_build_object('edition', firstline.sla_edition(), 'seen', firstline.sla_seen(of_ticket),
    'moments', (select coalesce(jsonb_agg(to_jsonb(m) order by m.id), '[]') from sla_moment m where m.ticket_id = of_ticket),
    'clocks', (select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]') from sla_clock c where c.ticket_id = of_ticket and c.ended_at is null))
$$;

-- All that clocks are counted by, in one answer; kept in memory until the edition changes.
create function firstline.sla_terms() returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select jsonb_build_object('edition', firstline.sla_edition(),
    'zone', coalesce((select value ->> 'timeZone' from setting where name = 'company'), 'Europe/Berlin'),
    'agreements', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id::text, 'version', a.version, 'kind', a.kind,
        'organisationId', a.organisation_id::text, 'teamId', a.team_id::text, 'startsOn', a.starts_on, 'endsOn', a.ends_on, 'terms', a.terms)
        order by a.position, a.id), '[]') from agreement a where a.archived_at is null),
    'calendars', (select coalesce(jsonb_object_agg(c.id::text, jsonb_build_object('id', c.id::text, 'revision', c.revision::text)), '{}') from calendar c))
$$;

-- One ticket's or those of a batch: what was seen, the clocks, and the next target of each.
create function firstline.sla_keep(moments jsonb, clocks jsonb, dues jsonb) returns void language plpgsql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
begin
  insert into sla_moment (ticket_id, at, kind, meaning, status_id, priority, impact, urgency, channel, category_ids, organisation_id, site_id,
      team_id, assignee_id, tags, fields, marks, caller_calendar_id, team_calendar_id, caller_zone, site_zone)
    select m.ticket_id, m.at, m.kind, m.meaning, m.status_id, m.priority, m.impact, m.urgency, m.channel, m.category_ids, m.organisation_id, m.site_id,
      m.team_id, m.assignee_id, m.tags, m.fields, m.marks, m.caller_calendar_id, m.team_calendar_id, m.caller_zone, m.site_zone
    from jsonb_populate_recordset(null::sla_moment, moments) m;
  perform firstline.sla_keep_clocks(clocks);
  perform firstline.keep_due(dues);
end $$;

-- Ended ones first: a clock that takes the place of another is written in the same breath.
create function firstline.sla_keep_clocks(clocks jsonb) returns void language plpgsql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
begin
  update sla_clock c set agreement_id = k.agreement_id, version = k.version, rule_key = k.rule_key, goal_at = k.goal_at, state = k.state, from_at = k.from_at,
      counted_to = k.counted_to, used_business_ms = k.used_business_ms, used_calendar_ms = k.used_calendar_ms, due_at = k.due_at,
      next_at = k.next_at, paused_at = k.paused_at, paused_why = k.paused_why, ended_at = k.ended_at, breached_at = k.breached_at,
      born_late = k.born_late, calendar_id = k.calendar_id, time_zone = k.time_zone, spans = k.spans, fired = k.fired
    from jsonb_populate_recordset(null::sla_clock, clocks) k where k.id is not null and c.id = k.id;
  insert into sla_clock (ticket_id, kind, target, agreement_id, version, rule_key, goal_at, state, from_at, attached_at, counted_to,
      used_business_ms, used_calendar_ms, due_at, next_at, paused_at, paused_why, ended_at, breached_at, born_late, calendar_id, time_zone, spans, fired)
    select k.ticket_id, k.kind, k.target, k.agreement_id, k.version, k.rule_key, k.goal_at, k.state, k.from_at, k.attached_at, k.counted_to,
      k.used_business_ms, k.used_calendar_ms, k.due_at, k.next_at, k.paused_at, k.paused_why, k.ended_at, k.breached_at, k.born_late, k.calendar_id,
      k.time_zone, k.spans, k.fired
    from jsonb_populate_recordset(null::sla_clock, clocks) k where k.id is null;
end $$;

-- Of each ticket its next target; a row without one takes it away.
create function firstline.keep_due(dues jsonb) returns void language plpgsql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
begin
  delete from ticket_due d using jsonb_populate_recordset(null::ticket_due, dues) k where d.ticket_id = k.ticket_id and k.target is null;
  insert into ticket_due (ticket_id, target, state, due_at, paused_why, left_ms, calendar_id, time_zone)
    select k.ticket_id, k.target, k.state, k.due_at, k.paused_why, k.left_ms, k.calendar_id, k.time_zone
    from jsonb_populate_recordset(null::ticket_due, dues) k where k.target is not null
    on conflict (ticket_id) do update set target = excluded.target, state = excluded.state, due_at = excluded.due_at,
      paused_why = excluded.paused_why, left_ms = excluded.left_ms, calendar_id = excluded.calendar_id, time_zone = excluded.time_zone;
end $$;
