import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let manager: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  lead = await desk.person('lead')
  manager = await desk.person('manager')
})
const open = async (subject: string) => (await desk.call('POST /api/tickets', { as: agent, body: { subject, requesterId: agent.id } })).id
const restrict = (id: string) =>
  desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id }, body: { to: { personIds: [lead.id], teamIds: [] } } })

describe('another site in the same browser', () => {
  const form = 'application/x-www-form-urlencoded'
  const signIn = (headers: Record<string, string>, payload = 'email=a%40b.example&password=does-not-matter') =>
    desk.app.inject({ method: 'POST', url: '/api/sign-in/password', headers, payload })

  it('G-098 a form on another site signs nobody in as somebody else', async () => {
    const elsewhere = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: 'https://shop.desk.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of elsewhere) {
      const answer = await signIn({ 'content-type': form, ...headers })
      expect([answer.json().code, answer.headers['set-cookie']]).toEqual(['origin_refused', undefined])
    }
    // Our own page, and a program that is no browser, get as far as the password; they send no form.
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, {}]) {
      expect((await signIn({ 'content-type': form, ...headers })).statusCode).toBe(415)
      expect(
        (await signIn({ 'content-type': 'application/json', ...headers }, '{"email":"a@b.example","password":"wrong"}')).json().code,
      ).toBe('sign_in_failed')
    }
  })
})

describe('an agent of one customer', () => {
  it('F-070 gives no address to a person who belongs to another customer too, and so opens nothing of that one', async () => {
    const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const consultant = await desk.person('requester', { organisationId: theirs.id })
    const own = await desk.person('requester', { organisationId: ours.id })
    await desk.call('PATCH /api/people/:id', { as: lead, params: { id: consultant.id }, ifMatch: 1, body: { memberOf: [ours.id] } })
    const change = { as: limited, body: { email: 'mine@evil.example' } }
    await desk.refused('not_allowed', 'PATCH /api/people/:id', { ...change, params: { id: consultant.id }, ifMatch: 2 })
    const taken = { as: limited, params: { id: consultant.id }, ifMatch: 2, body: { department: 'Projects' } }
    expect((await desk.call('PATCH /api/people/:id', taken)).email).toBe(consultant.email)
    expect((await desk.call('PATCH /api/people/:id', { ...change, params: { id: own.id }, ifMatch: 1 })).email).toBe('mine@evil.example')
  })
})

describe('a ticket of one customer', () => {
  it('E-059 is opened to nobody of another customer, and placed at no site of theirs, by whoever does not see them', async () => {
    const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const asker = await desk.person('requester', { organisationId: ours.id })
    const stranger = await desk.person('requester', { organisationId: theirs.id })
    const site = async (organisationId: string) =>
      (await desk.call('POST /api/organisations/:id/sites', { as: lead, params: { id: organisationId }, body: { name: 'Harbour' } })).id
    const [here, there] = [await site(ours.id), await site(theirs.id)]
    const { id } = await desk.call('POST /api/tickets', { as: limited, body: { subject: 'Printer', requesterId: asker.id } })
    const edit = { as: limited, params: { id }, ifMatch: 1 }
    for (const [field, value] of [
      ['onBehalfOfId', stranger.id],
      ['siteId', there],
    ] as const) {
      const { issues } = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', { ...edit, body: { [field]: value } })
      expect(issues).toMatchObject([{ path: field, code: 'unknown' }])
    }
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: stranger, params: { id } })
    for (const as of [limited, asker]) {
      const body = { subject: 'Printer', body: 'Jam', siteId: there }
      expect((await desk.refused('validation_failed', 'POST /api/tickets', { as, body })).issues?.[0]?.path).toBe('siteId')
    }
    const given = { subject: 'Printer', requesterId: asker.id, assigneeId: stranger.id }
    expect((await desk.refused('validation_failed', 'POST /api/tickets', { as: limited, body: given })).issues?.[0]?.path).toBe(
      'assigneeId',
    )
    const moved = await desk.call('PATCH /api/tickets/:id', { ...edit, body: { onBehalfOfId: asker.id, siteId: here } })
    expect(moved.site?.id).toBe(here)
  })
})

describe('a ticket that went out of sight', () => {
  it('E-055 tells nothing of its tasks to who once wrote time on it', async () => {
    const id = await open('Printer')
    const mine = await desk.call('POST /api/tickets/:id/tasks', { as: agent, params: { id }, body: { title: 'Look at it' } })
    const entry = await desk.call('POST /api/tickets/:id/time', { as: agent, params: { id }, body: { minutes: 5, taskId: mine.id } })
    await restrict(id)
    const secret = await desk.call('POST /api/tickets/:id/tasks', { as: lead, params: { id }, body: { title: 'Tell the police' } })
    const { version } = (await desk.call('GET /api/time', { as: agent, query: { person: 'me' } })).items[0]!
    const guess = { as: agent, params: { id: entry.id }, ifMatch: version, body: { taskId: secret.id } }
    await desk.refused('validation_failed', 'PATCH /api/time/:id', guess)
    const [row] = (await desk.call('GET /api/time', { as: agent, query: { person: 'me' } })).items
    expect(row).toMatchObject({ id: entry.id, task: null, ticket: { subject: '' } })
    expect((await desk.call('GET /api/time', { as: lead })).items[0]?.task?.title).toBe('Look at it')
  })

  it('GEN-6 leaves no trace in what was done either, also where only an entry of time names it', async () => {
    const id = await open('Printer')
    await desk.call('POST /api/tickets/:id/time', { as: agent, params: { id }, body: { minutes: 5 } })
    const traces = async () => (await desk.ask('GET /api/audit', { as: manager, query: { limit: 200 } })).text
    expect(await traces()).toContain('time.added')
    await restrict(id)
    const text = await traces()
    expect(text).not.toContain('time.added')
    expect(text).not.toContain(`"ticketId":"${id}"`)
  })
})

describe('a cell of a CSV file', () => {
  it('H-103 is text also where it begins with a full-width sign or a line break, which spreadsheets take for formulas', async () => {
    const { id } = { id: await open('Printer') }
    for (const note of ['=1+1', '＝1+1', '＋1', '－1', '＠x', '\n=1+1'])
      await desk.call('POST /api/tickets/:id/time', { as: agent, params: { id }, body: { minutes: 5, note } })
    const { text } = await desk.ask('GET /api/time/csv', { as: agent })
    for (const cell of text.matchAll(/"((?:[^"]|"")*)"/g)) expect(cell[1]).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
  })
})
