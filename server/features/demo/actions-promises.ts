import { sql } from 'kysely'
import type { Actor } from '../../kernel/actor.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { inThePast } from '../../kernel/history.ts'
import { accessClock } from '../sla/access-clocks.ts'
import { sayCause } from '../sla/actions.ts'
import { moveClocks } from '../sla/actions-clocks.ts'

/**
 * What became of the promises of the last ten weeks: the clocks of tickets that are finished, from all that happened to
 * them; and why the missed ones were missed, as whoever leads the desk said it the morning after, most of the time.
 */
const days = 70
const atOnce = 200

export async function keepPromises(kernel: Kernel, lead: Actor): Promise<void> {
  const ids = await kernel.asSystem(finished)
  for (let n = 0; n < ids.length; n += atOnce)
    await kernel.asSystem(async (context) => {
      context.many = true
      for (const id of ids.slice(n, n + atOnce)) await moveClocks(context, id)
    })
  await sayWhy(kernel, lead)
}

async function finished({ db, now }: Context): Promise<string[]> {
  const found = await sql<{
    id: string
  }>`select id from ticket where meaning in ('resolved', 'closed') and merged_into_id is null and deleted_at is null
    and created_at >= ${now.subtract({ hours: 24 * days }).toString()}::timestamptz order by id`.execute(db)
  return found.rows.map(({ id }) => id)
}

type Missed = { id: string; ended: string; cause: string }
/** By what happened to the ticket: passed on, with a vendor, or one of the usual ones. Of every fourth nobody said it. */
const missed = ({ db, now }: Context) =>
  sql<Missed>`select c.id, c.ended_at::text as ended, b.id as cause
  from sla_clock c join ticket t on t.id = c.ticket_id cross join lateral (select case when t.passed_count > 0 then 2
    when exists (select 1 from sla_moment m where m.ticket_id = t.id and m.meaning = 'waiting-vendor') then 3
    else (array[1, 5, 6, 1, 5])[1 + c.id % 5] end as position) x join breach_cause b on b.position = x.position
  where c.kind = 'sla' and c.state = 'missed' and t.restricted_at is null and c.id % 4 <> 0 and c.ended_at < ${now.subtract({ hours: 20 }).toString()}::timestamptz
  order by c.ended_at, c.id`.execute(db)

async function sayWhy(kernel: Kernel, lead: Actor): Promise<void> {
  const { rows } = await kernel.asSystem(missed)
  await inThePast(kernel, async (actAs) => {
    for (const { id, ended, cause } of rows) {
      const morning = actAs(lead, Temporal.Instant.from(ended.replace(' ', 'T')).add({ hours: 18 }))
      await sayCause(morning, await accessClock(morning, id), { causeId: cause, note: '' })
    }
  })
}
