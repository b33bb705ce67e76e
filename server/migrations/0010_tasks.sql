-- What is to be done for a ticket, by whom and by when; and what time it took.
create table task (
  id bigint generated always as identity primary key,
  version int not null default 1,
  ticket_id bigint not null references ticket on delete cascade,
  position int not null,
  title text not null check (title <> ''),
  note text not null default '',
  state text not null default 'open' check (state in ('open', 'done', 'not-needed')),
  mandatory text not null default 'no' check (mandatory in ('yes', 'no')),
  team_id bigint references team,
  assignee_id bigint references person,
  due_at timestamptz,
  after_id bigint references task on delete set null,
  created_at timestamptz not null,
  created_by_id bigint references person,
  settled_at timestamptz,
  settled_by_id bigint references person,
  check ((state = 'open') = (settled_at is null)),
  check (after_id <> id)
);
comment on column task.mandatory is 'Yes: the ticket is not resolved while this is open.';
comment on column task.after_id is 'Waits for that task: it is not done before that one is settled.';
create index task_ticket on task (ticket_id, position, id);
create index task_after on task (after_id) where after_id is not null;
-- The lists of what is to be done, by due time; what has none comes last.
create index task_due on task (coalesce(due_at, 'infinity'::timestamptz), id) where state = 'open';
create index task_assignee_due on task (assignee_id, coalesce(due_at, 'infinity'::timestamptz), id) where state = 'open';
create index task_team_due on task (team_id, coalesce(due_at, 'infinity'::timestamptz), id) where state = 'open';
create index task_assignee_settled on task (assignee_id, settled_at desc, id desc) where state <> 'open';
create index task_team_settled on task (team_id, settled_at desc, id desc) where state <> 'open';
create index task_settled on task (settled_at desc, id desc) where state <> 'open';

create table task_item (
  id bigint generated always as identity primary key,
  task_id bigint not null references task on delete cascade,
  position int not null,
  title text not null check (title <> ''),
  ticked_at timestamptz,
  ticked_by_id bigint references person
);
create index task_item_task on task_item (task_id, position, id);

create table task_template (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name jsonb not null,
  created_at timestamptz not null,
  archived_at timestamptz
);
comment on column task_template.name is 'By language; one of the two may be empty, then the other stands for it.';

create table task_template_task (
  id bigint generated always as identity primary key,
  template_id bigint not null references task_template on delete cascade,
  position int not null,
  title jsonb not null,
  note text not null default '',
  team_id bigint references team,
  due_hours int check (due_hours between 0 and 8760),
  mandatory text not null default 'no' check (mandatory in ('yes', 'no')),
  after_position int check (after_position < position),
  items jsonb not null default '[]',
  unique (template_id, position)
);

create table time_entry (
  id bigint generated always as identity primary key,
  version int not null default 1,
  ticket_id bigint not null references ticket on delete cascade,
  task_id bigint references task on delete set null,
  person_id bigint not null references person,
  work_date date not null,
  minutes int not null check (minutes between 1 and 1440),
  counted_minutes int not null check (counted_minutes between 1 and 1455),
  billable text not null check (billable in ('yes', 'no')),
  note text not null default '',
  created_at timestamptz not null,
  changed_at timestamptz not null
);
comment on column time_entry.counted_minutes is 'Rounded to the unit that held when it was written: a new setting changes no old entry.';
create index time_entry_ticket on time_entry (ticket_id, work_date desc, id desc);
create index time_entry_task on time_entry (task_id) where task_id is not null;
create index time_entry_person on time_entry (person_id, work_date desc, id desc);
create index time_entry_date on time_entry (work_date desc, id desc);

-- A person's running and paused clocks; one of them runs at most.
create table timer (
  person_id bigint not null references person,
  ticket_id bigint not null references ticket on delete cascade,
  task_id bigint references task on delete set null,
  seconds int not null default 0,
  running_since timestamptz,
  started_at timestamptz not null,
  primary key (person_id, ticket_id)
);
create unique index timer_running on timer (person_id) where running_since is not null;
create index timer_ticket on timer (ticket_id);

alter table task enable row level security;
alter table task force row level security;
create policy task_scope on task using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = task.ticket_id)))
  with check ((select firstline.is_staff()));
alter table task_item enable row level security;
alter table task_item force row level security;
create policy task_item_scope on task_item using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from task k where k.id = task_item.task_id)))
  with check ((select firstline.is_staff()));
-- One's own time stays one's own, also where the ticket is out of sight by now.
alter table time_entry enable row level security;
alter table time_entry force row level security;
create policy time_entry_scope on time_entry using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or person_id = (select firstline.person())
    or exists (select 1 from ticket t where t.id = time_entry.ticket_id)))
  with check ((select firstline.is_staff()));
alter table timer enable row level security;
alter table timer force row level security;
create policy timer_scope on timer using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or person_id = (select firstline.person())))
  with check ((select firstline.is_staff()));

-- Which reasons there are is told by the contract (notices); here only their form, so that a new one needs no migration.
alter table notice drop constraint notice_reason_check, add constraint notice_reason_check check (reason ~ '^[a-z-]+$');
alter table notice_choice alter column by_mail set default '{assigned,reply,mention,passed,task}',
  alter column by_browser set default '{assigned,team,reply,mention,passed,task}';

-- Names of what a history names by id, as the tickets' timeline shows them; null where there is no such thing any more.
create function firstline.task_names(ids bigint[]) returns table (id bigint, title text) language sql stable
  as $$ select k.id, k.title from task k where k.id = any(ids) $$;
