import { sql } from 'kysely'
import type { Db } from '../../kernel/db.ts'

/**
 * From the clocks of agreements with customers to figures: which targets were kept, how long missed ones stayed open, and
 * who had the ticket for how much of the working time. It reads what the clocks came to and counts no time of its own.
 * Stands on ticket_figure, which is written before.
 */
const traitNames = ['organisation_id', 'team_id', 'assignee_id', 'kind', 'priority', 'channel', 'restricted_at', 'deleted_at', 'left_out']
const traits = sql.raw(traitNames.join(', '))
const traitsOfFigure = sql.raw(traitNames.map((name) => `f.${name}`).join(', '))

/** Where each value of a span stands (sla/rules-kept.ts). */
const [whatAt, teamAt, businessAt] = [2, 5, 9].map((n) => sql.raw(String(n)))
const worked = sql`(s ->> ${businessAt})::float8 / 1000`

const clocks = (ids: string[]) =>
  sql`clock as (select c.id, c.ticket_id, c.target, c.state, c.attached_at, c.ended_at, c.breached_at, c.used_business_ms, c.spans, c.agreement_id, c.cause_id,
      f.resolved_at, ${traitsOfFigure} from sla_clock c join ticket_figure f using (ticket_id)
    where c.ticket_id = any(${ids}::bigint[]) and c.kind = 'sla' and c.state <> 'cancelled')`

export async function deriveTargets(db: Db, ids: string[], before: 'delete' | 'nothing'): Promise<void> {
  if (ids.length === 0) return
  if (before === 'delete')
    for (const table of ['ticket_target', 'ticket_breach', 'ticket_holding'])
      await sql`delete from ${sql.table(table)} where ticket_id = any(${ids}::bigint[])`.execute(db)
  const found = await sql<{ id: string }>`select distinct ticket_id as id from sla_clock where ticket_id = any(${ids}::bigint[])`.execute(
    db,
  )
  const promised = found.rows.map(({ id }) => id)
  if (promised.length === 0) return
  await keepTargets(db, promised)
  await keepBreaches(db, promised)
  await keepHoldings(db, promised)
}

async function keepTargets(db: Db, ids: string[]): Promise<void> {
  await sql`with ${clocks(ids)},
    last as (select distinct on (ticket_id, target) * from clock order by ticket_id, target, id desc),
    whole as (select ticket_id, target, max(ended_at) as ended_at, bool_or(state = 'missed') as missed,
        (array_agg(cause_id order by id desc) filter (where state = 'missed' and cause_id is not null))[1] as cause_id
      from clock group by ticket_id, target having bool_and(ended_at is not null))
    insert into ticket_target (ticket_id, target, state, ended_at, used_seconds, paused_seconds, agreement_id, cause_id, ${traits})
      select ticket_id, target, case when w.missed then 'missed' else 'met' end, w.ended_at, c.used_business_ms / 1000.0,
        (select coalesce(sum(${worked}), 0) from jsonb_array_elements(c.spans) s where s ->> ${whatAt} = 'paused'), c.agreement_id, w.cause_id, ${traits}
      from whole w join (select ticket_id, target, used_business_ms, spans, agreement_id, ${traits} from last) c using (ticket_id, target)
      order by ticket_id, target`.execute(db)
}

/** A clock that goes on after a reopening was late before it began anew: it is from then on, not from before. */
async function keepBreaches(db: Db, ids: string[]): Promise<void> {
  await sql`with ${clocks(ids)},
    late as (select ticket_id, target, greatest(breached_at, attached_at) as from_at, coalesce(ended_at, 'infinity') as until_at from clock where breached_at is not null),
    missed as (select * from late where from_at < until_at union all select ticket_id, 'any', from_at, until_at from late where from_at < until_at),
    joined as (select ticket_id, target, unnest(range_agg(tstzrange(from_at, until_at))) as span from missed group by ticket_id, target)
    insert into ticket_breach (ticket_id, target, nth, from_at, until_at, ${traits})
      select j.ticket_id, j.target, row_number() over (partition by j.ticket_id, j.target order by lower(j.span)), lower(j.span), upper(j.span), ${traitsOfFigure}
      from joined j join ticket_figure f using (ticket_id)`.execute(db)
}

async function keepHoldings(db: Db, ids: string[]): Promise<void> {
  await sql`with ${clocks(ids)},
    last as (select distinct on (ticket_id) * from clock where target in ('resolution', 'fulfilment') and resolved_at is not null and ended_at is not null
      order by ticket_id, id desc)
    insert into ticket_holding (ticket_id, holder_id, seconds, resolved_at, ${traits})
      select ticket_id, x.holder_id, x.seconds, resolved_at, ${traits} from last cross join lateral (
        select (s ->> ${teamAt})::bigint as holder_id, sum(${worked}) as seconds from jsonb_array_elements(last.spans) s
        where s ->> ${whatAt} = 'ran' and s ->> ${teamAt} is not null group by 1) x
      order by ticket_id, x.holder_id`.execute(db)
}
