import { sql } from 'kysely'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { companySettings } from '../company/access.ts'
import { asLanguage, firstNameOf, type Values } from './rules-variables.ts'

/** The values of variables on one ticket, or for a requester who has no ticket yet. Read under the actor's own eyes. */
type Row = Record<string, string | null> & { time_zone: string | null; name: string | null }

export async function valuesOfTicket(context: Context, ticketId: string, language: string): Promise<Values> {
  const lang = asLanguage(language)
  const found =
    await sql<Row>`select t.id::text as "ticket.number", t.subject as "ticket.subject", coalesce(rq.name, firstline.name_of(t.requester_id)) as name,
      o.name as "organisation.name", si.name as "site.name", rq.time_zone, rq.phones -> 0 ->> 'number' as "requester.phone", rq.department as "requester.department",
      rq.special_handling as "requester.specialHandling", o.special_handling as "organisation.specialHandling", tm.name as "ticket.team",
      a.name as "ticket.assignee", firstline.said(s.name, ${lang}) as "ticket.status", firstline.said(c.name, ${lang}) as "ticket.category",
      t.priority::text as "ticket.priority", array_to_string(t.tags, ', ') as "ticket.tags"
    from ticket t join status s on s.id = t.status_id left join person rq on rq.id = t.requester_id left join organisation o on o.id = t.organisation_id
    left join site si on si.id = t.site_id left join team tm on tm.id = t.team_id left join person a on a.id = t.assignee_id
    left join category c on c.id = t.category_id where t.id = ${ticketId}`.execute(context.db)
  return withPeople(context, found.rows[0], lang)
}

export async function valuesOfRequester(context: Context, personId: string | null, language: string): Promise<Values> {
  const found = await sql<Row>`select p.name, p.time_zone, o.name as "organisation.name", si.name as "site.name"
    from person p left join organisation o on o.id = p.organisation_id left join site si on si.id = p.site_id where p.id = ${personId}`.execute(
    context.db,
  )
  return withPeople(context, found.rows[0], asLanguage(language))
}

async function withPeople(context: Context, row: Row | undefined, language: 'en' | 'de'): Promise<Values> {
  const { actor } = context
  const { name = null, time_zone = null, ...plain } = row ?? ({} as Row)
  return {
    ...plain,
    'requester.name': name,
    'requester.firstName': name === null ? null : firstNameOf(name),
    'agent.name': actor.name,
    'agent.firstName': firstNameOf(actor.name),
    'company.name': (await companySettings(context.db)).name,
    ...datesAt(context.now, time_zone ?? actor.timeZone ?? 'UTC', language),
  }
}

/** Days as the reader counts them. */
function datesAt(now: Instant, timeZone: string, language: 'en' | 'de'): Record<string, string> {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate()
  const say = (days: number) =>
    new Date(`${today.add({ days })}T12:00:00Z`).toLocaleDateString(language === 'de' ? 'de-DE' : 'en-GB', {
      timeZone: 'UTC',
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    })
  return { 'date.today': say(0), 'date.tomorrow': say(1), 'date.inThreeDays': say(3), 'date.nextMonday': say(8 - today.dayOfWeek) }
}

/** Eight in the morning after so many days, where the actor sits. */
export const morningAfter = (context: Context, days: number): Instant =>
  context.now
    .toZonedDateTimeISO(context.actor.timeZone ?? 'UTC')
    .toPlainDate()
    .add({ days })
    .toZonedDateTime({ timeZone: context.actor.timeZone ?? 'UTC', plainTime: Temporal.PlainTime.from('08:00') })
    .toInstant()
