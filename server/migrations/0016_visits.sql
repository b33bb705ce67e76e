-- Somebody goes there: the visits of a ticket, what each took, and the reports that were signed.
create table visit (
  id bigint generated always as identity primary key,
  version int not null default 1,
  ticket_id bigint not null references ticket on delete cascade,
  merged_from_id bigint,
  site_id bigint references site,
  address text not null default '',
  access_note text not null default '',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  time_zone text not null,
  purpose text not null check (purpose <> ''),
  contact_name text not null default '',
  contact_phone text not null default '',
  contact_email text not null default '',
  state text not null default 'planned' check (state in ('planned', 'on-the-way', 'there', 'done', 'cancelled', 'not-met')),
  reason text not null default '',
  declined_at timestamptz,
  declined_text text not null default '',
  summary text not null default '',
  invited text not null default 'no' check (invited in ('yes', 'no')),
  calendar_uid text not null unique,
  calendar_sequence int not null default 0,
  created_at timestamptz not null,
  created_by_id bigint references person,
  changed_at timestamptz not null,
  check (ends_at > starts_at)
);
comment on column visit.merged_from_id is 'The ticket at which it was at home before a merge.';
comment on column visit.invited is 'Whether the requester was sent an invitation, and so hears of changes.';
comment on column visit.calendar_sequence is 'RFC 5545, 3.8.7.4: each change of the time raises it, or calendars keep the old one.';
create index visit_ticket on visit (ticket_id, starts_at);
create index visit_starts on visit (starts_at, id);

create table visit_person (
  visit_id bigint not null references visit on delete cascade,
  person_id bigint not null references person,
  -- As in visit: the lists and the clashes of a person are read by time, from this table alone.
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  taken text not null default 'yes' check (taken in ('yes', 'no')),
  primary key (visit_id, person_id)
);
comment on column visit_person.taken is 'No: it was cancelled, or nobody was met, and the time is free again.';
create index visit_person_starts on visit_person (person_id, starts_at, visit_id);

create table visit_step (
  id bigint generated always as identity primary key,
  visit_id bigint not null references visit on delete cascade,
  state text not null,
  at timestamptz not null,
  by_id bigint references person
);
create index visit_step_visit on visit_step (visit_id, id);

create table visit_work (
  visit_id bigint not null references visit on delete cascade,
  person_id bigint not null references person,
  work_minutes int not null check (work_minutes between 0 and 1440),
  travel_minutes int not null check (travel_minutes between 0 and 1440),
  kilometres int not null check (kilometres between 0 and 5000),
  time_entry_id bigint references time_entry on delete set null,
  primary key (visit_id, person_id)
);
create index visit_work_entry on visit_work (time_entry_id) where time_entry_id is not null;

create table visit_part (
  id bigint generated always as identity primary key,
  visit_id bigint not null references visit on delete cascade,
  position int not null,
  name text not null check (name <> ''),
  number text not null default '',
  quantity numeric(12, 3) not null check (quantity > 0),
  serial text not null default '',
  price_cents bigint check (price_cents >= 0)
);
create index visit_part_visit on visit_part (visit_id, position);

create table visit_report (
  id bigint generated always as identity primary key,
  visit_id bigint not null references visit on delete cascade,
  number int not null,
  -- All that was on the paper that was signed: what is changed afterwards changes nothing of it.
  facts jsonb not null,
  summary text not null,
  signer text not null check (signer <> ''),
  how text not null check (how in ('drawn', 'typed')),
  signature bytea,
  signed_at timestamptz not null,
  made_by_id bigint references person,
  unique (visit_id, number),
  check ((how = 'drawn') = (signature is not null))
);
create function firstline.refuse_report_change() returns trigger language plpgsql as $$
begin
  raise exception 'A signed report is never changed; make a new one.';
end $$;
create trigger visit_report_stays before update on visit_report for each row execute function firstline.refuse_report_change();

create table calendar_link (
  person_id bigint primary key references person,
  token_hash bytea not null unique,
  made_at timestamptz not null,
  used_at timestamptz
);

alter table outbound_mail add column calendar jsonb, add column enclosed jsonb not null default '[]';
comment on column outbound_mail.calendar is 'An invitation: {"method": "REQUEST", "text": "BEGIN:VCALENDAR..."}.';
comment on column outbound_mail.enclosed is 'Small files made for this mail alone: [{"name", "mediaType", "base64"}].';
alter table outbound_mail drop constraint outbound_mail_kind_check, add constraint outbound_mail_kind_check check (kind ~ '^[a-z-]+$');

alter table visit enable row level security;
alter table visit force row level security;
create policy visit_scope on visit using ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = visit.ticket_id));
-- Whose calendar is full is told to every colleague, though not with what: names and times stand here, the rest in visit.
alter table visit_person enable row level security;
alter table visit_person force row level security;
create policy visit_person_scope on visit_person using ((select firstline.scope()) = 'all' or (select firstline.is_staff())
  or exists (select 1 from visit v where v.id = visit_person.visit_id));
alter table visit_step enable row level security;
alter table visit_step force row level security;
create policy visit_step_scope on visit_step using ((select firstline.scope()) = 'all' or exists (select 1 from visit v where v.id = visit_step.visit_id));
alter table visit_work enable row level security;
alter table visit_work force row level security;
create policy visit_work_scope on visit_work using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from visit v where v.id = visit_work.visit_id)));
alter table visit_part enable row level security;
alter table visit_part force row level security;
create policy visit_part_scope on visit_part using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from visit v where v.id = visit_part.visit_id)));
alter table visit_report enable row level security;
alter table visit_report force row level security;
create policy visit_report_scope on visit_report using ((select firstline.scope()) = 'all' or exists (select 1 from visit v where v.id = visit_report.visit_id));
alter table calendar_link enable row level security;
alter table calendar_link force row level security;
create policy calendar_link_scope on calendar_link using ((select firstline.scope()) = 'all' or person_id = (select firstline.person()));
