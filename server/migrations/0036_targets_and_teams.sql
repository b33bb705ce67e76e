-- Figures of service levels and of teams: which targets were kept, how long a missed one stayed open, through how many hands a
-- ticket went, and which team had it for how much of the working time. Derived like the rows that figures had before, ticket by
-- ticket, and like them written anew when the position is deleted, as it is here.
alter table ticket_figure
  add column contacts int not null default 0,
  add column replies int not null default 0,
  add column moves int not null default 0,
  add column functional int not null default 0,
  add column hierarchical int not null default 0,
  add column resolved_team_id bigint,
  add column needed text check (needed in ('visit', 'approval', 'vendor')),
  add column team_ids bigint[] not null default '{}';
comment on column ticket_figure.contacts is 'How often the requester wrote or called until the last resolution, the opening included.';
comment on column ticket_figure.replies is 'What people of ours wrote to the requester until then; that a resolution was told is none.';
comment on column ticket_figure.moves is 'From one team to another, until the last resolution; being given a first team is none.';
comment on column ticket_figure.resolved_team_id is 'The team that had it at the last resolution; of an open one, that has it.';
comment on column ticket_figure.needed is 'Why no first contact could have settled it; null: one could.';
create index ticket_figure_passed on ticket_figure (ticket_id) where moves >= 4 and resolved_at is null and left_out is null;

-- Of each ticket and target of a customer's agreement what came of it, once no clock of it runs any more.
create table ticket_target (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  ended_at timestamptz not null,
  used_seconds float8 not null,
  paused_seconds float8 not null,
  agreement_id bigint not null references agreement,
  cause_id bigint references breach_cause,
  priority int not null,
  organisation_id bigint,
  restricted_at timestamptz,
  deleted_at timestamptz,
  team_id bigint,
  assignee_id bigint,
  target text not null,
  state text not null check (state in ('met', 'missed')),
  kind text not null,
  channel text not null,
  left_out text check (left_out in ('merged', 'spam', 'cancelled', 'automatic')),
  unique (ticket_id, target)
);
comment on column ticket_target.state is 'missed: any of its clocks was; a ticket counts once for each target.';
comment on column ticket_target.used_seconds is 'Working time of the last clock; paused_seconds: working time in which it paused.';
create index ticket_target_ended on ticket_target (ended_at, ticket_id) include (target, state, used_seconds, paused_seconds, organisation_id, restricted_at) where left_out is null;
create index ticket_target_left_out on ticket_target (ticket_id) where left_out is not null;

-- The stretches in which a target was missed and still open. What must stay true: those of one ticket and target never overlap.
create table ticket_breach (
  ticket_id bigint not null references ticket on delete cascade,
  from_at timestamptz not null,
  until_at timestamptz not null,
  nth int not null,
  priority int not null,
  organisation_id bigint,
  restricted_at timestamptz,
  deleted_at timestamptz,
  team_id bigint,
  assignee_id bigint,
  target text not null,
  kind text not null,
  channel text not null,
  left_out text check (left_out in ('merged', 'spam', 'cancelled', 'automatic')),
  primary key (ticket_id, target, nth),
  check (from_at < until_at)
);
comment on column ticket_breach.target is 'any: of one target or several, as one stretch.';
create index ticket_breach_from on ticket_breach (target, from_at, ticket_id) where left_out is null;
create index ticket_breach_until on ticket_breach (target, until_at, from_at, ticket_id) where left_out is null;
create index ticket_breach_left_out on ticket_breach (ticket_id) where left_out is not null;

-- Of each resolved ticket with a promise which team had it for how much of the working time.
create table ticket_holding (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  resolved_at timestamptz not null,
  seconds float8 not null,
  holder_id bigint not null references team,
  priority int not null,
  organisation_id bigint,
  restricted_at timestamptz,
  deleted_at timestamptz,
  team_id bigint,
  assignee_id bigint,
  kind text not null,
  channel text not null,
  left_out text check (left_out in ('merged', 'spam', 'cancelled', 'automatic')),
  unique (ticket_id, holder_id)
);
create index ticket_holding_resolved on ticket_holding (resolved_at, ticket_id) include (seconds, holder_id, organisation_id, restricted_at)
  where left_out is null;
create index ticket_holding_left_out on ticket_holding (ticket_id) where left_out is not null;

alter table figure_position add column open_to bigint;
comment on column figure_position.open_to is 'Agreements or calendars changed: open tickets are counted once more, up to this one so far; null: done.';

do $$ declare name text;
begin
  foreach name in array array['ticket_target', 'ticket_breach', 'ticket_holding'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($p$create policy %I on %I using ((select firstline.is_staff() and firstline.scope() = 'all')
      or ((select firstline.is_staff()) and organisation_id = any ((select firstline.organisations())::bigint[])))$p$, name || '_scope', name);
  end loop;
end $$;

truncate ticket_spell, ticket_figure;
delete from figure_position;
