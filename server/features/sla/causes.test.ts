import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let boss: TestPerson
let agent: TestPerson
beforeEach(async () => {
  boss = await desk.person('administrator')
  agent = await desk.person('agent')
})
const causes = async () => (await desk.call('GET /api/breach-causes', { as: agent })).items
const agree = (more: object) =>
  desk.call('POST /api/agreements', {
    as: boss,
    body: {
      kind: 'sla',
      name: 'Everybody',
      rules: [{ key: 'solve', name: 'Solved', target: 'resolution', clock: 'calendar', goals: [{ time: { minutes: 10 } }], ...more }],
    } as never,
  })

describe('causes of missed targets', () => {
  it('are added, renamed in both languages, archived and restored; what is archived is not said any more', async () => {
    const before = (await causes()).length
    const made = await desk.call('POST /api/breach-causes', { as: boss, body: { names: { en: 'Snow', de: 'Schnee' } } })
    const params = { id: made.id }
    await desk.call('PATCH /api/breach-causes/:id', { as: boss, params, body: { names: { en: 'Weather', de: 'Wetter' } } })
    expect((await causes()).find((one) => one.id === made.id)).toMatchObject({ names: { en: 'Weather', de: 'Wetter' }, archived: false })
    await desk.call('PATCH /api/breach-causes/:id', { as: boss, params, body: { archived: true } })
    expect((await causes()).at(-1)).toMatchObject({ id: made.id, archived: true })
    await agree({})
    const { id } = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer' } })
    desk.clock.advance({ minutes: 11 })
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id },
      ifMatch: 1,
      body: { code: 'solved', text: 'Done.' } as never,
    })
    const clock = async () => (await desk.call('GET /api/tickets/:id/clocks', { as: agent, params: { id } })).items[0]!
    const say = { as: agent, params: { id: (await clock()).id }, body: { causeId: made.id } }
    await desk.refused('validation_failed', 'POST /api/clocks/:id/cause', say)
    await desk.call('PATCH /api/breach-causes/:id', { as: boss, params, body: { archived: false } })
    // As the dialog does: the ticket is resolved by then.
    await desk.call('POST /api/clocks/:id/cause', say)
    expect(await clock()).toMatchObject({ state: 'missed', causeAsked: false, cause: { id: made.id } })
    expect((await causes()).length).toBe(before + 1)
  })
})

describe('terms', () => {
  it('keep whom a threshold names and every condition that a clock follows, from one change to the next', async () => {
    const acme = await desk.organisation('Acme')
    const site = await desk.call('POST /api/organisations/:id/sites', { as: boss, params: { id: acme.id }, body: { name: 'Harbour' } })
    const when = {
      all: [
        { field: 'impact', op: 'is', values: [3] },
        { field: 'urgency', op: 'is-not', values: [1] },
        { field: 'site', op: 'is', values: [site.id] },
        { field: 'meaning', op: 'is-not', values: ['scheduled'] },
        { field: 'tags', op: 'any', values: ['vip'] },
      ],
      any: [{ field: 'channel', op: 'is', values: ['phone'] }],
    }
    const thresholds = [{ percent: 75, acts: [{ do: 'notify', whom: ['leads'], personIds: [agent.id] }, { do: 'raise-priority' }] }]
    const made = await agree({ goals: [{ when, time: { minutes: 10 } }], thresholds })
    const changed = await desk.call('PATCH /api/agreements/:id', {
      as: boss,
      params: { id: made.id },
      ifMatch: made.version,
      body: { name: 'All of them', rules: made.rules },
    })
    expect(changed.rules[0]).toMatchObject({ goals: [{ when }], thresholds })
  })

  it('name sites as one finds them: by customer or site, and never those of customers one does not see', async () => {
    const [acme, beta] = [await desk.organisation('Acme'), await desk.organisation('Beta')]
    const add = (id: string, name: string) =>
      desk.call('POST /api/organisations/:id/sites', { as: boss, params: { id }, body: { name } }).then((site) => site.id)
    const [harbour, office] = [await add(acme.id, 'Harbour'), await add(beta.id, 'Office')]
    const found = async (query: object, as = boss) =>
      (await desk.call('GET /api/sites', { as, query: query as never })).items.map((one) => `${one.organisation.name}, ${one.name}`)
    expect(await found({ q: 'harb' })).toEqual(['Acme, Harbour'])
    expect(await found({ q: 'beta' })).toEqual(['Beta, Office'])
    expect(await found({ ids: `${office},${harbour}` })).toEqual(['Acme, Harbour', 'Beta, Office'])
    const limited = await desk.person('agent', { limitedTo: { organisationId: acme.id } })
    expect(await found({}, limited)).toEqual(['Acme, Harbour'])
    expect(await found({ ids: office }, limited)).toEqual([])
  })
})

describe('a new name alone', () => {
  it('leaves the rules of an agreement, its parties and its hours as they were', async () => {
    const made = await agree({})
    const { name: _n, version: _v, changedAt: _c, ...before } = made
    const params = { id: made.id }
    const changed = await desk.call('PATCH /api/agreements/:id', { as: boss, params, ifMatch: made.version, body: { name: 'All of them' } })
    expect(changed).toMatchObject({ ...before, name: 'All of them' })
  })
})
