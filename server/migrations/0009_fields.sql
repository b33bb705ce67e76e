-- What a company adds to a ticket: own fields, own statuses with allowed moves, the category at open and at close, snoozing.
create table field (
  id bigint generated always as identity primary key,
  version int not null default 1,
  key text not null unique check (key ~ '^[a-z][a-z0-9-]{0,49}$'),
  label jsonb not null,
  help jsonb not null default '{"en": "", "de": ""}',
  type text not null check (type in ('text', 'number', 'choice', 'date', 'person', 'organisation')),
  choices jsonb not null default '[]',
  kinds text[] not null default '{incident,request}',
  category_ids bigint[] not null default '{}',
  audience text not null default 'staff' check (audience in ('staff', 'requester', 'portal')),
  mandatory_in text[] not null default '{}',
  position int not null,
  created_at timestamptz not null,
  archived_at timestamptz
);
comment on column field.choices is 'In order: [{"key": "gold", "label": {"en": "Gold", "de": "Gold"}, "archived": false}]; archived ones stay readable.';
comment on column field.category_ids is 'Asked in these categories and all below them; empty: in all.';
comment on column field.audience is 'staff: only staff see it; requester: the requester sees it too; portal: the portal asks for it.';
comment on column field.mandatory_in is 'A ticket does not enter a status of these meanings by hand while it is empty.';
alter table field enable row level security;
alter table field force row level security;
create policy field_scope on field using ((select firstline.is_staff()) or audience <> 'staff') with check ((select firstline.is_staff()));

alter table ticket add column fields jsonb not null default '{}',
  add column category_at_open_id bigint references category,
  add column category_at_close_id bigint references category;
comment on column ticket.fields is 'By the id of the field: {"3": "gold", "4": 12}. Choices by key, dates as YYYY-MM-DD, people and organisations by id as text.';
comment on column ticket.category_at_open_id is 'The first category that it was given; null for tickets from before this was kept.';

-- Finds tickets by what their fields hold, and counts them; written by a trigger alone. A GIN index on ticket.fields would
-- never be used: jsonb's operators are not leakproof, so under row-level security they come after the policy.
create table ticket_field (
  field_id bigint not null references field,
  value text not null,
  ticket_id bigint not null references ticket on delete cascade,
  primary key (field_id, value, ticket_id)
);
create index ticket_field_ticket on ticket_field (ticket_id);
comment on column ticket_field.value is 'Its first 100 characters; who asks compares with the whole.';

alter table ticket_field enable row level security;
alter table ticket_field force row level security;
create policy ticket_field_scope on ticket_field using ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = ticket_field.ticket_id));

create function firstline.keep_ticket_fields() returns trigger language plpgsql security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
begin
  if tg_op = 'UPDATE' then delete from ticket_field where ticket_id = new.id; end if;
  insert into ticket_field (field_id, value, ticket_id)
    select key::bigint, left(value, 100), new.id from jsonb_each_text(new.fields) where value is not null;
  return null;
end $$;
create trigger ticket_fields_added after insert on ticket for each row when (new.fields <> '{}') execute function firstline.keep_ticket_fields();
create trigger ticket_fields_changed after update of fields on ticket for each row when (new.fields is distinct from old.fields)
  execute function firstline.keep_ticket_fields();

-- Statuses of the company's own, on the fixed meanings.
alter table status add column version int not null default 1, add column replaced_by_id bigint references status;
comment on column status.position is 'The first of a meaning is the one that the program itself sets.';
comment on column status.replaced_by_id is 'Archived: a job gives its tickets this one.';
create table status_move (
  from_id bigint not null references status,
  to_id bigint not null references status,
  least_role text not null check (least_role in ('agent', 'lead', 'manager', 'administrator')),
  primary key (from_id, to_id),
  check (from_id <> to_id)
);
comment on table status_move is 'Moves by hand and who may make them, from this role on; without any row all are allowed. Rules, mail and time are not bound by it.';

-- Set aside by one person, for that person alone.
create table ticket_snooze (
  person_id bigint not null references person,
  ticket_id bigint not null references ticket on delete cascade,
  until timestamptz not null,
  primary key (person_id, ticket_id)
);
create index ticket_snooze_until on ticket_snooze (until);
create index ticket_snooze_ticket on ticket_snooze (ticket_id);
alter table ticket_snooze enable row level security;
alter table ticket_snooze force row level security;
create policy ticket_snooze_scope on ticket_snooze using ((select firstline.is_staff())
  and (person_id = (select firstline.person()) or (select firstline.person()) is null)) with check ((select firstline.is_staff()));

-- The requester wrote: whoever had snoozed the ticket sees it again. Definer: the writer sees nobody's snoozing.
create function firstline.wake_snoozed(ticket bigint) returns int language sql volatile security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' set firstline.person = ''
as $$
  with gone as (delete from ticket_snooze where ticket_id = $1 returning 1) select count(*)::int from gone
$$;

-- Asked every minute.
create index ticket_revisit on ticket (revisit_at) where revisit_at is not null;
