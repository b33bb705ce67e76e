-- Relations between tickets that act: kinds of links, parents and children, and merging that can be undone.
alter table ticket_link drop constraint ticket_link_kind_check,
  add constraint ticket_link_kind_check check (kind in ('related', 'duplicate', 'continues', 'caused-by', 'blocks', 'child')),
  add constraint ticket_link_other check (from_id <> to_id),
  add column id bigint generated always as identity unique,
  add column by_id bigint references person;
comment on column ticket_link.kind is 'Read from from_id to to_id: is a duplicate of, continues, is caused by, blocks, is a child of.';
create unique index ticket_link_one_parent on ticket_link (from_id) where kind = 'child';

-- Where a thing belongs when its ticket was merged. What must stay true: it lies on the survivor of its home.
alter table message add column merged_from_id bigint references ticket on delete set null;
comment on column message.merged_from_id is 'Its home, when that was merged into the ticket that it lies on now; null: it is at home.';
create index message_merged on message (merged_from_id) where merged_from_id is not null;
alter table task add column merged_from_id bigint references ticket on delete set null;
create index task_merged on task (merged_from_id) where merged_from_id is not null;
alter table time_entry add column merged_from_id bigint references ticket on delete set null;
create index time_entry_merged on time_entry (merged_from_id) where merged_from_id is not null;

create table ticket_merge (
  id bigint generated always as identity primary key,
  from_id bigint not null references ticket on delete cascade,
  into_id bigint not null references ticket on delete cascade,
  at timestamptz not null,
  by_id bigint references person,
  before jsonb not null,
  undone_at timestamptz,
  undone_by_id bigint references person
);
comment on column ticket_merge.before is 'What undoing gives back: the state of the merged ticket, its links, and who was added to the other. Ids and codes only.';
create unique index ticket_merge_standing on ticket_merge (from_id) where undone_at is null;
create index ticket_merge_into on ticket_merge (into_id);
alter table ticket_merge enable row level security;
alter table ticket_merge force row level security;
create policy ticket_merge_scope on ticket_merge using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = ticket_merge.into_id)))
  with check ((select firstline.is_staff()));

-- The ticket and all that was merged into it, over any number of steps.
create function firstline.merged_with(ticket bigint) returns setof bigint language sql stable
as $$
  with recursive home (id, depth) as (
    select merged_with.ticket, 1
    union all select t.id, h.depth + 1 from home h join ticket t on t.merged_into_id = h.id where h.depth < 1000)
  select id from home
$$;

-- The ticket and all above it, parent by parent.
create function firstline.ancestors(ticket bigint) returns setof bigint language sql stable
as $$
  with recursive above (id, depth) as (
    select ancestors.ticket, 1
    union all select l.to_id, a.depth + 1 from above a join ticket_link l on l.from_id = a.id and l.kind = 'child' where a.depth < 1000)
  select id from above
$$;

-- However long the chain: an old number leads on for ever. (The bound is for a circle, which nothing makes.)
create or replace function firstline.survivor(ticket bigint) returns bigint language sql stable
as $$
  with recursive chain (id, next, depth) as (
    select t.id, t.merged_into_id, 1 from ticket t where t.id = survivor.ticket
    union all select t.id, t.merged_into_id, c.depth + 1 from chain c join ticket t on t.id = c.next where c.depth < 1000)
  select id from chain where next is null
$$;
