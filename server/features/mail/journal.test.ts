import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo, someMessageId, type Written } from './mail.testing.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let casey: TestPerson
let box: { id: string; address: string }
beforeEach(async () => {
  agent = await desk.person('agent')
  lead = await desk.person('lead')
  casey = await desk.person('requester', { email: 'casey@customer.example' })
  box = await desk.mailbox('help@desk.example')
})
const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const write = async (mail: Written = {}) => {
  const messageId = mail.messageId ?? someMessageId()
  await sendTo(desk.kernel, { to: [box.address], ...mail, messageId })
  await desk.work()
  return entry(messageId)
}
const entry = async (messageId: string) => (await desk.call('GET /api/mail/journal', { as: agent, query: { messageId } })).items[0]!
const quarantined = async () => write({ from: agent.email, body: 'HIDDEN-TEXT' })
const events = (type: string) => query(sql<{ actor_id: string }>`select actor_id from event where type = ${type}`)

describe('the mail journal', () => {
  it('lists every mail with its one verdict, newest first, page by page', async () => {
    for (let n = 0; n < 5; n++) await write({ subject: `Mail ${n}` })
    const first = await desk.call('GET /api/mail/journal', { as: agent, query: { limit: 3 } })
    const rest = await desk.call('GET /api/mail/journal', { as: agent, query: { limit: 3, after: first.next ?? '' } })
    expect([...first.items, ...rest.items].map((one) => one.subject)).toEqual(['Mail 4', 'Mail 3', 'Mail 2', 'Mail 1', 'Mail 0'])
    expect(rest.next).toBeNull()
    expect((await desk.call('GET /api/mail/journal', { as: agent, query: { q: 'mail 3' } })).items).toHaveLength(1)
    await desk.refused('not_allowed', 'GET /api/mail/journal', { as: casey })
  })

  it('finds a mail by its Message-ID without reading the whole journal', async () => {
    await desk.kernel.asSystem(async (context) => {
      const stored = await context.kernel.files.put(Buffer.from('x'))
      await sql`insert into file (sha256, size, created_at) values (${stored.sha256}, 1, now()) on conflict do nothing`.execute(context.db)
      await sql`insert into inbound_mail (received_at, source, sha256, size, message_id) select now(), 'smtp', ${stored.sha256}, 1, 'm' || n || '@x' from generate_series(1, 5000) n`.execute(
        context.db,
      )
    })
    await desk.sandbox.asOwner(() => desk.sandbox.client.query('analyze inbound_mail'))
    const plan = await query(
      sql<{ 'QUERY PLAN': string }>`explain select id from inbound_mail i where i.message_id = 'm7@x' order by i.id desc limit 51`,
    )
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('inbound_mail_message_id')
  })

  it('an entry of a restricted ticket does not exist for others', async () => {
    const made = await write({ subject: 'Personnel matter' })
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: made.ticketId ?? '' },
      body: { to: { personIds: [], teamIds: [] } },
    })
    expect((await desk.call('GET /api/mail/journal', { as: agent })).items).toEqual([])
    expect((await desk.call('GET /api/mail/outbox', { as: agent })).items).toEqual([])
    await desk.refused('not_found', 'GET /api/mail/journal/:id', { as: agent, params: { id: made.id } })
    expect((await desk.call('GET /api/mail/journal', { as: lead })).items).toHaveLength(1)
  })

  it('the text of quarantined mail needs a right of its own, and opening it is logged', async () => {
    const held = await quarantined()
    const seen = await desk.ask('GET /api/mail/journal/:id', { as: agent, params: { id: held.id } })
    expect(seen.body).toMatchObject({ verdict: 'quarantined', reason: 'spoofed-agent', text: null, mayOpen: false })
    expect(seen.text).not.toContain('HIDDEN-TEXT')
    await desk.refused('not_allowed', 'POST /api/mail/journal/:id/open', { as: agent, params: { id: held.id } })
    await desk.refused('not_allowed', 'GET /api/mail/journal/:id/raw', { as: agent, params: { id: held.id } })
    expect(await events('mail.opened')).toEqual([])
    expect(await desk.call('POST /api/mail/journal/:id/open', { as: lead, params: { id: held.id } })).toMatchObject({ text: 'HIDDEN-TEXT' })
    const raw = await desk.ask('GET /api/mail/journal/:id/raw', { as: lead, params: { id: held.id } })
    expect(raw.text).toMatch(/^Return-Path: <.*>\r\nReceived: from client\.example[\s\S]*HIDDEN-TEXT/)
    expect(await events('mail.opened')).toEqual([{ actor_id: lead.id }, { actor_id: lead.id }])
  })

  it('a quarantined mail is let in: into a ticket, or as a new one', async () => {
    const held = await quarantined()
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: casey.id } })
    await desk.refused('not_allowed', 'POST /api/mail/journal/:id/release', {
      as: agent,
      params: { id: held.id },
      body: { ticketId: made.id },
    })
    expect(
      await desk.call('POST /api/mail/journal/:id/release', { as: lead, params: { id: held.id }, body: { ticketId: made.id } }),
    ).toMatchObject({ verdict: 'pending' })
    await desk.work()
    expect(await entry(held.messageId ?? '')).toMatchObject({ verdict: 'followed-up', ticketId: made.id })
    const second = await quarantined()
    await desk.call('POST /api/mail/journal/:id/release', { as: lead, params: { id: second.id }, body: {} })
    await desk.work()
    expect(await entry(second.messageId ?? '')).toMatchObject({ verdict: 'created' })
    expect(await events('mail.released')).toHaveLength(2)
  })

  it('a mail is judged anew after what stopped it is gone; what is a message already is not doubled', async () => {
    const rule = await desk.call('POST /api/blocked-senders', { as: lead, body: { pattern: 'casey@customer.example' } })
    const ignored = await write()
    await desk.call('DELETE /api/blocked-senders/:id', { as: lead, params: { id: rule.id } })
    await desk.call('POST /api/mail/journal/:id/replay', { as: lead, params: { id: ignored.id } })
    await desk.work()
    expect(await entry(ignored.messageId ?? '')).toMatchObject({ verdict: 'created' })
    await desk.refused('still_in_use', 'POST /api/mail/journal/:id/replay', { as: lead, params: { id: ignored.id } })
  })

  it('a wrongly filed message moves, and what follows it goes there too', async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Right place', body: 'x', requesterId: casey.id } })
    const messageId = someMessageId()
    const wrong = await write({ messageId, subject: 'Wrong place', body: 'MOVED' })
    await desk.call('POST /api/mail/journal/:id/rethread', { as: lead, params: { id: wrong.id }, body: { ticketId: made.id } })
    expect((await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })).messages.at(-1)).toMatchObject({
      text: 'MOVED',
    })
    expect((await desk.call('GET /api/tickets/:id', { as: agent, params: { id: wrong.ticketId ?? '' } })).mergedInto).toBe(made.id)
    expect(await write({ headers: [`In-Reply-To: <${messageId}>`] })).toMatchObject({ ticketId: made.id })
    const again = await desk.call('POST /api/mail/journal/:id/rethread', { as: lead, params: { id: wrong.id }, body: { ticketId: null } })
    expect(again.ticketId).not.toBe(made.id)
    expect((await desk.call('GET /api/tickets/:id', { as: agent, params: { id: again.ticketId ?? '' } })).messages).toMatchObject([
      { text: 'MOVED' },
    ])
  })
})

describe('mailboxes', () => {
  it('are added, changed and archived; a secret is written and never read', async () => {
    const admin = await desk.person('administrator')
    const made = await desk.ask('POST /api/mailboxes', {
      as: admin,
      body: { name: 'IT', address: 'it@desk.example', way: 'imap', connection: { host: 'imap.example', user: 'it' }, secret: 'PASS-WORD' },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ hasSecret: true, proved: false, condition: { state: 'idle' } })
    const list = await desk.ask('GET /api/mailboxes', { as: admin })
    expect(made.text + list.text).not.toContain('PASS-WORD')
    const rows = await query(sql<{ secret: Buffer }>`select secret from mailbox where secret is not null`)
    expect(rows[0]?.secret.toString('latin1')).not.toContain('PASS-WORD')
    const changed = await desk.call('PATCH /api/mailboxes/:id', {
      as: admin,
      params: { id: made.body.id },
      ifMatch: made.body.version,
      body: { acknowledge: false, wording: { acknowledgement: { de: 'Da.' } } },
    })
    expect(changed).toMatchObject({ acknowledge: false, wording: { acknowledgement: { de: 'Da.' } }, hasSecret: true })
    await desk.refused('version_stale', 'PATCH /api/mailboxes/:id', {
      as: admin,
      params: { id: made.body.id },
      ifMatch: made.body.version,
      body: { name: 'X' },
    })
    await desk.refused('not_allowed', 'PATCH /api/mailboxes/:id', {
      as: agent,
      params: { id: made.body.id },
      ifMatch: 2,
      body: { name: 'X' },
    })
    await desk.call('POST /api/mailboxes/:id/archive', { as: admin, params: { id: made.body.id } })
    expect((await desk.call('GET /api/mailboxes', { as: admin })).items.map((one) => one.address)).toEqual([box.address])
    expect(await query(sql`select 1 from event where type like 'mailbox.%'`)).toHaveLength(3)
  })

  it('C-034: an address of a person or of another mailbox is refused', async () => {
    const admin = await desk.person('administrator')
    for (const address of [casey.email, box.address, 'help+x@desk.example']) {
      const refused = await desk.ask('POST /api/mailboxes', { as: admin, body: { name: 'X', address } })
      expect(refused.status).toBeGreaterThanOrEqual(400)
    }
  })

  it("is not proved by somebody's mail: that says only that mail comes in", async () => {
    await query(sql`update mailbox set proved_at = null`)
    await quarantined()
    expect((await desk.call('GET /api/mailboxes', { as: agent })).items[0]).toMatchObject({ proved: false, arrived: true })
  })

  it('is proved by a test mail that is seen to arrive', async () => {
    const admin = await desk.person('administrator')
    await query(sql`update mailbox set proved_at = null`)
    const { startSmtpIn } = await import('./smtp-in.ts')
    const { smtpTransport } = await import('./outside.ts')
    const smtp = await startSmtpIn(desk.kernel, { port: 0, host: '127.0.0.1' })
    desk.kernel.outside.mailTransport = smtpTransport(`smtp://127.0.0.1:${smtp.port}`, 'desk.example')
    expect(await desk.call('POST /api/mailboxes/:id/prove', { as: admin, params: { id: box.id } })).toEqual({
      sentTo: box.address,
      held: false,
    })
    await desk.work()
    await smtp.stop()
    const [row] = await query(
      sql<{ state: string; verdict: string; reason: string }>`select o.state, i.verdict, i.reason from outbound_mail o, inbound_mail i`,
    )
    expect(row).toEqual({ state: 'sent', verdict: 'ignored', reason: 'proof' })
    expect((await desk.call('GET /api/mailboxes', { as: admin })).items[0]).toMatchObject({ proved: true })
  })
})
