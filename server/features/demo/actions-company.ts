import { sql } from 'kysely'
import { systemActor } from '../../kernel/actor.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { type ActAs, inThePast } from '../../kernel/history.ts'
import { Problem } from '../../kernel/problem.ts'
import { changeCompany, endSetUp } from '../company/actions.ts'
import { countAll } from '../figures/actions-derive.ts'
import { indexBatch } from '../search/actions.ts'
import { prepareCompanyAccounts } from './actions-accounts.ts'
import { nightOfMachines } from './actions-alerts.ts'
import { automate, tryStockSystem } from './actions-automation.ts'
import { keepHours } from './actions-calendars.ts'
import { answerPhone } from './actions-calls.ts'
import { knowCustomers } from './actions-customers.ts'
import { callAtNight, connectHotline } from './actions-emergency.ts'
import { askFields } from './actions-fields.ts'
import { carryOut, settleMarks } from './actions-history.ts'
import { type House, peopleOfHouse, settleHouse } from './actions-house.ts'
import { leaveOn } from './actions-notices.ts'
import { standBy } from './actions-oncall.ts'
import { wakeUp } from './actions-paging.ts'
import { keepPromises } from './actions-promises.ts'
import { lookForRepeats } from './actions-radar.ts'
import { keepReady } from './actions-readymade.ts'
import { linkTickets } from './actions-relations.ts'
import { giveOutTickets } from './actions-routing.ts'
import { countOpenTickets, fridayStory, promise } from './actions-sla.ts'
import { askCustomers } from './actions-surveys.ts'
import { giveTasks } from './actions-tasks.ts'
import { shareDuties } from './actions-tiers.ts'
import { writeTime } from './actions-time.ts'
import { workTogether } from './actions-together.ts'
import { importStaffList } from './actions-transfer.ts'
import { keepViews } from './actions-views.ts'
import { sendOut } from './actions-visits.ts'
import { cards, provider } from './provider.ts'
import { planYear, type YearPlan } from './year-plan.ts'

/**
 * Makes the sample company in an empty database: its house, its people, and a year of tickets, through the same actions
 * that the screens use, under a moved clock and as the person who acts. All in one transaction: there is a whole sample
 * company or none.
 */
export type Making = { seed?: string; tickets?: number }
type Say = (line: string) => void

export async function makeSampleCompany(
  kernel: Kernel,
  say: Say = () => {},
  { seed = 'halyard', tickets = 2000 }: Making = {},
): Promise<void> {
  await kernel.asSystem(refuseFull)
  const clock = stopwatch(say)
  const now = kernel.clock.now()
  const year = planYear({ seed, tickets, now: now.epochMilliseconds })
  clock(`The sample company is planned: ${year.people.length} people of three customers, ${year.tickets.length} tickets`)
  const administrator = await inThePast(kernel, async (actAs) => {
    const program = actAs(systemActor(kernel.allRights), now)
    await refuseFull(program)
    await introduce(actAs, kernel, now)
    const house = await settleHouse(actAs, now)
    await peopleOfHouse(actAs, house, year.people, now)
    await keepHours(actAs, house, now)
    await prepareCompanyAccounts(actAs, house)
    clock('Organisations, teams, mailboxes and people are there')
    const stories = [...fridayStory(actAs, house, now), ...nightOfMachines(actAs, house, now), ...callAtNight(actAs, house, now)].sort(
      (a, b) => a.at - b.at,
    )
    await carryOut(actAs, house, year, kernel, now, stories, (done, all) => clock(`${done} of ${all} acts of the year are done`))
    await askFields(actAs, house, year, now)
    await linkTickets(actAs, house, year, now)
    await giveTasks(actAs, house, year, now)
    await answerPhone(actAs, house, year, now)
    await writeTime(actAs, house, year, now)
    await sendOut(actAs, house, year, now)
    await knowCustomers(actAs, house, now)
    await shareDuties(actAs, house, now)
    await workTogether(actAs, house, year, now)
    await standBy(actAs, house, now)
    await wakeUp(actAs, house, now)
    await connectHotline(actAs, house, now)
    await leaveOn(actAs, house, now)
    await keepReady(actAs, house, now)
    await keepViews(actAs, house, now)
    await automate(actAs, house, year, now)
    await giveOutTickets(actAs, house)
    await askCustomers(actAs, house, now)
    await promise(actAs, house, now)
    clock('Tasks are given and time is written down')
    await lookForRepeats(actAs, house, now)
    clock('What comes again is collected')
    await settleMarks(actAs(systemActor(kernel.allRights), now), house)
    await keepCards(actAs(systemActor(kernel.allRights), now), house, year, seed)
    clock('Read marks, bells and cards are set')
    await indexAll(actAs(systemActor(kernel.allRights), now))
    clock('Everything can be searched')
    return house.person('administrator').actor
  })
  clock('All of it is committed')
  await importStaffList(kernel, administrator, year.people)
  await tryStockSystem(kernel, administrator)
  clock('A list of people is imported')
  await countOpenTickets(kernel)
  clock('The clocks of open tickets run')
  await keepPromises(kernel, administrator)
  clock('What became of the promises of ten weeks is told')
  await countAll(kernel)
  clock('The figures of the year are counted')
}

function stopwatch(say: Say): (what: string) => void {
  let last = performance.now()
  return (what) => {
    const now = performance.now()
    say(`${what} (${((now - last) / 1000).toFixed(1)} s).`)
    last = now
  }
}

export async function isSampleCompany(kernel: Kernel): Promise<boolean> {
  return kernel.asSystem(async ({ db }) => (await sql`select 1 from setting where name = 'demo'`.execute(db)).rows.length > 0)
}

/** Sample data never mixes with one's own: a database that holds anybody or anything already is left alone. */
export async function refuseFull(context: Context): Promise<void> {
  const found = await sql<{ demo: boolean; full: boolean }>`select exists (select 1 from setting where name = 'demo') as demo,
    exists (select 1 from person) or exists (select 1 from organisation) or exists (select 1 from ticket) or exists (select 1 from mailbox) as full`.execute(
    context.db,
  )
  if (found.rows[0]?.demo) throw new Problem('already_exists', 'The sample company is here already.')
  if (found.rows[0]?.full)
    throw new Problem(
      'already_exists',
      'This database belongs to a company of its own. The sample company needs an empty one: set DATA_DIR to a new folder (DATA_DIR=./sample npm start -- --demo).',
    )
}

async function introduce(actAs: ActAs, kernel: Kernel, now: Instant): Promise<void> {
  const context = actAs(systemActor(kernel.allRights), now.subtract({ hours: 24 * 371 }))
  await changeCompany(context, {
    name: provider.name,
    supports: 'customers',
    language: 'en',
    whoHasIt: 'first-name',
    closeAfterDays: 5,
    secondFactor: 'staff',
  })
  await endSetUp(context)
}

async function indexAll(context: Context): Promise<void> {
  for (const what of ['ticket', 'person', 'organisation'] as const)
    for (let after: string | undefined = '0'; after !== undefined; ) after = await indexBatch(context, what, after)
}

async function keepCards(context: Context, house: House, year: YearPlan, seed: string): Promise<void> {
  const value = {
    cards: cards.map(({ key, person, role }) => ({
      key,
      name: house.person(person).name,
      role: role.en,
      roleDe: role.de,
      personId: house.person(person).id,
    })),
    seed,
    madeAt: onWire(context.now),
    stories: Object.fromEntries(
      year.tickets.filter((plan) => plan.story !== null).map((plan) => [plan.key, house.tickets.get(plan.key) ?? null]),
    ),
  }
  const at = context.now.toString()
  await sql`insert into setting (name, value, changed_at) values ('demo', ${JSON.stringify(value)}, ${at}), ('demo_script', ${JSON.stringify({ next: 0, startedAt: null, pausedAt: null, nextAt: null, things: [] })}, ${at})`.execute(
    context.db,
  )
}
