import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let admin: TestPerson
let agent: TestPerson
beforeEach(async () => {
  admin = await desk.person('administrator')
  agent = await desk.person('agent')
})
const rule = (more: object) =>
  desk.call('POST /api/automation/rules', {
    as: admin,
    body: { name: 'A rule', occasion: { on: 'event', events: ['created'] }, ...more } as never,
  })
const open = (more: object = {}) => desk.call('POST /api/tickets', { as: agent, body: { subject: 'Licences', ...more } as never })
const read = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })

describe('own fields in rules', () => {
  it('GEN-7 GEN-14 a rule asks them of the one ticket, and is switched off when its field is archived', async () => {
    const words = (text: string) => ({ en: text, de: text })
    const field = await desk.call('POST /api/fields', { as: admin, body: { key: 'seats', label: words('Seats'), type: 'number' } })
    const asked = (more: object) => ({ query: { all: [{ field: 'own', fieldId: field.id, type: 'number', ...more }] } })
    const large = await rule({ name: 'Large', ...asked({ op: 'at-least', value: 50 }), actions: [{ do: 'tags', add: ['large'] }] })
    await rule({ name: 'Unsaid', ...asked({ op: 'empty' }), actions: [{ do: 'tags', add: ['unsaid'] }] })
    const tickets = [await open({ fields: { seats: 80 } }), await open({ fields: { seats: 8 } }), await open()]
    await desk.work()
    expect(await Promise.all(tickets.map(async ({ id }) => (await read(id)).tags))).toEqual([['large'], [], ['unsaid']])
    expect(large.names).toEqual({ [`field-number:${field.id}`]: 'Seats' })
    const { version } = (await desk.call('GET /api/fields', { as: admin })).items.find((one) => one.id === field.id)!
    await desk.call('PATCH /api/fields/:id', { as: admin, params: { id: field.id }, ifMatch: version, body: { archived: true } })
    expect(await desk.call('GET /api/automation/rules/:id', { as: admin, params: { id: large.id } })).toMatchObject({
      on: false,
      offWhy: 'broken',
      broken: [`field-number:${field.id}`],
    })
    expect((await desk.call('GET /api/notices', { as: admin })).items.map((n) => n.about)).toContain('rule-off')
    const refused = await desk.refused('validation_failed', 'POST /api/automation/rules', {
      as: admin,
      body: { name: 'x', occasion: { on: 'event', events: ['created'] }, actions: [{ do: 'stop' }], ...asked({ op: 'empty' }) } as never,
    })
    expect(refused.issues).toMatchObject([{ path: 'query.all.0.fieldId', code: 'unknown' }])
  })
})
