import { sql } from 'kysely'
import { standingOf } from '../../kernel/actor.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import type { Client, Reply } from '../../kernel/routes.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { actorOf } from '../people/rules.ts'
import { accessEnabledProvider, type Provider, readProvider, signOutUri } from './access-oidc.ts'
import { type Begun, exchange, type Given, type Proven, providerRefused, signOutAddress } from './actions-oidc-exchange.ts'
import { endSessions, startSession } from './actions-sessions.ts'
import { limitClient, type Next, signInFailed } from './actions-sign-in.ts'
import { isOwnPath } from './rules-oidc.ts'
import './events.ts'

/**
 * A sign-in that leaves the house and comes back. What was begun is one row of `link`, found by the hash of `state`, used
 * once, for ten minutes: it names the provider, holds nonce and PKCE verifier sealed, and the hash of a cookie of the
 * browser that began. So an answer for another browser, another provider or a second time opens nothing (G-093).
 */
type Mode = 'sign-in' | 'connect'
type Kept = { providerId: string; mode: Mode; path: string; binding: string; sealed: string }

const placeOf = (state: string) => ({ table: 'link', column: 'details', row: hashOf(state).toString('hex') })
const fingerprint = (token: string): string => hashOf(token).toString('hex')

export function ownPath(path: string | undefined): string {
  if (path === undefined || path === '') return '/'
  if (!isOwnPath(path)) throw invalid('next', 'not_own', 'An address of this desk, beginning with one slash.')
  return path
}

/** Marks the browser, unless an earlier sign-in in another tab has done so: both may end. */
export function bindBrowser(client: Client, reply: Reply): string {
  const binding = client.binding ?? newToken()
  reply.bind(binding)
  return binding
}

type Start = { provider: Provider; begun: Begun; mode: Mode; personId: string | null; path: string; binding: string }
export async function keepBegun(context: Context, { provider, begun, mode, personId, path, binding }: Start): Promise<void> {
  const { state, ...secrets } = begun
  const sealed = context.kernel.secrets.seal(JSON.stringify(secrets), placeOf(state)).toString('base64')
  const kept: Kept = { providerId: provider.id, mode, path, binding: fingerprint(binding), sealed }
  await context.db
    .insertInto('link')
    .values({
      token_hash: hashOf(state),
      purpose: 'oidc',
      person_id: personId,
      details: JSON.stringify(kept),
      created_at: context.now,
      expires_at: context.now.add({ minutes: 10 }),
    })
    .execute()
}

type Spent = Kept & { begun: Begun; personId: string | null }
async function spendBegun(context: Context, state: string, providerId: string, client: Client): Promise<Spent> {
  const spent = await sql<{ kept: Kept; personId: string | null }>`update link set used_at = ${context.now.toString()}
    where token_hash = ${hashOf(state)} and purpose = 'oidc' and used_at is null and expires_at > ${context.now.toString()}
    returning details as kept, person_id as "personId"`.execute(context.db)
  const found = spent.rows[0]
  if (!found) throw providerRefused('expired')
  const { kept, personId } = found
  if (client.binding === undefined || kept.binding !== fingerprint(client.binding)) throw providerRefused('other_browser')
  if (kept.providerId !== providerId) throw providerRefused('other_provider')
  const secrets = JSON.parse(context.kernel.secrets.open(Buffer.from(kept.sealed, 'base64'), placeOf(state))) as Omit<Begun, 'state'>
  return { ...kept, begun: { state, ...secrets }, personId }
}

export type Back = { provider: Provider; proven: Proven; mode: Mode; path: string; personId: string | null }

/** Before the request's transaction: the state is spent for good, whatever becomes of the rest; then the provider is asked. */
export async function weighBack(
  kernel: Kernel,
  providerId: string,
  { error, ...given }: Given & { error?: string | undefined },
  client: Client,
): Promise<Back> {
  await limitClient(kernel, 'oidc', client, 60, 300)
  // Caught inside, so that a state which came to the wrong place is spent too.
  const spent = await kernel.asSystem((context) =>
    spendBegun(context, given.state, providerId, client).catch((cause: unknown) => ({ cause })),
  )
  if ('cause' in spent) throw spent.cause
  const provider = await kernel.asSystem((context) => accessEnabledProvider(context.db, providerId))
  if (error !== undefined) {
    kernel.log.info('sign-in refused', { how: 'oidc', provider: provider.id, cause: error, client: client.address })
    throw providerRefused(error === 'access_denied' ? 'cancelled' : 'provider', { provider: provider.name })
  }
  const proven = await exchange(kernel, provider, given, spent.begun)
  return { provider, proven, mode: spent.mode, path: spent.path, personId: spent.personId }
}

export type Admission = { provider: Provider; identityId: string; idToken: string; secondFactor: boolean }

/** As admitPerson does it, for as long as the provider's word holds. */
export async function admitByProvider(
  context: Context,
  personId: string,
  { provider, identityId, idToken, secondFactor }: Admission,
  client: Client,
  reply: Reply,
): Promise<Next> {
  const { sessionId: old, id } = context.actor
  if (old !== null && id !== null) await endSessions(context, id, 'sign-out', { only: old })
  const { sessionId, token } = await startSession(context, personId, 'oidc', client, {
    secondFactor,
    life: { hours: provider.sessionHours },
  })
  const sealed = context.kernel.secrets.seal(idToken, { table: 'oidc_session', column: 'id_token', row: sessionId })
  await sql`insert into oidc_session (session_id, identity_id, id_token) values (${sessionId}, ${identityId}, ${sealed})`.execute(
    context.db,
  )
  reply.setSession(token)
  const standing = await standingOf(context.db, hashOf(token), context.now)
  if (!standing) throw signInFailed()
  return actorOf(standing).pending ?? 'done'
}

/** Where the browser goes after signing out here, where the provider is to end its own sign-in too; else null. */
export async function leaveProvider(kernel: Kernel, sessionId: string | null): Promise<string | null> {
  if (sessionId === null) return null
  const left = await kernel.asSystem(async ({ db }) => {
    const found = await sql<{ providerId: string; idToken: Buffer }>`select i.provider_id as "providerId", s.id_token as "idToken"
      from oidc_session s join person_identity i on i.id = s.identity_id join oidc_provider p on p.id = i.provider_id
      where s.session_id = ${sessionId} and s.id_token is not null and p.sign_out = 'everywhere' and p.enabled_at is not null`.execute(db)
    const row = found.rows[0]
    return row && { provider: await readProvider(db, row.providerId), idToken: row.idToken }
  })
  if (!left?.provider) return null
  const idToken = kernel.secrets.open(left.idToken, { table: 'oidc_session', column: 'id_token', row: sessionId })
  return signOutAddress(kernel, left.provider, idToken, signOutUri(kernel))
}
