-- The emergency phone: which questions say how grave it is, the numbers at which a machine asks them, and the calls that it takes.
create table emergency_set (
  id bigint generated always as identity primary key,
  version int not null default 1,
  organisation_id bigint references organisation on delete cascade,
  questions jsonb not null,
  changed_at timestamptz not null
);
comment on table emergency_set is 'The questions in their order. Without an organisation: those of the desk, which are always there; an organisation''s own stand instead of them.';
comment on column emergency_set.questions is '[{"text": {"en", "de"}, "answers": [{"digit", "text": {"en", "de"}, "impact", "urgency", "leadsTo": "page"|"wait"|null}]}]';
create unique index emergency_set_of on emergency_set (organisation_id) nulls not distinct;

insert into emergency_set (organisation_id, changed_at, questions) values (null, now(), '[
  {"text": {"en": "Are people in danger, or is work at a standstill?", "de": "Sind Menschen in Gefahr oder steht die Arbeit still?"},
   "answers": [
     {"digit": 1, "text": {"en": "Yes, for everybody", "de": "Ja, bei allen"}, "impact": 3, "urgency": 3, "leadsTo": "page"},
     {"digit": 2, "text": {"en": "Yes, for a team", "de": "Ja, bei einem Team"}, "impact": 2, "urgency": 3, "leadsTo": null},
     {"digit": 3, "text": {"en": "No, only I am affected", "de": "Nein, nur bei mir"}, "impact": 1, "urgency": null, "leadsTo": null}]},
  {"text": {"en": "Can the work be done in another way until it is repaired?", "de": "Lässt sich bis zur Behebung auf andere Weise arbeiten?"},
   "answers": [
     {"digit": 1, "text": {"en": "No", "de": "Nein"}, "impact": null, "urgency": 3, "leadsTo": null},
     {"digit": 2, "text": {"en": "With difficulty", "de": "Mit Mühe"}, "impact": null, "urgency": 2, "leadsTo": null},
     {"digit": 3, "text": {"en": "Yes", "de": "Ja"}, "impact": null, "urgency": 1, "leadsTo": null}]},
  {"text": {"en": "Can it wait until the next working day?", "de": "Kann es bis zum nächsten Arbeitstag warten?"},
   "answers": [
     {"digit": 1, "text": {"en": "No, somebody is needed now", "de": "Nein, es wird jetzt jemand gebraucht"}, "impact": null, "urgency": null, "leadsTo": "page"},
     {"digit": 2, "text": {"en": "Yes, the next working day is soon enough", "de": "Ja, der nächste Arbeitstag genügt"}, "impact": null, "urgency": null, "leadsTo": "wait"}]}
]');

create table voice_line (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  number text not null default '',
  language text not null default 'en' check (language in ('en', 'de')),
  key_hash bytea unique,
  secret bytea,
  person_id bigint not null references person,
  team_id bigint references team,
  policy_id bigint references paging_policy,
  forward_to text not null default '',
  greeting jsonb not null default '{"en": "", "de": ""}',
  max_seconds int not null default 120 check (max_seconds between 10 and 600),
  pages_per_hour int not null default 3 check (pages_per_hour between 1 and 60),
  created_at timestamptz not null,
  key_renewed_at timestamptz,
  heard_at timestamptz,
  archived_at timestamptz
);
comment on column voice_line.key_hash is 'Of the key only the hash is kept. Null: brought in from another desk; it needs a new one.';
comment on column voice_line.secret is 'Sealed: with what the provider signs its calls. Null: brought in from another desk; nothing is believed until it is entered.';
comment on column voice_line.person_id is 'In whose name a ticket is opened when the number of the caller is withheld, or is that of several people.';
comment on column voice_line.policy_id is 'Null: the paging policy of the team that has the ticket.';
comment on column voice_line.forward_to is 'Who answers within the hours; empty: the questions are asked then, too.';
comment on column voice_line.pages_per_hour is 'So many tickets of one number wake somebody within an hour; what comes then goes to the emergency that is open.';
create unique index voice_line_name on voice_line (firstline.plain(name)) where archived_at is null;
create index voice_line_person on voice_line (person_id);

create table voice_call (
  id bigint generated always as identity primary key,
  line_id bigint not null references voice_line,
  external_id text not null,
  organisation_id bigint references organisation,
  person_id bigint references person,
  number text,
  language text not null check (language in ('en', 'de')),
  state text not null check (state in ('forwarded', 'asking', 'recording', 'opened', 'taken', 'given-up')),
  questions jsonb not null,
  answers jsonb not null default '[]',
  tries int not null default 0,
  recording text not null default '',
  words text not null default '',
  ticket_id bigint references ticket on delete set null,
  paged text not null default 'no' check (paged in ('yes', 'no')),
  started_at timestamptz not null,
  heard_at timestamptz not null,
  done_at timestamptz,
  unique (line_id, external_id)
);
comment on column voice_call.external_id is 'The CallSid: a step that is told twice is done once.';
comment on column voice_call.questions is 'As they stood when the call came: whoever changes them changes no call that is on.';
comment on column voice_call.answers is 'The digits in the order of the questions; null: no answer that was understood.';
comment on column voice_call.number is 'In E.164; null: withheld.';
comment on column voice_call.words is 'What was said, as the provider wrote it down.';
create index voice_call_open on voice_call (heard_at) where state in ('asking', 'recording');
create index voice_call_number on voice_call (line_id, number, id desc) where ticket_id is not null;
create index voice_call_ticket on voice_call (ticket_id) where ticket_id is not null;
create index voice_call_person on voice_call (person_id) where person_id is not null;
create index voice_call_old on voice_call (started_at);

-- A page that the emergency phone began.
alter table page drop constraint page_why_check;
alter table page add constraint page_why_check check (why in ('hand', 'rule', 'target', 'alert', 'help', 'call'));

alter table emergency_set enable row level security;
alter table emergency_set force row level security;
create policy emergency_set_scope on emergency_set using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or organisation_id is null or organisation_id = any ((select firstline.organisations())::bigint[])));
alter table voice_line enable row level security;
alter table voice_line force row level security;
create policy voice_line_staff on voice_line using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table voice_call enable row level security;
alter table voice_call force row level security;
create policy voice_call_scope on voice_call using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])));

-- What everybody who signs in may know: by which numbers one reaches the desk. Definer: a requester sees no lines.
create function firstline.hotlines() returns table (name text, number text) language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
  as $$ select name, number from voice_line where archived_at is null and number <> '' order by name, id limit 50 $$;
