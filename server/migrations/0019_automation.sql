-- Rules: when something happens or a time has passed, if this holds, then do that; and a log of what they did.
create table automation_rule (
  id bigint generated always as identity primary key,
  version int not null default 1,
  position int not null,
  name text not null check (name <> ''),
  owner_id bigint not null references person,
  occasion jsonb not null,
  types text[] not null default '{}',
  query jsonb not null,
  actions jsonb not null,
  created_at timestamptz not null,
  active_since timestamptz not null,
  switched_off_at timestamptz,
  switched_off_why text check (switched_off_why in ('hand', 'broken', 'loop', 'changed')),
  archived_at timestamptz,
  check ((switched_off_at is null) = (switched_off_why is null))
);
comment on column automation_rule.types is 'The event types that it waits for; none: it waits for a time.';
comment on column automation_rule.active_since is 'A rule that waits for a time does not reach back behind the moment when it was switched on.';
create index automation_rule_order on automation_rule (position, id) where archived_at is null;
create index automation_rule_owner on automation_rule (owner_id);

-- What it refers to: found again when that is archived.
create table automation_reference (
  rule_id bigint not null references automation_rule on delete cascade,
  kind text not null,
  to_id bigint not null,
  primary key (rule_id, kind, to_id)
);
create index automation_reference_to on automation_reference (kind, to_id);

-- Each time a rule held for a ticket. The unique keys are the promise: once for a chain of causes, once for a point in time.
create table automation_run (
  id bigint generated always as identity primary key,
  rule_id bigint not null references automation_rule on delete cascade,
  ticket_id bigint not null references ticket on delete cascade,
  at timestamptz not null,
  chain text,
  anchor text,
  outcome text not null check (outcome in ('done', 'nothing', 'failed')),
  steps jsonb not null default '[]',
  steps_done int not null default 0,
  cause text,
  retried_at timestamptz,
  check ((chain is null) <> (anchor is null))
);
create unique index automation_run_chain on automation_run (ticket_id, rule_id, chain) where chain is not null;
create unique index automation_run_anchor on automation_run (ticket_id, rule_id, anchor) where anchor is not null;
create index automation_run_log on automation_run (rule_id, id desc);
create index automation_run_ticket on automation_run (ticket_id, at);
create index automation_run_at on automation_run (at);

-- Each minute a rule that waits for a time asks for one week of one of these times, a year back at most. Those of the last
-- change and of whoever waits have theirs.
create index ticket_created on ticket (created_at);
create index ticket_last_message on ticket (last_message_at) where last_message_at is not null;
create index ticket_resolved_at on ticket (resolved_at) where resolved_at is not null;

alter table automation_rule enable row level security;
alter table automation_rule force row level security;
create policy automation_rule_staff on automation_rule using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table automation_reference enable row level security;
alter table automation_reference force row level security;
create policy automation_reference_staff on automation_reference using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table automation_run enable row level security;
alter table automation_run force row level security;
create policy automation_run_scope on automation_run using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = automation_run.ticket_id)))
  with check ((select firstline.is_staff()));

-- What any rule waits for. Definer: whoever writes may be the requester, who sees no rules.
create function firstline.automation_types() returns text[] language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
  as $$ select coalesce(array_agg(distinct x), '{}') from automation_rule r, unnest(r.types) x where r.switched_off_at is null and r.archived_at is null $$;

-- The name of what a rule refers to; null when it is no longer there to be used.
create function firstline.automation_target(kind text, id bigint, lang text) returns text language plpgsql stable as $$
begin
  return case kind
    when 'webhook' then (select x.name from webhook x where x.id = $2 and x.archived_at is null)
    when 'organisation' then (select x.name from organisation x where x.id = $2 and x.archived_at is null)
    when 'site' then (select x.name from site x where x.id = $2 and x.archived_at is null)
    when 'readymade' then (select firstline.said(x.name, lang) from readymade x where x.id = $2 and x.archived_at is null and x.switched_off_at is null)
    else firstline.readymade_target(kind, $2, lang)
  end;
end $$;
