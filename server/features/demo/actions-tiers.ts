import type { HandoffPart } from '../../../contract/handoff.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessDuties } from '../tiers/access-duties.ts'
import { tellLeads } from '../tiers/actions.ts'
import { setDuties } from '../tiers/actions-duties.ts'
import type { House } from './actions-house.ts'

/**
 * The service desk settles what people at their desks need; lines, servers and malware go to who knows them, and Network
 * wants to hear what was tried. Arne has told Femke of the carrier that does not answer: her letter to it followed.
 */
type Plan = { team: string; settles?: string[]; takes?: string[]; asksFor?: HandoffPart[] }
const plans: Plan[] = [
  {
    team: 'desk',
    settles: [
      ...['access', 'software', 'compatibility', 'media', 'network.wlan', 'network.vpn', 'data.share', 'data.restore'],
      ...['hardware.computer', 'hardware.monitor', 'hardware.printer', 'hardware.phone', 'hardware.accessory'],
      ...['security.phishing', 'security.lost'],
    ],
  },
  { team: 'apps', takes: ['software.business'] },
  { team: 'network', takes: ['network'], asksFor: ['found', 'tried', 'expected'] },
  { team: 'servers', takes: ['data', 'hardware.server'], asksFor: ['expected'] },
  { team: 'security', takes: ['security'] },
]

export async function shareDuties(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const context = actAs(house.person('administrator').actor, house.began)
  const ids = (keys: string[] = []) => keys.flatMap((key) => house.categories.get(key) ?? [])
  for (const { team, settles, takes, asksFor = [] } of plans) {
    const granted = await accessDuties(context, house.teams.get(team)!, 'team.edit')
    await setDuties(context, granted, granted.version, { settles: ids(settles), takes: ids(takes), kinds: [], asksFor })
  }
  const vendor = house.tickets.get('vendor')
  if (vendor === undefined) return
  const arne = actAs(house.person('agent-arne').actor, now.subtract({ minutes: 28 * 60 }))
  await tellLeads(
    arne,
    await accessTicket(arne, vendor, 'ticket.edit'),
    'Leuchtnetz hat auch die Frist der Geschäftsleitung verstreichen lassen: kein Techniker, keine Antwort. Schreibst du deren Management an? Herr Horváth hat mein Wort, dass wir uns bis 12 Uhr melden.',
  )
}
