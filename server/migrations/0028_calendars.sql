-- When somebody works: hours by weekday in a zone, public holidays kept as rows (clocks must not change with the version of
-- a library), own days, and who uses which calendar.
create sequence calendar_revision;
create table calendar (
  id bigint generated always as identity primary key,
  version int not null default 1,
  revision bigint not null default nextval('calendar_revision'),
  name text not null check (name <> ''),
  time_zone text not null,
  hours jsonb not null,
  country text,
  region text,
  holidays_until int,
  created_at timestamptz not null,
  archived_at timestamptz,
  check (region is null or country is not null)
);
comment on column calendar.revision is 'New with each change that clocks can see. From a sequence: what was rolled back never has the number of what came after.';
comment on column calendar.holidays_until is 'The last year whose public holidays are kept.';
create unique index calendar_name on calendar (firstline.plain(name)) where archived_at is null;
alter sequence calendar_revision owned by calendar.revision;

create table calendar_day (
  id bigint generated always as identity primary key,
  calendar_id bigint not null references calendar on delete cascade,
  day date not null,
  name text not null check (name <> ''),
  repeats text not null default 'once' check (repeats in ('once', 'yearly')),
  hours jsonb not null default '[]'
);
comment on column calendar_day.hours is 'In place of those of its weekday or holiday; none: closed.';
create unique index calendar_day_of on calendar_day (calendar_id, day, repeats);

create table calendar_holiday (
  calendar_id bigint not null references calendar on delete cascade,
  day date not null,
  name jsonb not null,
  primary key (calendar_id, day)
);
comment on column calendar_holiday.name is 'By language.';

create table calendar_use (
  id bigint generated always as identity primary key,
  calendar_id bigint not null references calendar,
  organisation_id bigint references organisation,
  site_id bigint references site,
  team_id bigint references team,
  check (num_nonnulls(organisation_id, site_id, team_id) <= 1)
);
comment on table calendar_use is 'Who works by it; a row without a party is the company''s default.';
create unique index calendar_use_once on calendar_use (coalesce(organisation_id, 0), coalesce(site_id, 0), coalesce(team_id, 0));
create index calendar_use_calendar on calendar_use (calendar_id);
create index calendar_use_site on calendar_use (site_id) where site_id is not null;
create index calendar_use_team on calendar_use (team_id) where team_id is not null;

-- The hours themselves are no secret (the portal shows them); for whom they are kept is.
alter table calendar_use enable row level security;
alter table calendar_use force row level security;
create policy calendar_use_scope on calendar_use using ((select firstline.is_staff()) and (
    (select firstline.scope()) = 'all'
    or (organisation_id is null and site_id is null)
    or organisation_id = any ((select firstline.organisations())::bigint[])
    or exists (select 1 from site s where s.id = calendar_use.site_id)))
  with check ((select firstline.is_staff()));

-- The site's, else the organisation's, else the team's, else the company's. Definer: clocks start in the request of a customer, too.
create function firstline.calendar_of(organisation bigint, site bigint, team bigint) returns table (id bigint, revision bigint)
language sql stable security definer set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  select c.id, c.revision from calendar_use u join calendar c on c.id = u.calendar_id
  where u.site_id = site or u.organisation_id = organisation or u.team_id = team
    or (u.organisation_id is null and u.site_id is null and u.team_id is null)
  order by u.site_id is not null desc, u.organisation_id is not null desc, u.team_id is not null desc limit 1
$$;

-- Every desk has a calendar from the start: office hours in the company's zone.
with made as (
  insert into calendar (name, time_zone, hours, created_at)
  select case when x.value ->> 'language' = 'de' then 'Bürozeiten' else 'Office hours' end, coalesce(x.value ->> 'timeZone', 'Europe/Berlin'),
    jsonb_build_object('mon', h.hours, 'tue', h.hours, 'wed', h.hours, 'thu', h.hours, 'fri', h.hours), now()
  from (select '[["08:00", "17:00"]]'::jsonb as hours) h left join setting x on x.name = 'company'
  returning id)
insert into calendar_use (calendar_id) select id from made;
