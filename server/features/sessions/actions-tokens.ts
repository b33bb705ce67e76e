import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import './events.ts'

export type TokenScope = 'read' | 'write' | 'admin'
export type NewApiToken = { name: string; scopes: readonly TokenScope[]; expiresInDays: number | null }

/** The token is in the answer and nowhere else: the database keeps its hash. */
export async function makeToken(context: Context, personId: string, input: NewApiToken): Promise<{ id: string; token: string }> {
  const token = `fl_${newToken()}`
  const row = await context.db
    .insertInto('api_token')
    .values({
      person_id: personId,
      name: input.name,
      token_hash: hashOf(token),
      scopes: [...new Set(input.scopes)],
      created_at: context.now,
      expires_at: input.expiresInDays === null ? null : context.now.add({ hours: 24 * input.expiresInDays }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const data = { personId, tokenId: row.id, scopes: [...input.scopes] }
  await context.record({ type: 'token.made', subject: { kind: 'person', id: personId }, audience: 'staff', data })
  return { id: row.id, token }
}

export async function revokeToken(context: Context, personId: string, tokenId: string): Promise<void> {
  if ((await revoke(context, personId, tokenId)) === 0) throw notFound()
}

export const revokeAllTokens = (context: Context, personId: string): Promise<number> => revoke(context, personId, null)

async function revoke(context: Context, personId: string, tokenId: string | null): Promise<number> {
  const revoked = await sql<{ id: string }>`update api_token set revoked_at = ${context.now.toString()}
    where person_id = ${personId} and revoked_at is null and (${tokenId}::bigint is null or id = ${tokenId}::bigint) returning id`.execute(
    context.db,
  )
  for (const { id } of revoked.rows)
    await context.record({
      type: 'token.revoked',
      subject: { kind: 'person', id: personId },
      audience: 'staff',
      data: { personId, tokenId: id },
    })
  return revoked.rows.length
}
