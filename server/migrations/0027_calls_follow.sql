-- A promise to call back, and the calls that were taken, go with a merged ticket, and come home when that is undone.
alter table call_back add column merged_from_id bigint;
alter table call add column merged_from_id bigint;
comment on column call_back.merged_from_id is 'The ticket at which it was at home before a merge.';
comment on column call.merged_from_id is 'As in call_back.';
