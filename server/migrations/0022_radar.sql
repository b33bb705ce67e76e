-- Radar: what comes again and again, collected from the tickets of ninety days. The rows of an issue are derived and
-- written anew each night; what people decided about it (state, why) is theirs and stays.
create table radar_issue (
  id bigint generated always as identity primary key,
  version int not null default 1,
  kind text not null check (kind in ('words', 'person', 'site')),
  key text not null unique,
  stems text[] not null default '{}',
  words text[] not null default '{}',
  person_id bigint references person on delete cascade,
  site_id bigint references site on delete cascade,
  category_id bigint references category on delete cascade,
  state text not null default 'new' check (state in ('new', 'watching', 'explained', 'done')),
  why text not null default '',
  set_at timestamptz,
  set_by_id bigint references person on delete set null,
  burst_at timestamptz,
  burst_tickets int,
  found_at timestamptz not null,
  tickets int not null default 0,
  minutes int not null default 0,
  last_at timestamptz not null,
  check ((state = 'new') or set_at is not null)
);
comment on column radar_issue.key is 'What it is the same of: the one issue of this person and category, of this site and category, of these words.';
comment on column radar_issue.stems is 'The words as they are compared; the first two are in each of its tickets. words: as they are written.';
comment on column radar_issue.burst_at is 'When many within an hour were last noticed: probably one outage.';
comment on column radar_issue.tickets is 'With minutes and last_at what the lists are ordered by; what is shown is counted among what the reader may see.';
create index radar_issue_tickets on radar_issue (tickets desc, id desc);
create index radar_issue_minutes on radar_issue (minutes desc, id desc);
create index radar_issue_last on radar_issue (last_at desc, id desc);
create index radar_issue_person on radar_issue (person_id) where person_id is not null;

create table radar_ticket (
  issue_id bigint not null references radar_issue on delete cascade,
  ticket_id bigint not null references ticket on delete cascade,
  minutes int not null default 0,
  estimated text not null default 'yes' check (estimated in ('yes', 'no')),
  primary key (issue_id, ticket_id)
);
comment on column radar_ticket.minutes is 'Written down by those who worked on it; estimated where nobody did.';
create index radar_ticket_ticket on radar_ticket (ticket_id);

create table radar_word (
  word text primary key,
  share float8 not null
);
comment on table radar_word is 'In which part of the newest tickets a word stands: what is usual, to notice what is not. Written anew each night.';

-- What is compared: the telling words of a text, without accents and the commonest endings. Numbers, and what stands in every
-- second subject whatever it is about (left out below, in the form without ending), name no matter.
create function firstline.telling_words(value text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct x.stem), '{}') from (
    select case when length(w) > 4 then regexp_replace(w, '(es|en|e|s)$', '') else w end as stem
    from unnest(tsvector_to_array(to_tsvector('public.firstline_simple', firstline.parted(left(value, 1000))))) w
    where length(w) between 3 and 40 and w !~ '^[0-9.,:+-]+$') x
  where x.stem not in ('ticket', 'problem', 'hilfe', 'help', 'bitt', 'pleas', 'dringend', 'urgent', 'issu', 'error', 'fehler', 'frag', 'question', 'geht', 'work', 'working',
    'funktioniert', 'funktionier', 'fwd', 'cannot', 'can''t', 'sinc', 'says', 'needed', 'today', 'heut', 'seit', 'mehr', 'hallo', 'hello', 'immer', 'wieder', 'again', 'anfrag', 'request', 'need', 'brauch', 'neu', 'neue', 'new', 'los', 'get', 'gets')
$$;

-- To group by person, site and category; and the time that was written down in ninety days.
create index ticket_category_requester on ticket (requester_id, category_id, created_at) where category_id is not null and deleted_at is null and merged_into_id is null;
create index ticket_category_site on ticket (site_id, category_id, created_at) where site_id is not null and category_id is not null and deleted_at is null and merged_into_id is null;

alter table radar_word enable row level security;
alter table radar_word force row level security;
create policy radar_word_scope on radar_word using ((select firstline.is_staff()) and (select firstline.scope()) = 'all');
alter table radar_ticket enable row level security;
alter table radar_ticket force row level security;
create policy radar_ticket_scope on radar_ticket using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = radar_ticket.ticket_id)))
  with check ((select firstline.is_staff()));
alter table radar_issue enable row level security;
alter table radar_issue force row level security;
create policy radar_issue_scope on radar_issue using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from radar_ticket r where r.issue_id = radar_issue.id)))
  with check ((select firstline.is_staff()));
