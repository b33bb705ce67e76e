-- Working together on a ticket: conversations with third parties beside it, help that is asked for, drafts that are
-- offered to colleagues, and people who are away.

-- A side conversation: mails with a vendor, a developer or a colleague. Its messages lie in tables of their own and not
-- among the ticket's, so that no query for the requester can ever find them.
create table side (
  id bigint generated always as identity primary key,
  version int not null default 1,
  ticket_id bigint not null references ticket on delete cascade,
  merged_from_id bigint references ticket on delete set null,
  subject text not null check (subject <> ''),
  state text not null default 'open' check (state in ('open', 'done')),
  reference text not null default '',
  target_on date,
  chase_at timestamptz,
  chased_at timestamptz,
  keeps_waiting text not null default 'no' check (keeps_waiting in ('yes', 'no')),
  answered_at timestamptz,
  created_at timestamptz not null,
  created_by_id bigint references person,
  done_at timestamptz,
  done_by_id bigint references person,
  check ((state = 'done') = (done_at is not null))
);
comment on column side.reference is 'The other side''s own number of the case.';
comment on column side.chased_at is 'When the bell rang for chase_at.';
comment on column side.keeps_waiting is 'Yes: the ticket waits for the vendor because of this one, and comes back when they answer.';
comment on column side.answered_at is 'Their newest answer; null once we wrote again.';
create index side_ticket on side (ticket_id, id);
create index side_merged on side (merged_from_id) where merged_from_id is not null;
create index side_chase on side (chase_at) where state = 'open' and chased_at is null and chase_at is not null;
create index side_reference on side (reference) where reference <> '';

create table side_party (
  side_id bigint not null references side on delete cascade,
  address citext not null,
  name text not null default '',
  field text not null default 'to' check (field in ('to', 'cc')),
  primary key (side_id, address)
);
create index side_party_address on side_party (address, side_id);

create table side_message (
  id bigint generated always as identity primary key,
  side_id bigint not null references side on delete cascade,
  at timestamptz not null,
  direction text not null check (direction in ('in', 'out', 'inside')),
  author_id bigint references person,
  from_name text not null default '',
  from_address text not null default '',
  recipients jsonb not null default '{"to": [], "cc": []}',
  subject text not null default '',
  body text not null,
  visible_body text not null,
  automatic text,
  unverified text,
  reminder text not null default 'no' check (reminder in ('yes', 'no')),
  inbound_mail_id bigint references inbound_mail on delete set null
);
comment on column side_message.direction is 'inside: of somebody of ours or of the requester, who answered it by mail; it went to nobody.';
create index side_message_side on side_message (side_id, id);
create index side_message_inbound on side_message (inbound_mail_id) where inbound_mail_id is not null;

create table side_file (
  id bigint generated always as identity primary key,
  side_message_id bigint not null references side_message on delete cascade,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null references file
);
create index side_file_message on side_file (side_message_id, id);
create index side_file_sha256 on side_file (sha256);

-- Where mail that belongs to a side conversation is known by. Never in known_message: what stands there joins the ticket.
create table known_side_message (
  message_id text not null,
  side_id bigint not null references side on delete cascade,
  ours text not null check (ours in ('yes', 'no')),
  at timestamptz not null,
  primary key (message_id, side_id)
);
create index known_side_message_side on known_side_message (side_id, at desc);
alter table mail_token add column side_id bigint references side on delete cascade,
  add constraint mail_token_one check (side_id is null or ticket_id is null);
create index mail_token_side on mail_token (side_id) where side_id is not null;
alter table outbound_mail add column side_id bigint references side on delete set null,
  add column side_message_id bigint references side_message on delete set null,
  add column files jsonb not null default '[]';
comment on column outbound_mail.files is 'What it carries beside attachments of a message: [{"name", "mediaType", "sha256"}].';
create index outbound_mail_side on outbound_mail (side_id) where side_id is not null;
create index outbound_mail_side_message on outbound_mail (side_message_id) where side_message_id is not null;
alter table inbound_mail add column side_id bigint references side on delete set null;
create index inbound_mail_side on inbound_mail (side_id) where side_id is not null;
alter table notice add column side_id bigint references side on delete set null;
create index notice_side on notice (side_id) where side_id is not null;

-- Help that is asked for without giving the ticket away.
create table help (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  merged_from_id bigint references ticket on delete set null,
  question text not null check (question <> ''),
  person_id bigint references person,
  team_id bigint references team,
  skill_id bigint references skill,
  state text not null default 'open' check (state in ('open', 'accepted', 'done', 'withdrawn')),
  asked_at timestamptz not null,
  asked_by_id bigint references person,
  helper_id bigint references person,
  accepted_at timestamptz,
  settled_at timestamptz,
  check (num_nonnulls(person_id, team_id, skill_id) = 1),
  check ((state in ('done', 'withdrawn')) = (settled_at is not null))
);
create index help_ticket on help (ticket_id, id);
create index help_merged on help (merged_from_id) where merged_from_id is not null;
create index help_person on help (person_id, id) where state in ('open', 'accepted') and person_id is not null;
create index help_team on help (team_id, id) where state = 'open' and team_id is not null;
create index help_skill on help (skill_id, id) where state = 'open' and skill_id is not null;
create index help_helper on help (helper_id, id) where state = 'accepted';
create index help_asked_by on help (asked_by_id, id) where state in ('open', 'accepted');
create index help_asked_at on help (asked_at, id);

create table help_note (
  id bigint generated always as identity primary key,
  help_id bigint not null references help on delete cascade,
  at timestamptz not null,
  author_id bigint references person,
  body text not null check (body <> '')
);
create index help_note_help on help_note (help_id, id);

-- A draft that its writer lets colleagues take over.
alter table draft add column offered_at timestamptz;
create index draft_offered on draft (ticket_id) where offered_at is not null;

-- Who is away, from the first day to the last, and who looks after what they have.
create table absence (
  id bigint generated always as identity primary key,
  version int not null default 1,
  person_id bigint not null references person,
  from_on date not null,
  to_on date not null,
  substitute_id bigint references person,
  created_at timestamptz not null,
  created_by_id bigint references person,
  check (from_on <= to_on),
  check (substitute_id <> person_id)
);
create index absence_person on absence (person_id, to_on);
create index absence_to on absence (to_on, person_id);

-- Days begin and end where the person is.
-- Definer: whoever writes may be the requester, who sees nobody's absence, and whose answer rings the substitute.
create function firstline.absence_of(who bigint, moment timestamptz) returns absence language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select a from absence a join person p on p.id = a.person_id
  where a.person_id = who and (moment at time zone coalesce(p.time_zone, 'UTC'))::date between a.from_on and a.to_on
  order by a.to_on desc limit 1
$$;

alter table side enable row level security;
alter table side force row level security;
create policy side_scope on side using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = side.ticket_id)))
  with check ((select firstline.is_staff()));
alter table side_party enable row level security;
alter table side_party force row level security;
create policy side_party_scope on side_party using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from side s where s.id = side_party.side_id)))
  with check ((select firstline.is_staff()));
alter table side_message enable row level security;
alter table side_message force row level security;
create policy side_message_scope on side_message using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from side s where s.id = side_message.side_id)))
  with check ((select firstline.is_staff()));
alter table side_file enable row level security;
alter table side_file force row level security;
create policy side_file_scope on side_file using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from side_message m where m.id = side_file.side_message_id)))
  with check ((select firstline.is_staff()));
alter table help enable row level security;
alter table help force row level security;
create policy help_scope on help using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = help.ticket_id)))
  with check ((select firstline.is_staff()));
alter table help_note enable row level security;
alter table help_note force row level security;
create policy help_note_scope on help_note using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from help h where h.id = help_note.help_id)))
  with check ((select firstline.is_staff()));
alter table absence enable row level security;
alter table absence force row level security;
create policy absence_staff on absence using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
