-- Rules that send a new ticket to a team, and what people are told of.
create table routing_rule (
  id bigint generated always as identity primary key,
  version int not null default 1,
  position int not null,
  name text not null check (name <> ''),
  mailbox_id bigint references mailbox,
  category_id bigint references category,
  organisation_id bigint references organisation,
  words text[] not null default '{}',
  team_id bigint not null references team,
  switched_off_at timestamptz,
  created_at timestamptz not null
);

-- The bell.
create table notice (
  id bigint generated always as identity primary key,
  person_id bigint not null references person,
  at timestamptz not null,
  reason text not null check (reason in ('assigned', 'team', 'reply', 'mention', 'passed', 'undelivered', 'system')),
  ticket_id bigint references ticket,
  message_id bigint references message,
  actor_id bigint references person,
  read_at timestamptz,
  mail_due_at timestamptz,
  mailed_at timestamptz
);
comment on column notice.mail_due_at is 'When it is mailed if still unread; null: this person did not choose mail for this reason.';
create index notice_person on notice (person_id, at desc, id desc);
-- One unread notice for a reason and a ticket: what happens again renews it.
create unique index notice_unread on notice (person_id, ticket_id, reason) where read_at is null;
create index notice_mail_due on notice (mail_due_at) where mail_due_at is not null and mailed_at is null and read_at is null;
create index notice_mailed on notice (person_id, mailed_at) where mailed_at is not null;

create table notice_choice (
  person_id bigint primary key references person,
  by_mail text[] not null default '{assigned,reply,mention,passed}',
  by_browser text[] not null default '{assigned,team,reply,mention,passed}'
);

-- Whether a person sees this ticket as staff: the rule of tickets/access-visibility.ts for somebody who is not acting.
-- Grants that are limited to customers or teams count only where no grant holds everywhere.
create function firstline.staff_sees(who bigint, t ticket) returns boolean language sql stable as $$
  select t.deleted_at is null
    and (t.restricted_at is null or exists (select 1 from ticket_restriction r where r.ticket_id = t.id
      and (r.person_id = who or r.team_id in (select m.team_id from team_member m where m.person_id = who))))
    and coalesce((select bool_or(g.organisation_id is null and g.team_id is null) or (
        (count(g.organisation_id) = 0 or bool_or(g.organisation_id = t.organisation_id) is true)
        and (count(g.team_id) = 0 or bool_or(g.team_id = t.team_id) is true or t.assignee_id = who))
      from role_grant g where g.person_id = who and g.role in ('agent', 'lead', 'manager', 'administrator')
      having count(*) > 0), false)
$$;

-- Tells these people's browsers, and nobody else's, that their bell changed. No row of the history: the notice is the record.
create function firstline.ring(people bigint[]) returns void language sql as $$
  select pg_notify('firstline', case when octet_length(told) > 7900 then '{"much": true, "by": null, "events": [], "tickets": {}}' else told end)
  from (select jsonb_build_object('by', null, 'tickets', null, 'events', jsonb_agg(jsonb_build_object('i', 0, 'e', 'notice.raised', 's', 'notice:0',
    't', null, 'a', 'staff', 'u', p::text)))::text as told from unnest(people) p) x where cardinality(people) > 0
$$;
