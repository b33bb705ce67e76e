import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { signatures } from './rules.ts'

/** A real receiver on loopback, which answers as it is told to. */
const desk = useDesk()
type Came = { headers: IncomingHttpHeaders; raw: string; body: { type: string; timestamp: string; data: Record<string, never> } }
let came: Came[]
let answers: (number | ((one: Came) => number))[]
let receiver: Server
let url: string
let admin: TestPerson
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  came = []
  answers = []
  receiver = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts).toString()
      const one = { headers: request.headers, raw, body: JSON.parse(raw) }
      came.push(one)
      const told = answers.shift() ?? 200
      response.writeHead(typeof told === 'function' ? told(one) : told, { location: 'http://127.0.0.1:1/' }).end('thanks '.repeat(400))
    })
  })
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  admin = await desk.person('administrator')
  agent = await desk.person('agent')
  asker = await desk.person('requester', { name: 'Jana Weber' })
})
afterEach(() => new Promise<void>((done) => void receiver.close(() => done())))

const add = (types: string[] = ['ticket.created', 'ticket.replied', 'ticket.changed'], more: object = {}) =>
  desk.call('POST /api/webhooks', { as: admin, body: { name: 'Stock', url, types, ...more } as never })
const open = (more: object = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer', requesterId: asker.id, ...more } })
const note = (id: string, body: string, internal = false) =>
  desk.call('POST /api/tickets/:id/replies', {
    as: internal ? agent : asker,
    params: { id },
    body: { body, ...(internal ? { internal } : {}) },
  })
const log = async (id: string, query = {}) =>
  (await desk.call('GET /api/webhooks/:id/deliveries', { as: admin, params: { id }, query })).items

describe('webhooks', () => {
  it('carry what happened, signed as the standard says; internal notes and restricted tickets never leave', async () => {
    const hook = await add()
    const ticket = await open()
    await note(ticket.id, 'It smokes.')
    await note(ticket.id, 'INTERNAL-NOTE-MARKER', true)
    const secret = await open({ subject: 'RESTRICTED-MARKER' })
    const lead = await desk.person('lead')
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: secret.id },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    await desk.work()
    expect(came.map((one) => [one.body.type, one.body.data.ticketId])).toEqual([
      ['ticket.created', ticket.id],
      ['ticket.replied', ticket.id],
    ])
    const first = came[0]!
    expect(first.body.data).toMatchObject({
      ticket: { id: ticket.id, subject: 'Printer', requester: { name: 'Jana Weber' }, url: `http://localhost:8080/tickets/${ticket.id}` },
    })
    const [key, at] = [String(first.headers['webhook-id']), Number(first.headers['webhook-timestamp'])]
    expect(Math.abs(at - desk.clock.now().epochMilliseconds / 1000)).toBeLessThan(2)
    expect(first.headers['webhook-signature']).toBe(signatures([hook.secret], key, at, first.raw))
    expect(came.map((one) => one.raw).join()).not.toMatch(/MARKER|It smokes/)
    const [newest] = await log(hook.id)
    expect(newest).toMatchObject({ state: 'delivered', tries: 1, lastStatus: 200, type: 'ticket.replied' })
    const full = await desk.call('GET /api/webhook-deliveries/:id', { as: admin, params: { id: newest!.id } })
    expect(full.allTries).toMatchObject([{ status: 200, cause: '' }])
    expect(full.allTries[0]!.answer).toHaveLength(1024)
  })

  it('FT-81 are tried for 72 hours in order, ticket by ticket, then fail; the webhook is switched off and its owner told', async () => {
    const hook = await add()
    const broken = await open({ subject: 'First' })
    await note(broken.id, 'Second thing')
    answers = [(one) => (one.body.type === 'ticket.created' ? 500 : 200)]
    await desk.work()
    // What failed holds up the same ticket only.
    const other = await open({ subject: 'Other' })
    await desk.work()
    expect(came.map((one) => [one.body.type, one.body.data.ticketId])).toEqual([
      ['ticket.created', broken.id],
      ['ticket.created', other.id],
    ])
    desk.clock.advance({ seconds: 6 })
    await desk.work()
    expect(came.slice(2).map((one) => one.body.type)).toEqual(['ticket.created', 'ticket.replied'])
    expect(came[2]!.headers['webhook-id']).toBe(came[0]!.headers['webhook-id'])
    answers = Array(20).fill(503)
    const last = await open({ subject: 'Never taken' })
    for (let hours = 0; hours < 80; hours++) {
      await desk.work()
      desk.clock.advance({ hours: 1 })
    }
    const [gone] = await log(hook.id, { state: 'failed' })
    expect(gone).toMatchObject({ ticketId: last.id, tries: 10, lastStatus: 503 })
    expect(await desk.call('GET /api/webhooks/:id', { as: admin, params: { id: hook.id } })).toMatchObject({ on: false, offWhy: 'failing' })
    expect((await desk.call('GET /api/notices', { as: admin })).items.map((one) => one.about)).toContain('webhook-off')
    const count = came.length
    await open({ subject: 'While off' })
    await desk.work()
    expect(came).toHaveLength(count)
  })

  it('are sent again, one or all of a time, under the same id and in their order; 410 ends it', async () => {
    const hook = await add(['ticket.created'])
    const since = desk.clock.now().toString()
    desk.clock.advance({ seconds: 1 })
    const tickets = [await open({ subject: 'A' }), await open({ subject: 'B' })]
    await desk.work()
    const [newest] = await log(hook.id)
    expect(await desk.call('POST /api/webhooks/:id/replay', { as: admin, params: { id: hook.id }, body: { ids: [newest!.id] } })).toEqual({
      count: 1,
      more: false,
    })
    await desk.work()
    expect(came[2]!.headers['webhook-id']).toBe(came[1]!.headers['webhook-id'])
    await desk.call('POST /api/webhooks/:id/replay', { as: admin, params: { id: hook.id }, body: { from: since } })
    await desk.work()
    expect(came.slice(3).map((one) => one.body.data.ticketId)).toEqual(tickets.map((one) => one.id))
    const empty = await desk.refused('validation_failed', 'POST /api/webhooks/:id/replay', { as: admin, params: { id: hook.id }, body: {} })
    expect(empty.issues).toMatchObject([{ path: 'from' }])
    answers = [410]
    await open({ subject: 'C' })
    await desk.work()
    expect(await desk.call('GET /api/webhooks/:id', { as: admin, params: { id: hook.id } })).toMatchObject({ on: false, offWhy: 'gone' })
  })

  it('change their secret without a gap: for a day both sign', async () => {
    const hook = await add([])
    const next = await desk.call('POST /api/webhooks/:id/secret', { as: admin, params: { id: hook.id } })
    expect(next.secret).toMatch(/^whsec_[\w+/=]{44}$/)
    const test = () => desk.call('POST /api/webhooks/:id/test', { as: admin, params: { id: hook.id } })
    await test()
    await desk.work()
    desk.clock.advance({ hours: 25 })
    await test()
    await desk.work()
    const signed = (one: Came, secrets: string[]) =>
      signatures(secrets, String(one.headers['webhook-id']), Number(one.headers['webhook-timestamp']), one.raw)
    expect(came[0]!.headers['webhook-signature']).toBe(signed(came[0]!, [next.secret, hook.secret]))
    expect(came[1]!.headers['webhook-signature']).toBe(signed(came[1]!, [next.secret]))
    expect(JSON.stringify(await desk.call('GET /api/webhooks', { as: admin }))).not.toContain('whsec_')
  })

  it('are the administrators’ alone; a note run twice is delivered once; redirects are not followed', async () => {
    await desk.refused('not_allowed', 'GET /api/webhooks', { as: await desk.person('manager') })
    const hook = await add(['ticket.created'])
    const payload = {
      ticketId: (await open()).id,
      key: 'k',
      events: [{ type: 'ticket.created', at: desk.clock.now().toString(), data: {} }],
    }
    const { webhookJobs } = await import('./jobs.ts')
    await webhookJobs['webhooks.note']!(desk.kernel, payload)
    await webhookJobs['webhooks.note']!(desk.kernel, payload)
    answers = [302]
    await desk.work()
    const all = await log(hook.id)
    expect(all).toHaveLength(2)
    expect(all.map((one) => one.lastStatus).sort()).toEqual([302, null].sort())
  })
})
