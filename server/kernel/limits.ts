import { sql } from 'kysely'
import type { Kernel } from './context.ts'
import { Problem } from './problem.ts'

/**
 * Counts in the database, so that all nodes share them and a restart forgets nothing. Fixed windows, in their own
 * transaction: a refused request still counts. Fails closed: no database, no sign-in.
 */
export async function take(kernel: Kernel, bucket: string, most: number, windowSeconds: number): Promise<void> {
  const now = kernel.clock.now().epochMilliseconds
  const slot = new Date(now - (now % (windowSeconds * 1000))).toISOString()
  const hits = await kernel.transactor.transaction(async (db) => {
    const counted = await sql<{ hits: number }>`insert into rate_count (bucket, slot, hits) values (${bucket}, ${slot}, 1)
      on conflict (bucket, slot) do update set hits = rate_count.hits + 1 returning hits`.execute(db)
    return counted.rows[0]?.hits ?? 1
  })
  if (hits <= most) return
  const seconds = Math.ceil((Date.parse(slot) + windowSeconds * 1000 - now) / 1000)
  throw new Problem('too_many_requests', `Too many tries. Wait ${seconds} seconds.`, { details: { retryAfter: seconds } })
}
