import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo } from '../mail/mail.testing.ts'

const desk = useDesk()
let manager: TestPerson
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  manager = await desk.person('manager')
  agent = await desk.person('agent', { name: 'Ann' })
  asker = await desk.person('requester', { name: 'Otto Asks' })
})
const words = (text: string) => ({ en: text, de: `${text} (de)` })
type NewField = { type: 'text' | 'number' | 'choice' | 'date' | 'person' | 'organisation'; [more: string]: unknown }
const add = (key: string, more: NewField = { type: 'text' }) =>
  desk.call('POST /api/fields', { as: manager, body: { key, label: words(key), ...more } })
const levels = [
  { key: 'gold', label: words('Gold') },
  { key: 'silver', label: words('Silver') },
]
const open = (more: Record<string, unknown> = {}, as = agent) =>
  desk.call('POST /api/tickets', { as, body: { subject: 'Printer', ...(as === agent ? { requesterId: asker.id } : {}), ...more } })
const read = (id: string, as = agent) => desk.call('GET /api/tickets/:id', { as, params: { id } })
const edit = (id: string, version: number, body: Record<string, unknown>, as = agent) => ({ as, params: { id }, ifMatch: version, body })
const panel = async (id: string, as = agent) => (await desk.call('GET /api/tickets/:id/fields', { as, params: { id } })).items
const categoryId = async (key: string) => (await desk.call('GET /api/categories', { as: agent })).items.find((c) => c.key === key)!.id

describe('own fields', () => {
  it('a part that is split off keeps what its fields hold', async () => {
    await add('room')
    const made = await open({ fields: { room: '2.14' } })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: made.id }, body: { body: 'And the screen is dark.' } })
    const messages = (await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })).messages
    const part = await desk.call('POST /api/tickets/:id/split', {
      as: agent,
      params: { id: made.id },
      body: { messageIds: [messages.at(-1)!.id] },
    })
    expect((await read(part.id)).fields).toEqual({ room: '2.14' })
  })

  it('GEN-14 are added without code, hold what they are for, and stand in the ticket, its panel and its history', async () => {
    const org = await desk.organisation('Acme')
    await add('cost-centre')
    await add('seats', { type: 'number' })
    const level = await add('level', { type: 'choice', choices: levels })
    await add('needed', { type: 'date' })
    await add('approver', { type: 'person' })
    const vendor = await add('vendor', { type: 'organisation' })
    const made = await open({ fields: { level: 'gold', seats: 3 } })
    expect(made.fields).toEqual({ level: 'gold', seats: 3 })
    const values = {
      'cost-centre': 'Secret project',
      level: 'silver',
      needed: '2027-01-31',
      approver: asker.id,
      vendor: org.id,
      seats: null,
    }
    const changed = await desk.call('PATCH /api/tickets/:id', edit(made.id, made.version, { fields: values }))
    const { seats: _, ...held } = values
    expect(changed.fields).toEqual(held)
    expect((await panel(made.id)).map(({ key, value, shown }) => [key, value, shown])).toEqual([
      ['cost-centre', 'Secret project', 'Secret project'],
      ['seats', null, null],
      ['level', 'silver', 'Silver'],
      ['needed', '2027-01-31', '2027-01-31'],
      ['approver', asker.id, 'Otto Asks'],
      ['vendor', org.id, 'Acme'],
    ])
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: made.id } })
    const event = items.find((e) => e.type === 'ticket.changed')!
    const told = event.data['changes'] as Record<string, unknown>
    expect(told[`field.${level.id}`]).toEqual(['gold', 'silver'])
    expect(event.names).toMatchObject({
      [`field:${level.id}`]: 'level',
      [`field:${level.id}=gold`]: 'Gold',
      [`field:${vendor.id}=${org.id}`]: 'Acme',
    })
    // A text must be erasable, so the history knows only that it changed.
    expect(JSON.stringify(items)).not.toContain('Secret project')
  })

  it('all that is wrong is said at once beside the fields, and nothing is kept', async () => {
    await add('seats', { type: 'number' })
    await add('level', { type: 'choice', choices: levels })
    await add('approver', { type: 'person' })
    const made = await open()
    const wrong = { seats: 'many', level: 'brass', approver: '999999999', colour: 'red' }
    const problem = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', edit(made.id, made.version, { fields: wrong }))
    expect(problem.issues?.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'fields.seats number',
      'fields.level choice',
      'fields.colour unknown',
      'fields.approver unknown',
    ])
    expect(await read(made.id)).toMatchObject({ version: made.version, fields: {} })
  })

  it('nobody names a person or customer that they may not see', async () => {
    const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
    const stranger = await desk.person('requester', { organisationId: theirs.id })
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const ourAsker = await desk.person('requester', { organisationId: ours.id })
    await add('approver', { type: 'person' })
    await add('vendor', { type: 'organisation' })
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'x', requesterId: ourAsker.id } })
    const fields = { approver: stranger.id, vendor: theirs.id }
    const problem = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', edit(made.id, made.version, { fields }, limited))
    expect(problem.issues?.map(({ path }) => path)).toEqual(['fields.approver', 'fields.vendor'])
    await desk.call('PATCH /api/tickets/:id', edit(made.id, made.version, { fields }))
    expect((await panel(made.id, limited)).find((f) => f.key === 'vendor')?.shown).toBe('…')
  })

  it('GEN-3 by kind and category, mandatory by status: asked before it is resolved, by the API, the answer and the resolving alike', async () => {
    const hardware = await categoryId('hardware')
    const printer = await categoryId('hardware.printer')
    await add('serial', { type: 'text', categoryIds: [hardware], mandatoryIn: ['resolved', 'waiting-vendor'] })
    await add('budget', { type: 'number', kinds: ['request'], mandatoryIn: ['resolved'] })
    const resolve = (version: number, more = {}) => ({
      as: agent,
      params: { id },
      ifMatch: version,
      body: { code: 'solved' as const, ...more },
    })
    const { id, version } = await open({ categoryId: printer })
    const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/resolve', resolve(version))
    expect(refused.issues).toEqual([{ path: 'fields.serial', code: 'missing', message: 'Fill in “serial” first.' }])
    const vendor = (await desk.call('GET /api/statuses', { as: agent })).items.find((s) => s.meaning === 'waiting-vendor')!.id
    await desk.refused('validation_failed', 'PATCH /api/tickets/:id', edit(id, version, { statusId: vendor }))
    await desk.refused('validation_failed', 'POST /api/tickets/:id/replies', {
      as: agent,
      params: { id },
      body: { body: 'Sent in.', statusId: vendor },
    })
    const done = await desk.call('POST /api/tickets/:id/resolve', resolve(version, { fields: { serial: 'C02' } }))
    expect(done).toMatchObject({ fields: { serial: 'C02' }, status: { meaning: 'resolved' } })
    const emptied = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', edit(id, done.version, { fields: { serial: null } }))
    expect(emptied.issues?.[0]).toMatchObject({ path: 'fields.serial', code: 'missing' })
    const software = await open({ categoryId: await categoryId('software') })
    await desk.call('POST /api/tickets/:id/resolve', { ...resolve(software.version), params: { id: software.id } })
  })

  it('what is mandatory from the start is asked of whoever opens it, and keeps no mail out', async () => {
    await add('building', { type: 'text', mandatoryIn: ['new'], audience: 'portal' })
    await add('cost', { type: 'text', mandatoryIn: ['new'] })
    const body = { subject: 'Chair', requesterId: asker.id }
    const missing = async (as: TestPerson, more: object) =>
      (await desk.refused('validation_failed', 'POST /api/tickets', { as, body: { ...body, ...more } as never })).issues?.map((i) => i.path)
    expect(await missing(agent, {})).toEqual(['fields.building', 'fields.cost'])
    expect(await missing(asker, { requesterId: undefined })).toEqual(['fields.building'])
    expect(await missing(asker, { requesterId: undefined, fields: { building: 'B', cost: '1' } })).toEqual(['fields.cost'])
    const made = await open({ fields: { building: 'B' } }, asker)
    expect(made.fields).toEqual({ building: 'B' })
    const mailbox = await desk.mailbox()
    await sendTo(desk.kernel, { from: asker.email, to: [mailbox.address], subject: 'Came by mail' })
    await desk.work()
    expect((await desk.call('GET /api/tickets', { as: agent })).items[0]?.subject).toBe('Came by mail')
  })

  it('requesters see of them what is meant for them, and never that there are others', async () => {
    const secret = await add('suspicion')
    await add('room', { type: 'text', audience: 'requester' })
    const made = await open({ fields: { suspicion: 'Theft', room: '4.12' } })
    expect((await read(made.id, asker)).fields).toEqual({ room: '4.12' })
    expect((await panel(made.id, asker)).map((f) => f.key)).toEqual(['room'])
    expect((await desk.call('GET /api/fields', { as: asker })).items.map((f) => f.key)).toEqual(['room'])
    for (const query of [{ 'field.suspicion': 'Theft' }, { 'field.nothing': 'Theft' }])
      expect((await desk.refused('validation_failed', 'GET /api/tickets', { as: asker, query: query as never })).issues?.[0]?.code).toBe(
        'unknown',
      )
    const hidden = await desk.call('GET /api/tickets/:id/timeline', { as: asker, params: { id: made.id } })
    expect(JSON.stringify(hidden)).not.toContain(`field.${secret.id}`)
  })

  it('find tickets in lists, also by a long text and together', async () => {
    await add('level', { type: 'choice', choices: levels })
    await add('seats', { type: 'number' })
    await add('text')
    const long = 'x'.repeat(150)
    const gold = await open({ fields: { level: 'gold', seats: 2, text: `${long}a` } })
    await open({ fields: { level: 'gold', seats: 3, text: `${long}b` } })
    const found = async (query: Record<string, string>) =>
      (await desk.call('GET /api/tickets', { as: agent, query: query as never })).items.map((t) => t.id)
    expect((await found({ 'field.level': 'gold' })).length).toBe(2)
    expect(await found({ 'field.level': 'gold', 'field.seats': '2' })).toEqual([gold.id])
    expect(await found({ 'field.text': `${long}a` })).toEqual([gold.id])
    await desk.call('PATCH /api/tickets/:id', edit(gold.id, gold.version, { fields: { seats: 5 } }))
    expect(await found({ 'field.seats': '2' })).toEqual([])
    expect(await found({ 'field.seats': '5' })).toEqual([gold.id])
    expect(
      (await desk.refused('validation_failed', 'GET /api/tickets', { as: agent, query: { 'field.seats': 'two' } as never })).issues?.[0],
    ).toMatchObject({
      path: 'query.field.seats',
      code: 'number',
    })
  })
})

describe('changing fields while tickets hold something in them', () => {
  it('keeps the type, says how many tickets hold a choice, and archives instead of forgetting', async () => {
    const level = await add('level', { type: 'choice', choices: levels })
    const made = await open({ fields: { level: 'gold' } })
    const patch = (version: number, body: object) => ({ as: manager, params: { id: level.id }, ifMatch: version, body: body as never })
    expect(await desk.refused('still_in_use', 'PATCH /api/fields/:id', patch(1, { type: 'text', choices: [] }))).toMatchObject({
      tickets: 1,
    })
    expect(await desk.refused('still_in_use', 'PATCH /api/fields/:id', patch(1, { choices: [levels[1]] }))).toMatchObject({
      tickets: 1,
      names: ['gold'],
    })
    expect(await desk.call('GET /api/fields/:id/use', { as: manager, params: { id: level.id } })).toEqual({
      tickets: 1,
      more: false,
      choices: [
        { key: 'gold', tickets: 1, more: false },
        { key: 'silver', tickets: 0, more: false },
      ],
    })
    await desk.call('PATCH /api/fields/:id', patch(1, { choices: [{ ...levels[0], archived: true }, levels[1]] }))
    expect((await panel(made.id))[0]).toMatchObject({ value: 'gold', shown: 'Gold' })
    await desk.call('PATCH /api/fields/:id', patch(2, { archived: true }))
    expect((await panel(made.id))[0]).toMatchObject({ value: 'gold', asked: false })
    expect((await desk.call('GET /api/fields', { as: agent })).items).toEqual([])
    expect((await desk.call('GET /api/fields', { as: manager, query: { archived: 'true' } })).items.map((f) => f.key)).toEqual(['level'])
    expect((await desk.refused('version_stale', 'PATCH /api/fields/:id', patch(1, { archived: false })))['current']).toMatchObject({
      version: 3,
    })
  })

  it('each key once, each place once, choices only where there are some, and by who may', async () => {
    const [a, b] = [await add('a'), await add('b')]
    const body = { key: 'a', label: words('x'), type: 'text' as const }
    expect((await desk.refused('validation_failed', 'POST /api/fields', { as: manager, body })).issues?.[0]).toMatchObject({
      path: 'key',
      code: 'taken',
    })
    expect(
      (await desk.refused('validation_failed', 'POST /api/fields', { as: manager, body: { ...body, key: 'c', type: 'choice' } }))
        .issues?.[0]?.path,
    ).toBe('choices')
    await desk.refused('not_allowed', 'POST /api/fields', { as: agent, body: { ...body, key: 'c' } })
    const ordered = await desk.call('PUT /api/fields/order', { as: manager, body: { ids: [b.id, a.id] } })
    expect(ordered.items.map((f) => f.key)).toEqual(['b', 'a'])
    await desk.refused('validation_failed', 'PUT /api/fields/order', { as: manager, body: { ids: [b.id] } })
  })

  it('an erased ticket leaves nothing of them behind', async () => {
    await add('level', { type: 'choice', choices: levels })
    const made = await open({ fields: { level: 'gold' } })
    const lead = await desk.person('lead')
    await desk.call('POST /api/tickets/:id/remove', { as: lead, params: { id: made.id } })
    const left = () =>
      desk.kernel.asSystem(({ db }) =>
        sql<{ n: number }>`select count(*)::int as n from ticket_field where ticket_id = ${made.id}`.execute(db),
      )
    expect((await left()).rows[0]?.n).toBe(1)
    await desk.kernel.asSystem(({ db }) => sql`select firstline.erase_removed_tickets('2999-01-01')`.execute(db))
    expect((await left()).rows[0]?.n).toBe(0)
  })
})
