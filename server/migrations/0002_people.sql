-- Who asks and who helps: organisations, sites, teams, people, grants.
create table organisation (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  note text not null default '',
  special_handling text not null default '',
  language text,
  time_zone text,
  created_at timestamptz not null,
  archived_at timestamptz
);
create unique index organisation_name on organisation (firstline.plain(name)) where archived_at is null;

create table organisation_domain (
  domain text primary key check (domain = lower(domain)),
  organisation_id bigint not null references organisation
);
create index organisation_domain_of on organisation_domain (organisation_id);

create table site (
  id bigint generated always as identity primary key,
  version int not null default 1,
  organisation_id bigint not null references organisation,
  name text not null check (name <> ''),
  address text not null default '',
  access_note text not null default '',
  time_zone text,
  created_at timestamptz not null,
  archived_at timestamptz
);
create index site_of on site (organisation_id);

create table team (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  tier int check (tier between 1 and 9),
  speciality text not null default '',
  created_at timestamptz not null,
  archived_at timestamptz
);
create unique index team_name on team (firstline.plain(name)) where archived_at is null;

create table skill (
  id bigint generated always as identity primary key,
  name text not null check (name <> '')
);
create unique index skill_name on skill (firstline.plain(name));

create table person (
  id bigint generated always as identity primary key,
  version int not null default 1,
  organisation_id bigint references organisation,
  site_id bigint references site,
  line_manager_id bigint references person,
  name text not null default '',
  email citext,
  department text not null default '',
  phones jsonb not null default '[]',
  language text not null default 'en',
  time_zone text,
  special_handling text not null default '',
  state text not null default 'available' check (state in ('available', 'busy', 'away')),
  verified_at timestamptz,
  created_at timestamptz not null,
  archived_at timestamptz,
  constraint person_email unique (email)
);
comment on column person.verified_at is 'When this person last proved to own the address (link, password set, authenticated mail).';
create index person_of on person (organisation_id, id);
create index person_name on person using gin (firstline.plain(name) gin_trgm_ops);
create index person_email_trgm on person using gin ((email::text) gin_trgm_ops);

create table person_organisation (
  person_id bigint not null references person,
  organisation_id bigint not null references organisation,
  primary key (person_id, organisation_id)
);

create table person_skill (
  person_id bigint not null references person,
  skill_id bigint not null references skill,
  primary key (person_id, skill_id)
);

create table team_member (
  team_id bigint not null references team,
  person_id bigint not null references person,
  is_lead text not null default 'no' check (is_lead in ('yes', 'no')),
  since timestamptz not null,
  primary key (team_id, person_id)
);
create index team_member_person on team_member (person_id);

create table role_grant (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  role text not null check (role in ('requester', 'organisation-viewer', 'agent', 'lead', 'manager', 'administrator')),
  organisation_id bigint references organisation,
  team_id bigint references team,
  given_by_id bigint references person,
  given_at timestamptz not null,
  unique nulls not distinct (person_id, role, organisation_id, team_id)
);
comment on table role_grant is 'Without organisation and team: everywhere. With: only there. Everybody is a requester without a row.';

create index role_grant_person on role_grant (person_id);
create index person_organisation_of on person_organisation (organisation_id);

-- Where somebody belongs, past row-level security: everybody sees the own organisation and its sites.
create function firstline.own_organisations() returns bigint[] language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all'
as $$
  select coalesce(array_agg(x.o), '{}') from (
    select p.organisation_id as o from person p where p.id = firstline.person() and p.organisation_id is not null
    union select m.organisation_id from person_organisation m where m.person_id = firstline.person()) x
$$;

-- Row-level security, forced, on what belongs to an organisation.
alter table organisation enable row level security;
alter table organisation force row level security;
create policy organisation_scope on organisation using (
  (select firstline.scope()) = 'all' or id = any ((select firstline.organisations())::bigint[])
  or id = any ((select firstline.own_organisations())::bigint[]));
alter table site enable row level security;
alter table site force row level security;
create policy site_scope on site using (
  (select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])
  or organisation_id = any ((select firstline.own_organisations())::bigint[]));
alter table person enable row level security;
alter table person force row level security;
-- One sees oneself, the people of the organisations in one's scope (none for a plain requester), and the staff that answer.
create policy person_scope on person using (
  (select firstline.scope()) = 'all'
  or id = (select firstline.person())
  or organisation_id = any ((select firstline.organisations())::bigint[])
  or exists (select 1 from person_organisation m where m.person_id = person.id and m.organisation_id = any ((select firstline.organisations())::bigint[]))
  or exists (select 1 from role_grant g where g.person_id = person.id and g.role in ('agent', 'lead', 'manager', 'administrator')));

-- The name alone, for whoever sees a record that names the person: a copied-in requester, an agent of another customer.
create function firstline.name_of(person_id bigint) returns text language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' as $$ select name from person where id = person_id $$;

-- What a person chose for their own screens (keys, undo time); those who chose nothing have no row.
create table person_choice (
  person_id bigint primary key references person on delete cascade,
  value jsonb not null
);
