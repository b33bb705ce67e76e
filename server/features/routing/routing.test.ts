import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let lead: TestPerson
let admin: TestPerson
let asker: TestPerson
let network: { id: string; name: string }
let printers: { id: string; name: string }
beforeEach(async () => {
  lead = await desk.person('lead')
  admin = await desk.person('administrator')
  asker = await desk.person('requester')
  network = await desk.team('Network', 2)
  printers = await desk.team('Printers', 1)
})
const add = (body: Record<string, unknown>) => desk.call('POST /api/routing-rules', { as: lead, body: { name: 'Rule', ...body } as never })
const open = (subject: string, more = {}) => desk.call('POST /api/tickets', { as: lead, body: { subject, requesterId: asker.id, ...more } })

describe('a new ticket', () => {
  it('is answered with the team that the first matching rule gives, and the history names the rule', async () => {
    await add({ name: 'VPN to Network', words: ['VPN'], teamId: network.id })
    await add({ name: 'Everything', teamId: printers.id })
    const made = await open('VPN is slow')
    expect(made).toMatchObject({ team: { id: network.id, name: 'Network' }, version: 1 })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: lead, params: { id: made.id } })
    expect(items.map((e) => [e.type, e.rule])).toEqual([
      ['ticket.created', null],
      ['ticket.assigned', 'VPN to Network'],
    ])
    expect((await open('Mouse')).team?.id).toBe(printers.id)
  })

  it('of a requester in the portal is routed too', async () => {
    await add({ words: ['toner'], teamId: printers.id })
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Help', body: 'No toner left' } })
    expect(made.team?.id).toBe(printers.id)
  })

  it('keeps the team that it came with', async () => {
    await add({ teamId: network.id })
    expect((await open('VPN', { teamId: printers.id })).team?.id).toBe(printers.id)
  })

  it("without a matching rule goes to its mailbox's team, and without one to nobody", async () => {
    const mailbox = await desk.mailbox(undefined, { teamId: network.id })
    await add({ words: ['toner'], teamId: printers.id })
    expect((await open('Mouse', { mailboxId: mailbox.id })).team?.id).toBe(network.id)
    expect((await open('Mouse')).team).toBeNull()
  })

  it('passes by a rule that is off, and one whose team is archived', async () => {
    const off = await add({ teamId: network.id, on: false })
    expect((await open('Mouse')).team).toBeNull()
    await desk.call('PATCH /api/routing-rules/:id', { as: lead, params: { id: off.id }, ifMatch: 1, body: { on: true } })
    expect((await open('Mouse')).team?.id).toBe(network.id)
    const [made] = (await desk.call('GET /api/tickets', { as: lead })).items
    await desk.call('PATCH /api/tickets/:id', { as: lead, params: { id: made!.id }, ifMatch: 1, body: { teamId: printers.id } })
    await desk.call('POST /api/teams/:id/archive', { as: lead, params: { id: network.id } })
    expect((await open('Mouse')).team).toBeNull()
  })

  it("in a category below the rule's category meets the rule", async () => {
    const { items } = await desk.call('GET /api/categories', { as: lead })
    const top = items.find((c) => c.key === 'network')!
    const below = items.find((c) => c.parentId === top.id)!
    await add({ categoryId: top.id, teamId: network.id })
    expect((await open('Slow', { categoryId: below.id })).team?.id).toBe(network.id)
  })
})

describe('the rules', () => {
  it('are tried without opening a ticket', async () => {
    const rule = await add({ words: ['vpn'], teamId: network.id })
    expect((await desk.call('POST /api/routing-rules/try', { as: lead, body: { subject: 'my vpn' } })).rule).toMatchObject({
      id: rule.id,
      team: { name: 'Network' },
    })
    expect((await desk.call('POST /api/routing-rules/try', { as: lead, body: { subject: 'mouse' } })).rule).toBeNull()
  })

  it('are put into another order, and an order made from an old list is refused', async () => {
    const [a, b] = [await add({ name: 'A', teamId: network.id }), await add({ name: 'B', teamId: printers.id })]
    const { items } = await desk.call('PUT /api/routing-rules/order', { as: lead, body: { ids: [b.id, a.id] } })
    expect(items.map((r) => r.name)).toEqual(['B', 'A'])
    expect((await open('x')).team?.id).toBe(printers.id)
    await desk.refused('validation_failed', 'PUT /api/routing-rules/order', { as: lead, body: { ids: [a.id] } })
  })

  it('are changed with the version that was seen, and removed', async () => {
    const rule = await add({ teamId: network.id })
    const changed = await desk.call('PATCH /api/routing-rules/:id', {
      as: lead,
      params: { id: rule.id },
      ifMatch: 1,
      body: { name: 'Other', teamId: printers.id },
    })
    expect(changed).toMatchObject({ name: 'Other', version: 2, team: { id: printers.id } })
    await desk.refused('version_stale', 'PATCH /api/routing-rules/:id', {
      as: lead,
      params: { id: rule.id },
      ifMatch: 1,
      body: { name: 'x' },
    })
    await desk.call('DELETE /api/routing-rules/:id', { as: lead, params: { id: rule.id } })
    expect((await desk.call('GET /api/routing-rules', { as: lead })).items).toEqual([])
  })

  it('name only what exists, and only who may edits them', async () => {
    const problem = await desk.refused('validation_failed', 'POST /api/routing-rules', { as: lead, body: { name: 'x', teamId: '999999' } })
    expect(problem.issues?.[0]?.path).toBe('teamId')
    const agent = await desk.person('agent')
    await desk.refused('not_allowed', 'POST /api/routing-rules', { as: agent, body: { name: 'x', teamId: network.id } })
  })
})

describe('categories and statuses', () => {
  it('a category is added, renamed, moved and archived, and never stands below itself', async () => {
    const name = { en: 'Robots', de: 'Roboter' }
    const { id } = await desk.call('POST /api/categories', { as: admin, body: { name } })
    const arm = await desk.call('POST /api/categories', { as: admin, body: { name: { en: 'Arm', de: 'Arm' }, parentId: id } })
    await desk.refused('validation_failed', 'PATCH /api/categories/:id', { as: admin, params: { id }, body: { parentId: arm.id } })
    await desk.call('PATCH /api/categories/:id', {
      as: admin,
      params: { id: arm.id },
      body: { parentId: null, archived: true, name: { en: 'Arms', de: 'Arme' } },
    })
    const { items } = await desk.call('GET /api/categories', { as: admin })
    expect(items.find((c) => c.id === arm.id)).toMatchObject({ parentId: null, archived: true, name: { en: 'Arms' } })
  })

  it('a status is renamed and keeps its meaning', async () => {
    const { items } = await desk.call('GET /api/statuses', { as: admin })
    const status = items.find((s) => s.meaning === 'open')!
    await desk.call('PATCH /api/statuses/:id', {
      as: admin,
      params: { id: status.id },
      ifMatch: 1,
      body: { name: { en: 'Working', de: 'In Mache' } },
    })
    expect((await desk.call('GET /api/statuses', { as: admin })).items.find((s) => s.id === status.id)).toMatchObject({
      meaning: 'open',
      name: { en: 'Working' },
    })
    await desk.refused('not_allowed', 'PATCH /api/statuses/:id', {
      as: lead,
      params: { id: status.id },
      ifMatch: 2,
      body: { name: { en: 'x', de: 'x' } },
    })
  })
})
