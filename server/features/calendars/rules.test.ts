import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { before, dayBy, due, elapsed, isOpen, nextOpen, stretchesFrom } from './rules.ts'
import { type CalendarForm, openCalendar, weekdays } from './rules-days.ts'

const at = (text: string) => Temporal.Instant.from(text)
const minute = 60_000
const hour = 60 * minute
const office: CalendarForm = {
  tz: 'Europe/Berlin',
  hours: Object.fromEntries(weekdays.slice(0, 5).map((day) => [day, [['08:00', '17:00']]])),
  holidays: ['2026-12-25'],
  holiday_hours: { '2026-12-24': [['08:00', '12:00']] },
}
const always: CalendarForm = {
  ...office,
  hours: Object.fromEntries(weekdays.map((day) => [day, [['00:00', '24:00']]])),
  holidays: [],
  holiday_hours: {},
}
const inZone = (tz: string, form: CalendarForm = always) => openCalendar({ ...form, tz })

describe('working time', () => {
  const berlin = openCalendar(office)

  it('a ticket at Friday 16:50 with one hour is due on Monday at 8:50', () => {
    expect(due(berlin, at('2026-11-20T16:50:00+01:00'), hour)?.toString()).toBe('2026-11-23T07:50:00Z')
  })

  it('what is due exactly at closing time is due then, and not when it opens next', () => {
    expect(due(berlin, at('2026-11-20T16:00:00+01:00'), hour)?.toString()).toBe('2026-11-20T16:00:00Z')
  })

  it('a half day counts half, and a holiday not at all', () => {
    expect(elapsed(berlin, at('2026-12-23T16:00:00+01:00'), at('2026-12-28T09:00:00+01:00'))).toBe(6 * hour)
  })

  it('an hour that the spring night skips does not exist, one that the autumn night shows twice counts twice', () => {
    const night = inZone('Europe/Berlin', { ...always, hours: { sun: [['01:00', '04:00']] } })
    expect(elapsed(night, at('2026-03-28T12:00:00Z'), at('2026-03-30T00:00:00Z'))).toBe(2 * hour)
    expect(elapsed(night, at('2026-10-24T12:00:00Z'), at('2026-10-26T00:00:00Z'))).toBe(4 * hour)
    expect(
      nextOpen(inZone('Europe/Berlin', { ...always, hours: { sun: [['02:30', '04:00']] } }), at('2026-03-28T12:00:00Z'))?.toString(),
    ).toBe('2026-03-29T01:00:00Z')
  })

  it('days of 23, 24.5 and 25 hours are as long as they are', () => {
    const day = (tz: string, date: string) => {
      const from = Temporal.PlainDate.from(date)
      const [begin, end] = [from, from.add({ days: 1 })].map((day) => day.toZonedDateTime(tz).toInstant())
      return elapsed(inZone(tz), begin!, end!) / hour
    }
    expect([day('Europe/Berlin', '2026-03-29'), day('Europe/Berlin', '2026-10-25')]).toEqual([23, 25])
    expect([day('Australia/Lord_Howe', '2026-04-05'), day('Australia/Lord_Howe', '2026-10-04')]).toEqual([24.5, 23.5])
    expect([day('Asia/Kathmandu', '2028-02-29'), day('America/Sao_Paulo', '2018-11-04'), day('Pacific/Apia', '2011-12-29')]).toEqual([
      24, 23, 24,
    ])
  })

  it('a night shift belongs to the day that it begins on', () => {
    const nights = inZone('Europe/Berlin', {
      ...office,
      hours: { thu: [['22:00', '06:00']], fri: [['22:00', '06:00']] },
      holiday_hours: {},
    })
    expect(elapsed(nights, at('2026-12-24T12:00:00Z'), at('2026-12-26T12:00:00Z'))).toBe(8 * hour)
  })

  it('opens on 29 February, over the end of a year with 53 weeks and past 2038', () => {
    expect(isOpen(berlin, at('2028-02-29T10:00:00+01:00'))).toBe(true)
    expect(due(berlin, at('2026-12-31T16:00:00+01:00'), 2 * hour)?.toString()).toBe('2027-01-01T08:00:00Z')
    expect(due(berlin, at('2039-01-03T08:00:00+01:00'), hour)?.toString()).toBe('2039-01-03T08:00:00Z')
  })

  it('a calendar that never opens is never due, and says so', () => {
    const never = openCalendar({ tz: 'Etc/UTC', hours: {}, holidays: [] })
    expect([due(never, at('2026-01-01T00:00:00Z'), 1), nextOpen(never, at('2026-01-01T00:00:00Z'))]).toEqual([null, null])
  })

  it('by 16:00 of the next day that is worked on', () => {
    expect(dayBy(berlin, at('2026-12-23T10:00:00+01:00'), 1, '16:00')?.toString()).toBe('2026-12-24T15:00:00Z')
    expect(dayBy(berlin, at('2026-12-24T10:00:00+01:00'), 1, '16:00')?.toString()).toBe('2026-12-28T15:00:00Z')
    expect(dayBy(berlin, at('2026-12-24T23:30:00Z'), 2, '16:00')?.toString()).toBe('2026-12-29T15:00:00Z')
  })

  it('nights that touch at midnight are one stretch', () => {
    const [first, second] = stretchesFrom(
      inZone('Europe/Berlin', { ...always, hours: { mon: [['20:00', '24:00']], tue: [['00:00', '02:00']] } }),
      at('2026-11-22T00:00:00Z'),
      2,
    )
    expect([first?.from.toString(), first?.to.toString()]).toEqual(['2026-11-23T19:00:00Z', '2026-11-24T01:00:00Z'])
    expect(second?.from.toString()).toBe('2026-11-30T19:00:00Z')
  })
})

describe('whatever the calendar', () => {
  const clockTime = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`)
  const hours = fc.array(
    fc.tuple(clockTime, fc.oneof(clockTime, fc.constant('24:00'))).filter(([a, b]) => a !== b),
    { maxLength: 3 },
  )
  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Africa/Casablanca',
    'Etc/UTC',
  )
  const days = fc
    .date({ min: new Date('2025-06-01'), max: new Date('2027-06-01'), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10))
  const calendars = fc
    .record({
      tz: zones,
      hours: fc.record(Object.fromEntries(weekdays.map((day) => [day, hours]))),
      holidays: fc.array(days, { maxLength: 20 }),
      holiday_hours: fc.dictionary(days, hours, { maxKeys: 5 }),
    })
    .map((form) => openCalendar(form as CalendarForm))
  const instants = fc
    .date({ min: new Date('2025-06-01'), max: new Date('2027-06-01'), noInvalidDate: true })
    .map((d) => Temporal.Instant.fromEpochMilliseconds(d.getTime()))
  const later = (from: Temporal.Instant, ms: number) => Temporal.Instant.fromEpochMilliseconds(from.epochMilliseconds + ms)
  const spans = fc.integer({ min: 0, max: 40 * 24 * hour })

  it('a clock never runs backwards, and never faster than time', () => {
    fc.assert(
      fc.property(calendars, instants, spans, spans, (calendar, from, a, b) => {
        const [short, long] = [elapsed(calendar, from, later(from, Math.min(a, b))), elapsed(calendar, from, later(from, Math.max(a, b)))]
        expect(short).toBeLessThanOrEqual(long)
        expect(long).toBeLessThanOrEqual(Math.max(a, b))
      }),
    )
  })

  it('splitting a stretch of time changes nothing', () => {
    fc.assert(
      fc.property(calendars, instants, spans, spans, (calendar, from, a, b) => {
        const [middle, end] = [later(from, a), later(from, a + b)]
        expect(elapsed(calendar, from, middle) + elapsed(calendar, middle, end)).toBe(elapsed(calendar, from, end))
      }),
    )
  })

  it('when it is due, exactly the time allowed has passed, and a moment before it had not', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 60 * hour }), (calendar, from, work) => {
        const end = due(calendar, from, work)
        if (!end) return
        expect(elapsed(calendar, from, end)).toBe(work)
        expect(elapsed(calendar, from, later(end, -1))).toBe(work - 1)
        const begin = before(calendar, end, work)!
        expect(elapsed(calendar, begin, end)).toBe(work)
        expect(elapsed(calendar, later(begin, 1), end)).toBe(work - 1)
      }),
    )
  })

  it('is open exactly when its wall clock stands between two times of that day', () => {
    fc.assert(
      fc.property(calendars, instants, (calendar, moment) => {
        const { tz, hours, holidays, holiday_hours } = calendar.form
        const wall = moment.toZonedDateTimeISO(tz)
        const ofDate = (date: Temporal.PlainDate) =>
          holiday_hours?.[date.toString()] ?? (holidays.includes(date.toString()) ? [] : (hours[weekdays[date.dayOfWeek - 1]!] ?? []))
        const time = wall.toPlainTime().toString({ smallestUnit: 'millisecond' })
        const today = wall.toPlainDate()
        const open =
          ofDate(today).some(([from, to]) => from <= time && (to <= from || time < to)) ||
          ofDate(today.subtract({ days: 1 })).some(([from, to]) => to <= from && time < to)
        expect(isOpen(calendar, moment)).toBe(open)
      }),
      { numRuns: 400 },
    )
  })
})
