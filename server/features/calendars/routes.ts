import { calendars, type OpenHours } from '../../../contract/calendars.ts'
import { onWire, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { routes } from '../../kernel/routes.ts'
import { companySettings } from '../company/access.ts'
import { accessCalendar, companyCalendar, listCalendars, readCalendar } from './access.ts'
import { compiledCalendar } from './access-compiled.ts'
import { addCalendar, archiveCalendar, changeCalendar, refuseOverlaps, restoreCalendar } from './actions.ts'
import { holidaysOf } from './actions-holidays.ts'
import { holidayCountries, holidayRegions } from './public-holidays.ts'
import { due, elapsed } from './rules.ts'
import { openCalendar } from './rules-days.ts'
import { daysFrom, formOf, minutesOfWeek } from './rules-form.ts'
import { closedAhead, linesOf, mondayOf, sentenceOf, stateAt } from './rules-words.ts'

const eightWeeks = 56
const today = ({ now }: Context, tz: string) => now.toZonedDateTimeISO(tz).toPlainDate()

export const calendarRoutes = routes(calendars, {
  'GET /api/calendars': async (context, { query }) => ({ items: await listCalendars(context, query.archived ?? false) }),
  'GET /api/calendars/:id': (context, { params }) => readCalendar(context, params.id),
  'POST /api/calendars': async (context, { body }) => readCalendar(context, await addCalendar(context, body)),
  'PATCH /api/calendars/:id': async (context, { params, body, version }) => {
    await changeCalendar(context, await accessCalendar(context, params.id), version, body)
    return readCalendar(context, params.id)
  },
  'POST /api/calendars/:id/archive': async (context, { params }) => {
    await archiveCalendar(context, await accessCalendar(context, params.id))
    return readCalendar(context, params.id)
  },
  'POST /api/calendars/:id/restore': async (context, { params }) => {
    await restoreCalendar(context, await accessCalendar(context, params.id))
    return readCalendar(context, params.id)
  },
  'POST /api/calendars/look': async (context, { body }) => {
    refuseOverlaps(body)
    const kept = { ...body, holidays: await holidaysOf(context, body) }
    return {
      items: daysFrom(kept, mondayOf(today(context, body.timeZone)), eightWeeks),
      weekMinutes: minutesOfWeek(body.hours),
      calendar: formOf(kept),
    }
  },
  'GET /api/holiday-places': async ({ actor }, { query }) => ({
    countries: await holidayCountries(actor.language),
    regions: query.country === undefined ? [] : await holidayRegions(query.country, actor.language),
  }),
  'POST /api/calendars/compute': async (_, { body }) => {
    const calendar = openCalendar(body.calendar)
    const start = Temporal.Instant.from(body.start)
    if (body.minutes === undefined) return { minutes: elapsed(calendar, start, Temporal.Instant.from(body.end!)) / 60_000 }
    const end = due(calendar, start, body.minutes * 60_000)
    return { due: end && onWire(end) }
  },
  'GET /api/open-hours': async (context, { query }) => openHours(context, query.language),
})

async function openHours(context: Context, asked: 'en' | 'de' | undefined): Promise<OpenHours> {
  const language = asked ?? (context.actor.kind === 'person' ? context.actor.language : (await companySettings(context.db)).language)
  const kept = await companyCalendar(context)
  const calendar = await compiledCalendar(context, kept)
  const { open, until, opens } = stateAt(calendar, context.now)
  return {
    open,
    until: until && onWire(until),
    opens: opens && onWire(opens),
    timeZone: kept.timeZone,
    lines: linesOf(kept.hours, language),
    closed: closedAhead(daysFrom(kept, today(context, kept.timeZone), eightWeeks), language),
    sentence: sentenceOf(calendar, context.now, language),
  }
}
