import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { conservation, expectNeverTold, readable } from '../../../test/oracles.ts'
import { connectTo, type Sink, sendTo, someMessageId, startSink, type Taken, type Written } from '../mail/mail.testing.ts'

const desk = useDesk()
const marker = 'SIDEMARKER41'
let sink: Sink
let agent: TestPerson
let colleague: TestPerson
let lead: TestPerson
let casey: TestPerson
let ticketId: string
beforeEach(async () => {
  sink = await startSink()
  connectTo(desk.kernel, sink)
  agent = await desk.person('agent', { name: 'Ann Ito' })
  colleague = await desk.person('agent', { name: 'Ben Ortiz' })
  lead = await desk.person('lead')
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  await desk.mailbox('help@desk.example')
  await write({ subject: 'Till does not open' })
  ticketId = (await desk.call('GET /api/tickets', { as: agent })).items[0]!.id
  await desk.call('POST /api/tickets/:id/take', { as: agent, params: { id: ticketId } })
})
afterEach(() => sink.stop())

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
type Entry = { id: string; verdict: string; reason: string; ticket_id: string | null }
async function write(mail: Written = {}): Promise<Entry> {
  const messageId = mail.messageId ?? someMessageId()
  await sendTo(desk.kernel, { to: ['help@desk.example'], ...mail, messageId })
  await desk.work()
  return (
    await query(
      sql<Entry>`select id, verdict, reason, ticket_id from inbound_mail where message_id = ${messageId} order by id desc limit 1`,
    )
  )[0]!
}
const open = async (more: Record<string, unknown> = {}, as = agent) => {
  const body = { subject: 'Drawer firmware', to: ['pat@vendor.example'], body: `Please look: ${marker}`, ...more }
  const side = await desk.call('POST /api/tickets/:id/sides', { as, params: { id: ticketId }, body })
  await desk.work()
  return side
}
const see = (as = agent) => desk.call('GET /api/tickets/:id', { as, params: { id: ticketId } })
const side = (id: string, as = agent) => desk.call('GET /api/sides/:id', { as, params: { id } })
const toVendor = (): Taken => sink.taken.findLast((mail) => mail.to.includes('pat@vendor.example'))!
const answering = (mail: Taken) => [`In-Reply-To: ${mail.header('Message-ID')}`, `References: ${mail.header('Message-ID')}`]
const vendor = { from: 'Pat <pat@vendor.example>', subject: 'Re: Drawer firmware', body: `Version 7 mends it. ${marker}` }
const bell = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((notice) => notice.reason)
const nobodyHears = async () => expectNeverTold(desk, casey, marker, sink.taken)

describe('a side conversation', () => {
  it('goes to the third party by mail, names nothing of the ticket, and stands beside it', async () => {
    const made = await open({ cc: ['boss@vendor.example'], reference: 'V-77' })
    expect(made).toMatchObject({
      state: 'open',
      reference: 'V-77',
      keepsWaiting: false,
      messages: [{ direction: 'out', author: { name: 'Ann Ito' } }],
    })
    const mail = toVendor()
    expect(mail.to.sort()).toEqual(['boss@vendor.example', 'pat@vendor.example'])
    const [text] = await readable([mail])
    expect(text).toContain(marker)
    for (const told of ['Till does not open', `#${ticketId}]`, 'casey', 'Casey']) expect(text, told).not.toContain(told)
    expect((await side(made.id)).messages[0]?.delivery?.state).toBe('sent')
    expect((await see()).messages).toHaveLength(1)
  })

  it('INC-25 an answer finds its side conversation by our secret, rings who has the ticket, and brings the ticket back from waiting', async () => {
    const made = await open({ wait: true })
    expect((await see()).status.meaning).toBe('waiting-vendor')
    expect(await write({ ...vendor, headers: answering(toVendor()) })).toMatchObject({
      verdict: 'followed-up',
      reason: 'side',
      ticket_id: ticketId,
    })
    expect(await side(made.id)).toMatchObject({
      keepsWaiting: false,
      answeredAt: expect.any(String),
      messages: [{}, { direction: 'in', from: { name: 'Pat' } }],
    })
    const ticket = await see()
    expect([ticket.status.meaning, ticket.messages.length]).toEqual(['open', 1])
    expect(await bell(agent)).toContain('side')
    const again = await desk.call('POST /api/sides/:id/messages', { as: agent, params: { id: made.id }, body: { body: 'Thank you.' } })
    expect(again.answeredAt).toBeNull()
    await nobodyHears()
  })

  it('INC-25 keeps the vendor’s number and the target, rings on the day of chasing, and reminds by one click', async () => {
    const made = await open({ reference: 'V-77', targetOn: '2030-05-01', chaseAt: desk.clock.now().add({ hours: 24 }).toString() })
    await desk.kernel.asSystem((context) => import('./actions-arriving.ts').then((m) => m.ringDueChases(context)))
    expect(await bell(agent)).not.toContain('side-chase')
    desk.clock.advance({ hours: 25 })
    for (const _ of [1, 2]) await desk.kernel.asSystem((context) => import('./actions-arriving.ts').then((m) => m.ringDueChases(context)))
    expect((await bell(agent)).filter((reason) => reason === 'side-chase')).toHaveLength(1)
    const before = sink.taken.length
    await desk.call('POST /api/sides/:id/remind', { as: agent, params: { id: made.id }, body: {} })
    await desk.work()
    const [text] = await readable(sink.taken.slice(before))
    expect(text).toContain('V-77')
    expect(text).toContain('May 1, 2030')
    expect(await side(made.id)).toMatchObject({ chaseAt: null, messages: [{}, { reminder: true }] })
    const changed = await desk.call('PATCH /api/sides/:id', { as: agent, params: { id: made.id }, ifMatch: 2, body: { reference: 'V-78' } })
    expect(changed).toMatchObject({ version: 3, reference: 'V-78' })
    await desk.refused('version_stale', 'PATCH /api/sides/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: 2,
      body: { reference: 'x' },
    })
  })

  it('is done and opened again, and an answer opens it by itself', async () => {
    const made = await open()
    expect(await desk.call('POST /api/sides/:id/done', { as: agent, params: { id: made.id } })).toMatchObject({
      state: 'done',
      doneBy: { id: agent.id },
    })
    expect(await desk.call('POST /api/sides/:id/reopen', { as: agent, params: { id: made.id } })).toMatchObject({ state: 'open' })
    await desk.call('POST /api/sides/:id/done', { as: agent, params: { id: made.id } })
    await write({ ...vendor, headers: answering(toVendor()) })
    expect(await side(made.id)).toMatchObject({ state: 'open' })
  })

  it('warns who writes while an answer came, once', async () => {
    const made = await open()
    const seen = made.messages.at(-1)!.id
    await write({ ...vendor, headers: answering(toVendor()) })
    const body = { body: 'Well?', seenMessageId: seen }
    await desk.refused('newer_message', 'POST /api/sides/:id/messages', { as: agent, params: { id: made.id }, body })
  })

  it('carries files of the ticket and uploads by choice, and theirs are taken over by choice', async () => {
    const payload =
      '--x\r\nContent-Disposition: form-data; name="f"; filename="log.txt"\r\nContent-Type: text/plain\r\n\r\nlines\r\n--x--\r\n'
    const headers = { authorization: `Bearer ${agent.token}`, 'content-type': 'multipart/form-data; boundary=x' }
    const uploaded = (await desk.app.inject({ method: 'POST', url: '/api/uploads', headers, payload })).json().items[0].id
    const made = await open({ uploadIds: [uploaded] })
    const file = made.messages[0]!.files[0]!
    expect(file.name).toBe('log.txt')
    expect((await readable([toVendor()]))[0]).toContain('lines')
    expect((await desk.ask('GET /api/side-files/:id', { as: colleague, params: { id: file.id } })).text).toBe('lines')
    const taken = await desk.call('POST /api/side-files/:id/take', { as: colleague, params: { id: file.id } })
    await desk.call('POST /api/tickets/:id/replies', {
      as: colleague,
      params: { id: ticketId },
      body: { body: 'See.', uploadIds: [taken.id] },
    })
    expect((await see()).messages.at(-1)?.attachments[0]?.name).toBe('log.txt')
    const other = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Other', requesterId: casey.id } })
    const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/sides', {
      as: agent,
      params: { id: other.id },
      body: { subject: 'x', to: ['pat@vendor.example'], body: 'y', attachmentIds: [(await see()).messages.at(-1)!.attachments[0]!.id] },
    })
    expect(refused.issues?.[0]?.path).toBe('attachmentIds')
  })

  it('suggests whom one wrote to before, of tickets that one sees', async () => {
    await open()
    expect((await desk.call('GET /api/sides/contacts', { as: colleague, query: { q: 'vend' } })).items).toEqual([
      { name: '', email: 'pat@vendor.example' },
    ])
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    expect((await desk.call('GET /api/sides/contacts', { as: limited, query: { q: 'vend' } })).items).toEqual([])
  })

  it('goes with a merged ticket, and home again when merging is undone', async () => {
    const made = await open()
    const other = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'The same', requesterId: casey.id } })
    const { mergeId } = await desk.call('POST /api/tickets/:id/merge', {
      as: agent,
      params: { id: ticketId },
      body: { intoId: other.id } as never,
    })
    expect((await side(made.id)).ticketId).toBe(other.id)
    expect(await write({ ...vendor, headers: answering(toVendor()) })).toMatchObject({ reason: 'side', ticket_id: other.id })
    await desk.call('POST /api/merges/:id/undo', { as: agent, params: { id: mergeId } } as never)
    expect((await side(made.id)).ticketId).toBe(ticketId)
  })
})

describe('B-030 a third party’s words never reach the requester', () => {
  it('even if the vendor puts the requester in Cc: it stays beside the ticket, and so does what the requester answers to it', async () => {
    const made = await open()
    const theirs = someMessageId()
    await write({ ...vendor, messageId: theirs, headers: [...answering(toVendor()), 'Cc: casey@customer.example'] })
    // Their program keeps only the mail that is answered.
    const reply = await write({
      subject: 'Re: Drawer firmware',
      headers: [`In-Reply-To: <${theirs}>`],
      body: `What is that?\r\n> ${marker}`,
    })
    expect(reply).toMatchObject({ verdict: 'followed-up', reason: 'side' })
    const tagged = await write({ subject: `Re: Drawer firmware ${made.tag}`, body: `And this?\r\n> ${marker}` })
    expect(tagged).toMatchObject({ verdict: 'followed-up', reason: 'side' })
    expect((await side(made.id)).messages.map((one) => [one.direction, one.from.email])).toEqual([
      ['out', agent.email],
      ['in', 'pat@vendor.example'],
      ['inside', casey.email],
      ['inside', casey.email],
    ])
    const ticket = await see()
    expect(ticket.messages).toHaveLength(1)
    await nobodyHears()
    expect(await conservation(desk, 4)).toEqual([])
  })

  it('the same mail without our secret and from an address that takes part would have joined the ticket', async () => {
    await open()
    expect(await write({ subject: `Re: Till [#${ticketId}]`, body: marker })).toMatchObject({
      verdict: 'followed-up',
      reason: 'subject-tag',
    })
    await expect(nobodyHears()).rejects.toThrow('reached')
  })

  it('an unknown sender with our secret waits in quarantine; let in, it stays beside the ticket', async () => {
    const made = await open()
    const entry = await write({ from: 'eve@evil.example', headers: answering(toVendor()), body: marker })
    expect(entry).toMatchObject({ verdict: 'quarantined', reason: 'unknown-token-sender' })
    expect((await side(made.id)).messages).toHaveLength(1)
    await desk.call('POST /api/mail/journal/:id/release', { as: lead, params: { id: entry.id }, body: { ticketId } } as never)
    await desk.work()
    expect((await side(made.id)).messages).toHaveLength(2)
    expect((await see()).messages).toHaveLength(1)
    await nobodyHears()
  })

  it('the tag alone lets a stranger in nowhere: their mail is a ticket of their own', async () => {
    const made = await open()
    expect(await write({ from: 'eve@evil.example', subject: `Re: ${made.tag}` })).toMatchObject({ verdict: 'created', reason: 'new' })
    expect((await side(made.id)).messages).toHaveLength(1)
  })

  it('an out-of-office note is kept, and answers nothing', async () => {
    const made = await open({ wait: true })
    await write({ ...vendor, headers: [...answering(toVendor()), 'Auto-Submitted: auto-replied'] })
    expect(await side(made.id)).toMatchObject({ keepsWaiting: true, answeredAt: null, messages: [{}, { automatic: expect.any(String) }] })
    expect(await bell(agent)).not.toContain('side')
  })

  it('whoever takes part in the ticket cannot be written to beside it, nor a mailbox of ours; each is named', async () => {
    const body = { subject: 'x', to: ['pat@vendor.example', 'CASEY@customer.example'], cc: ['help@desk.example'], body: 'y' }
    const { issues } = await desk.refused('validation_failed', 'POST /api/tickets/:id/sides', { as: agent, params: { id: ticketId }, body })
    expect(issues?.map((issue) => [issue.path, issue.code])).toEqual([
      ['to.1', 'takes_part'],
      ['cc.0', 'own_mailbox'],
    ])
    expect(sink.taken.some((mail) => mail.to.includes('pat@vendor.example'))).toBe(false)
  })

  it('a colleague who answers the bell’s mail writes beside the ticket, and nobody outside gets it', async () => {
    const made = await open()
    await desk.call('PUT /api/notices/choices', { as: agent, body: { byMail: ['side'], byBrowser: [] } })
    await write({ ...vendor, headers: answering(toVendor()) })
    desk.clock.advance({ minutes: 3 })
    await desk.kernel.asSystem((context) => import('../notices/actions-mail.ts').then((m) => m.mailDueNotices(context)))
    await desk.work()
    const notice = sink.taken.findLast((mail) => mail.to.includes(agent.email))!
    await query(sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)
    const before = sink.taken.length
    await write({ from: agent.email, headers: answering(notice), body: `Good, we take it. ${marker}` })
    expect((await side(made.id)).messages.at(-1)).toMatchObject({ direction: 'inside', author: { id: agent.id } })
    expect((await see()).messages).toHaveLength(1)
    expect(sink.taken.length).toBe(before)
  })

  it('the database itself shows none of it to whoever is not staff, and colleagues who may not see the ticket find none', async () => {
    const made = await open()
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.refused('not_found', 'GET /api/sides/:id', { as: limited, params: { id: made.id } })
    await desk.refused('not_found', 'POST /api/sides/:id/messages', { as: limited, params: { id: made.id }, body: { body: 'x' } })
    await desk.refused('not_allowed', 'GET /api/tickets/:id/sides', { as: casey, params: { id: ticketId } })
    const client = desk.sandbox.client
    await desk.sandbox.transaction(async () => {
      for (const staff of ['on', '']) {
        await client.query(`select set_config('firstline.scope', 'all', true), set_config('firstline.staff', '${staff}', true)`)
        for (const table of ['side', 'side_party', 'side_message'])
          expect((await client.query(`select 1 from ${table}`)).rowCount, table).toBe(staff ? 1 : 0)
      }
    })
  })

  it('an agent who is the requester of a ticket that is kept from them sees its side mails in no journal', async () => {
    const own = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'About Max', requesterId: lead.id } })
    const boss = await desk.person('lead')
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: boss,
      params: { id: own.id },
      body: { to: { personIds: [boss.id], teamIds: [] } },
    })
    await desk.call('POST /api/tickets/:id/sides', {
      as: boss,
      params: { id: own.id },
      body: { subject: marker, to: ['law@firm.example'], body: 'Advice' },
    })
    const kinds = async (as: TestPerson) => (await desk.ask('GET /api/mail/outbox', { as } as never)).text.includes(marker)
    expect([await kinds(boss), await kinds(lead)]).toEqual([true, false])
  })
})
