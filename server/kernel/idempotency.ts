import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Context } from './context.ts'
import { Problem } from './problem.ts'

/**
 * Idempotency-Key: (actor, route, key) is inserted first in the request's transaction, so a second request with the
 * same key waits for the first to commit and then gets its answer. Kept for 24 hours.
 */
export type Kept = { status: number; answer: unknown }

export async function begin(context: Context, route: string, key: string, body: unknown): Promise<Kept | undefined> {
  const actor = context.actor.id ?? 'anonymous'
  const hash = createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest()
  const taken = await sql`insert into idempotency (actor, route, key, request_hash, at)
    values (${actor}, ${route}, ${key}, ${hash}, ${context.now.toString()}) on conflict do nothing`.execute(context.db)
  if (taken.numAffectedRows === 1n) return undefined
  const kept = await sql<{ request_hash: Buffer; status: number | null; answer: unknown }>`
    select request_hash, status, answer from idempotency where actor = ${actor} and route = ${route} and key = ${key}`.execute(context.db)
  const row = kept.rows[0]
  if (!row) throw new Problem('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.')
  if (!row.request_hash.equals(hash)) throw new Problem('idempotency_key_reused', 'This Idempotency-Key was used for another request.')
  return { status: row.status ?? 200, answer: row.answer }
}

export async function keep(context: Context, route: string, key: string, status: number, answer: string): Promise<void> {
  await sql`update idempotency set status = ${status}, answer = ${answer === '' ? null : answer}::jsonb
    where actor = ${context.actor.id ?? 'anonymous'} and route = ${route} and key = ${key}`.execute(context.db)
}
