import { describe, expect, it } from 'vitest'
import { type Account, accountOf, entryOf, isOwnPath, type Known, type ProviderPolicy, rolesOf, tokenFault } from './rules-oidc.ts'

const policy: ProviderPolicy = {
  issuer: 'https://sso.example',
  joining: 'domains',
  domains: ['firm.example', 'xn--mller-kva.example'],
  linking: 'requesters',
  groupsClaim: 'groups',
  groups: [
    { group: 'desk', role: 'agent', organisationId: null, teamId: null },
    { group: 'all-desk', role: 'agent', organisationId: null, teamId: null },
    { group: 'leads', role: 'lead', organisationId: null, teamId: '7' },
  ],
  secondFactor: 'claimed',
  acrValues: ['urn:two'],
}
const account = (more: Partial<Account> = {}): Account => ({
  subject: 's',
  verifiedEmail: 'jo@firm.example',
  name: 'Jo',
  account: 'jo',
  groups: [],
  secondFactor: false,
  ...more,
})
const holder = (more: Partial<NonNullable<Known['holder']>> = {}): Known => ({
  identity: null,
  holder: { personId: '5', staff: false, archived: false, otherSubject: false, ...more },
})
const nobody: Known = { identity: null, holder: null }

describe('whom an account is', () => {
  it.each<[string, Partial<Account>, Partial<ProviderPolicy>, Known, object]>([
    [
      'is decided by issuer and subject before all else',
      {},
      { linking: 'off' },
      { identity: { personId: '9', archived: false }, ...{ holder: holder().holder } },
      { way: 'enter', personId: '9' },
    ],
    [
      'is nobody when that person is archived',
      {},
      {},
      { identity: { personId: '9', archived: true }, holder: null },
      { way: 'refuse', reason: 'archived' },
    ],
    ['is a requester with the verified address', {}, {}, holder(), { way: 'connect', personId: '5' }],
    ['is staff with the verified address once they confirm', {}, {}, holder({ staff: true }), { way: 'confirm', personId: '5' }],
    [
      'is staff at once where the administrator said so',
      {},
      { linking: 'everybody' },
      holder({ staff: true }),
      { way: 'connect', personId: '5' },
    ],
    ['is nobody where addresses are not trusted', {}, { linking: 'off' }, holder(), { way: 'refuse', reason: 'address_known' }],
    [
      'is nobody with an address of a foreign domain',
      { verifiedEmail: 'jo@other.example' },
      {},
      holder(),
      { way: 'refuse', reason: 'address_known' },
    ],
    [
      'is nobody below a domain of the list',
      { verifiedEmail: 'jo@sub.firm.example' },
      {},
      holder(),
      { way: 'refuse', reason: 'address_known' },
    ],
    [
      'is nobody when that person has another account there',
      {},
      {},
      holder({ otherSubject: true }),
      { way: 'refuse', reason: 'address_known' },
    ],
    ['is nobody when the holder of the address is archived', {}, {}, holder({ archived: true }), { way: 'refuse', reason: 'archived' }],
    ['joins with an address of the domain', {}, {}, nobody, { way: 'join', email: 'jo@firm.example' }],
    ['joins with an international domain', { verifiedEmail: 'jo@MÜLLER.example' }, {}, nobody, { way: 'join', email: 'jo@MÜLLER.example' }],
    ['does not join with another', { verifiedEmail: 'jo@other.example' }, {}, nobody, { way: 'refuse', reason: 'not_invited' }],
    ['does not join without a verified one', { verifiedEmail: null }, {}, nobody, { way: 'refuse', reason: 'not_invited' }],
    [
      'joins by a listed group, without a foreign address',
      { verifiedEmail: 'jo@other.example', groups: ['leads'] },
      { joining: 'groups' },
      nobody,
      { way: 'join', email: null },
    ],
    ['does not join by another group', { groups: ['canteen'] }, { joining: 'groups' }, nobody, { way: 'refuse', reason: 'not_invited' }],
    [
      'does not join by groups that were not told',
      { groups: null },
      { joining: 'groups' },
      nobody,
      { way: 'refuse', reason: 'not_invited' },
    ],
  ])('%s', (_, more, change, known, entry) => {
    expect(entryOf(account(more), { ...policy, ...change }, known)).toEqual(entry)
  })
})

describe('what a token says', () => {
  it.each([
    [{ email: 'a@firm.example', email_verified: true }, 'https://sso.example', 'a@firm.example'],
    [{ email: 'a@firm.example', email_verified: 'true' }, 'https://sso.example', 'a@firm.example'],
    [{ email: 'a@firm.example', email_verified: false }, 'https://sso.example', null],
    [{ email: 'a@firm.example' }, 'https://sso.example', null],
    [{ email: ['a@firm.example'], email_verified: true }, 'https://sso.example', null],
    [{ email: 'a@firm.example', xms_edov: true }, 'https://sso.example', null],
    [{ email: 'a@firm.example', xms_edov: '1' }, 'https://login.microsoftonline.com/t/v2.0', 'a@firm.example'],
    [{ email: 'a@firm.example', xms_edov: true }, 'https://login.microsoftonline.com.evil.example/t', null],
    [{ email: 'a@firm.example', xms_edov: true, email_verified: false }, 'https://login.microsoftonline.com/t/v2.0', null],
  ])('%j of %s verifies %s', (claims, issuer, email) => {
    expect(accountOf({ sub: 's', ...claims }, { ...policy, issuer }).verifiedEmail).toBe(email)
  })
  it.each([
    [{ groups: ['a', 'b', 3] }, 'groups', ['a', 'b']],
    [{ groups: 'a' }, 'groups', ['a']],
    [{}, 'groups', []],
    [{ realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
    [{ 'https://firm.example/groups': ['a'] }, 'https://firm.example/groups', ['a']],
    [{ _claim_names: { groups: 'src1' } }, 'groups', null],
  ])('%j has below %s the groups %j', (claims, groupsClaim, groups) => {
    expect(accountOf({ sub: 's', ...claims }, { ...policy, groupsClaim }).groups).toEqual(groups)
  })
  it.each([
    [{ amr: ['pwd', 'mfa'] }, 'claimed', true],
    [{ amr: 'mfa' }, 'claimed', true],
    [{ amr: ['pwd'] }, 'claimed', false],
    [{ acr: 'urn:two' }, 'claimed', true],
    [{ acr: '1' }, 'claimed', false],
    [{ amr: ['mfa'] }, 'ask', false],
    [{}, 'trusted', true],
  ] as const)('%j where the second factor is %s counts as one: %s', (claims, secondFactor, counts) => {
    expect(accountOf({ sub: 's', ...claims }, { ...policy, secondFactor }).secondFactor).toBe(counts)
  })
})

it('a role that several groups give is given once', () => {
  expect(rolesOf(['desk', 'all-desk', 'leads', 'Leads'], policy.groups).map(({ role }) => role)).toEqual(['agent', 'lead'])
})

it.each(['none', 'HS256', 'HS512', 'rs256', ''])('a signature by %j is none', (algorithm) => {
  expect(tokenFault(algorithm, { aud: 'me' }, 'me')).not.toBeNull()
  expect(tokenFault('ES256', { aud: 'me' }, 'me')).toBeNull()
})

it.each([
  ['/', true],
  ['/tickets/1001?x=//y', true],
  ['/portal#a', true],
  ['', false],
  ['tickets', false],
  ['//evil.example', false],
  ['/\\evil.example', false],
  ['/a\\b', false],
  ['/\t/evil.example', false],
  ['https://evil.example', false],
  ['javascript:alert(1)', false],
])('%j is an address of this house: %s', (path, own) => {
  expect(isOwnPath(path)).toBe(own)
})
