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
export type SomeStanding = Standing & { ticketId: string }

export const standingOf = async (context: Context, ticketId: string): Promise<Standing | null> =>
  (await standingsOf(context, [ticketId]))[0] ?? null

/** Of several tickets in one statement; of what is not there, nothing. */
export async function standingsOf({ db, now }: Context, ticketIds: readonly string[]): Promise<SomeStanding[]> {
  const found = await sql<{
    id: string
    x: Row
  }>`select o.id, firstline.sla_of(o.id) as x from unnest(${[...ticketIds]}::bigint[]) o (id)`.execute(db)
  return found.rows.flatMap(({ id, x }) => {
    const standing = standingIn(x, now)
    return standing ? [{ ticketId: id, ...standing }] : []
  })
}

function standingIn(row: Row, now: Temporal.Instant): Standing | null {
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
