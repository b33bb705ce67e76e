import { sql } from 'kysely'
import type { Calendar } from '../../../contract/calendars.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { calendarOf, compiledCalendar, compiledCalendars, keptCalendars, type Parties } from './access-compiled.ts'
import { isOpen } from './rules.ts'
import type { KeptCalendar } from './rules-form.ts'
import { sentenceOf, stateAt } from './rules-words.ts'

export type CalendarFacts = {
  id: string
  version: number
  name: string
  country: string | null
  region: string | null
  archived_at: Instant | null
}

export async function accessCalendar(context: Context, id: string): Promise<Granted<CalendarFacts, 'setting.edit'>> {
  if (!context.actor.rights.has('setting.edit')) throw notAllowed()
  const found =
    await sql<CalendarFacts>`select id, version, name, country, region, archived_at from calendar where id = ${id} for update`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<CalendarFacts, 'setting.edit'>
}

/** Whom row-level security hides from the reader is not named as a user either. */
const columns = sql`c.id, c.revision, c.version, c.name, c.time_zone as "timeZone", c.hours, c.country, c.region, c.archived_at is not null as archived,
  coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'name', d.name, 'repeats', d.repeats, 'hours', d.hours) order by d.day, d.repeats)
    from calendar_day d where d.calendar_id = c.id), '[]') as days,
  jsonb_build_object(
    'company', exists (select 1 from calendar_use u where u.calendar_id = c.id and num_nonnulls(u.organisation_id, u.site_id, u.team_id) = 0),
    'organisations', coalesce((select jsonb_agg(jsonb_build_object('id', o.id::text, 'name', o.name) order by o.name, o.id)
      from calendar_use u join organisation o on o.id = u.organisation_id where u.calendar_id = c.id), '[]'),
    'sites', coalesce((select jsonb_agg(jsonb_build_object('id', s.id::text, 'name', s.name, 'organisation', o.name) order by o.name, s.name, s.id)
      from calendar_use u join site s on s.id = u.site_id join organisation o on o.id = s.organisation_id where u.calendar_id = c.id), '[]'),
    'teams', coalesce((select jsonb_agg(jsonb_build_object('id', t.id::text, 'name', t.name) order by t.name, t.id)
      from calendar_use u join team t on t.id = u.team_id where u.calendar_id = c.id), '[]')) as uses`

type Row = Omit<Calendar, 'open' | 'changesAt'> & { revision: string }

async function withState(context: Context, rows: readonly Row[]): Promise<Calendar[]> {
  const compiled = await compiledCalendars(context, rows)
  return rows.map(({ revision: _, ...row }) => {
    const { open, until, opens } = stateAt(compiled.get(row.id)!, context.now)
    const changesAt = open ? until : opens
    return { ...row, open, changesAt: changesAt && onWire(changesAt) }
  })
}

export async function listCalendars(context: Context, archived: boolean): Promise<Calendar[]> {
  const found = await sql<Row>`select ${columns} from calendar c where (c.archived_at is not null) = ${archived}
    order by c.name collate "und-x-icu", c.id limit 500`.execute(context.db)
  return withState(context, found.rows)
}

export async function readCalendar(context: Context, id: string): Promise<Calendar> {
  const found = await sql<Row>`select ${columns} from calendar c where c.id = ${id}`.execute(context.db)
  if (found.rows.length === 0) throw notFound()
  return (await withState(context, found.rows))[0]!
}

/** The company's own, which everybody may know of. */
export async function companyCalendar(context: Context): Promise<KeptCalendar & { id: string; revision: string }> {
  const { id } = await calendarOf(context, {})
  return (await keptCalendars(context, [id]))[0]!
}

/** What an automatic answer adds while nobody is there; empty while somebody is. */
export async function closedSentence(context: Context, parties: Parties, language: 'en' | 'de'): Promise<string> {
  const calendar = await compiledCalendar(context, await calendarOf(context, parties))
  return isOpen(calendar, context.now) ? '' : sentenceOf(calendar, context.now, language)
}
