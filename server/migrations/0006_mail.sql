-- The durable inbox (which is the mail journal) and the outbox.
create table inbound_mail (
  id bigint generated always as identity primary key,
  received_at timestamptz not null,
  source text not null check (source in ('smtp', 'imap', 'demo', 'import')),
  source_key text unique,
  mailbox_id bigint references mailbox,
  envelope_from text not null default '',
  envelope_to text[] not null default '{}',
  client_address text not null default '',
  client_name text not null default '',
  sha256 text not null references file,
  size bigint not null,
  message_id text,
  content_hash bytea,
  from_address text not null default '',
  from_name text not null default '',
  subject text not null default '',
  authentication jsonb not null default '{}',
  verdict text not null default 'pending' check (verdict in ('pending', 'created', 'followed-up', 'ignored', 'bounced', 'quarantined')),
  reason text not null default '',
  detail jsonb not null default '{}',
  ticket_id bigint references ticket,
  created_message_id bigint references message,
  judged_at timestamptz,
  attempts int not null default 0
);
comment on column inbound_mail.source_key is 'What makes a fetched mail the same mail: imap:<mailbox>:<uidvalidity>:<uid>.';
create index inbound_mail_message_id on inbound_mail (message_id, id desc) where message_id is not null;
create index inbound_mail_content on inbound_mail (content_hash) where message_id is null;
create index inbound_mail_pending on inbound_mail (id) where verdict = 'pending';
create index inbound_mail_verdict on inbound_mail (verdict, id desc);
create index inbound_mail_ticket on inbound_mail (ticket_id) where ticket_id is not null;
create index inbound_mail_sha256 on inbound_mail (sha256);

-- Every Message-ID ever seen, in, out and copies.
create table known_message (
  message_id text not null,
  ticket_id bigint not null references ticket,
  created_message_id bigint references message,
  ours text not null check (ours in ('yes', 'no')),
  at timestamptz not null,
  primary key (message_id, ticket_id)
);
create index known_message_ticket on known_message (ticket_id);

-- References to mails that have not come yet: a reply may overtake what it answers (fault case FT-26).
create table awaited_message (
  message_id text not null,
  ticket_id bigint not null references ticket on delete cascade,
  at timestamptz not null,
  primary key (message_id, ticket_id)
);
create index awaited_message_ticket on awaited_message (ticket_id);
create index awaited_message_at on awaited_message (at);

create table outbound_mail (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('reply', 'acknowledgement', 'resolved', 'notice', 'sign-in', 'invitation', 'reset', 'test', 'system')),
  ticket_id bigint references ticket,
  created_message_id bigint references message,
  mailbox_id bigint references mailbox,
  message_id text not null unique,
  sender jsonb not null,
  subject text not null,
  body text not null,
  html text,
  headers jsonb not null default '{}',
  attachment_ids bigint[] not null default '{}',
  state text not null check (state in ('waiting', 'ready', 'sending', 'sent', 'partly', 'failed', 'uncertain', 'withdrawn', 'held')),
  priority int not null default 0,
  not_before timestamptz not null,
  attempts int not null default 0,
  last_answer text not null default '',
  created_at timestamptz not null,
  claimed_at timestamptz,
  uncertain_at timestamptz,
  delayed_at timestamptz,
  sent_at timestamptz
);
comment on column outbound_mail.uncertain_at is 'When a try first ended without an answer; set, and no later try is made by itself.';
comment on column outbound_mail.delayed_at is 'When people were told that it is late.';
comment on column outbound_mail.state is 'waiting: undo time; held: no SMTP_URL; uncertain: connection lost after DATA, never resent by itself twice.';
create index outbound_mail_ticket on outbound_mail (ticket_id) where ticket_id is not null;
create index outbound_mail_message on outbound_mail (created_message_id) where created_message_id is not null;
create index outbound_mail_state on outbound_mail (state, id desc);

create table outbound_recipient (
  outbound_mail_id bigint not null references outbound_mail,
  address citext not null,
  name text not null default '',
  field text not null check (field in ('to', 'cc', 'bcc')),
  person_id bigint references person,
  state text not null default 'pending' check (state in ('pending', 'sent', 'deferred', 'failed', 'bounced', 'withdrawn')),
  answer text not null default '',
  primary key (outbound_mail_id, address)
);
create index outbound_recipient_address on outbound_recipient (address, outbound_mail_id);

-- The unguessable parts of our Message-IDs and reply addresses, hashed. Mails without a ticket (sign-in, test) have one too.
create table mail_token (
  token_hash bytea primary key,
  ticket_id bigint references ticket,
  created_message_id bigint references message,
  outbound_mail_id bigint references outbound_mail on delete cascade,
  at timestamptz not null
);
create index mail_token_ticket on mail_token (ticket_id) where ticket_id is not null;
create index mail_token_outbound on mail_token (outbound_mail_id);

-- "Solved" and "Still broken" in a resolved mail: one token for one ticket and one person.
create table answer_link (
  token_hash bytea primary key,
  ticket_id bigint not null references ticket on delete cascade,
  person_id bigint not null references person,
  at timestamptz not null,
  used_at timestamptz
);
create index answer_link_ticket on answer_link (ticket_id);

-- Loop guard: when an address last got automatic answers, the newest first (abuse case C-031).
create table automatic_answer (
  address citext primary key,
  times timestamptz[] not null
);

-- The test mail that proves a mailbox, and an OAuth sign-in that is under way.
create table mailbox_proof (
  token_hash bytea primary key,
  mailbox_id bigint not null references mailbox,
  at timestamptz not null
);
create table mailbox_consent (
  state_hash bytea primary key,
  mailbox_id bigint not null references mailbox,
  person_id bigint not null references person,
  verifier bytea not null,
  expires_at timestamptz not null
);

create table blocked_sender (
  id bigint generated always as identity primary key,
  pattern citext not null unique,
  created_at timestamptz not null,
  created_by_id bigint references person
);

create table imap_position (
  mailbox_id bigint not null references mailbox,
  folder text not null,
  uid_validity bigint not null,
  last_uid bigint not null,
  primary key (mailbox_id, folder)
);

-- What a person's mailbox in the sample company holds (only in a database that --demo made).
create table demo_mail (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  address citext not null,
  sha256 text not null references file,
  from_name text not null,
  from_address text not null,
  subject text not null,
  read_at timestamptz
);
create index demo_mail_address on demo_mail (address, id desc);

-- Marks our own automatic mail (X-Loop), so that it is known when it comes back.
insert into setting (name, value, changed_at) values ('instance', jsonb_build_object('id', gen_random_uuid()), now());

-- The ticket that stands for a merged one.
create function firstline.survivor(ticket bigint) returns bigint language sql stable
as $$
  with recursive chain (id, next, depth) as (
    select t.id, t.merged_into_id, 1 from ticket t where t.id = ticket
    union all select t.id, t.merged_into_id, c.depth + 1 from chain c join ticket t on t.id = c.next where c.depth < 20)
  select id from chain where next is null
$$;
create index inbound_mail_from on inbound_mail (from_address, received_at);

-- Sealed OAuth tokens of a Microsoft 365 or Google mailbox.
alter table mailbox add column grant_tokens bytea;

-- How long a mailbox that signs in by OAuth may go on, as far as anybody knows, and the last warning that was given (days left).
-- When its first mail of anybody came; that alone proves only one way, so proved_at is the test mail's.
alter table mailbox add column grant_until timestamptz, add column expiry_told int, add column arrived_at timestamptz;
comment on column mailbox.grant_until is 'When the refresh token ends, where the provider says so.';

-- Spam whose thirty days are over: the line of the journal stays, the raw mail is gone.
alter table inbound_mail alter column sha256 drop not null;

-- What a notice without a ticket is about; one unread notice for each.
alter table notice add column about text check (about in ('mailbox-failing', 'mailbox-disconnected', 'mailbox-expiring', 'mail-routing', 'mail-quarantined', 'mail-delayed'));
create unique index notice_unread_about on notice (person_id, about) where about is not null and read_at is null;
create index outbound_mail_held on outbound_mail (created_at) where state = 'held';
create index inbound_mail_erased on inbound_mail (id) where detail ? 'erased' and sha256 is not null;
