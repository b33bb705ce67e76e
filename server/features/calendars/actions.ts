import { sql } from 'kysely'
import type { z } from 'zod'
import type { calendars } from '../../../contract/calendars.ts'
import type { Context } from '../../kernel/context.ts'
import { type Issue, invalid, Problem } from '../../kernel/problem.ts'
import { type accessCalendar, readCalendar } from './access.ts'
import { keepHolidays } from './actions-holidays.ts'
import { setUses } from './actions-uses.ts'
import { weekdays } from './rules-days.ts'
import { overlapIn } from './rules-form.ts'
import './events.ts'

export type New = z.output<(typeof calendars)['POST /api/calendars']['body']>
type Change = z.output<(typeof calendars)['PATCH /api/calendars/:id']['body']>
type Editable = Awaited<ReturnType<typeof accessCalendar>>
const about = (id: string) => ({ subject: { kind: 'calendar', id }, audience: 'staff' as const })

const nameTaken = () => invalid('name', 'already_exists', 'Another calendar has this name. Choose another one.')
function namedAlready(cause: unknown): never {
  throw (cause as { constraint?: string }).constraint === 'calendar_name' ? nameTaken() : cause
}

/** All at once, each at its field. */
export function refuseOverlaps({ hours = {}, days = [] }: Pick<Change, 'hours' | 'days'>): void {
  const issues: Issue[] = []
  const check = (path: string, own: Parameters<typeof overlapIn>[0]) => {
    const at = overlapIn(own)
    if (at !== null)
      issues.push({
        path: `${path}.${at}`,
        code: 'overlaps',
        message: 'This begins before the one above it has ended. Let it begin later.',
      })
  }
  for (const day of weekdays) check(`hours.${day}`, hours[day] ?? [])
  const seen = new Set<string>()
  for (const [n, { day, repeats, hours: own }] of days.entries()) {
    check(`days.${n}.hours`, own)
    if (seen.has(`${day}/${repeats}`))
      issues.push({ path: `days.${n}.day`, code: 'already_exists', message: 'This day is in the list twice. Remove one of them.' })
    seen.add(`${day}/${repeats}`)
  }
  if (issues.length > 0) throw new Problem('validation_failed', `Please correct: ${issues.map(({ path }) => path).join(', ')}.`, { issues })
}

const most = 500

export async function addCalendar(context: Context, input: New): Promise<string> {
  refuseOverlaps(input)
  const counted = await sql<{ n: number }>`select count(*)::int as n from calendar where archived_at is null`.execute(context.db)
  if (counted.rows[0]!.n >= most) throw invalid('name', 'too_many', `A desk has at most ${most} calendars. Archive one first.`)
  const made = await sql<{ id: string }>`insert into calendar (name, time_zone, hours, created_at)
    values (${input.name}, ${input.timeZone}, ${JSON.stringify(input.hours)}::jsonb, ${context.now.toString()}) on conflict do nothing returning id`.execute(
    context.db,
  )
  const id = made.rows[0]?.id
  if (id === undefined) throw nameTaken()
  await writeDays(context, id, input.days)
  if (input.country !== null || input.region !== null) await keepHolidays(context, id, { country: input.country, region: input.region })
  await setUses(context, id, input.uses)
  await context.record({ type: 'calendar.added', ...about(id), data: {} })
  return id
}

export async function changeCalendar(context: Context, calendar: Editable, version: number, change: Change): Promise<void> {
  if (calendar.version !== version)
    throw new Problem('version_stale', 'Somebody changed this calendar meanwhile.', {
      details: { current: await readCalendar(context, calendar.id) },
    })
  refuseOverlaps(change)
  const { id } = calendar
  const { name, timeZone, hours, days, country, region, uses } = change
  const sets = [
    ...(name === undefined ? [] : [sql`, name = ${name}`]),
    ...(timeZone === undefined ? [] : [sql`, time_zone = ${timeZone}`]),
    ...(hours === undefined ? [] : [sql`, hours = ${JSON.stringify(hours)}::jsonb`]),
  ]
  await sql`update calendar set version = version + 1, revision = nextval('calendar_revision')${sql.join(sets, sql``)} where id = ${id}`
    .execute(context.db)
    .catch(namedAlready)
  if (days !== undefined) await writeDays(context, id, days)
  const place = {
    country: country === undefined ? calendar.country : country,
    // Another country's regions are others.
    region: region !== undefined ? region : country === undefined || country === calendar.country ? calendar.region : null,
  }
  if (place.country !== calendar.country || place.region !== calendar.region) await keepHolidays(context, id, place)
  if (uses !== undefined) await setUses(context, id, uses)
  await context.record({ type: 'calendar.changed', ...about(id), data: { fields: Object.keys(change) } })
}

async function writeDays({ db }: Context, id: string, days: New['days']): Promise<void> {
  await sql`delete from calendar_day where calendar_id = ${id}`.execute(db)
  if (days.length === 0) return
  await sql`insert into calendar_day (calendar_id, day, name, repeats, hours)
    select ${id}::bigint, d.day, d.name, d.repeats, d.hours
    from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as d (day date, name text, repeats text, hours jsonb)`.execute(db)
}

/** Whoever worked by it would work by another one without being asked. */
export async function archiveCalendar(context: Context, calendar: Editable): Promise<void> {
  if (calendar.archived_at !== null) return
  const used = await sql`select 1 from calendar_use where calendar_id = ${calendar.id} limit 1`.execute(context.db)
  if (used.rows.length > 0) throw new Problem('still_in_use', 'Somebody works by this calendar. Give them another one first.')
  await sql`update calendar set archived_at = ${context.now.toString()} where id = ${calendar.id}`.execute(context.db)
  await context.record({ type: 'calendar.archived', ...about(calendar.id), data: {} })
}

export async function restoreCalendar(context: Context, calendar: Editable): Promise<void> {
  if (calendar.archived_at === null) return
  await sql`update calendar set archived_at = null where id = ${calendar.id}`.execute(context.db).catch(namedAlready)
  await context.record({ type: 'calendar.restored', ...about(calendar.id), data: {} })
}

/** The calendar that every desk begins with keeps to the company's zone until somebody has touched it. */
export async function followCompanyZone(context: Context, timeZone: string): Promise<void> {
  const moved = await sql<{ id: string }>`update calendar c set time_zone = ${timeZone}, revision = nextval('calendar_revision')
    from calendar_use u where u.calendar_id = c.id and num_nonnulls(u.organisation_id, u.site_id, u.team_id) = 0
      and c.version = 1 and c.time_zone <> ${timeZone} returning c.id`.execute(context.db)
  for (const { id } of moved.rows) await context.record({ type: 'calendar.changed', ...about(id), data: { fields: ['timeZone'] } })
}
