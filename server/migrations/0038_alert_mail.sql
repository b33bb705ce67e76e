-- Alerts by mail (to an address with a key in it), Opsgenie's API, and alerts that are signed.
alter table alert_source drop constraint alert_source_kind_check;
alter table alert_source add constraint alert_source_kind_check check (kind in ('pagerduty', 'alertmanager', 'webhook', 'mail', 'opsgenie'));
alter table alert_source add column mailbox_id bigint references mailbox, add column signing_secret bytea, add column timestamp_header text not null default '';
alter table alert_source add constraint alert_source_mailbox check (kind <> 'mail' or mailbox_id is not null);
create index alert_source_mailbox on alert_source (mailbox_id) where mailbox_id is not null;
comment on column alert_source.signing_secret is 'Sealed. What it sends must be signed with it; null: its key is enough.';
comment on column alert_source.timestamp_header is 'In which header it says when it signed.';

alter table inbound_mail drop constraint inbound_mail_verdict_check;
alter table inbound_mail add constraint inbound_mail_verdict_check
  check (verdict in ('pending', 'created', 'followed-up', 'ignored', 'bounced', 'quarantined', 'alert'));

-- Whose key stands in the address help+alert-<key>@...; for the post, which asks at the door, before anybody is declared.
create function firstline.machine_address(tag text) returns bigint language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select id from alert_source where key_hash = sha256(convert_to(tag, 'UTF8')) and kind = 'mail' and archived_at is null
$$;
