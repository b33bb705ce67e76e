import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { BulkAction, Condition, ViewQuery } from '../../../contract/views.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { actorOfPerson } from '../mail/access-agent.ts'
import { factsOf, inViews, matching, viewerOf } from './access-query.ts'
import { holds, testsOf } from './rules.ts'

const desk = useDesk()
let agent: TestPerson
let own: Map<string, string>
beforeEach(async () => {
  agent = await desk.person('agent')
  own = await ownFields()
})

const open = (subject: string, fields: Record<string, string | number> = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject, fields } })
const query = (...all: Condition[]): ViewQuery => ({ all, any: [] })
/** A day of the company's, whose midnight is not that of UTC. */
const dayFromNow = (days: number) => desk.clock.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate().add({ days }).toString()
async function asAgent<T>(work: (context: Parameters<Parameters<typeof desk.kernel.asSystem>[0]>[0]) => Promise<T>): Promise<T> {
  return desk.kernel.asSystem(async (context) => work({ ...context, actor: await actorOfPerson(context, agent.id) }))
}

const words = (text: string) => ({ en: text, de: text })
/** One of each type; their ids by their types. */
async function ownFields() {
  const choices = ['gold', 'silver'].map((key) => ({ key, label: words(key) }))
  const all = { level: 'choice', room: 'text', seats: 'number', due: 'date', approver: 'person', vendor: 'organisation' } as const
  const manager = await desk.person('manager')
  const made = new Map<string, string>()
  for (const [key, type] of Object.entries(all)) {
    const body = { key, label: words(key), type, ...(type === 'choice' ? { choices } : {}) }
    made.set(type, (await desk.call('POST /api/fields', { as: manager, body })).id)
  }
  return made
}
type OwnValues = Record<'choice' | 'text' | 'person' | 'organisation' | 'days', string[]>
function ownConditions(ids: ReadonlyMap<string, string>, held: OwnValues) {
  const of = (type: string, more: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record({ field: fc.constant('own'), fieldId: fc.constant(ids.get(type)), type: fc.constant(type), ...more })
  const values = (type: 'choice' | 'text' | 'person' | 'organisation') =>
    of(type, { op: fc.constantFrom('is', 'is-not'), values: fc.subarray(held[type], { minLength: 1 }) })
  const [first, middle, last] = held.days
  return fc.oneof(
    fc.oneof(...(['choice', 'text', 'person', 'organisation'] as const).map(values)),
    of('text', { op: fc.constantFrom('contains', 'lacks'), value: fc.constantFrom('sud', 'XXX', '7', '%') }),
    of('number', { op: fc.constantFrom('at-least', 'at-most', 'is', 'is-not'), value: fc.constantFrom(-0.5, 3, 12, 4) }),
    of('date', { op: fc.constantFrom('within', 'older', 'next'), days: fc.constantFrom(0, 5, 8, 9) }),
    of('date', { op: fc.constant('between'), from: fc.constantFrom(first, middle), to: fc.constantFrom(middle, last) }),
    fc.oneof(...[...ids.keys()].map((type) => of(type, { op: fc.constantFrom('empty', 'not-empty') }))),
  )
}

describe('own fields as conditions', () => {
  it('GEN-14 find in the database exactly those tickets of which they hold one by one', async () => {
    const asker = await desk.person('requester')
    const vendor = await desk.organisation()
    const values = [
      { level: 'gold', room: 'Süd 2.14', seats: 3, due: dayFromNow(0), approver: agent.id, vendor: vendor.id },
      { level: 'silver', room: 'x'.repeat(120), seats: -0.5, due: dayFromNow(-9), approver: asker.id },
      { room: '7', seats: 12, due: dayFromNow(5) },
      {},
    ]
    const ids: string[] = []
    for (const [n, fields] of values.entries()) ids.push((await open(`Ticket ${n}`, fields)).id)
    const condition = ownConditions(own, {
      choice: ['gold', 'silver'],
      text: ['Süd 2.14', 'süd 2.14', 'x'.repeat(100), 'x'.repeat(120)],
      person: ['me', asker.id],
      organisation: [vendor.id, '999'],
      days: [dayFromNow(-9), dayFromNow(0), dayFromNow(5)],
    }) as unknown as fc.Arbitrary<Condition>
    const asked = fc.record({ all: fc.array(condition, { maxLength: 2 }), any: fc.array(condition, { maxLength: 2 }) })
    let found = 0
    await asAgent(async (context) => {
      const viewer = viewerOf(context)
      await fc.assert(
        fc.asyncProperty(asked, async (one) => {
          const there = await sql<{ id: string }>`select t.id from ticket t where ${inViews(context)} and ${matching(one, viewer)}`.execute(
            context.db,
          )
          const tests = testsOf(one, viewer)
          const facts = await factsOf(context, ids, tests)
          found += there.rows.length
          const held = facts.filter((fact) => holds(fact, tests)).map((fact) => fact.id)
          expect(held.sort()).toEqual(there.rows.map((row) => row.id).sort())
        }),
        { numRuns: 120 },
      )
    })
    expect(found).toBeGreaterThan(100)
  })

  it('GEN-14 sets own fields of many at once, shows before where they do not fit, and takes them back', async () => {
    const [one, two] = [await open('one', { level: 'gold', room: '7' }), await open('two')]
    const bulk = (fields: Record<string, string | number | null>) =>
      desk.call('POST /api/bulk', { as: agent, body: { ticketIds: [one.id, two.id], action: { do: 'set', fields: { fields } } } })
    const held = async (id: string) => (await desk.call('GET /api/tickets/:id', { as: agent, params: { id } })).fields
    expect(await bulk({ level: 'gold' })).toMatchObject({ counts: { will: 1, same: 1 } })
    expect(await bulk({ seats: 'many' })).toMatchObject({ counts: { cannot: 2 }, reasons: [{ code: 'validation_failed', count: 2 }] })
    expect(await bulk({ nowhere: 1 })).toMatchObject({ counts: { cannot: 2 } })
    const { id } = await bulk({ level: 'silver', seats: 4, room: null })
    await desk.call('POST /api/bulk/:id/run', { as: agent, params: { id } })
    await desk.work()
    expect(await desk.call('GET /api/bulk/:id', { as: agent, params: { id } })).toMatchObject({ state: 'done', counts: { done: 2 } })
    expect([await held(one.id), await held(two.id)]).toEqual([
      { level: 'silver', seats: 4 },
      { level: 'silver', seats: 4 },
    ])
    await desk.call('POST /api/bulk/:id/undo', { as: agent, params: { id } })
    await desk.work()
    expect([await held(one.id), await held(two.id)]).toEqual([{ level: 'gold', room: '7' }, {}])
    const told = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: one.id } })
    const changes = told.items
      .filter((item) => item.type === 'ticket.changed')
      .map((item) => Object.keys(item.data.changes as object).sort())
    expect(changes).toEqual(Array(2).fill([`field.${own.get('choice')}`, `field.${own.get('number')}`, `field.${own.get('text')}`].sort()))
  })

  it('GEN-14 asks own fields as what they are: of the list, of many at once, and refused beside the field where they are not so', async () => {
    await open('urgent', { due: dayFromNow(0), seats: 9 })
    await open('later', { due: dayFromNow(20), seats: 10 })
    await open('no day')
    const due = own.get('date')!
    const soon = query({ field: 'own', fieldId: due, type: 'date', op: 'next', days: 7 })
    const view = await desk.call('POST /api/views', { as: agent, body: { name: 'Soon', query: soon } })
    expect((await desk.call('GET /api/views/:id/tickets', { as: agent, params: { id: view.id } })).items.map((row) => row.subject)).toEqual(
      ['urgent'],
    )
    const action: BulkAction = { do: 'tags', add: ['soon'], remove: [] }
    expect(await desk.call('POST /api/bulk', { as: agent, body: { viewId: view.id, action } })).toMatchObject({ counts: { will: 1 } })
    const count = async (one: Condition) => (await desk.call('POST /api/views/try', { as: agent, body: { query: query(one) } })).count
    expect(await count({ field: 'own', fieldId: due, type: 'date', op: 'empty' })).toBe(1)
    expect(await count({ field: 'own', fieldId: own.get('number')!, type: 'number', op: 'at-least', value: 10 })).toBe(1)
    const wrong = await desk.refused('validation_failed', 'POST /api/views', {
      as: agent,
      body: {
        name: 'x',
        query: {
          all: [
            { field: 'own', fieldId: '99999', type: 'text', op: 'empty' },
            { field: 'own', fieldId: due, type: 'number', op: 'is', value: 1 },
            { field: 'own', fieldId: own.get('choice')!, type: 'choice', op: 'is', values: ['gold', 'lead'] },
            { field: 'own', fieldId: own.get('person')!, type: 'person', op: 'is', values: ['99999'] },
          ],
        },
      },
    })
    expect(wrong.issues?.map((one) => [one.path, one.code])).toEqual([
      ['query.all.0.fieldId', 'unknown'],
      ['query.all.1.type', 'type'],
      ['query.all.2.values.1', 'unknown'],
      ['query.all.3.values.0', 'unknown'],
    ])
  })

  it('GEN-14 own fields are columns of what is taken along as CSV, in words', async () => {
    const vendor = await desk.organisation('Acme')
    await open('with', { level: 'gold', seats: -2.5, approver: agent.id, vendor: vendor.id })
    await open('without')
    const keys = ['subject', ...['choice', 'number', 'person', 'organisation'].map((type) => `own:${own.get(type)}`)]
    const body = { name: 'x', query: query({ field: 'open', is: true }), sort: 'oldest' as const }
    const columnsOf = (all: string[]) => ({ ...body, columns: all.map((key) => ({ key })) }) as never
    const view = await desk.call('POST /api/views', { as: agent, body: columnsOf(keys) })
    const name = (await desk.call('GET /api/people/:id', { as: agent, params: { id: agent.id } })).name
    expect((await desk.ask('GET /api/views/:id/csv', { as: agent, params: { id: view.id } })).text).toBe(
      ['\ufeff"Subject","level","seats","approver","vendor"', `"with","gold",-2.5,"${name}","Acme"`, '"without","","","",""', ''].join(
        '\r\n',
      ),
    )
    const table = await desk.call('GET /api/views/:id/table', { as: agent, params: { id: view.id }, query: { sort: 'newest' } })
    expect(table.columns.map(({ title }) => title)).toEqual(['Subject', 'level', 'seats', 'approver', 'vendor'])
    expect(table.items.map(({ ticket, own: held }) => [ticket.subject, ...Object.values(held)])).toEqual([
      ['without', '', '', '', ''],
      ['with', 'gold', '-2.5', name, 'Acme'],
    ])
    const wrong = await desk.refused('validation_failed', 'POST /api/views', { as: agent, body: columnsOf(['subject', 'own:99999']) })
    expect(wrong.issues).toMatchObject([{ path: 'columns.1.key', code: 'unknown' }])
  })

  it('GEN-14 an own field finds its tickets by the key of its values, not by reading all', async () => {
    for (let n = 0; n < 3; n++) await open(`Ticket ${n}`, { level: 'gold', seats: 1 })
    const asked = query({ field: 'own', fieldId: own.get('choice')!, type: 'choice', op: 'is', values: ['gold'] })
    const plan = await asAgent(async (context) => {
      await sql`set local enable_seqscan = off`.execute(context.db)
      const rows = await sql<Record<string, string>>`explain select t.id from ticket t where ${matching(asked, viewerOf(context))}`.execute(
        context.db,
      )
      return rows.rows.map((row) => Object.values(row)[0]).join('\n')
    })
    expect(plan).toMatch(/ticket_field_pkey[\s\S]*Index Cond: \(\(field_id = [\s\S]*value = /)
  })
})
