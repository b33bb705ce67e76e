import { sql } from 'kysely'
import { type Clock, Temporal } from './clock.ts'
import type { Transactor } from './db.ts'

/**
 * The database's time, which all nodes have in common, carried on between two looks by a timer that nobody can set. A
 * node whose own clock is wrong, or is set while it runs, acts at the right time all the same: no deadline passes early.
 */
export type CommonClock = Clock & { heard(databaseAt: number, askedAt: number, answeredAt: number): void }

/** Less is the way of the answer, not a wrong clock: time is not to run in small steps back and forth. */
const tolerance = 250
const lookEvery = 10_000

export function commonClock(ownAt = Date.now(), timer = () => performance.now()): CommonClock {
  let zero = ownAt - timer()
  let heardOnce = false
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(Math.floor(zero + timer())),
    heard(databaseAt, askedAt, answeredAt) {
      const found = databaseAt - (askedAt + answeredAt) / 2
      if (heardOnce && Math.abs(found - zero) <= tolerance + (answeredAt - askedAt) / 2) return
      heardOnce = true
      zero = found
    },
  }
}

export async function followDatabase(clock: CommonClock, transactor: Transactor): Promise<{ stop(): void }> {
  const look = () =>
    transactor
      .transaction(async (db) => {
        const asked = performance.now()
        const found = await sql<{ at: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`.execute(db)
        clock.heard(found.rows[0]!.at, asked, performance.now())
      })
      // Without a database there is nothing to do at any time; the next look finds it.
      .catch(() => {})
  await look()
  const timer = setInterval(look, lookEvery)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
