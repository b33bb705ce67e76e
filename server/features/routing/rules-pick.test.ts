import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HeldEvent, holdingsOf } from './rules-holdings.ts'
import { type Candidate, type Distribution, pickAssignee, type ToGive } from './rules-pick.ts'

const one = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  state: 'available',
  absent: false,
  skillIds: [],
  open: 0,
  waiting: 0,
  turn: 0,
  sees: true,
  ...more,
})
const settings = (more: Partial<Distribution> = {}): Distribution => ({
  way: 'load',
  availability: 'available',
  cap: null,
  waitingWeight: 0.3,
  ...more,
})
const ticket = (more: Partial<ToGive> = {}): ToGive => ({ wanted: [], lastOwnerId: null, hadIt: [], ...more })
const why = (others: { id: string; why: string }[]) => Object.fromEntries(others.map((other) => [other.id, other.why]))

describe('who is given a ticket', () => {
  it('in turn: whoever was given one longest ago, however much they have', () => {
    const picked = pickAssignee(
      [one('1', { turn: 3 }), one('2', { turn: 1, open: 9 }), one('3', { turn: 2 })],
      ticket(),
      settings({ way: 'turn' }),
    )
    expect([picked.person?.id, picked.because, why(picked.others)]).toEqual(['2', 'turn', { 1: 'later-in-turn', 3: 'later-in-turn' }])
  })

  it('by load: what waits for others counts less; with as much to do, in turn', () => {
    const busy = [one('1', { open: 2 }), one('2', { open: 1, waiting: 3 }), one('3', { open: 1, waiting: 3, turn: 5 })]
    const picked = pickAssignee(busy, ticket(), settings())
    expect([picked.person?.id, picked.because, why(picked.others)]).toEqual(['2', 'load', { 1: 'more-to-do', 3: 'later-in-turn' }])
    expect(pickAssignee(busy, ticket(), settings({ waitingWeight: 1 })).person?.id).toBe('1')
  })

  it('by skill: who can all of it, then who has least; and anybody where nobody of the team can', () => {
    const team = [one('1'), one('2', { skillIds: ['7'], open: 3 }), one('3', { skillIds: ['7', '8'], open: 4 })]
    const skill = settings({ way: 'skill' })
    expect(pickAssignee(team, ticket({ wanted: ['7'] }), skill)).toMatchObject({ person: { id: '2' }, because: 'skill' })
    expect(pickAssignee(team, ticket({ wanted: ['7', '8'] }), skill)).toMatchObject({ person: { id: '3' }, because: 'skill' })
    expect(pickAssignee(team, ticket({ wanted: ['9'] }), skill)).toMatchObject({ person: { id: '1' }, because: 'load' })
    const away = team.map((person) => (person.id === '1' ? person : { ...person, state: 'away' as const }))
    const waits = pickAssignee(away, ticket({ wanted: ['7'] }), skill)
    expect([waits.person, why(waits.others)]).toEqual([null, { 1: 'no-skill', 2: 'not-available', 3: 'not-available' }])
  })

  it('first of all whoever had the last ticket of the same person, if they are there and not full', () => {
    const team = [one('1'), one('2', { open: 5 })]
    expect(pickAssignee(team, ticket({ lastOwnerId: '2' }), settings())).toMatchObject({ person: { id: '2' }, because: 'last-owner' })
    expect(pickAssignee(team, ticket({ lastOwnerId: '2' }), settings({ cap: 5 })).person?.id).toBe('1')
  })

  it.each<[string, Partial<Candidate>, Partial<Distribution>, Partial<ToGive>]>([
    ['no-right', { sees: false }, {}, {}],
    ['absent', { absent: true }, { availability: 'any' }, {}],
    ['not-available', { state: 'busy' }, {}, {}],
    ['not-available', { state: 'away' }, { availability: 'here' }, {}],
    ['had-it', {}, {}, { hadIt: ['1'] }],
    ['full', { open: 2, waiting: 4 }, { cap: 3, waitingWeight: 0.25 }, {}],
  ])('nobody who may not: %s', (reason, person, set, of) => {
    const picked = pickAssignee([one('1', person)], ticket(of), settings(set))
    expect([picked.person, why(picked.others)]).toEqual([null, { 1: reason }])
    expect(pickAssignee([one('1')], ticket(), settings()).person?.id).toBe('1')
  })

  it('busy people too where the team says so, and everybody where it says that', () => {
    expect(pickAssignee([one('1', { state: 'busy' })], ticket(), settings({ availability: 'here' })).person?.id).toBe('1')
    expect(pickAssignee([one('1', { state: 'away' })], ticket(), settings({ availability: 'any' })).person?.id).toBe('1')
  })

  it('whatever the team: each of the others is told why not, once, and nobody over the cap is given any', () => {
    const people = fc.array(
      fc.record({
        open: fc.nat(9),
        waiting: fc.nat(9),
        turn: fc.nat(5),
        absent: fc.boolean(),
        sees: fc.boolean(),
        state: fc.constantFrom('available' as const, 'busy' as const, 'away' as const),
        skillIds: fc.subarray(['7', '8']),
      }),
      { maxLength: 8 },
    )
    const way = fc.constantFrom('turn' as const, 'load' as const, 'skill' as const)
    fc.assert(
      fc.property(people, way, fc.subarray(['7', '8']), (given, by, wanted) => {
        const team = given.map((person, n) => ({ ...person, id: String(n + 1) }))
        const picked = pickAssignee(team, ticket({ wanted, lastOwnerId: '1' }), settings({ way: by, cap: 6 }))
        const told = [...picked.others.map(({ id }) => id), ...(picked.person ? [picked.person.id] : [])]
        expect(told.sort()).toEqual(team.map(({ id }) => id).sort())
        if (picked.person) expect(picked.person.open + picked.person.waiting * 0.3).toBeLessThan(6)
      }),
    )
  })
})

describe('who had a ticket for how long', () => {
  const event = (at: number, type: string, data: Record<string, unknown> = {}): HeldEvent => ({ at, type, rule: null, data })
  const brief = (events: HeldEvent[], now: { teamId: string | null; assigneeId: string | null } = { teamId: null, assigneeId: null }) =>
    holdingsOf(events, now).map(({ teamId, assigneeId, from, to }) => [teamId, assigneeId, from, to])

  it('follows each hand, and nobody has what is finished', () => {
    expect(
      brief([
        event(0, 'ticket.created', { teamId: null }),
        event(0, 'ticket.assigned', { teamId: '1', assigneeId: null, fromAssigneeId: null }),
        event(10, 'ticket.assigned', { teamId: '1', assigneeId: '5' }),
        event(15, 'ticket.changed', { changes: { meaning: ['new', 'open'] } }),
        event(30, 'ticket.passed', { teamId: '2', assigneeId: null }),
        event(60, 'ticket.resolved'),
        event(65, 'ticket.closed'),
        event(90, 'ticket.reopened'),
        event(95, 'ticket.changed', { changes: { meaning: ['open', 'cancelled'] } }),
      ]),
    ).toEqual([
      ['1', null, 0, 10],
      ['1', '5', 10, 30],
      ['2', null, 30, 60],
      ['2', null, 90, 95],
    ])
  })

  it('knows who was given it with its opening, and a change of hands while it is finished counts from then on', () => {
    expect(brief([event(0, 'ticket.created', { teamId: '1' })], { teamId: '1', assigneeId: '5' })).toEqual([['1', '5', 0, null]])
    expect(
      brief([
        event(0, 'ticket.created', { teamId: '1' }),
        event(5, 'ticket.resolved'),
        event(6, 'ticket.assigned', { teamId: '1', assigneeId: '6', fromAssigneeId: '5' }),
        event(7, 'ticket.reopened'),
      ]),
    ).toEqual([
      ['1', '5', 0, 5],
      ['1', '6', 7, null],
    ])
  })
})
