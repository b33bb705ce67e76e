-- What is put together once and used many times, replies that go out later, and tickets that come by calendar.
create table readymade (
  id bigint generated always as identity primary key,
  version int not null default 1,
  kind text not null check (kind in ('macro', 'snippet', 'template', 'model', 'guide')),
  scope text not null check (scope in ('private', 'team', 'everyone')),
  owner_id bigint not null references person,
  team_id bigint references team,
  name jsonb not null,
  folder text not null default '',
  position int not null default 0,
  content jsonb not null,
  category_id bigint references category,
  used_count int not null default 0,
  created_at timestamptz not null,
  archived_at timestamptz,
  switched_off_at timestamptz,
  check ((scope = 'team') = (team_id is not null))
);
comment on column readymade.name is 'By language; one of the two may be empty, then the other stands for it.';
comment on column readymade.category_id is 'Models and guides: the category whose tickets they are meant for.';
comment on column readymade.switched_off_at is 'It refers to something that is no longer there.';
create index readymade_place on readymade (kind, folder, position, id) where archived_at is null;
create index readymade_all on readymade (folder, position, id);
create index readymade_owner on readymade (owner_id);
create index readymade_category on readymade (category_id) where category_id is not null;

-- What it refers to: found again when that is archived.
create table readymade_reference (
  readymade_id bigint not null references readymade on delete cascade,
  kind text not null check (kind in ('team', 'category', 'status', 'person', 'task-template', 'readymade')),
  to_id bigint not null,
  primary key (readymade_id, kind, to_id)
);
create index readymade_reference_to on readymade_reference (kind, to_id);

-- One run of a macro, for its undo.
create table macro_run (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  readymade_id bigint not null references readymade on delete cascade,
  person_id bigint not null references person,
  at timestamptz not null,
  undo_until timestamptz not null,
  message_id bigint,
  before jsonb not null,
  after jsonb not null,
  steps text[] not null,
  undone_at timestamptz
);
create index macro_run_ticket on macro_run (ticket_id);
create index macro_run_readymade on macro_run (readymade_id);

create table scheduled_reply (
  id bigint generated always as identity primary key,
  version int not null default 1,
  ticket_id bigint not null references ticket on delete cascade,
  author_id bigint not null references person,
  body text not null,
  recipients text[],
  copies text[],
  upload_ids bigint[] not null default '{}',
  send_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'dropped', 'cancelled')),
  message_id bigint,
  created_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null))
);
comment on column scheduled_reply.copies is 'Null: who has copies when it goes out.';
create index scheduled_reply_ticket on scheduled_reply (ticket_id) where state = 'waiting';
create index scheduled_reply_all on scheduled_reply (ticket_id);
create index scheduled_reply_due on scheduled_reply (send_at) where state = 'waiting';

-- Uploads that wait for a later message outlive the day after which others are swept.
alter table attachment add column kept_until timestamptz;

create table recurring_ticket (
  id bigint generated always as identity primary key,
  version int not null default 1,
  template_id bigint not null references readymade,
  requester_id bigint not null references person,
  owner_id bigint not null references person,
  calendar jsonb not null,
  time_zone text not null,
  next_date date,
  next_at timestamptz,
  created_at timestamptz not null,
  paused_at timestamptz,
  switched_off_at timestamptz
);
create index recurring_ticket_due on recurring_ticket (next_at, id) where paused_at is null and switched_off_at is null;
create index recurring_ticket_next on recurring_ticket (coalesce(next_at, 'infinity'::timestamptz), id);
create index recurring_ticket_template on recurring_ticket (template_id);

-- The key is the promise: one ticket for a date, whatever number of nodes looks for it.
create table recurring_made (
  recurring_id bigint not null references recurring_ticket on delete cascade,
  due_date date not null,
  due_at timestamptz not null,
  made_at timestamptz not null,
  ticket_id bigint references ticket on delete set null,
  primary key (recurring_id, due_date)
);
create index recurring_made_ticket on recurring_made (ticket_id) where ticket_id is not null;

alter table readymade enable row level security;
alter table readymade force row level security;
create policy readymade_staff on readymade using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table readymade_reference enable row level security;
alter table readymade_reference force row level security;
create policy readymade_reference_staff on readymade_reference using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table macro_run enable row level security;
alter table macro_run force row level security;
create policy macro_run_scope on macro_run using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = macro_run.ticket_id)))
  with check ((select firstline.is_staff()));
alter table scheduled_reply enable row level security;
alter table scheduled_reply force row level security;
create policy scheduled_reply_scope on scheduled_reply using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = scheduled_reply.ticket_id)))
  with check ((select firstline.is_staff()));
alter table recurring_ticket enable row level security;
alter table recurring_ticket force row level security;
create policy recurring_ticket_staff on recurring_ticket using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table recurring_made enable row level security;
alter table recurring_made force row level security;
create policy recurring_made_staff on recurring_made using ((select firstline.is_staff())) with check ((select firstline.is_staff()));

-- One name of what may be written in either language.
create function firstline.said(words jsonb, lang text) returns text language sql immutable
  as $$ select coalesce(nullif(words ->> lang, ''), nullif(words ->> 'en', ''), words ->> 'de') $$;

-- The name of what something ready-made refers to; null when it is no longer there to be used.
create function firstline.readymade_target(kind text, id bigint, lang text) returns text language sql stable as $$
  select case kind
    when 'team' then (select x.name from team x where x.id = $2 and x.archived_at is null)
    when 'category' then (select firstline.said(x.name, lang) from category x where x.id = $2 and x.archived_at is null)
    when 'status' then (select firstline.said(x.name, lang) from status x where x.id = $2 and x.archived_at is null)
    when 'person' then (select x.name from person x where x.id = $2 and x.archived_at is null)
    when 'task-template' then (select firstline.said(x.name, lang) from task_template x where x.id = $2 and x.archived_at is null)
    when 'readymade' then (select firstline.said(x.name, lang) from readymade x where x.id = $2 and x.archived_at is null)
  end
$$;

-- Takes waiting replies of a ticket back: all, one, or those that a message of the requester's side overtook. Definer:
-- whoever writes or closes may be the requester, who never sees that something waits.
create function firstline.drop_scheduled(ticket bigint, moment timestamptz, overtaken_by bigint, one bigint)
returns table (id bigint, ticket_id bigint, author_id bigint, body text, recipients text[], copies text[], upload_ids bigint[], organisation_id bigint)
language sql security definer set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  update scheduled_reply s set state = 'dropped', settled_at = moment from ticket t
  where s.ticket_id = ticket and s.state = 'waiting' and t.id = s.ticket_id and (one is null or s.id = one)
    and (overtaken_by is null or exists (select 1 from message m where m.id = overtaken_by and m.automatic is null and m.bounce is null and m.unverified is null))
  returning s.id, s.ticket_id, s.author_id, s.body, s.recipients, s.copies, s.upload_ids, t.organisation_id
$$;

-- Names of what a history names by id, as the tickets' timeline shows them.
create function firstline.readymade_names(ids bigint[], lang text) returns table (id bigint, name text) language sql stable
  as $$ select r.id, firstline.said(r.name, lang) from readymade r where r.id = any(ids) $$;
