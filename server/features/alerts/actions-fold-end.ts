import { sql } from 'kysely'
import { Temporal } from '../../kernel/clock.ts'
import { job } from '../../kernel/jobs.ts'
import type { Row, Silence, Storm } from './access-folding.ts'
import type { Desk } from './actions-tickets.ts'
import './events.ts'

/** A portion while it is being folded, and its end: everything that changed is written at once. */
export type Fold = Desk & {
  now: number
  rows: Map<string, Row>
  dirty: Set<Row>
  lines: Set<Row>
  clearedStorms: Map<string, string>
  ids: string[]
  silences: Silence[]
  storm: Storm | undefined
  joined: boolean
  lately: number
}

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

export type Outcome = { id: string; alertId: string | null; outcome: string }
export async function writeFold({ context, source, dirty, storm, joined }: Fold, outcomes: Outcome[]): Promise<void> {
  const { db } = context
  const at = context.now.toString()
  if (joined && storm) await sql`update alert_storm set last_at = ${at} where id = ${storm.id}`.execute(db)
  const rows = [...dirty].map((row) => ({
    ...row,
    began: iso(row.began),
    first: iso(row.first),
    last: iso(row.last),
    opens: iso(row.opens),
    opened: iso(row.opened),
    acknowledged: iso(row.acknowledged),
    cleared: iso(row.cleared),
    hold: iso(row.hold),
    told: iso(row.told),
  }))
  if (rows.length > 0)
    await sql`insert into alert (id, source_id, organisation_id, key, device, condition, severity, summary, state, count, streak, began_at, first_at, last_at, opens_at,
        opened_at, acknowledged_at, cleared_at, hold_until, turns, ticket_id, storm_id, previous_id, line_id, told_at, details) overriding system value
      select x.id, ${source.id}::bigint, ${source.organisation_id}::bigint, x.key, x.device, x.condition, x.severity, x.summary, x.state, x.count, x.streak, x.began, x.first,
        x.last, x.opens, x.opened, x.acknowledged, x.cleared, x.hold, x.turns, x."ticketId", x."stormId", x."previousId", x."lineId", x.told, x.details
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (id bigint, key text, device text, condition text, severity text, summary text, state text, count int,
        streak int, began timestamptz, first timestamptz, last timestamptz, opens timestamptz, opened timestamptz, acknowledged timestamptz, cleared timestamptz,
        hold timestamptz, turns jsonb, "ticketId" bigint, "stormId" bigint, "previousId" bigint, "lineId" bigint, told timestamptz, details jsonb)
      order by x.state <> 'cleared', x.id
      on conflict (id) do update set device = excluded.device, condition = excluded.condition, severity = excluded.severity, summary = excluded.summary,
        state = excluded.state, count = excluded.count, streak = excluded.streak, began_at = excluded.began_at, last_at = excluded.last_at, opened_at = excluded.opened_at,
        acknowledged_at = excluded.acknowledged_at, cleared_at = excluded.cleared_at, hold_until = excluded.hold_until, turns = excluded.turns,
        ticket_id = excluded.ticket_id, storm_id = excluded.storm_id, line_id = excluded.line_id, told_at = excluded.told_at, details = excluded.details`.execute(
      db,
    )
  if (outcomes.length === 0) return
  await sql`update alert_event e set folded_at = ${at}::timestamptz, alert_id = x."alertId", outcome = x.outcome
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as x (id bigint, "alertId" bigint, outcome text) where e.id = x.id`.execute(
    db,
  )
  await sql`update alert_source set heard_at = ${at}, silent_told_at = null where id = ${source.id}`.execute(db)
}

/** The next moment at which something comes due by itself. */
export function comeBack(fold: Fold, waiting: readonly Row[]): void {
  const { source, now } = fold
  const all = new Set([...fold.dirty, ...waiting])
  const times = [...all].flatMap((row) => [
    row.state === 'waiting' && row.streak >= source.consecutive ? row.opens : null,
    row.state === 'cleared' ? null : row.hold,
    row.state === 'suppressed' ? Math.min(...fold.silences.map((one) => one.until ?? Number.POSITIVE_INFINITY)) : null,
  ])
  const next = Math.min(...times.filter((at): at is number => at !== null && at > now))
  if (!Number.isFinite(next)) return
  const at = Temporal.Instant.fromEpochMilliseconds(Math.ceil(next))
  fold.context.later(
    job('alerts.fold', { sourceId: source.id }, { queue: `alerts:${source.id}`, key: `alerts.fold:${source.id}:later`, at }),
  )
}
