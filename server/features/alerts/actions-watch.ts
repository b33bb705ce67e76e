import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import './events.ts'

/** A source that used to speak and does not is told of once; the next word of it begins anew. */
export async function tellSilent(context: Context): Promise<void> {
  const at = context.now.toString()
  const found = await sql<{ id: string; organisation_id: string | null; minutes: number }>`update alert_source set silent_told_at = ${at}
    where archived_at is null and silent_told_at is null and heartbeat_minutes is not null
      and heard_at < ${at}::timestamptz - make_interval(mins => heartbeat_minutes)
    returning id, organisation_id, floor(extract(epoch from ${at}::timestamptz - heard_at) / 60)::int as minutes`.execute(context.db)
  for (const { id, organisation_id, minutes } of found.rows)
    await context.record({
      type: 'alert-source.silent',
      subject: { kind: 'alert-source', id },
      organisationId: organisation_id,
      audience: 'staff',
      data: { minutes },
    })
}

const portion = 5000
/** What machines told is kept for thirty days, alerts that are over for a year. */
export async function forgetOld({ db, now }: Context): Promise<number> {
  const before = now.subtract({ hours: 24 * 30 }).toString()
  const events =
    await sql`delete from alert_event where id in (select id from alert_event where at < ${before} and folded_at is not null limit ${sql.lit(portion)})`.execute(
      db,
    )
  const changes =
    await sql`delete from alert_change where id in (select id from alert_change where at < ${before} limit ${sql.lit(portion)})`.execute(db)
  const alerts =
    await sql`delete from alert where id in (select id from alert where state = 'cleared' and last_at < ${now.subtract({ hours: 24 * 365 }).toString()}
    order by last_at limit ${sql.lit(portion)})`.execute(db)
  return Math.max(...[events, changes, alerts].map((one) => Number(one.numAffectedRows ?? 0))) === portion ? portion : 0
}
