import { createServer, type IncomingMessage } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { connectTo, type Sink, startSink } from '../mail/mail.testing.ts'
import { masked } from './rules.ts'

const desk = useDesk()
let relay: Sink
beforeAll(async () => {
  relay = await startSink()
})
beforeEach(() => {
  relay.taken.length = 0
  connectTo(desk.kernel, relay)
})
afterAll(() => relay.stop())

const sent = () => relay.taken.map(({ to, raw }) => ({ to: to.join(), text: raw.replace(/=\r?\n/g, '').replaceAll('=3D', '=') }))
const codeIn = (text: string) => /(?:code:|code is)\s+(\d{6})/.exec(text)?.[1] ?? ''

/** A password ticket of somebody who has been known for two days. */
async function passwordTicket(more: { manager?: TestPerson; requester?: TestPerson } = {}) {
  const agent = await desk.person('agent')
  const caller = more.requester ?? (await desk.person('requester', { name: 'Marta Kern' }))
  if (more.manager)
    await desk.kernel.asSystem(({ db }) => sql`update person set line_manager_id = ${more.manager!.id} where id = ${caller.id}`.execute(db))
  desk.clock.advance({ hours: 48 })
  const categories = (await desk.call('GET /api/categories', { as: agent })).items
  const categoryId = categories.find((one) => one.key === 'access.password')!.id
  const ticket = await desk.call('POST /api/tickets', {
    as: agent,
    body: { subject: 'New password', requesterId: caller.id, categoryId, channel: 'phone', acknowledge: false },
  })
  return { agent, caller, ticket, id: ticket.id }
}
const standing = (as: TestPerson, id: string) => desk.call('GET /api/tickets/:id/verification', { as, params: { id } })
const begin = (as: TestPerson, id: string, method: 'mail' | 'sms' | 'manager') =>
  desk.call('POST /api/tickets/:id/verifications', { as, params: { id }, body: { method } })
const resolve = async (as: TestPerson, id: string) => {
  const { version } = await desk.call('GET /api/tickets/:id', { as, params: { id } })
  return { as, params: { id }, ifMatch: version, body: { code: 'solved' as const, text: 'Set anew.', tell: false } }
}
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

it('SD-1 a password is given to nobody who is not verified: neither resolved nor answered, until the code is read out', async () => {
  const { agent, id } = await passwordTicket()
  expect(await standing(agent, id)).toMatchObject({ needed: true, verified: null, can: { verify: true, waive: false } })
  await desk.refused('verification_needed', 'POST /api/tickets/:id/resolve', await resolve(agent, id))
  await desk.refused('verification_needed', 'POST /api/tickets/:id/replies', { as: agent, params: { id }, body: { body: 'It is Summer1' } })
  // A note, what was said on the phone, and a question back are no answers.
  await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id }, body: { body: 'Sounds odd.', internal: true } })
  const waiting = (await desk.call('GET /api/statuses', { as: agent })).items.find((one) => one.meaning === 'waiting-requester')!
  await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id }, body: { body: 'Please call us.', statusId: waiting.id } })
  const made = await begin(agent, id, 'mail')
  await desk.work()
  const mail = sent().at(-1)!
  expect(mail.to).toContain('@people.example')
  const done = await desk.call('POST /api/verifications/:id/code', {
    as: agent,
    params: { id: made.id },
    body: { code: codeIn(mail.text) },
  })
  expect(done.state).toBe('verified')
  expect((await standing(agent, id)).verified).toMatchObject({ id: made.id, method: 'mail', createdBy: { id: agent.id } })
  await desk.call('POST /api/tickets/:id/resolve', await resolve(agent, id))
  const timeline = (await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id } })).items.map((one) => one.type)
  expect(timeline).toEqual(expect.arrayContaining(['verification.requested', 'verification.passed', 'ticket.resolved']))
})

it('the code is shown to no agent: not in the answer, not in the outbox, not in the history, not in the database', async () => {
  const { agent, caller, id } = await passwordTicket()
  const made = await begin(agent, id, 'mail')
  expect(made.target).toBe(masked(caller.email))
  const before = await desk.kernel.asSystem(({ db }) =>
    sql<{
      text: string
    }>`select concat((select string_agg(o::text, ' ') from outbound_mail o), (select string_agg(e.data::text, ' ') from event e),
      (select string_agg(v::text, ' ') from verification v)) as text`.execute(db),
  )
  await desk.work()
  const code = codeIn(sent().at(-1)!.text)
  expect(code).toMatch(/^\d{6}$/)
  expect(before.rows[0]?.text).not.toContain(code)
  expect(JSON.stringify(made)).not.toContain(code)
  const outbox = await desk.ask('GET /api/mail/outbox', { as: agent })
  expect(outbox.text).not.toContain(code)
})

it('five wrong codes end it, and so do ten minutes', async () => {
  const { agent, id } = await passwordTicket()
  const made = await begin(agent, id, 'mail')
  await desk.work()
  const code = codeIn(sent().at(-1)!.text)
  const guess = () => desk.call('POST /api/verifications/:id/code', { as: agent, params: { id: made.id }, body: { code: wrong(code) } })
  for (const left of [4, 3, 2, 1]) expect(await guess()).toMatchObject({ state: 'pending', triesLeft: left })
  expect(await guess()).toMatchObject({ state: 'failed', triesLeft: 0 })
  await desk.refused('link_expired', 'POST /api/verifications/:id/code', { as: agent, params: { id: made.id }, body: { code } })
  const second = await begin(agent, id, 'mail')
  await desk.work()
  const late = codeIn(sent().at(-1)!.text)
  desk.clock.advance({ minutes: 11 })
  await desk.refused('link_expired', 'POST /api/verifications/:id/code', { as: agent, params: { id: second.id }, body: { code: late } })
})

it('a number or address that was entered within the last day is not trusted: that is how strangers take somebody over', async () => {
  const { agent, caller, id } = await passwordTicket()
  const person = await desk.call('GET /api/people/:id', { as: agent, params: { id: caller.id } })
  await desk.call('PATCH /api/people/:id', {
    as: agent,
    params: { id: caller.id },
    ifMatch: person.version,
    body: { email: 'stranger@elsewhere.example' },
  })
  expect((await standing(agent, id)).ways.find((way) => way.method === 'mail')).toMatchObject({ usable: false, why: 'too-new' })
  const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/verifications', {
    as: agent,
    params: { id },
    body: { method: 'mail' },
  })
  expect(refused.issues?.[0]).toMatchObject({ path: 'method', code: 'too-new' })
  desk.clock.advance({ hours: 25 })
  expect((await standing(agent, id)).ways.find((way) => way.method === 'mail')?.usable).toBe(true)
})

it('the line manager gives their word by a single-use link; looking at it does nothing, and yourself is nobody’s witness', async () => {
  const manager = await desk.person('requester', { name: 'Olaf Chief' })
  const { agent, id } = await passwordTicket({ manager })
  const made = await begin(agent, id, 'manager')
  await desk.work()
  const mail = sent().at(-1)!
  expect(mail.to).toContain(manager.email)
  const token = /\/confirm\/([\w-]{22})/.exec(mail.text)?.[1] ?? ''
  expect(await desk.call('POST /api/confirmations/look', { body: { token } })).toMatchObject({
    person: 'Marta Kern',
    state: 'open',
    number: Number(id),
  })
  expect((await standing(agent, id)).verified).toBeNull()
  expect(await desk.call('POST /api/confirmations', { body: { token, answer: 'yes' } })).toMatchObject({ state: 'answered' })
  expect((await standing(agent, id)).verified?.id).toBe(made.id)
  // The second click changes nothing any more.
  await desk.call('POST /api/confirmations', { body: { token, answer: 'no' } })
  expect((await standing(agent, id)).verified?.id).toBe(made.id)
  await desk.refused('link_expired', 'POST /api/confirmations/look', { body: { token: 'x'.repeat(22) } })
  await desk.kernel.asSystem(({ db }) => sql`update person set line_manager_id = ${agent.id}`.execute(db))
  expect((await standing(agent, id)).ways.find((way) => way.method === 'manager')?.why).toBe('yourself')
})

it('who may goes on without, and the reason stands on the ticket; an agent may not', async () => {
  const { agent, id } = await passwordTicket()
  const lead = await desk.person('lead')
  await desk.refused('not_allowed', 'POST /api/tickets/:id/verifications/waive', {
    as: agent,
    params: { id },
    body: { reason: 'I know her.' },
  })
  await desk.call('POST /api/tickets/:id/verifications/waive', {
    as: lead,
    params: { id },
    body: { reason: 'Stands before me with her badge.' },
  })
  expect((await standing(agent, id)).verified).toMatchObject({
    method: 'waived',
    reason: 'Stands before me with her badge.',
    createdBy: { id: lead.id },
  })
  await desk.call('POST /api/tickets/:id/resolve', await resolve(agent, id))
  // What counted once does not count when it begins again.
  await desk.call('POST /api/tickets/:id/reopen', { as: agent, params: { id }, body: {} })
  expect((await standing(agent, id)).verified).toBeNull()
})

it('a verification counts for the same caller’s next ticket within the hour, and for nobody else', async () => {
  const { agent, caller, id, ticket } = await passwordTicket()
  const made = await begin(agent, id, 'mail')
  await desk.work()
  await desk.call('POST /api/verifications/:id/code', { as: agent, params: { id: made.id }, body: { code: codeIn(sent().at(-1)!.text) } })
  const again = async (requesterId: string) =>
    (await desk.call('POST /api/tickets', { as: agent, body: { subject: 'And my phone', requesterId, categoryId: ticket.category!.id } }))
      .id
  const next = await again(caller.id)
  expect((await standing(agent, next)).verified?.id).toBe(made.id)
  expect((await standing(agent, await again((await desk.person('requester')).id))).verified).toBeNull()
  desk.clock.advance({ minutes: 61 })
  expect((await standing(agent, next)).verified).toBeNull()
  expect((await standing(agent, id)).verified?.id).toBe(made.id)
})

it('so many codes an hour for one person, and no more', async () => {
  const { agent, id } = await passwordTicket()
  for (const _ of [1, 2, 3, 4, 5]) await begin(agent, id, 'mail')
  await desk.refused('too_many_requests', 'POST /api/tickets/:id/verifications', { as: agent, params: { id }, body: { method: 'mail' } })
  desk.clock.advance({ minutes: 61 })
  await begin(agent, id, 'mail')
})

it('requesters and those who do not see the ticket learn nothing of verifying', async () => {
  const { caller, id } = await passwordTicket()
  await desk.refused('not_allowed', 'GET /api/tickets/:id/verification', { as: caller, params: { id } })
  const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
  await desk.refused('not_found', 'GET /api/tickets/:id/verification', { as: limited, params: { id } })
})

it('a code goes by SMS to a mobile number that is known, in the form that Twilio takes', async () => {
  const heard: { url: string; authorization: string; form: URLSearchParams }[] = []
  const gateway = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const part of request) body += part
    heard.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '', form: new URLSearchParams(body) })
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"SM1","status":"queued"}')
  })
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
  try {
    const { port } = gateway.address() as { port: number }
    const chief = await desk.person('administrator')
    const requester = await desk.person('requester')
    await desk.kernel.asSystem(({ db, now }) =>
      sql`with p as (update person set phones = '[{"kind": "mobile", "number": "+49 171 5550001"}]' where id = ${requester.id})
        select ${now.toString()}`.execute(db),
    )
    await desk.kernel.asSystem(({ db, now }) => sql`update contact_point set since = ${now.toString()} where since is null`.execute(db))
    const { agent, id } = await passwordTicket({ requester })
    const sms = async () => (await standing(agent, id)).ways.find((way) => way.method === 'sms')
    expect(await sms()).toMatchObject({ usable: false, why: 'not-set-up' })
    const body = { sms: { baseUrl: `http://127.0.0.1:${port}`, account: 'AC1', sender: '+4930555', token: 'secret' } }
    const kept = await desk.call('PATCH /api/telephone/settings', { as: chief, body })
    expect(JSON.stringify(kept)).not.toContain('secret')
    expect(await sms()).toMatchObject({ usable: true, target: '+49 … 01' })
    const made = await begin(agent, id, 'sms')
    await desk.work()
    expect(heard[0]?.url).toBe('/2010-04-01/Accounts/AC1/Messages.json')
    expect(heard[0]?.authorization).toBe(`Basic ${Buffer.from('AC1:secret').toString('base64')}`)
    expect([heard[0]?.form.get('To'), heard[0]?.form.get('From')]).toEqual(['+491715550001', '+4930555'])
    const code = codeIn(heard[0]?.form.get('Body') ?? '')
    expect(await desk.call('POST /api/verifications/:id/code', { as: agent, params: { id: made.id }, body: { code } })).toMatchObject({
      state: 'verified',
    })
    // The token goes to the address that it was entered for.
    const elsewhere = { sms: { baseUrl: 'http://127.0.0.1:9', account: 'AC1', sender: '+4930555' } }
    expect(
      (await desk.refused('validation_failed', 'PATCH /api/telephone/settings', { as: chief, body: elsewhere })).issues?.[0]?.path,
    ).toBe('sms.token')
  } finally {
    gateway.close()
  }
})

it('which categories ask for it is chosen by an administrator', async () => {
  const { agent, id } = await passwordTicket()
  const chief = await desk.person('administrator')
  const { categoryIds } = await desk.call('GET /api/telephone/settings', { as: chief })
  expect(categoryIds).toHaveLength(3)
  await desk.call('PATCH /api/telephone/settings', { as: chief, body: { categoryIds: [] } })
  expect((await standing(agent, id)).needed).toBe(false)
  await desk.call('POST /api/tickets/:id/resolve', await resolve(agent, id))
})
