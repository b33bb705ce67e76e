-- Views that people keep, who is told of what is new in them, and what was done to many tickets at once.
create table ticket_view (
  id bigint generated always as identity primary key,
  version int not null default 1,
  scope text not null check (scope in ('private', 'team', 'everyone')),
  owner_id bigint not null references person,
  team_id bigint references team,
  name text not null check (name <> ''),
  icon text not null,
  query jsonb not null,
  columns jsonb not null default '[]',
  sort text not null,
  grouping text,
  position int not null default 0,
  pinned text not null default 'yes' check (pinned in ('yes', 'no')),
  created_at timestamptz not null,
  check ((scope = 'team') = (team_id is not null))
);
create index ticket_view_owner on ticket_view (owner_id);
create index ticket_view_team on ticket_view (team_id) where team_id is not null;

create table view_alert (
  view_id bigint not null references ticket_view on delete cascade,
  person_id bigint not null references person,
  at_once text not null check (at_once in ('yes', 'no')),
  looked_at timestamptz not null,
  primary key (view_id, person_id)
);
comment on table view_alert is 'Who is told of tickets that are new in a view: at once, or once a day.';
create index view_alert_person on view_alert (person_id);
create index view_alert_due on view_alert (looked_at);

-- What was in the view when it was last looked at: only what is not here is new.
create table view_alert_seen (
  view_id bigint not null,
  person_id bigint not null,
  ticket_id bigint not null references ticket on delete cascade,
  primary key (view_id, person_id, ticket_id),
  foreign key (view_id, person_id) references view_alert on delete cascade
);
create index view_alert_seen_ticket on view_alert_seen (ticket_id);

create table bulk_run (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  at timestamptz not null,
  action jsonb not null,
  state text not null default 'preview' check (state in ('preview', 'waiting', 'running', 'done', 'undoing', 'undone')),
  cut text not null default 'no' check (cut in ('yes', 'no')),
  finished_at timestamptz,
  undo_until timestamptz
);
create index bulk_run_at on bulk_run (at);

create table bulk_row (
  run_id bigint not null references bulk_run on delete cascade,
  ticket_id bigint not null,
  outcome text not null check (outcome in ('will', 'done', 'same', 'cannot', 'undone', 'changed-since')),
  code text,
  before jsonb,
  version_after int,
  primary key (run_id, ticket_id)
);
comment on column bulk_row.ticket_id is 'As it was asked for: of a ticket that the person may not see, nothing but the number that they named.';
comment on column bulk_row.before is 'What undoing puts back. Ids and codes, and the tags.';
create index bulk_row_outcome on bulk_row (run_id, outcome, ticket_id);

create index ticket_priority on ticket (priority, id desc) where deleted_at is null and merged_into_id is null;

alter table ticket_view enable row level security;
alter table ticket_view force row level security;
create policy ticket_view_staff on ticket_view using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table view_alert enable row level security;
alter table view_alert force row level security;
create policy view_alert_staff on view_alert using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table view_alert_seen enable row level security;
alter table view_alert_seen force row level security;
create policy view_alert_seen_staff on view_alert_seen using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table bulk_run enable row level security;
alter table bulk_run force row level security;
create policy bulk_run_own on bulk_run using ((select firstline.is_staff())
  and (person_id = (select firstline.person()) or (select firstline.person()) is null)) with check ((select firstline.is_staff()));
alter table bulk_row enable row level security;
alter table bulk_row force row level security;
create policy bulk_row_own on bulk_row using ((select firstline.is_staff()) and exists (select 1 from bulk_run b where b.id = bulk_row.run_id))
  with check ((select firstline.is_staff()));
