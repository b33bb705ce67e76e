-- Somebody is woken: who is rung in which order, by which ways, and every try with what became of it.
create table paging_policy (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  urgency text not null default 'high' check (urgency in ('high', 'low')),
  steps jsonb not null,
  loops int not null default 1 check (loops between 0 and 9),
  acknowledged_minutes int check (acknowledged_minutes between 5 and 1440),
  catch_all_id bigint references person,
  runbook text not null default '',
  hotline text not null default '',
  created_at timestamptz not null,
  archived_at timestamptz
);
comment on column paging_policy.steps is '[{"targets": [{"kind": "rota"|"person"|"leads", "id"}], "wait": minutes, "repeat": n, "mode": "all"|"in-turn"}]';
comment on column paging_policy.acknowledged_minutes is 'After so long an acknowledged page rings again; null: never.';
comment on column paging_policy.catch_all_id is 'Whom nobody else can be reached falls to; null: the administrators.';
create unique index paging_policy_name on paging_policy (firstline.plain(name)) where archived_at is null;
create index paging_policy_catch_all on paging_policy (catch_all_id) where catch_all_id is not null;

create table paging_policy_team (
  team_id bigint primary key references team,
  policy_id bigint not null references paging_policy
);
create index paging_policy_team_policy on paging_policy_team (policy_id);

-- Whose turn it is where a step rings one after another.
create table paging_turn (
  policy_id bigint not null references paging_policy,
  step int not null,
  turn int not null default 0,
  primary key (policy_id, step)
);

create table paging_rule (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  query jsonb not null,
  policy_id bigint references paging_policy,
  position int not null default 0,
  switched_off_at timestamptz,
  created_at timestamptz not null,
  archived_at timestamptz
);
comment on column paging_rule.policy_id is 'Null: the policy of the team that has the ticket.';
create index paging_rule_policy on paging_rule (policy_id) where policy_id is not null;

create table paging_channel (
  id bigint generated always as identity primary key,
  version int not null default 1,
  person_id bigint not null references person on delete cascade,
  kind text not null check (kind in ('mail', 'push', 'sms', 'webhook')),
  format text check (format in ('ntfy', 'slack', 'teams', 'matrix')),
  shown text not null,
  address bytea,
  address_hash bytea not null,
  high_after int check (high_after between 0 and 120),
  low_after int check (low_after between 0 and 120),
  created_at timestamptz not null,
  proved_at timestamptz,
  gone_at timestamptz,
  check ((kind = 'webhook') = (format is not null)),
  unique (person_id, kind, address_hash)
);
comment on column paging_channel.address is 'Sealed: a number, or a secret address. Null: the person''s own mail address; or brought in from another desk, and to be entered anew.';
comment on column paging_channel.high_after is 'Minutes after the person is rung; null: not for urgent pages.';
comment on column paging_channel.gone_at is 'Its push service said that it is no longer there.';

create table page (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  parent_id bigint references page on delete cascade,
  policy_id bigint references paging_policy,
  rule_id bigint references paging_rule,
  by_id bigint references person,
  why text not null check (why in ('hand', 'rule', 'target', 'alert', 'help')),
  note text not null default '',
  urgency text not null check (urgency in ('high', 'low')),
  steps jsonb not null,
  loops int not null,
  acknowledged_minutes int,
  catch_all_id bigint references person,
  state text not null default 'ringing' check (state in ('ringing', 'acknowledged', 'ended')),
  ended_why text check (ended_why in ('done', 'resolved', 'closed', 'merged', 'removed', 'handed', 'unanswered')),
  episode int not null default 0,
  step int not null default 0,
  loop int not null default 0,
  round int not null default 0,
  fence int not null default 0,
  next_at timestamptz,
  wait_minutes int not null default 0,
  began_at timestamptz not null,
  first_rung_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by_id bigint references person,
  acknowledged_via text check (acknowledged_via in ('link', 'mail', 'sms', 'app', 'ticket')),
  unreached_at timestamptz,
  ended_at timestamptz,
  check ((state = 'ended') = (ended_at is not null)),
  check (state <> 'ended' or next_at is null)
);
comment on column page.steps is 'As the policy stood when it began: whoever changes the policy changes no page that rings.';
comment on column page.step is 'With loop and round: what is rung next. Past the last step it is the catch-all.';
comment on column page.episode is 'Raised when an acknowledged page rings again.';
comment on column page.fence is 'Raised by each advance: who read an older one has nothing to write.';
create unique index page_one_on_ticket on page (ticket_id) where state <> 'ended' and parent_id is null;
create index page_ticket on page (ticket_id, id desc);
create index page_due on page (next_at) where next_at is not null;
create index page_parent on page (parent_id) where parent_id is not null;
create index page_open on page (id desc) where state <> 'ended';
create index page_policy on page (policy_id) where policy_id is not null;
create index page_rule on page (rule_id, ticket_id) where rule_id is not null;

create table page_ring (
  id bigint generated always as identity primary key,
  page_id bigint not null references page on delete cascade,
  episode int not null,
  step int not null,
  loop int not null,
  round int not null,
  at timestamptz not null,
  person_id bigint references person,
  target text not null,
  nobody_why text check (nobody_why in ('nobody-on-call', 'gone', 'no-channel', 'no-lead')),
  check (coalesce(nobody_why = 'no-channel', false) or (person_id is null) = (nobody_why is not null))
);
comment on table page_ring is 'One person rung once; or why a target stood for nobody.';
create unique index page_ring_once on page_ring (page_id, episode, step, loop, round, person_id) where person_id is not null;
create index page_ring_person on page_ring (person_id, at desc) where person_id is not null;
create index page_ring_page on page_ring (page_id, id);

create table page_message (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  kind text not null,
  channel_id bigint references paging_channel on delete set null,
  at timestamptz not null,
  pages int not null,
  state text not null check (state in ('sending', 'sent', 'failed')),
  key text not null unique,
  token bytea,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  used text[] not null default '{}',
  code text not null default '',
  provider_id text,
  fence int not null default 1,
  claimed_at timestamptz not null
);
comment on table page_message is 'What went out at once to one person by one way: one page, or many of the same moment.';
comment on column page_message.token is 'Sealed while it may be sent again; then null.';
create index page_message_way on page_message (person_id, kind, channel_id, at desc);
create index page_message_provider on page_message (provider_id) where provider_id is not null;
create index page_message_sending on page_message (claimed_at) where state = 'sending';

create table page_attempt (
  id bigint generated always as identity primary key,
  ring_id bigint not null references page_ring on delete cascade,
  page_id bigint not null references page on delete cascade,
  person_id bigint not null references person,
  place int not null,
  kind text not null check (kind in ('mail', 'push', 'sms', 'webhook')),
  channel_id bigint references paging_channel on delete set null,
  message_id bigint references page_message on delete set null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'delivered', 'failed', 'dropped')),
  due_at timestamptz not null,
  tried_at timestamptz,
  delivered_at timestamptz,
  acknowledged_at timestamptz,
  cause text not null default '',
  unique (ring_id, place)
);
comment on column page_attempt.state is 'sent: its provider took it. delivered: it says that it arrived. dropped: no longer needed before its time came.';
create index page_attempt_page on page_attempt (page_id, id);
create index page_attempt_due on page_attempt (due_at) where state = 'waiting';
create index page_attempt_way on page_attempt (person_id, kind, channel_id) where state = 'waiting';
create index page_attempt_message on page_attempt (message_id) where message_id is not null;
create index page_attempt_channel on page_attempt (channel_id) where channel_id is not null;

create table paging_desk (
  id int primary key check (id = 1),
  beat_at timestamptz,
  silent_told_at timestamptz,
  outside_at timestamptz,
  outside_answer text not null default '',
  vapid_public text,
  vapid bytea
);
comment on table paging_desk is 'The pager''s own state: when it last ran, when the outside was told so, and the keys by which browsers know us (RFC 8292).';
insert into paging_desk (id) values (1);

alter table outbound_mail add column page_message_id bigint references page_message on delete set null;
create index outbound_mail_page on outbound_mail (page_message_id) where page_message_id is not null;

alter table paging_policy enable row level security;
alter table paging_policy force row level security;
create policy paging_policy_staff on paging_policy using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table paging_rule enable row level security;
alter table paging_rule force row level security;
create policy paging_rule_staff on paging_rule using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table paging_channel enable row level security;
alter table paging_channel force row level security;
create policy paging_channel_own on paging_channel using ((select firstline.scope()) = 'all' or person_id = (select firstline.person()));
alter table page enable row level security;
alter table page force row level security;
create policy page_scope on page using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = page.ticket_id)));
alter table page_ring enable row level security;
alter table page_ring force row level security;
create policy page_ring_scope on page_ring using ((select firstline.is_staff()) and exists (select 1 from page p where p.id = page_ring.page_id));
alter table page_attempt enable row level security;
alter table page_attempt force row level security;
create policy page_attempt_scope on page_attempt using ((select firstline.is_staff()) and exists (select 1 from page p where p.id = page_attempt.page_id));
alter table page_message enable row level security;
alter table page_message force row level security;
create policy page_message_own on page_message using ((select firstline.scope()) = 'all' or person_id = (select firstline.person()));

-- Whether any rule may page. Definer: whoever writes may be the requester, who sees no rules.
create function firstline.paging_rules() returns int language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
  as $$ select count(*)::int from paging_rule where archived_at is null and switched_off_at is null $$;

-- What a change of the ticket does to its pages. Definer: a requester who closes their ticket ends them, and sees none.
-- `of_team`: only those whose policy is not that team's.
create function firstline.end_pages(of_ticket bigint, because text, moment timestamptz, of_team bigint) returns setof bigint language sql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  with gone as (update page p set state = 'ended', ended_why = because, ended_at = moment, next_at = null, fence = fence + 1
      where p.ticket_id = of_ticket and p.state <> 'ended' and (of_team is null or (p.policy_id is not null and p.parent_id is null
        and not exists (select 1 from paging_policy_team x where x.team_id = of_team and x.policy_id = p.policy_id))) returning id),
    left_over as (update page_attempt a set state = 'dropped' from gone where a.page_id = gone.id and a.state = 'waiting' returning 1)
  select id from gone
$$;
