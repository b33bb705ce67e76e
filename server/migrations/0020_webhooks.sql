-- Outgoing webhooks: where to, what is to go there, and each try. Bodies are kept for seven days, and go with their ticket.
create table webhook (
  id bigint generated always as identity primary key,
  version int not null default 1,
  name text not null check (name <> ''),
  url text not null,
  types text[] not null,
  secret bytea,
  secret_before bytea,
  secret_before_until timestamptz,
  owner_id bigint not null references person,
  created_at timestamptz not null,
  failing_since timestamptz,
  switched_off_at timestamptz,
  switched_off_why text check (switched_off_why in ('hand', 'gone', 'failing')),
  archived_at timestamptz,
  check ((switched_off_at is null) = (switched_off_why is null))
);
comment on column webhook.secret is 'Sealed. Null: brought in from another desk, where secrets stay behind; it needs a new one.';
comment on column webhook.secret_before is 'While the secret is being changed both sign.';
comment on column webhook.failing_since is 'Of the first failure after the last success.';
create index webhook_owner on webhook (owner_id);

create table webhook_delivery (
  id bigint generated always as identity primary key,
  webhook_id bigint not null references webhook on delete cascade,
  ticket_id bigint references ticket on delete cascade,
  key text not null,
  type text not null,
  at timestamptz not null,
  body jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  tries int not null default 0,
  first_tried_at timestamptz,
  next_at timestamptz not null,
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null))
);
comment on column webhook_delivery.key is 'The webhook-id of the standard: the same at each try and at a replay, so that the receiver knows it again.';
create unique index webhook_delivery_once on webhook_delivery (webhook_id, key);
create index webhook_delivery_log on webhook_delivery (webhook_id, id desc);
create index webhook_delivery_due on webhook_delivery (webhook_id, next_at, id) where state = 'waiting';
create index webhook_delivery_order on webhook_delivery (webhook_id, ticket_id, id) where state = 'waiting';
create index webhook_delivery_ticket on webhook_delivery (ticket_id) where ticket_id is not null;
create index webhook_delivery_at on webhook_delivery (at);

create table webhook_try (
  id bigint generated always as identity primary key,
  delivery_id bigint not null references webhook_delivery on delete cascade,
  at timestamptz not null,
  status int,
  ms int not null,
  cause text not null default '',
  answer text not null default ''
);
comment on column webhook_try.answer is 'The first kilobyte of what the receiver answered.';
create index webhook_try_delivery on webhook_try (delivery_id, id);

alter table webhook enable row level security;
alter table webhook force row level security;
create policy webhook_staff on webhook using ((select firstline.is_staff())) with check ((select firstline.is_staff()));
alter table webhook_delivery enable row level security;
alter table webhook_delivery force row level security;
create policy webhook_delivery_scope on webhook_delivery using ((select firstline.is_staff())
  and ((select firstline.scope()) = 'all' or exists (select 1 from ticket t where t.id = webhook_delivery.ticket_id)))
  with check ((select firstline.is_staff()));
alter table webhook_try enable row level security;
alter table webhook_try force row level security;
create policy webhook_try_scope on webhook_try using ((select firstline.is_staff())
  and exists (select 1 from webhook_delivery d where d.id = webhook_try.delivery_id)) with check ((select firstline.is_staff()));

-- What any webhook waits for. Definer: whoever writes may be the requester, who sees no webhooks.
create function firstline.webhook_types() returns text[] language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on'
  as $$ select coalesce(array_agg(distinct x), '{}') from webhook w, unnest(w.types) x where w.switched_off_at is null and w.archived_at is null $$;

-- What a notice without a ticket may be about is told by the contract; here only its form.
alter table notice drop constraint notice_about_check, add constraint notice_about_check check (about ~ '^[a-z-]+$');
