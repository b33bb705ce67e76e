import { describe, expect, it } from 'vitest'
import { mayOrder, monthsUpTo, type StateFacts, stateOf } from './rules.ts'

const calm: StateFacts = { unanswered: 0, longestHours: 0, longest: null, reopened: 0, reopenedTicket: null }
const ticket = { id: '1007', subject: 'No mail' }

describe('the state of a customer', () => {
  it.each([
    ['nothing waits and nothing came back', {}, 'green', []],
    ['one came back: that happens', { reopened: 1 }, 'green', []],
    ['a question of more than a day', { unanswered: 1, longestHours: 25.5, longest: ticket }, 'amber', ['unanswered']],
    ['a question of three days', { unanswered: 2, longestHours: 72, longest: ticket }, 'red', ['unanswered']],
    ['two came back', { reopened: 2, reopenedTicket: ticket }, 'amber', ['reopened']],
    ['five came back', { reopened: 5, reopenedTicket: ticket }, 'red', ['reopened']],
    [
      'the worse reason stands first',
      { unanswered: 1, longestHours: 30, longest: ticket, reopened: 6, reopenedTicket: ticket },
      'red',
      ['reopened', 'unanswered'],
    ],
  ] as const)('%s', (_, facts, level, reasons) => {
    const state = stateOf({ ...calm, ...facts })
    expect(state.level).toBe(level)
    expect(state.reasons.map((one) => one.code)).toEqual(reasons)
  })

  it('says how long the longest waits, in whole hours, and which it is', () => {
    expect(stateOf({ ...calm, unanswered: 3, longestHours: 26.9, longest: ticket }).reasons[0]).toMatchObject({
      count: 3,
      hours: 26,
      ticket: { id: '1007', number: 1007, subject: 'No mail' },
    })
  })
})

describe('the twelve months', () => {
  it('end with this one and go over the turn of the year', () => {
    expect(monthsUpTo('2026-03')).toEqual([
      '2025-04',
      '2025-05',
      '2025-06',
      '2025-07',
      '2025-08',
      '2025-09',
      '2025-10',
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
      '2026-03',
    ])
    expect(monthsUpTo('2026-12')[0]).toBe('2026-01')
  })
})

describe('who may order', () => {
  const contacts = [
    { id: '1', name: 'Ada', orders: true, limit: '500 €' },
    { id: '2', name: 'Ben', orders: false, limit: '' },
  ]
  it('is who is named, up to what was said; others are told whom to ask', () => {
    expect(mayOrder('1', contacts)).toEqual({ answer: 'may', limit: '500 €', ask: [] })
    expect(mayOrder('2', contacts)).toEqual({ answer: 'may-not', limit: '', ask: [{ id: '1', name: 'Ada' }] })
  })
  it('is not said where nobody is named: that is no refusal', () => {
    expect(mayOrder('2', contacts.slice(1))).toEqual({ answer: 'unsaid', limit: '', ask: [] })
  })
})
