-- The ticket and its conversation.
create table status (
  id bigint generated always as identity primary key,
  meaning text not null check (meaning in ('new', 'open', 'waiting-requester', 'waiting-vendor', 'waiting-approval',
    'waiting-record', 'scheduled', 'resolved', 'closed', 'cancelled')),
  name jsonb not null,
  position int not null,
  archived_at timestamptz
);

create table category (
  id bigint generated always as identity primary key,
  parent_id bigint references category,
  key text not null unique,
  name jsonb not null,
  position int not null,
  archived_at timestamptz
);

create table mailbox (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  address citext not null unique,
  way text not null default 'smtp' check (way in ('smtp', 'imap', 'microsoft', 'google')),
  team_id bigint references team,
  organisation_id bigint references organisation,
  language text not null default 'en',
  acknowledge text not null default 'on' check (acknowledge in ('on', 'off')),
  wording jsonb not null default '{}',
  signature jsonb not null default '{}',
  connection jsonb not null default '{}',
  secret bytea,
  condition jsonb not null default '{}',
  created_at timestamptz not null,
  proved_at timestamptz,
  archived_at timestamptz
);
comment on column mailbox.wording is 'Changed wordings by kind and language: {"acknowledgement": {"de": "..."}}; absent: the built-in one.';
comment on column mailbox.condition is 'What the watcher last saw: {"state": "watching", "at": ..., "uid": ..., "cause": ...}.';

create table ticket (
  id bigint generated always as identity (start with 1001) primary key,
  version int not null default 1,
  kind text not null check (kind in ('incident', 'request', 'problem', 'change')),
  subject text not null check (subject <> ''),
  status_id bigint not null references status,
  meaning text not null,
  impact smallint not null check (impact between 1 and 3),
  urgency smallint not null check (urgency between 1 and 3),
  priority smallint not null check (priority between 1 and 5),
  initial_priority smallint not null,
  category_id bigint references category,
  channel text not null check (channel in ('mail', 'portal', 'phone', 'counter', 'chat', 'api', 'monitoring')),
  requester_id bigint not null references person,
  on_behalf_of_id bigint references person,
  organisation_id bigint references organisation,
  site_id bigint references site,
  team_id bigint references team,
  assignee_id bigint references person,
  mailbox_id bigint references mailbox,
  language text not null default 'en',
  tags text[] not null default '{}',
  created_by_id bigint references person,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  last_message_id bigint,
  last_message_at timestamptz,
  waiting_since timestamptz,
  first_answered_at timestamptz,
  resolved_at timestamptz,
  resolution_code text,
  resolution text,
  closed_at timestamptz,
  reopened_count int not null default 0,
  passed_count int not null default 0,
  revisit_at timestamptz,
  restricted_at timestamptz,
  merged_into_id bigint references ticket,
  deleted_at timestamptz
);
comment on column ticket.meaning is 'Of the status; kept here by the actions so that lists need no join.';
comment on column ticket.waiting_since is 'Since when somebody waits for us: the oldest unanswered message of the requester''s side.';
comment on column ticket.deleted_at is 'Spam set aside; a job deletes it for good after 30 days, until then it can be taken back.';
comment on column ticket.impact is '1 one person, 2 several, 3 everybody';
comment on column ticket.urgency is '1 can work, 2 with difficulty, 3 cannot work';

create table message (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket,
  at timestamptz not null,
  kind text not null check (kind in ('mail', 'note', 'phone', 'portal', 'api', 'counter', 'chat')),
  direction text not null check (direction in ('in', 'out', 'inside')),
  audience text not null check (audience in ('everyone', 'staff')),
  author_id bigint references person,
  from_name text not null default '',
  from_address text not null default '',
  recipients jsonb not null default '{"to": [], "cc": []}',
  subject text not null default '',
  body text not null,
  visible_body text not null,
  html text,
  automatic text,
  bounce jsonb,
  unverified text,
  inbound_mail_id bigint,
  handoff_to_team_id bigint references team,
  delivery text check (delivery in ('waiting', 'ready', 'sending', 'sent', 'partly', 'failed', 'uncertain', 'withdrawn', 'held')),
  delivery_answer text not null default '',
  undo_until timestamptz,
  withdrawn_at timestamptz
);
comment on column message.delivery is 'How the mail of this message fares; told by the mail feature. Null: nothing is mailed.';
comment on column message.unverified is 'Why we are not sure that the named sender wrote it; null: sure, or not a mail.';
comment on column message.withdrawn_at is 'Undone within the undo time; shown to nobody.';
create index message_ticket on message (ticket_id, id);
create index message_author on message (author_id) where author_id is not null;

create table attachment (
  id bigint generated always as identity primary key,
  message_id bigint references message,
  uploaded_by_id bigint references person,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null references file,
  content_id text,
  shown_inline text not null default 'no' check (shown_inline in ('yes', 'no')),
  created_at timestamptz not null
);
comment on table attachment is 'Without message_id: uploaded for a draft, swept after 24 h.';
create index attachment_message on attachment (message_id);
create index attachment_sha256 on attachment (sha256);

create table ticket_person (
  ticket_id bigint not null references ticket,
  person_id bigint not null references person,
  role text not null check (role in ('cc', 'watcher')),
  since timestamptz not null,
  primary key (ticket_id, person_id, role)
);
create index ticket_person_person on ticket_person (person_id, ticket_id);

create table ticket_restriction (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket,
  person_id bigint references person,
  team_id bigint references team,
  check ((person_id is null) <> (team_id is null)),
  unique nulls not distinct (ticket_id, person_id, team_id)
);

create table ticket_link (
  from_id bigint not null references ticket,
  to_id bigint not null references ticket,
  kind text not null check (kind in ('related', 'duplicate', 'continues')),
  at timestamptz not null,
  primary key (from_id, to_id, kind)
);
create index ticket_link_to on ticket_link (to_id);

create table ticket_read (
  person_id bigint not null references person,
  ticket_id bigint not null references ticket,
  message_id bigint not null,
  at timestamptz not null,
  primary key (person_id, ticket_id)
);

create table draft (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  ticket_id bigint references ticket,
  kind text not null check (kind in ('reply', 'note', 'phone', 'ticket')),
  content jsonb not null,
  changed_at timestamptz not null,
  unique nulls not distinct (person_id, ticket_id, kind)
);

-- The conversation's strip of begun work: which tickets a person has open, in order.
create table open_tab (
  person_id bigint not null references person,
  ticket_id bigint not null references ticket,
  position int not null,
  primary key (person_id, ticket_id)
);

create index ticket_open on ticket (id desc) where meaning not in ('resolved', 'closed', 'cancelled') and deleted_at is null;
create index ticket_team_open on ticket (team_id, id desc) where meaning not in ('resolved', 'closed', 'cancelled') and deleted_at is null;
create index ticket_assignee_open on ticket (assignee_id, id desc) where meaning not in ('resolved', 'closed', 'cancelled') and deleted_at is null;
create index ticket_waiting on ticket (waiting_since, id) where waiting_since is not null and deleted_at is null;
create index ticket_requester on ticket (requester_id, id desc);
create index ticket_behalf on ticket (on_behalf_of_id, id desc) where on_behalf_of_id is not null;
create index ticket_organisation on ticket (organisation_id, id desc);
create index ticket_meaning on ticket (meaning, id desc);
create index ticket_changed on ticket (changed_at desc, id desc);
create index ticket_resolved on ticket (resolved_at) where meaning = 'resolved';
create index ticket_merged on ticket (merged_into_id) where merged_into_id is not null;
create index ticket_deleted on ticket (deleted_at) where deleted_at is not null;

alter table ticket enable row level security;
alter table ticket force row level security;
create policy ticket_scope on ticket using (
  (select firstline.scope()) = 'all'
  or organisation_id = any ((select firstline.organisations())::bigint[])
  or requester_id = (select firstline.person())
  or on_behalf_of_id = (select firstline.person())
  or id in (select tp.ticket_id from ticket_person tp where tp.person_id = (select firstline.person())));
alter table message enable row level security;
alter table message force row level security;
-- with check is the narrower half: a ticket written in the same statement is not visible yet.
create policy message_scope on message using (
  ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = message.ticket_id))
  and ((select firstline.is_staff()) or audience = 'everyone'))
  with check ((select firstline.is_staff()) or audience = 'everyone');

-- Who may hear of a ticket: the live stream filters by it in memory. Definer: it says ids only, to the program only.
create function firstline.ticket_audience(ticket bigint) returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  select jsonb_build_object('o', t.organisation_id, 't', t.team_id, 'x', t.restricted_at is not null or t.deleted_at is not null,
    'p', (select jsonb_agg(distinct x) from unnest(array[t.requester_id, t.on_behalf_of_id] ||
       array(select tp.person_id from ticket_person tp where tp.ticket_id = t.id and tp.role = 'cc')) x where x is not null),
    'rp', (select jsonb_agg(r.person_id) from ticket_restriction r where r.ticket_id = t.id and r.person_id is not null and t.deleted_at is null),
    'rt', (select jsonb_agg(r.team_id) from ticket_restriction r where r.ticket_id = t.id and r.team_id is not null and t.deleted_at is null))
  from ticket t where t.id = ticket
$$;

create function firstline.flush(moment timestamptz, actor bigint, request text, events jsonb, jobs jsonb) returns void
language plpgsql as $$
declare told jsonb;
begin
  if jsonb_array_length(events) > 0 then
    with added as (
      insert into event (at, type, subject_kind, subject_id, ticket_id, organisation_id, actor_id, on_behalf_of_id, rule, request_id, audience, data)
      select moment, e.type, e.subject_kind, e.subject_id, e.ticket_id, e.organisation_id, actor, e.on_behalf_of_id, e.rule, request, e.audience, coalesce(e.data, '{}')
      from jsonb_to_recordset(events) as e (type text, subject_kind text, subject_id bigint, ticket_id bigint, organisation_id bigint,
        on_behalf_of_id bigint, rule text, audience text, data jsonb)
      returning id, type, subject_kind, subject_id, ticket_id, audience, data)
    select jsonb_agg(jsonb_build_object('i', id, 'e', type, 's', subject_kind || ':' || subject_id, 't', ticket_id, 'a', audience,
      'u', data -> 'personId') order by id) into told from added;
    told := jsonb_build_object('by', actor, 'events', told, 'tickets',
      (select jsonb_object_agg(x.id, firstline.ticket_audience(x.id)) from (select distinct (e ->> 't')::bigint as id from jsonb_array_elements(told) e where e ->> 't' is not null) x));
    -- NOTIFY carries at most 8000 bytes: past that every listener is told to look anew.
    perform pg_notify('firstline', case when octet_length(told::text) > 7900 then '{"much": true}' else told::text end);
  end if;
  if jsonb_array_length(jobs) > 0 then perform firstline.add_jobs(jobs); end if;
end $$;

-- Deletes for good what was set aside as spam before that time, 500 at a time; the raw mail's journal line stays.
create function firstline.erase_removed_tickets(before timestamptz) returns int language plpgsql as $$
declare gone bigint[];
begin
  select array_agg(id) into gone from (select id from ticket where deleted_at < before order by deleted_at limit 500) x;
  if gone is null then return 0; end if;
  delete from search_document where ticket_id = any(gone);
  delete from notice where ticket_id = any(gone);
  delete from known_message where ticket_id = any(gone);
  delete from mail_token where ticket_id = any(gone);
  delete from outbound_recipient where outbound_mail_id in (select id from outbound_mail where ticket_id = any(gone));
  delete from outbound_mail where ticket_id = any(gone);
  update inbound_mail set ticket_id = null, created_message_id = null, detail = detail || '{"erased": true}' where ticket_id = any(gone);
  delete from attachment where message_id in (select id from message where ticket_id = any(gone));
  update ticket set last_message_id = null where id = any(gone);
  delete from message where ticket_id = any(gone);
  delete from ticket_person where ticket_id = any(gone);
  delete from ticket_restriction where ticket_id = any(gone);
  delete from ticket_link where from_id = any(gone) or to_id = any(gone);
  delete from ticket_read where ticket_id = any(gone);
  delete from draft where ticket_id = any(gone);
  delete from open_tab where ticket_id = any(gone);
  update ticket set merged_into_id = null where merged_into_id = any(gone);
  delete from ticket where id = any(gone);
  return array_length(gone, 1);
end $$;
