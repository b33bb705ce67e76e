import { sql } from 'kysely'
import type { Severity } from '../../../contract/alerts.ts'
import type { Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { SourceFacts } from './access-sources.ts'
import { type Action, type AlertState, stormWindowMinutes, type TicketStand } from './rules.ts'
import type { Told } from './rules-reading.ts'

/** What the job that folds needs of the database, in few questions whatever the number of alerts. */
export type Teller = Granted<SourceFacts, 'alert.tell'>
export type Details = Pick<Told, 'text' | 'runbook' | 'links' | 'values'>
/** Times in milliseconds of Unix time, as the rules take them. */
export type Row = {
  id: string
  key: string
  device: string
  condition: string
  severity: Severity
  summary: string
  state: AlertState
  count: number
  streak: number
  began: number | null
  first: number
  last: number
  opens: number | null
  opened: number | null
  acknowledged: number | null
  cleared: number | null
  hold: number | null
  turns: number[]
  ticketId: string | null
  stormId: string | null
  previousId: string | null
  lineId: string | null
  told: number | null
  details: Details
  stand: TicketStand
  ended: number | null
}
export type Event = {
  id: string
  at: number
  key: string
  action: Action
  severity: Severity
  summary: string
  body: Omit<Told, 'key' | 'action' | 'severity' | 'summary'>
}

const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`)
const columns = sql`a.id, a.key, a.device, a.condition, a.severity, a.summary, a.state, a.count, a.streak, ${ms('a.began_at')} as began, ${ms('a.first_at')} as first,
  ${ms('a.last_at')} as last, ${ms('a.opens_at')} as opens, ${ms('a.opened_at')} as opened, ${ms('a.acknowledged_at')} as acknowledged,
  ${ms('a.cleared_at')} as cleared, ${ms('a.hold_until')} as hold, a.turns, t.id as "ticketId", a.storm_id as "stormId", a.previous_id as "previousId",
  a.line_id as "lineId", ${ms('a.told_at')} as told, a.details, case when t.id is null then 'none' when t.meaning = 'closed' or t.meaning = 'cancelled' or t.deleted_at is not null then 'closed'
    when t.meaning = 'resolved' then 'resolved' else 'working' end as stand, ${ms('coalesce(t.closed_at, t.resolved_at, t.deleted_at)')} as ended`
const joins = sql`alert a left join ticket t on t.id = firstline.survivor(a.ticket_id)`

/** One at a time for a source, whatever the number of nodes. */
export const lockSource = ({ db }: Context, id: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`alerts:${id}`}, 32))`.execute(db)

export const atOnce = 500
export const waitingEvents = async ({ db }: Context, sourceId: string): Promise<Event[]> =>
  (
    await sql<Event>`select id, ${ms('at')} as at, key, action, severity, summary, body from alert_event
      where source_id = ${sourceId} and folded_at is null order by id limit ${sql.lit(atOnce)}`.execute(db)
  ).rows

/** The newest alert of each key. */
export const rowsByKey = async ({ db }: Context, sourceId: string, keys: readonly string[]): Promise<Row[]> =>
  (
    await sql<Row>`select distinct on (a.key) ${columns} from ${joins} where a.source_id = ${sourceId} and a.key = any(${[...keys]}::text[])
      order by a.key, a.id desc`.execute(db)
  ).rows

/** Whose time may have come: they wait, were suppressed, or must hold. */
export const rowsDue = async ({ db }: Context, sourceId: string): Promise<Row[]> =>
  (
    await sql<Row>`select ${columns} from ${joins} where a.source_id = ${sourceId}
      and (a.state in ('waiting', 'suppressed') or (a.hold_until is not null and a.state <> 'cleared')) order by a.id limit 2000`.execute(
      db,
    )
  ).rows

export type Silence = { device: string; until: number | null }
export const silencesNow = async ({ db, now }: Context, sourceId: string): Promise<Silence[]> =>
  (
    await sql<Silence>`select lower(device) as device, ${ms('until_at')} as until from alert_silence where ended_at is null and from_at <= ${now.toString()}
      and (until_at is null or until_at > ${now.toString()}) and (source_id is null or source_id = ${sourceId})`.execute(db)
  ).rows

export type Storm = { id: string; ticketId: string; priority: number }
export async function stormNow({ db, now }: Context, sourceId: string): Promise<{ storm: Storm | undefined; lately: number }> {
  const since = now.subtract({ minutes: stormWindowMinutes }).toString()
  const storm =
    await sql<Storm>`select x.id, t.id as "ticketId", t.priority from alert_storm x join ticket t on t.id = firstline.survivor(x.ticket_id)
    where x.source_id = ${sourceId} and x.last_at > ${since} and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null
    order by x.id desc limit 1`.execute(db)
  const lately = await sql<{
    n: number
  }>`select count(*)::int as n from (select 1 from alert where source_id = ${sourceId} and opened_at > ${since} limit 2000) x`.execute(db)
  return { storm: storm.rows[0], lately: lately.rows[0]?.n ?? 0 }
}

/** Tickets that the source opened for single alerts within the window: they become parts of the storm. */
export const lonelyTickets = async ({ db, now }: Context, sourceId: string): Promise<string[]> =>
  (
    await sql<{ id: string }>`select distinct t.id from alert a join ticket t on t.id = a.ticket_id
      where a.source_id = ${sourceId} and a.opened_at > ${now.subtract({ minutes: stormWindowMinutes }).toString()} and a.storm_id is null
      and t.merged_into_id is null and t.deleted_at is null order by t.id limit 50`.execute(db)
  ).rows.map((row) => row.id)

/** A person did something to it: from then on the machine only tells, and resolves nothing. */
export async function isTouched({ db }: Context, ticketId: string): Promise<boolean> {
  const found =
    await sql`select 1 from event where ticket_id = ${ticketId} and (actor_id is not null or type = 'page.acknowledged') limit 1`.execute(
      db,
    )
  return found.rows.length > 0
}

export type TicketNow = { meaning: Meaning; gone: boolean }
export async function ticketNow({ db }: Context, id: string): Promise<TicketNow | undefined> {
  const found =
    await sql<TicketNow>`select meaning, deleted_at is not null or merged_into_id is not null as gone from ticket where id = ${id}`.execute(
      db,
    )
  return found.rows[0]
}

export async function stormLives({ db }: Context, stormId: string): Promise<boolean> {
  const found = await sql`select 1 from alert where storm_id = ${stormId} and state <> 'cleared' limit 1`.execute(db)
  return found.rows.length > 0
}

/** Numbers for alerts that are to be, so that what is opened for them can name them. */
export const newIds = async ({ db }: Context, howMany: number): Promise<string[]> =>
  (
    await sql<{
      id: string
    }>`select nextval(pg_get_serial_sequence('alert', 'id'))::text as id from generate_series(1, ${sql.lit(howMany)})`.execute(db)
  ).rows.map((row) => row.id)
