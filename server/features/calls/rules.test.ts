import { expect, it } from 'vitest'
import { asDialled, stateAfter } from './rules.ts'

it.each([
  [null, 'ended', 'in', false, 'missed'],
  [null, 'ended', 'out', false, 'ended'],
  ['ringing', 'answered', 'in', false, 'answered'],
  ['answered', 'ended', 'in', true, 'ended'],
  ['ended', 'ringing', 'in', true, 'ended'],
  ['missed', 'answered', 'in', false, 'ended'],
  ['answered', 'ringing', 'in', true, 'answered'],
] as const)('a call that is %s and hears %s (%s) is %s → %s', (before, told, direction, answered, after) => {
  expect(stateAfter(before, told, direction, answered)).toBe(after)
})

it.each([
  ['493055571600', '+493055571600'],
  ['anonymous', ''],
  ['sip:214@pbx.example', '214'],
  ['030 555', '030 555'],
])('a telephone system that says %s means %s', (told, meant) => expect(asDialled(told)).toBe(meant))
