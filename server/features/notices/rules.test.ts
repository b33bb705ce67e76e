import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { mailMoment, mailNow, once, presetOf, untouched, usual, waysOf } from './rules-choices.ts'
import { isAlwaysQuiet, nextAt, nextHour, quietUntil } from './rules-hours.ts'

const at = (text: string) => Temporal.Instant.from(text)
const local = (text: string, zone: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant()
const all = [1, 2, 3, 4, 5, 6, 7]
const nights = [{ days: all, from: '19:00', until: '07:00' }]
const berlin = 'Europe/Berlin'

describe('quiet hours', () => {
  it.each([
    ['in the evening', '2026-06-10T22:30', '2026-06-11T07:00'],
    ['before dawn', '2026-06-11T03:00', '2026-06-11T07:00'],
    ['at their first minute', '2026-06-10T19:00', '2026-06-11T07:00'],
    ['at their end', '2026-06-11T07:00', null],
    ['in the afternoon', '2026-06-10T15:00', null],
  ])('hold until their end %s', (_, now, end) => {
    expect(quietUntil(nights, berlin, local(now, berlin))?.toString() ?? null).toBe(end && local(end, berlin).toString())
  })

  it('belong to the day on which they begin: Friday night is quiet, Sunday night is not', () => {
    const friday = [{ days: [5], from: '19:00', until: '07:00' }]
    expect(quietUntil(friday, berlin, local('2026-06-13T03:00', berlin))).not.toBeNull()
    expect(quietUntil(friday, berlin, local('2026-06-12T03:00', berlin))).toBeNull()
  })

  it('that follow each other without a break are one: a night, the weekend, a night', () => {
    const rest = [...nights, { days: [6, 7], from: '00:00', until: '00:00' }]
    expect(quietUntil(rest, berlin, local('2026-06-12T20:00', berlin))).toEqual(local('2026-06-15T07:00', berlin))
  })

  it('end by the clock on the wall where the person is, over both changes of time and in zones with odd offsets', () => {
    expect(quietUntil(nights, berlin, at('2026-03-28T20:00:00Z'))).toEqual(at('2026-03-29T05:00:00Z'))
    expect(quietUntil(nights, berlin, at('2026-10-24T20:00:00Z'))).toEqual(at('2026-10-25T06:00:00Z'))
    expect(quietUntil(nights, 'Asia/Kathmandu', at('2026-06-10T20:00:00Z'))).toEqual(at('2026-06-11T01:15:00Z'))
    // 02:30 does not exist on that night: they end when the clock has jumped past it.
    expect(quietUntil([{ days: all, from: '19:00', until: '02:30' }], berlin, at('2026-03-28T20:00:00Z'))).toEqual(
      at('2026-03-29T01:30:00Z'),
    )
  })

  it('that never end are found out, however they are written', () => {
    expect(isAlwaysQuiet([{ days: all, from: '08:00', until: '08:00' }])).toBe(true)
    expect(isAlwaysQuiet([...nights, { days: all, from: '06:00', until: '20:00' }])).toBe(true)
    expect(isAlwaysQuiet(nights)).toBe(false)
    expect(isAlwaysQuiet([])).toBe(false)
  })
})

describe('gathered mails', () => {
  it("go at the full hour of the person's own clock", () => {
    expect(nextHour(berlin, at('2026-06-10T08:10:00Z'))).toEqual(at('2026-06-10T09:00:00Z'))
    expect(nextHour('Asia/Kathmandu', at('2026-06-10T08:10:00Z'))).toEqual(at('2026-06-10T08:15:00Z'))
  })

  it('or once a day, also on the day on which the clock changes', () => {
    expect(nextAt(berlin, '08:00', at('2026-03-28T08:00:00Z'))).toEqual(at('2026-03-29T06:00:00Z'))
    expect(nextAt(berlin, '02:30', at('2026-10-24T12:00:00Z'))).toEqual(at('2026-10-25T00:30:00Z'))
    expect(nextAt(berlin, '02:30', at('2026-10-25T00:30:00Z'))).toEqual(at('2026-10-26T01:30:00Z'))
  })

  const chosen = { ...usual, ...untouched, byMail: ['mention' as const], hourly: ['reply' as const], quiet: nights, zone: berlin }
  it('wait for the end of the quiet hours, and a mention does not', () => {
    const evening = local('2026-06-10T20:10', berlin)
    expect(mailMoment('reply', evening, chosen)).toEqual({ at: local('2026-06-11T07:00', berlin), why: 'quiet' })
    expect(mailMoment('mention', evening, chosen)).toEqual({ at: evening, why: 'at-once' })
    expect(mailMoment('mention', evening, { ...chosen, mentionsInQuiet: 'held' })?.why).toBe('quiet')
    expect(mailMoment('team', evening, chosen)).toBeNull()
  })

  it('that a standstill kept back go at once when it is over, unless it is night by then', () => {
    const dueAt = local('2026-06-10T10:12', berlin)
    expect(mailNow({ reason: 'reply', dueAt, planned: null }, chosen, local('2026-06-10T10:12', berlin))).toMatchObject({ why: 'hourly' })
    expect(mailNow({ reason: 'reply', dueAt, planned: null }, chosen, local('2026-06-10T13:40', berlin))).toBe('send')
    expect(mailNow({ reason: 'reply', dueAt, planned: null }, chosen, local('2026-06-10T22:00', berlin))).toMatchObject({ why: 'quiet' })
  })
})

describe('presets', () => {
  it('are known again whatever the order, and one change makes them one of my own', () => {
    for (const name of ['calm', 'usual', 'everything'] as const) {
      const ways = waysOf[name]
      expect(presetOf({ ...ways, byMail: [...ways.byMail].reverse() })).toBe(name)
      expect(presetOf({ ...ways, byPush: ways.byPush.includes('team') ? [] : ['team'] })).toBeNull()
    }
  })

  it('mail each reason one way at most', () => {
    const kept = once({ ...usual, ...untouched, byMail: ['reply', 'reply'], hourly: ['reply', 'team'], daily: ['team', 'task'] })
    expect(kept).toMatchObject({ byMail: ['reply'], hourly: ['team'], daily: ['task'] })
  })
})
