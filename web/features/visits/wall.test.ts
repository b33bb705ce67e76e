import { expect, it } from 'vitest'
import { instantIn, wallIn } from './wall.ts'

it('a time is read on the clock of the place, in winter, in summer, and on the night between', () => {
  expect(instantIn('2026-11-24T09:00', 'Europe/Berlin')).toBe('2026-11-24T08:00:00.000Z')
  expect(instantIn('2026-07-24T09:00', 'Europe/Berlin')).toBe('2026-07-24T07:00:00.000Z')
  expect(instantIn('2026-10-25T09:00', 'Europe/Berlin')).toBe('2026-10-25T08:00:00.000Z')
  expect(instantIn('2026-11-24T09:00', 'America/New_York')).toBe('2026-11-24T14:00:00.000Z')
  expect(wallIn('2026-11-24T08:00:00.000Z', 'Europe/Berlin')).toBe('2026-11-24T09:00')
  expect(instantIn('', 'Europe/Berlin')).toBeNull()
})
