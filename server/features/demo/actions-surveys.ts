import { sql } from 'kysely'
import { rights } from '../../../contract/rights.ts'
import { systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { ActAs } from '../../kernel/history.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { changeSettings } from '../surveys/actions.ts'
import { writeAnswer } from '../surveys/actions-answers.ts'
import { insertSurvey } from '../surveys/actions-asking.ts'
import { followUp } from '../surveys/actions-follow-up.ts'
import { inSample } from '../surveys/rules.ts'
import type { House, Someone } from './actions-house.ts'
import { type Chance, chanceOf } from './chance.ts'
import { asInstant } from './office-hours.ts'

/** What the customers said in a year: a third answers, most are satisfied, and one of the last days is angry. */
const program = systemActor(new Set(rights))
const day = 86_400_000
/** Bad answers open a follow-up since then only: the first of them lies there today. */
const followsUpSince = 9 * day
const share = 50

type Closed = {
  ticketId: string
  personId: string
  organisationId: string | null
  teamId: string | null
  language: 'en' | 'de'
  at: number
  took: number
  reopened: number
}
type Said = { score: number; comment: string }

const comments: Record<'en' | 'de', Record<number, readonly string[]>> = {
  en: {
    5: [
      'Quick and friendly, thank you!',
      'Solved before my coffee was cold.',
      'Great that somebody called me back.',
      'Perfect, as always.',
      '',
    ],
    4: ['All fine, the first answer could have come sooner.', 'Works again, thanks.', 'Good help.', ''],
    3: ['Solved in the end, but I had to explain it twice.', 'It took two days.', ''],
    2: ['I had to ask three times where it stands.', 'It came back the next morning.'],
    1: ['Nobody told me that it was closed. It still does not work every time.'],
  },
  de: {
    5: ['Schnell und freundlich, danke!', 'Sofort gelöst, super.', 'Toll, dass gleich jemand zurückgerufen hat.', 'Wie immer bestens.', ''],
    4: ['Alles gut, die erste Antwort hätte schneller kommen können.', 'Geht wieder, danke.', 'Gute Hilfe.', ''],
    3: ['Am Ende gelöst, aber ich musste es zweimal erklären.', 'Hat zwei Tage gedauert.', ''],
    2: ['Ich musste dreimal nachfragen, wie es steht.', 'Am nächsten Morgen war es wieder da.'],
    1: ['Niemand hat mir gesagt, dass es geschlossen ist. Es geht immer noch nicht jedes Mal.'],
  },
}
const angry: Record<'en' | 'de', string> = {
  en: 'Third time this month, and each time somebody else asks me the same questions. I lost half a day before a customer visit. Please get to the root of it.',
  de: 'Das dritte Mal in diesem Monat, und jedes Mal stellt mir jemand anderes dieselben Fragen. Vor einem Kundentermin habe ich einen halben Tag verloren. Bitte gehen Sie der Sache auf den Grund.',
}

export async function askCustomers(actAs: ActAs, house: House, now: Instant): Promise<void> {
  const administrator = house.person('administrator').actor
  await changeSettings(actAs(administrator, house.began), { on: true, share, lowScore: 0 })
  const people = new Map([...house.people.values()].map((one) => [one.id, one]))
  const chance = chanceOf('surveys')
  const lastAsked = new Map<string, number>()
  let upset = false
  for (const ticket of await closedTickets(actAs, now)) {
    const person = people.get(ticket.personId)
    const waits = ticket.at - (lastAsked.get(ticket.personId) ?? 0) < 14 * day
    if (!person || waits || !inSample(ticket.ticketId, share)) continue
    lastAsked.set(ticket.personId, ticket.at)
    const own = chance.branch(ticket.ticketId)
    const fresh = now.epochMilliseconds - ticket.at < followsUpSince
    const isAngry = fresh && !upset && now.epochMilliseconds - ticket.at > day / 2
    if (isAngry) {
      upset = true
      await changeSettings(actAs(administrator, asInstant(ticket.at - 60_000)), { lowScore: 2 })
    }
    await askOne(actAs, ticket, person, isAngry ? { score: 1, comment: angry[ticket.language] } : saidOf(ticket, fresh, own), own, now)
  }
  if (!upset) await changeSettings(actAs(administrator, now), { lowScore: 2 })
}

async function closedTickets(actAs: ActAs, now: Instant): Promise<Closed[]> {
  const found =
    await sql<Closed>`select t.id as "ticketId", t.requester_id as "personId", t.organisation_id as "organisationId", t.team_id as "teamId",
      case when p.language = 'de' then 'de' else 'en' end as language, (extract(epoch from t.closed_at) * 1000)::float8 as at,
      extract(epoch from coalesce(t.resolved_at, t.closed_at) - t.created_at)::float8 as took, t.reopened_count as reopened
    from ticket t join person p on p.id = t.requester_id
    where t.meaning = 'closed' and t.closed_at is not null and t.restricted_at is null and t.deleted_at is null and t.merged_into_id is null
      and p.email is not null and p.archived_at is null order by t.closed_at, t.id`.execute(actAs(program, now).db)
  return found.rows
}

/** Null: no answer. Whoever waited long or came back is harder to please. */
function saidOf(ticket: Closed, fresh: boolean, chance: Chance): Said | null {
  if (!chance.is(0.34)) return null
  const hard = ticket.reopened > 0 || ticket.took > 4 * 86_400
  const score = chance.weighted<number>(
    hard
      ? [
          [5, 20],
          [4, 30],
          [3, 25],
          [2, 16],
          [1, 9],
        ]
      : [
          [5, 54],
          [4, 31],
          [3, 9],
          [2, 4],
          [1, 2],
        ],
  )
  const shown = fresh ? Math.max(3, score) : score
  return { score: shown, comment: chance.is(0.45) ? chance.pick(comments[ticket.language][shown] ?? ['']) : '' }
}

async function askOne(actAs: ActAs, ticket: Closed, person: Someone, said: Said | null, chance: Chance, now: Instant): Promise<void> {
  const asked = actAs(program, asInstant(ticket.at + 60_000))
  const id = await insertSurvey(asked, {
    ...ticket,
    occasionAt: asInstant(ticket.at).toString(),
    tokenHash: hashOf(newToken()),
    expiresAt: asInstant(ticket.at + 14 * day).toString(),
  })
  const isAngry = said?.comment === angry[ticket.language]
  // The newest of all: what it opens has the highest number.
  const at = isAngry ? now.epochMilliseconds : ticket.at + chance.between(8, 2400) * 60_000
  if (id === null || said === null || at > now.epochMilliseconds) return
  const survey = { id, ticketId: ticket.ticketId, organisationId: ticket.organisationId }
  await writeAnswer(actAs(person.actor, asInstant(at)), survey, said, chance.is(0.85) ? 'mail' : 'portal')
  if (!isAngry) return
  const whose = { personId: person.id, personName: person.name, language: ticket.language, followUpId: null }
  await followUp(actAs(program, asInstant(at)), { ...survey, ...whose }, said)
}
