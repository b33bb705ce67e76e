import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OidcProvider } from '../../../contract/oidc.ts'
import {
  addProviderOf,
  backAddresses,
  type CompanyAccounts,
  reasonOf,
  startCompanyAccounts,
  type Visitor,
  visitorOn,
} from '../../../test/company-accounts.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { givePassword, secondFactorPolicy, takeMails } from '../../../test/signing-in.ts'

const desk = useDesk()
const good = 'kkk-llm-rgt-77'
let house: CompanyAccounts
let quiet: CompanyAccounts
let admin: TestPerson
let visitor: Visitor

beforeAll(async () => {
  house = await startCompanyAccounts({ redirectUris: backAddresses, accounts: {} })
  quiet = await startCompanyAccounts({ redirectUris: backAddresses, accounts: {}, inToken: false })
})
afterAll(async () => {
  await house.stop()
  await quiet.stop()
})
beforeEach(async () => {
  house.tamper = undefined
  house.accounts = { mara: { name: 'Mara Lind', email: 'mara@nordwind.example', email_verified: true } }
  admin = await desk.person('administrator', { email: 'ada@nordwind.example' })
  visitor = visitorOn(desk)
})

type Setting = Parameters<typeof addProviderOf>[3]
const add = (more: Setting = {}): Promise<OidcProvider> => addProviderOf(desk, admin, house, { domains: ['nordwind.example'], ...more })
const change = (provider: OidcProvider, body: object) =>
  desk.call('PATCH /api/oidc-providers/:id', { as: admin, params: { id: provider.id }, ifMatch: provider.version, body })
/** The provider's own answer with other claims in its ID token. */
const rewritten = (body: Record<string, unknown>, claims: object) => {
  const told = JSON.parse(Buffer.from(String(body['id_token']).split('.')[1] ?? '', 'base64url').toString()) as object
  return { ...body, id_token: house.forge({ alg: 'RS256' }, { ...told, ...claims }) }
}
const rolesOfMe = async (by: Visitor) => (await by.call('GET /api/me')).roles
const grantsOf = async (id: string) =>
  (await desk.call('GET /api/people/:id', { as: admin, params: { id } })).grants.map(({ role, provider, team }) =>
    [role, team?.name, provider?.name].filter(Boolean).join(' '),
  )

describe('who comes in with a company account', () => {
  it('a person of the domain joins as a requester of their organisation, once', async () => {
    const organisation = await desk.organisation('Nordwind', ['nordwind.example'])
    const provider = await add({ joining: 'domains' })
    const answer = await visitor.signIn(provider.id, 'mara', '/portal/requests')
    expect(answer.body).toEqual({ next: 'done', path: '/portal/requests', confirm: null })
    const me = await visitor.call('GET /api/me')
    expect(me).toMatchObject({
      name: 'Mara Lind',
      email: 'mara@nordwind.example',
      roles: ['requester'],
      organisation: { id: organisation.id },
    })
    const elsewhere = visitorOn(desk)
    await elsewhere.signIn(provider.id, 'mara')
    expect((await elsewhere.call('GET /api/me')).id).toBe(me.id)
  })

  it('who is not invited stays outside, and is told so', async () => {
    const provider = await add()
    expect(reasonOf(await visitor.signIn(provider.id, 'mara'))).toBe('not_invited')
    expect((await visitor.ask('GET /api/me')).status).toBe(401)
  })

  it('somebody archived stays outside', async () => {
    const provider = await add({ joining: 'domains' })
    await visitor.signIn(provider.id, 'mara')
    const { id } = await visitor.call('GET /api/me')
    await desk.call('POST /api/people/:id/archive', { as: admin, params: { id } })
    expect(reasonOf(await visitor.signIn(provider.id, 'mara'))).toBe('archived')
  })

  it('a provider that tells address and groups at its userinfo address is asked there', async () => {
    quiet.accounts = { jo: { name: 'Jo', email: 'jo@nordwind.example', email_verified: true, groups: ['desk'] } }
    await secondFactorPolicy(desk, 'nobody')
    const provider = await addProviderOf(desk, admin, quiet, {
      joining: 'groups',
      groups: [{ group: 'desk', role: 'agent', organisationId: null, teamId: null }],
    })
    await visitor.signIn(provider.id, 'jo')
    expect(await rolesOfMe(visitor)).toEqual(['agent'])
  })

  it('a provider that is switched off shows no button and takes nobody in', async () => {
    const provider = await add({ joining: 'domains', labelEn: 'Nordwind account', labelDe: 'Nordwind-Konto' })
    expect((await desk.call('GET /api/sign-in/providers')).items).toEqual([
      { id: provider.id, name: 'Nordwind', labelEn: 'Nordwind account', labelDe: 'Nordwind-Konto' },
    ])
    await desk.call('POST /api/oidc-providers/:id/disable', { as: admin, params: { id: provider.id } })
    expect((await desk.call('GET /api/sign-in/providers')).items).toEqual([])
    expect((await visitor.ask('POST /api/sign-in/providers/:id/start', { params: { id: provider.id }, body: {} })).status).toBe(404)
  })
})

describe('roles by group', () => {
  const groups = (team: string) => [
    { group: 'it-desk', role: 'agent' as const, organisationId: null, teamId: null },
    { group: 'it-leads', role: 'lead' as const, organisationId: null, teamId: team },
    { group: 'it-admins', role: 'administrator' as const, organisationId: null, teamId: null },
  ]
  it('are worked out anew at each sign-in; what was given by hand stays', async () => {
    const team = await desk.team('Networks')
    const provider = await add({ joining: 'groups', groups: groups(team.id), secondFactor: 'trusted' })
    house.accounts['mara'] = { ...house.accounts['mara'], groups: ['it-desk', 'it-leads', 'canteen'] }
    await visitor.signIn(provider.id, 'mara')
    const { id } = await visitor.call('GET /api/me')
    expect(await grantsOf(id)).toEqual(['agent Nordwind', 'lead Networks Nordwind'])

    await desk.call('POST /api/people/:id/grants', { as: admin, params: { id }, body: { role: 'agent' } })
    house.accounts['mara'] = { ...house.accounts['mara'], groups: [] }
    await visitor.signIn(provider.id, 'mara')
    expect(await grantsOf(id)).toEqual(['agent'])
    expect(await rolesOfMe(visitor)).toEqual(['agent'])
  })

  it('a role that comes from a group is not taken by hand, and goes with the provider', async () => {
    const team = await desk.team('Networks')
    const provider = await add({ joining: 'groups', groups: groups(team.id), secondFactor: 'trusted' })
    house.accounts['mara'] = { ...house.accounts['mara'], groups: ['it-desk'] }
    await visitor.signIn(provider.id, 'mara')
    const { id } = await visitor.call('GET /api/me')
    const { grants } = await desk.call('GET /api/people/:id', { as: admin, params: { id } })
    await desk.refused('not_allowed', 'DELETE /api/people/:id/grants/:grantId', { as: admin, params: { id, grantId: grants[0]!.id } })
    await desk.refused('still_in_use', 'DELETE /api/oidc-providers/:id', { as: admin, params: { id: provider.id } })
    await desk.call('POST /api/oidc-providers/:id/disable', { as: admin, params: { id: provider.id } })
    await desk.call('DELETE /api/oidc-providers/:id', { as: admin, params: { id: provider.id } })
    expect(await grantsOf(id)).toEqual([])
    expect((await desk.call('GET /api/oidc-providers', { as: admin })).items).toEqual([])
  })

  it('the last administrator stays one, whatever the groups say', async () => {
    const team = await desk.team('Networks')
    const provider = await add({ joining: 'groups', groups: groups(team.id), secondFactor: 'trusted' })
    house.accounts['mara'] = { ...house.accounts['mara'], groups: ['it-admins'] }
    await visitor.signIn(provider.id, 'mara')
    const { id } = await visitor.call('GET /api/me')
    await visitor.call('POST /api/people/:id/archive', { params: { id: admin.id } })
    house.accounts['mara'] = { ...house.accounts['mara'], groups: [] }
    await visitor.signIn(provider.id, 'mara')
    expect(await rolesOfMe(visitor)).toEqual(['administrator'])
    const second = await desk.person('administrator')
    await visitor.signIn(provider.id, 'mara')
    const seen = await desk.call('GET /api/people/:id', { as: second, params: { id } })
    expect(seen.grants).toEqual([])
  })

  it('groups that did not fit into the token change nothing', async () => {
    const team = await desk.team('Networks')
    const provider = await add({ joining: 'groups', groups: groups(team.id), secondFactor: 'trusted' })
    house.accounts['mara'] = { ...house.accounts['mara'], groups: ['it-desk'] }
    await visitor.signIn(provider.id, 'mara')
    const { id } = await visitor.call('GET /api/me')
    house.tamper = (body) => rewritten(body, { groups: undefined, _claim_names: { groups: 'src1' } })
    await visitor.signIn(provider.id, 'mara')
    expect(await grantsOf(id)).toEqual(['agent Nordwind'])
  })
})

describe('a person who is known already', () => {
  it('a member of staff confirms by the sign-in that they have; then the company account is enough', async () => {
    await secondFactorPolicy(desk, 'nobody')
    const agent = await desk.person('agent', { email: 'mara@nordwind.example' })
    await givePassword(desk, agent.id, good)
    const provider = await add({ linking: 'requesters' })
    const answer = await visitor.signIn(provider.id, 'mara')
    expect(answer.body.next).toBe('confirm')
    expect((await visitor.ask('GET /api/me')).status).toBe(401)
    const confirm = { confirm: answer.body.confirm ?? '' }

    const stranger = visitorOn(desk)
    await stranger.call('POST /api/sign-in/password', { body: { email: agent.email, password: good } })
    expect((await stranger.ask('POST /api/me/identities/confirm', { body: confirm })).status).toBe(410)
    await visitor.call('POST /api/sign-in/password', { body: { email: agent.email, password: good } })
    await visitor.call('POST /api/me/identities/confirm', { body: confirm }).catch(() => undefined)
    // The wrong browser had not used it up: only its own may.
    expect((await visitor.call('GET /api/me/identities')).items).toMatchObject([
      { provider: { id: provider.id }, account: 'mara@nordwind.example' },
    ])
    const next = visitorOn(desk)
    expect((await next.signIn(provider.id, 'mara')).body.next).toBe('done')
    expect((await next.call('GET /api/me')).id).toBe(agent.id)
  })

  it('the administrator may let verified addresses connect staff without asking', async () => {
    const agent = await desk.person('agent', { email: 'mara@nordwind.example' })
    const provider = await add({ linking: 'everybody', secondFactor: 'trusted' })
    await visitor.signIn(provider.id, 'mara')
    expect((await visitor.call('GET /api/me')).id).toBe(agent.id)
  })

  it('connects and disconnects a company account in the profile, whatever its address is', async () => {
    const person = await desk.person('requester', { email: 'someone@private.example' })
    await givePassword(desk, person.id, good)
    const provider = await add()
    await visitor.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    expect((await visitor.connect(provider.id, 'mara')).body.next).toBe('connected')
    const { items } = await visitor.call('GET /api/me/identities')
    expect(items).toHaveLength(1)
    const other = visitorOn(desk)
    await other.signIn(provider.id, 'mara')
    expect((await other.call('GET /api/me')).id).toBe(person.id)

    desk.clock.advance({ minutes: 6 })
    const stale = await visitor.ask('DELETE /api/me/identities/:id', { params: { id: items[0]!.id } })
    expect(stale.body).toMatchObject({ code: 'not_allowed', reason: 'fresh_sign_in' })
    await visitor.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    await visitor.call('DELETE /api/me/identities/:id', { params: { id: items[0]!.id } })
    expect(reasonOf(await visitorOn(desk).signIn(provider.id, 'mara'))).toBe('not_invited')
  })

  it('an account of somebody else is not connected a second time, and nobody loses their only way in', async () => {
    const provider = await add({
      joining: 'groups',
      domains: [],
      groups: [{ group: 'all', role: 'requester', organisationId: null, teamId: null }],
    })
    house.accounts['mara'] = { name: 'Mara', groups: ['all'] }
    house.accounts['jo'] = { name: 'Jo', groups: ['all'] }
    await visitor.signIn(provider.id, 'mara')
    const other = visitorOn(desk)
    await other.signIn(provider.id, 'jo')
    expect(reasonOf(await other.connect(provider.id, 'mara'))).toBe('account_taken')
    const { items } = await visitor.call('GET /api/me/identities')
    expect((await visitor.ask('DELETE /api/me/identities/:id', { params: { id: items[0]!.id } })).body).toMatchObject({
      code: 'still_in_use',
    })
  })
})

describe('the second factor', () => {
  it('is asked of staff as after a password, unless the provider is trusted for it or says that it was given', async () => {
    house.accounts['mara'] = { ...house.accounts['mara'], groups: ['desk'] }
    const claim = (claims: object) => {
      house.tamper = (body) => rewritten(body, claims)
    }
    claim({ amr: ['pwd'] })
    let provider = await add({ joining: 'groups', groups: [{ group: 'desk', role: 'agent', organisationId: null, teamId: null }] })
    expect((await visitor.signIn(provider.id, 'mara')).body.next).toBe('second-factor-setup')
    expect((await visitor.ask('GET /api/tickets')).status).toBe(403)
    provider = await change(provider, { secondFactor: 'claimed' })
    expect((await visitor.signIn(provider.id, 'mara')).body.next).toBe('second-factor-setup')
    claim({ amr: ['pwd', 'mfa'] })
    expect((await visitor.signIn(provider.id, 'mara')).body.next).toBe('done')
    provider = await change(provider, { acrValues: ['urn:two'] })
    claim({ acr: 'urn:two' })
    expect((await visitor.signIn(provider.id, 'mara')).body.next).toBe('done')
    claim({ acr: 'urn:one' })
    expect((await visitor.signIn(provider.id, 'mara')).body.next).toBe('second-factor-setup')
    provider = await change(provider, { secondFactor: 'trusted' })
    expect((await visitor.signIn(provider.id, 'mara')).body.next).toBe('done')
  })
})

describe('passwords off', () => {
  it('for the people of the domain, known or not; an administrator whose role was given by hand still comes in', async () => {
    await secondFactorPolicy(desk, 'nobody')
    const provider = await add()
    await desk.refused('validation_failed', 'PATCH /api/oidc-providers/:id', {
      as: admin,
      params: { id: provider.id },
      ifMatch: provider.version,
      body: { passwords: 'refused' },
    })
    await givePassword(desk, admin.id, good)
    await change(provider, { passwords: 'refused' })
    const agent = await desk.person('agent', { email: 'mara@nordwind.example' })
    await givePassword(desk, agent.id, good)
    for (const [email, password] of [
      [agent.email, good],
      [agent.email, 'wrong'],
      ['nobody@nordwind.example', good],
      [admin.email, 'wrong'],
    ])
      expect((await visitor.ask('POST /api/sign-in/password', { body: { email: email!, password: password! } })).body).toMatchObject({
        code: 'provider_only',
        provider: 'Nordwind',
      })
    expect((await visitor.call('POST /api/sign-in/password', { body: { email: admin.email, password: good } })).next).toBe('done')
    for (const email of [agent.email, admin.email]) await desk.call('POST /api/sign-in/link', { body: { email } })
    expect((await takeMails(desk)).map((mail) => mail.address)).toEqual([admin.email])
  })
})

describe('signing out', () => {
  it('ends the sign-in at the provider too where that is set', async () => {
    let provider = await add({ joining: 'domains' })
    await visitor.signIn(provider.id, 'mara')
    expect(await visitor.call('POST /api/sign-out')).toEqual({ leave: null })
    provider = await change(provider, { signOut: 'everywhere' })
    await visitor.signIn(provider.id, 'mara')
    const { leave } = await visitor.call('POST /api/sign-out')
    expect((await visitor.ask('GET /api/me')).status).toBe(401)
    const page = await fetch(leave ?? '')
    expect(page.status).toBe(200)
    expect(new URL(leave ?? '').searchParams.get('post_logout_redirect_uri')).toBe(provider.signOutUri)
  })

  it('comes by itself after the hours that the provider’s word is believed', async () => {
    const provider = await add({ joining: 'domains', sessionHours: 2 })
    await visitor.signIn(provider.id, 'mara')
    desk.clock.advance({ minutes: 119 })
    expect((await visitor.ask('GET /api/me')).status).toBe(200)
    desk.clock.advance({ minutes: 2 })
    expect((await visitor.ask('GET /api/me')).status).toBe(401)
  })
})

describe('setting a provider up', () => {
  const test = (id: string) => desk.call('POST /api/oidc-providers/:id/test', { as: admin, params: { id } })
  it('the connection is tested step by step, and each failure names its cause', async () => {
    const provider = await add()
    expect(await test(provider.id)).toMatchObject({ ok: true, steps: [{ step: 'discovery' }, { step: 'keys' }, { step: 'client' }] })
    const causes: [object, string, string][] = [
      [{ secret: 'wrong' }, 'client', 'wrong_client'],
      [{ clientId: 'unknown' }, 'client', 'wrong_client'],
      [{ issuer: `${house.issuer}/realm` }, 'discovery', 'no_discovery'],
      [{ issuer: `${house.issuer}/` }, 'discovery', 'other_issuer'],
      [{ issuer: 'http://127.0.0.1:1' }, 'discovery', 'unreachable'],
    ]
    let version = provider.version
    for (const [body, step, code] of causes) {
      const next = await desk.call('PATCH /api/oidc-providers/:id', { as: admin, params: { id: provider.id }, ifMatch: version, body })
      version = next.version
      const told = await test(provider.id)
      expect(told.ok).toBe(false)
      expect(told.steps.at(-1), JSON.stringify(body)).toMatchObject({ step, code, ok: false })
    }
    expect(reasonOf(await visitor.ask('POST /api/sign-in/providers/:id/start', { params: { id: provider.id }, body: {} }))).toBe(
      'unreachable',
    )
  })

  it('the client secret is sealed in the database and never given out', async () => {
    const provider = await add()
    const told = await desk.ask('GET /api/oidc-providers', { as: admin })
    expect(told.text).not.toContain(house.secret)
    expect(provider).toMatchObject({ hasSecret: true, redirectUri: `http://localhost:8080/sign-in/back/${provider.id}` })
    const found = await desk.kernel.asSystem(({ db }) => sql<{ secret: Buffer }>`select secret from oidc_provider`.execute(db))
    expect(found.rows[0]!.secret.toString('latin1')).not.toContain(house.secret)
  })

  it('tells all that is wrong at once, beside its field', async () => {
    const body = {
      name: 'X',
      clientId: 'x',
      issuer: 'https://user@idp.example/?a=1',
      groups: [{ group: 'g', role: 'agent' as const, organisationId: '999', teamId: '999' }],
    }
    const refused = await desk.refused('validation_failed', 'POST /api/oidc-providers', { as: admin, body })
    expect(refused.issues?.map(({ path }) => path)).toEqual(['issuer', 'groups.0.organisationId', 'groups.0.teamId'])
    await add()
    const twice = await desk.refused('already_exists', 'POST /api/oidc-providers', {
      as: admin,
      body: { name: 'Again', issuer: house.issuer, clientId: house.clientId },
    })
    expect(twice.issues?.[0]?.path).toBe('clientId')
  })

  it('the buttons stand in the order that was set', async () => {
    const first = await add({ name: 'One' })
    const second = await addProviderOf(desk, admin, quiet, { name: 'Two' })
    await desk.call('PUT /api/oidc-providers/order', { as: admin, body: { ids: [second.id, first.id] } })
    expect((await desk.call('GET /api/sign-in/providers')).items.map(({ id }) => id)).toEqual([second.id, first.id])
  })

  it('leaves a record of who changed what, and of every account that was connected', async () => {
    const provider = await add({ joining: 'domains' })
    await change(provider, { name: 'Nordwind AG' })
    await visitor.signIn(provider.id, 'mara')
    const events = await desk.kernel.asSystem(({ db }) =>
      sql<{
        type: string
        data: Record<string, unknown>
      }>`select type, data from event where type like 'oidc-%' or type like 'identity.%' or type = 'session.started' order by id`.execute(
        db,
      ),
    )
    expect(events.rows.map(({ type }) => type)).toEqual([
      'oidc-provider.added',
      'oidc-provider.enabled',
      'oidc-provider.changed',
      'identity.connected',
      'session.started',
    ])
    expect(events.rows[2]!.data).toEqual({ fields: ['name'] })
    expect(events.rows[4]!.data).toMatchObject({ how: 'oidc' })
  })
})
