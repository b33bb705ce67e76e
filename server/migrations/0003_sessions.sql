-- Proofs of identity. Secrets are stored as hashes only (tokens: SHA-256; passwords: argon2id); TOTP seeds encrypted.
create table session (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  how text not null,
  second_factor_at timestamptz,
  client text not null default '',
  address text not null default ''
);
create index session_person on session (person_id) where ended_at is null;

create table api_token (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_token_person on api_token (person_id);

create table password (
  person_id bigint primary key references person,
  hash text not null,
  set_at timestamptz not null
);

create table passkey (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_person on passkey (person_id);

create table totp (
  person_id bigint primary key references person,
  secret bytea not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);

create table recovery_code (
  person_id bigint not null references person,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (person_id, code_hash)
);

-- Single-use links: sign-in, invitation, reset, first set-up; and short-lived challenges (passkeys, second step).
create table link (
  token_hash bytea primary key,
  purpose text not null,
  person_id bigint references person,
  details jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index link_person on link (person_id, purpose, created_at);
create index link_expires on link (expires_at);

-- Who stands behind a token: one call, read past row-level security because nobody is known yet.
-- second_factor: a way to give a second step exists (a confirmed TOTP secret; for staff a passkey too).
create function firstline.who(token bytea, at timestamptz) returns table (
  person_id bigint, session_id bigint, token_id bigint, scopes text[], seen_at timestamptz, created_at timestamptz,
  second_factor_at timestamptz, name text, email text, language text, time_zone text, organisation_ids bigint[],
  team_ids bigint[], grants jsonb, has_totp boolean, has_passkey boolean, second_factor_policy text
) language sql stable security definer set search_path = public, pg_temp set firstline.scope = 'all'
as $$
  with held as (
    select s.person_id, s.id as session_id, null::bigint as token_id, null::text[] as scopes, s.seen_at, s.created_at, s.second_factor_at
      from session s where s.token_hash = token and s.ended_at is null and s.expires_at > at
    union all
    select t.person_id, null, t.id, t.scopes, t.used_at, t.created_at, t.created_at
      from api_token t where t.token_hash = token and t.revoked_at is null and (t.expires_at is null or t.expires_at > at)
    limit 1
  )
  select p.id, h.session_id, h.token_id, h.scopes, h.seen_at, h.created_at, h.second_factor_at, p.name, p.email::text, p.language, p.time_zone,
    (select array_agg(o) from (select p.organisation_id as o where p.organisation_id is not null
       union select m.organisation_id from person_organisation m where m.person_id = p.id) x),
    (select array_agg(tm.team_id) from team_member tm where tm.person_id = p.id),
    (select jsonb_agg(jsonb_build_object('role', g.role, 'organisationId', g.organisation_id::text, 'teamId', g.team_id::text))
       from role_grant g where g.person_id = p.id),
    exists (select 1 from totp o where o.person_id = p.id and o.confirmed_at is not null),
    exists (select 1 from passkey k where k.person_id = p.id),
    coalesce((select c.value ->> 'secondFactor' from setting c where c.name = 'company'), 'staff')
  from held h join person p on p.id = h.person_id
  where p.archived_at is null
$$;

-- Notes that a session or token is in use. Never waits and never fails: not for another request of the same session,
-- nor in a database that is read-only at the moment.
create function firstline.touch(session_id bigint, token_id bigint, moment timestamptz) returns void language plpgsql
  set search_path = public, pg_temp
as $$
begin
  if current_setting('transaction_read_only') = 'on' then return; end if;
  if session_id is not null then
    update session s set seen_at = moment where s.id = (select x.id from session x where x.id = touch.session_id for update skip locked);
  else
    update api_token t set used_at = moment where t.id = (select x.id from api_token x where x.id = touch.token_id for update skip locked);
  end if;
end $$;

-- Whether an administrator of the whole desk could sign in; asked by the sign-in page, where nobody is known yet.
create function firstline.has_administrator() returns boolean language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all'
as $$
  select exists (select 1 from role_grant g join person p on p.id = g.person_id
    where g.role = 'administrator' and g.organisation_id is null and g.team_id is null and p.archived_at is null
      and (p.email is not null or exists (select 1 from password w where w.person_id = p.id) or exists (select 1 from passkey k where k.person_id = p.id)))
$$;
