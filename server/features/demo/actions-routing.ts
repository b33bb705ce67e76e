import type { ActAs } from '../../kernel/history.ts'
import { listSkills } from '../people/access-teams.ts'
import { accessCategory } from '../routing/access.ts'
import { accessDistribution, untold } from '../routing/access-distribution.ts'
import { setCategorySkills, setDistribution } from '../routing/actions-distribution.ts'
import type { House } from './actions-house.ts'

/**
 * The service desk takes its tickets itself; the network team gets them by skill, so that Wi-Fi goes to Femke and the
 * firewall to Arne, and the workplace team by what each has in hand. Both keep somebody's next ticket with who had the last.
 */
const asks: Record<string, string> = { 'network.wlan': 'Wi-Fi', 'network.vpn': 'VPN' }

export async function giveOutTickets(actAs: ActAs, house: House): Promise<void> {
  const context = actAs(house.person('administrator').actor, house.began)
  const skills = new Map((await listSkills(context)).map(({ id, name }) => [name, id]))
  for (const [key, name] of Object.entries(asks)) {
    const [categoryId, skillId] = [house.categories.get(key), skills.get(name)]
    if (categoryId && skillId) await setCategorySkills(context, await accessCategory(context, categoryId, 'category.edit'), [skillId])
  }
  const { version, ...plain } = untold
  const set = async (team: string, settings: Partial<typeof plain>) => {
    const granted = await accessDistribution(context, house.teams.get(team)!, 'routing.edit')
    await setDistribution(context, granted, version, { ...plain, ...settings })
  }
  await set('network', { way: 'skill', stickyDays: 14 })
  await set('workplace', { way: 'load', availability: 'here', cap: 40, stickyDays: 30 })
}
