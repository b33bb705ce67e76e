-- Figures: what the history of each ticket says, written once so that a year of it is read in an instant. All of it is
-- derived from tickets, events and messages, ticket by ticket, and may be thrown away: the job writes it anew. What figures
-- are asked by (team, customer, kind ...) stands in it once more: the tickets themselves are wide, and too slow to read by
-- the hundred thousand.
-- What never changes its length stands first: PostgreSQL then finds it at once.
create table ticket_figure (
  ticket_id bigint primary key references ticket on delete cascade,
  created_at timestamptz not null,
  priority int not null,
  reopened int not null default 0,
  answers int not null default 0,
  open_seconds float8 not null default 0,
  held_seconds float8 not null default 0,
  answer_seconds float8,
  resolution_seconds float8,
  organisation_id bigint,
  restricted_at timestamptz,
  first_answer_at timestamptz,
  resolved_at timestamptz,
  first_resolved_at timestamptz,
  deleted_at timestamptz,
  team_id bigint,
  assignee_id bigint,
  was_held text not null default 'no' check (was_held in ('yes', 'no')),
  kind text not null,
  channel text not null,
  left_out text check (left_out in ('merged', 'spam', 'cancelled', 'automatic'))
);
comment on column ticket_figure.resolved_at is 'The last resolution, if it still stands; a ticket that was reopened since has none.';
comment on column ticket_figure.open_seconds is 'How long it was new or in progress; held_seconds: how long it was set aside. Both without the stretch that runs.';
comment on column ticket_figure.answer_seconds is 'From creation to first_answer_at; resolution_seconds: to resolved_at.';
comment on column ticket_figure.left_out is 'Why no figure counts it; null: it counts.';
-- With what is counted for whoever sees everything, and with what says that they do: then the table need not be read.
create index ticket_figure_created on ticket_figure (created_at, ticket_id) include (organisation_id, restricted_at) where left_out is null;
create index ticket_figure_answered on ticket_figure (first_answer_at, ticket_id) include (answer_seconds, organisation_id, restricted_at)
  where first_answer_at is not null and left_out is null;
create index ticket_figure_resolved on ticket_figure (resolved_at, ticket_id) include (resolution_seconds, open_seconds, organisation_id, restricted_at)
  where resolved_at is not null and left_out is null;
create index ticket_figure_left_out on ticket_figure (ticket_id) where left_out is not null;

-- The stretches in which a ticket was not finished. What must stay true: those of one ticket never overlap.
create table ticket_spell (
  ticket_id bigint not null references ticket on delete cascade,
  from_at timestamptz not null,
  until_at timestamptz not null default 'infinity',
  nth int not null,
  priority int not null,
  organisation_id bigint,
  restricted_at timestamptz,
  deleted_at timestamptz,
  team_id bigint,
  assignee_id bigint,
  state text not null check (state in ('open', 'held')),
  kind text not null,
  channel text not null,
  left_out text check (left_out in ('merged', 'spam', 'cancelled', 'automatic')),
  primary key (ticket_id, nth),
  check (from_at <= until_at)
);
create index ticket_spell_from on ticket_spell (from_at, ticket_id) include (state, organisation_id, restricted_at) where left_out is null;
create index ticket_spell_until on ticket_spell (until_at, from_at, ticket_id) include (state, organisation_id, restricted_at) where left_out is null;
create index ticket_spell_left_out on ticket_spell (ticket_id) where left_out is not null;

create table figure_position (
  id int primary key default 1 check (id = 1),
  xid xid8 not null,
  event_id bigint not null,
  filled_to bigint,
  followed_at timestamptz
);
comment on table figure_position is 'The last event that was counted, in (xid, id) order. filled_to: the first count over all tickets is at this one; null: done.';

alter table ticket_figure enable row level security;
alter table ticket_figure force row level security;
create policy ticket_figure_scope on ticket_figure using ((select firstline.is_staff() and firstline.scope() = 'all')
  or ((select firstline.is_staff()) and organisation_id = any ((select firstline.organisations())::bigint[])));
alter table ticket_spell enable row level security;
alter table ticket_spell force row level security;
create policy ticket_spell_scope on ticket_spell using ((select firstline.is_staff() and firstline.scope() = 'all')
  or ((select firstline.is_staff()) and organisation_id = any ((select firstline.organisations())::bigint[])));
