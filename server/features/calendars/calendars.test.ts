import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { accessCalendar } from './access.ts'
import { calendarOf, compiledCalendar, dayNames } from './access-compiled.ts'
import { changeCalendar } from './actions.ts'
import { calendarJobs } from './jobs.ts'
import { due, isOpen, nextOpen, stretchesFrom } from './rules.ts'
import { type CalendarForm, openCalendar } from './rules-days.ts'

const desk = useDesk()
const at = (text: string) => Temporal.Instant.from(text)
const office = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:00'] as [string, string]]]))
const berlin = { name: 'Berlin', timeZone: 'Europe/Berlin', hours: office, country: 'DE', region: 'BE' }
const nobodyYet = { company: false, organisationIds: [], siteIds: [], teamIds: [] }
const asDesk = <T>(work: Parameters<typeof desk.kernel.asSystem<T>>[0]) => desk.kernel.asSystem(work)

async function site(admin: TestPerson, organisationId: string) {
  return desk.call('POST /api/organisations/:id/sites', {
    as: admin,
    params: { id: organisationId },
    body: { name: 'Wien' },
  } as never) as Promise<{
    id: string
  }>
}

describe('the calendars of a desk', () => {
  it('there is one from the start, which follows the company’s zone until somebody has touched it', async () => {
    const admin = await desk.person('administrator')
    const zoneNow = async () => (await desk.call('GET /api/calendars', { as: admin })).items.find((one) => one.uses.company)!
    expect((await zoneNow()).hours.mon).toEqual([['08:00', '17:00']])
    await desk.call('PATCH /api/company/settings', { as: admin, body: { timeZone: 'America/New_York' } })
    const first = await zoneNow()
    expect(first.timeZone).toBe('America/New_York')
    await desk.call('PATCH /api/calendars/:id', { as: admin, params: { id: first.id }, ifMatch: first.version, body: { name: 'Main' } })
    await desk.call('PATCH /api/company/settings', { as: admin, body: { timeZone: 'Asia/Kathmandu' } })
    expect((await zoneNow()).timeZone).toBe('America/New_York')
  })

  it('is made by administrators, seen by the whole staff, and hidden from requesters', async () => {
    const [admin, agent, manager, requester] = [
      await desk.person('administrator'),
      await desk.person('agent'),
      await desk.person('manager'),
      await desk.person('requester'),
    ]
    await desk.refused('not_allowed', 'POST /api/calendars', { as: manager, body: berlin })
    const made = await desk.call('POST /api/calendars', { as: admin, body: berlin })
    expect((await desk.call('GET /api/calendars/:id', { as: agent, params: { id: made.id } })).name).toBe('Berlin')
    await desk.refused('not_allowed', 'GET /api/calendars', { as: requester })
  })

  it('keeps public holidays as rows, from last year to three years ahead, and others when the region changes', async () => {
    desk.clock.moveTo(at('2026-11-20T10:00:00Z'))
    const admin = await desk.person('administrator')
    const made = await desk.call('POST /api/calendars', { as: admin, body: berlin })
    const names = () => asDesk((context) => dayNames(context, made.id))
    expect((await names()).get('2026-03-08')).toEqual({ en: "International Women's Day", de: 'Internationaler Frauentag' })
    expect([...(await names()).keys()].filter((day) => day.endsWith('-05-01'))).toEqual(
      ['2025', '2026', '2027', '2028', '2029'].map((y) => `${y}-05-01`),
    )
    await desk.call('PATCH /api/calendars/:id', { as: admin, params: { id: made.id }, ifMatch: 1, body: { region: 'BY' } })
    expect((await names()).has('2026-03-08')).toBe(false)
    expect((await names()).get('2026-01-06')?.de).toBe('Heilige Drei Könige')
  })

  it('a year later the next year’s holidays are added once, and what was kept stays', async () => {
    desk.clock.moveTo(at('2026-11-20T10:00:00Z'))
    const admin = await desk.person('administrator')
    const { id } = await desk.call('POST /api/calendars', { as: admin, body: berlin })
    const days = async () => [...(await asDesk((context) => dayNames(context, id))).keys()]
    const before = await days()
    desk.clock.moveTo(at('2027-01-01T03:20:00Z'))
    await calendarJobs['calendars.extend-holidays']!(desk.kernel, {})
    const after = await days()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.filter((day) => day.startsWith('2030'))).toHaveLength(10)
    await calendarJobs['calendars.extend-holidays']!(desk.kernel, {})
    expect(await days()).toEqual(after)
  })

  it('own days count before holidays and weekdays: half days every year, one-off openings, a holiday that is worked on', async () => {
    const admin = await desk.person('administrator')
    const half: [string, string][] = [['09:00', '12:00']]
    const days = [
      { day: '2020-12-24', name: 'Christmas Eve', repeats: 'yearly' as const, hours: half },
      { day: '2026-05-01', name: 'Migration weekend', hours: [['10:00', '14:00'] as [string, string]] },
      { day: '2026-11-21', name: 'Open day', hours: half },
      { day: '2027-12-24', name: 'Closed for once', hours: [] },
    ]
    const { id } = await desk.call('POST /api/calendars', { as: admin, body: { ...berlin, days } })
    const open = await asDesk((context) => compiledCalendar(context, id))
    const hoursOn = (day: string) =>
      stretchesFrom(open, at(`${day}T00:00:00+01:00`), 3, at(`${day}T23:59:59+01:00`)).map(
        ({ from, to }) => (to.epochMilliseconds - from.epochMilliseconds) / 3_600_000,
      )
    expect(['2025-12-24', '2026-05-01', '2026-11-21', '2026-11-22', '2027-12-24', '2028-12-24'].map(hoursOn)).toEqual([
      [3],
      [4],
      [3],
      [],
      [],
      [],
    ])
  })

  it('says what is wrong, at its field, and how to put it right', async () => {
    const admin = await desk.person('administrator')
    const paths = async (body: object) =>
      (await desk.refused('validation_failed', 'POST /api/calendars', { as: admin, body: { ...berlin, ...body } as never })).issues!.map(
        ({ path }) => path,
      )
    expect(await paths({ timeZone: 'Europe/Bärlin' })).toEqual(['timeZone'])
    expect(await paths({ country: 'DE', region: 'XX' })).toEqual(['region'])
    expect(await paths({ country: 'XX', region: null })).toEqual(['country'])
    expect(await paths({ country: null, region: 'BE' })).toEqual(['region'])
    expect(await paths({ hours: { mon: [['09:00', '25:00']] } })).toEqual(['hours.mon.0.1'])
    expect(
      await paths({
        hours: {
          mon: [
            ['09:00', '12:00'],
            ['11:00', '17:00'],
          ],
        },
      }),
    ).toEqual(['hours.mon.1'])
    const twice = { day: '2026-12-24', name: 'Eve', hours: [] }
    expect(await paths({ days: [twice, twice] })).toEqual(['days.1.day'])
    await desk.call('POST /api/calendars', { as: admin, body: berlin })
    expect(await paths({ name: 'berlin' })).toEqual(['name'])
  })

  it('two people who change it at once do not undo each other unseen', async () => {
    const admin = await desk.person('administrator')
    const { id } = await desk.call('POST /api/calendars', { as: admin, body: berlin })
    const input = { as: admin, params: { id }, ifMatch: 1, body: { timeZone: 'Europe/Vienna' } }
    await desk.call('PATCH /api/calendars/:id', input)
    const stale = await desk.refused('version_stale', 'PATCH /api/calendars/:id', input)
    expect(stale.current).toMatchObject({ timeZone: 'Europe/Vienna', version: 2 })
  })
})

describe('who works by which calendar', () => {
  it('the site’s counts before the organisation’s, that before the team’s, that before the company’s', async () => {
    const admin = await desk.person('administrator')
    const [customer, team] = [await desk.organisation(), await desk.team()]
    const vienna = await site(admin, customer.id)
    const make = (name: string, uses: Partial<typeof nobodyYet> | object) =>
      desk.call('POST /api/calendars', { as: admin, body: { ...berlin, name, uses: { ...nobodyYet, ...uses } } })
    const ofSite = await make('Site', { siteIds: [vienna.id] })
    const ofCustomer = await make('Customer', { organisationIds: [customer.id] })
    const ofTeam = await make('Team', { teamIds: [team.id] })
    const ofCompany = await make('Company', { company: true })
    const which = (parties: Parameters<typeof calendarOf>[1]) => asDesk(async (context) => (await calendarOf(context, parties)).id)
    const all = { organisationId: customer.id, siteId: vienna.id, teamId: team.id }
    expect([await which(all), await which({ ...all, siteId: null }), await which({ teamId: team.id }), await which({})]).toEqual([
      ofSite.id,
      ofCustomer.id,
      ofTeam.id,
      ofCompany.id,
    ])
  })

  it('nobody loses theirs unasked, and a calendar in use is not archived', async () => {
    const admin = await desk.person('administrator')
    const customer = await desk.organisation('Meyer AG')
    const uses = { ...nobodyYet, organisationIds: [customer.id] }
    const made = await desk.call('POST /api/calendars', { as: admin, body: { ...berlin, uses } })
    const refused = await desk.refused('validation_failed', 'POST /api/calendars', { as: admin, body: { ...berlin, name: 'Other', uses } })
    expect(refused.issues).toEqual([
      {
        path: 'uses.organisationIds',
        code: 'has_another',
        message: 'Meyer AG has the calendar “Berlin”. Take it off that calendar first.',
      },
    ])
    const params = { id: made.id }
    await desk.refused('still_in_use', 'POST /api/calendars/:id/archive', { as: admin, params })
    await desk.call('PATCH /api/calendars/:id', { as: admin, params, ifMatch: 1, body: { uses: nobodyYet } })
    expect((await desk.call('POST /api/calendars/:id/archive', { as: admin, params })).archived).toBe(true)
    expect((await desk.call('POST /api/calendars/:id/restore', { as: admin, params })).archived).toBe(false)
  })

  it('an agent of one customer does not learn who the other customers are', async () => {
    const admin = await desk.person('administrator')
    const [own, other] = [await desk.organisation(), await desk.organisation()]
    const agent = await desk.person('agent', { limitedTo: { organisationId: own.id } })
    const body = { ...berlin, uses: { ...nobodyYet, organisationIds: [own.id, other.id] } }
    const { id, uses } = await desk.call('POST /api/calendars', { as: admin, body })
    expect(uses.organisations).toHaveLength(2)
    expect((await desk.call('GET /api/calendars/:id', { as: agent, params: { id } })).uses.organisations).toEqual([own])
  })

  it('what was looked at and rolled back is not remembered', async () => {
    const admin = await desk.person('administrator')
    const { id } = await desk.call('POST /api/calendars', { as: admin, body: berlin })
    const sunday = at('2026-11-22T10:00:00Z')
    const change = async (context: Context, hours: object) => {
      await changeCalendar(context, await accessCalendar(context, id), 1, { hours })
      return isOpen(await compiledCalendar(context, id), sunday)
    }
    const takenBack = asDesk(async (context) => {
      expect(await change(context, { sun: [['08:00', '18:00']] })).toBe(true)
      throw new Error('taken back')
    })
    await expect(takenBack).rejects.toThrow('taken back')
    expect(await asDesk((context) => change(context, { sat: [['08:00', '18:00']] }))).toBe(false)
  })
})

describe('looking ahead and computing', () => {
  it('eight weeks of a calendar that is not saved yet, each day with its reason', async () => {
    desk.clock.moveTo(at('2026-12-16T10:00:00Z'))
    const agent = await desk.person('agent')
    const { name: _, ...when } = berlin
    const { items, weekMinutes } = await desk.call('POST /api/calendars/look', { as: agent, body: when })
    expect([items.length, items[0]!.day, weekMinutes]).toEqual([56, '2026-12-14', 2400])
    expect(items.find(({ day }) => day === '2026-12-25')).toEqual({
      day: '2026-12-25',
      hours: [],
      why: 'holiday',
      name: { en: 'Christmas Day', de: '1. Weihnachtstag' },
    })
  })

  it('computes when minutes have passed and how many did, forwards and backwards, for a calendar that comes along', async () => {
    const agent = await desk.person('agent')
    const calendar = {
      tz: 'Europe/Berlin',
      hours: office,
      holidays: ['2026-12-25'],
      holiday_hours: { '2026-12-24': [['09:00', '12:00'] as [string, string]] },
    }
    const compute = (body: object) => desk.call('POST /api/calendars/compute', { as: agent, body: { calendar, ...body } as never })
    expect(await compute({ start: '2026-11-20T16:50:00+01:00', minutes: 60 })).toEqual({ due: '2026-11-23T08:50:00.000Z' })
    expect(await compute({ start: '2026-11-23T08:50:00Z', minutes: -60 })).toEqual({ due: '2026-11-20T15:50:00.000Z' })
    expect(await compute({ start: '2026-12-23T16:00:00+01:00', end: '2026-12-28T10:30:30+01:00' })).toEqual({ minutes: 60 + 180 + 90.5 })
    expect(await compute({ start: '2026-12-23T16:00:00Z', end: '2026-12-22T16:00:00Z' })).toEqual({ minutes: 0 })
    expect(await compute({ calendar: { tz: 'Etc/UTC', hours: {}, holidays: [] }, start: '2026-01-01T00:00:00Z', minutes: 1 })).toEqual({
      due: null,
    })
  })

  it('names field and remedy of what cannot be computed', async () => {
    const agent = await desk.person('agent')
    const good = { calendar: { tz: 'Etc/UTC', hours: office, holidays: [] as string[] }, start: '2026-11-20T16:50:00Z', minutes: 1 }
    const issues = async (body: object) =>
      (await desk.refused('validation_failed', 'POST /api/calendars/compute', { as: agent, body: { ...good, ...body } as never })).issues!
    const path = async (calendar: object) => (await issues({ calendar: { ...good.calendar, ...calendar } })).map((issue) => issue.path)
    expect(await path({ tz: 'Mars/Olympus' })).toEqual(['calendar.tz'])
    expect(await path({ hours: { mon: [['09:00', '25:00']] } })).toEqual(['calendar.hours.mon.0.1'])
    expect(await path({ hours: { mon: [['09:00', '09:00']] } })).toEqual(['calendar.hours.mon.0'])
    expect(await path({ holidays: ['24.12.2026'] })).toEqual(['calendar.holidays.0'])
    expect((await issues({ minutes: undefined }))[0]).toMatchObject({ path: 'minutes', message: expect.stringContaining('either') })
    expect((await issues({ start: '2026-11-20T16:50:00' }))[0]).toMatchObject({ path: 'start', message: expect.stringContaining('offset') })
  })
})

describe('when the desk answers', () => {
  it('is told to anybody, in their language, and with the next opening when it is closed', async () => {
    const admin = await desk.person('administrator')
    const days = [{ day: '2026-12-24', name: 'Heiligabend', repeats: 'yearly' as const, hours: [['09:00', '12:00'] as [string, string]] }]
    await desk.call('POST /api/calendars', { as: admin, body: { ...berlin, days, uses: { ...nobodyYet, company: true } } })
    desk.clock.moveTo(at('2026-12-18T15:00:00Z'))
    expect(await desk.call('GET /api/open-hours', { query: { language: 'en' } })).toEqual({
      open: true,
      until: '2026-12-18T16:00:00.000Z',
      opens: null,
      timeZone: 'Europe/Berlin',
      lines: [{ days: 'Monday to Friday', hours: '09:00 to 17:00' }],
      closed: [
        { day: '2026-12-24', name: 'Heiligabend', hours: '09:00 to 12:00' },
        { day: '2026-12-25', name: 'Christmas Day', hours: 'closed' },
        { day: '2026-12-26', name: 'Boxing Day', hours: 'closed' },
        { day: '2027-01-01', name: "New Year's Day", hours: 'closed' },
      ],
      sentence: 'We answer Monday to Friday, 09:00 to 17:00 (Berlin time).',
    })
    desk.clock.moveTo(at('2026-12-18T16:00:00Z'))
    const german = await desk.call('GET /api/open-hours', { query: { language: 'de' } })
    expect([german.open, german.opens, german.sentence]).toEqual([
      false,
      '2026-12-21T08:00:00.000Z',
      'Wir antworten Montag bis Freitag, 09:00 bis 17:00 Uhr (Ortszeit Berlin). Zurzeit ist geschlossen. Wieder da sind wir am Montag, 21. Dezember um 09:00 Uhr.',
    ])
  })
})

// Tables of expected results that several working-time libraries agree on. They are not part of this repository.
const table = new URL('../../../../shared/data/sla/cases.jsonl', import.meta.url)
const here = existsSync(table)
if (!here) console.log('skipped: tables of working time, the shared test data are not here')
type Case = { id: string; op: string; calendar: CalendarForm; start: string; minutes?: number; end?: string } & {
  expect_due?: string
  expect_minutes?: number
  oracle_minutes?: number
  expect_open?: boolean
}

describe.skipIf(!here)('the tables of expected results', () => {
  const rows = here
    ? readFileSync(table, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Case)
    : []

  it('what is due, and how much has passed, as the call answers it', async () => {
    const agent = await desk.person('agent')
    const wrong: unknown[] = []
    const asked = rows.filter(({ op }) => ['due', 'due_before', 'elapsed'].includes(op))
    for (const row of asked) {
      const { id, op, calendar, start, end, minutes } = row
      const body = op === 'elapsed' ? { calendar, start, end } : { calendar, start, minutes: op === 'due' ? minutes : -(minutes ?? 0) }
      const answer = (await desk.call('POST /api/calendars/compute', { as: agent, body: body as never })) as {
        due?: string
        minutes?: number
      }
      const right = op === 'elapsed' ? sameMinutes(answer.minutes, row) : sameWorkingTime(calendar, answer.due, row.expect_due)
      if (!right) wrong.push({ id, op, answer, expected: row.expect_due ?? row.expect_minutes })
    }
    expect(asked.length).toBeGreaterThan(80)
    expect(wrong).toEqual([])
  })

  it('whether it is open, and when it opens next', () => {
    const asked = rows.filter(({ op }) => op === 'open' || op === 'next_open')
    const wrong = asked.filter(({ op, calendar, start, expect_open, expect_due }) => {
      const open = openCalendar(calendar)
      if (op === 'open') return isOpen(open, at(start)) !== expect_open
      return nextOpen(open, at(start))?.epochMilliseconds !== (expect_due && at(expect_due).epochMilliseconds)
    })
    expect(asked.length).toBeGreaterThan(40)
    expect(wrong).toEqual([])
  })
})

/** Some of the libraries round to seconds; the exact figure stands beside. */
const sameMinutes = (told: number | undefined, { expect_minutes: rounded = 0, oracle_minutes: exact = rounded }: Case): boolean =>
  told !== undefined && Math.abs(told - exact) < 1e-9 && Math.abs(told - rounded) < 1 / 60 + 1e-9

/** Closing time and the next opening are one instant of working time; either may be told. */
function sameWorkingTime(form: CalendarForm, told: string | undefined, expected: string | undefined): boolean {
  if (!told || !expected) return told === expected
  const [a, b] = [told, expected].map((text) => nextOpen(openCalendar(form), at(text))?.epochMilliseconds)
  return told === expected || (a === b && due(openCalendar(form), at(told), 0) !== null)
}
