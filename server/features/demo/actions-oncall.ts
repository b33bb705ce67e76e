import { sql } from 'kysely'
import type { RotaInput } from '../../../contract/oncall.ts'
import { type Instant, onWire, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { accessRota, accessTeamForRota } from '../oncall/access.ts'
import { urgentTickets } from '../oncall/access-handovers.ts'
import { finalSchedule } from '../oncall/access-now.ts'
import { accessSwap } from '../oncall/access-swaps.ts'
import { addRota } from '../oncall/actions.ts'
import { writeHandover } from '../oncall/actions-handovers.ts'
import { addOverride } from '../oncall/actions-overrides.ts'
import { answerSwap, offerSwap } from '../oncall/actions-swaps.ts'
import type { House } from './actions-house.ts'

/**
 * Who answers at Halyard at night. The service desk follows the sun: Hamburg by day, Owen and Marek, who sit at the optical
 * works in Boston, in the evening, Nadia, who spends the winter in Bengaluru, at night. Network and servers hand over once
 * a week, and somebody else has the maintenance night.
 */
const zones = { 'agent-owen': 'America/New_York', 'agent-marek': 'America/New_York', 'agent-nadia': 'Asia/Kolkata' }
const everyDay = (from: string, to: string) =>
  Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [[from, to]]]),
  ) as RotaInput['layers'][number]['hours']
const later = (at: Instant, hours: number) => at.add({ minutes: Math.round(hours * 60) })
const dayOf = (at: Instant) => at.toZonedDateTimeISO('Europe/Berlin').toPlainDate()

export async function standBy(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const administrator = actAs(house.person('administrator').actor, later(now, -24 * 70))
  for (const [key, zone] of Object.entries(zones))
    await sql`update person set time_zone = ${zone} where id = ${house.person(key).id}`.execute(administrator.db)
  const desk = await addDeskRota(administrator, house)
  const network = await addNetworkRota(administrator, house, now)
  await changeHands(actAs, house, network, now)
  await handOver(actAs, house, desk, now)
}

type Layer = RotaInput['layers'][number]
const layer = (house: House, name: string, keys: string[], more: Partial<Layer>): Layer => ({
  name,
  timeZone: 'Europe/Berlin',
  rotation: { unit: 'weeks', every: 1 },
  handover: '07:00',
  weekday: 1,
  startsOn: '2026-01-05',
  endsOn: null,
  peopleIds: keys.map((key) => house.person(key).id),
  hours: null,
  ...more,
})

async function addDeskRota(context: Context, house: House): Promise<string> {
  const teamId = house.teams.get('desk')!
  const startsOn = dayOf(context.now).toString()
  return addRota(context, await accessTeamForRota(context, teamId), {
    name: 'Service desk, around the clock',
    teamId,
    timeZone: 'Europe/Berlin',
    calendarId: null,
    needed: 'always',
    layers: [
      layer(house, 'Hamburg', ['agent-mara', 'agent-jule', 'agent-tunde'], { startsOn, hours: everyDay('07:00', '17:00') }),
      layer(house, 'Boston', ['agent-owen', 'agent-marek'], {
        startsOn,
        timeZone: 'America/New_York',
        handover: '10:00',
        hours: everyDay('10:00', '22:00'),
      }),
      layer(house, 'Bengaluru', ['agent-nadia'], { startsOn, timeZone: 'Asia/Kolkata', hours: everyDay('06:00', '13:00') }),
    ],
  })
}

/** Ravi has this week, and has it again after his holidays. */
async function addNetworkRota(context: Context, house: House, now: Instant): Promise<string> {
  const teamId = house.teams.get('network')!
  const first = dayOf(now).subtract({ days: 2 + 28 * 2 })
  return addRota(context, await accessTeamForRota(context, teamId), {
    name: 'Network and servers',
    teamId,
    timeZone: 'Europe/Berlin',
    calendarId: null,
    needed: 'always',
    layers: [
      layer(house, 'Maintenance night', ['agent-femke', 'agent-arne'], {
        startsOn: first.toString(),
        handover: '12:00',
        hours: { tue: [['22:00', '02:00']] },
      }),
      layer(house, 'First', ['agent-ravi', 'agent-femke', 'agent-arne', 'agent-helena'], {
        startsOn: first.toString(),
        weekday: first.dayOfWeek,
        handover: '09:00',
      }),
    ],
  })
}

/** A dentist, a wedding, a question that nobody has answered yet, and a night five weeks ahead for which somebody is still looked for. */
async function changeHands(actAs: ActAs, house: House, rotaId: string, now: Instant): Promise<void> {
  const femke = house.person('agent-femke')
  const arne = house.person('agent-arne')
  const helena = house.person('agent-helena')
  const ravi = house.person('agent-ravi')
  const lead = actAs(femke.actor, later(now, -20))
  const evening = dayOf(now).add({ days: 1 }).toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '18:00' }).toInstant()
  const use = (context: Context) => accessRota(context, rotaId)
  await addOverride(lead, await use(lead), {
    from: onWire(evening),
    to: onWire(later(evening, 4)),
    personId: helena.id,
    reason: 'Ravi is at the school play',
  })
  const night = later(evening, 24 * 33)
  await addOverride(lead, await use(lead), {
    from: onWire(night),
    to: onWire(later(night, 14)),
    personId: null,
    reason: 'Team dinner. Somebody from servers is still to be found.',
  })
  const wedding = await dayWithin(lead, rotaId, femke.id)
  if (wedding) {
    const swapId = await offerSwap(lead, await use(lead), {
      ...wedding,
      takerId: helena.id,
      note: 'My sister gets married. I owe you a Sunday.',
    })
    const answering = actAs(helena.actor, later(now, -17))
    await answerSwap(answering, await accessSwap(answering, swapId), 'accept')
  }
  const asking = actAs(arne.actor, later(now, -3))
  const football = await dayWithin(asking, rotaId, arne.id)
  if (football) await offerSwap(asking, await use(asking), { ...football, takerId: ravi.id, note: 'Da spielt St. Pauli. Übernimmst du?' })
}

/** A day out of the next whole turn of that person. */
async function dayWithin(context: Context, rotaId: string, personId: string): Promise<{ from: string; to: string } | undefined> {
  const shifts = await finalSchedule(context, rotaId, context.now, later(context.now, 24 * 28))
  const turn = shifts.find((one) => one.personId === personId && one.why === 'layer' && one.to.since(one.from).total('hours') >= 40)
  return turn && { from: onWire(later(turn.from, 8)), to: onWire(later(turn.from, 32)) }
}

/** What Nadia left to Hamburg this morning; it waits to be confirmed. */
async function handOver(actAs: ActAs, house: House, rotaId: string, now: Instant): Promise<void> {
  const nadia = house.person('agent-nadia')
  const looking = actAs(nadia.actor, later(now, -1))
  const nights = (await finalSchedule(looking, rotaId, later(now, -48), now)).filter((one) => one.personId === nadia.id)
  const last = nights.findLast((one) => Temporal.Instant.compare(one.to, now) < 0)
  if (!last) return
  const leaving = actAs(nadia.actor, later(last.to, -0.2))
  const urgent = await urgentTickets(leaving, house.teams.get('network')!)
  await writeHandover(leaving, await accessRota(leaving, rotaId), {
    text: 'A quiet night: three calls, one of them real.\n\nThe line in Frankfurt is still down; customs works over the mobile link. Leuchtnetz promised a technician for the morning and has not named an hour. Please ring them at eight.\n\nThe backup in Boston finished at 04:10, an hour later than usual. Nothing to do, only watch it tonight.',
    ticketIds: urgent.slice(0, 2).map((ticket) => ticket.id),
  })
}
