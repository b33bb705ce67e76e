import { describe, expect, it } from 'vitest'
import type { Calendar } from '../../../contract/scheduled.ts'
import { Temporal } from '../../kernel/clock.ts'
import { datesFrom, nextTimes, overdueTimes } from './rules-calendar.ts'
import { fill, firstNameOf, inLanguage, wrongVariables } from './rules-variables.ts'

const values = {
  'requester.firstName': 'Jana',
  'requester.name': '{{ticket.tags}} {{7*7}}',
  'requester.specialHandling': 'Complains to the board.',
  'site.name': null,
}

describe('variables of ready-made texts', () => {
  it('F-081 a public text never shows what is for colleagues, though the value lies beside it; a note does', () => {
    const text = 'For {{requester.firstName}}: {{requester.specialHandling}}'
    expect(fill(text, values, 'staff').text).toBe('For Jana: Complains to the board.')
    expect(fill(text, values, 'everyone')).toEqual({ text: 'For Jana: ___', missing: ['requester.specialHandling'] })
    expect(wrongVariables(text, 'everyone')).toEqual([{ name: 'requester.specialHandling', code: 'internal_variable' }])
    expect(wrongVariables(text, 'staff')).toEqual([])
  })

  it('J-117 a name that looks like a variable stays a name, however often the text is filled in', () => {
    const once = fill('Dear {{ requester.name }}', values, 'staff').text
    expect(once).toBe('Dear {{ticket.tags}} {{7*7}}')
    expect(fill('Dear {{requester.name}}', { ...values, 'ticket.tags': 'secret' }, 'staff').text).not.toContain('secret')
  })

  it.each([
    "{{constructor.constructor('x')()}}",
    '{{__proto__}}',
    '{{toString}}',
    '{{user.password_hash}}',
    '{{}}',
    '{{requester.firstname}}',
  ])('J-116 %s is no variable', (text) => {
    expect(wrongVariables(text, 'staff')[0]?.code).toBe('unknown_variable')
    expect(fill(text, values, 'staff').text).toBe('___')
  })

  it('a value that is missing leaves a blank that is seen, and is named', () => {
    expect(fill('At {{site.name}}, {{requester.firstName}}.', values, 'everyone')).toEqual({
      text: 'At ___, Jana.',
      missing: ['site.name'],
    })
  })

  it('speaks the language of the ticket, else the other one', () => {
    expect(inLanguage({ en: 'Hello', de: 'Hallo' }, 'de')).toBe('Hallo')
    expect(inLanguage({ en: 'Hello', de: ' ' }, 'de')).toBe('Hello')
    expect(inLanguage({ en: '', de: 'Hallo' }, 'en')).toBe('Hallo')
    expect([firstNameOf('Jana Weber'), firstNameOf('Weber, Jana')]).toEqual(['Jana', 'Jana'])
  })
})

const day = (text: string) => Temporal.PlainDate.from(text)
const dates = (calendar: Calendar, from: string, count = 5) => datesFrom(calendar, day(from), count).map(String)
const at = '08:00'

describe('calendars of recurring tickets', () => {
  it.each([
    ['every day', { every: 'day', at, weekends: 'keep' }, '2026-02-27', ['2026-02-27', '2026-02-28', '2026-03-01']],
    ['every working day', { every: 'day', at, weekends: 'skip' }, '2026-02-27', ['2026-02-27', '2026-03-02', '2026-03-03']],
    [
      'every day, weekends on Monday: once',
      { every: 'day', at, weekends: 'after' },
      '2026-02-27',
      ['2026-02-27', '2026-03-02', '2026-03-03'],
    ],
    [
      'Mondays and Thursdays',
      { every: 'week', days: [1, 4], at, weekends: 'keep' },
      '2026-03-03',
      ['2026-03-05', '2026-03-09', '2026-03-12'],
    ],
    [
      'the 31st',
      { every: 'month', on: { by: 'day', day: 31 }, at, weekends: 'keep' },
      '2026-01-31',
      ['2026-01-31', '2026-02-28', '2026-03-31'],
    ],
    [
      'the 1st, before weekends',
      { every: 'month', on: { by: 'day', day: 1 }, at, weekends: 'before' },
      '2026-01-02',
      ['2026-01-30', '2026-02-27', '2026-04-01'],
    ],
    [
      'second Tuesday',
      { every: 'month', on: { by: 'weekday', nth: 2, weekday: 2 }, at, weekends: 'keep' },
      '2026-03-01',
      ['2026-03-10', '2026-04-14', '2026-05-12'],
    ],
    [
      'last Friday',
      { every: 'month', on: { by: 'weekday', nth: -1, weekday: 5 }, at, weekends: 'keep' },
      '2026-03-01',
      ['2026-03-27', '2026-04-24', '2026-05-29'],
    ],
    [
      'last working day',
      { every: 'month', on: { by: 'last-working-day' }, at, weekends: 'keep' },
      '2026-01-01',
      ['2026-01-30', '2026-02-27', '2026-03-31'],
    ],
    [
      '29 February',
      { every: 'year', month: 2, on: { by: 'day', day: 29 }, at, weekends: 'keep' },
      '2026-03-01',
      ['2027-02-28', '2028-02-29', '2029-02-28'],
    ],
  ] as [string, Calendar, string, string[]][])('FT-53 %s', (_, calendar, from, expected) => {
    expect(dates(calendar, from, 3)).toEqual(expected)
  })

  it('FT-52 stays at eight o’clock over both changes of the clock, also where they are half an hour', () => {
    const daily: Calendar = { every: 'day', at, weekends: 'keep' }
    const hours = (zone: string, after: string) =>
      nextTimes(daily, zone, Temporal.Instant.from(after), 3).map(({ at: time }) => time.toZonedDateTimeISO(zone).toPlainTime().toString())
    expect(hours('Europe/Berlin', '2026-03-28T00:00:00Z')).toEqual(['08:00:00', '08:00:00', '08:00:00'])
    expect(hours('Australia/Lord_Howe', '2026-04-03T00:00:00Z')).toEqual(['08:00:00', '08:00:00', '08:00:00'])
    const night = nextTimes({ ...daily, at: '02:30' }, 'Europe/Berlin', Temporal.Instant.from('2026-03-28T02:00:00Z'), 2)
    expect(night.map(({ at: time }) => time.toString())).toEqual(['2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'])
    const twice = nextTimes({ ...daily, at: '02:30' }, 'Europe/Berlin', Temporal.Instant.from('2026-10-24T12:00:00Z'), 2)
    expect(twice.map(({ at: time }) => time.toString())).toEqual(['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'])
  })

  it('names each date once and in order, whatever calendar it is', () => {
    for (const weekends of ['keep', 'skip', 'before', 'after'] as const)
      for (const calendar of [
        { every: 'day', at, weekends },
        { every: 'week', days: [5, 6, 7, 1], at, weekends },
        { every: 'month', on: { by: 'day', day: 30 }, at, weekends },
      ] as Calendar[]) {
        const found = dates(calendar, '2026-01-01', 40)
        expect(found).toEqual([...new Set(found)].sort())
        expect(found.length).toBe(40)
        if (weekends !== 'keep') expect(found.filter((one) => day(one).dayOfWeek > 5)).toEqual([])
      }
    expect(dates({ every: 'week', days: [6], at, weekends: 'skip' }, '2026-01-01')).toEqual([])
  })

  it('FT-49 says which dates went by while nobody was there', () => {
    const over = overdueTimes(
      { every: 'day', at, weekends: 'skip' },
      'Europe/Berlin',
      day('2026-03-05'),
      Temporal.Instant.from('2026-03-10T06:00:00Z'),
    )
    expect(over.map(({ date }) => date.toString())).toEqual(['2026-03-05', '2026-03-06', '2026-03-09'])
  })
})
