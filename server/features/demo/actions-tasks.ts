import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessItem, accessTask, readTask } from '../tasks/access.ts'
import { addTask, settleTask } from '../tasks/actions.ts'
import { changeItem } from '../tasks/actions-items.ts'
import { addTasksFromTemplate, addTemplate } from '../tasks/actions-templates.ts'
import { accessTicket } from '../tickets/access.ts'
import type { House } from './actions-house.ts'
import { type Chance, chanceOf } from './chance.ts'
import { asInstant } from './office-hours.ts'
import type { TicketPlan } from './steps.ts'
import type { YearPlan } from './year-plan.ts'

/** What is still to be done at Halyard IT: templates of the house, the vendor who does not answer, and the open tickets. */
const words = (en: string, de: string) => ({ en, de })
const hour = 3_600_000

export async function giveTasks(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const templates = await addTemplates(actAs(house.person('agent-mara').actor, house.began), house)
  const vendor = house.tickets.get('vendor')
  if (vendor !== undefined) await chaseVendor(actAs, house, vendor, now)
  const chance = chanceOf('tasks')
  for (const plan of year.tickets)
    if (plan.open && plan.story === null) await giveSome(actAs, house, plan, templates, chance.branch(plan.key), now)
}

async function addTemplates(context: Context, house: House): Promise<Map<string, string>> {
  const blank = { text: '', teamId: null, dueHours: null, mandatory: false, after: null, items: [] }
  const made = new Map<string, string>()
  const team = (key: string) => house.teams.get(key)!
  made.set(
    'starter',
    await addTemplate(context, {
      name: words('New starter', 'Neu im Betrieb'),
      tasks: [
        {
          ...blank,
          title: words('Create the account', 'Konto anlegen'),
          teamId: team('servers'),
          dueHours: 24,
          mandatory: true,
          items: [
            words('Mailbox', 'Postfach'),
            words('Groups of the department', 'Gruppen der Abteilung'),
            words('Second factor', 'Zweiter Faktor'),
          ],
        },
        {
          ...blank,
          title: words('Set up the laptop', 'Laptop einrichten'),
          teamId: team('workplace'),
          dueHours: 48,
          mandatory: true,
          after: 0,
        },
        { ...blank, title: words('Hand over and explain', 'Übergeben und erklären'), teamId: team('desk'), dueHours: 72, after: 1 },
      ],
    }),
  )
  made.set(
    'swap',
    await addTemplate(context, {
      name: words('Laptop exchange', 'Laptop tauschen'),
      tasks: [
        {
          ...blank,
          title: words('Check the backup of the old one', 'Sicherung des alten prüfen'),
          teamId: team('servers'),
          dueHours: 8,
          mandatory: true,
        },
        {
          ...blank,
          title: words('Prepare the new one', 'Neuen vorbereiten'),
          teamId: team('workplace'),
          dueHours: 24,
          items: [words('Image', 'Abbild'), words('Programs', 'Programme'), words('Printers', 'Drucker')],
        },
        {
          ...blank,
          title: words('Wipe the old one', 'Alten löschen'),
          teamId: team('workplace'),
          dueHours: 168,
          mandatory: true,
          after: 0,
        },
      ],
    }),
  )
  return made
}

async function chaseVendor(actAs: ActAs, house: House, ticketId: string, now: Instant): Promise<void> {
  const at = (hours: number) => now.subtract({ minutes: Math.round(hours * 60) })
  const femke = (hours: number) => actAs(house.person('agent-femke').actor, at(hours))
  const ticket = async (context: Context) => accessTicket(context, ticketId, 'ticket.edit')
  const add = async (
    context: Context,
    task: { title: string; who?: string; team?: string; due?: number; mandatory?: boolean; items?: string[] },
  ) =>
    addTask(context, await ticket(context), {
      title: task.title,
      assigneeId: task.who ? house.person(task.who).id : null,
      teamId: task.team ? house.teams.get(task.team)! : null,
      dueAt: task.due === undefined ? null : now.add({ hours: task.due }).toString(),
      mandatory: task.mandatory === true,
      items: task.items ?? [],
    })
  const sim = await add(femke(30), { title: 'Dritte Mobilfunkkarte als Reserve nach Frankfurt schicken', team: 'workplace', due: -4 })
  await add(femke(29.9), { title: 'Bei Leuchtnetz nach dem Techniker fragen und Herrn Horváth Bescheid geben', who: 'agent-arne', due: -1 })
  await add(femke(29.8), { title: 'Gutschrift aus dem Vertrag schriftlich verlangen', team: 'desk', due: 26 })
  const check = await add(femke(29.7), {
    title: 'Nach der Reparatur 24 Stunden messen',
    who: 'agent-arne',
    mandatory: true,
    items: ['Kein Signalverlust', 'Beide Mobilfunknetze als Ersatz', 'Zoll hat eine Anmeldung geschafft'],
  })
  const sinem = actAs(house.person('agent-sinem').actor, at(6))
  await settleTask(sinem, await accessTask(sinem, sim), 'done')
  const arne = actAs(house.person('agent-arne').actor, at(2))
  const second = (await readTask(arne, check)).items[1]!.id
  const { item, task } = await accessItem(arne, second)
  await changeItem(arne, task, item, { ticked: true })
}

const usual = {
  en: [
    'Call back and check',
    'Ask the vendor for the order number',
    'Plan the visit on site',
    'Send the log to the vendor',
    'Look at it again after the update',
  ],
  de: [
    'Zurückrufen und prüfen',
    'Beim Hersteller nach der Bestellnummer fragen',
    'Termin vor Ort planen',
    'Protokoll an den Hersteller schicken',
    'Nach dem Update noch einmal ansehen',
  ],
}

/** About a third of the open tickets: one or two tasks, some late, some for another team. */
async function giveSome(
  actAs: ActAs,
  house: House,
  plan: TicketPlan,
  templates: Map<string, string>,
  chance: Chance,
  now: Instant,
): Promise<void> {
  const last = plan.steps.findLast((step) => step.by.startsWith('agent-'))
  const id = house.tickets.get(plan.key)
  if (!last || id === undefined || !chance.is(0.35)) return
  const from = Math.min(last.at + chance.between(10, 90) * 60_000, now.epochMilliseconds - 60_000)
  const { actor } = house.person(last.by)
  const context = actAs(actor, asInstant(from))
  const ticket = await accessTicket(context, id, 'ticket.edit')
  if (plan.kind === 'request' && chance.is(0.3)) {
    await addTasksFromTemplate(context, ticket, templates.get(chance.pick(['starter', 'swap']))!)
    return
  }
  const titles = chance.shuffled(usual[plan.language]).slice(0, chance.between(1, 2))
  for (const [i, title] of titles.entries()) {
    const due = chance.is(0.7) ? new Date(now.epochMilliseconds + chance.between(-20, 60) * hour).toISOString() : null
    const other = i > 0 && chance.is(0.6)
    const holder = other ? { teamId: house.teams.get(chance.pick(['workplace', 'network', 'apps']))! } : { assigneeId: actor.id }
    await addTask(context, ticket, { title, dueAt: due, ...holder, mandatory: chance.is(0.2), items: [] })
  }
}
