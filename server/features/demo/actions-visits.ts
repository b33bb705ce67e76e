import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessVisit } from '../visits/access.ts'
import { planVisit } from '../visits/actions.ts'
import { signReport } from '../visits/actions-reports.ts'
import { stepVisit } from '../visits/actions-steps.ts'
import { writeWork } from '../visits/actions-work.ts'
import type { House } from './actions-house.ts'
import { chanceOf } from './chance.ts'
import type { TicketPlan } from './steps.ts'
import { asPng, blank, colours, slope } from './stories/pictures.ts'
import type { YearPlan } from './year-plan.ts'

/** A week of visits at Halyard IT: Frankfurt, where a spare line was built in and signed for, and a few open tickets of the coming days. */
const zone = 'Europe/Berlin'
const purposes = {
  en: [
    'Swap the dock and check both screens',
    'Look at the socket and the cable',
    'Hand over the laptop and explain it',
    'Change the fuser of the printer',
  ],
  de: [
    'Dockingstation tauschen und beide Bildschirme prüfen',
    'Dose und Kabel ansehen',
    'Laptop übergeben und erklären',
    'Fixiereinheit des Druckers wechseln',
  ],
}

/** The so-manyth working day from today, before or after. */
function workday(now: Instant, away: number, hour: number): Instant {
  let day = now.toZonedDateTimeISO(zone).toPlainDate()
  for (let left = Math.abs(away); left > 0; ) {
    day = day.add({ days: Math.sign(away) })
    if (day.dayOfWeek < 6) left--
  }
  return day.toZonedDateTime({ timeZone: zone, plainTime: new Temporal.PlainTime(Math.floor(hour), (hour % 1) * 60) }).toInstant()
}

async function plan(
  context: Context,
  ticketId: string,
  visit: { at: Instant; minutes: number; purpose: string; people: string[] },
): Promise<string> {
  return planVisit(context, await accessTicket(context, ticketId, 'ticket.edit'), {
    startsAt: visit.at.toString(),
    endsAt: visit.at.add({ minutes: visit.minutes }).toString(),
    purpose: visit.purpose,
    peopleIds: visit.people,
    tell: true,
    despite: true,
  })
}

export async function sendOut(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const vendor = house.tickets.get('vendor')
  if (vendor !== undefined) await buildSpareLine(actAs, house, vendor, now)
  const chance = chanceOf('visits')
  const goes = ['agent-jule', 'agent-marek', 'agent-sinem', 'agent-arne']
  const open = chance.shuffled(year.tickets.filter((one) => isOnSite(house, one))).slice(0, 7)
  for (const [i, one] of open.entries()) {
    const who = house.person(goes[i % goes.length]!)
    const context = actAs(house.person('agent-jule').actor, now.subtract({ minutes: 90 - i * 5 }))
    const at = workday(now, 1 + (i % 5), [8.5, 10, 13, 14.5][i % 4]!)
    await plan(context, house.tickets.get(one.key)!, {
      at,
      minutes: chance.pick([45, 60, 90]),
      purpose: purposes[one.language][i % 4]!,
      people: [who.id],
    })
  }
}

const isOnSite = (house: House, plan: TicketPlan): boolean =>
  plan.open &&
  plan.story === null &&
  plan.kind === 'incident' &&
  house.tickets.has(plan.key) &&
  house.person(plan.requester).siteId !== null &&
  !plan.steps.some((step) => step.act.do === 'restrict')

/** Frankfurt: built in on the last working day, signed by the man from customs; the line itself is measured tomorrow. */
async function buildSpareLine(actAs: ActAs, house: House, ticketId: string, now: Instant): Promise<void> {
  const sinem = house.person('agent-sinem')
  const arne = house.person('agent-arne')
  const at = workday(now, -1, 10)
  const then = (minutes: number) => actAs(sinem.actor, at.add({ minutes }))
  const id = await plan(actAs(arne.actor, at.subtract({ hours: 20 })), ticketId, {
    at,
    minutes: 120,
    purpose: 'Ersatz-Router mit dritter Mobilfunkkarte einbauen',
    people: [sinem.id],
  })
  for (const [minutes, state] of [
    [-70, 'on-the-way'],
    [6, 'there'],
  ] as const)
    await stepVisit(then(minutes), await accessVisit(then(minutes), id), { state, reason: '' })
  const visit = await accessVisit(then(95), id)
  await writeWork(then(95), visit, visit.version, {
    summary:
      'Router im Netzwerkschrank eingebaut und als zweite Ausweichleitung eingerichtet. Ausfall der Hauptleitung nachgestellt: Umschaltung nach 9 Sekunden, Zollanmeldung lief durch.',
    workMinutes: 85,
    travelMinutes: 75,
    kilometres: 64,
    parts: [
      { name: 'LTE-Router', number: 'LR-340', quantity: 1, serial: 'LR340-221907', price: 28_900 },
      { name: 'Patchkabel 2 m', number: '', quantity: 2, serial: '', price: 450 },
    ],
  })
  await signReport(then(100), await accessVisit(then(100), id), {
    signer: 'Milan Horváth',
    signature: signature().toString('base64'),
    consent: false,
    tell: true,
  })
  await stepVisit(then(102), await accessVisit(then(102), id), { state: 'done', reason: '' })
  await plan(actAs(arne.actor, now.subtract({ minutes: 50 })), ticketId, {
    at: workday(now, 1, 11),
    minutes: 90,
    purpose: 'Mit dem Techniker von Leuchtnetz die Leitung messen',
    people: [arne.id],
  })
}

/** A line that goes up and down, smaller towards the end, as hurried names do. */
function signature(): Buffer {
  const paper = blank(600, 200, colours.paper)
  let [x, y] = [60, 120]
  for (let i = 0; i < 14; i++) {
    const [toX, toY] = [x + 18 + (i % 3) * 12, 110 + (i % 2 === 0 ? -1 : 1) * Math.max(12, 62 - i * 5)]
    for (let wide = 0; wide < 3; wide++) slope(paper, x, y + wide, toX, toY + wide, colours.ink)
    ;[x, y] = [toX, toY]
  }
  return asPng(paper)
}
