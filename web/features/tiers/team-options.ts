import type { Ticket } from '../../../contract/tickets.ts'
import type { NextTeam } from '../../../contract/tiers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import type { Option } from '../../ui/Fields.tsx'
import { talkTexts } from '../tickets/conversation-texts.ts'
import { tierTexts } from './texts.ts'

type Team = { id: string; name: string; tier: number | null }

/** The teams to which a ticket goes next first, each with why, then all others in the order of their tiers. */
export function useTeamOptions(ticket: Ticket, teams: readonly Team[], next: readonly NextTeam[]): { group: string; items: Option[] }[] {
  const t = useTexts(tierTexts)
  const c = useTexts(talkTexts)
  const plain = ({ name, tier }: Team) => (tier ? c('passTier', { name, tier }) : name)
  const why = ({ team, category }: NextTeam) => {
    if (!category) return plain(team)
    const said = { team: team.name, category: category.name }
    return team.tier ? t('takesItTier', { ...said, tier: team.tier }) : t('takesIt', said)
  }
  const others = teams.filter(({ id }) => !next.some(({ team }) => team.id === id))
  return [
    { group: t('next'), items: next.map((one) => ({ value: one.team.id, label: why(one) })) },
    { group: t('others'), items: others.map((one) => ({ value: one.id, label: plain(one), disabled: one.id === ticket.team?.id })) },
  ].filter(({ items }) => items.length > 0)
}
