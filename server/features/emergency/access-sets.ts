import { sql } from 'kysely'
import type { EmergencyQuestion, EmergencySet } from '../../../contract/emergency.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { calendarOf, compiledCalendar, type Parties } from '../calendars/access-compiled.ts'
import { isOpen, nextOpen } from '../calendars/rules.ts'
import { visiblePeople } from '../people/access.ts'

/** The severity questions: of an organisation its own, else those of the desk. */
const columns = sql`s.id, s.version, s.questions, case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation`
const joins = sql`emergency_set s left join organisation o on o.id = s.organisation_id`
/** Row-level security hides the name of a customer that is not the reader's, never the set that is the desk's. */
const whole = sql`(s.organisation_id is null or o.id is not null)`

export const listSets = async ({ db }: Context): Promise<EmergencySet[]> =>
  (
    await sql<EmergencySet>`select ${columns} from ${joins} where ${whole} order by s.organisation_id is not null, o.name, s.id limit 500`.execute(
      db,
    )
  ).rows

export async function readSet({ db }: Context, id: string): Promise<EmergencySet> {
  const found = await sql<EmergencySet>`select ${columns} from ${joins} where s.id = ${id} and ${whole}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type SetFacts = { id: string; version: number; organisation_id: string | null; questions: EmergencyQuestion[] }
export async function accessSet({ db }: Context, id: string): Promise<Granted<SetFacts, 'setting.edit'>> {
  const found = await sql<SetFacts>`select id, version, organisation_id, questions from emergency_set where id = ${id} for update`.execute(
    db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SetFacts, 'setting.edit'>
}

/** What is asked of somebody of this organisation. */
export async function setFor({ db }: Context, organisationId: string | null): Promise<EmergencySet | undefined> {
  const found = await sql<EmergencySet>`select ${columns} from ${joins}
    where s.organisation_id is null or s.organisation_id = ${organisationId}::bigint order by s.organisation_id nulls last limit 1`.execute(
    db,
  )
  return found.rows[0]
}

/** By the calendar of the caller's site, else the organisation's, else the company's. */
export async function hoursOf(context: Context, parties: Parties): Promise<{ open: boolean; opens: string | null }> {
  const calendar = await compiledCalendar(context, await calendarOf(context, parties))
  if (isOpen(calendar, context.now)) return { open: true, opens: null }
  const next = nextOpen(calendar, context.now)
  return { open: false, opens: next && onWire(next) }
}

/** For whoever takes a call. In hours nothing is asked; whom the reader does not see does not exist. */
export async function questionsFor(
  context: Context,
  personId: string | undefined,
): Promise<{ closed: boolean; opens: string | null; set: EmergencySet | null }> {
  const caller = personId === undefined ? undefined : await callerSeen(context, personId)
  const { open, opens } = await hoursOf(context, { organisationId: caller?.organisationId, siteId: caller?.siteId })
  const set = open ? undefined : await setFor(context, caller?.organisationId ?? null)
  return { closed: !open, opens, set: set && set.questions.length > 0 ? set : null }
}

async function callerSeen({ db, actor }: Context, id: string): Promise<{ organisationId: string | null; siteId: string | null }> {
  const found = await sql<{
    organisationId: string | null
    siteId: string | null
  }>`select p.organisation_id as "organisationId", p.site_id as "siteId"
    from person p where p.id = ${id} and ${visiblePeople(actor)}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}
