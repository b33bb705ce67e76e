import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import type { Client } from '../../kernel/routes.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { companySettings } from '../company/access.ts'
import { type Myself, passkeyOnWire } from './access-security.ts'
import { completeSession } from './actions-sessions.ts'
import { signInFailed } from './actions-sign-in.ts'
import './events.ts'

/**
 * Passkeys (WebAuthn level 3). A challenge is random, stored as a link of five minutes, and answered once. The
 * authenticator must have checked its user (PIN, finger, face): so a passkey is possession and person at once, both
 * factors. Browsers bind it to the name of this host; on an address of digits they refuse it.
 */
type Purpose = 'passkey-sign-in' | 'passkey-add'

/** Read when the first passkey is used: a tenth of the program's start, and three megabytes. */
const webauthn = () => import('@simplewebauthn/server')

const hostOf = (kernel: Kernel): string => new URL(kernel.settings.baseUrl).hostname

/** The configured origin; the one that was asked too when it is the same host (another port, a proxy in front). */
function originsOf(kernel: Kernel, client: Client): string[] {
  const configured = new URL(kernel.settings.baseUrl).origin
  const sameHost = URL.canParse(client.origin) && new URL(client.origin).hostname === hostOf(kernel)
  return sameHost ? [configured, client.origin] : [configured]
}

async function keepChallenge(context: Context, purpose: Purpose, personId: string | null, challenge: string): Promise<string> {
  const handle = newToken()
  await context.db
    .insertInto('link')
    .values({
      token_hash: hashOf(handle),
      purpose,
      person_id: personId,
      details: JSON.stringify({ challenge }),
      created_at: context.now,
      expires_at: context.now.add({ minutes: 5 }),
    })
    .execute()
  return handle
}

async function spendChallenge(context: Context, purpose: Purpose, personId: string | null, handle: string): Promise<string> {
  const spent = await sql<{ challenge: string }>`update link set used_at = ${context.now.toString()}
    where token_hash = ${hashOf(handle)} and purpose = ${purpose} and person_id is not distinct from ${personId}::bigint
      and used_at is null and expires_at > ${context.now.toString()} returning details ->> 'challenge' as challenge`.execute(context.db)
  const challenge = spent.rows[0]?.challenge
  if (challenge === undefined) throw new Problem('link_expired', 'This took too long. Please try again.')
  return challenge
}

type Start = { options: Record<string, unknown>; challenge: string }

export async function startPasskeySignIn(context: Context): Promise<Start> {
  const options = await (await webauthn()).generateAuthenticationOptions({ rpID: hostOf(context.kernel), userVerification: 'required' })
  return { options: { ...options }, challenge: await keepChallenge(context, 'passkey-sign-in', null, options.challenge) }
}

type Stored = { id: string; personId: string; credentialId: string; publicKey: Buffer; counter: string; transports: string[] }

/** Returns whose passkey answered. */
export async function weighPasskey(context: Context, handle: string, answer: Record<string, unknown>, client: Client): Promise<string> {
  const { kernel } = context
  const challenge = await spendChallenge(context, 'passkey-sign-in', null, handle)
  const credentialId = typeof answer.id === 'string' ? answer.id : ''
  const found =
    await sql<Stored>`select k.id, k.person_id as "personId", k.credential_id as "credentialId", k.public_key as "publicKey", k.counter, k.transports
    from passkey k join person p on p.id = k.person_id where k.credential_id = ${credentialId} and p.archived_at is null for update of k`.execute(
      context.db,
    )
  const stored = found.rows[0]
  if (!stored) throw signInFailed('This passkey is not known here.')
  const read = await (await webauthn())
    .verifyAuthenticationResponse({
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: originsOf(kernel, client),
      expectedRPID: hostOf(kernel),
      requireUserVerification: true,
      credential: {
        id: stored.credentialId,
        publicKey: new Uint8Array(stored.publicKey),
        counter: Number(stored.counter),
        transports: stored.transports as never,
      },
    })
    .catch(() => undefined)
  if (!read?.verified) throw signInFailed('This passkey was not accepted.')
  await sql`update passkey set counter = ${read.authenticationInfo.newCounter}, used_at = ${context.now.toString()} where id = ${stored.id}`.execute(
    context.db,
  )
  return stored.personId
}

export async function startPasskey(context: Context, { id, actor }: Myself): Promise<Start> {
  const known = await sql<{ credentialId: string }>`select credential_id as "credentialId" from passkey where person_id = ${id}`.execute(
    context.db,
  )
  const options = await (await webauthn()).generateRegistrationOptions({
    rpName: (await companySettings(context.db)).name,
    rpID: hostOf(context.kernel),
    userName: actor.email ?? actor.name,
    userDisplayName: actor.name,
    userID: new TextEncoder().encode(`person:${id}`),
    excludeCredentials: known.rows.map((row) => ({ id: row.credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { options: { ...options }, challenge: await keepChallenge(context, 'passkey-add', id, options.challenge) }
}

type NewPasskey = { challenge: string; name: string; answer: Record<string, unknown> }

/** Adds it; where a second factor was the missing step, the session is whole from here on, under a new token. */
export async function addPasskey(context: Context, myself: Myself, input: NewPasskey, client: Client) {
  const { id, sessionId, actor } = myself
  const challenge = await spendChallenge(context, 'passkey-add', id, input.challenge)
  const read = await (await webauthn())
    .verifyRegistrationResponse({
      response: input.answer as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: originsOf(context.kernel, client),
      expectedRPID: hostOf(context.kernel),
      requireUserVerification: true,
    })
    .catch(() => undefined)
  if (!read?.verified) throw invalid('answer', 'not_verified', 'This passkey was not accepted.')
  const { credential } = read.registrationInfo
  const made = await context.db
    .insertInto('passkey')
    .values({
      person_id: id,
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey),
      counter: String(credential.counter),
      transports: credential.transports ?? [],
      name: input.name,
      created_at: context.now,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning(['id', 'name', 'created_at', 'used_at'])
    .executeTakeFirst()
  if (!made) throw new Problem('already_exists', 'This passkey is known already.')
  await context.record({
    type: 'passkey.added',
    subject: { kind: 'person', id },
    audience: 'staff',
    data: { personId: id, passkeyId: made.id },
  })
  return { row: passkeyOnWire(made), token: actor.pending === null ? null : await completeSession(context, sessionId, id, 'passkey') }
}

export async function removePasskey(context: Context, personId: string, passkeyId: string): Promise<void> {
  const removed = await sql`delete from passkey where id = ${passkeyId} and person_id = ${personId} returning 1`.execute(context.db)
  if (removed.rows.length === 0) throw notFound()
  await context.record({
    type: 'passkey.removed',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, passkeyId },
  })
}
