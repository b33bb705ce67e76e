-- Search: public and internal text in separate rows. No row-level security here: its GIN index would not be used;
-- it yields ids that are read again through guarded tables.
-- A text is kept unstemmed and by both stemmers, because nobody says in which language it is. Words that say nothing
-- (the, und) are left out.
create text search dictionary firstline_no_english (template = simple, stopwords = english, accept = false);
create text search dictionary firstline_no_german (template = simple, stopwords = german, accept = false);
create text search configuration firstline_simple (copy = simple);
alter text search configuration firstline_simple alter mapping for asciiword, asciihword, hword_asciipart
  with firstline_no_english, firstline_no_german, simple;
alter text search configuration firstline_simple alter mapping for word, hword, hword_part
  with firstline_no_english, firstline_no_german, unaccent, simple;

-- Slashes and brackets would make the parser take "screen/keyboard" for one file and "<printer>" for no word at all.
create function firstline.readable(value text) returns text language sql immutable parallel safe strict
  as $$ select translate(value, '/\<>|=&', '       ') $$;
-- For the stemmers an address falls into its parts; unstemmed it stays whole.
create function firstline.parted(value text) returns text language sql immutable parallel safe strict
  as $$ select translate(value, '/\<>|=&.@_', '          ') $$;

create function firstline.vector(title text, body text) returns tsvector language sql immutable parallel safe as $$
  select setweight(to_tsvector('public.firstline_simple', firstline.readable(title)), 'A')
    || setweight(to_tsvector('pg_catalog.english', firstline.parted(title)), 'B')
    || setweight(to_tsvector('pg_catalog.german', firstline.parted(title)), 'B')
    || setweight(to_tsvector('public.firstline_simple', firstline.readable(body)), 'C')
    || to_tsvector('pg_catalog.english', firstline.parted(body))
    || to_tsvector('pg_catalog.german', firstline.parted(body))
$$;

-- One word as it may be written: as it is, stemmed, and (while it is being typed) as a beginning, each form once: every
-- form is a search of its own in the index. Empty: it says nothing.
create function firstline.word_query(word text, beginning boolean) returns tsquery language plpgsql immutable parallel safe
  set client_min_messages = warning
as $$
declare
  plain tsquery := plainto_tsquery('public.firstline_simple', firstline.readable(word));
  english tsquery; german tsquery; found tsquery;
begin
  if numnode(plain) = 0 then return plain; end if;
  english := plainto_tsquery('pg_catalog.english', firstline.parted(word));
  german := plainto_tsquery('pg_catalog.german', firstline.parted(word));
  found := plain;
  if beginning and length(word) >= 3 then
    found := to_tsquery('public.firstline_simple', quote_literal(replace(firstline.readable(word), '''', ' ')) || ':*');
    if numnode(plain) > 1 or numnode(found) = 0 then found := found || plain; end if;
  end if;
  if english <> plain then found := found || english; end if;
  if german <> plain and german <> english then found := found || german; end if;
  return found;
end $$;
create function firstline.phrase_query(phrase text) returns tsquery language sql immutable parallel safe as $$
  select phraseto_tsquery('public.firstline_simple', firstline.readable(phrase))
    || phraseto_tsquery('pg_catalog.english', firstline.parted(phrase)) || phraseto_tsquery('pg_catalog.german', firstline.parted(phrase))
$$;
-- All words and phrases, and none of `without`; the last word may be a beginning. Empty when only `without` would be left.
create function firstline.search_query(words text[], phrases text[], without text[], beginning boolean) returns tsquery language plpgsql immutable parallel safe
  set client_min_messages = warning
as $$
declare found tsquery := plainto_tsquery('public.firstline_simple', ''); one tsquery; n int;
begin
  if cardinality(words) = 1 and cardinality(phrases) + cardinality(without) = 0 then return firstline.word_query(words[1], beginning); end if;
  for n in 1 .. cardinality(words) loop found := found && firstline.word_query(words[n], beginning and n = cardinality(words)); end loop;
  for n in 1 .. cardinality(phrases) loop found := found && firstline.phrase_query(phrases[n]); end loop;
  if numnode(found) = 0 then return found; end if;
  for n in 1 .. cardinality(without) loop
    one := firstline.word_query(without[n], false);
    if numnode(one) > 0 then found := found && !! one; end if;
  end loop;
  return found;
end $$;

-- kind: ticket (subject, first message, resolution), tags, message, attachment, person, organisation.
create table search_document (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('ticket', 'tags', 'message', 'attachment', 'person', 'organisation')),
  row_id bigint not null,
  ticket_id bigint,
  message_id bigint,
  audience text not null check (audience in ('everyone', 'staff')),
  words text not null default '',
  vector tsvector not null,
  unique (kind, row_id)
);
comment on column search_document.words is 'Titles and names as plain text, for misspelt words.';
-- The pending list is small because every search reads it through; without one, a message costs ten times as much to write.
create index search_document_text on search_document using gin (vector) with (fastupdate = on, gin_pending_list_limit = 512)
  where kind in ('ticket', 'tags', 'message', 'attachment');
create index search_document_names on search_document using gin (vector) with (fastupdate = off) where kind in ('person', 'organisation');
create index search_document_words on search_document using gin (words gin_trgm_ops) with (fastupdate = on, gin_pending_list_limit = 256) where words <> '';
create index search_document_ticket on search_document (ticket_id) where ticket_id is not null;

-- The writers see all rows: what is found is decided when it is read. Long texts are cut, a vector holds one megabyte.
create function firstline.index_ticket(subject_id bigint) returns void language sql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  insert into search_document (kind, row_id, ticket_id, message_id, audience, words, vector)
  select 'ticket', t.id, t.id, m.id, 'everyone', firstline.plain(t.subject),
    firstline.vector(t.subject, left(coalesce(m.body, ''), 40000) || E'\n' || left(coalesce(t.resolution, ''), 20000))
  from ticket t left join lateral (select x.id, x.body from message x where x.ticket_id = t.id and x.audience = 'everyone' and x.withdrawn_at is null order by x.id limit 1) m on true
  where t.id = subject_id
  on conflict (kind, row_id) do update set message_id = excluded.message_id, words = excluded.words, vector = excluded.vector;
  delete from search_document d where d.kind = 'tags' and d.row_id = subject_id and not exists (select 1 from ticket t where t.id = subject_id and t.tags <> '{}');
  insert into search_document (kind, row_id, ticket_id, audience, vector)
  select 'tags', t.id, t.id, 'staff', firstline.vector(array_to_string(t.tags, ' '), '') from ticket t where t.id = subject_id and t.tags <> '{}'
  on conflict (kind, row_id) do update set vector = excluded.vector;
$$;

-- All messages of a ticket that are not there yet; the first public one is part of its ticket's row.
create function firstline.index_messages(of_ticket bigint, only_message bigint) returns void language sql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  insert into search_document (kind, row_id, ticket_id, message_id, audience, vector)
  select 'message', m.id, m.ticket_id, m.id, m.audience, firstline.vector('', left(m.visible_body, 40000)) from message m
  where m.ticket_id = of_ticket and (only_message is null or m.id = only_message) and m.withdrawn_at is null
    and not exists (select 1 from search_document d where d.ticket_id = of_ticket and d.message_id = m.id and d.kind in ('ticket', 'message'))
  on conflict (kind, row_id) do nothing;
$$;

create function firstline.index_people(ids bigint[]) returns void language sql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  delete from search_document d using person p where d.kind = 'person' and d.row_id = any(ids) and p.id = d.row_id and p.archived_at is not null;
  insert into search_document (kind, row_id, audience, words, vector)
  select 'person', p.id, 'staff', firstline.plain(p.name || ' ' || coalesce(p.email::text, '')),
    firstline.vector(p.name || ' ' || coalesce(p.email::text, ''), concat_ws(' ', p.department, o.name,
      (select string_agg(concat_ws(' ', x ->> 'number', regexp_replace(x ->> 'number', '[^0-9]', '', 'g')), ' ') from jsonb_array_elements(p.phones) x)))
  from person p left join organisation o on o.id = p.organisation_id where p.id = any(ids) and p.archived_at is null
  on conflict (kind, row_id) do update set words = excluded.words, vector = excluded.vector;
$$;

create function firstline.index_organisations(ids bigint[]) returns void language sql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
as $$
  delete from search_document d using organisation o where d.kind = 'organisation' and d.row_id = any(ids) and o.id = d.row_id and o.archived_at is not null;
  insert into search_document (kind, row_id, audience, words, vector)
  select 'organisation', o.id, 'staff', firstline.plain(o.name), firstline.vector(o.name, coalesce((select string_agg(d.domain, ' ') from organisation_domain d where d.organisation_id = o.id), ''))
  from organisation o where o.id = any(ids) and o.archived_at is null
  on conflict (kind, row_id) do update set words = excluded.words, vector = excluded.vector;
$$;

-- What waits in the worker's own tables, for the health page; they refuse the program's role.
create function firstline.waiting_jobs() returns table (waiting bigint, running bigint, oldest timestamptz) language sql stable security definer
  set search_path = public, pg_temp
as $$
  select count(*) filter (where locked_at is null), count(*) filter (where locked_at is not null), min(run_at) filter (where locked_at is null and run_at <= clock_timestamp())
  from graphile_worker.jobs where attempts < max_attempts and run_at <= clock_timestamp()
$$;
