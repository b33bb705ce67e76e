import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { addField } from '../fields/actions.ts'
import { accessTicket } from '../tickets/access.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { snoozeTicket } from '../tickets/actions-snooze.ts'
import { addStatus } from '../tickets/actions-statuses.ts'
import type { House } from './actions-house.ts'
import { type Chance, chanceOf } from './chance.ts'
import { asInstant } from './office-hours.ts'
import type { TicketPlan } from './steps.ts'
import type { YearPlan } from './year-plan.ts'

/** What Halyard IT asks of its tickets beyond the usual, a status of its own, and what Mara has put off until tomorrow. */
const words = (en: string, de: string) => ({ en, de })
const choice = (key: string, en: string, de: string) => ({ key, label: words(en, de), archived: false })
const minute = 60_000

export async function askFields(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  await prepare(actAs(house.person('administrator').actor, house.began))
  const chance = chanceOf('fields')
  const open = year.tickets.filter((plan) => plan.open && plan.story === null)
  for (const plan of open) await fill(actAs, house, plan, chance.branch(plan.key), now)
  const later = open.find((plan) => plan.kind === 'request' && plan.impact === 1 && plan.urgency === 1)
  const id = later && house.tickets.get(later.key)
  if (id === undefined) return
  const mara = actAs(house.person('agent-mara').actor, now.subtract({ hours: 1 }))
  await snoozeTicket(mara, await accessTicket(mara, id, 'ticket.note'), now.add({ hours: 20 }).toString())
}

async function prepare(context: Context): Promise<void> {
  const hardware = await sql<{ id: string }>`select id from category where key = 'hardware'`.execute(context.db)
  await addField(context, {
    key: 'serial-number',
    label: words('Serial number', 'Seriennummer'),
    help: words('On the back or below, mostly beside S/N.', 'Auf der Rück- oder Unterseite, meist neben S/N.'),
    type: 'text',
    categoryIds: hardware.rows.map((row) => row.id),
    mandatoryIn: ['waiting-vendor'],
  })
  await addField(context, {
    key: 'where-it-stands',
    label: words('Building and room', 'Gebäude und Raum'),
    help: words('So that whoever comes finds it.', 'Damit findet, wer vorbeikommt.'),
    type: 'text',
    audience: 'requester',
  })
  await addField(context, {
    key: 'warranty',
    label: words('Warranty', 'Gewährleistung'),
    type: 'choice',
    choices: [
      choice('maker', 'With the maker', 'Beim Hersteller'),
      choice('ours', 'Covered by our contract', 'Durch unseren Vertrag gedeckt'),
      choice('none', 'None, is charged', 'Keine, wird berechnet'),
    ],
    kinds: ['incident'],
    categoryIds: hardware.rows.map((row) => row.id),
  })
  await addField(context, {
    key: 'approved-by',
    label: words('Approved by', 'Freigegeben von'),
    type: 'person',
    kinds: ['request'],
    audience: 'requester',
  })
  await addField(context, { key: 'needed-on', label: words('Needed on', 'Gebraucht am'), type: 'date', kinds: ['request'] })
  await addField(context, {
    key: 'cost-limit',
    label: words('Cost limit in euros', 'Kostengrenze in Euro'),
    type: 'number',
    kinds: ['request'],
  })
  await addStatus(context, { meaning: 'open', name: words('Being tested', 'Im Test') })
}

const rooms = {
  en: ['Head office, 2.14', 'Warehouse, gate 3', 'Annex, ground floor', 'Head office, 4.02', 'Workshop, bench 6'],
  de: ['Hauptgebäude, 2.14', 'Lager, Tor 3', 'Anbau, Erdgeschoss', 'Hauptgebäude, 4.02', 'Werkstatt, Platz 6'],
}

/** About half of the open tickets that somebody has looked at. */
async function fill(actAs: ActAs, house: House, plan: TicketPlan, chance: Chance, now: Instant): Promise<void> {
  const last = plan.steps.findLast((step) => step.by.startsWith('agent-'))
  const id = house.tickets.get(plan.key)
  if (!last || id === undefined || !chance.is(0.5)) return
  const at = Math.min(last.at + chance.between(2, 20) * minute, now.epochMilliseconds - minute)
  const context = actAs(house.person(last.by).actor, asInstant(at))
  const ticket = await accessTicket(context, id, 'ticket.edit')
  const hardware = await sql`select 1 from category c where c.id = ${ticket.category_id} and c.key like 'hardware%'`.execute(context.db)
  const isHardware = hardware.rows.length > 0
  await editTicket(context, ticket, {
    fields: {
      ...(chance.is(0.6) ? { 'where-it-stands': chance.pick(rooms[plan.language]) } : {}),
      ...(isHardware ? { 'serial-number': `${chance.pick(['PF', 'CN', 'VL'])}${chance.between(100_000, 999_999)}` } : {}),
      ...(isHardware && plan.kind === 'incident' ? { warranty: chance.pick(['maker', 'ours', 'none']) } : {}),
      ...(plan.kind === 'request' && chance.is(0.4)
        ? { 'approved-by': ticket.requester_id, 'cost-limit': chance.between(2, 20) * 50 }
        : {}),
      ...(plan.kind === 'request' && chance.is(0.5)
        ? { 'needed-on': new Date(now.epochMilliseconds + chance.between(2, 30) * 1440 * minute).toISOString().slice(0, 10) }
        : {}),
    },
  })
}
