-- Where nothing is agreed and nothing was, the clocks have nothing to look at: what happened to a ticket is in its events,
-- and a first agreement counts from those.
create or replace function firstline.sla_of(of_ticket bigint) returns jsonb language sql stable security definer
  set search_path = public, pg_temp set firstline.scope = 'all' set firstline.staff = 'on' as $$
  select case when exists (select from agreement where archived_at is null) or exists (select from sla_moment where ticket_id = of_ticket)
    then jsonb_build_object('edition', firstline.sla_edition(), 'seen', firstline.sla_seen(of_ticket),
      'moments', (select coalesce(jsonb_agg(to_jsonb(m) order by m.id), '[]') from sla_moment m where m.ticket_id = of_ticket),
      'clocks', (select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]') from sla_clock c where c.ticket_id = of_ticket and c.ended_at is null))
    else jsonb_build_object('edition', '', 'seen', null, 'moments', '[]'::jsonb, 'clocks', '[]'::jsonb) end
$$;
