import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { troubleOf } from './mailbox-trouble.ts'
import { expiryWarning, failuresInRow, pauseBefore } from './rules.ts'

describe('a connection that breaks', () => {
  it('is made again after one second, then with growing pauses of at most a minute', () => {
    const pauses: number[] = []
    for (let failures = 0, n = 0; n < 9; n++) {
      failures = failuresInRow(failures, null)
      pauses.push(pauseBefore(failures))
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })
  it.each([
    [null, 8],
    [9_999, 8],
    [10_000, 1],
  ])('after %s ms in IDLE the count is %s: a server that lets in and throws out is not stormed', (idleFor, expected) => {
    expect(failuresInRow(7, idleFor)).toBe(expected)
  })
})

describe('an end that comes', () => {
  const now = Temporal.Instant.from('2026-03-01T00:00:00Z')
  it.each([
    [31, null, null],
    [30, null, 30],
    [29, 30, null],
    [7, 30, 7],
    [6, 7, null],
    [1, 7, 1],
    [0.5, 1, null],
    [-2, 7, 1],
    [3, null, 7],
  ])('%s days ahead, told %s: tell %s', (days, told, expected) => {
    expect(expiryWarning(now.add({ hours: days * 24 }), told, now)).toBe(expected)
  })
})

describe('why a mailbox cannot be reached', () => {
  it.each([
    [{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }, 'unreachable'],
    [Object.assign(new Error('fetch failed'), { cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }) }), 'unreachable'],
    [{ code: 'GREETING_TIMEOUT', message: 'x' }, 'timeout'],
    [{ code: 'ETIMEOUT', message: 'Socket timeout' }, 'timeout'],
    [{ authenticationFailed: true, responseText: 'NO' }, 'sign-in-refused'],
    [{ code: 'EAUTH', message: '535' }, 'sign-in-refused'],
    [{ mailboxMissing: true, responseText: 'x' }, 'folder-missing'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT', message: 'self-signed certificate' }, 'certificate'],
    [new Error('The server closed the connection.'), 'closed'],
    [new Error('Anything'), 'other'],
  ])('%o is %s', (thrown, cause) => {
    expect(troubleOf(thrown).cause).toBe(cause)
  })
})
