import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { declareActor, standingOf, systemActor } from '../../kernel/actor.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { take } from '../../kernel/limits.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Client, Reply } from '../../kernel/routes.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { actorOf } from '../people/rules.ts'
import { refuseWhereProviderOnly } from './access-oidc.ts'
import { endSessions, type How, startSession } from './actions-sessions.ts'
import { isPassword } from './passwords.ts'
import { accountKey, clientKey } from './rules.ts'

/**
 * Signing in. Whoever calls is nobody yet, so the first proof is looked up and weighed before the request's transaction
 * (hashing takes long), and the program itself then writes the session. Answers, work and limits are the same for known
 * and unknown addresses; a limit never locks an account for good, and other ways in stay open (G-083, G-084).
 */
export const signInFailed = (message = 'Address and password do not match.'): Problem => new Problem('sign_in_failed', message)

/** Buckets hold a hash: the table of counts is no list of addresses. */
const bucketOf = (kind: string, key: string): string => `${kind}:${createHash('sha256').update(key).digest('base64url').slice(0, 24)}`

export const limitClient = (kernel: Kernel, kind: string, client: Client, most: number, seconds: number): Promise<void> =>
  take(kernel, bucketOf(`${kind}-client`, clientKey(client.address)), most, seconds)

export const limitPerson = (kernel: Kernel, kind: string, personId: string, most: number, seconds: number): Promise<void> =>
  take(kernel, `${kind}:${personId}`, most, seconds)

async function limitPasswords(kernel: Kernel, email: string, client: Client): Promise<void> {
  const account = accountKey(email)
  await limitClient(kernel, 'password', client, 100, 900)
  await take(kernel, bucketOf('password-pair', `${account} ${clientKey(client.address)}`), 10, 900)
  await take(kernel, bucketOf('password-account', account), 60, 3600)
}

type Known = { personId: string; hash: string }

async function passwordOf(db: Db, email: string): Promise<Known | undefined> {
  const found = await sql<Known>`select p.id as "personId", w.hash from person p join password w on w.person_id = p.id
    where p.email = ${accountKey(email)}::citext and p.archived_at is null`.execute(db)
  return found.rows[0]
}

/** Returns who it is; undefined when address and password do not match, whatever the reason. */
export async function weighPassword(kernel: Kernel, email: string, password: string, client: Client): Promise<string | undefined> {
  await limitPasswords(kernel, email, client)
  const known = await kernel.asSystem((context) => passwordOf(context.db, email.replaceAll('\u0000', '')))
  const right = await isPassword(known?.hash, password)
  await kernel.asSystem((context) => refuseWhereProviderOnly(context.db, email, right ? known?.personId : undefined))
  if (right) return known?.personId
  kernel.log.info('sign-in refused', { how: 'password', client: client.address })
  return undefined
}

/** From here on the program acts: it writes for somebody who has just proved to be somebody. */
export async function asProgram(context: Context): Promise<Context> {
  const actor = systemActor(context.kernel.allRights)
  declareActor(context.db, actor)
  return { ...context, actor }
}

export type Next = 'done' | 'second-factor' | 'second-factor-setup'

/** Starts the session, gives the browser its cookie, and says which step is still missing. The browser's old session ends. */
export async function admitPerson(context: Context, personId: string, how: How, client: Client, reply: Reply): Promise<Next> {
  const { sessionId, id } = context.actor
  if (sessionId !== null && id !== null) await endSessions(context, id, 'sign-out', { only: sessionId })
  const { token } = await startSession(context, personId, how, client)
  reply.setSession(token)
  const standing = await standingOf(context.db, hashOf(token), context.now)
  // Archived in this very moment.
  if (!standing) throw signInFailed()
  return actorOf(standing).pending ?? 'done'
}
