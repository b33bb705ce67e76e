import { domainToASCII } from 'node:url'
import type { Role } from '../../../contract/rights.ts'

/**
 * Sign-in by a provider (OpenID Connect Core 1.0, RFC 9700): what a checked ID token means to us. Identity is issuer and
 * subject. An address is only ever a hint: it connects an account to a known person where the administrator has said
 * that this provider speaks for the domain, the provider says that it verified the address, and nobody else of the
 * same issuer is that person already.
 */
export type ProviderPolicy = {
  issuer: string
  joining: 'nobody' | 'domains' | 'groups'
  domains: readonly string[]
  linking: 'off' | 'requesters' | 'everybody'
  groupsClaim: string
  groups: readonly GroupRole[]
  secondFactor: 'ask' | 'claimed' | 'trusted'
  acrValues: readonly string[]
}
export type GroupRole = { group: string; role: Role; organisationId: string | null; teamId: string | null }
export type Claims = Readonly<Record<string, unknown>>

export type Account = {
  subject: string
  /** The address that the provider vouches for; null when it does not. */
  verifiedEmail: string | null
  name: string
  /** What the provider calls them: shown, never matched. */
  account: string
  /** null: the provider did not say (too many for one token), so nothing follows. */
  groups: readonly string[] | null
  secondFactor: boolean
}

/** Never `none`, never a shared secret: with those, whoever knows the public key or the client could write tokens. */
export const signatures: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** What the library leaves open: the kind of signature, and azp beside a single audience (Core, 3.1.3.7, 5). */
export function tokenFault(algorithm: string, claims: Claims, clientId: string): string | null {
  if (!signatures.includes(algorithm)) return `signed with ${algorithm}`
  if (claims['azp'] !== undefined && claims['azp'] !== clientId) return 'issued to another client'
  return null
}

export function accountOf(claims: Claims, policy: ProviderPolicy): Account {
  const email = textOf(claims['email'])
  const verified = isVerified(claims, policy.issuer) && email.includes('@') && email.length <= 254
  return {
    subject: textOf(claims['sub']),
    verifiedEmail: verified ? email.normalize('NFC') : null,
    name: textOf(claims['name']) || [claims['given_name'], claims['family_name']].map(textOf).join(' ').trim(),
    account: (textOf(claims['preferred_username']) || email || textOf(claims['name'])).slice(0, 200),
    groups: groupsIn(claims, policy.groupsClaim),
    secondFactor:
      policy.secondFactor === 'trusted' ||
      (policy.secondFactor === 'claimed' && (listOf(claims['amr']).includes('mfa') || policy.acrValues.includes(textOf(claims['acr'])))),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string' && one !== '')

/** Entra ID has no email_verified: its xms_edov says that the domain's owner confirmed the address. Elsewhere that claim means nothing. */
function isVerified(claims: Claims, issuer: string): boolean {
  if (claims['email_verified'] === true || claims['email_verified'] === 'true') return true
  const entra = /^https:\/\/login\.microsoftonline\.(com|us)\//.test(issuer)
  return entra && claims['email_verified'] === undefined && [true, 1, '1', 'true'].includes(claims['xms_edov'] as never)
}

/** Entra ID sends _claim_names instead of more than 200 groups. */
function groupsIn(claims: Claims, path: string): string[] | null {
  const named = claims['_claim_names']
  if (claims[path] === undefined && typeof named === 'object' && named !== null && path in named) return null
  const inner = claims[path] ?? path.split('.').reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), claims)
  return listOf(inner)
}
const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

export const domainIn = (email: string, domains: readonly string[]): boolean =>
  domains.includes(domainToASCII(email.slice(email.lastIndexOf('@') + 1).trim()))

/** Whom the account could be. `holder` holds the verified address here. */
export type Known = {
  identity: { personId: string; archived: boolean } | null
  holder: { personId: string; staff: boolean; archived: boolean; otherSubject: boolean } | null
}
export type Entry =
  | { way: 'enter' | 'connect' | 'confirm'; personId: string }
  | { way: 'join'; email: string | null }
  | { way: 'refuse'; reason: 'archived' | 'address_known' | 'not_invited' }

export function entryOf(account: Account, policy: ProviderPolicy, { identity, holder }: Known): Entry {
  if (identity) return identity.archived ? { way: 'refuse', reason: 'archived' } : { way: 'enter', personId: identity.personId }
  const speaksFor = account.verifiedEmail !== null && domainIn(account.verifiedEmail, policy.domains)
  if (holder && account.verifiedEmail !== null) {
    if (holder.archived) return { way: 'refuse', reason: 'archived' }
    if (policy.linking === 'off' || !speaksFor || holder.otherSubject) return { way: 'refuse', reason: 'address_known' }
    return { way: holder.staff && policy.linking === 'requesters' ? 'confirm' : 'connect', personId: holder.personId }
  }
  // Only of its own domains does a provider's word make an address somebody's.
  if (policy.joining === 'domains' && speaksFor) return { way: 'join', email: account.verifiedEmail }
  if (policy.joining === 'groups' && rolesOf(account.groups ?? [], policy.groups).length > 0)
    return { way: 'join', email: speaksFor ? account.verifiedEmail : null }
  return { way: 'refuse', reason: 'not_invited' }
}

/** The rows of the table that these groups reach, each once. Group names count to the letter. */
export function rolesOf(groups: readonly string[], table: readonly GroupRole[]): GroupRole[] {
  const reached = table.filter(({ group }) => groups.includes(group))
  return [...new Map(reached.map((row) => [`${row.role}/${row.organisationId}/${row.teamId}`, row])).values()]
}

/** After a sign-in one lands in this house: one slash, no backslash (browsers read it as a slash), no control characters. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)
