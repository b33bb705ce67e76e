import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'

const desk = useDesk()
const at = (text: string) => desk.clock.moveTo(Temporal.Instant.from(`${text}:00Z`))
let lead: TestPerson
let anna: TestPerson
let ben: TestPerson
let cleo: TestPerson
let teamId: string
beforeEach(async () => {
  at('2027-02-01T12:00')
  lead = await desk.person('lead', { name: 'Lea' })
  anna = await desk.person('agent', { name: 'Anna' })
  ben = await desk.person('agent', { name: 'Ben' })
  cleo = await desk.person('agent', { name: 'Cleo' })
  teamId = (await desk.team('Network', 2, [anna, ben, cleo])).id
})
const layer = (people: TestPerson[], more: object = {}) => ({
  name: 'First',
  timeZone: 'UTC',
  rotation: { unit: 'days' as const, every: 1 },
  handover: '08:00',
  startsOn: '2027-01-31',
  peopleIds: people.map((one) => one.id),
  ...more,
})
const addRota = (layers: object[]) =>
  desk.call('POST /api/rotas', { as: lead, body: { name: 'Nights', teamId, timeZone: 'UTC', layers } as never })
const change = async (id: string, layers: object[]) => {
  const { version } = await desk.call('GET /api/rotas/:id', { as: lead, params: { id } })
  return desk.call('PATCH /api/rotas/:id', { as: lead, params: { id }, ifMatch: version, body: { layers } as never })
}
const schedule = async (id: string, from = '2027-02-01T08:00:00Z', to = '2027-02-06T08:00:00Z') =>
  desk.call('GET /api/rotas/:id/schedule', { as: lead, params: { id }, query: { from, to } as never })
const told = (items: readonly { from: string; person: { name: string } | null }[]) =>
  items.map((one) => `${one.from.slice(5, 16)} ${one.person?.name ?? '-'}`)

describe('a layer that is changed', () => {
  it('leaves who was on call as it was, in the schedule and in its lane, and holds from that moment on', async () => {
    const rota = await addRota([layer([anna, ben])])
    const id = rota.layers[0]!.id
    at('2027-02-03T12:00')
    const changed = await change(rota.id, [layer([cleo, ben], { id })])
    expect(changed.layers.map((one) => [one.id, one.people.map((who) => who.name)])).toEqual([[id, ['Cleo', 'Ben']]])
    const days = ['02-01T08:00 Ben', '02-02T08:00 Anna', '02-03T08:00 Ben', '02-04T08:00 Cleo', '02-05T08:00 Ben']
    const { items, layers } = await schedule(rota.id)
    expect(told(items)).toEqual(days)
    expect(layers.map((one) => one.layerId)).toEqual([id])
    expect(items.every((one) => one.layerId === id)).toBe(true)
    // Again, and what was kept the first time stays.
    at('2027-02-05T12:00')
    await change(rota.id, [layer([cleo], { id })])
    expect(told((await schedule(rota.id)).items)).toEqual([...days, '02-05T12:00 Cleo'])
  })

  it('is no other layer by a new name alone; one that is taken out, or added, is so from then on', async () => {
    const rota = await addRota([layer([anna])])
    const id = rota.layers[0]!.id
    at('2027-02-03T12:00')
    await change(rota.id, [layer([anna], { id, name: 'Evening' })])
    expect(told((await schedule(rota.id)).items)).toEqual(['02-01T08:00 Anna'])
    await change(rota.id, [layer([ben], { name: 'Another' })])
    expect(told((await schedule(rota.id)).items)).toEqual(['02-01T08:00 Anna', '02-03T12:00 Ben'])
    // What was put in and taken out in the same moment never held.
    await change(rota.id, [layer([cleo], { name: 'A third' })])
    expect(told((await schedule(rota.id)).items)).toEqual(['02-01T08:00 Anna', '02-03T12:00 Cleo'])
    await desk.refused('validation_failed', 'PATCH /api/rotas/:id', {
      as: lead,
      params: { id: rota.id },
      ifMatch: (await desk.call('GET /api/rotas/:id', { as: lead, params: { id: rota.id } })).version,
      body: { layers: [layer([anna], { id })] } as never,
    })
  })

  it('is shown so before it is saved', async () => {
    const rota = await addRota([layer([anna])])
    at('2027-02-03T12:00')
    const shown = await desk.call('POST /api/rotas/preview', {
      as: lead,
      body: {
        rotaId: rota.id,
        from: '2027-02-01T08:00:00Z',
        to: '2027-02-06T08:00:00Z',
        rota: { name: 'Nights', teamId, timeZone: 'UTC', layers: [layer([ben])] },
      } as never,
    })
    expect(told(shown.items)).toEqual(['02-01T08:00 Anna', '02-03T12:00 Ben'])
  })
})
