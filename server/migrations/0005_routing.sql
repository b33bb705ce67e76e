-- Rules that send a new ticket to a team, and what people are told of.
create table routing_rule (
  id bigint generated always as identity primary key,
  version int not null default 1,
  position int not null,
  name text not null check (name <> ''),
  mailbox_id bigint references mailbox,
  category_id bigint references category,
  organisation_id bigint references organisation,
  words text[] not null default '{}',
  team_id bigint not null references team,
  switched_off_at timestamptz,
  created_at timestamptz not null
);

-- The bell.
create table notice (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  at timestamptz not null,
  reason text not null check (reason in ('assigned', 'team', 'reply', 'mention', 'passed', 'undelivered', 'system')),
  ticket_id bigint references ticket,
  message_id bigint references message,
  actor_id bigint references person,
  read_at timestamptz,
  mailed_at timestamptz
);
create index notice_person on notice (person_id, id desc);
create index notice_unread on notice (person_id) where read_at is null;

create table notice_choice (
  person_id bigint primary key references person,
  by_mail text[] not null default '{assigned,reply,mention,passed}',
  by_browser text[] not null default '{assigned,team,reply,mention,passed}'
);
