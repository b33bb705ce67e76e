-- Search: public and internal text in separate rows. No row-level security here: its GIN index would not be used;
-- it yields ids that are read again through guarded tables.
create text search configuration firstline_simple (copy = simple);
alter text search configuration firstline_simple alter mapping for hword, hword_part, word with unaccent, simple;

create function firstline.vector(title text, body text) returns tsvector language sql immutable parallel safe as $$
  select setweight(to_tsvector('public.firstline_simple', title), 'A')
    || setweight(to_tsvector('pg_catalog.english', title), 'A') || setweight(to_tsvector('pg_catalog.german', title), 'A')
    || setweight(to_tsvector('public.firstline_simple', body), 'C')
    || setweight(to_tsvector('pg_catalog.english', body), 'D') || setweight(to_tsvector('pg_catalog.german', body), 'D')
$$;

create table search_document (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('ticket', 'message', 'person')),
  row_id bigint not null,
  ticket_id bigint,
  organisation_id bigint,
  audience text not null check (audience in ('everyone', 'staff')),
  vector tsvector not null,
  words text not null default '',
  unique (kind, row_id)
);
create index search_document_vector on search_document using gin (vector) with (fastupdate = on);
create index search_document_words on search_document using gin (words gin_trgm_ops) where words <> '';
create index search_document_ticket on search_document (ticket_id) where ticket_id is not null;
