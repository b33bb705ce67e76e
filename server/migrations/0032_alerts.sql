-- Machines tell of what is wrong: where they may, what they told, and what became of it.
create table alert_source (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  kind text not null check (kind in ('pagerduty', 'alertmanager', 'webhook')),
  key_hash bytea unique,
  person_id bigint not null references person,
  team_id bigint references team,
  organisation_id bigint references organisation,
  site_id bigint references site,
  delay_seconds int not null default 0 check (delay_seconds between 0 and 86400),
  consecutive int not null default 1 check (consecutive between 1 and 100),
  interval_minutes int not null default 60 check (interval_minutes between 1 and 10080),
  flap_after int not null default 3 check (flap_after between 0 and 20),
  storm_after int not null default 10 check (storm_after between 0 and 1000),
  priorities jsonb not null,
  resolves text not null default 'yes' check (resolves in ('yes', 'no')),
  heartbeat_minutes int check (heartbeat_minutes between 1 and 43200),
  mapping jsonb not null default '{}',
  created_at timestamptz not null,
  key_renewed_at timestamptz,
  heard_at timestamptz,
  silent_told_at timestamptz,
  archived_at timestamptz
);
comment on column alert_source.key_hash is 'Of the key only the hash is kept. Null: brought in from another desk; it needs a new one.';
comment on column alert_source.person_id is 'In whose name its tickets are opened.';
comment on column alert_source.flap_after is 'After so many turns within half an hour a recovery must hold before it counts; 0: never.';
comment on column alert_source.storm_after is 'From so many alerts within five minutes on they go into one ticket; 0: never.';
create unique index alert_source_name on alert_source (firstline.plain(name)) where archived_at is null;
create index alert_source_person on alert_source (person_id);

create table alert_storm (
  id bigint generated always as identity primary key,
  source_id bigint not null references alert_source,
  ticket_id bigint not null references ticket on delete cascade,
  began_at timestamptz not null,
  last_at timestamptz not null
);
create index alert_storm_source on alert_storm (source_id, id desc);
create index alert_storm_ticket on alert_storm (ticket_id);

create table alert (
  id bigint generated always as identity primary key,
  source_id bigint not null references alert_source,
  organisation_id bigint references organisation,
  key text not null,
  device text not null default '',
  condition text not null default '',
  severity text not null check (severity in ('critical', 'error', 'warning', 'info')),
  summary text not null,
  state text not null check (state in ('waiting', 'suppressed', 'open', 'acknowledged', 'cleared')),
  count int not null default 1,
  streak int not null default 1,
  began_at timestamptz,
  first_at timestamptz not null,
  last_at timestamptz not null,
  opens_at timestamptz,
  opened_at timestamptz,
  acknowledged_at timestamptz,
  cleared_at timestamptz,
  hold_until timestamptz,
  turns jsonb not null default '[]',
  ticket_id bigint references ticket on delete set null,
  storm_id bigint references alert_storm on delete set null,
  previous_id bigint references alert on delete set null,
  line_id bigint,
  told_at timestamptz,
  details jsonb not null default '{}'
);
comment on column alert.key is 'By which its source knows it: the fingerprint, the dedup_key, what the mapping says.';
comment on column alert.began_at is 'The moment that the source gives its episode; what is older came late.';
comment on column alert.turns is 'When it lately went away and came back, in milliseconds of Unix time.';
comment on column alert.hold_until is 'It turns too often: its recovery counts once it has held until then.';
comment on column alert.line_id is 'The message of the ticket that keeps count of repeats.';
-- Two nodes never open two for one key.
create unique index alert_live on alert (source_id, key) where state <> 'cleared';
create index alert_key on alert (source_id, key, id desc);
create index alert_list on alert (last_at desc, id desc);
create index alert_state on alert (state, last_at desc, id desc);
create index alert_ticket on alert (ticket_id, id) where ticket_id is not null;
create index alert_storm_members on alert (storm_id, id) where storm_id is not null;
create index alert_opened on alert (source_id, opened_at) where opened_at is not null;
create index alert_due on alert (source_id) where state in ('waiting', 'suppressed') or hold_until is not null;
create index alert_previous on alert (previous_id) where previous_id is not null;

-- What came, as it was understood; kept before it is answered, folded into alerts by a job, forgotten after 30 days.
create table alert_event (
  id bigint generated always as identity primary key,
  source_id bigint not null references alert_source,
  organisation_id bigint references organisation,
  at timestamptz not null,
  key text not null,
  action text not null check (action in ('trigger', 'acknowledge', 'resolve')),
  severity text not null,
  summary text not null,
  body jsonb not null,
  folded_at timestamptz,
  alert_id bigint references alert on delete cascade,
  outcome text not null default ''
);
create index alert_event_waiting on alert_event (source_id, id) where folded_at is null;
create index alert_event_alert on alert_event (alert_id, id desc) where alert_id is not null;
create index alert_event_old on alert_event (at);

create table alert_change (
  id bigint generated always as identity primary key,
  source_id bigint not null references alert_source,
  organisation_id bigint references organisation,
  at timestamptz not null,
  device text not null default '',
  summary text not null,
  links jsonb not null default '[]'
);
comment on table alert_change is 'What was changed (a deployment, a setting), told by a machine: beside an alert it often says why.';
create index alert_change_device on alert_change (source_id, device, id desc);
create index alert_change_old on alert_change (at);

create table alert_silence (
  id bigint generated always as identity primary key,
  source_id bigint references alert_source,
  device text not null default '',
  reason text not null,
  from_at timestamptz not null,
  until_at timestamptz,
  by_id bigint references person,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (until_at is null or until_at > from_at)
);
comment on table alert_silence is 'Planned work: what comes meanwhile is stored as suppressed, and opens at its end if it still holds.';
create index alert_silence_now on alert_silence (from_at) where ended_at is null;

alter table alert_source enable row level security;
alter table alert_source force row level security;
create policy alert_source_scope on alert_source using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])));
alter table alert enable row level security;
alter table alert force row level security;
create policy alert_scope on alert using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])));
alter table alert_event enable row level security;
alter table alert_event force row level security;
create policy alert_event_scope on alert_event using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])));
alter table alert_change enable row level security;
alter table alert_change force row level security;
create policy alert_change_scope on alert_change using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])));
alter table alert_storm enable row level security;
alter table alert_storm force row level security;
create policy alert_storm_scope on alert_storm using ((select firstline.is_staff()) and exists (select 1 from ticket t where t.id = alert_storm.ticket_id))
  with check ((select firstline.is_staff()));
alter table alert_silence enable row level security;
alter table alert_silence force row level security;
create policy alert_silence_staff on alert_silence using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
