import { createHmac, createSecretKey, verify } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OidcProvider } from '../../contract/oidc.ts'
import { hashOf } from '../../server/kernel/secrets.ts'
import {
  addProviderOf,
  backAddresses,
  type CompanyAccounts,
  reasonOf,
  startCompanyAccounts,
  type Visitor,
  visitorOn,
  walkThrough,
} from '../company-accounts.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/**
 * G-093: attacks on signing in by a provider, against a real one. Each is shown to work once the one defence that it is
 * about is taken away, so that it is this defence which holds.
 */
const desk = useDesk()
let house: CompanyAccounts
let evil: CompanyAccounts
let admin: TestPerson
let provider: OidcProvider
let visitor: Visitor

beforeAll(async () => {
  house = await startCompanyAccounts({
    redirectUris: backAddresses,
    accounts: {},
    otherClients: [{ id: 'wiki', redirectUris: backAddresses }],
  })
  evil = await startCompanyAccounts({ redirectUris: backAddresses, accounts: {}, names: false })
})
afterAll(async () => {
  await house.stop()
  await evil.stop()
})
beforeEach(async () => {
  house.accounts = { mara: { name: 'Mara Lind', email: 'mara@nordwind.example', email_verified: true } }
  evil.accounts = {}
  admin = await desk.person('administrator')
  provider = await addProviderOf(desk, admin, house, { joining: 'domains', domains: ['nordwind.example'] })
  visitor = visitorOn(desk)
})
afterEach(() => {
  house.tamper = undefined
})

const begin = (by: Visitor, id = provider.id, next?: string) =>
  by.call('POST /api/sign-in/providers/:id/start', { params: { id }, body: { next } }).then(({ address }) => address)
const change = async (body: object, id = provider.id) => {
  const { items } = await desk.call('GET /api/oidc-providers', { as: admin })
  const version = items.find((item) => item.id === id)?.version ?? 0
  return desk.call('PATCH /api/oidc-providers/:id', { as: admin, params: { id }, ifMatch: version, body })
}
const expectIn = async (answer: { status: number; text: string; body: unknown }) =>
  expect(answer.body, answer.text).toMatchObject({ next: expect.stringMatching(/^(done|second-factor-setup)$/) })

describe('G-093: state', () => {
  it('an answer without a state, with a made-up one, or a second time opens nothing', async () => {
    const first = await walkThrough(await begin(visitor), 'mara')
    expect(reasonOf(await visitor.back(provider.id, { ...first, state: '' }))).toBe('expired')
    expect(reasonOf(await visitor.back(provider.id, { ...first, state: 'a'.repeat(22) }))).toBe('expired')
    await expectIn(await visitor.back(provider.id, first))
    expect(reasonOf(await visitor.back(provider.id, first))).toBe('expired')
  })

  it('no two sign-ins share state, nonce or PKCE challenge', async () => {
    const seen = new Set<string>()
    for (let n = 0; n < 3; n++) {
      const { searchParams } = new URL(await begin(visitor))
      for (const name of ['state', 'nonce', 'code_challenge']) seen.add(`${name}=${searchParams.get(name)}`)
      expect(searchParams.get('code_challenge_method')).toBe('S256')
    }
    expect(seen.size).toBe(9)
  })

  it('what was begun is over after ten minutes', async () => {
    const landing = await walkThrough(await begin(visitor), 'mara')
    desk.clock.advance({ minutes: 11 })
    expect(reasonOf(await visitor.back(provider.id, landing))).toBe('expired')
  })
})

describe('G-093: the answer of an attacker in the browser of a victim', () => {
  it('is refused, and would sign the victim in as the attacker without the mark of the browser', async () => {
    house.accounts['mallory'] = { email: 'mallory@nordwind.example', email_verified: true }
    const attacker = visitorOn(desk)
    const landing = await walkThrough(await begin(attacker), 'mallory')
    const victim = visitorOn(desk)
    await begin(victim)
    expect(reasonOf(await victim.back(provider.id, landing))).toBe('other_browser')

    const second = await walkThrough(await begin(attacker), 'mallory')
    for (const [name, value] of attacker.jar.kept) victim.jar.kept.set(name, value)
    await expectIn(await victim.back(provider.id, second))
  })

  it('does not connect the attacker’s account to the victim who is signed in', async () => {
    const person = await desk.person('requester', { email: 'known@nordwind.example' })
    await change({ linking: 'requesters' })
    house.accounts['known'] = { email: person.email, email_verified: true }
    house.accounts['mallory'] = { email: 'mallory@nordwind.example', email_verified: true }
    await expectIn(await visitor.signIn(provider.id, 'known'))
    const attacker = visitorOn(desk)
    await expectIn(await attacker.signIn(provider.id, 'mallory'))
    const { address } = await attacker.call('POST /api/me/identities/start', { body: { providerId: provider.id } })
    expect(reasonOf(await visitor.back(provider.id, await walkThrough(address, 'mallory')))).toBe('other_browser')
    // Even in the attacker's own browser: once somebody else is signed in there, it is not theirs to connect.
    const again = await attacker.call('POST /api/me/identities/start', { body: { providerId: provider.id } })
    const landing = await walkThrough(again.address, 'mallory')
    await expectIn(await attacker.signIn(provider.id, 'known'))
    expect(reasonOf(await attacker.back(provider.id, landing))).toBe('other_person')
  })
})

describe('G-093: tokens of others', () => {
  it('an ID token for another client of the same provider is refused, though its signature is right', async () => {
    const stolen = house.forge({ alg: 'RS256' }, claimsFor('wiki', ''))
    const asWiki = await desk.call('POST /api/oidc-providers', {
      as: admin,
      body: {
        name: 'Wiki',
        issuer: house.issuer,
        clientId: 'wiki',
        secret: 'secret-of-wiki',
        joining: 'domains',
        domains: ['nordwind.example'],
      },
    })
    await desk.call('POST /api/oidc-providers/:id/enable', { as: admin, params: { id: asWiki.id } })
    expect(
      verify(
        'sha256',
        Buffer.from(stolen.split('.').slice(0, 2).join('.')),
        house.publicKey,
        Buffer.from(stolen.split('.')[2]!, 'base64url'),
      ),
    ).toBe(true)
    const address = await begin(visitor)
    house.tamper = (body) => ({ ...body, id_token: house.forge({ alg: 'RS256' }, claimsFor('wiki', nonceIn(address))) })
    expect(reasonOf(await visitor.back(provider.id, await walkThrough(address, 'mara')))).toBe('token')

    const asItsOwn = await begin(visitor, asWiki.id)
    house.tamper = (body) => ({ ...body, id_token: house.forge({ alg: 'RS256' }, claimsFor('wiki', nonceIn(asItsOwn))) })
    await expectIn(await visitor.back(asWiki.id, await walkThrough(asItsOwn, 'mara')))
  })

  it('a token that names us beside others, or was asked for by another client (azp), is refused', async () => {
    for (const claims of [{ azp: 'wiki' }, { aud: ['firstline', 'wiki'] }, { aud: ['firstline', 'wiki'], azp: 'wiki' }]) {
      const address = await begin(visitor)
      house.tamper = (body) => ({
        ...body,
        id_token: house.forge({ alg: 'RS256' }, { ...claimsFor('firstline', nonceIn(address)), ...claims }),
      })
      expect(reasonOf(await visitor.back(provider.id, await walkThrough(address, 'mara'))), JSON.stringify(claims)).toBe('token')
    }
    const address = await begin(visitor)
    house.tamper = (body) => ({
      ...body,
      id_token: house.forge({ alg: 'RS256' }, { ...claimsFor('firstline', nonceIn(address)), azp: 'firstline' }),
    })
    await expectIn(await visitor.back(provider.id, await walkThrough(address, 'mara')))
  })

  it('an ID token of an earlier sign-in (nonce) is refused, and would be taken where the nonce is not looked at', async () => {
    let kept = ''
    house.tamper = (body) => {
      kept = String(body['id_token'])
      return body
    }
    const first = await begin(visitor)
    await expectIn(await visitor.back(provider.id, await walkThrough(first, 'mara')))
    house.tamper = (body) => ({ ...body, id_token: kept })
    expect(reasonOf(await visitor.back(provider.id, await walkThrough(await begin(visitor), 'mara')))).toBe('token')

    const third = await begin(visitor)
    await rewriteNonce(third, nonceIn(first))
    await expectIn(await visitor.back(provider.id, await walkThrough(third, 'mara')))
  })

  it('a token of another issuer, out of date, unsigned, or signed with the public key as a shared secret is refused', async () => {
    const pem = house.publicKey.export({ type: 'spki', format: 'pem' }) as string
    const hmac = (text: string, key: string) =>
      createHmac('sha256', createSecretKey(Buffer.from(key)))
        .update(text)
        .digest('base64url')
    const unsigned = (alg: string, claims: object) =>
      [{ alg, typ: 'JWT', kid: 'one' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const now = Math.floor(Date.now() / 1000)
    const attacks: Record<string, (nonce: string) => string> = {
      issuer: (nonce) => house.forge({ alg: 'RS256' }, { ...claimsFor('firstline', nonce), iss: evil.issuer }),
      expired: (nonce) => house.forge({ alg: 'RS256' }, { ...claimsFor('firstline', nonce), iat: now - 900, exp: now - 90 }),
      none: (nonce) => `${unsigned('none', claimsFor('firstline', nonce))}.`,
      'public key as secret': (nonce) => {
        const text = unsigned('HS256', claimsFor('firstline', nonce))
        return `${text}.${hmac(text, pem)}`
      },
      'client secret as key': (nonce) => {
        const text = unsigned('HS256', claimsFor('firstline', nonce))
        return `${text}.${hmac(text, house.secret)}`
      },
      'key of another house': (nonce) => evil.forge({ alg: 'RS256' }, claimsFor('firstline', nonce)),
    }
    for (const [name, forge] of Object.entries(attacks)) {
      const address = await begin(visitor)
      house.tamper = (body) => ({ ...body, id_token: forge(nonceIn(address)) })
      expect(reasonOf(await visitor.back(provider.id, await walkThrough(address, 'mara'))), name).toBe('token')
    }
    // The same by its own key and word is taken; a clock that is 50 seconds off too.
    const address = await begin(visitor)
    const late = { iat: now - 600, exp: now - 50 }
    house.tamper = (body) => ({
      ...body,
      id_token: house.forge({ alg: 'RS256' }, { ...claimsFor('firstline', nonceIn(address)), ...late }),
    })
    await expectIn(await visitor.back(provider.id, await walkThrough(address, 'mara')))
  })

  it('a code that was caught on its way is worth nothing without the verifier that stayed here', async () => {
    const landing = await walkThrough(await begin(visitor), 'mara')
    const other = await begin(visitor)
    const state = new URL(other).searchParams.get('state') ?? ''
    expect(reasonOf(await visitor.back(provider.id, { ...landing, state }))).toBe('token')
  })
})

describe('G-093: two providers (mix-up)', () => {
  it('a code of one never goes to the other', async () => {
    const second = await addProviderOf(desk, admin, evil, { name: 'Evil' })
    const beganAtEvil = await begin(visitor, second.id)
    // Evil sends the browser on to the honest house, with its own state: the code lands at the honest house's address here.
    const honest = new URL(await begin(visitor))
    honest.searchParams.set('state', new URL(beganAtEvil).searchParams.get('state') ?? '')
    const landing = await walkThrough(honest.href, 'mara')
    expect(landing.url.pathname).toBe(`/sign-in/back/${provider.id}`)
    const callsBefore = evil.tokenCalls
    expect(reasonOf(await visitor.back(provider.id, landing))).toBe('other_provider')

    // Carried to evil's own address all the same: the name that the honest house put beside the code gives it away.
    const again = await begin(visitor, second.id)
    const state = new URL(again).searchParams.get('state') ?? ''
    expect(reasonOf(await visitor.back(second.id, { ...landing, state }))).toBe('token')
    expect(evil.tokenCalls).toBe(callsBefore)

    // Without both it would have the code: that is what the address of its own and the name are for.
    const third = await begin(visitor, second.id)
    await visitor.back(second.id, { ...landing, state: new URL(third).searchParams.get('state') ?? '', iss: undefined })
    expect(evil.tokenCalls).toBe(callsBefore + 1)
  })
})

describe('G-093: an address is nobody', () => {
  it('a second provider that claims the address of somebody does not become them', async () => {
    await expectIn(await visitor.signIn(provider.id, 'mara'))
    const before = await visitor.call('GET /api/me')
    const second = await addProviderOf(desk, admin, evil, { name: 'Evil', joining: 'domains', domains: ['evil.example'] })
    evil.accounts = { mara: { email: 'mara@nordwind.example', email_verified: true } }
    const stranger = visitorOn(desk)
    expect(reasonOf(await stranger.signIn(second.id, 'mara'))).toBe('address_known')
    // Trusting its verified addresses is not enough: the domain is not one of its own.
    await change({ linking: 'everybody' }, second.id)
    expect(reasonOf(await stranger.signIn(second.id, 'mara'))).toBe('address_known')
    // Only the administrator's word that this provider speaks for the domain makes it so.
    await change({ domains: ['nordwind.example'] }, second.id)
    await expectIn(await stranger.signIn(second.id, 'mara'))
    expect((await stranger.call('GET /api/me')).id).toBe(before.id)
  })

  it('an address that the provider did not verify connects nothing', async () => {
    const person = await desk.person('requester', { email: 'jo@nordwind.example' })
    await change({ linking: 'requesters' })
    for (const claim of [{ email_verified: false }, {}, { email_verified: 'no' }, { xms_edov: true }]) {
      house.accounts['jo'] = { email: person.email, ...claim }
      expect(reasonOf(await visitor.signIn(provider.id, 'jo')), JSON.stringify(claim)).toBe('not_invited')
    }
    house.accounts['jo'] = { email: person.email, email_verified: true }
    await expectIn(await visitor.signIn(provider.id, 'jo'))
    expect((await visitor.call('GET /api/me')).id).toBe(person.id)
  })

  it('a new account that got the address of somebody who left does not get their person', async () => {
    const person = await desk.person('requester', { email: 'sam@nordwind.example' })
    await change({ linking: 'requesters' })
    house.accounts['sam-1'] = { email: person.email, email_verified: true }
    house.accounts['sam-2'] = { email: person.email, email_verified: true }
    await expectIn(await visitor.signIn(provider.id, 'sam-1'))
    expect(reasonOf(await visitorOn(desk).signIn(provider.id, 'sam-2'))).toBe('address_known')
  })

  it('a changed address at the provider changes nobody here', async () => {
    await expectIn(await visitor.signIn(provider.id, 'mara'))
    const { id } = await visitor.call('GET /api/me')
    const boss = await desk.person('administrator', { email: 'boss@nordwind.example' })
    house.accounts['mara'] = { email: boss.email, email_verified: true }
    await expectIn(await visitor.signIn(provider.id, 'mara'))
    expect((await visitor.call('GET /api/me')).id).toBe(id)
  })
})

describe('G-093: where to afterwards', () => {
  it('is an address of this desk, whatever was asked for', async () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
      '\\/evil.example',
      '/a\\b',
    ])
      expect(
        reasonOf(await visitor.ask('POST /api/sign-in/providers/:id/start', { params: { id: provider.id }, body: { next } })),
        next,
      ).toBe('422 validation_failed')
    const answer = await visitor.signIn(provider.id, 'mara', '/portal/requests?show=past')
    expect(answer.body.path).toBe('/portal/requests?show=past')
  })

  it('the provider is told the configured address only, never what a Host header says', async () => {
    const answer = await visitor.ask('POST /api/sign-in/providers/:id/start', {
      params: { id: provider.id },
      body: {},
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', origin: 'http://evil.example' },
    })
    expect(new URL(answer.body.address).searchParams.get('redirect_uri')).toBe(`http://localhost:8080/sign-in/back/${provider.id}`)
    const wrong = new URL(await begin(visitor))
    wrong.searchParams.set('redirect_uri', 'https://evil.example/take')
    await expect(walkThrough(wrong.href, 'mara')).rejects.toThrow(/400/)
  })
})

describe('I-107: the address of a provider', () => {
  it('is never one of this machine or of its link, once the desk itself is reached from elsewhere', async () => {
    const was = desk.kernel.settings.baseUrl
    try {
      desk.kernel.settings.baseUrl = 'https://desk.example'
      const body = { name: 'Inside', clientId: 'x' }
      await desk.refused('validation_failed', 'POST /api/oidc-providers', { as: admin, body: { ...body, issuer: house.issuer } })
      for (const host of [
        '127.0.0.1',
        '2130706433',
        '0177.0.0.1',
        '[::1]',
        '[::ffff:127.0.0.1]',
        '169.254.169.254',
        'localhost',
        '0.0.0.0',
      ]) {
        const made = await desk.call('POST /api/oidc-providers', {
          as: admin,
          body: { ...body, issuer: `https://${host}:${new URL(house.issuer).port}` },
        })
        const told = await desk.call('POST /api/oidc-providers/:id/test', { as: admin, params: { id: made.id } })
        expect(told.steps, host).toEqual([
          { step: 'discovery', ok: false, code: 'address_refused', message: 'This address is not called from here.' },
        ])
        await desk.call('DELETE /api/oidc-providers/:id', { as: admin, params: { id: made.id } })
      }
    } finally {
      desk.kernel.settings.baseUrl = was
    }
  })
})

const nonceIn = (address: string) => new URL(address).searchParams.get('nonce') ?? ''
function claimsFor(client: string, nonce: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  const account = { email: 'mara@nordwind.example', email_verified: true, name: 'Mara Lind' }
  return { iss: house.issuer, sub: 'mara', aud: client, nonce, iat: now, exp: now + 300, ...account }
}

/** The defence off: what the desk remembers is made to fit the old token. */
async function rewriteNonce(address: string, nonce: string): Promise<void> {
  const state = new URL(address).searchParams.get('state') ?? ''
  const place = { table: 'link', column: 'details', row: hashOf(state).toString('hex') }
  await desk.kernel.asSystem(async ({ db, kernel }) => {
    const found = await sql<{
      sealed: string
    }>`select details ->> 'sealed' as sealed from link where token_hash = ${hashOf(state)}`.execute(db)
    const open = JSON.parse(kernel.secrets.open(Buffer.from(found.rows[0]!.sealed, 'base64'), place)) as object
    const sealed = kernel.secrets.seal(JSON.stringify({ ...open, nonce }), place).toString('base64')
    await sql`update link set details = details || ${JSON.stringify({ sealed })}::jsonb where token_hash = ${hashOf(state)}`.execute(db)
  })
}
