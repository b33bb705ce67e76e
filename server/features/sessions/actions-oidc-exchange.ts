import { setTimeout as pause } from 'node:timers/promises'
import * as client from 'openid-client'
import type { Kernel } from '../../kernel/context.ts'
import { callOutside, isLocalDesk } from '../../kernel/outbound.ts'
import { Problem } from '../../kernel/problem.ts'
import { newToken } from '../../kernel/secrets.ts'
import { type Provider, redirectUri } from './access-oidc.ts'
import { type Claims, signatures, tokenFault } from './rules-oidc.ts'

/**
 * The conversation with a provider: discovery, the address to send the browser to, and code against tokens (authorization
 * code with PKCE S256, OpenID Connect Core 3.1, RFC 9207 for `iss`). openid-client checks the protocol; signatures of ID
 * tokens too, although they come over TLS. Nothing here touches the database.
 */
export type Configuration = client.Configuration

/** Told in the browser by its reason; what the provider said goes to the log only. */
export const providerRefused = (reason: string, details: Record<string, unknown> = {}): Problem =>
  new Problem('provider_refused', 'The sign-in at the provider was not accepted here.', { details: { reason, ...details } })

const secretPlace = (provider: Pick<Provider, 'id'>) => ({ table: 'oidc_provider', column: 'secret', row: provider.id })
export const sealSecret = (kernel: Kernel, id: string, secret: string): Buffer => kernel.secrets.seal(secret, secretPlace({ id }))

/** Asks anew every ten minutes, so that keys and addresses may move; a change of the provider's row asks at once. */
const kept = new WeakMap<Kernel, Map<string, { at: number; configuration: Promise<Configuration> }>>()
export function configurationOf(kernel: Kernel, provider: Provider): Promise<Configuration> {
  const known = kept.get(kernel) ?? new Map<string, { at: number; configuration: Promise<Configuration> }>()
  kept.set(kernel, known)
  const key = `${provider.id}:${provider.version}`
  const now = kernel.clock.now().epochMilliseconds
  const found = known.get(key)
  if (found && now - found.at < 600_000) return found.configuration
  if (known.size > 100) known.clear()
  const configuration = discover(kernel, provider)
  known.set(key, { at: now, configuration })
  configuration.catch(() => known.delete(key))
  return configuration
}

export async function discover(kernel: Kernel, provider: Provider): Promise<Configuration> {
  const loopback = isLocalDesk(kernel.settings)
  const call: client.CustomFetch = (url, { method, headers, body }) => callOutside(url, { method, headers, body, loopback })
  const execute = loopback ? [client.allowInsecureRequests] : []
  const found = await client.discovery(new URL(provider.issuer), provider.clientId, undefined, client.None(), {
    [client.customFetch]: call,
    timeout: 10,
    execute,
  })
  const server = found.serverMetadata()
  // To the letter: the library compares as addresses, and tokens carry the letters.
  if (server.issuer !== provider.issuer) throw Object.assign(new Error(server.issuer), { code: 'OTHER_ISSUER' })
  const secret = provider.secret === null ? undefined : kernel.secrets.open(provider.secret, secretPlace(provider))
  const configuration = new client.Configuration(
    server,
    provider.clientId,
    { [client.clockTolerance]: 60, ...(secret === undefined ? {} : { client_secret: secret }) },
    authentication(server, secret),
  )
  configuration[client.customFetch] = call
  configuration.timeout = 10
  for (const set of execute) set(configuration)
  client.enableNonRepudiationChecks(configuration)
  return configuration
}

/** Basic is what every provider takes (Core, section 9), unless it says otherwise. */
function authentication(server: client.ServerMetadata, secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None()
  const methods = server.token_endpoint_auth_methods_supported
  return methods && !methods.includes('client_secret_basic') ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret)
}

/** What stays here while the browser is away. */
export type Begun = { state: string; nonce: string; verifier: string }

export async function addressAt(kernel: Kernel, provider: Provider): Promise<{ address: string; begun: Begun }> {
  const configuration = await reach(kernel, provider)
  const begun = { state: newToken(), nonce: newToken(), verifier: client.randomPKCECodeVerifier() }
  const scopes = new Set(['openid', ...provider.scopes])
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri(kernel, provider.id),
    scope: [...scopes].join(' '),
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    ...(provider.secondFactor === 'claimed' && provider.acrValues.length > 0 ? { acr_values: provider.acrValues.join(' ') } : {}),
  })
  return { address: address.href, begun }
}

async function reach(kernel: Kernel, provider: Provider): Promise<Configuration> {
  try {
    return await configurationOf(kernel, provider)
  } catch (cause) {
    kernel.log.warn('sign-in provider unreachable', { provider: provider.id, cause: wordsOf(cause) })
    throw providerRefused('unreachable', { provider: provider.name })
  }
}

export type Given = { state: string; code?: string | undefined; iss?: string | undefined }
export type Proven = { claims: Claims; idToken: string }

/** Code against tokens. Whatever does not fit is refused with one answer; the log says what it was. */
export async function exchange(kernel: Kernel, provider: Provider, given: Given, begun: Begun): Promise<Proven> {
  const configuration = await reach(kernel, provider)
  const back = new URL(redirectUri(kernel, provider.id))
  for (const [name, value] of Object.entries(given)) if (value !== undefined) back.searchParams.set(name, value)
  try {
    const tokens = await client.authorizationCodeGrant(configuration, back, {
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      pkceCodeVerifier: begun.verifier,
      idTokenExpected: true,
    })
    const idToken = tokens.id_token ?? ''
    const claims: Claims = { ...tokens.claims() }
    const fault = tokenFault(algorithmOf(idToken), claims, provider.clientId)
    if (fault !== null) throw new Error(fault)
    return { claims: { ...(await moreOf(configuration, provider, tokens.access_token, claims)), ...claims }, idToken }
  } catch (cause) {
    kernel.log.warn('sign-in refused', { how: 'oidc', provider: provider.id, cause: wordsOf(cause) })
    throw providerRefused('token', { provider: provider.name })
  }
}

/** Many providers tell address and groups only at this address; its subject must be the token's (Core, 5.3.2). */
async function moreOf(configuration: Configuration, provider: Provider, accessToken: string, claims: Claims): Promise<Claims> {
  const complete = claims['email'] !== undefined && (provider.groups.length === 0 || claims[provider.groupsClaim] !== undefined)
  if (complete || configuration.serverMetadata().userinfo_endpoint === undefined) return {}
  // How somebody signed in stands in the ID token only: what is told here is about the account.
  const { amr: _, acr: __, ...account } = await client.fetchUserInfo(configuration, accessToken, String(claims['sub']))
  return account
}

export function algorithmOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { alg?: unknown }
  return String(header.alg)
}

/** Codes and short words of the library and of the provider's error; never a token. */
export function wordsOf(cause: unknown): string {
  const {
    message = '',
    code = '',
    error = '',
    cause: inner,
  } = cause as { message?: string; code?: string; error?: string; cause?: unknown }
  const deeper: string = inner instanceof Error ? wordsOf(inner) : ''
  return [code, error, message, deeper].filter(Boolean).join(': ').slice(0, 300)
}

/** Where the browser goes to sign out there too; null where the provider has no such address. */
export async function signOutAddress(kernel: Kernel, provider: Provider, idToken: string, back: string): Promise<string | null> {
  // A provider that is away keeps nobody signed in here.
  const soon = pause(3000, undefined, { ref: false })
  const configuration = await Promise.race([configurationOf(kernel, provider).catch(() => undefined), soon])
  if (configuration?.serverMetadata().end_session_endpoint === undefined) return null
  return client.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: back }).href
}

type Step = { step: 'discovery' | 'keys' | 'client'; ok: boolean; code: string; message: string }

/** "Test connection": each step with the cause that an administrator can act on. */
export async function testProvider(kernel: Kernel, provider: Provider): Promise<{ ok: boolean; steps: Step[] }> {
  const steps: Step[] = []
  const told = (step: Step['step'], code: string, message: string) => {
    steps.push({ step, ok: code === 'ok', code, message })
    return code === 'ok'
  }
  const end = () => ({ ok: steps.every(({ ok }) => ok), steps })
  const found = await discover(kernel, provider).catch((cause: unknown) => causeOf(cause))
  if (!(found instanceof client.Configuration)) {
    told('discovery', found.code, found.message)
    return end()
  }
  told('discovery', 'ok', found.serverMetadata().issuer)
  const keys = await usableKeys(kernel, found)
  if (!told('keys', keys.code, keys.message)) return end()
  const known = await clientIsKnown(kernel, provider, found)
  told('client', known.code, known.message)
  return end()
}

type Cause = { code: string; message: string }
function causeOf(cause: unknown): Cause {
  const message = wordsOf(cause)
  if (message.includes('OTHER_ISSUER')) return { code: 'other_issuer', message: (cause as Error).message }
  if (message.includes('NOT_HTTPS')) return { code: 'not_https', message }
  if (message.includes('ADDRESS_REFUSED')) return { code: 'address_refused', message: 'This address is not called from here.' }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|TIMEOUT|aborted/i.test(message))
    return { code: 'unreachable', message }
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/i.test(message)) return { code: 'certificate', message }
  if (/issuer/i.test(message)) return { code: 'other_issuer', message }
  return { code: 'no_discovery', message }
}

async function usableKeys(kernel: Kernel, configuration: Configuration): Promise<Cause> {
  const { jwks_uri, id_token_signing_alg_values_supported: offered = ['RS256'] } = configuration.serverMetadata()
  if (!offered.some((algorithm) => signatures.includes(algorithm))) return { code: 'no_algorithm', message: offered.join(', ') }
  try {
    const answer = await callOutside(jwks_uri ?? '', { loopback: isLocalDesk(kernel.settings) })
    const { keys } = (await answer.json()) as { keys?: { kty?: string }[] }
    const usable = (keys ?? []).filter(({ kty }) => kty === 'RSA' || kty === 'EC' || kty === 'OKP').length
    return usable > 0 ? { code: 'ok', message: String(usable) } : { code: 'no_keys', message: jwks_uri ?? '' }
  } catch (cause) {
    return { code: 'no_keys', message: wordsOf(cause) }
  }
}

/** A code that cannot exist: a provider that knows the client says so of the code, one that does not says it of the client (RFC 6749, 5.2). */
async function clientIsKnown(kernel: Kernel, provider: Provider, configuration: Configuration): Promise<Cause> {
  const asked = { code: newToken(), redirect_uri: redirectUri(kernel, provider.id), code_verifier: client.randomPKCECodeVerifier() }
  const cause = await client.genericGrantRequest(configuration, 'authorization_code', asked).then(
    () => undefined,
    (refusal: unknown) => refusal,
  )
  const words = wordsOf(cause)
  if (/invalid_client|unauthorized_client/.test(words)) return { code: 'wrong_client', message: words }
  return /invalid_grant/.test(words) ? { code: 'ok', message: '' } : { code: 'unclear', message: words }
}
