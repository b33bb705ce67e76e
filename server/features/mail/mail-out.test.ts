import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { composeMail, plainAddress } from './compose.ts'
import { connectTo, refusing, type Sink, sendTo, someMessageId, startSink } from './mail.testing.ts'
import { nextTry, stateOf } from './rules.ts'
import { fill } from './wording.ts'

const desk = useDesk()
let agent: TestPerson
let casey: TestPerson
let box: { id: string; address: string }
let sink: Sink
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Maya Chen' })
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  box = await desk.mailbox('help@desk.example', { acknowledge: 'off' })
  sink = await startSink()
  connectTo(desk.kernel, sink)
})
afterEach(() => sink.stop())

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const later = async (by: Temporal.DurationLike) => {
  desk.clock.advance(by)
  await desk.work()
}
const open = (more: object = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mouse', body: 'Dead', requesterId: casey.id, ...more } })
const reply = (id: string, body = 'Try another port.', more: object = {}) =>
  desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id }, body: { body, ...more } })
const outbox = async () => (await desk.call('GET /api/mail/outbox', { as: agent })).items
const deliveryOf = async (ticketId: string, messageId: string) =>
  (await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticketId } })).messages.find((one) => one.id === messageId)?.delivery

describe('an answer goes out', () => {
  it('as mail, from the mailbox, with the tag, the thread and both parts, to whom the screen shows', async () => {
    const messageId = someMessageId()
    await sendTo(desk.kernel, { to: [box.address], subject: 'Mouse', messageId })
    await desk.work()
    const [{ ticket_id }] = (await query(sql<{ ticket_id: string }>`select ticket_id from inbound_mail`)) as [{ ticket_id: string }]
    const sent = await reply(ticket_id)
    expect(sent).toMatchObject({ delivery: { state: 'waiting' }, to: [{ email: casey.email }] })
    expect(sink.taken).toEqual([])
    await later({ seconds: 11 })
    const [mail] = sink.taken
    expect(mail).toMatchObject({ to: ['casey@customer.example'], from: expect.stringMatching(/^help\+[0-9a-f]{32}@desk\.example$/) })
    expect(mail?.header('From')).toBe('"Maya Chen (help@desk.example)" <help@desk.example>')
    expect(mail?.header('Reply-To')).toContain(mail?.from)
    expect(mail?.header('Subject')).toBe(`Mouse [#${ticket_id}]`)
    expect(mail?.header('In-Reply-To')).toBe(`<${messageId}>`)
    expect(mail?.header('Auto-Submitted')).toBeUndefined()
    expect(mail?.header('Message-ID')).toMatch(/^<[0-9a-f]{16}\.[0-9a-f]{32}@desk\.example>$/)
    expect(mail?.raw).toMatch(/text\/plain[\s\S]*Try another port\.[\s\S]*text\/html[\s\S]*Try another port\./)
    expect(await deliveryOf(ticket_id, sent.id)).toMatchObject({ state: 'sent' })
    // and its answer comes home
    await sendTo(desk.kernel, { from: casey.email, to: [mail!.from], subject: 'Re', body: 'Works.' })
    await desk.work()
    expect((await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticket_id } })).messages).toHaveLength(3)
  })

  it('FT-41 taken back within the undo time, nobody gets it', async () => {
    const made = await open()
    const sent = await reply(made.id)
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: sent.id } })
    await later({ minutes: 1 })
    expect(sink.taken).toEqual([])
    expect(await outbox()).toMatchObject([{ state: 'withdrawn', recipients: [{ state: 'withdrawn' }] }])
  })

  it('an internal note reaches nobody', async () => {
    const made = await open()
    await reply(made.id, 'SECRET', { internal: true })
    await later({ minutes: 1 })
    expect(sink.taken).toEqual([])
    expect(await outbox()).toEqual([])
  })

  it('carries the files of the answer', async () => {
    const made = await open()
    await desk.kernel.asSystem(async (context) => {
      const { keepFiles } = await import('../tickets/actions-writing.ts')
      const stored = await context.kernel.files.put(Buffer.from('CONTENT-OF-FILE'))
      await keepFiles(context, [stored])
      await sql`insert into attachment (uploaded_by_id, name, media_type, size, sha256, created_at) values (${agent.id}, 'a "b".txt', 'text/plain', ${stored.size}, ${stored.sha256}, now())`.execute(
        context.db,
      )
    })
    const [{ id }] = (await query(sql<{ id: string }>`select id from attachment`)) as [{ id: string }]
    await reply(made.id, 'See file', { uploadIds: [id] })
    await later({ seconds: 11 })
    expect(sink.taken[0]?.raw).toContain(Buffer.from('CONTENT-OF-FILE').toString('base64'))
  })

  it('is sent once, however often its job runs', async () => {
    const made = await open()
    await reply(made.id)
    await later({ seconds: 11 })
    const { mailJobs } = await import('./jobs.ts')
    const [{ id }] = (await query(sql<{ id: string }>`select id from outbound_mail`)) as [{ id: string }]
    await mailJobs['mail.send']?.(desk.kernel, { outboundMailId: id })
    expect(sink.taken).toHaveLength(1)
  })
})

describe('when the other side does not take it', () => {
  it('later is tried later, and the writer is told after a quarter of an hour (FT-34)', async () => {
    sink.answer.data = () => refusing(451, '4.7.1 Greylisted')
    const made = await open()
    const sent = await reply(made.id)
    await later({ seconds: 11 })
    expect(await outbox()).toMatchObject([
      { state: 'ready', attempts: 1, lastAnswer: expect.stringContaining('Greylisted'), recipients: [{ state: 'deferred' }] },
    ])
    for (const minutes of [2, 6, 16]) await later({ minutes })
    expect(await query(sql`select 1 from event where type = 'mail.delayed'`)).toHaveLength(1)
    sink.answer.data = () => null
    await later({ minutes: 31 })
    expect(sink.taken).toHaveLength(1)
    expect(await deliveryOf(made.id, sent.id)).toMatchObject({ state: 'sent' })
  })

  it('no is no: not tried again, and the writer is told (FT-35)', async () => {
    sink.answer.rcpt = () => refusing(550, '5.1.1 No such user')
    const made = await open()
    const sent = await reply(made.id)
    await later({ seconds: 11 })
    await later({ hours: 5 })
    expect(await outbox()).toMatchObject([{ state: 'failed', attempts: 1, recipients: [{ state: 'failed' }] }])
    expect(await deliveryOf(made.id, sent.id)).toMatchObject({ state: 'failed', answer: expect.stringContaining('No such user') })
    expect(await query(sql`select 1 from event where type = 'mail.undelivered'`)).toHaveLength(1)
  })

  it('each recipient has a state; only who was put off is tried again (FT-36)', async () => {
    sink.answer.rcpt = (address) =>
      address.startsWith('full') ? refusing(452, '4.2.2 Full') : address.startsWith('gone') ? refusing(550, '5.1.1 Gone') : null
    const made = await open()
    await reply(made.id, 'Hi', { to: [casey.email, 'full@x.example', 'gone@x.example'] })
    await later({ seconds: 11 })
    const states = async () => Object.fromEntries((await outbox())[0]!.recipients.map((one) => [one.address, one.state]))
    expect(await states()).toEqual({ [casey.email]: 'sent', 'full@x.example': 'deferred', 'gone@x.example': 'failed' })
    delete sink.answer.rcpt
    await later({ minutes: 2 })
    expect(sink.taken.map((one) => one.to)).toEqual([[casey.email], ['full@x.example']])
    expect((await outbox())[0]).toMatchObject({ state: 'partly' })
    expect(sink.taken[0]?.header('Message-ID')).toBe(sink.taken[1]?.header('Message-ID'))
  })

  it('nobody knows whether it was taken: once more with the same Message-ID, then a person decides (FT-37)', async () => {
    sink.answer.data = () => 'hang-up'
    const made = await open()
    const sent = await reply(made.id)
    await later({ seconds: 11 })
    expect(await deliveryOf(made.id, sent.id)).toMatchObject({ state: 'uncertain' })
    await later({ minutes: 11 })
    await later({ hours: 3 })
    expect(await outbox()).toMatchObject([{ state: 'uncertain', attempts: 2 }])
    delete sink.answer.data
    const admin = await desk.person('administrator')
    await desk.call('POST /api/mail/outbox/:id/retry', { as: admin, params: { id: (await outbox())[0]!.id } })
    await desk.work()
    expect(sink.taken).toHaveLength(1)
  })

  it('a worker that died while handing over: at most one more, and never lost (FT-40)', async () => {
    const made = await open()
    await reply(made.id)
    desk.clock.advance({ seconds: 11 })
    const [{ id }] = (await query(sql<{ id: string }>`select id from outbound_mail`)) as [{ id: string }]
    await query(sql`update outbound_mail set state = 'sending', claimed_at = clock_timestamp() - interval '1 minute' where id = ${id}`)
    await desk.work()
    expect(sink.taken).toHaveLength(1)
    await query(sql`update outbound_mail set state = 'sending', claimed_at = clock_timestamp() - interval '1 minute' where id = ${id}`)
    const { mailJobs } = await import('./jobs.ts')
    await mailJobs['mail.send']?.(desk.kernel, { outboundMailId: id })
    expect(sink.taken).toHaveLength(1)
    expect((await outbox())[0]).toMatchObject({ state: 'uncertain' })
  })

  it('no server at all: it waits and is tried again', async () => {
    await sink.stop()
    const made = await open()
    await reply(made.id)
    await later({ seconds: 11 })
    expect(await outbox()).toMatchObject([{ state: 'ready', recipients: [{ state: 'deferred' }] }])
  })

  it('patience ends after two days', () => {
    const now = Temporal.Instant.from('2026-03-02T10:00:00Z')
    let waited = 0
    let attempts = 0
    for (let at = nextTry(++attempts, now); at !== null; at = nextTry(++attempts, now)) waited += at.since(now).total('hours')
    expect(waited).toBeGreaterThan(40)
    expect(waited).toBeLessThan(53)
    expect(stateOf(['sent', 'failed'])).toBe('partly')
    expect(stateOf(['sent', 'deferred', 'failed'])).toBe('ready')
  })
})

describe('nothing slips into a mail', () => {
  it('C-037: neither names nor subjects make a header or a recipient', async () => {
    const evil = 'x\r\nBcc: victim@x.example\r\n\r\nbody'
    // a careless composer would write it
    expect(`Subject: ${evil}`).toMatch(/^Bcc: victim/m)
    const raw = (
      await composeMail(
        {
          id: '1',
          kind: 'reply',
          messageId: 'a@b',
          sender: { name: evil, address: box.address, plus: false },
          subject: evil,
          text: 'Hi',
          html: null,
          headers: { 'X-Firstline-Proof': evil, Bcc: 'victim@x.example' },
          createdAt: new Date(),
          inReplyTo: null,
          references: [],
          recipients: [
            { name: 'Doe, John <victim@x.example>, "', address: 'casey@customer.example', field: 'to' },
            { name: 'Hidden', address: 'hidden@customer.example', field: 'bcc' },
          ],
          attachments: [],
        },
        'i',
      )
    ).toString()
    const head = raw.split('\r\n\r\n', 1)[0]!.replace(/\r\n[ \t]+/g, ' ')
    expect(head).not.toMatch(/^Bcc:/im)
    expect(head).not.toContain('hidden@')
    expect(/^To: (.*)$/im.exec(head)?.[1]).toMatch(/<casey@customer\.example>$/)
    for (const address of [
      '"evil@x.com"@our.tld',
      'a@b.example, c@d.example',
      'a b@c.example',
      '-oQ/tmp@x.example',
      'a@b\r\nRCPT TO:<c@d>',
      'group:a@b;',
    ])
      expect(() => plainAddress(address)).toThrow()
  })

  it('C-034: our own addresses are dropped from what is sent', async () => {
    const made = await open()
    await reply(made.id, 'Hi', { to: [casey.email, box.address] })
    await later({ seconds: 11 })
    expect(sink.taken.map((one) => one.to)).toEqual([[casey.email]])
  })

  it('J-116, J-117, J-118: templates have no logic, no other variables, and are filled once', () => {
    const values = { number: '1001', subject: '{{company}} {{7*7}}', name: '{{constructor}}', company: 'ACME' }
    expect(fill('acknowledgement', '{{subject}} {{name}}', values)).toBe('{{company}} {{7*7}} {{constructor}}')
    expect(
      fill('acknowledgement', '{{constructor}} {{toString}} {{__proto__}} {{resolution}} {% include "/etc/passwd" %}', {
        ...values,
        resolution: 'no',
      }),
    ).toBe('{{constructor}} {{toString}} {{__proto__}} {{resolution}} {% include "/etc/passwd" %}')
  })

  it('the words of a ticket are text in HTML', async () => {
    const made = await open({ subject: '<img src=x onerror=alert(1)>' })
    await reply(made.id, '<script>alert(1)</script> "quoted" https://x.example/"onmouseover="alert(1)')
    await later({ seconds: 11 })
    const html = sink.taken[0]!.raw.split(/Content-Type: text\/html/)[1]!.replace(/=\r\n/g, '')
    expect(html).not.toMatch(/<script|<img|"onmouseover/)
  })
})

describe('solved', () => {
  const token = (raw: string) => /\/answer\/([0-9a-f]{32})\?is=/.exec(raw.replace(/=\r\n/g, '').replace(/=3D/g, '='))?.[1] ?? ''
  const resolve = async () => {
    const made = await open()
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { code: 'solved', text: 'New batteries.' },
    })
    await desk.work()
    return { id: made.id, token: token(sink.taken[0]!.raw) }
  }
  const see = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })

  it('the mail brings the solution and two links, to the requester alone; looking at a link changes nothing', async () => {
    const made = await resolve()
    expect(sink.taken).toMatchObject([{ to: [casey.email] }])
    expect(sink.taken[0]?.raw).toContain('New batteries.')
    expect(sink.taken[0]?.header('Auto-Submitted')).toBe('auto-generated')
    expect(await desk.call('POST /api/answers/look', { body: { token: made.token } })).toMatchObject({ subject: 'Mouse', state: 'open' })
    expect(await see(made.id)).toMatchObject({ status: { meaning: 'resolved' } })
  })

  it('"solved" closes it, once', async () => {
    const made = await resolve()
    await desk.call('POST /api/answers', { body: { token: made.token, answer: 'solved' } })
    expect(await see(made.id)).toMatchObject({ status: { meaning: 'closed' } })
    await desk.refused('link_expired', 'POST /api/answers', { body: { token: made.token, answer: 'still-broken' } })
  })

  it('"still broken" reopens it with the words of the requester', async () => {
    const made = await resolve()
    await desk.call('POST /api/answers', { body: { token: made.token, answer: 'still-broken', text: 'Dead again.' } })
    expect(await see(made.id)).toMatchObject({
      status: { meaning: 'open' },
      reopenedCount: 1,
      messages: [{}, { direction: 'in', text: 'Dead again.', author: { id: casey.id } }],
    })
  })

  it('a link answers for one ticket and one person, and dies when the requester changes', async () => {
    const made = await resolve()
    const other = await desk.person('requester')
    await query(sql`update ticket set requester_id = ${other.id} where id = ${made.id}`)
    await desk.refused('link_expired', 'POST /api/answers/look', { body: { token: made.token } })
    await desk.refused('link_expired', 'POST /api/answers', { body: { token: 'f'.repeat(32), answer: 'solved' } })
  })
})

describe('mail of our own', () => {
  it('a ticket by telephone is acknowledged too, unless the agent says no', async () => {
    await query(sql`update mailbox set acknowledge = 'on'`)
    await open({ channel: 'phone' })
    await open({ channel: 'phone', acknowledge: false })
    await desk.work()
    expect(sink.taken).toHaveLength(1)
    expect(sink.taken[0]?.header('Auto-Submitted')).toBe('auto-generated')
    expect(sink.taken[0]?.header('X-Auto-Response-Suppress')).toBe('All')
    expect(sink.taken[0]?.header('X-Loop')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('while the desk is closed, the acknowledgement says when somebody answers; while it is open, it does not', async () => {
    await query(sql`update mailbox set acknowledge = 'on'`)
    for (const at of ['2030-01-04T10:00:00Z', '2030-01-05T10:00:00Z']) {
      desk.clock.moveTo(Temporal.Instant.from(at))
      await open({ channel: 'phone' })
      await desk.work()
    }
    const [open_, closed] = sink.taken.map(({ raw }) => raw.replace(/=\r?\n/g, '').replace(/\s+/g, ' '))
    expect(open_).not.toContain('We answer')
    expect(closed).toContain(
      'We answer Monday to Friday, 08:00 to 17:00 (Berlin time). We are closed just now and back on Monday 7 January at 08:00.',
    )
  })

  it('a request from the portal is acknowledged with its subject: who signed in is known', async () => {
    await query(sql`update mailbox set acknowledge = 'on'`)
    const made = await desk.call('POST /api/tickets', { as: casey, body: { subject: 'No network', body: 'All dark.' } })
    await desk.work()
    expect(sink.taken).toMatchObject([{ to: [casey.email] }])
    expect(sink.taken[0]?.header('Subject')).toBe(`Received: No network [#${made.id}]`)
  })

  it('FT-39 a sign-in link goes to one person, overtakes the post, and lies sealed until then', async () => {
    const { job } = await import('../../kernel/jobs.ts')
    await desk.kernel.asSystem(async (context) => {
      const { sendLink } = await import('../sessions/actions-links.ts')
      await sendLink(context, casey.email, 'sign-in')
      context.later(job('mail.resume', {}))
    })
    await desk.work()
    expect(sink.taken).toMatchObject([{ to: [casey.email] }])
    expect(sink.taken[0]?.raw.replace(/=\r\n/g, '')).toContain('/link/')
    const rows = await query(sql<{ body: string; html: string }>`select body, html from outbound_mail`)
    expect(`${rows[0]?.body}${rows[0]?.html}`).not.toContain('/link/')
  })

  it('after a restore nothing goes out until it is confirmed, and then each mail once', async () => {
    await query(sql`insert into setting (name, value, changed_at) values ('restored', '{}', now())`)
    await query(sql`update mailbox set acknowledge = 'on'`)
    await desk.call('POST /api/tickets', { as: casey, body: { subject: 'No network', body: 'All dark.' } })
    await desk.work()
    expect(sink.taken).toHaveLength(0)
    expect(await query(sql`select state from outbound_mail`)).toEqual([{ state: 'held' }])
    await query(sql`delete from setting where name = 'restored'`)
    const { mailJobs } = await import('./jobs.ts')
    for (let twice = 0; twice < 2; twice++) {
      await mailJobs['mail.resume']?.(desk.kernel, {})
      await desk.work()
    }
    expect(sink.taken).toHaveLength(1)
  })
})
