import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { daysOf, daysWithin, type Facts, reasonsOf, risk, spanOf } from './rules.ts'

const at = (text: string) => Temporal.Instant.from(text)

describe('the days of a time', () => {
  it('each day of a span begins where the one before ends, also where clocks change, and the last ends with the span', () => {
    const now = Temporal.Instant.from('2026-03-30T10:00:00Z')
    const days = daysWithin(spanOf('2026-03-28', '2026-03-30', 'Europe/Berlin', now), '2026-03-28', '2026-03-30', 'Europe/Berlin')
    expect(days.map(({ name, start, end }) => [name, String(start), String(end)])).toEqual([
      ['2026-03-28', '2026-03-27T23:00:00Z', '2026-03-28T23:00:00Z'],
      ['2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
      ['2026-03-30', '2026-03-29T22:00:00Z', '2026-03-30T10:00:00Z'],
    ])
  })

  it('are those of the company’s zone, with as many before them', () => {
    const span = spanOf('2026-03-02', '2026-03-08', 'Europe/Berlin', at('2026-03-20T08:00:00Z'))
    expect([span.start, span.end, span.beforeStart, span.beforeEnd].map(String)).toEqual([
      '2026-03-01T23:00:00Z',
      '2026-03-08T23:00:00Z',
      '2026-02-22T23:00:00Z',
      '2026-03-01T23:00:00Z',
    ])
    expect(span.before).toEqual({ from: '2026-02-23', to: '2026-03-01' })
    expect(daysOf('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
  })

  it('of a day that still runs, the days before count as far as it has gone', () => {
    const span = spanOf('2026-03-09', '2026-03-10', 'Europe/Berlin', at('2026-03-10T11:30:00Z'))
    expect([span.end, span.beforeEnd].map(String)).toEqual(['2026-03-10T11:30:00Z', '2026-03-08T11:30:00Z'])
  })

  it('the night in which the clocks change is an hour shorter', () => {
    const span = spanOf('2026-03-29', '2026-03-29', 'Europe/Berlin', at('2026-04-20T08:00:00Z'))
    expect(span.end.since(span.start).total('hours')).toBe(23)
  })
})

describe('what is next', () => {
  const now = Date.parse('2026-03-10T12:00:00Z')
  const facts = (more: Partial<Facts> = {}): Facts => ({
    priority: 3,
    waitingSince: null,
    createdAt: '2026-03-10T08:00:00.000Z',
    mine: true,
    unread: false,
    untouched: false,
    mentionedAt: null,
    task: null,
    cameBackAt: null,
    dueAt: null,
    ...more,
  })
  const codes = (more: Partial<Facts>) => reasonsOf(facts(more), now).map(({ code }) => code)

  it('is weighed by how much of what its priority may wait has gone by', () => {
    const since = '2026-03-10T10:00:00.000Z'
    expect([1, 2, 3, 4, 5].map((priority) => risk(facts({ priority, waitingSince: since }), now))).toEqual([2, 0.5, 0.25, 2 / 24, 2 / 72])
    expect(risk(facts(), now)).toBe(0)
  })

  it('is weighed by what was agreed where something was: late first, then what is due soon, however long somebody waits', () => {
    const waitingSince = '2026-03-08T10:00:00.000Z'
    const due = (hours: number) => risk(facts({ waitingSince, dueAt: new Date(now + hours * 3_600_000).toISOString() }), now)
    expect([due(-2), due(0), due(2), due(8)]).toEqual([1.25, 1, 0.75, 0])
  })

  it.each<[string, Partial<Facts>, string[]]>([
    ['somebody waits', { waitingSince: '2026-03-10T10:00:00.000Z', unread: true }, ['waits']],
    ['somebody waits too long', { waitingSince: '2026-03-09T10:00:00.000Z' }, ['late']],
    ['its target comes', { waitingSince: '2026-03-09T10:00:00.000Z', dueAt: '2026-03-10T13:00:00.000Z' }, ['target']],
    ['its target is missed', { dueAt: '2026-03-10T11:00:00.000Z' }, ['target-late']],
    ['a task is due', { task: { title: 'Call', dueAt: '2026-03-10T11:00:00.000Z' } }, ['task']],
    ['a colleague calls, and it is new', { mentionedAt: '2026-03-10T11:00:00.000Z', untouched: true }, ['mentioned', 'new']],
    ['it came back', { cameBackAt: '2026-03-10T11:00:00.000Z' }, ['came-back']],
    ['there is something to read', { unread: true }, ['unread']],
    ['nothing but that it is mine', {}, ['mine']],
    ['nobody has it', { mine: false }, ['new']],
  ])('says why: %s', (_, more, expected) => {
    expect(codes(more)).toEqual(expected)
  })
})
