-- What every feature stands on: extensions, text search, the event table, idempotency keys, settings, files.
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists citext;
create extension if not exists btree_gin;

-- Behind row-level security an index serves leakproof operators only, and citext does not say that its equality is one (it
-- compares as text does, which says so): without this, each look for an address reads all people. Needs a superuser; elsewhere
-- it is slower.
do $$ begin
  alter function citext_eq(citext, citext) leakproof;
exception when insufficient_privilege then
  raise notice 'Not a superuser: people are found by address without an index.';
end $$;

create schema if not exists firstline;

-- The second wall (docs/decisions/0004): every request and job says who acts. Unset means: no rows.
-- scope: 'all' (unrestricted staff and the program itself) or 'some'; staff: 'on' or ''.
create function firstline.scope() returns text language sql stable parallel safe
  as $$ select current_setting('firstline.scope', true) $$;
create function firstline.organisations() returns bigint[] language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('firstline.organisations', true), ''), '{}')::bigint[] $$;
create function firstline.person() returns bigint language sql stable parallel safe
  as $$ select nullif(current_setting('firstline.person', true), '')::bigint $$;
create function firstline.is_staff() returns boolean language sql stable parallel safe
  as $$ select coalesce(current_setting('firstline.staff', true), '') = 'on' $$;

-- unaccent() is only stable; the wrapper pins the dictionary so that it may be indexed.
create function firstline.plain(value text) returns text language sql immutable parallel safe strict
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

create table event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  xid xid8 not null default pg_current_xact_id(),
  type text not null,
  subject_kind text not null,
  subject_id bigint not null,
  ticket_id bigint,
  organisation_id bigint,
  actor_id bigint,
  on_behalf_of_id bigint,
  rule text,
  request_id text not null,
  audience text not null check (audience in ('staff', 'everyone')),
  data jsonb not null default '{}'
);
comment on table event is 'Insert and select only. data holds ids, codes and numbers; text that must be erasable lives in its own rows.';
create index event_ticket on event (ticket_id, id) where ticket_id is not null;
create index event_subject on event (subject_kind, subject_id, id);
create index event_order on event (xid, id);

create table event_seal (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  last_xid xid8 not null,
  last_event_id bigint not null,
  events bigint not null,
  hash bytea not null
);
comment on table event_seal is 'Head of the hash chain over events in (xid, id) order, one row for each minute that had events.';

create table idempotency (
  actor text not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  status int,
  answer jsonb,
  at timestamptz not null,
  primary key (actor, route, key)
);
-- Only the sweep reads by time. A block range index costs a request nothing, and lets the answer be written in place.
create index idempotency_at on idempotency using brin (at);
alter table idempotency set (fillfactor = 50);

create table setting (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null,
  changed_by_id bigint
);

-- Bytes live below DATA_DIR by SHA-256; this says which exist. Swept after 24 h without an owner.
create table file (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null,
  created_at timestamptz not null
);

create table failed_job (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  job text not null,
  payload jsonb not null,
  attempts int not null,
  cause text not null,
  settled_at timestamptz,
  settled_by_id bigint
);
create index failed_job_open on failed_job (id desc) where settled_at is null;

create table rate_count (
  bucket text not null,
  slot timestamptz not null,
  hits int not null,
  primary key (bucket, slot)
);
create index rate_count_slot on rate_count (slot);

-- Taken with clock_timestamp(); the fence rises with each holder, so that a late writer is seen.
create table lease (
  name text primary key,
  holder text not null,
  fence bigint not null default 1,
  until timestamptz not null
);

-- Ends a transaction's work in one call: events, jobs, one NOTIFY. Definer, because the job tables refuse the program's role.
-- Plain jobs are inserted as graphile_worker.add_jobs does (worker.test.ts compares), but without its looking for keys and
-- for new names, which costs more than the rest of the call, and without waking the workers for what is not due yet: they
-- look by themselves five times a second. The queue's tables are empty whenever they are analysed, hence no table scans.
create function firstline.add_jobs(specs jsonb) returns void language plpgsql security definer
  set search_path = public, pg_temp set enable_seqscan = off as $$
declare added int;
begin
  if not jsonb_path_exists(specs, '$[*] ? (@.job_key != null)') then
    insert into graphile_worker._private_jobs (job_queue_id, task_id, payload, run_at, max_attempts, priority)
    select q.id, t.id, coalesce(s.payload, '{}'::jsonb)::json, coalesce(s.run_at, now()), coalesce(s.max_attempts, 25), coalesce(s.priority, 0)
    from jsonb_to_recordset(specs) as s (identifier text, payload jsonb, queue_name text, run_at timestamptz, max_attempts smallint, priority smallint)
    join graphile_worker._private_tasks t on t.identifier = s.identifier
    left join graphile_worker._private_job_queues q on q.queue_name = s.queue_name
    where not exists (select 1 from jsonb_to_recordset(specs) as x (identifier text, queue_name text)
      where not exists (select 1 from graphile_worker._private_tasks k where k.identifier = x.identifier)
        or (x.queue_name is not null and not exists (select 1 from graphile_worker._private_job_queues k where k.queue_name = x.queue_name)));
    get diagnostics added = row_count;
    if added > 0 then
      if jsonb_path_exists(specs, '$[*] ? (!exists(@.run_at) || @.run_at == null)') then
        perform pg_notify('jobs:insert', jsonb_build_object('r', random(), 'count', added)::text);
      end if;
      return;
    end if;
  end if;
  perform graphile_worker.add_jobs(array(
    select (s.identifier, coalesce(s.payload, '{}'::jsonb)::json, s.queue_name, s.run_at, s.max_attempts, s.job_key, s.priority, null::text[])::graphile_worker.job_spec
    from jsonb_to_recordset(specs) as s (identifier text, payload jsonb, queue_name text, run_at timestamptz, max_attempts smallint, job_key text, priority smallint)));
end $$;
