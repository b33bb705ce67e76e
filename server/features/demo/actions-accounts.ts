import type { ActAs } from '../../kernel/history.ts'
import { addProvider } from '../sessions/actions-oidc-providers.ts'
import type { House } from './actions-house.ts'

/**
 * The house's own accounts, set up and not yet switched on: Halyard waits for the secret of its directory. The cards of
 * the sample company stay the way in, because no such directory answers.
 */
export async function prepareCompanyAccounts(actAs: ActAs, house: House): Promise<void> {
  const context = actAs(house.person('administrator').actor, house.began)
  const row = (group: string, role: 'agent' | 'lead' | 'manager', team?: string) => ({
    group,
    role,
    organisationId: null,
    teamId: team === undefined ? null : (house.teams.get(team) ?? null),
  })
  await addProvider(context, {
    name: 'Halyard',
    labelEn: 'Sign in with your Halyard account',
    labelDe: 'Mit dem Halyard-Konto anmelden',
    issuer: 'https://sso.halyard.example/realms/halyard',
    clientId: 'firstline',
    joining: 'groups',
    domains: ['halyard.example'],
    linking: 'requesters',
    groups: [row('it-service', 'agent'), row('it-network-leads', 'lead', 'network'), row('it-management', 'manager')],
    secondFactor: 'claimed',
  })
}
