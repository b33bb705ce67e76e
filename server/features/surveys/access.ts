import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Survey } from '../../../contract/surveys.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { type Settings, usual } from './rules.ts'

/** On `s` and its ticket `t`: an agent sees what is said of their teams and their tickets, who leads sees all that they see. */
export function visibleSurveys(actor: Actor): RawBuilder<SqlBool> {
  const seen = visibleAsStaff(actor)
  if (actor.rights.has('survey.see')) return seen
  return sql`((s.team_id = any(${actor.teams}::bigint[]) or t.assignee_id = ${actor.id}) and ${seen})`
}

export const surveyColumns = (
  actor: Actor,
) => sql`s.id, json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) as ticket,
  json_build_object('id', s.person_id::text, 'name', firstline.name_of(s.person_id)) as person,
  case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation,
  case when x.id is null then null else json_build_object('id', x.id::text, 'name', x.name) end as team,
  ${wireTime('s.asked_at')} as "askedAt", ${wireTime('s.expires_at')} as "expiresAt", ${wireTime('s.answered_at')} as "answeredAt", s.via, s.score, s.comment,
  case when f.id is null then null else json_build_object('id', f.id::text, 'number', f.id) end as "followUp",
  json_build_object('erase', ${actor.rights.has('survey.see')}::boolean and s.comment <> '') as can`
export const surveyJoins = sql`join ticket t on t.id = s.ticket_id left join organisation o on o.id = s.organisation_id
  left join team x on x.id = s.team_id left join ticket f on f.id = s.follow_up_id`

/** Whoever works on the ticket reads what was said of it; the newest first. */
export async function surveysOf(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<Survey[]> {
  if (!ticket.as_staff) throw notFound()
  const found = await sql<Survey>`select ${surveyColumns(context.actor)} from survey s ${surveyJoins}
    where s.ticket_id = ${ticket.id} order by s.id desc limit 20`.execute(context.db)
  return found.rows
}

export type SurveyFacts = { id: string; ticket_id: string; organisation_id: string | null; comment: string }

export async function accessSurvey(context: Context, id: string): Promise<Granted<SurveyFacts, 'survey.erase'>> {
  const found =
    await sql<SurveyFacts>`select s.id, s.ticket_id, s.organisation_id, s.comment from survey s join ticket t on t.id = s.ticket_id
    where s.id = ${id} and ${visibleSurveys(context.actor)} for no key update of s`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SurveyFacts, 'survey.erase'>
}

export async function settingsOf(db: Db): Promise<Settings> {
  const found = await sql<{ value: Partial<Settings> }>`select value from setting where name = 'surveys'`.execute(db)
  return { ...usual, ...found.rows[0]?.value }
}

type Named = { id: string; name: string }
type Shown = Omit<Settings, 'organisationIds' | 'followUpPersonId'> & { organisations: Named[] | null; followUpPerson: Named | null }

/** With the names of what it points at; what is gone by now is left out. */
export async function shownSettings({ db }: Context): Promise<Shown> {
  const { organisationIds, followUpPersonId, ...rest } = await settingsOf(db)
  const organisations = organisationIds
    ? (await sql<Named>`select id, name from organisation where id = any(${organisationIds}::bigint[]) order by name`.execute(db)).rows
    : null
  const person = followUpPersonId ? await sql<Named>`select id, name from person where id = ${followUpPersonId}`.execute(db) : null
  return { ...rest, organisations, followUpPerson: person?.rows[0] ?? null }
}
