import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Context } from './context.ts'
import { sendWithCommit } from './db.ts'
import { Problem } from './problem.ts'
import type { Place } from './secrets.ts'

/**
 * Idempotency-Key: (actor, route, key) is inserted first in the request's transaction, so a second request with the
 * same key waits for the first to commit and then gets its answer. Kept for 24 hours.
 *
 * Nobody waits for the insert: the action's first statements travel with it. Where the key is taken, PostgreSQL refuses
 * all that follows in this transaction, and the kept answer is read in another one. Answers are sealed: some tell a key once.
 */
export type Kept = { status: number; answer: unknown }
export class KeyTaken extends Error {}

const hashOf = (body: unknown): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest()
const actorOf = (context: Context): string => context.actor.id ?? 'anonymous'

export function claim(context: Context, route: string, key: string, body: unknown): Promise<void> {
  const claimed = sql`insert into idempotency (actor, route, key, request_hash, at)
    values (${actorOf(context)}, ${route}, ${key}, ${hashOf(body)}, ${context.now.toString()})`
    .execute(context.db)
    .then(
      () => {},
      (cause: { constraint?: string }) => {
        throw cause.constraint === 'idempotency_pkey' ? new KeyTaken() : cause
      },
    )
  claimed.catch(() => {})
  return claimed
}

export async function kept(context: Context, route: string, key: string, body: unknown): Promise<Kept> {
  const actor = actorOf(context)
  const found = await sql<{ request_hash: Buffer; status: number | null; answer: unknown }>`
    select request_hash, status, answer from idempotency where actor = ${actor} and route = ${route} and key = ${key}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw new Problem('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.')
  if (!row.request_hash.equals(hashOf(body)))
    throw new Problem('idempotency_key_reused', 'This Idempotency-Key was used for another request.')
  return { status: row.status ?? 200, answer: opened(context, placeOf(actor, route, key), row.answer) }
}

const placeOf = (actor: string, route: string, key: string) => ({ table: 'idempotency', column: 'answer', row: `${actor} ${route} ${key}` })

/** What a version before this one kept is not sealed, and never a string. */
function opened({ kernel }: Context, place: Place, answer: unknown): unknown {
  if (typeof answer !== 'string') return answer
  try {
    return JSON.parse(kernel.secrets.open(Buffer.from(answer, 'base64'), place))
  } catch {
    throw new Problem('idempotency_key_reused', 'This was done, and its answer was sealed with a key that is gone. Look at what was made.')
  }
}

export function keep(context: Context, route: string, key: string, status: number, answer: string): void {
  const actor = actorOf(context)
  const sealed = answer === '' ? null : context.kernel.secrets.seal(answer, placeOf(actor, route, key)).toString('base64')
  const keeping = sql`update idempotency set status = ${status}, answer = to_jsonb(${sealed}::text)
    where actor = ${actor} and route = ${route} and key = ${key}`
  sendWithCommit(context.db, keeping)
}
