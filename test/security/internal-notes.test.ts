import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTo, type Sink, sendTo, someMessageId, startSink } from '../../server/features/mail/mail.testing.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'
import { conservation, everythingFor, expectNeverTold, forbiddenAddress } from '../oracles.ts'

/** The canary goes through every channel that there is; whoever is no colleague may never meet it, in no byte. */
const desk = useDesk()
const canary = 'INTERNALCANARY7c1e'
let sink: Sink
let agent: TestPerson
let colleague: TestPerson
let casey: TestPerson
let boss: TestPerson
let ticketId: string
beforeEach(async () => {
  sink = await startSink()
  connectTo(desk.kernel, sink)
  const acme = await desk.organisation('Acme', ['customer.example'])
  agent = await desk.person('lead', { name: 'Maya Chen' })
  colleague = await desk.person('agent', { name: 'Ben Ortiz' })
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example', organisationId: acme.id })
  boss = await desk.person('requester', { name: 'Boss', email: 'boss@customer.example', organisationId: acme.id })
  await desk.mailbox('help@desk.example')
  const messageId = someMessageId()
  await sendTo(desk.kernel, { to: ['help@desk.example'], messageId, headers: [`Cc: ${boss.email}`], subject: 'Screen' })
  await desk.work()
  ticketId = (await desk.call('GET /api/tickets', { as: agent })).items[0]!.id
})
afterEach(() => sink.stop())

const reply = (body: string, more: object = {}, as = agent) =>
  desk.call('POST /api/tickets/:id/replies', { as, params: { id: ticketId }, body: { body, ...more } })
const later = async (seconds: number) => {
  desk.clock.advance({ seconds })
  await desk.work()
}
const see = (as: TestPerson) => desk.call('GET /api/tickets/:id', { as, params: { id: ticketId } })
async function upload(as: TestPerson, name: string, content: string): Promise<string> {
  const payload = `--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\n${content}\r\n--x--\r\n`
  const sent = await desk.app.inject({
    method: 'POST',
    url: '/api/uploads',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'multipart/form-data; boundary=x' },
    payload,
  })
  return sent.json().items[0].id
}
/** A note in words and in a file, a hand-off, a mention, a private reason, a draft, help, a side conversation: all that staff write and no requester may read. */
async function writeForStaff(): Promise<string> {
  const second = await desk.team('Network', 2, [colleague])
  const file = await upload(agent, `${canary}.txt`, `bytes ${canary}`)
  const note = await reply(`Do not tell: ${canary}`, { internal: true, uploadIds: [file], mentions: [colleague.id] })
  await desk.call('PUT /api/drafts', { as: agent, body: { ticketId, kind: 'note', content: { body: canary } } })
  await desk.call('POST /api/tickets/:id/drafts/offer', { as: agent, params: { id: ticketId }, body: { kind: 'note', offered: true } })
  await desk.call('POST /api/tickets/:id/sides', {
    as: agent,
    params: { id: ticketId },
    body: { subject: `Panel ${canary}`, to: ['pat@vendor.example'], body: `Beside: ${canary}`, reference: canary },
  })
  await desk.call('POST /api/tickets/:id/help', {
    as: agent,
    params: { id: ticketId },
    body: { question: `Help: ${canary}`, personId: colleague.id },
  })
  const before = await see(agent)
  await desk.call('PATCH /api/tickets/:id', {
    as: agent,
    params: { id: ticketId },
    ifMatch: before.version,
    body: { priority: 2, priorityReason: canary, tags: [canary] },
  })
  await desk.call('POST /api/tickets/:id/pass', {
    as: agent,
    params: { id: ticketId },
    ifMatch: before.version + 1,
    body: { teamId: second.id, note: `Hand-off ${canary}` },
  })
  await desk.work()
  return note.id
}
const mailIn = async (from: string, headers: string[], body: string, to = ['help@desk.example']) => {
  await sendTo(desk.kernel, { from, to, headers, body, subject: 'Re: Screen' })
  await desk.work()
}
const nobodyHears = async () => {
  for (const person of [casey, boss]) await expectNeverTold(desk, person, canary, sink.taken)
}

describe('Q-160..Q-163 an internal note reaches nobody on any channel', () => {
  it('the walk and the mails would show it: as a colleague, and when the same words are an answer', async () => {
    await writeForStaff()
    const calls = (await everythingFor(desk, agent, [canary]))
      .filter(({ text }) => text.includes(canary))
      .map(({ call }) => call.split(' ', 2).join(' '))
    expect([...new Set(calls)]).toEqual(
      expect.arrayContaining([
        'GET /api/tickets/:id',
        'GET /api/tickets/:id/messages',
        'GET /api/attachments/:id',
        'GET /api/drafts',
        'GET /api/tickets/:id/drafts',
        'GET /api/tickets/:id/sides',
        'GET /api/sides/:id',
        'GET /api/tickets/:id/help',
        'GET /api/search',
      ]),
    )
    await nobodyHears()
    await reply(`Said aloud: ${canary}`)
    await later(11)
    await expect(expectNeverTold(desk, casey, canary, [])).rejects.toThrow('reached')
    await expect(expectNeverTold(desk, { ...casey, token: (await desk.person('requester')).token }, canary, sink.taken)).rejects.toThrow(
      'mailed',
    )
  })

  it('Q-160: not in answers, receipts, the mail of the solution, nor in what is quoted', async () => {
    await writeForStaff()
    await reply('We ordered a new one.')
    await later(11)
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: ticketId },
      ifMatch: (await see(agent)).version,
      body: { code: 'solved', text: 'New screen.' },
    })
    await later(11)
    expect(sink.taken.filter((mail) => mail.to.includes(casey.email)).length).toBeGreaterThanOrEqual(3)
    expect(sink.taken.some((mail) => mail.to.includes(boss.email))).toBe(true)
    await nobodyHears()
  })

  it('Q-161: not of a note whose mail was being written, nor of an answer taken back in time', async () => {
    const sent = await reply(`Meant internally: ${canary}`)
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: sent.id } })
    await reply(`Now internally: ${canary}`, { internal: true })
    await later(60)
    await nobodyHears()
  })

  it('Q-162: not when a notification of it is answered to all, from whatever address', async () => {
    await desk.call('PUT /api/tickets/:id/watch', { as: colleague, params: { id: ticketId }, body: { watching: true } })
    const noteId = await writeForStaff()
    const { mailNotice } = await import('../../server/features/mail/actions-letters.ts')
    await desk.kernel.asSystem((context) =>
      mailNotice(context, {
        personId: colleague.id,
        ticketId,
        messageId: noteId,
        inside: false,
        subject: 'Note',
        text: canary,
        html: canary,
      }),
    )
    await later(1)
    const notice = sink.taken.find((mail) => mail.to.includes(colleague.email))!
    const answering = [`In-Reply-To: ${notice.header('Message-ID')}`, `Cc: ${casey.email}, ${boss.email}`]
    const quoting = `I agree.\r\n\r\nOn Monday Desk wrote:\r\n> ${canary}\r\n`
    await mailIn(colleague.email, answering, quoting)
    await mailIn('home-address@elsewhere.example', answering, quoting)
    await mailIn(colleague.email, answering, quoting, [notice.from])
    // The sample company on one machine counts every sender there as proven: the answer is then taken, internally.
    await desk.sandbox.asOwner(() =>
      desk.sandbox.client.query(`insert into setting (name, value, changed_at) values ('demo', '{}', now())`),
    )
    await mailIn(colleague.email, answering, `Proven. ${quoting}`)
    await later(30)
    expect((await see(agent)).messages.at(-1)).toMatchObject({ internal: true, text: expect.stringContaining('Proven.') })
    await nobodyHears()
  })

  it('Q-162: not a colleague who is the requester of the ticket, once they are no colleague; nor an agent of another customer', async () => {
    const own = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'My own', requesterId: colleague.id } })
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    ticketId = own.id
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: own.id },
      ifMatch: own.version,
      body: { requesterId: limited.id },
    })
    await reply(`About them: ${canary}`, { internal: true })
    await expectNeverTold(desk, limited, canary, sink.taken)
  })

  it('Q-163: not its existence: time, counters, last message and unread marks of the customer stay as they were', async () => {
    const both = async () => ({
      one: await see(casey),
      list: await desk.call('GET /api/tickets', { as: casey }),
      timeline: await desk.call('GET /api/tickets/:id/timeline', { as: casey, params: { id: ticketId } }),
    })
    const before = await both()
    desk.clock.advance({ minutes: 5 })
    await reply(`Quiet: ${canary}`, { internal: true })
    expect(await both()).toEqual(before)
    desk.clock.advance({ minutes: 5 })
    await reply('Loud.')
    expect(await both()).not.toEqual(before)
  })

  it('Q-163: not the order of the list by what changed last, nor its page marks', async () => {
    const second = await desk.call('POST /api/tickets', { as: casey, body: { subject: 'Mouse', body: 'Stuck.' } })
    const list = (as: TestPerson, after?: string) =>
      desk.call('GET /api/tickets', { as, query: { sort: 'changed', limit: 1, requesterId: casey.id, ...(after ? { after } : {}) } })
    const before = await list(casey)
    expect(before.items.map(({ id }) => id)).toEqual([second.id])
    expect((await list(casey, before.next!)).items.map(({ id }) => id)).toEqual([ticketId])
    desk.clock.advance({ minutes: 5 })
    await reply(`Quiet: ${canary}`, { internal: true })
    expect(await list(casey)).toEqual(before)
    expect((await list(agent)).items.map(({ id }) => id)).toEqual([ticketId])
    await reply('Loud.')
    desk.clock.advance({ minutes: 1 })
    expect((await list(casey)).items.map(({ id }) => id)).toEqual([ticketId])
  })

  it('Q-163: not through a linked ticket, not from its subject', async () => {
    const hidden = await desk.call('POST /api/tickets', { as: agent, body: { subject: `Other ${canary}`, requesterId: agent.id } })
    await desk.kernel.asSystem(async (context) => {
      const { linkTickets } = await import('../../server/features/tickets/actions-joining.ts')
      await linkTickets(context, { id: ticketId, organisation_id: null }, hidden.id, 'related')
    })
    expect((await see(agent)).links).toHaveLength(1)
    await nobodyHears()
  })
})

describe('the other oracles', () => {
  it("another customer's words reach nobody of this one", async () => {
    const other = await desk.person('requester', { organisationId: (await desk.organisation('Other')).id })
    await desk.call('POST /api/tickets', { as: other, body: { subject: 'OTHERCANARY', body: 'OTHERCANARY' } })
    await later(1)
    await expect(expectNeverTold(desk, other, 'OTHERCANARY', [])).rejects.toThrow('reached')
    for (const person of [casey, boss]) await expectNeverTold(desk, person, 'OTHERCANARY', sink.taken)
  })

  it('no address in a mail is ever called by us', async () => {
    const forbidden = await forbiddenAddress()
    await fetch(forbidden.url).catch(() => {})
    expect(forbidden.callers).toHaveLength(1)
    const headers = [
      'MIME-Version: 1.0',
      'Content-Type: text/html',
      `List-Unsubscribe: <${forbidden.url}>`,
      `Disposition-Notification-To: <x@127.0.0.1:${forbidden.port}>`,
    ]
    await mailIn(
      casey.email,
      headers,
      `<img src="${forbidden.url}/a.png"><link rel=stylesheet href="${forbidden.url}/b.css"><a href="${forbidden.url}">x</a>`,
    )
    await reply(`See ${forbidden.url}`)
    await later(30)
    expect(forbidden.callers).toHaveLength(1)
    await forbidden.stop()
  })

  it('every accepted mail is one message, or waits with a reason, or was nothing to us', async () => {
    const raw = (text: string) =>
      `From: ${text}\r\nTo: help@desk.example\r\nSubject: x\r\nMessage-ID: <${someMessageId()}>\r\n\r\nhello\r\n`
    const same = raw('a@b.example')
    const mails = [raw('a@b.example'), raw('a@b.example, c@d.example'), raw(agent.email), raw('help@desk.example'), same, same]
    for (const one of mails) await sendTo(desk.kernel, { to: ['help@desk.example'], raw: one })
    await desk.work()
    expect(await conservation(desk, mails.length + 1)).toEqual([])
    expect(await conservation(desk, mails.length)).toHaveLength(1)
    await sendTo(desk.kernel, { to: ['help@desk.example'] })
    expect(await conservation(desk, mails.length + 2)).toEqual(['1 mails were never judged'])
  })
})
