import { useTexts } from '../../kernel/i18n.ts'
import { useCompany } from '../../kernel/session.ts'
import { organisationTexts } from './organisation-texts.ts'
import { peopleTexts } from './texts.ts'

type Said = 'title' | 'lead' | 'new' | 'none' | 'noneText' | 'back' | 'one'

/** Customer for a provider, organisation for own staff: the set-up's answer decides. */
export function useOrganisationWords(): (what: Said) => string {
  const t = useTexts(organisationTexts)
  const ending = useCompany()?.supports === 'customers' ? 'Customer' : 'Own'
  return (what) => t(`${what}${ending}`)
}

const roleKeys = {
  requester: { name: 'requester', text: 'requesterText' },
  'organisation-viewer': { name: 'organisation-viewer', text: 'viewerText' },
  agent: { name: 'agent', text: 'agentText' },
  lead: { name: 'lead_', text: 'leadText' },
  manager: { name: 'manager_', text: 'managerText' },
  administrator: { name: 'administrator', text: 'administratorText' },
} as const
export function useRoleWords() {
  const t = useTexts(peopleTexts)
  return { name: (role: keyof typeof roleKeys) => t(roleKeys[role].name), text: (role: keyof typeof roleKeys) => t(roleKeys[role].text) }
}
