import type { Chance } from './chance.ts'
import { agentMail, handoffs, interim, phoneNote, requesterMail, requesterReply, thanks, waits, withdrawn } from './letters.ts'
import { intoHours, workingLater } from './office-hours.ts'
import type { PersonPlan } from './people-plan.ts'
import type { Problem } from './problems.ts'
import { type StaffPlan, staffPlans } from './provider.ts'
import type { Step, TicketPlan } from './steps.ts'
import { type People, surroundingsOf } from './surroundings.ts'

/**
 * One ordinary ticket from its problem: opened, looked at, perhaps handed on, talked about, solved, closed. An open one
 * is the same told up to where it stands now.
 */
export type Wanted = {
  problem: Problem
  subject: number
  person: PersonPlan
  people: People
  at: number
  now: number
  open: boolean
  chance: Chance
}
const deskZone = 'Europe/Berlin'
const minute = 60_000
const day = 86_400_000

export const inTeam = (team: string): StaffPlan[] => staffPlans.filter((agent) => agent.teams.includes(team))
const tagOf: Record<string, string> = {
  'hardware.printer': 'printing',
  'network.vpn': 'vpn',
  'network.wlan': 'wi-fi',
  'access.starter': 'onboarding',
  'access.leaver': 'offboarding',
  'security.phishing': 'phishing',
  'media.room': 'meeting-rooms',
  'media.video': 'meeting-rooms',
  'data.restore': 'backup',
  'access.second-factor': 'mfa',
  'software.business': 'line-of-business',
  'compatibility.update': 'after-update',
}
const confidential = ['wrong-recipient', 'info-request']
/** Most are solved; some end in advice, or in a way around it. */
const codes: Record<string, string> = {
  'camera-privacy': 'advice',
  'projector-no-signal': 'advice',
  'fake-support-call': 'advice',
  'large-transfer': 'advice',
  'pdf-form-signature': 'advice',
  'usb-c-charger': 'advice',
  'overwritten-version': 'advice',
  'print-pdf-blank': 'workaround',
  'old-printer-driver': 'workaround',
  'dwg-newer': 'workaround',
  'usb-stick-blocked': 'workaround',
  'vpn-hotel': 'workaround',
  'admin-rights': 'workaround',
  'phishing-reported': 'solved',
}
/** Where a manufacturer or a carrier can be what one waits for. */
const vendorMatters = /^(hardware\.|software\.business|network\.internet|compatibility\.|media\.)/
/** The requester says that it works: after that nobody keeps a ticket open. */
const confirms =
  /works|back\b|fine|all good|there it is|there it was|there was|gone|found it|that was it|that did|sit right|all clear|closed\b|läuft|geht wieder|wieder da|alles gut|sauber|da ist es|da war|ist weg|stand hinter|das war es|sitzen sie|der war zu|druckt wieder|smoothly|flüssig/i

/** Undefined: a finished one that would not be finished yet. Of an open one, what would come later has not happened. */
export function planTicket(wanted: Wanted, key: string): TicketPlan | undefined {
  const { problem, person, now } = wanted
  const teller = tellerOf(wanted)
  const latest = now - minute
  const steps = wanted.open ? openSteps(wanted, teller).filter((step) => step.at <= latest) : finishedSteps(wanted, teller)
  if (steps.at(-1)!.at > latest) return undefined
  return {
    key,
    story: null,
    requester: person.key,
    language: person.language,
    kind: problem.kind,
    channel: teller.channel,
    mailbox: mailboxOf(person, teller.channel),
    impact: teller.channel === 'phone' ? problem.impact : 1,
    urgency: teller.channel === 'mail' ? 1 : problem.urgency,
    open: wanted.open,
    steps,
  }
}

/** Each customer writes to the address it knows; the Americans and the engineers mostly to the main one. */
export function mailboxOf(person: PersonPlan, channel: string): string | null {
  if (channel !== 'mail') return null
  if (person.organisation.key === 'nordwind') return 'helpdesk@nordwind.example'
  return person.organisation.key === 'calderwren' ? 'it-help@calderwren.example' : 'support@localhost'
}

type Teller = ReturnType<typeof tellerOf>

/** The voices of one ticket, each with its words and its next moment. */
function tellerOf({ problem, person, people, at, chance, subject }: Wanted) {
  const { language } = person
  const telling = problem[language]
  const { fill } = surroundingsOf(person, people, at, language, chance)
  // At night nobody takes a call.
  const manned = intoHours(at, deskZone) === at ? 1 : 0
  const channel = chance.weighted([
    ['mail', 54],
    ['portal', 25],
    ['phone', 18 * manned],
    ['counter', 3 * manned],
  ] as const)
  const desk = chance.pick(inTeam('desk'))
  const owner = problem.team === 'desk' ? desk : chance.pick(inTeam(problem.team))
  const steps: Step[] = []
  let clock = at
  const after = (minutes: number, zone: string) => (clock = workingLater(clock, Math.max(1, minutes), zone))
  // Waiting has a long tail: most within the hour, some half a day.
  const soon = (usual: number) => usual * (0.3 + chance.roll() ** 2 * 3.2)
  const act = (by: string, what: Step['act']) => void steps.push({ at: clock, by, act: what })
  const personWrites = (text: string) =>
    act(person.key, { do: 'write', via: channel === 'portal' ? 'portal' : 'mail', ...requesterReply(person, text, language, chance) })
  const agentWrites = (
    agent: StaffPlan,
    text: string,
    more: { meaning?: 'waiting-requester' | 'waiting-vendor' | 'waiting-approval' | 'scheduled'; revisitDays?: number } = {},
  ) => act(agent.key, { do: 'answer', ...agentMail(agent, person, fill(text), language, chance), ...more })
  return {
    problem,
    person,
    chance,
    telling,
    fill,
    channel,
    desk,
    owner,
    steps,
    act,
    after,
    soon,
    personWrites,
    agentWrites,
    language,
    subject: fill(telling.subjects[subject]!),
  }
}

function open(teller: Teller): void {
  const { person, chance, language, telling, fill, channel, act, desk, subject } = teller
  const ask = fill(telling.lines[0]!.text)
  const letter =
    channel === 'mail'
      ? requesterMail(person, ask, language, chance)
      : channel === 'portal'
        ? { body: ask, shown: ask }
        : phoneNote(person, ask, language)
  act(channel === 'mail' || channel === 'portal' ? person.key : desk.key, { do: 'open', subject, ...letter })
}

function lookAt(teller: Teller, { people }: Wanted): void {
  const { problem, chance, act, after, soon, desk, owner, channel, person, fill } = teller
  after(channel === 'phone' ? 2 : soon([75, 75, 32, 9][problem.urgency] ?? 60), deskZone)
  const tag = tagOf[problem.category]
  act(desk.key, {
    do: 'triage',
    category: problem.category,
    team: 'desk',
    assignee: desk.key,
    tags: tag && chance.is(0.65) ? [tag] : [],
    impact: problem.impact,
    urgency: problem.urgency,
  })
  if (chance.is(0.06)) act(desk.key, { do: 'copies', emails: [people.managerOf(person).email] })
  if (owner === desk || problem.team === 'desk') return
  after(4 + chance.between(0, 15), deskZone)
  const talk = teller.language === 'de' && desk.language === 'de' ? 'de' : 'en'
  act(desk.key, { do: 'pass', team: problem.team, note: fill(chance.pick(handoffs[problem.team]![talk])) })
  after(soon(problem.urgency === 3 ? 12 : 70), deskZone)
  act(owner.key, { do: 'take' })
  if (confidential.includes(problem.key)) act('agent-helena', { do: 'restrict', teams: ['security'], people: ['agent-helena'] })
}

/** The talk between the opening and the solution; `upTo` lines of it. */
function talk(teller: Teller, upTo = 99): void {
  const { telling, chance, after, soon, act, owner, person, personWrites, agentWrites, fill, language } = teller
  const all = telling.lines.slice(1).filter((line) => 'QAN'.includes(line.mark))
  const lines = all.slice(0, upTo)
  if (lines[0]?.mark !== 'A' && chance.is(0.35)) {
    after(soon(15), deskZone)
    agentWrites(owner, chance.pick(interim[language]))
  }
  for (const [i, line] of lines.entries()) {
    after(soon(line.mark === 'Q' ? 38 : line.mark === 'N' ? 25 : 14), line.mark === 'Q' ? person.site.timeZone : deskZone)
    if (line.mark === 'Q') personWrites(fill(line.text))
    else if (line.mark === 'N') act(owner.key, { do: 'note', body: fill(line.text) })
    else agentWrites(owner, line.text, all[i + 1]?.mark === 'Q' && chance.is(0.6) ? { meaning: 'waiting-requester' } : {})
  }
}

const textOf = (teller: Teller, mark: 'R' | 'B' | 'F') => {
  const line = teller.telling.lines.find((each) => each.mark === mark)
  return line === undefined ? undefined : teller.fill(line.text)
}

function solve(teller: Teller, text: string): void {
  const { after, soon, agentWrites, owner, chance, person, personWrites, language, act, problem } = teller
  after(soon(55), deskZone)
  agentWrites(owner, text)
  if (chance.is(0.38)) {
    after(soon(45), person.site.timeZone)
    personWrites(chance.pick(thanks[problem.kind][language]))
    after(soon(12), deskZone)
  } else after(1, deskZone)
  act(owner.key, { do: 'resolve', code: codes[problem.key] ?? 'solved', text })
}

function finishedSteps(wanted: Wanted, teller: Teller): Step[] {
  const { chance, steps, after, soon, personWrites, person, language, desk, act } = teller
  open(teller)
  if (chance.is(0.015)) {
    after(soon(40), person.site.timeZone)
    personWrites(chance.pick(withdrawn[language]))
    after(soon(20), deskZone)
    act(desk.key, { do: 'triage', category: wanted.problem.category, team: 'desk', assignee: desk.key, tags: [] })
    act(desk.key, { do: 'move', meaning: 'cancelled' })
    return steps
  }
  lookAt(teller, wanted)
  talk(teller)
  solve(teller, textOf(teller, 'R')!)
  const back = textOf(teller, 'B')
  if (back !== undefined && chance.is(0.6)) {
    after(soon(700), person.site.timeZone)
    personWrites(back)
    solve(teller, textOf(teller, 'F')!)
  }
  return closed(wanted, teller)
}

function closed({ now, chance, person }: Wanted, { steps, after, soon, act }: Teller): Step[] {
  if (chance.is(0.15)) {
    after(soon(200), person.site.timeZone)
    if (steps.at(-1)!.at < now - day) act(person.key, { do: 'close', how: 'requester' })
    return steps
  }
  const closing = steps.at(-1)!.at + 5 * day
  if (closing < now) steps.push({ at: closing, by: 'program', act: { do: 'close', how: 'time' } })
  return steps
}

/** Open now: how far it came depends on its age. */
function openSteps(wanted: Wanted, teller: Teller): Step[] {
  const { chance, steps, after, soon, agentWrites, owner, language, problem } = teller
  const age = wanted.now - wanted.at
  open(teller)
  if (age < 20 * minute || (age < 90 * minute && chance.is(0.6)) || (age < day && chance.is(0.3))) return steps
  lookAt(teller, wanted)
  if (age < 3 * 60 * minute) return steps
  const spoken = teller.telling.lines.slice(1).filter((line) => 'QAN'.includes(line.mark))
  const question = spoken.findIndex((line) => line.mark === 'A')
  const reply = question >= 0 ? spoken[question + 1] : undefined
  const answered = reply?.mark === 'Q' && !confirms.test(reply.text)
  const vendor = vendorMatters.test(problem.category) && problem.kind === 'incident'
  const state = chance.weighted([
    ['working', 26],
    ['asked', question >= 0 ? 24 : 0],
    ['answered', answered ? 18 : 0],
    ['waiting-vendor', vendor ? 22 : 0],
    ['waiting-approval', problem.kind === 'request' ? 24 : 0],
    ['scheduled', 12],
  ] as const)
  if (state === 'asked') talk(teller, question + 1)
  else if (state === 'answered') talk(teller, question + 2)
  else if (state === 'working') {
    after(soon(15), deskZone)
    agentWrites(owner, chance.pick(interim[language]))
  }
  if (state === 'working' || state === 'asked' || state === 'answered') return steps
  after(soon(60), deskZone)
  agentWrites(owner, chance.pick(waits[state][language]), {
    meaning: state,
    ...(state === 'scheduled' ? { revisitDays: chance.between(1, 6) } : {}),
  })
  return steps
}
