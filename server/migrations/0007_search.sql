-- Search: public and internal text in separate rows. No row-level security here: its GIN index would not be used;
-- it yields ids that are read again through guarded tables.
-- A text is kept unstemmed and by both stemmers, because nobody says in which language it is. Words that say nothing
-- (the, und) are left out everywhere.
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

create function firstline.vector(title text, body text) returns tsvector language sql immutable parallel safe as $$
  select setweight(to_tsvector('public.firstline_simple', firstline.readable(title)), 'A')
    || setweight(to_tsvector('pg_catalog.english', translate(firstline.readable(title), '.@_', '   ')), 'B')
    || setweight(to_tsvector('pg_catalog.german', translate(firstline.readable(title), '.@_', '   ')), 'B')
    || setweight(to_tsvector('public.firstline_simple', firstline.readable(body)), 'C')
    || to_tsvector('pg_catalog.english', translate(firstline.readable(body), '.@_', '   '))
    || to_tsvector('pg_catalog.german', translate(firstline.readable(body), '.@_', '   '))
$$;

-- kind: ticket (subject, first message, resolution), tags, message, attachment, person, organisation.
create table search_document (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('ticket', 'tags', 'message', 'attachment', 'person', 'organisation')),
  row_id bigint not null,
  ticket_id bigint,
  message_id bigint,
  organisation_id bigint,
  audience text not null check (audience in ('everyone', 'staff')),
  words text not null default '',
  vector tsvector not null,
  unique (kind, row_id)
) with (toast_tuple_target = 128);
comment on column search_document.words is 'Titles and names as plain text, for misspelt words.';
comment on table search_document is 'Vectors are kept out of line, so that finding ten thousand rows reads no vector.';
create index search_document_text on search_document using gin (vector) with (fastupdate = off) where kind in ('ticket', 'tags', 'message', 'attachment');
create index search_document_names on search_document using gin (vector) with (fastupdate = off) where kind in ('person', 'organisation');
create index search_document_words on search_document using gin (words gin_trgm_ops) with (fastupdate = off) where words <> '';
create index search_document_ticket on search_document (ticket_id) where ticket_id is not null;
