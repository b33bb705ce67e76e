-- Know the customer: who speaks for it and who may order, who looks after it here, its documents and dated notes, its
-- numbers in other systems, and how far the path "add a customer" has come. Special handling and sites stand in 0002.
alter table site add column opening text not null default '';
comment on column site.opening is 'Opening hours in words; access_note says how one gets in.';

create table customer (
  organisation_id bigint primary key references organisation on delete cascade,
  version int not null default 1,
  in_charge_id bigint references person,
  deputy_id bigint references person,
  team_id bigint references team,
  other_numbers jsonb not null default '[]',
  changed_at timestamptz not null
);
comment on table customer is 'Without a row nothing was said yet; its version counts as 1.';
comment on column customer.other_numbers is 'How others call it: [{"system", "number", "link"}].';

create table customer_contact (
  id bigint generated always as identity primary key,
  version int not null default 1,
  organisation_id bigint not null references organisation on delete cascade,
  person_id bigint not null references person,
  roles text[] not null default '{}' check (roles <@ array['main', 'technical', 'billing', 'security']),
  orders text not null default 'no' check (orders in ('yes', 'no')),
  order_limit text not null default '',
  approves text not null default 'no' check (approves in ('yes', 'no')),
  note text not null default '',
  created_at timestamptz not null,
  unique (organisation_id, person_id)
);
comment on column customer_contact.order_limit is 'Up to what, in words; empty: without a limit.';
create index customer_contact_person on customer_contact (person_id);

create table customer_note (
  id bigint generated always as identity primary key,
  version int not null default 1,
  organisation_id bigint not null references organisation on delete cascade,
  body text not null check (body <> ''),
  created_at timestamptz not null,
  author_id bigint references person,
  changed_at timestamptz
);
create index customer_note_of on customer_note (organisation_id, id desc);

create table document (
  id bigint generated always as identity primary key,
  version int not null default 1,
  organisation_id bigint not null references organisation on delete cascade,
  title text not null check (title <> ''),
  audience text not null default 'staff' check (audience in ('staff', 'customer')),
  pinned text not null default 'no' check (pinned in ('yes', 'no')),
  created_at timestamptz not null
);
comment on column document.audience is 'customer: also the viewers of the organisation, in the portal.';
comment on column document.pinned is 'Stands beside each ticket of the organisation.';
create index document_of on document (organisation_id, id desc);

create table document_file (
  id bigint generated always as identity primary key,
  document_id bigint not null references document on delete cascade,
  number int not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null references file,
  added_at timestamptz not null,
  added_by_id bigint references person,
  unique (document_id, number)
);
comment on table document_file is 'The versions of a document; the highest number is the one in force.';
create index document_file_sha256 on document_file (sha256);

create table customer_path (
  organisation_id bigint primary key references organisation on delete cascade,
  not_needed text[] not null default '{}',
  begun_at timestamptz not null,
  begun_by_id bigint references person,
  finished_at timestamptz
);
comment on column customer_path.not_needed is 'Steps that somebody set aside; whether another is done is seen from what is there.';
create index customer_path_open on customer_path (begun_at desc, organisation_id desc) where finished_at is null;

-- What staff know of a customer is theirs alone; of documents its viewers see those that are for them.
do $$
declare name text;
begin
  foreach name in array array['customer', 'customer_contact', 'customer_note', 'customer_path'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($p$create policy %I on %I using ((select firstline.is_staff())
      and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])))$p$, name || '_scope', name);
  end loop;
end $$;
alter table document enable row level security;
alter table document force row level security;
create policy document_scope on document using (((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[]))
  and ((select firstline.is_staff()) or audience = 'customer'))
  with check ((select firstline.is_staff()) and ((select firstline.scope()) = 'all' or organisation_id = any ((select firstline.organisations())::bigint[])));
alter table document_file enable row level security;
alter table document_file force row level security;
create policy document_file_scope on document_file using (exists (select 1 from document d where d.id = document_file.document_id));
