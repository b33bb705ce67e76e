import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Temporal } from '../../kernel/clock.ts'
import { finalOf, type RotaFacts } from './rules-final.ts'
import { problemsOf } from './rules-problems.ts'
import { claim, type LayerFacts, turnsOf } from './rules-turns.ts'

const at = (text: string) => Temporal.Instant.from(text)
const ms = (text: string) => at(text).epochMilliseconds
const hour = 3_600_000
const layer = (more: Partial<LayerFacts> = {}): LayerFacts => ({
  id: '1',
  name: 'First',
  timeZone: 'Europe/Berlin',
  unit: 'weeks',
  every: 1,
  handover: '09:00',
  weekday: 1,
  startsOn: '2026-01-05',
  endsOn: null,
  personIds: ['anna', 'ben', 'cora'],
  hours: null,
  ...more,
})
const rota = (more: Partial<RotaFacts> = {}): RotaFacts => ({
  id: 'r',
  layers: [layer()],
  overrides: [],
  timeOff: [],
  gone: new Set(),
  ...more,
})
const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const daily = (from: string, to: string) => Object.fromEntries(week.map((day) => [day, [[from, to]]])) as unknown as LayerFacts['hours']
/** 'anna 2026-03-23T08:00Z..' for each shift. */
const told = (facts: RotaFacts, from: string, to: string) =>
  finalOf(facts, at(from), at(to)).map((one) => `${one.personId ?? one.why} ${one.from.toString()} ${one.to.toString()}`)

describe('turns of a layer', () => {
  it('FT-52 a weekly handover at nine stays at nine on the wall when clocks are moved', () => {
    expect(told(rota(), '2026-03-16T00:00Z', '2026-04-06T00:00Z')).toEqual([
      'anna 2026-03-16T00:00:00Z 2026-03-16T08:00:00Z',
      'ben 2026-03-16T08:00:00Z 2026-03-23T08:00:00Z',
      'cora 2026-03-23T08:00:00Z 2026-03-30T07:00:00Z',
      'anna 2026-03-30T07:00:00Z 2026-04-06T00:00:00Z',
    ])
  })

  it.each([
    ['Europe/Berlin', '2026-10-24', '09:00', 25],
    ['Europe/Berlin', '2026-03-28', '09:00', 23],
    ['Australia/Lord_Howe', '2026-04-04', '09:00', 24.5],
    ['Australia/Lord_Howe', '2026-10-03', '09:00', 23.5],
    ['Asia/Kathmandu', '2026-03-28', '09:15', 24],
  ])('a daily turn in %s on %s from %s lasts %d hours', (timeZone, startsOn, handover, hours) => {
    const turns = turnsOf(layer({ timeZone, startsOn, handover, unit: 'days' }), {
      from: ms(`${startsOn}T00:00Z`) - 12 * hour,
      to: ms(`${startsOn}T00:00Z`) + 60 * hour,
    })
    expect((turns[0]!.to - turns[0]!.from) / hour).toBe(hours)
    expect(
      Temporal.Instant.fromEpochMilliseconds(turns[0]!.to).toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'minute' }),
    ).toBe(handover)
  })

  it('a week that begins in its middle belongs to the first, and the next handover is on the weekday', () => {
    expect(told(rota({ layers: [layer({ startsOn: '2026-01-07' })] }), '2026-01-06T00:00Z', '2026-01-20T00:00Z')).toEqual([
      'gap 2026-01-06T00:00:00Z 2026-01-07T08:00:00Z',
      'anna 2026-01-07T08:00:00Z 2026-01-12T08:00:00Z',
      'ben 2026-01-12T08:00:00Z 2026-01-19T08:00:00Z',
      'cora 2026-01-19T08:00:00Z 2026-01-20T00:00:00Z',
    ])
  })

  it('a layer ends on its last day at the handover', () => {
    const ending = rota({ layers: [layer({ unit: 'days', endsOn: '2026-01-06', personIds: ['anna'] })] })
    expect(told(ending, '2026-01-05T00:00Z', '2026-01-07T00:00Z')).toEqual([
      'gap 2026-01-05T00:00:00Z 2026-01-05T08:00:00Z',
      'anna 2026-01-05T08:00:00Z 2026-01-06T08:00:00Z',
      'gap 2026-01-06T08:00:00Z 2026-01-07T00:00:00Z',
    ])
  })

  it('FT-52 every n hours, days or weeks, in zones that move their clocks by an hour, by half of one or never: no hole, no overlap, everybody in turn', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'Europe/Berlin',
          'Australia/Lord_Howe',
          'Asia/Kathmandu',
          'America/St_Johns',
          'Africa/Casablanca',
          'Antarctica/Troll',
          'Pacific/Apia',
        ),
        fc.constantFrom('hours' as const, 'days' as const, 'weeks' as const),
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom('00', '15', '30', '59'),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 700 }),
        (timeZone, unit, every, hourOf, minute, weekday, people, after) => {
          const own = layer({
            timeZone,
            unit,
            every,
            weekday,
            handover: `${String(hourOf).padStart(2, '0')}:${minute}`,
            personIds: [...'abcd'].slice(0, people),
          })
          const from = ms('2026-01-08T00:00Z') + after * 24 * hour
          const range = { from, to: from + 6 * 24 * hour }
          const turns = turnsOf(own, range)
          expect(turns[0]!.from).toBe(range.from)
          expect(turns.at(-1)!.to).toBe(range.to)
          for (const [n, turn] of turns.slice(1).entries()) {
            expect(turn.from).toBe(turns[n]!.to)
            expect(turn.to).toBeGreaterThan(turn.from)
            // A turn that a spring night skips whole leaves its person out that once.
            if (unit !== 'hours')
              expect((turn.personId.charCodeAt(0) - turns[n]!.personId.charCodeAt(0) + people) % people).toBe(1 % people)
          }
          // Seen through another window it is the same schedule.
          const cut = range.from + 77 * hour
          const halves = [...turnsOf(own, { from: range.from, to: cut }), ...turnsOf(own, { from: cut, to: range.to })]
          const who = (all: typeof turns, moment: number) => all.find((turn) => turn.from <= moment && moment < turn.to)?.personId
          for (let moment = range.from; moment < range.to; moment += 5 * hour) expect(who(halves, moment)).toBe(who(turns, moment))
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('the final schedule', () => {
  it('an override stands above all layers, the newest above older ones, and afterwards the layers hold again', () => {
    const overrides = [
      { id: '2', from: ms('2026-01-06T12:00Z'), to: ms('2026-01-06T14:00Z'), personId: null },
      { id: '1', from: ms('2026-01-06T10:00Z'), to: ms('2026-01-06T16:00Z'), personId: 'dora' },
    ]
    expect(told(rota({ overrides }), '2026-01-06T08:00Z', '2026-01-06T18:00Z')).toEqual([
      'anna 2026-01-06T08:00:00Z 2026-01-06T10:00:00Z',
      'dora 2026-01-06T10:00:00Z 2026-01-06T12:00:00Z',
      'nobody 2026-01-06T12:00:00Z 2026-01-06T14:00:00Z',
      'dora 2026-01-06T14:00:00Z 2026-01-06T16:00:00Z',
      'anna 2026-01-06T16:00:00Z 2026-01-06T18:00:00Z',
    ])
  })

  it('whoever is away is stood in for; without a substitute, or with one who is away too, it is a gap and not silently the next layer', () => {
    const below = layer({ id: '2', personIds: ['zoe'] })
    const timeOff = [
      { personId: 'anna', from: ms('2026-01-06T00:00Z'), to: ms('2026-01-09T00:00Z'), substituteId: 'dora' },
      { personId: 'dora', from: ms('2026-01-08T00:00Z'), to: ms('2026-01-09T00:00Z'), substituteId: null },
    ]
    expect(told(rota({ layers: [layer(), below], timeOff }), '2026-01-05T12:00Z', '2026-01-10T00:00Z')).toEqual([
      'anna 2026-01-05T12:00:00Z 2026-01-06T00:00:00Z',
      'dora 2026-01-06T00:00:00Z 2026-01-08T00:00:00Z',
      'absent 2026-01-08T00:00:00Z 2026-01-09T00:00:00Z',
      'anna 2026-01-09T00:00:00Z 2026-01-10T00:00:00Z',
    ])
  })

  it('the topmost layer holds in its hours, in its own zone, the next one otherwise', () => {
    const night = layer({ id: '1', timeZone: 'Asia/Kathmandu', hours: daily('22:00', '06:00'), personIds: ['ram'] })
    const day = layer({ id: '2', personIds: ['anna'] })
    expect(told(rota({ layers: [night, day] }), '2026-01-06T12:00Z', '2026-01-07T02:00Z')).toEqual([
      'anna 2026-01-06T12:00:00Z 2026-01-06T16:15:00Z',
      'ram 2026-01-06T16:15:00Z 2026-01-07T00:15:00Z',
      'anna 2026-01-07T00:15:00Z 2026-01-07T02:00:00Z',
    ])
  })

  it('FT-52 three sites that follow the sun cover the whole year, also the days on which clocks are moved', () => {
    const site = (id: string, timeZone: string, from: string, to: string) =>
      layer({ id, timeZone, hours: daily(from, to), personIds: [id], startsOn: '2025-12-01' })
    const sun = rota({
      layers: [
        site('berlin', 'Europe/Berlin', '07:00', '17:00'),
        site('boston', 'America/New_York', '10:00', '22:00'),
        site('sydney', 'Australia/Sydney', '11:00', '19:00'),
      ],
    })
    // By summer and winter time Sydney begins between 0 and 2 o'clock UTC, after Boston's 2 or 3, and Berlin at 5 or 6, when it is 17 there at the latest.
    const gaps = finalOf(sun, at('2026-01-01T00:00Z'), at('2027-01-01T00:00Z')).filter((one) => one.personId === null)
    expect(gaps.map((one) => `${one.from} ${one.to}`)).toEqual([])
    const late = rota({ layers: sun.layers.slice(0, 2) })
    expect(
      problemsOf([
        {
          rotaId: 'r',
          shifts: finalOf(late, at('2026-06-01T00:00Z'), at('2026-06-02T00:00Z')),
          needed: null,
          blind: new Set(),
          timeOff: [],
        },
      ]),
    ).toMatchObject([{ kind: 'gap', from: ms('2026-06-01T02:00Z'), to: ms('2026-06-01T05:00Z') }])
  })

  it('covers every moment once, whatever lies over what', () => {
    const moment = fc.integer({ min: 0, max: 20 * 24 * 4 }).map((quarter) => ms('2026-03-20T00:00Z') + (quarter * hour) / 4)
    const span = fc.tuple(moment, moment).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + hour / 4 }))
    const who = fc.constantFrom('anna', 'ben', 'cora', 'dora')
    const anyLayer = fc.record({
      id: fc.uuid(),
      timeZone: fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe'),
      unit: fc.constantFrom('hours' as const, 'days' as const),
      every: fc.integer({ min: 1, max: 9 }),
      hours: fc.constantFrom(null, daily('20:00', '08:00'), daily('09:00', '17:00')),
      personIds: fc.array(who, { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(
        fc.array(anyLayer, { maxLength: 3 }),
        fc.array(
          fc.tuple(span, fc.option(who)).map(([s, personId]) => ({ ...s, personId })),
          { maxLength: 3 },
        ),
        fc.array(
          fc
            .tuple(span, who, fc.option(who))
            .map(([s, personId, substituteId]) => ({ ...s, personId, substituteId: substituteId === personId ? null : substituteId })),
          { maxLength: 3 },
        ),
        (layers, overrides, timeOff) => {
          const facts = rota({
            layers: layers.map((one) => layer(one)),
            overrides: overrides.map((one, n) => ({ ...one, id: String(n) })),
            timeOff,
            gone: new Set(['cora']),
          })
          const [from, to] = [at('2026-03-21T00:00Z'), at('2026-04-08T00:00Z')]
          const shifts = finalOf(facts, from, to)
          expect(shifts[0]!.from.equals(from) && shifts.at(-1)!.to.equals(to)).toBe(true)
          for (const [n, shift] of shifts.slice(1).entries()) expect(shift.from.equals(shifts[n]!.to)).toBe(true)
          for (const shift of shifts) {
            expect(shift.personId).not.toBe('cora')
            const held = overrides.find((one) => one.from < shift.to.epochMilliseconds && one.to > shift.from.epochMilliseconds)
            if (held) expect(['override', 'nobody', 'left']).toContain(shift.why)
            const away = timeOff.some(
              (one) => one.personId === shift.personId && one.from < shift.to.epochMilliseconds && one.to > shift.from.epochMilliseconds,
            )
            if (away) expect(shift.why).toBe('override')
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('what is wrong ahead', () => {
  const planned = (facts: RotaFacts, from: string, to: string) => ({
    rotaId: facts.id,
    shifts: finalOf(facts, at(from), at(to)),
    needed: null,
    blind: new Set<string>(),
    timeOff: facts.timeOff,
  })

  it('one person on two rotas at once is told once, for the time that overlaps', () => {
    const one = rota({ id: 'a', layers: [layer({ personIds: ['anna'] })] })
    const two = rota({ id: 'b', layers: [layer({ personIds: ['anna', 'ben'], unit: 'days' })] })
    const found = problemsOf([
      planned(one, '2026-01-06T00:00Z', '2026-01-08T00:00Z'),
      planned(two, '2026-01-06T00:00Z', '2026-01-08T00:00Z'),
    ])
    expect(found).toEqual([
      { kind: 'double', rotaId: 'a', otherRotaId: 'b', personId: 'anna', from: ms('2026-01-06T00:00Z'), to: ms('2026-01-06T08:00Z') },
      { kind: 'double', rotaId: 'a', otherRotaId: 'b', personId: 'anna', from: ms('2026-01-07T08:00Z'), to: ms('2026-01-08T00:00Z') },
    ])
  })

  it('a hole counts only when somebody is needed', () => {
    const office = rota({ layers: [layer({ hours: daily('09:00', '17:00'), personIds: ['anna'] })] })
    const shifts = finalOf(office, at('2026-01-06T00:00Z'), at('2026-01-07T00:00Z'))
    const needed = [{ from: ms('2026-01-06T08:00Z'), to: ms('2026-01-06T17:00Z') }]
    expect(problemsOf([{ rotaId: 'r', shifts, needed, blind: new Set(), timeOff: [] }])).toMatchObject([
      { kind: 'gap', from: ms('2026-01-06T16:00Z'), to: ms('2026-01-06T17:00Z') },
    ])
  })

  it('what is claimed and what is left are the whole', () => {
    const spans = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }).map((steps) => {
      const out: { from: number; to: number }[] = []
      let position = 0
      for (const [n, step] of steps.entries()) {
        if (n % 2 === 0) out.push({ from: position, to: position + step })
        position += step
      }
      return out
    })
    const units = (all: readonly { from: number; to: number }[]) =>
      all.flatMap((one) => Array.from({ length: one.to - one.from }, (_, n) => one.from + n)).toSorted((a, b) => a - b)
    fc.assert(
      fc.property(spans, spans, (free, wanted) => {
        const { taken, left } = claim(free, wanted)
        expect(units([...taken, ...left])).toEqual(units(free))
        expect(units(taken)).toEqual(units(free).filter((unit) => units(wanted).includes(unit)))
      }),
    )
  })
})
