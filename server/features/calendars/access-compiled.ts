import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { type OpenCalendar, openCalendar } from './rules-days.ts'
import { formOf, type KeptCalendar, type Names, namesOf } from './rules-form.ts'

/**
 * Calendars as clocks use them. Whoever stores what was computed with one stores its `revision`, too: it is new with each
 * change that a clock can see, and it is what the compiled ones are remembered by.
 */
export type CalendarRef = { id: string; revision: string }
export type Parties = { organisationId?: string | null | undefined; siteId?: string | null | undefined; teamId?: string | null | undefined }

/** The site's, else the organisation's, else the team's, else the company's, which is always there. */
export async function calendarOf({ db }: Context, { organisationId, siteId, teamId }: Parties): Promise<CalendarRef> {
  const found =
    await sql<CalendarRef>`select id, revision from firstline.calendar_of(${organisationId ?? null}, ${siteId ?? null}, ${teamId ?? null})`.execute(
      db,
    )
  return found.rows[0]!
}

/** The revision as it is now; not found: no such calendar. */
export async function calendarRef({ db }: Context, id: string): Promise<CalendarRef> {
  const found = await sql<CalendarRef>`select id, revision from calendar where id = ${id}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

type Compiled = { open: OpenCalendar; names: ReadonlyMap<string, Names> }
const compiled = new Map<string, Compiled>()
const mostKept = 500

/** One statement for all that are not known yet; none when all are. */
async function compile(context: Context, refs: readonly CalendarRef[]): Promise<Map<string, Compiled>> {
  const missing = [...new Set(refs.filter(({ revision }) => !compiled.has(revision)).map(({ id }) => id))]
  const fresh = missing.length === 0 ? [] : await keptCalendars(context, missing)
  const own = new Map<string, Compiled>()
  for (const kept of fresh) {
    const made = { open: openCalendar(formOf(kept)), names: namesOf(kept) }
    own.set(kept.id, made)
    if (compiled.size >= mostKept) compiled.delete(compiled.keys().next().value!)
    compiled.set(kept.revision, made)
  }
  return new Map(
    refs.map(({ id, revision }) => {
      const made = own.get(id) ?? compiled.get(revision)
      if (!made) throw notFound()
      return [id, made]
    }),
  )
}

/** By their ids. */
export async function compiledCalendars(context: Context, refs: readonly CalendarRef[]): Promise<Map<string, OpenCalendar>> {
  return new Map([...(await compile(context, refs))].map(([id, { open }]) => [id, open]))
}

const refOf = async (context: Context, calendar: CalendarRef | string) =>
  typeof calendar === 'string' ? await calendarRef(context, calendar) : calendar

/** By an id the newest revision is looked up first; by a reference of `calendarOf` nothing is. Archived ones count on. */
export async function compiledCalendar(context: Context, calendar: CalendarRef | string): Promise<OpenCalendar> {
  const ref = await refOf(context, calendar)
  return (await compile(context, [ref])).get(ref.id)!.open
}

/** Days that are not like their weekday, by name (YYYY-MM-DD in the calendar's zone): what the account of a clock says. */
export async function dayNames(context: Context, calendar: CalendarRef | string): Promise<ReadonlyMap<string, Names>> {
  const ref = await refOf(context, calendar)
  return (await compile(context, [ref])).get(ref.id)!.names
}

type Kept = KeptCalendar & CalendarRef

/** All that is kept of them, as their rows say. */
export async function keptCalendars({ db }: Context, ids: readonly string[]): Promise<Kept[]> {
  const found = await sql<Kept>`select c.id, c.revision, c.time_zone as "timeZone", c.hours,
      coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'name', d.name, 'repeats', d.repeats, 'hours', d.hours) order by d.day)
        from calendar_day d where d.calendar_id = c.id), '[]') as days,
      coalesce((select jsonb_agg(jsonb_build_object('day', h.day, 'name', h.name) order by h.day)
        from calendar_holiday h where h.calendar_id = c.id), '[]') as holidays
    from calendar c where c.id = any(${ids}::bigint[])`.execute(db)
  return found.rows
}
