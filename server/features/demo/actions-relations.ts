import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessTicket } from '../tickets/access.ts'
import { link } from '../tickets/actions-relations.ts'
import type { House } from './actions-house.ts'
import { asInstant } from './office-hours.ts'
import type { TicketPlan } from './steps.ts'
import type { YearPlan } from './year-plan.ts'

/** What hangs together at Halyard IT: the morning without VPN is one ticket with its children. */
const minute = 60_000

export async function linkTickets(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const main = year.tickets.find((plan) => plan.key === 'vpn-0')
  if (!main) return
  for (const plan of year.tickets) if (/^vpn-[1-9]\d*$/.test(plan.key)) await makeChild(actAs, house, plan, main, now)
}

/** Tunde takes the calls that morning and hangs each on the one that Femke works on. */
async function makeChild(actAs: ActAs, house: House, child: TicketPlan, main: TicketPlan, now: Instant): Promise<void> {
  const [childId, mainId] = [house.tickets.get(child.key), house.tickets.get(main.key)]
  const opened = child.steps[0]?.at
  if (childId === undefined || mainId === undefined || opened === undefined) return
  const at = Math.min(Math.max(opened, main.steps[0]?.at ?? 0) + 4 * minute, now.epochMilliseconds - minute)
  const context = actAs(house.person('agent-tunde').actor, asInstant(at))
  await link(context, await accessTicket(context, childId, 'ticket.note'), await accessTicket(context, mainId, 'ticket.note'), 'child')
}
