import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { publicHolidays, refuseUnknown } from './public-holidays.ts'
import type { Holiday } from './rules-form.ts'
import './events.ts'

/** Public holidays as rows: last year's, for clocks that began then, and those of three years ahead. */
const ahead = 3
const yearOf = ({ now }: Context) => now.toZonedDateTimeISO('UTC').year
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n)
type Place = { country: string | null; region: string | null }

/** What is shown before it is kept, and what is kept. */
export async function holidaysOf(context: Context, { country, region }: Place): Promise<Holiday[]> {
  if (country === null) {
    if (region !== null) throw invalid('region', 'without_country', 'Choose the country first: regions belong to one.')
    return []
  }
  await refuseUnknown({ country, region })
  return publicHolidays({ country, region }, range(yearOf(context) - 1, yearOf(context) + ahead))
}

export async function keepHolidays(context: Context, id: string, place: Place): Promise<void> {
  const found = await holidaysOf(context, place)
  const until = place.country === null ? null : yearOf(context) + ahead
  await sql`update calendar set country = ${place.country}, region = ${place.region}, holidays_until = ${until} where id = ${id}`.execute(
    context.db,
  )
  await sql`delete from calendar_holiday where calendar_id = ${id}`.execute(context.db)
  await write(context, id, found)
}

const write = ({ db }: Context, id: string, found: readonly Holiday[]) =>
  sql`insert into calendar_holiday (calendar_id, day, name)
    select ${id}::bigint, h.day, h.name from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as h (day date, name jsonb)
    on conflict do nothing`.execute(db)

type Behind = Place & { id: string; country: string; until: number }

/** Adds the years that came into sight; what is kept already stays as it is. */
export async function extendHolidays(context: Context): Promise<void> {
  const until = yearOf(context) + ahead
  const behind = await sql<Behind>`select id, country, region, holidays_until as until from calendar
    where country is not null and holidays_until < ${until} order by id for update`.execute(context.db)
  for (const { id, country, region, until: known } of behind.rows) {
    await write(context, id, await publicHolidays({ country, region }, range(known + 1, until)))
    await sql`update calendar set holidays_until = ${until}, revision = nextval('calendar_revision') where id = ${id}`.execute(context.db)
    await context.record({ type: 'calendar.holidays-extended', subject: { kind: 'calendar', id }, audience: 'staff', data: { until } })
  }
}
