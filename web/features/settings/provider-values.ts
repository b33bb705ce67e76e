import type { OidcProvider } from '../../../contract/oidc.ts'
import type { Role } from '../../../contract/rights.ts'
import type { Body } from '../../kernel/call.ts'
import type { Option } from '../../ui/Fields.tsx'
import { optionOf } from '../people/picks.tsx'

/** A provider as its form holds it, and back. */
export type GroupRow = { key: number; group: string; role: Role; organisation: Option | null; team: Option | null }
export type ProviderValues = {
  name: string
  labelEn: string
  labelDe: string
  issuer: string
  clientId: string
  secret: string
  scopes: string[]
  joining: OidcProvider['joining']
  domains: string[]
  linking: OidcProvider['linking']
  passwords: OidcProvider['passwords']
  groupsClaim: string
  groups: GroupRow[]
  secondFactor: OidcProvider['secondFactor']
  acrValues: string[]
  sessionHours: number | null
  everywhere: boolean
}

export const emptyProvider: ProviderValues = {
  name: '',
  labelEn: '',
  labelDe: '',
  issuer: '',
  clientId: '',
  secret: '',
  scopes: ['openid', 'email', 'profile'],
  joining: 'nobody',
  domains: [],
  linking: 'off',
  passwords: 'allowed',
  groupsClaim: 'groups',
  groups: [],
  secondFactor: 'ask',
  acrValues: [],
  sessionHours: 12,
  everywhere: false,
}

export const valuesOf = (p: OidcProvider): ProviderValues => ({
  name: p.name,
  labelEn: p.labelEn,
  labelDe: p.labelDe,
  issuer: p.issuer,
  clientId: p.clientId,
  secret: '',
  scopes: p.scopes,
  joining: p.joining,
  domains: p.domains,
  linking: p.linking,
  passwords: p.passwords,
  groupsClaim: p.groupsClaim,
  groups: p.groups.map(({ group, role, organisation, team }, key) => ({
    key,
    group,
    role,
    organisation: optionOf(organisation),
    team: optionOf(team),
  })),
  secondFactor: p.secondFactor,
  acrValues: p.acrValues,
  sessionHours: p.sessionHours,
  everywhere: p.signOut === 'everywhere',
})

export function bodyOf({ secret, groups, sessionHours, everywhere, ...rest }: ProviderValues): Body<'POST /api/oidc-providers'> {
  return {
    ...rest,
    ...(secret ? { secret } : {}),
    groups: groups
      .filter(({ group }) => group.trim() !== '')
      .map(({ group, role, organisation, team }) => ({
        group,
        role,
        organisationId: organisation?.value ?? null,
        teamId: team?.value ?? null,
      })),
    sessionHours: sessionHours ?? 12,
    signOut: everywhere ? 'everywhere' : 'here',
  }
}
