import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let manager: TestPerson
let lead: TestPerson
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  manager = await desk.person('manager')
  lead = await desk.person('lead')
  agent = await desk.person('agent')
  asker = await desk.person('requester')
})
const statuses = async () => (await desk.call('GET /api/statuses', { as: manager })).items
const of = async (meaning: string) => (await statuses()).find((s) => s.meaning === meaning)!
const open = () => desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
const read = (id: string, as = agent) => desk.call('GET /api/tickets/:id', { as, params: { id } })
const move = (id: string, version: number, statusId: string, as = agent) => ({ as, params: { id }, ifMatch: version, body: { statusId } })
const add = (name: string, meaning: 'open' | 'waiting-vendor' | 'resolved' = 'open') =>
  desk.call('POST /api/statuses', { as: manager, body: { meaning, name: { en: name, de: name } } })

describe('statuses of the company', () => {
  it('INC-8 several have one meaning; the first of them is the one that the desk itself sets', async () => {
    const testing = await add('Being tested')
    expect((await statuses()).map((s) => s.name.en).slice(0, 3)).toEqual(['New', 'In progress', 'Being tested'])
    const first = await open()
    const tested = await desk.call('PATCH /api/tickets/:id', move(first.id, 1, testing.id))
    expect(tested.status).toMatchObject({ name: 'Being tested', meaning: 'open' })
    const ids = (await statuses()).map((s) => s.id)
    await desk.call('PUT /api/statuses/order', { as: manager, body: { ids: [testing.id, ...ids.filter((id) => id !== testing.id)] } })
    const second = await open()
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: second.id }, body: { body: 'On it.' } })
    expect((await read(second.id)).status.name).toBe('Being tested')
    await desk.refused('validation_failed', 'PUT /api/statuses/order', { as: manager, body: { ids: [testing.id] } })
  })

  it('one taken out of use asks for another, gives it to its tickets with a line in each history, and loses none', async () => {
    const testing = await add('Being tested')
    const wait = await add('At the workshop', 'waiting-vendor')
    const tickets = [await open(), await open(), await open()]
    for (const { id } of tickets) await desk.call('PATCH /api/tickets/:id', move(id, 1, testing.id))
    const params = { as: manager, params: { id: testing.id } }
    const inProgress = await of('open')
    expect(await desk.call('GET /api/statuses/:id/use', params)).toMatchObject({ tickets: 3, needed: false, replacements: [inProgress.id] })
    const asked = await desk.refused('still_in_use', 'POST /api/statuses/:id/archive', { ...params, body: {} })
    expect(asked).toMatchObject({ tickets: 3, replacements: [inProgress.id] })
    const foreign = await desk.refused('validation_failed', 'POST /api/statuses/:id/archive', {
      ...params,
      body: { replacementId: wait.id },
    })
    expect(foreign.issues?.[0]?.path).toBe('replacementId')
    await desk.call('POST /api/statuses/:id/archive', { ...params, body: { replacementId: inProgress.id } })
    // Between the two nobody takes it any more, and what has it is worked on as before.
    await desk.refused('validation_failed', 'PATCH /api/tickets/:id', move((await open()).id, 1, testing.id))
    expect((await read(tickets[0]!.id)).status.name).toBe('Being tested')
    await desk.call('PATCH /api/tickets/:id', { as: agent, params: { id: tickets[2]!.id }, ifMatch: 2, body: { subject: 'B' } })
    await desk.work()
    for (const { id } of tickets) expect((await read(id)).status).toMatchObject({ id: inProgress.id, meaning: 'open' })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: tickets[0]!.id } })
    expect(items.at(-1)).toMatchObject({ rule: 'status-merged', data: { changes: { status_id: [testing.id, inProgress.id] } } })
    expect(items.at(-1)?.names[`status:${testing.id}`]).toBe('Being tested')
    const { ticketJobs } = await import('./jobs.ts')
    await ticketJobs['tickets.merge-statuses']?.(desk.kernel, {})
    expect((await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: tickets[0]!.id } })).items.length).toBe(
      items.length,
    )
  })

  it('the last one of a meaning that the desk itself sets stays', async () => {
    for (const meaning of ['new', 'open', 'resolved', 'closed'])
      expect(
        await desk.refused('still_in_use', 'POST /api/statuses/:id/archive', {
          as: manager,
          params: { id: (await of(meaning)).id },
          body: {},
        }),
      ).toMatchObject({
        needed: true,
      })
    const record = await of('waiting-record')
    const { items } = await desk.call('POST /api/statuses/:id/archive', { as: manager, params: { id: record.id }, body: {} })
    expect(items.some((s) => s.meaning === 'waiting-record')).toBe(false)
    expect((await desk.call('GET /api/statuses', { as: manager, query: { archived: true } })).items).toMatchObject([{ id: record.id }])
    await desk.refused('not_allowed', 'POST /api/statuses/:id/restore', { as: lead, params: { id: record.id } })
    const back = await desk.call('POST /api/statuses/:id/restore', { as: manager, params: { id: record.id } })
    expect(back.items.filter((s) => s.meaning === 'waiting-record')).toMatchObject([{ id: record.id }])
    await desk.refused('not_found', 'POST /api/statuses/:id/restore', { as: manager, params: { id: record.id } })
  })

  it('are changed by who may, with the version that was seen', async () => {
    const status = await of('open')
    const body = { name: { en: 'Working', de: 'In Mache' } }
    const call = { as: manager, params: { id: status.id }, ifMatch: 1, body }
    await desk.call('PATCH /api/statuses/:id', call)
    expect((await desk.refused('version_stale', 'PATCH /api/statuses/:id', call))['current']).toMatchObject({ name: body.name, version: 2 })
    await desk.refused('not_allowed', 'POST /api/statuses', { as: lead, body: { meaning: 'open', name: body.name } })
  })
})

describe('allowed moves', () => {
  const allow = async (list: [string, string, 'agent' | 'lead' | 'manager'][]) => {
    const moves = await Promise.all(
      list.map(async ([from, to, leastRole]) => ({ fromId: (await of(from)).id, toId: (await of(to)).id, leastRole })),
    )
    return desk.call('PUT /api/status-moves', { as: manager, body: { moves } })
  }

  it('GEN-2 say by role who moves a ticket where by hand: setting, answering, resolving, closing and reopening alike', async () => {
    await allow([
      ['new', 'open', 'agent'],
      ['open', 'waiting-vendor', 'lead'],
      ['open', 'resolved', 'agent'],
      ['resolved', 'closed', 'lead'],
      ['resolved', 'open', 'manager'],
    ])
    const [inProgress, vendor] = [await of('open'), await of('waiting-vendor')]
    const { id } = await open()
    const params = { params: { id } }
    await desk.refused('status_move_refused', 'PATCH /api/tickets/:id', move(id, 1, vendor.id))
    await desk.refused('status_move_refused', 'POST /api/tickets/:id/resolve', {
      as: agent,
      ...params,
      ifMatch: 1,
      body: { code: 'solved' },
    })
    const opened = await desk.call('PATCH /api/tickets/:id', move(id, 1, inProgress.id))
    await desk.refused('status_move_refused', 'POST /api/tickets/:id/replies', {
      as: agent,
      ...params,
      body: { body: 'x', statusId: vendor.id },
    })
    const done = await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      ...params,
      ifMatch: opened.version,
      body: { code: 'solved' },
    })
    await desk.refused('status_move_refused', 'POST /api/tickets/:id/close', { as: agent, ...params })
    await desk.refused('status_move_refused', 'POST /api/tickets/:id/reopen', { as: lead, ...params, body: {} })
    // The requester is bound by no table: their answer reopens, as ever.
    await desk.call('POST /api/tickets/:id/replies', { as: asker, ...params, body: { body: 'It is back.' } })
    const back = await read(id)
    expect(back).toMatchObject({ status: { meaning: 'open' }, version: done.version })
    expect((await desk.call('PATCH /api/tickets/:id', move(id, back.version, vendor.id, lead))).status.meaning).toBe('waiting-vendor')
  })

  it('without a table everything that makes sense is allowed, and an empty one is not a table', async () => {
    expect((await desk.call('GET /api/status-moves', { as: agent })).moves).toBeNull()
    await desk.refused('validation_failed', 'PUT /api/status-moves', { as: manager, body: { moves: [] } })
    const id = (await of('open')).id
    const wrong = await desk.refused('validation_failed', 'PUT /api/status-moves', {
      as: manager,
      body: {
        moves: [
          { fromId: id, toId: '999999', leastRole: 'agent' },
          { fromId: id, toId: id, leastRole: 'agent' },
        ],
      },
    })
    expect(wrong.issues?.map((i) => i.path)).toEqual(['moves.0.toId', 'moves.1'])
    await allow([['new', 'open', 'agent']])
    await desk.call('PUT /api/status-moves', { as: manager, body: { moves: null } })
    const made = await open()
    expect((await desk.call('PATCH /api/tickets/:id', move(made.id, 1, (await of('cancelled')).id))).status.meaning).toBe('cancelled')
  })
})

describe('snoozing', () => {
  const snooze = (id: string, until: string | null, as = agent) =>
    desk.call('PUT /api/tickets/:id/snooze', { as, params: { id }, body: { until } })
  const inView = async (view: 'all-open' | 'snoozed' | 'unassigned', as = agent) =>
    (await desk.call('GET /api/tickets', { as, query: { view } })).items.map((t) => t.id)
  const count = async (key: string, as = agent) =>
    (await desk.call('GET /api/tickets/views', { as })).items.find((v) => v.key === key)?.count

  it("takes a ticket out of my views and counts, of nobody else's, stops no clock, and rings me once when it is over", async () => {
    const { id } = await open()
    const other = await desk.person('agent')
    const until = desk.clock.now().add({ hours: 3 }).toString()
    const before = await read(id, other)
    await snooze(id, until)
    expect([await inView('all-open'), await inView('snoozed'), await count('all-open'), await count('snoozed')]).toEqual([[], [id], 0, 1])
    expect([await inView('all-open', other), await inView('snoozed', other), await count('snoozed', other)]).toEqual([[id], [], 0])
    expect(await read(id, other)).toEqual(before)
    expect((await read(id)).snoozedUntil).not.toBeNull()
    desk.clock.advance({ hours: 4 })
    const { ticketJobs } = await import('./jobs.ts')
    await ticketJobs['tickets.wake-snoozed']?.(desk.kernel, {})
    await ticketJobs['tickets.wake-snoozed']?.(desk.kernel, {})
    expect([await inView('all-open'), await inView('snoozed')]).toEqual([[id], []])
    const rung = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((n) => n.reason)
    expect([await rung(agent), await rung(other)]).toEqual([['snooze-over'], []])
    expect((await desk.call('GET /api/tickets/:id/timeline', { as: other, params: { id } })).items.map((e) => e.type)).toEqual([
      'ticket.created',
    ])
  })

  it('ends when the requester writes, not when we do; and by hand', async () => {
    const { id } = await open()
    const until = desk.clock.now().add({ hours: 3 }).toString()
    const write = (as: TestPerson, more = {}) =>
      desk.call('POST /api/tickets/:id/replies', { as, params: { id }, body: { body: 'x', ...more } })
    await snooze(id, until)
    await write(lead)
    expect(await inView('snoozed')).toEqual([id])
    await write(asker)
    expect(await inView('snoozed')).toEqual([])
    await snooze(id, until)
    await snooze(id, null)
    expect((await read(id)).snoozedUntil).toBeNull()
    const over = await desk.refused('validation_failed', 'PUT /api/tickets/:id/snooze', {
      as: agent,
      params: { id },
      body: { until: '2020-01-01T00:00:00Z' },
    })
    expect(over.issues?.[0]?.path).toBe('until')
  })
})
