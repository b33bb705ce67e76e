import { rights } from '../../../contract/rights.ts'
import { systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { listSkills } from '../people/access-teams.ts'
import { addAbsence } from '../people/actions-absences.ts'
import { accessSide } from '../sides/access.ts'
import { changeSide, openSide } from '../sides/actions.ts'
import { takeSideMail } from '../sides/actions-arriving.ts'
import { accessTicket } from '../tickets/access.ts'
import { accessHelp } from '../tickets/access-help.ts'
import { keepDraft } from '../tickets/actions-drafts.ts'
import { answerHelp, askForHelp } from '../tickets/actions-help.ts'
import { offerDraft } from '../tickets/actions-offers.ts'
import type { House } from './actions-house.ts'
import type { YearPlan } from './year-plan.ts'

/**
 * How Halyard IT works together today: the carrier's management is written to beside the ticket that its fault desk does
 * not answer, Arne knows the way around, Sinem leaves half an answer to the others, and Marek is on holiday.
 */
const program = systemActor(new Set(rights))
const escalation = 'eskalation@leuchtnetz.example'

export async function workTogether(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const vendor = house.tickets.get('vendor')
  if (vendor !== undefined) {
    await writeBeside(actAs, house, vendor, now)
    await helpAlong(actAs, house, vendor, now)
    await leaveDraft(actAs, house, vendor, now)
  }
  await askAround(actAs, house, year, now)
  await goAway(actAs, house, now)
}

const ago = (now: Instant, hours: number) => now.subtract({ minutes: Math.round(hours * 60) })

async function writeBeside(actAs: ActAs, house: House, ticketId: string, now: Instant): Promise<void> {
  const femke = actAs(house.person('agent-femke').actor, ago(now, 27))
  const sideId = await openSide(femke, await accessTicket(femke, ticketId, 'ticket.edit'), {
    subject: 'Störung am Anschluss Frankfurt, Osthafen: Eskalation',
    to: [escalation],
    cc: [],
    body: 'Guten Tag,\n\nIhre Störungsstelle antwortet uns seit gestern nicht mehr. Die Leitung am Osthafen ist weiter gestört, und zugesagt waren acht Stunden.\n\nBitte nennen Sie uns den Stand und einen Termin für den Techniker.',
    attachmentIds: [],
    uploadIds: [],
    reference: '',
    targetOn: null,
    chaseAt: null,
    wait: false,
  })
  const answered = ago(now, 21)
  await takeSideMail(actAs(program, answered), sideId, {
    inboundMailId: null,
    ticketId,
    standing: 'party',
    authorId: null,
    from: { name: 'Katrin Böhle, Leuchtnetz', email: escalation },
    to: [],
    cc: [],
    subject: 'AW: Störung am Anschluss Frankfurt, Osthafen: Eskalation',
    body: 'Guten Tag Frau de Wit,\n\ndas tut mir leid. Ich habe den Fall LN-48-20917 an die Fachabteilung gegeben. Ein Techniker ist für morgen Vormittag eingeplant.\n\nKatrin Böhle',
    visibleBody:
      'Guten Tag Frau de Wit,\n\ndas tut mir leid. Ich habe den Fall LN-48-20917 an die Fachabteilung gegeben. Ein Techniker ist für morgen Vormittag eingeplant.\n\nKatrin Böhle',
    automatic: null,
    unverified: null,
    at: answered.toString(),
    files: [],
  })
  const arne = actAs(house.person('agent-arne').actor, ago(now, 20))
  const side = await accessSide(arne, sideId)
  await changeSide(arne, side, side.version, {
    reference: 'LN-48-20917',
    targetOn: now.toString().slice(0, 10),
    chaseAt: now.add({ hours: 3 }).toString(),
  })
}

async function helpAlong(actAs: ActAs, house: House, ticketId: string, now: Instant): Promise<void> {
  const femke = actAs(house.person('agent-femke').actor, ago(now, 26))
  const skill = (await listSkills(femke)).find((one) => one.name === 'Firewalls')
  if (!skill) return
  const helpId = await askForHelp(femke, await accessTicket(femke, ticketId, 'ticket.note'), {
    question: 'Can we send only the customs system over the mobile link until the line is back? The rest of the site may wait.',
    personId: null,
    teamId: null,
    skillId: skill.id,
  })
  const arne = actAs(house.person('agent-arne').actor, ago(now, 25))
  await answerHelp(
    arne,
    await accessHelp(arne, helpId),
    'Yes: a rule by destination on the Frankfurt firewall, I have it ready. It takes ten minutes. Say when, and I switch it on.',
  )
}

async function leaveDraft(actAs: ActAs, house: House, ticketId: string, now: Instant): Promise<void> {
  const sinem = actAs(house.person('agent-sinem').actor, ago(now, 4))
  const body =
    'Guten Tag Herr Horváth,\n\nder Techniker von Leuchtnetz ist für heute zugesagt. Bis dahin läuft der Zoll über das Mobilfunknetz. Sobald '
  const content = { body, to: null, cc: null, mentions: [], direction: 'in', number: '', files: [] }
  await keepDraft(sinem, { ticketId, kind: 'reply', content })
  await offerDraft(sinem, await accessTicket(sinem, ticketId, 'ticket.note'), { kind: 'reply', offered: true })
}

/** Somebody is stuck and nobody has answered yet. */
async function askAround(actAs: ActAs, house: House, year: YearPlan, now: Instant): Promise<void> {
  const stuck = year.tickets.find(
    (plan) =>
      plan.open &&
      plan.story === null &&
      plan.language === 'en' &&
      plan.steps.some((step) => step.act.do === 'triage' && step.act.assignee === 'agent-owen'),
  )
  const ticketId = stuck && house.tickets.get(stuck.key)
  if (ticketId === undefined) return
  const owen = actAs(house.person('agent-owen').actor, ago(now, 0.6))
  await askForHelp(owen, await accessTicket(owen, ticketId, 'ticket.note'), {
    question: 'I did what the guide says, twice, and it still happens. Have you seen this at another customer?',
    personId: null,
    teamId: house.teams.get('workplace')!,
    skillId: null,
  })
}

async function goAway(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const day = (days: number) =>
    now
      .add({ hours: 24 * days })
      .toString()
      .slice(0, 10)
  const marek = actAs(house.person('agent-marek').actor, ago(now, 50))
  await addAbsence(marek, { fromOn: day(-1), toOn: day(6), substituteId: house.person('agent-sinem').id })
  const helena = actAs(house.person('agent-helena').actor, ago(now, 30))
  await addAbsence(helena, { personId: house.person('agent-ravi').id, fromOn: day(10), toOn: day(23), substituteId: null })
}
