-- A change of a layer holds from then on: who was on call before stays who was on call.
alter table rota_layer add held_from timestamptz, add held_to timestamptz, add former_of bigint references rota_layer on delete set null,
  add check (held_to > held_from);
comment on column rota_layer.held_from is 'Null: for as long as there has been the rota.';
comment on column rota_layer.held_to is 'Null: it holds. Else it was changed or taken out then, and is kept for what was.';
comment on column rota_layer.former_of is 'How this layer was before a change of it.';
create index rota_layer_former on rota_layer (former_of) where former_of is not null;

create or replace function firstline.rota_facts(ids bigint[], since timestamptz, until timestamptz) returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  with layers as (
    select l.*, array(select k.person_id from rota_layer_person k where k.layer_id = l.id order by k.position) as people
    from rota_layer l where l.rota_id = any(ids) and (l.held_to is null or l.held_to > since)),
  overrides as (
    select o.* from rota_override o where o.rota_id = any(ids) and o.ends_at > since and o.starts_at < until),
  named as (
    select unnest(people) as id from layers union select person_id from overrides where person_id is not null),
  asked as (
    select id from named
    union select a.substitute_id from absence a join named n on n.id = a.person_id
      where a.substitute_id is not null and a.to_on >= since::date - 1 and a.from_on <= until::date + 1),
  away as (
    select a.person_id, a.substitute_id, a.from_on::timestamp at time zone coalesce(p.time_zone, 'UTC') as from_at,
      (a.to_on + 1)::timestamp at time zone coalesce(p.time_zone, 'UTC') as to_at
    from asked k join absence a on a.person_id = k.id join person p on p.id = k.id
    where a.to_on >= since::date - 1 and a.from_on <= until::date + 1)
  select jsonb_build_object(
    'rotas', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id::text, 'archived', r.archived_at is not null,
      'layers', (select coalesce(jsonb_agg(jsonb_build_object('id', coalesce(l.former_of, l.id)::text, 'name', l.name, 'timeZone', l.time_zone, 'unit', l.unit, 'every', l.every,
          'handover', l.handover, 'weekday', l.weekday, 'startsOn', l.starts_on, 'endsOn', l.ends_on, 'hours', l.hours,
          'heldFrom', extract(epoch from l.held_from) * 1000, 'heldTo', extract(epoch from l.held_to) * 1000,
          'personIds', to_jsonb(l.people::text[])) order by l.position), '[]') from layers l where l.rota_id = r.id),
      'overrides', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id::text, 'personId', o.person_id::text,
          'from', extract(epoch from o.starts_at) * 1000, 'to', extract(epoch from o.ends_at) * 1000) order by o.id desc), '[]')
        from overrides o where o.rota_id = r.id)) order by r.id), '[]') from rota r where r.id = any(ids)),
    'timeOff', (select coalesce(jsonb_agg(jsonb_build_object('personId', w.person_id::text, 'substituteId', w.substitute_id::text,
      'from', extract(epoch from w.from_at) * 1000, 'to', extract(epoch from w.to_at) * 1000) order by w.from_at), '[]') from away w),
    'gone', (select coalesce(jsonb_agg(p.id::text), '[]') from asked k join person p on p.id = k.id where p.archived_at is not null))
$$;
