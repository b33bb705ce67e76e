import { sql } from 'kysely'
import type { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import type { Client } from '../../kernel/routes.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { sessionLife } from './rules.ts'
import './events.ts'

/** How somebody proved to be who they are. A passkey and a sample card are both factors at once. */
export type How = 'password' | 'link' | 'passkey' | 'card' | 'oidc'
/** What another house vouched for: the second factor, and for how long it is believed. */
type Vouched = { secondFactor?: boolean; life?: Temporal.DurationLike }
export type Started = { sessionId: string; token: string }

/** A new session with a new token, whatever the browser held before (G-089). */
export async function startSession(context: Context, personId: string, how: How, client: Client, vouched: Vouched = {}): Promise<Started> {
  const token = newToken()
  const bothFactors = how === 'passkey' || how === 'card' || vouched.secondFactor === true
  const row = await context.db
    .insertInto('session')
    .values({
      person_id: personId,
      token_hash: hashOf(token),
      created_at: context.now,
      seen_at: context.now,
      expires_at: context.now.add(vouched.life ?? sessionLife),
      how,
      second_factor_at: bothFactors ? context.now : null,
      client: client.name,
      address: client.address,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await context.record({
    type: 'session.started',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, sessionId: row.id, how },
  })
  return { sessionId: row.id, token }
}

/** The second step was given: the half session becomes a whole one under a new token. */
export async function completeSession(context: Context, sessionId: string, personId: string, how: string): Promise<string> {
  const token = newToken()
  await context.db
    .updateTable('session')
    .set({ token_hash: hashOf(token), second_factor_at: context.now, seen_at: context.now })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute()
  await context.record({
    type: 'session.second-factor-given',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, sessionId, how },
  })
  return token
}

type Why = 'sign-out' | 'revoked' | 'password-changed' | 'by-administrator' | 'archived'

/** Ends a person's sessions: one, all, or all but one. Returns how many. */
export async function endSessions(
  context: Context,
  personId: string,
  why: Why,
  which: { only?: string | undefined; but?: string | null } = {},
): Promise<number> {
  const ended = await sql<{ id: string }>`update session set ended_at = ${context.now.toString()}
    where person_id = ${personId} and ended_at is null
      and (${which.only ?? null}::bigint is null or id = ${which.only ?? null}::bigint) and id is distinct from ${which.but ?? null}::bigint
    returning id`.execute(context.db)
  const count = ended.rows.length
  if (count > 0)
    await context.record({
      type: 'session.ended',
      subject: { kind: 'person', id: personId },
      audience: 'staff',
      data: { personId, count, why },
    })
  return count
}

export async function endOneSession(context: Context, personId: string, sessionId: string): Promise<void> {
  if ((await endSessions(context, personId, 'revoked', { only: sessionId })) === 0) throw notFound()
}
