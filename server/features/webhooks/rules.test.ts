import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { longestFailing, secretText, signatures, toldOf, waitAfter } from './rules.ts'

describe('tries', () => {
  it('FT-81 go on for 72 hours, each later than the one before, and not all in one moment', () => {
    for (const id of ['1', '2', '77']) {
      let [tries, total, last] = [0, 0, 0]
      for (let wait = waitAfter(++tries, id); wait !== null; wait = waitAfter(++tries, id)) {
        expect(wait).toBeGreaterThan(last * 0.9)
        last = wait
        total += wait
      }
      expect(total).toBeLessThanOrEqual(longestFailing)
      expect(total).toBeGreaterThan(longestFailing * 0.9)
    }
    expect(waitAfter(3, '1')).not.toBe(waitAfter(3, '2'))
    expect(waitAfter(3, '1')).toBe(waitAfter(3, '1'))
  })
})

describe('signatures', () => {
  it('are those of the Standard Webhooks specification (its own example), one for each secret', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const [key, at, body] = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}']
    expect(signatures([secret], key, at, body)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    const other = secretText(Buffer.alloc(32, 7))
    const own = createHmac('sha256', Buffer.alloc(32, 7)).update(`${key}.${at}.${body}`).digest('base64')
    expect(signatures([other, secret], key, at, body)).toBe(`v1,${own} v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=`)
  })
})

describe('what is told outside', () => {
  it('is never an internal note, and of changes the names of fields only', () => {
    expect(toldOf('ticket.replied', { messageId: '5', direction: 'inside', internal: true })).toBeNull()
    expect(toldOf('ticket.replied', { messageId: '5', direction: 'in', internal: false, inboundMailId: '9' })).toEqual({
      messageId: '5',
      direction: 'in',
    })
    expect(toldOf('ticket.changed', { changes: { priority: [3, 1] }, reason: 'because' })).toEqual({ fields: ['priority'] })
    expect(toldOf('ticket.restricted', {})).toBeNull()
  })
})
