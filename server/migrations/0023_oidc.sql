-- Sign-in with the company's own accounts (OpenID Connect): the providers, who of ours is who there, roles by group.
create table oidc_provider (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  label_en text not null default '',
  label_de text not null default '',
  issuer text not null,
  client_id text not null,
  secret bytea,
  scopes text[] not null default '{openid,email,profile}',
  joining text not null default 'nobody' check (joining in ('nobody', 'domains', 'groups')),
  domains text[] not null default '{}',
  linking text not null default 'off' check (linking in ('off', 'requesters', 'everybody')),
  passwords text not null default 'allowed' check (passwords in ('allowed', 'refused')),
  groups_claim text not null default 'groups',
  second_factor text not null default 'ask' check (second_factor in ('ask', 'claimed', 'trusted')),
  acr_values text[] not null default '{}',
  sign_out text not null default 'here' check (sign_out in ('here', 'everywhere')),
  session_hours int not null default 12 check (session_hours between 1 and 720),
  place int not null,
  enabled_at timestamptz,
  created_at timestamptz not null,
  constraint oidc_provider_once unique (issuer, client_id)
);
comment on column oidc_provider.domains is 'The mail domains that this provider speaks for: joining, linking and refused passwords.';
comment on column oidc_provider.linking is 'Whether a verified address of one of the domains connects an account to a person that is known already. requesters: staff confirm by their own sign-in.';

create table oidc_group (
  provider_id bigint not null references oidc_provider on delete cascade,
  place int not null,
  group_name text not null check (group_name <> ''),
  role text not null check (role in ('requester', 'organisation-viewer', 'agent', 'lead', 'manager', 'administrator')),
  organisation_id bigint references organisation,
  team_id bigint references team,
  primary key (provider_id, place)
);

-- Who somebody is there: issuer and subject, never the address (OpenID Connect Core, section 5.7). `account` is shown only.
create table person_identity (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  provider_id bigint not null references oidc_provider on delete cascade,
  issuer text not null,
  subject text not null check (subject <> ''),
  account text not null default '',
  connected_at timestamptz not null,
  used_at timestamptz,
  constraint person_identity_once unique (issuer, subject)
);
create index person_identity_person on person_identity (person_id);
create index person_identity_provider on person_identity (provider_id);

-- Which sessions began there; the sealed ID token tells the provider who signs out.
create table oidc_session (
  session_id bigint primary key references session on delete cascade,
  identity_id bigint not null references person_identity on delete cascade,
  id_token bytea
);
create index oidc_session_identity on oidc_session (identity_id);

-- A role may be held twice: given by hand, and by a provider's group. Each is taken by whoever gave it.
alter table role_grant add column provider_id bigint references oidc_provider on delete cascade;
alter table role_grant drop constraint role_grant_person_id_role_organisation_id_team_id_key;
alter table role_grant add constraint role_grant_once unique nulls not distinct (person_id, role, organisation_id, team_id, provider_id);
create index role_grant_provider on role_grant (provider_id) where provider_id is not null;
