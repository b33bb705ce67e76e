import { describe, expect, it } from 'vitest'
import { type Facts, fillIn, inSample, isNobody, type Settings, unknownPlace, usual, whyNotAsk } from './rules.ts'

const on: Settings = { ...usual, on: true }
const now = Date.parse('2026-03-20T12:00:00Z')
const closed: Facts = {
  ticketId: '1001',
  kind: 'incident',
  channel: 'mail',
  meaning: 'closed',
  occasionAt: '2026-03-20T11:00:00Z',
  organisationId: '7',
  mergedOrRemoved: false,
  restricted: false,
  automatic: false,
  reachable: true,
  ownHelper: false,
  isFollowUp: false,
  lastAskedAt: null,
}

describe('SD-9 who is asked', () => {
  it.each<[string | null, Partial<Settings>, Partial<Facts>]>([
    [null, {}, {}],
    ['off', { on: false }, {}],
    ['went-on', {}, { meaning: 'open' }],
    ['went-on', {}, { meaning: 'cancelled' }],
    ['went-on', {}, { meaning: 'resolved' }],
    ['went-on', {}, { occasionAt: null }],
    ['went-on', {}, { mergedOrRemoved: true }],
    [null, { when: 'resolved' }, { meaning: 'resolved' }],
    [null, { when: 'resolved' }, {}],
    ['kind', { kinds: ['request'] }, {}],
    ['channel', {}, { channel: 'monitoring' }],
    ['organisation', { organisationIds: ['8'] }, {}],
    ['organisation', { organisationIds: ['8'] }, { organisationId: null }],
    [null, { organisationIds: ['7'] }, {}],
    ['restricted', {}, { restricted: true }],
    ['automatic', {}, { automatic: true }],
    ['unreachable', {}, { reachable: false }],
    ['own-helper', {}, { ownHelper: true }],
    ['follow-up', {}, { isFollowUp: true }],
    ['throttled', {}, { lastAskedAt: '2026-03-06T12:00:01Z' }],
    [null, {}, { lastAskedAt: '2026-03-06T12:00:00Z' }],
    [null, { everyDays: 0 }, { lastAskedAt: '2026-03-20T11:59:59Z' }],
  ])('SD-9 why not: %s', (expected, settings, facts) => {
    expect(whyNotAsk({ ...on, ...settings }, { ...closed, ...facts }, now)).toBe(expected)
  })

  it('a share of 30 per cent asks about 30 of 100 tickets, and about the same ones each time', () => {
    const numbers = Array.from({ length: 5000 }, (_, n) => String(1001 + n))
    const asked = numbers.filter((id) => inSample(id, 30))
    expect(asked.length / numbers.length).toBeCloseTo(0.3, 1)
    expect(numbers.filter((id) => inSample(id, 30))).toEqual(asked)
    expect(numbers.every((id) => inSample(id, 100))).toBe(true)
  })
})

describe('the words', () => {
  it('are filled in once, and a placeholder that stands for nothing is named', () => {
    const values = { name: '{{company}}', number: '1001', subject: 'Printer', company: 'Help' }
    expect(fillIn('{{ name }}: {{subject}} #{{number}} {{other}}', values)).toBe('{{company}}: Printer #1001 {{other}}')
    expect(unknownPlace('{{name}} {{ nmae }}')).toBe('{{ nmae }}')
    expect(unknownPlace(Object.values(usual.wording).flatMap(Object.values).join(' '))).toBeUndefined()
  })
  it.each([
    ['no-reply@x.example', true],
    ['mailer-daemon@x.example', true],
    ['nora@x.example', false],
  ])('%s', (address, nobody) => expect(isNobody(address)).toBe(nobody))
})
