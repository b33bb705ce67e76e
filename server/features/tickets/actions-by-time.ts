import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import './events.ts'

/** What happens to tickets without anybody: in portions, each its own transaction, so that a pause loses nothing. */
const atOnce = 200
type Moved = {
  id: string
  organisation_id: string | null
  from_status: string
  from_meaning: string
  status_id: string
  meaning: string
  revisit: string | null
}

const changesOf = (row: Moved): Record<string, [unknown, unknown]> => ({
  ...(row.status_id === row.from_status ? {} : { status_id: [row.from_status, row.status_id] as [unknown, unknown] }),
  ...(row.meaning === row.from_meaning ? {} : { meaning: [row.from_meaning, row.meaning] as [unknown, unknown] }),
})

async function recordEach(context: Context, rule: string, rows: Moved[]): Promise<void> {
  for (const row of rows) {
    const changes = changesOf(row)
    await context.record({
      type: 'ticket.changed',
      subject: { kind: 'ticket', id: row.id },
      ticketId: row.id,
      organisationId: row.organisation_id,
      rule,
      audience: 'staff',
      data: { changes: Object.keys(changes).length > 0 ? changes : { revisit_at: [row.revisit, null] } },
    })
  }
}

/** The day that was set has come. What is being worked on stays in its status, and is only brought to mind. */
export async function wakeWaiting(context: Context): Promise<boolean> {
  const now = context.now.toString()
  const back = await sql<Moved>`with due as (
      select t.id, t.status_id, t.meaning, t.revisit_at, t.meaning = 'scheduled' or t.meaning like 'waiting-%' as waits from ticket t
      where t.revisit_at <= ${now} and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null
      order by t.revisit_at limit ${sql.lit(atOnce)} for update skip locked),
    s as (select id, meaning from status where meaning = 'open' and archived_at is null order by position limit 1)
    update ticket t set revisit_at = null, status_id = case when due.waits then s.id else t.status_id end,
      meaning = case when due.waits then s.meaning else t.meaning end, version = version + 1, changed_at = ${now}
    from due, s where t.id = due.id
    returning t.id, t.organisation_id, due.status_id as from_status, due.meaning as from_meaning, t.status_id, t.meaning, due.revisit_at::text as revisit`.execute(
    context.db,
  )
  await recordEach(context, 'revisit', back.rows)
  return back.rows.length === atOnce
}

type Replaced = { id: string; meaning: string; replaced_by_id: string }
export const replacedStatuses = async (db: Db): Promise<Replaced[]> =>
  (
    await sql<Replaced>`select id, meaning, replaced_by_id from status where archived_at is not null and replaced_by_id is not null`.execute(
      db,
    )
  ).rows

/** The next portion of its tickets; says after which one to go on, or null. When they last changed stays: nobody touched them. */
export async function mergeStatus(context: Context, status: Replaced, after: string): Promise<string | null> {
  const moved = await sql<Moved>`with old as (select id, status_id, meaning from ticket
      where meaning = ${status.meaning} and status_id = ${status.id} and id > ${after}::bigint order by id limit ${sql.lit(atOnce)} for update)
    update ticket t set status_id = s.id, meaning = s.meaning, version = t.version + 1 from old, status s
    where t.id = old.id and s.id = ${status.replaced_by_id}
    returning t.id, t.organisation_id, old.status_id as from_status, old.meaning as from_meaning, t.status_id, t.meaning, null as revisit`.execute(
    context.db,
  )
  await recordEach(context, 'status-merged', moved.rows)
  return moved.rows.length === atOnce ? moved.rows.map((row) => row.id).reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b)) : null
}
