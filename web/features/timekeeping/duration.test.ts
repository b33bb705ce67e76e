import { describe, expect, it } from 'vitest'
import { counted } from '../../../server/features/timekeeping/rules.ts'
import { countedOf, hoursAndMinutes, onClock, spentIn } from './duration.ts'

const minutes = { unit: 15, show: 'minutes' } as const
const units = { unit: 15, show: 'units' } as const

describe('INC-26 time typed in one line', () => {
  it.each([
    ['30 toner changed', 30, 'toner changed'],
    ['30', 30, ''],
    ['45min Telefon', 45, 'Telefon'],
    ['1h 20m at the site', 80, 'at the site'],
    ['1h30 at the site', 90, 'at the site'],
    ['1h 2 printers', 60, '2 printers'],
    ['1,5 h Umzug', 90, 'Umzug'],
    ['1:30', 90, ''],
    ['2 Std. 5 Min. vor Ort', 125, 'vor Ort'],
    ['2u call', 30, 'call'],
    ['5 mal neu gestartet', 5, 'mal neu gestartet'],
    ['10 max resolution', 10, 'max resolution'],
  ])('INC-26 "%s" is %i minutes', (text, expected, note) => {
    expect(spentIn(text, minutes)).toEqual({ minutes: expected, note })
  })

  it.each(['toner', '0 toner', '9999', '25:00 h', '', '3rd call'])('"%s" is no time', (text) => {
    expect(spentIn(text, minutes)).toBeUndefined()
  })

  it('a bare number is units where the company counts in units', () => {
    expect(spentIn('2 call', units)).toEqual({ minutes: 30, note: 'call' })
  })
})

describe('time shown', () => {
  it('is hours and minutes', () => {
    expect([0, 45, 60, 80].map(hoursAndMinutes)).toEqual(['0 min', '45 min', '1 h', '1 h 20 min'])
    expect(onClock(3725)).toBe('1:02')
  })

  it('is counted as the server counts it', () => {
    for (const unit of [1, 5, 6, 10, 15] as const)
      for (const rounding of ['up', 'nearest', 'none'] as const)
        for (let n = 1; n < 100; n++) expect(countedOf(n, { unit, rounding })).toBe(counted(n, { unit, rounding }))
  })
})
