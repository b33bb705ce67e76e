-- Satisfaction: one row for each time somebody was asked about a ticket, with what they answered.
create table survey (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket on delete cascade,
  person_id bigint not null references person,
  organisation_id bigint references organisation,
  team_id bigint references team,
  occasion_at timestamptz not null,
  token_hash bytea not null unique,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  via text check (via in ('mail', 'portal')),
  score smallint check (score between 1 and 5),
  comment text not null default '',
  follow_up_id bigint references ticket on delete set null,
  check ((answered_at is null) = (score is null)),
  unique (ticket_id, occasion_at)
);
comment on table survey is 'comment is a stranger''s text, and can be erased by itself; events hold the score only.';
comment on column survey.occasion_at is 'When the ticket was closed or resolved: each time is asked about once, however often the job runs.';
comment on column survey.team_id is 'Of the ticket when it was asked; figures of a team do not move when the ticket does.';
create index survey_person on survey (person_id, asked_at desc);
create index survey_answered on survey (answered_at desc, id desc) where answered_at is not null;
create index survey_asked on survey (asked_at);
create index survey_team on survey (team_id, answered_at desc, id desc) where answered_at is not null;
create index survey_organisation on survey (organisation_id, answered_at desc, id desc) where answered_at is not null;
create index survey_follow_up on survey (follow_up_id) where follow_up_id is not null;

alter table survey enable row level security;
alter table survey force row level security;
create policy survey_scope on survey using (
  ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = survey.ticket_id))
  and ((select firstline.is_staff()) or person_id = (select firstline.person())));
