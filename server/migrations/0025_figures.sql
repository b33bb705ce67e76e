-- Figures: what the history of each ticket says, written once so that a month of it is read in an instant. All of it is
-- derived from events and messages, ticket by ticket, and may be thrown away: the job writes it anew.
create table ticket_figure (
  ticket_id bigint primary key references ticket on delete cascade,
  created_at timestamptz not null,
  first_answer_at timestamptz,
  answers int not null default 0,
  first_resolved_at timestamptz,
  resolved_at timestamptz,
  open_seconds float8 not null default 0,
  held_seconds float8 not null default 0,
  reopened int not null default 0,
  was_held text not null default 'no' check (was_held in ('yes', 'no'))
);
comment on column ticket_figure.resolved_at is 'The last resolution, if it still stands; a ticket that was reopened since has none.';
comment on column ticket_figure.open_seconds is 'How long it was new or in progress; held_seconds: how long it was set aside. Both without the stretch that runs.';
create index ticket_figure_created on ticket_figure (created_at, ticket_id);
create index ticket_figure_answered on ticket_figure (first_answer_at, ticket_id) where first_answer_at is not null;
create index ticket_figure_resolved on ticket_figure (resolved_at, ticket_id) where resolved_at is not null;

-- The stretches in which a ticket was not finished. What must stay true: those of one ticket never overlap.
create table ticket_spell (
  ticket_id bigint not null references ticket on delete cascade,
  nth int not null,
  state text not null check (state in ('open', 'held')),
  from_at timestamptz not null,
  until_at timestamptz not null default 'infinity',
  primary key (ticket_id, nth),
  check (from_at <= until_at)
);
create index ticket_spell_from on ticket_spell (from_at, ticket_id) include (state);
create index ticket_spell_until on ticket_spell (until_at, from_at, ticket_id) include (state);

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
create policy ticket_figure_scope on ticket_figure using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = ticket_figure.ticket_id)));
alter table ticket_spell enable row level security;
alter table ticket_spell force row level security;
create policy ticket_spell_scope on ticket_spell using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = ticket_spell.ticket_id)));
