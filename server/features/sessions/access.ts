import { sql } from 'kysely'
import { standingOf } from '../../kernel/actor.ts'
import type { FindActor } from '../../kernel/http.ts'
import { actorOf, isStaffRole } from '../people/rules.ts'
import { hasPassed, isIdle } from './rules.ts'

/** What the browser asks for by itself, without a person's doing. It must not keep a session alive (G-091). */
const background = new Set(['GET /api/live', 'PUT /api/presence'])

/** Who stands behind the token of a session or of the API; undefined when it is unknown, ended, too old or unused too long. */
export const findActor: FindActor = async (db, tokenHash, kernel, asked) => {
  const now = kernel.clock.now()
  const standing = await standingOf(db, tokenHash, now)
  if (!standing) return undefined
  const actor = actorOf(standing)
  const staff = actor.grants.some((grant) => isStaffRole(grant.role))
  if (isIdle(standing, staff, actor.pending, now)) return undefined
  const silent = asked.background || background.has(asked.route)
  if (!silent && (standing.seen_at === null || hasPassed(standing.seen_at, { minutes: 1 }, now)))
    await sql`select firstline.touch(${standing.session_id}::bigint, ${standing.token_id}::bigint, ${now.toString()})`.execute(db)
  return actor
}
