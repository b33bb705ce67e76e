import { describe, expect, it } from 'vitest'
import type { Standing } from '../../kernel/actor.ts'
import { Temporal } from '../../kernel/clock.ts'
import { accountKey, clientKey, isIdle, mayMailLink } from './rules.ts'

const now = Temporal.Instant.from('2026-03-02T12:00:00Z')
const ago = (span: Temporal.DurationLike) => now.subtract(span)

describe('a session without use', () => {
  const session = (seen: Temporal.DurationLike, created: Temporal.DurationLike = { hours: 48 }) =>
    ({ session_id: '1', seen_at: ago(seen), created_at: ago(created) }) as Standing
  it.each([
    ['of staff lives for less than 8 hours', session({ hours: 7, minutes: 59 }), true, null, false],
    ['of staff ends after 8 hours', session({ hours: 8 }), true, null, true],
    ['of a requester lives for 8 hours', session({ hours: 8 }), false, null, false],
    ['of a requester ends after 24 hours', session({ hours: 24 }), false, null, true],
    [
      'that lacks its second step ends after 15 minutes, however busy',
      session({ minutes: 0 }, { minutes: 15 }),
      false,
      'second-factor',
      true,
    ],
    ['that lacks its second step lives until then', session({ minutes: 0 }, { minutes: 14 }), false, 'second-factor', false],
    ['cannot be an API token', { ...session({ hours: 900 }), session_id: null, token_id: '3' }, true, null, false],
  ] as const)('%s', (_, standing, staff, pending, idle) => {
    expect(isIdle(standing, staff, pending, now)).toBe(idle)
  })
})

describe('C-036 links by mail', () => {
  it.each<[string, Temporal.DurationLike[], boolean]>([
    ['the first', [], true],
    ['one after 59 seconds', [{ seconds: 59 }], false],
    ['one after a minute', [{ seconds: 60 }], true],
    ['the fifth in an hour', [2, 5, 9, 20].map((minutes) => ({ minutes })), true],
    ['the sixth in an hour', [2, 5, 9, 20, 59].map((minutes) => ({ minutes })), false],
  ])('%s', (_, past, may) => {
    expect(mayMailLink(past.map(ago), now)).toBe(may)
  })
})

it('G-083 counts spellings of one address as one account', () => {
  expect(accountKey(' Ada@Example.COM ')).toBe(accountKey('ａda@example.com'))
})

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('counts the client %s as %s', (address, key) => {
  expect(clientKey(address)).toBe(key)
})
