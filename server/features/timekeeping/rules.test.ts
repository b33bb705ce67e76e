import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counted, csvLine, measured } from './rules.ts'

describe('INC-26 how minutes are counted', () => {
  it.each([
    [12, 15, 'up', 15],
    [15, 15, 'up', 15],
    [16, 15, 'up', 30],
    [22, 15, 'nearest', 15],
    [23, 15, 'nearest', 30],
    [2, 15, 'nearest', 15],
    [7, 6, 'up', 12],
    [13, 10, 'none', 13],
    [13, 1, 'up', 13],
  ] as const)('INC-26 %i minutes by %i, rounded %s: %i', (minutes, unit, rounding, expected) => {
    expect(counted(minutes, { unit, rounding })).toBe(expected)
  })

  it('up is never less than worked and less than a unit more; nearest is at most half a unit off, but counts one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1440 }), fc.constantFrom(1, 5, 6, 10, 15), (minutes, unit) => {
        const up = counted(minutes, { unit: unit as 5, rounding: 'up' })
        const nearest = counted(minutes, { unit: unit as 5, rounding: 'nearest' })
        expect(up % unit).toBe(0)
        expect(up - minutes).toBeGreaterThanOrEqual(0)
        expect(up - minutes).toBeLessThan(unit)
        expect(nearest === unit || Math.abs(nearest - minutes) <= unit / 2).toBe(true)
      }),
    )
  })

  it('a clock gives begun minutes, from one to a day', () => {
    expect([0, 59, 60, 61, 1e9].map(measured)).toEqual([1, 1, 1, 2, 1440])
  })

  it('a cell that begins like a formula stays text', () => {
    expect(csvLine(['=1+1', 'a "b"', 5, '-x'])).toBe(`"'=1+1","a ""b""",5,"'-x"`)
  })
})
