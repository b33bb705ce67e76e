import { sql } from 'kysely'
import type { z } from 'zod'
import type { sessions } from '../../../contract/sessions.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { notAllowed, Problem } from '../../kernel/problem.ts'
import { isFresh } from './rules.ts'

/** My own proofs. They are changed from a browser's session only: a token cannot make itself more (F-075). */
export type Myself = { id: string; sessionId: string; actor: Actor }

export function refuseStale(): never {
  throw new Problem('not_allowed', 'Sign in again first: this needs a sign-in within the last five minutes.', {
    details: { reason: 'fresh_sign_in' },
  })
}

export function accessMyself(context: Context): Myself {
  const { actor } = context
  if (actor.id === null) throw new Problem('sign_in_needed', 'Please sign in.')
  if (actor.sessionId === null) throw notAllowed('This is done in the browser, not with an API token.')
  if (actor.pending === 'second-factor') throw new Problem('second_factor_needed', 'Enter the code of your second factor.')
  return { id: actor.id, sessionId: actor.sessionId, actor }
}

/** For changes of the proofs themselves; somebody who still has to set one up has just come in. */
export function accessMyselfFresh(context: Context): Myself {
  const myself = accessMyself(context)
  if (myself.actor.pending === null && !isFresh(myself.actor, context.now)) refuseStale()
  return myself
}

type Security = z.output<(typeof sessions)['GET /api/me/security']['returns']>
type Row = { password: boolean; totp: boolean; codes: number }
type SessionRow = Omit<Security['sessions'][number], 'createdAt' | 'seenAt'> & { created_at: Instant; seen_at: Instant }
type TokenRow = { id: string; name: string; scopes: string[]; created_at: Instant; used_at: Instant | null; expires_at: Instant | null }
type PasskeyRow = { id: string; name: string; created_at: Instant; used_at: Instant | null }

const orNull = (at: Instant | null): string | null => (at === null ? null : onWire(at))
export const passkeyOnWire = (row: PasskeyRow) => ({
  id: row.id,
  name: row.name,
  createdAt: onWire(row.created_at),
  usedAt: orNull(row.used_at),
})
export const tokenOnWire = (row: TokenRow) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: onWire(row.created_at),
  usedAt: orNull(row.used_at),
  expiresAt: orNull(row.expires_at),
})

export async function readSecurity({ db, actor, now }: Context): Promise<Security> {
  const me = actor.id
  const own = await sql<Row>`select exists (select 1 from password where person_id = ${me}) as password,
    exists (select 1 from totp where person_id = ${me} and confirmed_at is not null) as totp,
    (select count(*)::int from recovery_code where person_id = ${me} and used_at is null) as codes`.execute(db)
  const sessions =
    await sql<SessionRow>`select id, id = ${actor.sessionId ?? '0'}::bigint as current, how, created_at, seen_at, client, address from session
    where person_id = ${me} and ended_at is null and expires_at > ${now.toString()} order by seen_at desc, id desc limit 200`.execute(db)
  const tokens = await sql<TokenRow>`select id, name, scopes, created_at, used_at, expires_at from api_token
    where person_id = ${me} and revoked_at is null and (expires_at is null or expires_at > ${now.toString()}) order by id desc limit 200`.execute(
    db,
  )
  const passkeys = await sql<PasskeyRow>`select id, name, created_at, used_at from passkey where person_id = ${me} order by id`.execute(db)
  return {
    password: own.rows[0]?.password ?? false,
    totp: own.rows[0]?.totp ?? false,
    recoveryCodesLeft: own.rows[0]?.codes ?? 0,
    passkeys: passkeys.rows.map(passkeyOnWire),
    sessions: sessions.rows.map(({ created_at, seen_at, ...row }) => ({ ...row, createdAt: onWire(created_at), seenAt: onWire(seen_at) })),
    tokens: tokens.rows.map(tokenOnWire),
  }
}

export async function readToken(context: Context, id: string) {
  const found = await sql<TokenRow>`select id, name, scopes, created_at, used_at, expires_at from api_token
    where id = ${id} and person_id = ${context.actor.id}`.execute(context.db)
  return tokenOnWire(found.rows[0]!)
}
