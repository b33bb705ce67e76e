import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AgreementForm, agreementForm, type TargetRule, targetRule } from '../../../contract/sla.ts'
import { Temporal } from '../../kernel/clock.ts'
import { elapsed } from '../calendars/rules.ts'
import { type CalendarForm, openCalendar } from '../calendars/rules-days.ts'
import { type ClockFacts, isOver } from './rules-clock.ts'
import { fold, step, upTo } from './rules-fold.ts'
import { clockOf, clockRow, type Json } from './rules-kept.ts'
import { accountOf } from './rules-ledger.ts'
import { type Mark, type Moment, type World, worldOf } from './rules-terms.ts'
import { trapsIn } from './rules-traps.ts'

const minute = 60_000
const monday = Date.parse('2027-01-18T07:00:00Z')
const office: CalendarForm = {
  tz: 'Europe/Berlin',
  hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['08:00', '17:00']]])),
  holidays: ['2027-01-20'],
}
const calendars = { 1: openCalendar(office), 2: openCalendar({ ...office, tz: 'America/New_York', holidays: [] }) }
const rule = (more: Record<string, unknown>): TargetRule =>
  targetRule.parse({ key: 'r', name: 'R', target: 'resolution', goals: [{ time: { minutes: 240 } }], ...more })
const world = (rules: TargetRule[], more: Partial<AgreementForm> = {}): World =>
  worldOf(
    [
      {
        id: '1',
        version: 1,
        kind: 'sla',
        organisationId: null,
        teamId: null,
        startsOn: null,
        endsOn: null,
        terms: agreementForm.parse({ kind: 'sla', name: 'A', rules, ...more }),
      },
    ],
    'Europe/Berlin',
    (id) => calendars[id as '1'],
  )
const seen = (at: number, more: Partial<Moment> = {}): Moment => ({
  at,
  ...{ kind: 'incident', meaning: 'open', status_id: '1', priority: '3', impact: '1', urgency: '1', channel: 'phone', category_ids: [] },
  ...{ organisation_id: null, site_id: null, team_id: '1', assignee_id: null, tags: [], fields: {}, marks: [] },
  ...{ caller_calendar_id: '1', team_calendar_id: '2', caller_zone: null, site_zone: null },
  ...more,
})

const all = [
  rule({
    goals: [{ when: { all: [{ field: 'priority', values: [1, 2] }] }, time: { minutes: 60 } }, { time: { minutes: 480 } }],
    thresholds: [{ percent: 50, acts: [{ do: 'raise-priority' }] }],
  }),
  rule({ key: 'first', target: 'first-response', goals: [{ time: { minutes: 30 } }] }),
  rule({ key: 'next', target: 'next-response', clock: 'calendar', goals: [{ time: { minutes: 90 } }] }),
  rule({ key: 'update', target: 'update', goals: [{ time: { minutes: 120 } }] }),
  rule({ key: 'done', target: 'fulfilment', goals: [{ time: { days: 1, by: '16:00' } }] }),
]
const marks = fc.subarray<Mark>(['answered', 'awaited', 'replied'])
const changes = fc.record({
  meaning: fc.constantFrom('new', 'open', 'waiting-requester', 'scheduled', 'resolved', 'closed', 'cancelled'),
  priority: fc.constantFrom('1', '3', '5'),
  kind: fc.constantFrom('incident', 'request'),
  team_id: fc.constantFrom('1', '2'),
  caller_calendar_id: fc.constantFrom('1', '2'),
  marks,
})
const moments = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 * 60 }), changes), { minLength: 1, maxLength: 12 }).map((steps) => {
  let at = monday
  return steps.map(([minutes, change]) => {
    at += minutes * minute
    return seen(at, change)
  })
})
const used = (clocks: readonly ClockFacts[]) => clocks.map((clock) => ({ ...clock, id: null }))

describe('whatever happens to a ticket', () => {
  const terms = world(all)

  it('counting all anew comes to what was kept step by step, through the rows of the database', () => {
    fc.assert(
      fc.property(moments, (facts) => {
        let kept: ClockFacts[] = []
        const over: ClockFacts[] = []
        facts.forEach((moment, n) => {
          const next = step(terms, kept, facts.slice(0, n), moment).map((clock, i) =>
            clockOf(JSON.parse(JSON.stringify({ ...clockRow(clock), id: i })) as Json),
          )
          over.push(...next.filter(isOver))
          kept = next.filter((clock) => !isOver(clock))
        })
        const anew = fold(terms, facts)
        const plain = (clocks: readonly ClockFacts[]) => clocks.map((clock) => ({ ...clock, id: null, ticketId: '' }))
        expect(plain(kept)).toEqual(plain(anew.open))
        expect(plain(over)).toEqual(plain(anew.over))
      }),
      { numRuns: 150 },
    )
  })

  it('no clock runs backwards, none runs faster than time, and what ran, paused and stopped is all of it', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 9000 }), (facts, later) => {
        const { open, over } = fold(terms, facts)
        const last = facts.at(-1)!
        for (const clock of [...open, ...over]) {
          expect(clock.usedBusiness).toBeLessThanOrEqual(clock.usedCalendar)
          expect(clock.spans.reduce((sum, span) => sum + span.to - span.from, 0)).toBe(clock.countedTo - clock.from)
          const on = upTo(terms, clock, last.at + later * minute, last)
          expect(on.usedBusiness).toBeGreaterThanOrEqual(clock.usedBusiness)
          expect(on.usedCalendar).toBeGreaterThanOrEqual(clock.usedCalendar)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('a clock has used what lay in working time while the ticket was open and did not wait, and nothing else', () => {
    const idle = ['waiting-requester', 'scheduled', 'resolved', 'closed', 'cancelled']
    fc.assert(
      fc.property(moments, (facts) => {
        const incidents = facts.map((moment) => ({ ...moment, kind: 'incident' }))
        const clock = fold(terms, incidents).open.find(({ target }) => target === 'resolution')
        const expected = incidents.slice(0, -1).reduce((sum, one, n) => {
          const calendar = calendars[one.caller_calendar_id as '1']
          const [from, to] = [one.at, incidents[n + 1]!.at].map((ms) => Temporal.Instant.fromEpochMilliseconds(ms))
          return sum + (idle.includes(one.meaning) ? 0 : elapsed(calendar, from!, to!))
        }, 0)
        if (clock) expect(clock.usedBusiness).toBe(expected)
        else expect(['resolved', 'closed', 'cancelled']).toContain(incidents.at(-1)!.meaning)
      }),
      { numRuns: 150 },
    )
  })

  it('a look between changes nothing, nor does a pause that ends at once', () => {
    const withoutUpdates = world(all.filter(({ key }) => key !== 'update'))
    fc.assert(
      fc.property(moments, fc.nat(), fc.integer({ min: 1, max: 3000 }), (facts, which, after) => {
        const plain = facts.map((moment) => ({ ...moment, marks: moment.marks.filter((mark) => mark !== 'replied') }))
        const at = which % plain.length
        const one = plain[at]!
        const next = plain[at + 1]?.at ?? one.at + after * minute
        const between = { ...one, at: Math.min(next, one.at + after * minute) }
        const split = [...plain.slice(0, at + 1), between, ...plain.slice(at + 1)]
        const end = Math.max(split.at(-1)!.at, next)
        const summed = (list: Moment[]) =>
          used(fold(withoutUpdates, list).open.map((clock) => upTo(withoutUpdates, clock, end, list.at(-1))))
        expect(summed(split)).toEqual(summed(plain))
        if (one.meaning !== 'open') return
        const pause = [...plain.slice(0, at + 1), { ...between, meaning: 'waiting-requester' }, between, ...plain.slice(at + 1)]
        expect(summed(pause).map((clock) => [clock.target, clock.usedBusiness, clock.dueAt, clock.state])).toEqual(
          summed(plain).map((clock) => [clock.target, clock.usedBusiness, clock.dueAt, clock.state]),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('the lines of the account sum up to what was used', () => {
    const looking = { calendar: (id: string) => calendars[id as '1'], dayName: () => undefined }
    fc.assert(
      fc.property(moments, (facts) => {
        for (const clock of [...fold(terms, facts).open, ...fold(terms, facts).over]) {
          const lines = accountOf(clock, 'business', looking)
          expect(lines.filter((line) => line.what === 'ran').reduce((sum, line) => sum + line.businessMs, 0)).toBe(clock.usedBusiness)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('traps', () => {
  const vocabulary = {
    statuses: ['new', 'open', 'waiting-requester', 'resolved', 'closed', 'cancelled'].map((meaning, n) => ({ id: `${n}`, meaning })),
    categories: [
      { id: '1', parentId: null },
      { id: '2', parentId: '1' },
    ],
  }
  const codes = (more: Record<string, unknown>) => trapsIn('sla', rule(more), vocabulary).map(({ code }) => code)
  const is = (field: string, ...values: unknown[]) => ({ field, op: 'is', values })
  const not = (field: string, ...values: unknown[]) => ({ field, op: 'is-not', values })
  it.each([
    ['what is usual works', {}, []],
    [
      'a goal by a time of day',
      { goals: [{ time: { days: 1, by: '16:00' } }], pause: { all: [is('meaning', 'new')] } },
      ['pause_with_day'],
    ],
    ['a status within its meaning', { start: { all: [is('status', '3')] }, stop: { all: [is('meaning', 'resolved')] } }, ['start_in_stop']],
    ['a category below another', { start: { all: [is('category', '2')] }, stop: { all: [is('category', '1')] } }, ['start_in_stop']],
    [
      'the upper category goes on where the lower stops',
      { start: { all: [is('category', '1')] }, stop: { all: [is('category', '2')] } },
      [],
    ],
    [
      'all five priorities but four',
      { start: { all: [not('priority', 1, 2, 3, 4)] }, stop: { any: [is('priority', 5), is('kind', 'change')] } },
      ['start_in_stop'],
    ],
    ['conditions that exclude each other', { start: { all: [is('kind', 'incident'), is('kind', 'request')] } }, ['never_true']],
    [
      'open means no final status',
      { start: { all: [{ field: 'open', is: true }] }, stop: { all: [not('meaning', 'resolved', 'closed', 'cancelled')] } },
      ['start_in_stop'],
    ],
    [
      'tags that are there for sure',
      { start: { all: [{ field: 'tags', op: 'all', values: ['a', 'b'] }] }, pause: { all: [{ field: 'tags', op: 'any', values: ['b'] }] } },
      ['always_paused'],
    ],
    [
      'paused in either of two',
      { start: { all: [is('meaning', 'new', 'open')] }, pause: { any: [is('meaning', 'new'), is('meaning', 'open')] } },
      ['always_paused'],
    ],
    [
      'an answer goes out only to who is answered',
      { start: { all: [{ field: 'answered', is: false }] }, pause: { all: [{ field: 'replied', is: true }] } },
      ['cancelled_not_paused'],
    ],
    [
      'never cancelled, so it may pause outside its start',
      { start: { all: [is('meaning', 'open')] }, pause: { all: [is('meaning', 'waiting-requester')] }, cancelWhen: 'never' },
      [],
    ],
  ])('%s', (_, more, expected) => expect(codes(more)).toEqual(expected))
})
