import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { type Addressee, addresseesOf, mailAbout } from '../mail/actions-about.ts'
import { factColumns, type VisitFacts } from './access.ts'
import { calendarOf } from './rules-ics.ts'
import { askerWords, type News, technicianWords, type VisitWords } from './rules-letters.ts'

/**
 * Invitations: one mail for each person, with the appointment for their calendar in it. Nobody reads there who else was
 * invited, and the way in (door codes) stands in the mails of colleagues only.
 */
type Told = VisitFacts & { requester_id: string; site: string | null; organisation: string | null }

async function factsOf(context: Context, visitId: string): Promise<{ visit: Told; words: VisitWords; people: string[] }> {
  const found = await sql<
    Told & { people: { id: string; name: string }[] }
  >`select ${factColumns}, coalesce(t.on_behalf_of_id, t.requester_id) as requester_id, s.name as site, o.name as organisation,
      coalesce((select json_agg(json_build_object('id', p.person_id::text, 'name', firstline.name_of(p.person_id)) order by p.person_id) from visit_person p where p.visit_id = v.id), '[]') as people
    from visit v join ticket t on t.id = v.ticket_id left join site s on s.id = v.site_id left join organisation o on o.id = t.organisation_id where v.id = ${visitId}`.execute(
    context.db,
  )
  const { people, ...visit } = found.rows[0]!
  const words: VisitWords = {
    ticketId: visit.ticket_id,
    startsAt: visit.starts_at,
    endsAt: visit.ends_at,
    timeZone: visit.time_zone,
    place: placeOf(visit),
    purpose: visit.purpose,
    people: people.map((one) => one.name),
    contact: [visit.contact_name, visit.contact_phone].filter(Boolean).join(', '),
    accessNote: visit.access_note,
    reason: visit.reason,
  }
  return { visit, words, people: people.map((one) => one.id) }
}

export const placeOf = (visit: { site: string | null; organisation: string | null; address: string }): string =>
  [visit.organisation, visit.site, visit.address.replace(/\s*\n\s*/g, ', ')].filter(Boolean).join(', ')

/** `news` for who stays; who was added is invited, who was taken off is told that it is off for them. */
export async function tellOfVisit(
  context: Context,
  visitId: string,
  tell: { news: News; asker: boolean; added?: readonly string[]; removed?: readonly string[] },
): Promise<void> {
  const { visit, words, people } = await factsOf(context, visitId)
  const { news, added = [], removed = [] } = tell
  for (const to of await addresseesOf(context, [...people, ...removed])) {
    const their: News = removed.includes(to.personId) ? 'cancelled' : added.includes(to.personId) ? 'planned' : news
    const { button, ...letter } = technicianWords(their, words, to)
    const page = `${context.kernel.settings.baseUrl}/visits/${visit.id}`
    const description = [letter.body, page].join('\n')
    await invite(context, visit, {
      to,
      letter,
      button: { label: button, address: page },
      news: their,
      summary: `#${visit.ticket_id} ${visit.purpose}`,
      description,
    })
  }
  if (!tell.asker) return
  for (const to of await addresseesOf(context, [visit.requester_id])) {
    const { button, ...letter } = askerWords(news, words, to)
    const page = `${context.kernel.settings.baseUrl}/portal/requests/${visit.ticket_id}`
    await invite(context, visit, {
      to,
      letter,
      button: { label: button, address: page },
      news,
      summary: visit.purpose,
      description: letter.body,
    })
  }
}

type Letter = {
  to: Addressee
  letter: { subject: string; body: string }
  button: { label: string; address: string }
  news: News
  summary: string
  description: string
}

const invite = (context: Context, visit: Told, { to, letter, button, news, summary, description }: Letter): Promise<void> =>
  mailAbout(context, {
    kind: 'visit',
    ticketId: visit.ticket_id,
    to,
    ...letter,
    buttons: [button],
    calendar: (organizer) => ({
      method: news === 'cancelled' ? 'CANCEL' : 'REQUEST',
      text: calendarOf(
        [
          {
            uid: visit.calendar_uid,
            sequence: visit.calendar_sequence,
            startsAt: visit.starts_at,
            endsAt: visit.ends_at,
            changedAt: visit.changed_at,
            cancelled: news === 'cancelled',
            summary,
            description,
            location: placeOf(visit),
            organizer,
            attendee: to,
          },
        ],
        { method: news === 'cancelled' ? 'CANCEL' : 'REQUEST', now: context.now },
      ),
    }),
  })
