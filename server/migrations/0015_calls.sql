-- On the phone: by which numbers and addresses people are known and since when, whether a caller was verified, calls, call-backs.

-- Digits to E.164 by the country's plan: {"code": "49", "trunk": "0", "international": "00"}. Short ones are extensions and stay.
create function firstline.e164(raw text, plan jsonb) returns text language sql immutable as $$
  with clean as (select regexp_replace(regexp_replace(coalesce(raw, ''), '\(0\)', ''), '[^0-9+]', '', 'g') as n),
  turned as (select case
      when n like '+%' then '+' || replace(n, '+', '')
      when n like (plan ->> 'international') || '%' and length(n) > 6 then '+' || substr(n, length(plan ->> 'international') + 1)
      when length(n) <= 5 then n
      when plan ->> 'trunk' <> '' and n like (plan ->> 'trunk') || '%' then '+' || (plan ->> 'code') || substr(n, length(plan ->> 'trunk') + 1)
      else '+' || (plan ->> 'code') || n end as n from clean)
  select case when n ~ '^(\+[1-9][0-9]{5,14}|[0-9]{2,5})$' then n end from turned
$$;
create function firstline.dial_plan() returns jsonb language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select value -> 'plan' from setting where name = 'telephone'),
    case (select value ->> 'language' from setting where name = 'company') when 'de' then '{"code": "49", "trunk": "0", "international": "00"}'::jsonb
      else '{"code": "44", "trunk": "0", "international": "00"}'::jsonb end)
$$;

create table contact_point (
  person_id bigint not null references person on delete cascade,
  kind text not null check (kind in ('mail', 'mobile', 'phone')),
  value text not null,
  since timestamptz,
  primary key (person_id, kind, value)
);
comment on table contact_point is 'By what a person is reached, kept by a trigger so that no way round it exists. since: null until the change has told its moment.';
create index contact_point_value on contact_point (value);
create index contact_point_undated on contact_point (person_id) where since is null;

create function firstline.keep_contact_points() returns trigger language plpgsql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
declare known timestamptz := case when tg_op = 'INSERT' then new.created_at end;
begin
  with wanted as (
    select 'mail' as kind, lower(new.email::text) as value where new.email is not null
    union select case when x ->> 'kind' = 'mobile' then 'mobile' else 'phone' end, firstline.e164(x ->> 'number', firstline.dial_plan())
      from jsonb_array_elements(new.phones) x where firstline.e164(x ->> 'number', firstline.dial_plan()) is not null),
  gone as (delete from contact_point c where c.person_id = new.id and not exists (select 1 from wanted w where w.kind = c.kind and w.value = c.value))
  insert into contact_point (person_id, kind, value, since) select new.id, w.kind, w.value, known from wanted w on conflict do nothing;
  return null;
end $$;
create trigger person_contact_points after insert or update of email, phones on person for each row execute function firstline.keep_contact_points();

-- After another country was chosen: what stays the same keeps its age, what only reads differently takes it over, what is new begins now.
create function firstline.renumber_people() returns void language sql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  with wanted as (select distinct p.id, case when x ->> 'kind' = 'mobile' then 'mobile' else 'phone' end as kind, firstline.e164(x ->> 'number', plan) as value
      from person p, (select firstline.dial_plan() as plan) d, jsonb_array_elements(p.phones) x),
  gone as (delete from contact_point c where c.kind <> 'mail'
    and not exists (select 1 from wanted w where w.id = c.person_id and w.kind = c.kind and w.value = c.value)
    returning c.person_id, c.since)
  insert into contact_point (person_id, kind, value, since)
    select w.id, w.kind, w.value, coalesce((select max(g.since) from gone g where g.person_id = w.id), now()) from wanted w where w.value is not null on conflict do nothing
$$;

set local firstline.scope = 'all';
set local firstline.staff = 'on';
insert into contact_point (person_id, kind, value, since)
  select id, 'mail', lower(email::text), created_at from person where email is not null
  union select p.id, case when x ->> 'kind' = 'mobile' then 'mobile' else 'phone' end, firstline.e164(x ->> 'number', firstline.dial_plan()), p.created_at
    from person p, jsonb_array_elements(p.phones) x where firstline.e164(x ->> 'number', firstline.dial_plan()) is not null
  on conflict do nothing;

alter table category add column verify text not null default 'no' check (verify in ('yes', 'no'));
comment on column category.verify is 'Yes: who asks is verified before such a ticket is answered or resolved.';
insert into category (parent_id, key, name, position)
  select id, 'data.bank', '{"en": "Bank details", "de": "Bankverbindung"}', 4 from category where key = 'data' on conflict (key) do nothing;
update category set verify = 'yes' where key in ('access.password', 'access.second-factor', 'data.bank');

create table verification (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  person_id bigint not null references person,
  method text not null check (method in ('mail', 'sms', 'manager', 'waived')),
  state text not null check (state in ('pending', 'verified', 'failed', 'refused', 'expired')),
  target text not null default '',
  reason text not null default '',
  code_hash bytea,
  token_hash bytea unique,
  tries int not null default 0,
  manager_id bigint references person,
  created_at timestamptz not null,
  created_by_id bigint references person,
  expires_at timestamptz,
  settled_at timestamptz
);
comment on column verification.target is 'Where the code went, masked: a whole address stands with its person only.';
create index verification_ticket on verification (ticket_id, id);
create index verification_person on verification (person_id, created_at desc);
create index verification_agent on verification (created_by_id, created_at desc);

create table sms_gateway (
  id int primary key check (id = 1),
  base_url text not null,
  account text not null,
  sender text not null,
  secret bytea not null,
  changed_at timestamptz not null
);

create table extension (
  person_id bigint primary key references person on delete cascade,
  number text not null unique check (number ~ '^[0-9+]{2,16}$')
);

create table phone_system (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  key_hash bytea not null unique,
  created_at timestamptz not null,
  rotated_at timestamptz,
  heard_at timestamptz,
  archived_at timestamptz
);

create table call (
  id bigint generated always as identity primary key,
  phone_system_id bigint references phone_system,
  external_id text,
  direction text not null check (direction in ('in', 'out')),
  state text not null check (state in ('ringing', 'answered', 'ended', 'missed')),
  number text,
  dialled text not null default '',
  queue text not null default '',
  cause text not null default '',
  person_id bigint references person,
  agent_id bigint references person,
  ticket_id bigint references ticket on delete set null,
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  settled_at timestamptz,
  settled_by_id bigint references person,
  ending text check (ending in ('solve', 'send', 'keep', 'add')),
  unique (phone_system_id, external_id)
);
comment on column call.number is 'The other side in E.164, or a short extension; null: withheld.';
comment on column call.settled_at is 'Logged on a ticket, or a missed one that was seen to.';
create index call_started on call (started_at desc, id desc);
create index call_missed on call (started_at desc, id desc) where state = 'missed' and settled_at is null;
create index call_agent on call (agent_id, started_at desc, id desc);
create index call_ticket on call (ticket_id) where ticket_id is not null;
create index call_number on call (number, started_at desc) where number is not null;
create index call_person on call (person_id) where person_id is not null;

create table call_back (
  id bigint generated always as identity primary key,
  version int not null default 1,
  ticket_id bigint not null references ticket on delete cascade,
  person_id bigint not null references person,
  method text not null check (method in ('phone', 'mobile', 'video', 'mail')),
  number text not null default '',
  from_at timestamptz not null,
  until_at timestamptz,
  note text not null default '',
  assignee_id bigint references person,
  state text not null default 'open' check (state in ('open', 'reached', 'dropped')),
  tries int not null default 0,
  rung_at timestamptz,
  created_at timestamptz not null,
  created_by_id bigint references person,
  settled_at timestamptz,
  settled_by_id bigint references person,
  check (until_at is null or until_at > from_at),
  check ((state = 'open') = (settled_at is null))
);
create index call_back_due on call_back (from_at, id) where state = 'open';
create index call_back_mine on call_back (assignee_id, from_at, id) where state = 'open';
create index call_back_unrung on call_back (from_at) where state = 'open' and rung_at is null;
create index call_back_ticket on call_back (ticket_id, id);

alter table contact_point enable row level security;
alter table contact_point force row level security;
create policy contact_point_scope on contact_point using ((select firstline.scope()) = 'all' or exists (select 1 from person p where p.id = contact_point.person_id));
alter table verification enable row level security;
alter table verification force row level security;
create policy verification_scope on verification using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = verification.ticket_id)))
  with check ((select firstline.is_staff()));
alter table call_back enable row level security;
alter table call_back force row level security;
create policy call_back_scope on call_back using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = call_back.ticket_id)))
  with check ((select firstline.is_staff()));
alter table call enable row level security;
alter table call force row level security;
create policy call_scope on call using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or agent_id = (select firstline.person())
    or exists (select 1 from person p where p.id = call.person_id and not exists (
      select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator')))))
  with check ((select firstline.is_staff()));
alter table phone_system enable row level security;
alter table phone_system force row level security;
create policy phone_system_staff on phone_system using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table sms_gateway enable row level security;
alter table sms_gateway force row level security;
create policy sms_gateway_staff on sms_gateway using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table extension enable row level security;
alter table extension force row level security;
create policy extension_staff on extension using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
