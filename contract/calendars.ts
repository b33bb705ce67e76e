import { z } from 'zod'
import { contract, flag, id, idInput, instant, language, line, named } from './endpoint.ts'

/** When somebody works: calendars, what is computed with them, and what everybody may know of the opening hours. */
const known = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}
const zone = z.string().max(64).refine(known, 'This time zone is not known. Choose one such as Europe/Berlin.')
const clockTime = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|24:00(?::00)?)$/, 'A time of day from 00:00 to 24:00, such as 08:30.')
const inFull = (time: string) => (time.length === 5 ? `${time}:00` : time)
const interval = z
  .tuple([clockTime, clockTime], 'An interval is two times: ["09:00", "17:00"].')
  .refine(
    ([from]) => inFull(from) !== '24:00:00',
    'An interval begins at 23:59 at the latest: for midnight begin at 00:00 of the next day.',
  )
  .refine(([from, to]) => inFull(from) !== inFull(to), 'This interval has no length. For a whole day write 00:00 to 24:00.')
  .meta({ description: 'From and to; past midnight when it ends before it begins.' })
const hours = z.array(interval).max(24)
const week = z.strictObject({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours }).partial()
const date = z.iso.date('A day written as 2026-12-24.')
const moment = z.iso
  .datetime({ offset: true, error: 'A moment in RFC 3339 with its offset: 2026-11-20T16:50:00+01:00.' })
  .refine((text) => text >= '0100' && text < '9900', 'A moment between the years 100 and 9900.')
const names = z.object({ en: z.string(), de: z.string() })

/** As kept stable: what a clock counts by. */
export const calendarForm = z.strictObject({
  tz: zone,
  hours: week,
  holidays: z.array(date).max(5000).default([]).meta({ description: 'Days without work, unless holiday_hours gives them hours.' }),
  holiday_hours: z.record(date, hours).optional().meta({ description: 'Hours of single days, in place of those of their weekday.' }),
})

const own = { day: date, name: line(100), repeats: z.enum(['once', 'yearly']).default('once'), hours }
const when = {
  timeZone: zone,
  hours: week,
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'A country by its two letters, such as DE.')
    .nullable()
    .default(null),
  region: z
    .string()
    .regex(/^[A-Z0-9]{1,8}$/i, 'A region by its letters, such as BE.')
    .nullable()
    .default(null),
  days: z.array(z.strictObject(own)).max(500).default([]).meta({ description: 'Own days; without hours: closed.' }),
}
const uses = z.strictObject({
  company: z.boolean(),
  organisationIds: z.array(idInput).max(1000),
  siteIds: z.array(idInput).max(1000),
  teamIds: z.array(idInput).max(1000),
})
const fields = z.strictObject({
  name: line(100),
  ...when,
  uses: uses.default({ company: false, organisationIds: [], siteIds: [], teamIds: [] }),
})

export const calendar = z.object({
  id,
  version: z.number(),
  name: z.string(),
  timeZone: z.string(),
  hours: week,
  country: z.string().nullable(),
  region: z.string().nullable(),
  days: z.array(z.object({ ...own, repeats: z.enum(['once', 'yearly']) })),
  uses: z.object({
    company: z.boolean(),
    organisations: z.array(named),
    sites: z.array(z.object({ id, name: z.string(), organisation: z.string() })),
    teams: z.array(named),
  }),
  archived: z.boolean(),
  open: z.boolean(),
  changesAt: instant.nullable().meta({ description: 'When it closes or opens next; null: not within ten years.' }),
})
export const calendarDay = z.object({
  day: z.string(),
  hours,
  why: z.enum(['week', 'holiday', 'own']),
  name: names.nullable(),
})

export const calendars = contract({
  'GET /api/calendars': {
    summary: 'All calendars by name; `archived`: those out of use.',
    who: 'ticket.work',
    query: z.object({ archived: flag.optional() }),
    returns: z.object({ items: z.array(calendar) }),
  },
  'GET /api/calendars/:id': { summary: 'One calendar.', who: 'ticket.work', returns: calendar },
  'POST /api/calendars': {
    summary: 'Adds a calendar.',
    who: 'setting.edit',
    status: 201,
    idempotent: true,
    returns: calendar,
    body: fields,
  },
  'PATCH /api/calendars/:id': {
    summary: 'Changes a calendar: its hours, its own days, and who uses it.',
    who: 'setting.edit',
    ifMatch: true,
    returns: calendar,
    body: z
      .strictObject({
        ...fields.shape,
        country: when.country.unwrap(),
        region: when.region.unwrap(),
        days: when.days.unwrap(),
        uses,
      })
      .partial(),
  },
  'POST /api/calendars/:id/archive': {
    summary: 'Takes a calendar out of use; refused while somebody works by it.',
    who: 'setting.edit',
    returns: calendar,
  },
  'POST /api/calendars/:id/restore': { summary: 'Brings it back.', who: 'setting.edit', returns: calendar },
  'POST /api/calendars/look': {
    summary: 'Eight weeks, day by day, of a calendar as it would be. Stores nothing.',
    who: 'ticket.work',
    returns: z.object({ items: z.array(calendarDay), weekMinutes: z.number(), calendar: calendarForm }),
    body: z.strictObject(when),
  },
  'GET /api/holiday-places': {
    summary: 'Countries whose public holidays are known; with `country`, its regions, too.',
    who: 'ticket.work',
    query: z.object({ country: z.string().length(2).optional() }),
    returns: z.object({
      countries: z.array(z.object({ code: z.string(), name: z.string() })),
      regions: z.array(z.object({ code: z.string(), name: z.string() })),
    }),
  },
  'POST /api/calendars/compute': {
    summary:
      'When working time is used up (`minutes`; fewer than none count back), or how much passed (`end`). Stores nothing; the same code as the clocks.',
    who: 'ticket.work',
    returns: z.union([
      z.object({ due: instant.nullable().meta({ description: 'Null: not within ten years.' }) }),
      z.object({ minutes: z.number() }),
    ]),
    body: z
      .strictObject({
        calendar: calendarForm,
        start: moment,
        minutes: z.number().min(-50_000_000).max(50_000_000).optional(),
        end: moment.optional(),
      })
      .refine((body) => (body.minutes === undefined) !== (body.end === undefined), {
        path: ['minutes'],
        error: 'Send either minutes (to learn when they have passed) or end (to learn how many passed).',
      })
      .refine((body) => body.end === undefined || Date.parse(body.end) - Date.parse(body.start) < 50 * 366 * 86_400_000, {
        path: ['end'],
        error: 'At most 50 years after start.',
      }),
  },
  'GET /api/open-hours': {
    summary: 'When the desk answers, in words: by the calendar of the company.',
    who: 'anyone',
    query: z.object({ language: language.optional() }),
    returns: z.object({
      open: z.boolean(),
      until: instant.nullable().meta({ description: 'When it closes; null while closed, or when it never does.' }),
      opens: instant.nullable().meta({ description: 'When it opens next; null while open.' }),
      timeZone: z.string(),
      lines: z.array(z.object({ days: z.string(), hours: z.string() })),
      closed: z.array(z.object({ day: z.string(), name: z.string(), hours: z.string() })),
      sentence: z.string(),
    }),
  },
})
export type Calendar = z.infer<typeof calendar>
export type CalendarDay = z.infer<typeof calendarDay>
export type OpenHours = z.infer<(typeof calendars)['GET /api/open-hours']['returns']>
