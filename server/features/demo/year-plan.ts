import { type Chance, chanceOf } from './chance.ts'
import { type PersonPlan, planPeople } from './people-plan.ts'
import { type Problem, readProblems } from './problems.ts'
import { agesOfOpen, openedAgo, rhythmBetween } from './rhythm.ts'
import type { TicketPlan } from './steps.ts'
import { planStories } from './stories/all.ts'
import type { People } from './surroundings.ts'
import { planTicket } from './ticket-plan.ts'

/** The whole year on paper: who there is and what happened, before anything is written. The same for the same seed and time. */
export type YearPlan = { people: PersonPlan[]; tickets: TicketPlan[] }
export type Choices = { seed?: string; now: number; tickets?: number }

const day = 86_400_000
const openShare = 0.08
export const mostOfOneSubject = 4

export function planYear({ seed = 'halyard', now, tickets = 2000 }: Choices): YearPlan {
  const chance = chanceOf(seed)
  const people = planPeople(chance.branch('people'))
  const found: People = { all: people, managerOf: (person) => managerOf(people, person) }
  const stories = planStories(people, now)
  const openStories = stories.filter((plan) => plan.open).length
  const drawn = drawer(found, chance.branch('tickets'), stories.map(subjectOf))
  // The office worker of the sign-in page finds requests of her own.
  const worker = people.find((person) => person.key === 'office-worker')
  const openCount = Math.max(Math.round(tickets * openShare) - openStories, 4)
  const open = agesOfOpen(openCount).map((age, i) =>
    drawn({
      now,
      open: true,
      key: `open-${i}`,
      at: (zone) => openedAgo(age, now, zone),
      who: i === Math.floor(openCount / 3) ? worker : undefined,
    }),
  )
  const moment = rhythmBetween(now - 365 * day, now - 20 * 3_600_000, chance.branch('rhythm'))
  const finished = Array.from({ length: tickets - stories.length - openCount }, (_, i) =>
    drawn({ now, open: false, key: `done-${i}`, at: moment, who: i < 6 ? worker : undefined }),
  )
  return { people, tickets: [...stories, ...open, ...finished] }
}

export const subjectOf = (plan: TicketPlan): string => {
  const first = plan.steps[0]!.act
  return first.do === 'open' ? first.subject : ''
}

type Draw = { now: number; open: boolean; key: string; at: (zone: string) => number; who?: PersonPlan | undefined }

/** Draws who has which problem, so that all problems get their turn and no subject becomes common. */
function drawer(people: People, chance: Chance, taken: string[]) {
  const problems = readProblems()
  const used = new Map<string, number>()
  const subjects = new Map<string, number>()
  for (const subject of taken) subjects.set(subject, 1)
  const busy = people.all.map((person) => [person, 0.4 + chance.roll() ** 3 * 5] as const)
  const byOrganisation = new Map<string, (readonly [PersonPlan, number])[]>()
  for (const entry of busy) byOrganisation.set(entry[0].organisation.key, [...(byOrganisation.get(entry[0].organisation.key) ?? []), entry])
  const organisations = [...byOrganisation.values()].map((entries) => [entries, entries[0]![0].organisation.weight] as const)
  return ({ now, open, key, at, who }: Draw): TicketPlan => {
    for (let attempt = 0; ; attempt++) {
      const person = who ?? chance.weighted(chance.weighted(organisations))
      const problem = leastUsed(problems, used, person, chance)
      const mine = chance.branch(`${key}/${attempt}`)
      const plan = planTicket(
        {
          problem,
          subject: mine.between(0, problem[person.language].subjects.length - 1),
          person,
          people,
          at: at(person.site.timeZone),
          now,
          open,
          chance: mine,
        },
        key,
      )
      if (plan === undefined) continue
      const subject = subjectOf(plan)
      const times = subjects.get(subject) ?? 0
      if (times >= mostOfOneSubject && attempt < 50) continue
      subjects.set(subject, times + 1)
      used.set(`${problem.key}/${person.language}`, (used.get(`${problem.key}/${person.language}`) ?? 0) + 1)
      return plan
    }
  }
}

function leastUsed(problems: Problem[], used: Map<string, number>, person: PersonPlan, chance: Chance): Problem {
  const fit = problems.filter((problem) => problem.organisation === null || problem.organisation === person.organisation.key)
  const drawn = [chance.pick(fit), chance.pick(fit), chance.pick(fit)]
  const times = (problem: Problem) => used.get(`${problem.key}/${person.language}`) ?? 0
  return drawn.reduce((best, problem) => (times(problem) < times(best) ? problem : best))
}

const heads = new WeakMap<PersonPlan[], Map<string, PersonPlan>>()

/** The head of the department; of heads, the first of the top department; of that one, nobody above: themself. */
export function managerOf(people: PersonPlan[], person: PersonPlan): PersonPlan {
  let known = heads.get(people)
  if (!known) {
    known = new Map(people.filter((each) => each.head).map((each) => [`${each.organisation.key}/${each.department}`, each]))
    heads.set(people, known)
  }
  const top = known.get(
    `${person.organisation.key}/${{ nordwind: 'Geschäftsführung', calderwren: 'Directors', lumen: 'Vorstand' }[person.organisation.key]}`,
  )
  const head = known.get(`${person.organisation.key}/${person.department}`)
  return head && head !== person ? head : (top ?? person)
}
