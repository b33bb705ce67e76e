import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type { z } from 'zod'
import type { OidcProvider, oidc } from '../contract/oidc.ts'
import type { TestPerson } from './factories.ts'
import type { Answered, Desk } from './harness.ts'

/**
 * A certified OpenID provider (npm oidc-provider) on loopback with its own login page, and a browser that walks through it.
 * `tamper` sits between its token endpoint and us, as a provider that lies would.
 */
export type Accounts = Record<string, Record<string, unknown>>
export type CompanyAccounts = {
  issuer: string
  clientId: string
  secret: string
  accounts: Accounts
  /** What the token endpoint answers is passed through here. */
  tamper: ((body: Record<string, unknown>) => Record<string, unknown>) | undefined
  /** How often somebody came with a code. */
  tokenCalls: number
  /** Signs what it likes with the provider's own key. */
  forge(header: Record<string, unknown>, claims: Record<string, unknown>, key?: KeyObject): string
  publicKey: KeyObject
  stop(): Promise<void>
}

type Choices = {
  redirectUris: string[]
  accounts: Accounts
  names?: boolean
  inToken?: boolean
  signOutUri?: string
  otherClients?: { id: string; redirectUris: string[] }[]
}
const secretOf = (clientId: string) => `secret-of-${clientId}`

/** `inToken: false` tells address and groups at the userinfo address only. `names: false` keeps the provider from naming itself in its answers (RFC 9207), as older ones do. */
export async function startCompanyAccounts({
  redirectUris,
  accounts,
  names = true,
  inToken = true,
  signOutUri = 'http://localhost:8080/sign-in',
  otherClients = [],
}: Choices): Promise<CompanyAccounts> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const house: CompanyAccounts = {
    issuer,
    clientId: 'firstline',
    secret: secretOf('firstline'),
    accounts,
    tamper: undefined,
    tokenCalls: 0,
    publicKey,
    forge: (header, claims, key = privateKey) => {
      const text = [{ typ: 'JWT', kid: 'one', ...header }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
    },
    stop: () => stopServer(server),
  }
  const clients = [{ id: house.clientId, redirectUris }, ...otherClients].map((client) => ({
    client_id: client.id,
    client_secret: secretOf(client.id),
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: [signOutUri],
  }))
  const provider = quietly(
    () =>
      new Provider(issuer, {
        clients,
        jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
        cookies: { keys: ['for a test'] },
        claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups'] },
        conformIdTokenClaims: !inToken,
        features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
        pkce: { required: () => true },
        ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600 },
        findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...house.accounts[sub] }) }),
      }),
  )
  provider.use(async (exchange, next) => {
    if (exchange.path === '/token') house.tokenCalls++
    await next()
    // Its pages fetch a typeface from elsewhere; nothing leaves the machine.
    if (typeof exchange.body === 'string') exchange.body = exchange.body.replace(/@import url\([^)]*\);?/g, '')
    if (exchange.path === '/token' && house.tamper) exchange.body = house.tamper(exchange.body as Record<string, unknown>)
    if (exchange.path === '/.well-known/openid-configuration' && !names)
      exchange.body = { ...(exchange.body as object), authorization_response_iss_parameter_supported: false }
  })
  server.on('request', provider.callback())
  return house
}

/** It warns that it is set up for development, which it is. */
function quietly<T>(make: () => T): T {
  const { info, warn } = console
  Object.assign(console, { info: () => {}, warn: () => {} })
  try {
    return make()
  } finally {
    Object.assign(console, { info, warn })
  }
}

function stopServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done) => server.close(() => done()))
}

/** Cookies by name, for one host: enough for one provider, or for our desk. */
class Jar {
  readonly kept = new Map<string, string>()
  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.kept.delete(name)
      else this.kept.set(name, value)
    }
  }
  header(): string {
    return [...this.kept].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

/** What the provider's address bar says when it sends the browser back. */
export type Landing = { url: URL; state: string; code: string; iss: string | undefined }

/** Signs in on the provider's own pages and says yes to what they ask, until the browser is sent back. */
export async function walkThrough(address: string, login: string): Promise<Landing> {
  const jar = new Jar()
  let url = new URL(address)
  const home = url.origin
  let form: URLSearchParams | undefined
  for (let steps = 0; steps < 12; steps++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: jar.header() },
      ...(form ? { method: 'POST', body: form } : {}),
    })
    jar.take(response.headers.getSetCookie())
    const to = response.headers.get('location')
    form = undefined
    if (to !== null) {
      url = new URL(to, url)
      if (url.origin !== home) return landingAt(url)
      continue
    }
    const page = await response.text()
    const prompt = /name="prompt" value="(login|consent)"/.exec(page)?.[1]
    if (prompt === undefined) throw new Error(`The provider answered ${response.status}: ${page.replace(/<[^>]*>/g, ' ').slice(0, 400)}`)
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt })
  }
  throw new Error('The provider never sent the browser back.')
}

function landingAt(url: URL): Landing {
  const of = (name: string) => url.searchParams.get(name) ?? ''
  return { url, state: of('state'), code: of('code'), iss: url.searchParams.get('iss') ?? undefined }
}

/** A browser before our desk, with all its cookies. */
export function visitorOn(desk: Desk) {
  const jar = new Jar()
  const ask = (async (name: never, input: { headers?: Record<string, string> } = {}) => {
    const headers = { 'sec-fetch-site': 'same-origin', ...(jar.kept.size > 0 ? { cookie: jar.header() } : {}), ...input.headers }
    const answer = await desk.ask(name, { ...input, headers } as never)
    jar.take([answer.headers['set-cookie'] ?? []].flat() as string[])
    return answer
  }) as Desk['ask']
  const visitor = {
    jar,
    ask,
    call: (async (name: never, input: never) => {
      const answer = await ask(name, input)
      if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}: ${answer.text.slice(0, 500)}`)
      return answer.body
    }) as Desk['call'],
    /** To the provider, through its pages, and back: what the desk answers then. */
    signIn: async (providerId: string, login: string, next?: string) => {
      const { address } = await visitor.call('POST /api/sign-in/providers/:id/start', { params: { id: providerId }, body: { next } })
      return visitor.back(providerId, await walkThrough(address, login))
    },
    back: (providerId: string, { state, code, iss }: Pick<Landing, 'state' | 'code' | 'iss'>) =>
      ask('POST /api/sign-in/providers/:id/back', { params: { id: providerId }, body: { state, code, iss } }),
    connect: async (providerId: string, login: string) => {
      const { address } = await visitor.call('POST /api/me/identities/start', { body: { providerId } })
      return visitor.back(providerId, await walkThrough(address, login))
    },
  }
  return visitor
}
export type Visitor = ReturnType<typeof visitorOn>

/** Why the desk refused, in its own word. */
export const reasonOf = (answer: Answered<unknown>): string => {
  const body = answer.body as { code?: string; reason?: string } | undefined
  return body?.code === 'provider_refused' ? String(body.reason) : `${answer.status} ${body?.code}`
}

type Setting = Partial<z.input<(typeof oidc)['POST /api/oidc-providers']['body']>>
export async function addProviderOf(desk: Desk, admin: TestPerson, house: CompanyAccounts, more: Setting = {}): Promise<OidcProvider> {
  const { issuer, clientId, secret } = house
  const made = await desk.call('POST /api/oidc-providers', { as: admin, body: { name: 'Nordwind', issuer, clientId, secret, ...more } })
  return desk.call('POST /api/oidc-providers/:id/enable', { as: admin, params: { id: made.id } })
}

/** The addresses that tests register: a desk of a test gives its providers small numbers. */
export const backAddresses = Array.from({ length: 300 }, (_, n) => `http://localhost:8080/sign-in/back/${n + 1}`)
