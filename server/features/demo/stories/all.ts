import { readFileSync } from 'node:fs'
import { Temporal } from '../../../kernel/clock.ts'
import { type Chance, chanceOf } from '../chance.ts'
import { agentMail, requesterMail } from '../letters.ts'
import type { PersonPlan } from '../people-plan.ts'
import { staffPlans } from '../provider.ts'
import type { Act, Step, TicketPlan } from '../steps.ts'
import { mailboxOf } from '../ticket-plan.ts'
import { storyFile } from './files.ts'

/**
 * The ten told stories. Each is a text: a head line (key, requester, language, kind, channel, impact and urgency, start,
 * done or open), then one line an act: `+minutes who LETTER: words`. O opens, T looks first (category team tags), Q the
 * requester's side, A answers (W: and waits for them, V: for the vendor), P a telephone note, N an internal note, X hands
 * on (team [assignee] || note), K takes, L sets the priority (number || why), CC copies, S restricts, R resolves (code ||
 * text), C closes. `[[name]]` attaches a file.
 */
type Head = {
  key: string
  requester: string
  language: 'en' | 'de'
  kind: 'incident' | 'request'
  channel: TicketPlan['channel']
  impact: number
  urgency: number
  start: number
  zone: string
  open: boolean
}
const minute = 60_000
export const storyNames: Record<string, string> = {
  vpn: 'A VPN outage with 14 tickets in one morning',
  printer: 'One printer three times in a month',
  mixed: 'A thread in two languages',
  vip: 'An angry VIP',
  phishing: 'A phishing report',
  starter: 'A new starter without an account',
  vendor: 'A vendor who does not answer',
  sixty: 'A thread of sixty messages with screenshots and a PDF',
  passed: 'A ticket passed on five times',
  'wrong-team': 'A request in the wrong team',
}
const storyOf = (key: string) => (key in storyNames ? key : key.replace(/-\d+$/, ''))

export function planStories(people: PersonPlan[], now: number): TicketPlan[] {
  const told = ['told.txt', 'sixty.txt'].flatMap((file) => blocksOf(file).map((block) => tell(block, people, now)))
  const outage = blocksOf('outage.txt').map((block, i) =>
    i === 0 ? tell(block, people, now) : caller(block, people, now, chanceOf(`caller ${i}`)),
  )
  return [...told, ...outage]
}

const blocksOf = (file: string) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split(/^== /m)
    .slice(1)

function headOf(line: string, now: number): Head {
  const [key = '', requester = '', language = 'en', kind = 'incident', channel = 'mail', weight = '1 1', start = '', state = ''] = line
    .split('|')
    .map((part) => part.trim())
  const [impact = 1, urgency = 1] = weight.split(' ').map(Number)
  const [, days = '1', weekday = 'Mon', time = '09:00', zone = 'Europe/Berlin'] = /^-(\d+)d (\w+) (\d\d:\d\d) (\S+)$/.exec(start) ?? []
  return {
    key,
    requester,
    language: language as 'en',
    kind: kind as 'incident',
    channel: channel as 'mail',
    impact,
    urgency,
    start: lastWeekday(now, Number(days), weekday, time, zone),
    zone,
    open: state === 'open',
  }
}

/** The last such weekday that is at least so many days ago. */
function lastWeekday(now: number, days: number, weekday: string, time: string, zone: string): number {
  const wanted = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday) + 1
  const from = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).subtract({ days })
  return from.subtract({ days: (from.dayOfWeek - wanted + 7) % 7 }).withPlainTime(time).epochMilliseconds
}

function basics(head: Head, requester: PersonPlan, steps: Step[]): TicketPlan {
  const { key, language, kind, channel, impact, urgency, open } = head
  const mailed = channel === 'mail'
  return {
    key,
    story: storyOf(key),
    requester: requester.key,
    language,
    kind,
    channel,
    mailbox: mailboxOf(requester, channel),
    impact: mailed ? 1 : impact,
    urgency: mailed ? 1 : urgency,
    open,
    steps,
  }
}

function tell(block: string, people: PersonPlan[], now: number): TicketPlan {
  const [first = '', ...lines] = block.split('\n').filter((line) => line.trim() !== '')
  const head = headOf(first, now)
  const requester = named(people, head.requester)
  let clock = head.start
  const steps = lines.flatMap((line) => {
    const [, wait = '+0m', time, by = '', mark = '', words = ''] = /^(\+\S+)(?: (\d\d:\d\d))? (\S+) ([A-Z]+): ?(.*)$/.exec(line) ?? []
    if (mark === '') throw new Error(`Not a line of a story: ${line}`)
    clock = after(clock, wait, time, head.zone)
    return actOf(mark, words, by, head, people, requester).map((act) => ({ at: clock, by: by === 'program' ? 'program' : by, act }))
  })
  const late = steps.filter((step) => step.at > now - minute)
  for (const step of late) if (step.act.do !== 'close') step.at = now - minute
  return basics(
    head,
    requester,
    steps.filter((step) => step.at <= now - minute),
  )
}

/** `+2h30m`, or `+1d` with a time: that many working days on, at that time. */
function after(at: number, wait: string, time: string | undefined, zone: string): number {
  const [, days, hours, minutes] = /^\+(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$/.exec(wait) ?? []
  if (time === undefined) return at + (Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minute
  let moved = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .add({ days: Number(days) })
  if (moved.dayOfWeek > 5) moved = moved.add({ days: 8 - moved.dayOfWeek })
  return moved.withPlainTime(time).epochMilliseconds
}

const named = (people: PersonPlan[], key: string): PersonPlan => {
  const found = people.find((person) => person.key === key)
  if (!found) throw new Error(`No person has the key ${key}.`)
  return found
}

function actOf(mark: string, words: string, by: string, head: Head, _people: PersonPlan[], requester: PersonPlan): Act[] {
  const files = [...words.matchAll(/\[\[([^\]]+)\]\]/g)].map((found) => storyFile(found[1]!))
  const text = words.replace(/\s*\[\[[^\]]+\]\]/g, '')
  const [left = '', right = ''] = text.split(' || ')
  const attached = files.length > 0 ? { files } : {}
  const chance = chanceOf(`${head.key}/${text}`)
  const plain = { body: text, shown: text, ...attached }
  const answer = () => ({ do: 'answer' as const, ...plain })
  switch (mark) {
    case 'O': {
      const letter = head.channel === 'mail' ? requesterMail(requester, right, head.language, chance) : { body: right, shown: right }
      return [{ do: 'open', subject: left, ...(head.channel === 'mail' ? signedAlready(right, letter) : letter), ...attached }]
    }
    case 'T': {
      const [category = '', team = 'desk', tag] = left.split(' ')
      const { impact, urgency } = head
      return [{ do: 'triage', category, team: memberOf(by, team) ? team : 'desk', assignee: by, tags: tag ? [tag] : [], impact, urgency }]
    }
    case 'Q':
      return [{ do: 'write', via: head.channel === 'portal' ? 'portal' : 'mail', ...plain }]
    case 'P':
      return [{ do: 'write', via: 'phone', ...plain }]
    case 'A':
      return [answer()]
    case 'W':
      return [{ ...answer(), meaning: 'waiting-requester' }]
    case 'V':
      return [{ ...answer(), meaning: 'waiting-vendor' }]
    case 'N':
      return [{ do: 'note', body: text, ...attached }]
    case 'X': {
      const [team = '', assignee] = left.split(' ')
      return [{ do: 'pass', team, ...(assignee ? { assignee } : {}), note: right }]
    }
    case 'K':
      return [{ do: 'take' }]
    case 'L':
      return [{ do: 'raise', priority: Number(left), reason: right }]
    case 'CC':
      return [{ do: 'copies', emails: text.split(' ') }]
    case 'S':
      return [{ do: 'restrict', teams: left.split(','), people: right ? right.split(',') : [] }]
    case 'R':
      return [{ do: 'resolve', code: left, text: right }]
    case 'C':
      return [{ do: 'close', how: text === 'requester' ? 'requester' : 'time' }]
    default:
      throw new Error(`No act has the letter ${mark}.`)
  }
}

const memberOf = (by: string, team: string) => staffPlans.some((agent) => agent.key === by && agent.teams.includes(team))

const signedAlready = (text: string, letter: { body: string; shown: string }) => {
  const end = letter.body.indexOf('\n\n-- \n')
  return { body: `${text}${end < 0 ? '' : letter.body.slice(end)}`, shown: text }
}

const known = {
  en: 'The VPN gateway had a fault from 7:28 to 8:09 this morning. It is repaired: please click Connect once more, nothing else is needed. Sorry for the start of your day.',
  de: 'Das VPN-Gateway war heute von 7:28 bis 8:09 Uhr gestört. Es ist behoben: Bitte einfach noch einmal auf Verbinden klicken, mehr ist nicht nötig. Entschuldigung für den holprigen Tagesbeginn.',
}
const backs = {
  en: ['I am in, thank you.', 'Works. Thanks for the quick word.', 'Connected again.'],
  de: ['Bin drin, danke.', 'Geht wieder, danke für die schnelle Info.', 'Verbunden, vielen Dank.'],
}

/** One of the thirteen who reported the same outage: answered and resolved as part of the main ticket. */
function caller(block: string, people: PersonPlan[], now: number, chance: Chance): TicketPlan {
  const [first = '', line = ''] = block.split('\n')
  const head = headOf(first, now)
  const [organisation, language] = head.requester.slice(1).split(' ')
  const person = chance.pick(
    people.filter(
      (each) => each.organisation.key === organisation && each.language === language && !each.head && each.site.key !== 'boston',
    ),
  )
  const desk = chance.pick(staffPlans.filter((agent) => agent.teams.includes('desk')))
  const opening = actOf('O', line.slice(3), person.key, head, people, person)[0]!
  const fixed = head.start - ((head.start / minute) % 60) * minute // the full hour before
  const told = Math.max(head.start, fixed) + (35 + chance.between(0, 14)) * minute
  const steps: Step[] = [
    { at: head.start, by: head.channel === 'phone' ? desk.key : person.key, act: opening },
    {
      at: head.start + (2 + chance.between(0, 5)) * minute,
      by: desk.key,
      act: {
        do: 'triage',
        category: 'network.vpn',
        team: 'desk',
        assignee: desk.key,
        tags: ['vpn', 'outage'],
        impact: head.impact,
        urgency: head.urgency,
      },
    },
    { at: told, by: desk.key, act: { do: 'answer', ...agentMail(desk, person, known[head.language], head.language, chance) } },
  ]
  if (chance.is(0.6))
    steps.push({
      at: told + chance.between(4, 30) * minute,
      by: person.key,
      act: { do: 'write', via: head.channel === 'portal' ? 'portal' : 'mail', body: chance.pick(backs[head.language]), shown: '' },
    })
  const end = steps.at(-1)!
  if (end.act.do === 'write') end.act.shown = end.act.body
  steps.push({
    at: end.at + 6 * minute,
    by: desk.key,
    act: {
      do: 'resolve',
      code: 'duplicate',
      text:
        head.language === 'de'
          ? 'Teil der VPN-Störung vom selben Morgen (7:28 bis 8:09 Uhr), dort gelöst.'
          : 'Part of the VPN outage of that morning (7:28 to 8:09), solved there.',
    },
  })
  steps.push({ at: end.at + 5 * 1440 * minute, by: 'program', act: { do: 'close', how: 'time' } })
  return basics(head, person, steps)
}
