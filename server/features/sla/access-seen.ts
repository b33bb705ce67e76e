import { sql } from 'kysely'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ClockFacts } from './rules-clock.ts'
import { clockOf, type Json, momentOf } from './rules-kept.ts'
import { pastOf } from './rules-past.ts'
import type { Moment } from './rules-terms.ts'

/** What the clocks of a ticket saw until now, and what they would see of it now. */
export type Standing = { edition: string; seen: Moment; history: Moment[]; created: Moment[]; open: ClockFacts[] }
type Row = { edition: string; seen: Json | null; moments: Json[]; clocks: Json[] }

export async function standingOf({ db, now }: Context, ticketId: string): Promise<Standing | null> {
  const found = await sql<{ x: Row }>`select firstline.sla_of(${ticketId}) as x`.execute(db)
  const row = found.rows[0]!.x
  if (!row.seen) return null
  const seen = { ...momentOf(row.seen), at: now.epochMilliseconds }
  const history = row.moments.map(momentOf)
  return { edition: row.edition, seen, history, created: history.length > 0 ? [] : before(row.seen, seen), open: row.clocks.map(clockOf) }
}

/** Of a ticket that is older than its first moment (from before there were clocks, or imported). */
export function before(row: Json, now: Moment): Moment[] {
  const at = (value: unknown) => Temporal.Instant.from(String(value)).epochMilliseconds
  const events = ((row.events ?? []) as { at: string; type: string; data: Json }[]).map((event) => ({ ...event, at: at(event.at) }))
  return pastOf(now, at(row.at), row.answered_at === null ? null : at(row.answered_at), events)
}
