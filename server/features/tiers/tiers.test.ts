import { beforeEach, describe, expect, it } from 'vitest'
import type { BulkAction } from '../../../contract/views.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

/** What a team settles, takes and asks for; and the two ways in which a ticket goes up. */
const desk = useDesk()
type Named = { id: string; name: string }
let admin: TestPerson
let first: TestPerson
let second: TestPerson
let leader: TestPerson
let asker: TestPerson
let serviceDesk: Named
let network: Named
let database: Named
let category: Record<'network' | 'vpn' | 'printers', string>
beforeEach(async () => {
  admin = await desk.person('administrator', { name: 'Ada' })
  first = await desk.person('agent', { name: 'Finn First' })
  second = await desk.person('agent', { name: 'Sam Second' })
  leader = await desk.person('agent', { name: 'Lea Leads' })
  asker = await desk.person('requester')
  serviceDesk = await desk.team('Service Desk', 1, [first])
  network = await desk.team('Network', 2, [second])
  database = await desk.team('Database', 2)
  await desk.sandbox.client.query("insert into team_member (team_id, person_id, is_lead, since) values ($1, $2, 'yes', now())", [
    serviceDesk.id,
    leader.id,
  ])
  const add = async (en: string, parentId: string | null = null) =>
    (await desk.call('POST /api/categories', { as: admin, body: { name: { en, de: en }, parentId } })).id
  const net = await add('Networks')
  category = { network: net, vpn: await add('VPN tunnel', net), printers: await add('Printing') }
})
const duties = (team: Named, set: object, ifMatch = 1) =>
  desk.call('PUT /api/teams/:id/duties', {
    as: admin,
    params: { id: team.id },
    ifMatch,
    body: { settles: [], kinds: [], takes: [], asksFor: [], ...set } as never,
  })
const open = (more: object = {}) =>
  desk.call('POST /api/tickets', {
    as: first,
    body: { subject: 'No way in', requesterId: asker.id, teamId: serviceDesk.id, categoryId: category.vpn, ...more } as never,
  })
const resolving = { code: 'solved', text: 'Done', tell: false } as const
type Opened = Awaited<ReturnType<typeof open>>
const now = (ticket: { id: string }) => desk.call('GET /api/tickets/:id', { as: admin, params: { id: ticket.id } })
const resolve = (as: TestPerson, { id, version }: Opened, more = {}) =>
  ({ as, params: { id }, ifMatch: version, body: { ...resolving, ...more } }) as const
const pass = (as: TestPerson, { id, version }: Opened, to: Named, more: object = { note: 'Look' }) =>
  ({ as, params: { id }, ifMatch: version, body: { teamId: to.id, ...more } as never }) as const
const escalations = async (ticket: { id: string }, as = admin) =>
  (await desk.call('GET /api/tickets/:id/escalations', { as, params: { id: ticket.id } })).items
const bulk = async (action: BulkAction, ids: string[], as = first) => {
  const { id } = await desk.call('POST /api/bulk', { as, body: { action, ticketIds: ids } as never })
  await desk.call('POST /api/bulk/:id/run', { as, params: { id } })
  await desk.work()
  return desk.call('GET /api/bulk/:id', { as, params: { id } })
}
const types = async (ticket: { id: string }) =>
  (await desk.call('GET /api/tickets/:id/timeline', { as: first, params: { id: ticket.id } })).items.map(({ type }) => type)

describe('what a team settles', () => {
  it('is everything until it is said, and is changed by whoever looks after teams, with its version', async () => {
    expect(await desk.call('GET /api/teams/:id/duties', { as: first, params: { id: serviceDesk.id } })).toEqual({
      version: 1,
      settles: [],
      kinds: [],
      takes: [],
      asksFor: [],
    })
    expect(await duties(serviceDesk, { settles: [category.printers] })).toMatchObject({ version: 2, settles: [category.printers] })
    const put = { as: admin, params: { id: serviceDesk.id }, body: { settles: ['999999'], kinds: [], takes: [], asksFor: [] } }
    await desk.refused('version_stale', 'PUT /api/teams/:id/duties', { ...put, ifMatch: 1 })
    expect(await desk.refused('validation_failed', 'PUT /api/teams/:id/duties', { ...put, ifMatch: 2 })).toMatchObject({
      issues: [{ path: 'settles', code: 'unknown' }],
    })
    await desk.refused('not_allowed', 'PUT /api/teams/:id/duties', { ...put, as: first, ifMatch: 2 })
  })

  it('is all that its people resolve: another category is refused, named with the team that takes it', async () => {
    const vpn = await open()
    await desk.call('POST /api/tickets/:id/resolve', resolve(first, await open()))
    await duties(serviceDesk, { settles: [category.printers] })
    await duties(network, { takes: [category.network] })
    expect(await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', resolve(first, vpn))).toMatchObject({
      status: 409,
      here: 'Service Desk',
      what: 'VPN tunnel',
      names: ['Network'],
      nextTeam: { id: network.id },
    })
    expect(await now(vpn)).toMatchObject({ version: vpn.version, status: { meaning: 'new' } })
    // A printer is theirs, and so is what turned out to be one; what has no category may be anything.
    await desk.call('POST /api/tickets/:id/resolve', resolve(first, await open({ categoryId: category.printers })))
    await desk.call('POST /api/tickets/:id/resolve', resolve(first, await open(), { categoryId: category.printers }))
    await desk.call('POST /api/tickets/:id/resolve', resolve(first, await open({ categoryId: undefined })))
    await desk.refused('not_settled_here', 'POST /api/tickets', {
      as: first,
      body: {
        subject: 'At once',
        requesterId: asker.id,
        teamId: serviceDesk.id,
        categoryId: category.vpn,
        resolve: { code: 'solved', text: 'x' },
      },
    } as never)
  })

  it('holds for all below a category, and for kinds', async () => {
    await duties(serviceDesk, { settles: [category.network], kinds: ['request'] })
    await desk.call('POST /api/tickets/:id/resolve', resolve(first, await open({ kind: 'request' })))
    // No team takes it, and both above are as good: the next tier is named.
    expect(await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', resolve(first, await open()))).toMatchObject({
      what: 'incidents',
      names: ['Database'],
    })
  })

  it('binds neither its lead nor an administrator, nor the program; with no team above, the leads are named', async () => {
    await duties(serviceDesk, { settles: [category.printers] })
    await desk.call('POST /api/tickets/:id/resolve', resolve(leader, await open()))
    await desk.call('POST /api/tickets/:id/resolve', resolve(admin, await open()))
    for (const team of [network, database]) await desk.call('POST /api/teams/:id/archive', { as: admin, params: { id: team.id } })
    expect(await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', resolve(first, await open()))).toMatchObject({
      names: ['Lea Leads'],
      nextTeam: null,
    })
  })

  it('is judged for each ticket where many are resolved at once', async () => {
    const tickets = [await open(), await open({ categoryId: category.printers }), await open({ categoryId: category.printers })]
    await duties(serviceDesk, { settles: [category.printers] })
    const report = await bulk(
      { do: 'resolve', ...resolving } as BulkAction,
      tickets.map(({ id }) => id),
    )
    expect(report).toMatchObject({ counts: { done: 2, cannot: 1 }, reasons: [{ code: 'not_settled_here', count: 1 }] })
  })
})

describe('the next team', () => {
  it('is the one that takes the category, the nearest category first, and says why', async () => {
    await duties(database, { takes: [category.network] })
    await duties(network, { takes: [category.vpn] })
    const made = await open()
    const { items } = await desk.call('GET /api/tickets/:id/next-teams', { as: first, params: { id: made.id } })
    expect(items).toEqual([
      { team: { id: network.id, name: 'Network', tier: 2 }, why: 'takes', category: { id: category.vpn, name: 'VPN tunnel' } },
      { team: { id: database.id, name: 'Database', tier: 2 }, why: 'takes', category: { id: category.network, name: 'Networks' } },
    ])
    // Where none takes it, whoever is one tier up; a ticket that lies there already goes on among its equals only by its category.
    const other = await open({ categoryId: category.printers })
    const next = async (id: string) =>
      (await desk.call('GET /api/tickets/:id/next-teams', { as: first, params: { id } })).items.map((one) => [one.team.name, one.why])
    expect(await next(other.id)).toEqual([
      ['Database', 'next-tier'],
      ['Network', 'next-tier'],
    ])
    expect(await next((await open({ teamId: network.id })).id)).toEqual([['Database', 'takes']])
    await desk.refused('not_found', 'GET /api/tickets/:id/next-teams', {
      as: await desk.person('agent', { limitedTo: { teamId: database.id } }),
      params: { id: made.id },
    })
  })
})

describe('a team that asks for a hand-off note', () => {
  beforeEach(() => duties(network, { asksFor: ['found', 'expected'] }))

  it('gets no ticket without its parts, which are named; with them they are one note under headings', async () => {
    expect((await desk.call('GET /api/handoff-parts', { as: first })).items).toEqual([{ teamId: network.id, parts: ['found', 'expected'] }])
    const made = await open()
    expect(
      await desk.refused(
        'handoff_note_needed',
        'POST /api/tickets/:id/pass',
        pass(first, made, network, { note: 'Look', parts: { found: ' ', expected: 'Fix' } }),
      ),
    ).toMatchObject({ status: 409, team: 'Network', missing: ['found'], issues: [{ path: 'parts.found', code: 'handoff_found' }] })
    await desk.refused('handoff_note_needed', 'PATCH /api/tickets/:id', {
      as: first,
      params: { id: made.id },
      ifMatch: made.version,
      body: { teamId: network.id },
    })
    const untouched = await now(made)
    expect([untouched.team?.id, untouched.messages.length]).toEqual([serviceDesk.id, made.messages.length])
    await desk.call('POST /api/tickets/:id/pass', pass(first, made, network, { parts: { found: 'Two tunnels', expected: 'Open 500' } }))
    const after = await now(made)
    expect(after.team?.id).toBe(network.id)
    expect(after.messages.at(-1)).toMatchObject({
      internal: true,
      text: 'What was found\nTwo tunnels\n\nWhat is expected\nOpen 500',
    })
  })

  it('asks neither its own people, who fetch it, nor rules; other teams get any note', async () => {
    await desk.call('PATCH /api/tickets/:id', { as: second, params: { id: (await open()).id }, ifMatch: 1, body: { teamId: network.id } })
    const other = await open()
    await desk.refused('validation_failed', 'POST /api/tickets/:id/pass', pass(first, other, database, { note: ' ' }))
    await desk.call('POST /api/tickets/:id/pass', pass(first, other, database))
    await desk.call('POST /api/routing-rules', { as: admin, body: { name: 'All', teamId: network.id } as never })
    expect((await open({ teamId: undefined })).team?.id).toBe(network.id)
  })

  it('gets many with one note for all, and none without; what is taken back needs none', async () => {
    const ids = [(await open()).id, (await open()).id]
    expect(await bulk({ do: 'pass', teamId: network.id, note: 'Look' }, ids)).toMatchObject({
      counts: { cannot: 2 },
      reasons: [{ code: 'handoff_note_needed', count: 2 }],
    })
    const parts = { found: 'Both down', tried: '', expected: 'A look' }
    expect(await bulk({ do: 'pass', teamId: network.id, note: '', parts }, ids)).toMatchObject({ counts: { done: 2 } })
    for (const id of ids) expect((await now({ id })).messages.at(-1)?.text).toContain('Both down')
    expect((await escalations({ id: ids[0]! })).map(({ kind }) => kind)).toEqual(['functional'])
    // From the asking team away, and back by undoing.
    const away = await desk.call('POST /api/bulk', {
      as: first,
      body: { action: { do: 'pass', teamId: serviceDesk.id, note: 'Yours' }, ticketIds: ids } as never,
    })
    await desk.call('POST /api/bulk/:id/run', { as: first, params: { id: away.id } })
    await desk.work()
    await desk.call('POST /api/bulk/:id/undo', { as: first, params: { id: away.id } })
    await desk.work()
    expect((await now({ id: ids[0]! })).team?.id).toBe(network.id)
    expect((await escalations({ id: ids[0]! })).length).toBe(1)
  })

  it('gets from the phone what its parts say', async () => {
    const call = (more: object) =>
      ({
        as: first,
        body: { ending: 'send', personId: asker.id, subject: 'Calls', text: 'Calls', teamId: network.id, ...more } as never,
      }) as const
    const said = (await desk.ask('POST /api/calls', call({}))).body as unknown as { code: string }
    expect(said.code).toBe('handoff_note_needed')
    await desk.call('POST /api/calls', call({ parts: { found: 'No dial tone', expected: 'A new line' } }))
  })
})

describe('up to a higher tier', () => {
  it('is kept with who passed it and why, for each move up and for no other', async () => {
    const made = await open()
    await desk.call('POST /api/tickets/:id/pass', pass(first, made, network, { note: 'Beyond me' }))
    await desk.call('POST /api/tickets/:id/pass', pass(second, await now(made), database))
    await desk.call('POST /api/tickets/:id/pass', pass(second, await now(made), serviceDesk))
    await desk.call('PATCH /api/tickets/:id', {
      as: first,
      params: { id: made.id },
      ifMatch: (await now(made)).version,
      body: { teamId: network.id },
    })
    const up = await escalations(made)
    expect(up.map((one) => [one.kind, one.from?.name, one.to?.name, one.by?.name, one.why])).toEqual([
      ['functional', 'Service Desk', 'Network', 'Finn First', null],
      ['functional', 'Service Desk', 'Network', 'Finn First', 'Beyond me'],
    ])
    expect((await types(made)).filter((type) => type === 'ticket.escalated').length).toBe(2)
  })
})

describe('telling the manager', () => {
  const tell = (as: TestPerson, ticket: { id: string }, why = 'The customer leaves') =>
    desk.call('POST /api/tickets/:id/tell-manager', { as, params: { id: ticket.id }, body: { why } })
  const bell = async (as: TestPerson) =>
    (await desk.call('GET /api/notices', { as })).items.filter((one) => one.reasons.includes('escalated'))

  it('INC-16 rings the leads of the team, says who told whom and why, and is counted apart from moves', async () => {
    const made = await open()
    await desk.call('POST /api/tickets/:id/pass', pass(first, made, network))
    await desk.call('POST /api/tickets/:id/pass', pass(second, await now(made), serviceDesk))
    expect(await tell(first, made)).toMatchObject({
      kind: 'hierarchical',
      from: { id: serviceDesk.id },
      to: null,
      by: { id: first.id },
      why: 'The customer leaves',
      told: [{ id: leader.id, name: 'Lea Leads' }],
      settledAt: null,
    })
    expect(await bell(leader)).toMatchObject([{ actor: { id: first.id }, ticket: { id: made.id } }])
    expect(await bell(admin)).toEqual([])
    expect((await escalations(made)).map(({ kind }) => kind)).toEqual(['hierarchical', 'functional'])
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: first, params: { id: made.id } })
    const said = items.at(-1)
    expect(said).toMatchObject({ type: 'ticket.escalated', actor: { id: first.id }, data: { how: 'hierarchical', personIds: [leader.id] } })
    expect(Object.values(said?.names ?? {})).toEqual(expect.arrayContaining(['The customer leaves', 'Lea Leads']))
  })

  it('again adds to the one that is open, until it is dealt with; then it is a new one', async () => {
    const made = await open()
    const one = await tell(first, made)
    expect(await tell(second, made, 'Still')).toMatchObject({ id: one.id, again: [{ by: { id: second.id }, why: 'Still' }] })
    expect((await bell(leader)).length).toBe(1)
    const settle = (as: TestPerson) => ({ as, params: { id: one.id } })
    await desk.refused('not_allowed', 'POST /api/escalations/:id/settle', settle(second))
    expect(await desk.call('POST /api/escalations/:id/settle', settle(leader))).toMatchObject({
      settledBy: { id: leader.id },
      can: { settle: false },
    })
    await desk.call('POST /api/escalations/:id/settle', settle(leader))
    expect((await types(made)).filter((type) => type === 'ticket.escalation-settled').length).toBe(1)
    expect((await tell(first, made)).id).not.toBe(one.id)
    await desk.call('POST /api/tickets/:id/resolve', resolve(first, await now(made)))
    expect((await escalations(made)).map(({ settledAt }) => settledAt !== null)).toEqual([true, true])
  })

  it('tells the administrators where nobody leads, and the lead who tells it tells them too', async () => {
    expect((await tell(first, await open({ teamId: database.id }))).told.map(({ id }) => id)).toEqual([admin.id])
    expect((await tell(leader, await open())).told.map(({ id }) => id)).toEqual([admin.id])
    // Whoever sees one team only tells its lead like anybody else.
    const limited = await desk.person('agent', { limitedTo: { teamId: serviceDesk.id } })
    const made = await open()
    expect((await tell(limited, made)).told.map(({ id }) => id)).toEqual([leader.id])
    expect((await escalations(made, limited)).length).toBe(1)
    const elsewhere = await desk.person('agent', { limitedTo: { teamId: database.id } })
    await desk.refused('not_found', 'GET /api/tickets/:id/escalations', { as: elsewhere, params: { id: made.id } })
  })

  it('shows a requester nothing of it', async () => {
    const made = await open()
    const { id } = await tell(first, made)
    for (const name of ['GET /api/tickets/:id/escalations', 'GET /api/tickets/:id/next-teams'] as const)
      await desk.refused('not_allowed', name, { as: asker, params: { id: made.id } })
    await desk.refused('not_allowed', 'POST /api/tickets/:id/tell-manager', { as: asker, params: { id: made.id }, body: { why: 'Hurry' } })
    await desk.refused('not_allowed', 'POST /api/escalations/:id/settle', { as: asker, params: { id } })
    const shown = await desk.call('GET /api/tickets/:id/timeline', { as: asker, params: { id: made.id } })
    expect(shown.items.map(({ type }) => type)).not.toContain('ticket.escalated')
  })
})
