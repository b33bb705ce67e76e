import { sql } from 'kysely'
import type { z } from 'zod'
import type { visits } from '../../../contract/visits.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { newToken } from '../../kernel/secrets.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { type GrantedVisit, readVisit } from './access.ts'
import { clashesOf, placeFor } from './access-list.ts'
import { tellOfVisit } from './actions-invite.ts'
import { isOver, isTimeZone, longest } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof visits)['POST /api/tickets/:id/visits']['body']>
type Change = z.output<(typeof visits)['PATCH /api/visits/:id']['body']>

const about = (ticket: TicketFacts, id: string) => ({
  subject: { kind: 'visit', id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'everyone' as const,
})

export async function planVisit(context: Context, ticket: Granted<TicketFacts, 'ticket.edit'>, input: Input): Promise<string> {
  refuseWindow(input.startsAt, input.endsAt)
  if (input.timeZone !== undefined) refuseZone(input.timeZone)
  const people = await refuseStrangers(context, input.peopleIds)
  const place = await placeFor(context, ticket, input.siteId)
  if (!input.despite) await refuseClashes(context, { people, startsAt: input.startsAt, endsAt: input.endsAt })
  const at = context.now.toString()
  const contact = input.contact ?? place.contact
  const made = await sql<{
    id: string
  }>`insert into visit (ticket_id, site_id, address, access_note, starts_at, ends_at, time_zone, purpose, contact_name, contact_phone, contact_email,
      invited, calendar_uid, created_at, created_by_id, changed_at)
    values (${ticket.id}, ${place.site?.id ?? null}, ${input.address ?? place.address}, ${input.accessNote ?? place.accessNote}, ${input.startsAt}, ${input.endsAt},
      ${input.timeZone ?? place.timeZone}, ${input.purpose}, ${contact.name}, ${contact.phone}, ${contact.email}, ${input.tell ? 'yes' : 'no'},
      ${`${newToken()}@${context.kernel.settings.mailDomain}`}, ${at}, ${context.actor.id}, ${at}) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await setPeople(context, id, people)
  await sql`insert into visit_step (visit_id, state, at, by_id) values (${id}, 'planned', ${at}, ${context.actor.id})`.execute(context.db)
  await context.record({ type: 'visit.planned', ...about(ticket, id), data: { visitId: id, personIds: people } })
  await tellOfVisit(context, id, { news: 'planned', asker: input.tell })
  return id
}

/** Times are kept with the people too (see the migration). */
async function setPeople(context: Context, visitId: string, people: readonly string[]): Promise<void> {
  await sql`delete from visit_person where visit_id = ${visitId} and person_id <> all(${[...people]}::bigint[])`.execute(context.db)
  await sql`insert into visit_person (visit_id, person_id, starts_at, ends_at)
    select v.id, p.id, v.starts_at, v.ends_at from visit v, unnest(${[...people]}::bigint[]) p (id) where v.id = ${visitId}
    on conflict (visit_id, person_id) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at`.execute(context.db)
}

/** What those who were invited have to hear of; a new telephone number is not worth a mail to the one whose it is. */
const worthTelling = new Set(['startsAt', 'endsAt', 'timeZone', 'siteId', 'address', 'purpose', 'peopleIds'])

export async function changeVisit(context: Context, visit: GrantedVisit, version: number, change: Change): Promise<void> {
  if (visit.version !== version)
    throw new Problem('version_stale', 'Somebody changed this visit meanwhile.', {
      details: { current: await readVisit(context, visit.id) },
    })
  if (isOver(visit.state)) throw new Problem('visit_over', 'This visit is over. Plan a new one.')
  const startsAt = change.startsAt ?? visit.starts_at.toString()
  const endsAt = change.endsAt ?? visit.ends_at.toString()
  refuseWindow(startsAt, endsAt)
  if (change.timeZone !== undefined) refuseZone(change.timeZone)
  const people = change.peopleIds ? await refuseStrangers(context, change.peopleIds) : visit.people
  const { tell, despite, ...fields } = change
  const named = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const moved =
    Temporal.Instant.from(startsAt).epochMilliseconds !== visit.starts_at.epochMilliseconds ||
    Temporal.Instant.from(endsAt).epochMilliseconds !== visit.ends_at.epochMilliseconds
  const added = people.filter((one) => !visit.people.includes(one))
  const removed = visit.people.filter((one) => !people.includes(one))
  if (!despite && (moved || added.length > 0))
    await refuseClashes(context, { people: moved ? people : added, startsAt, endsAt, except: visit.id })
  const place = change.siteId === undefined ? undefined : await placeFor(context, visit.ticket, change.siteId)
  const raises = named.some((name) => worthTelling.has(name))
  const set = sql.join(
    [
      sql`version = version + 1, changed_at = ${context.now.toString()}, starts_at = ${startsAt}, ends_at = ${endsAt}`,
      ...(moved ? [sql`declined_at = null, declined_text = ''`] : []),
      ...(raises ? [sql`calendar_sequence = calendar_sequence + 1`] : []),
      ...(tell ? [sql`invited = 'yes'`] : []),
      ...(place ? [sql`site_id = ${place.site?.id ?? null}`] : []),
      ...written({
        time_zone: change.timeZone ?? place?.timeZone,
        address: change.address ?? place?.address,
        access_note: change.accessNote ?? place?.accessNote,
        purpose: change.purpose,
        contact_name: change.contact?.name,
        contact_phone: change.contact?.phone,
        contact_email: change.contact?.email,
      }),
    ],
    sql`, `,
  )
  await sql`update visit set ${set} where id = ${visit.id}`.execute(context.db)
  await setPeople(context, visit.id, people)
  await context.record({
    type: 'visit.changed',
    ...about(visit.ticket, visit.id),
    data: { visitId: visit.id, fields: named, moved, added, removed },
  })
  if (raises) await tellOfVisit(context, visit.id, { news: 'moved', asker: tell, added, removed })
}

const written = (columns: Record<string, string | undefined>) =>
  Object.entries(columns).flatMap(([name, value]) => (value === undefined ? [] : [sql`${sql.id(name)} = ${value}`]))

export async function cancelVisit(context: Context, visit: GrantedVisit, reason: string, tell: boolean): Promise<void> {
  if (isOver(visit.state)) throw new Problem('visit_over', 'This visit is over already.')
  const at = context.now.toString()
  await sql`update visit set state = 'cancelled', reason = ${reason}, version = version + 1, calendar_sequence = calendar_sequence + 1, changed_at = ${at} where id = ${visit.id}`.execute(
    context.db,
  )
  await sql`update visit_person set taken = 'no' where visit_id = ${visit.id}`.execute(context.db)
  await sql`insert into visit_step (visit_id, state, at, by_id) values (${visit.id}, 'cancelled', ${at}, ${context.actor.id})`.execute(
    context.db,
  )
  await context.record({ type: 'visit.cancelled', ...about(visit.ticket, visit.id), data: { visitId: visit.id } })
  // Who never was invited has nothing to strike out.
  await tellOfVisit(context, visit.id, { news: 'cancelled', asker: tell && visit.invited === 'yes' })
}

function refuseWindow(startsAt: string, endsAt: string): void {
  const from = Temporal.Instant.from(startsAt)
  const to = Temporal.Instant.from(endsAt)
  if (Temporal.Instant.compare(to, from) <= 0)
    throw invalid('endsAt', 'visit_before_start', 'The end lies before the beginning. Choose a later end.')
  if (Temporal.Instant.compare(to, from.add(longest)) > 0)
    throw invalid('endsAt', 'visit_too_long', 'A visit lasts a day at most. Plan one for each day.')
}

function refuseZone(name: string): void {
  if (!isTimeZone(name)) throw invalid('timeZone', 'time_zone_unknown', 'This time zone is not known. Choose one such as Europe/Berlin.')
}

/** Only people of the desk go; each once. */
async function refuseStrangers(context: Context, ids: readonly string[]): Promise<string[]> {
  const people = [...new Set(ids)]
  const found = await sql<{ id: string }>`select p.id from person p where p.id = any(${people}::bigint[]) and p.archived_at is null
    and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))`.execute(
    context.db,
  )
  const known = new Set(found.rows.map((row) => row.id))
  const strange = people.findIndex((id) => !known.has(id))
  if (strange >= 0) throw invalid('peopleIds', 'not_of_the_desk', 'Choose people of the desk.')
  return people
}

async function refuseClashes(
  context: Context,
  wanted: { people: readonly string[]; startsAt: string; endsAt: string; except?: string },
): Promise<void> {
  const clashes = await clashesOf(context, wanted)
  if (clashes.length === 0) return
  const names = [...new Set(clashes.map((one) => one.person.name))].join(', ')
  throw new Problem('visit_clash', `${names} cannot be there then.`, { details: { names, clashes } })
}
