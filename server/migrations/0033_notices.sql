-- Notices that one can leave on: folded by ticket, held in quiet hours, gathered by the hour or the day, and by push.
alter table notice
  add column times int not null default 1,
  add column bell text not null default 'rings' check (bell in ('rings', 'silent')),
  add column mail_planned text check (mail_planned in ('hourly', 'daily', 'quiet', 'gathered')),
  add column push_due_at timestamptz,
  add column pushed_at timestamptz;
comment on column notice.times is 'How often it happened while unread.';
comment on column notice.bell is 'silent: this person wants no bell for this reason; the row is there for the mail, the push and the preview.';
comment on column notice.mail_planned is 'Why its mail waits until mail_due_at; gathered: it went with others; null: not planned, or at once.';
create index notice_fold on notice (person_id, ticket_id) where ticket_id is not null;
create index notice_push_due on notice (push_due_at) where push_due_at is not null and pushed_at is null and read_at is null;

alter table notice_choice
  alter column by_mail set default '{assigned,reply,mention,passed,task,shift}',
  alter column by_browser set default '{assigned,team,reply,mention,passed,task,due,breached,shift}',
  add column hourly text[] not null default '{}',
  add column daily text[] not null default '{}',
  add column by_push text[] not null default '{}',
  add column not_in_app text[] not null default '{}',
  add column daily_at time not null default '08:00',
  add column quiet jsonb not null default '[]',
  add column mentions_in_quiet text not null default 'through' check (mentions_in_quiet in ('through', 'held'));
comment on column notice_choice.quiet is '[{"days": [1..7], "from": "19:00", "until": "07:00"}] where the person is; a day is that on which it begins, and the same time twice is a whole day.';
comment on column notice_choice.not_in_app is 'What does not ring: a reason that is new rings.';
-- What is told of shifts was told as of the system until now, to everybody.
update notice_choice set by_mail = by_mail || '{shift}', by_browser = by_browser || '{shift}';
update notice set reason = 'shift' where about in ('on-call-gap', 'shift-changed', 'swap-offered', 'swap-answered', 'handover');
