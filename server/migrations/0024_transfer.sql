-- Moving in and moving out: runs of imports and exports, what was wrong with rows, and which foreign thing is which of ours.
create table import_run (
  id bigint generated always as identity primary key,
  version int not null default 1,
  source text not null check (source in ('csv', 'zammad', 'glpi')),
  kind text check (kind in ('people', 'organisations', 'tickets')),
  name text not null,
  sha256 text references file,
  layout jsonb,
  connection jsonb not null default '{}',
  secret bytea,
  theirs jsonb not null default '{"status": [], "priority": []}',
  mapping jsonb not null,
  state text not null default 'draft' check (state in ('draft', 'checking', 'checked', 'running', 'paused', 'finished', 'cancelled', 'failed')),
  dry text not null default 'yes' check (dry in ('yes', 'no')),
  place jsonb,
  total int,
  done int not null default 0,
  counts jsonb not null default '{}',
  cause text,
  created_at timestamptz not null,
  created_by_id bigint references person,
  ended_at timestamptz
);
comment on column import_run.place is 'Where to go on: written in the same transaction as what was imported, so that a killed program neither loses nor repeats a row.';
comment on column import_run.secret is 'Sealed token of the other system; forgotten a month after the run ended.';
create index import_run_file on import_run (sha256) where sha256 is not null;

create table import_problem (
  id bigint generated always as identity primary key,
  run_id bigint not null references import_run on delete cascade,
  thing text not null,
  line int,
  column_name text not null default '',
  code text not null,
  message text not null,
  value text not null default ''
);
create index import_problem_run on import_problem (run_id, id);

-- What makes an import repeatable: the same foreign thing is the same row of ours.
create table external_ref (
  origin text not null,
  kind text not null check (kind in ('organisation', 'team', 'person', 'category', 'ticket', 'message')),
  external_id text not null,
  our_id bigint not null,
  primary key (origin, kind, external_id)
);
comment on column external_ref.our_id is 'Of a message: its ticket.';
create index external_ref_ours on external_ref (kind, our_id);

create table export_run (
  id bigint generated always as identity primary key,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'finished', 'failed')),
  at timestamptz not null,
  by_id bigint references person,
  ended_at timestamptz,
  rows bigint not null default 0,
  files bigint not null default 0,
  bytes bigint not null default 0,
  cause text
);

-- Tells the screens that an import or export moved on. No row of the history: the run itself is the record.
create function firstline.transfer_moved(kind text, run bigint) returns void language sql as $$
  select pg_notify('firstline', jsonb_build_object('by', null, 'tickets', null, 'events', jsonb_build_array(
    jsonb_build_object('i', 0, 'e', kind || '.moved', 's', kind || ':' || run, 't', null, 'a', 'staff', 'u', null)))::text)
$$;

-- A ticket that is deleted for good is no longer known by its old number either.
create function firstline.forget_external_ticket() returns trigger language plpgsql as $$
begin
  delete from external_ref where kind in ('ticket', 'message') and our_id = old.id;
  return old;
end $$;
create trigger ticket_forgotten before delete on ticket for each row execute function firstline.forget_external_ticket();
