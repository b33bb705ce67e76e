import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo, someMessageId, type Written } from './mail.testing.ts'

const desk = useDesk()
let agent: TestPerson
let casey: TestPerson
let box: { id: string; address: string }
beforeEach(async () => {
  agent = await desk.person('agent')
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  box = await desk.mailbox('help@desk.example')
})

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
type Entry = {
  id: string
  verdict: string
  reason: string
  ticket_id: string
  created_message_id: string | null
  detail: Record<string, unknown>
}
const journalOf = async (messageId: string) =>
  (
    await query(
      sql<Entry>`select id, verdict, reason, ticket_id, created_message_id, detail from inbound_mail where message_id = ${messageId} order by id desc limit 1`,
    )
  )[0]!
const write = async (mail: Written = {}) => {
  const messageId = mail.messageId ?? someMessageId()
  await sendTo(desk.kernel, { to: [box.address], ...mail, messageId })
  await desk.work()
  return journalOf(messageId)
}
const see = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })
type Out = { id: string; kind: string; state: string; subject: string; body: string; message_id: string; ticket_id: string; token: string }
const outbox = () =>
  query(sql<Out>`select id, kind, state, subject, body, message_id, ticket_id, sender ->> 'token' as token from outbound_mail order by id`)
const answering = (out: Out) => [`In-Reply-To: <${out.message_id}>`]
/** As if that address had been brought into the ticket by whoever may. */
const onTicket = (email: string, ticketId: string) =>
  desk.kernel.asSystem(async (context) => {
    const { personOfSender } = await import('../people/actions-sender.ts')
    const { id } = await personOfSender(context, { email })
    await sql`insert into ticket_person (ticket_id, person_id, role, since) values (${ticketId}, ${id}, 'cc', now())`.execute(context.db)
  })
/** A sample company: who is on this machine counts as proven. */
const proven = () => query(sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)

describe('a mail comes in', () => {
  it('becomes a ticket of its sender, and is told at once that it arrived', async () => {
    const entry = await write({ subject: 'Printer on fire', body: 'Please help.' })
    expect(entry).toMatchObject({ verdict: 'created', reason: 'new' })
    const ticket = await see(entry.ticket_id)
    expect(ticket).toMatchObject({ subject: 'Printer on fire', channel: 'mail', requester: { id: casey.id }, mailbox: { id: box.id } })
    expect(ticket.messages[0]).toMatchObject({ kind: 'mail', direction: 'in', text: 'Please help.', from: { email: casey.email } })
    const [ack] = await outbox()
    expect(ack).toMatchObject({
      kind: 'acknowledgement',
      state: 'held',
      ticket_id: entry.ticket_id,
      subject: `Received: Printer on fire [#${entry.ticket_id}]`,
    })
    expect(ack?.body).toContain('What happens next')
  })

  it('an unknown sender of a known domain joins its organisation; the words go in the language of the mail', async () => {
    const org = await desk.organisation('Acme', ['acme.example'])
    const entry = await write({
      from: 'Jo Neu <jo@acme.example>',
      subject: 'Drucker',
      body: 'Hallo, der Drucker druckt nicht und ich kann die Datei nicht finden. Danke!',
    })
    expect(await see(entry.ticket_id)).toMatchObject({ organisation: { id: org.id }, language: 'de', requester: { name: 'Jo Neu' } })
    expect((await outbox())[0]?.body).toContain('Wie es weitergeht')
  })

  it.each([
    ['our Message-ID', (ack: Out) => ({ headers: answering(ack) }), 'message-id'],
    ['our Message-ID behind others', (ack: Out) => ({ headers: [`References: <${ack.message_id}> <other@x.example>`] }), 'message-id'],
    [
      'a relay wrote our Message-ID anew but kept its secret',
      (ack: Out) => ({ headers: [`In-Reply-To: <01000.${ack.token}@eu.relay.example>`] }),
      'message-id',
    ],
    ['our reply address', (ack: Out) => ({ to: [`help+${ack.token}@desk.example`] }), 'reply-address'],
    ['the subject tag', (ack: Out) => ({ subject: `AW: Drucker [#${ack.ticket_id}]` }), 'subject-tag'],
  ])('an answer finds its ticket by %s', async (_, how, reason) => {
    const first = await write()
    const [ack] = await outbox()
    expect(await write({ body: 'More.', ...how(ack!) })).toMatchObject({ verdict: 'followed-up', reason, ticket_id: first.ticket_id })
    expect((await see(first.ticket_id)).messages).toHaveLength(2)
    expect(await outbox()).toHaveLength(1)
  })

  it('their own earlier mail is a thread too', async () => {
    const messageId = someMessageId()
    const first = await write({ messageId })
    expect(await write({ headers: [`References: <${messageId}>`] })).toMatchObject({
      verdict: 'followed-up',
      reason: 'foreign-message-id',
      ticket_id: first.ticket_id,
    })
  })

  it('a reply that overtook what it answers is joined by it when it comes (FT-26)', async () => {
    const messageId = someMessageId()
    const reply = await write({ subject: 'Re: Printer', headers: [`In-Reply-To: <${messageId}>`] })
    expect(await write({ subject: 'Printer', messageId })).toMatchObject({
      verdict: 'followed-up',
      reason: 'awaited',
      ticket_id: reply.ticket_id,
    })
  })

  it('the same mail again is one message; another mail with the same Message-ID is a second (FT-23, FT-24)', async () => {
    const messageId = someMessageId()
    const first = await write({ messageId })
    expect(await write({ messageId })).toMatchObject({ verdict: 'ignored', reason: 'duplicate', ticket_id: first.ticket_id })
    expect(await write({ messageId, body: 'Something else.' })).toMatchObject({ verdict: expect.stringMatching(/created|followed-up/) })
    expect(await query(sql`select 1 from message`)).toHaveLength(2)
  })

  it('without a Message-ID its content says whether it is the same', async () => {
    const raw = 'From: casey@customer.example\r\nTo: help@desk.example\r\nSubject: No id\r\n\r\nHello\r\n'
    for (const body of [raw, raw, raw.replace('Hello', 'Other')]) await sendTo(desk.kernel, { to: [box.address], raw: body })
    await desk.work()
    expect((await query(sql<{ verdict: string }>`select verdict from inbound_mail order by id`)).map((one) => one.verdict)).toEqual([
      'created',
      'ignored',
      'created',
    ])
  })

  it('a resolved ticket is reopened, a closed one continued by a new one', async () => {
    const first = await write()
    const [ack] = await outbox()
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: first.ticket_id },
      ifMatch: 1,
      body: { code: 'solved', tell: false },
    })
    await write({ headers: answering(ack!) })
    expect(await see(first.ticket_id)).toMatchObject({ status: { meaning: 'open' }, reopenedCount: 1 })
    await query(
      sql`update ticket set meaning = 'closed', status_id = (select id from status where meaning = 'closed') where id = ${first.ticket_id}`,
    )
    const next = await write({ subject: `Re: Printer [#${first.ticket_id}]`, headers: answering(ack!) })
    expect(next).toMatchObject({ verdict: 'created', reason: 'continues' })
    expect((await see(next.ticket_id)).links).toMatchObject([{ kind: 'continues', ticket: { id: first.ticket_id } }])
    expect((await see(next.ticket_id)).subject).toBe('Printer')
  })

  it('files come along, and the picture in the text is marked as such', async () => {
    const raw = [
      'From: casey@customer.example',
      `To: ${box.address}`,
      'Subject: Picture',
      'Message-ID: <pic@x.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<p>See <img src="cid:i1"></p>',
      '--b',
      'Content-Type: image/png; name=shot.png',
      'Content-ID: <i1>',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw0KGgo=',
      '--b',
      'Content-Type: text/plain; name=log.txt',
      'Content-Disposition: attachment; filename=log.txt',
      '',
      'line',
      '--b--',
      '',
    ].join('\r\n')
    const entry = await write({ raw, messageId: 'pic@x.example' })
    const message = (await see(entry.ticket_id)).messages[0]!
    expect(message.attachments).toMatchObject([
      { name: 'shot.png', inline: true, contentId: 'i1' },
      { name: 'log.txt', inline: false },
    ])
    const file = await desk.ask('GET /api/attachments/:id', { as: agent, params: { id: message.attachments[1]!.id } })
    expect(file.text).toBe('line')
  })

  it('a mail that cannot be read waits in quarantine and holds up nobody', async () => {
    const raw = `From: a@b.example\r\nSubject: x\r\nMessage-ID: <deep@x.example>\r\n${Array.from({ length: 150 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}`).join('\r\n')}\r\n\r\nhi\r\n`
    await sendTo(desk.kernel, { to: [box.address], raw })
    expect(await write()).toMatchObject({ verdict: 'created' })
    expect(await journalOf('deep@x.example')).toMatchObject({ verdict: 'quarantined', reason: 'too-complex' })
  })

  it('three failed tries put a mail aside; each job may run twice', async () => {
    const messageId = someMessageId()
    await sendTo(desk.kernel, { to: [box.address], messageId })
    const { id } = await journalOf(messageId)
    const { judgeInbound } = await import('./jobs-judge.ts')
    const read = desk.kernel.files.read
    desk.kernel.files.read = () => Promise.reject(new Error('no such file'))
    await expect(judgeInbound(desk.kernel, id)).rejects.toThrow()
    await expect(judgeInbound(desk.kernel, id)).rejects.toThrow()
    await judgeInbound(desk.kernel, id)
    desk.kernel.files.read = read
    expect(await journalOf(messageId)).toMatchObject({ verdict: 'quarantined', reason: 'unreadable' })
    await judgeInbound(desk.kernel, id)
    expect(await query(sql`select 1 from ticket`)).toHaveLength(0)
  })
})

describe('whose mail is whose', () => {
  it('B-015: a stranger with the tag of a ticket gets a ticket of their own, and the other one hears nothing', async () => {
    const first = await write()
    const entry = await write({ from: 'mallory@evil.example', subject: `Re: Printer [#${first.ticket_id}]` })
    expect(entry).toMatchObject({ verdict: 'created', reason: 'related' })
    expect(entry.ticket_id).not.toBe(first.ticket_id)
    expect((await see(first.ticket_id)).messages).toHaveLength(1)
    expect((await outbox()).filter((one) => one.ticket_id === first.ticket_id)).toHaveLength(1)
    // with the defence off (the sender counts as on the ticket) the attack would succeed
    await onTicket('mallory@evil.example', first.ticket_id)
    expect(await write({ from: 'mallory@evil.example', subject: `Re: Printer [#${first.ticket_id}]` })).toMatchObject({
      verdict: 'followed-up',
      ticket_id: first.ticket_id,
    })
  })

  it('B-016, B-017: our own secret in the hands of a stranger has no effect at all', async () => {
    const first = await write()
    const [ack] = await outbox()
    const before = await see(first.ticket_id)
    const byId = await write({ from: 'mallory@evil.example', headers: answering(ack!) })
    const byAddress = await write({ from: 'mallory@evil.example', to: [`help+${ack!.token}@desk.example`] })
    expect([byId, byAddress]).toMatchObject([
      { verdict: 'quarantined', reason: 'unknown-token-sender', ticket_id: null },
      { verdict: 'quarantined', reason: 'unknown-token-sender' },
    ])
    expect(await see(first.ticket_id)).toEqual(before)
    // a made-up Message-ID of ours is nobody's
    expect(await write({ headers: [`In-Reply-To: <0000000000000000.${'0'.repeat(32)}@desk.example>`] })).toMatchObject({
      verdict: 'created',
      reason: 'new',
    })
    // with the defence off (the sender counts as on the ticket) both would succeed
    await onTicket('mallory@evil.example', first.ticket_id)
    expect([
      await write({ from: 'mallory@evil.example', headers: answering(ack!) }),
      await write({ from: 'mallory@evil.example', to: [`help+${ack!.token}@desk.example`] }),
    ]).toMatchObject([{ verdict: 'followed-up' }, { verdict: 'followed-up' }])
  })

  it("B-018: who only writes an agent's name is no agent", async () => {
    const first = await write()
    const [ack] = await outbox()
    const spoofed = await write({ from: agent.email, headers: answering(ack!) })
    expect(spoofed).toMatchObject({ verdict: 'quarantined', reason: 'spoofed-agent' })
    expect((await see(first.ticket_id)).messages).toHaveLength(1)
    const several = await write({
      from: `${agent.email}, mallory@evil.example`,
      envelopeFrom: 'mallory@evil.example',
      headers: answering(ack!),
    })
    expect(several).toMatchObject({ verdict: 'quarantined', reason: 'several-from' })
    const forged = await write({
      from: agent.email,
      headers: [...answering(ack!), 'Authentication-Results: desk.example; dmarc=pass header.from=people.example'],
    })
    expect(forged).toMatchObject({ verdict: 'quarantined', reason: 'spoofed-agent' })
    // with the defence off (the author counts as proven) the attack would succeed
    await proven()
    expect(await write({ from: agent.email, headers: answering(ack!) })).toMatchObject({ verdict: 'followed-up' })
    expect((await see(first.ticket_id)).messages).toHaveLength(2)
  })

  it('a proven agent answers by mail: to the requester, with nothing of what was quoted', async () => {
    await proven()
    const first = await write()
    const [ack] = await outbox()
    await write({
      from: `${agent.name} <${agent.email}>`,
      headers: answering(ack!),
      body: 'Is it plugged in?\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Desk <help@desk.example> wrote:\r\n> INTERNAL-SECRET\r\n',
    })
    const message = (await see(first.ticket_id)).messages[1]!
    expect(message).toMatchObject({ direction: 'out', internal: false, author: { id: agent.id }, to: [{ email: casey.email }] })
    expect(message.text).not.toContain('INTERNAL-SECRET')
    expect((await outbox())[1]).toMatchObject({ kind: 'reply', state: 'held' })
  })

  it("Q-162: an agent's answer to a notification of an internal note stays internal", async () => {
    await proven()
    const first = await write()
    const note = await desk.call('POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: first.ticket_id },
      body: { body: 'Old printer.', internal: true },
    })
    const { mailNotice } = await import('./actions-letters.ts')
    await desk.kernel.asSystem((context) =>
      mailNotice(context, {
        personId: agent.id,
        ticketId: first.ticket_id,
        messageId: note.id,
        inside: false,
        subject: 'Note',
        text: 'Old printer.',
        html: '',
      }),
    )
    const notice = (await outbox()).find((one) => one.kind === 'notice')!
    await write({ from: agent.email, headers: answering(notice), body: 'Agreed, buy a new one.' })
    expect((await see(first.ticket_id)).messages.at(-1)).toMatchObject({ internal: true, text: 'Agreed, buy a new one.' })
    const theirs = await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: first.ticket_id } })
    expect(theirs.text).not.toContain('buy a new one')
  })

  it("Q-162: an agent's answer to a bell about colleagues' work is an internal note; to one about a new answer it goes to the requester", async () => {
    await proven()
    const first = await write()
    const { mailNotice } = await import('./actions-letters.ts')
    const bell = async (inside: boolean, subject: string) => {
      const letter = { personId: agent.id, ticketId: first.ticket_id!, messageId: null, subject, text: subject, html: '' }
      await desk.kernel.asSystem((context) => mailNotice(context, { ...letter, inside }))
      return (await outbox()).find((one) => one.subject === subject)!
    }
    await write({ from: agent.email, headers: answering(await bell(true, 'Your help is asked for')), body: 'Try the other cable.' })
    expect((await see(first.ticket_id)).messages.at(-1)).toMatchObject({ internal: true, text: 'Try the other cable.' })
    await write({ from: agent.email, headers: answering(await bell(false, 'New answer')), body: 'It comes tomorrow.' })
    expect((await see(first.ticket_id)).messages.at(-1)).toMatchObject({ internal: false, text: 'It comes tomorrow.' })
    const theirs = await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: first.ticket_id! } })
    expect(theirs.text).not.toContain('other cable')
    expect(theirs.text).toContain('It comes tomorrow')
  })

  it("what a proven agent forwards becomes the original sender's ticket; a stranger's forward does not", async () => {
    const forward = {
      subject: 'Fwd: Mouse dead',
      body: '---------- Forwarded message ---------\r\nFrom: Robin Roe <robin@customer.example>\r\nDate: Mon, 2 Mar 2026 at 09:00\r\nSubject: Mouse dead\r\nTo: <agent@people.example>\r\n\r\nMy mouse is dead.\r\n',
    }
    const theirs = await write({ from: 'mallory@evil.example', ...forward })
    expect(await see(theirs.ticket_id)).toMatchObject({ requester: { name: 'mallory' } })
    await proven()
    const ours = await write({ from: agent.email, ...forward })
    expect(await see(ours.ticket_id)).toMatchObject({ subject: 'Mouse dead', requester: { email: 'robin@customer.example' } })
  })

  it('B-021: an answer goes to the author, whatever Reply-To wishes', async () => {
    const entry = await write({ headers: ['Reply-To: mallory@evil.example'] })
    expect(entry.detail).toMatchObject({ replyTo: 'mallory@evil.example' })
    const reply = await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: entry.ticket_id }, body: { body: 'Hi' } })
    expect(reply.to).toEqual([{ name: 'Casey', email: casey.email }])
  })

  it("B-022: Cc brings along the requester's own people only, at most 20, and never ourselves", async () => {
    const acme = await desk.organisation('Acme', ['acme.example'])
    const other = await desk.organisation('Other')
    const boss = await desk.person('requester', { organisationId: acme.id, email: 'boss@acme.example' })
    await desk.person('requester', { organisationId: other.id, email: 'spy@other.example' })
    const many = Array.from({ length: 40 }, (_, n) => `p${n}@acme.example`)
    const entry = await write({
      from: 'jo@acme.example',
      headers: [
        `Cc: boss@acme.example, spy@other.example, help@desk.example, help+${'a'.repeat(32)}@desk.example, no-reply@acme.example, ${agent.email}, ${many.join(', ')}`,
      ],
    })
    const { cc } = await see(entry.ticket_id)
    expect(cc).toHaveLength(20)
    expect(cc.map((one) => one.email)).toContain(boss.email)
    expect(cc.filter((one) => !one.email?.endsWith('@acme.example') || one.email.startsWith('no-reply'))).toEqual([])
    // the organisation is what keeps the other one out: as one of their own people they come along
    await query(sql`update person set organisation_id = ${acme.id} where email = 'spy@other.example'`)
    const again = await write({ from: 'jo@acme.example', subject: 'Another', headers: ['Cc: spy@other.example'] })
    expect((await see(again.ticket_id)).cc.map((one) => one.email)).toEqual(['spy@other.example'])
  })

  it('somebody in copy may answer into the ticket', async () => {
    const acme = await desk.organisation('Acme', ['acme.example'])
    await desk.person('requester', { organisationId: acme.id, email: 'boss@acme.example' })
    const first = await write({ from: 'jo@acme.example', headers: ['Cc: boss@acme.example'] })
    expect(await write({ from: 'boss@acme.example', subject: `Re: [#${first.ticket_id}]` })).toMatchObject({
      verdict: 'followed-up',
      ticket_id: first.ticket_id,
      detail: { sender: 'participant' },
    })
  })

  it("B-023: a robot's mail that lands by a ticket's address is never shown to who opened that ticket", async () => {
    const first = await write()
    const [ack] = await outbox()
    const caught = await write({
      from: 'no-reply@saas.example',
      to: [`help+${ack!.token}@desk.example`],
      subject: 'Confirm your address',
      body: 'CODE-4711',
    })
    expect(caught.verdict).toBe('quarantined')
    // even where the robot is on the ticket
    await query(
      sql`insert into ticket_person (ticket_id, person_id, role, since) select ${first.ticket_id}, id, 'cc', now() from person where email = 'no-reply@saas.example'`,
    )
    await desk.kernel.asSystem(async (context) => {
      const { personOfSender } = await import('../people/actions-sender.ts')
      const robot = await personOfSender(context, { email: 'no-reply@saas.example' })
      await sql`insert into ticket_person (ticket_id, person_id, role, since) values (${first.ticket_id}, ${robot.id}, 'cc', now())`.execute(
        context.db,
      )
    })
    expect(await write({ from: 'no-reply@saas.example', to: [`help+${ack!.token}@desk.example`], body: 'CODE-4711' })).toMatchObject({
      verdict: 'followed-up',
    })
    expect((await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: first.ticket_id } })).text).not.toContain('CODE-4711')
    expect((await see(first.ticket_id)).messages.at(-1)).toMatchObject({ internal: true, unverified: 'automatic-sender' })
    // with the defence off the portal would show it
    await query(sql`update message set audience = 'everyone' where ticket_id = ${first.ticket_id}`)
    expect((await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: first.ticket_id } })).text).toContain('CODE-4711')
  })

  it('B-024: two mailboxes, one desk: a mail to both is one ticket', async () => {
    const second = await desk.mailbox('it@desk.example')
    const messageId = someMessageId()
    const to = [box.address, second.address]
    await sendTo(desk.kernel, { to, messageId })
    await sendTo(desk.kernel, { to, messageId })
    await desk.work()
    expect(await query(sql`select 1 from ticket`)).toHaveLength(1)
    // it is the Message-ID that holds them together
    await sendTo(desk.kernel, { to, messageId: someMessageId() })
    await desk.work()
    expect(await query(sql`select 1 from ticket`)).toHaveLength(2)
  })

  it('B-025: words in a mail are words and no commands', async () => {
    const first = await write()
    const [ack] = await outbox()
    await write({
      headers: [...answering(ack!), 'X-Priority: 1', 'X-Firstline-Ticket: 1001'],
      body: '#close\r\n/assign me\r\npriority: high\r\n',
    })
    expect(await see(first.ticket_id)).toMatchObject({ status: { meaning: 'new' }, assignee: null, priority: 4 })
  })

  it('B-030: who answers an internal note from outside is stored internally', async () => {
    const first = await write()
    const note = await desk.call('POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: first.ticket_id },
      body: { body: 'For the vendor', internal: true },
    })
    await query(
      sql`insert into known_message (message_id, ticket_id, created_message_id, ours, at) values ('vendor@x.example', ${first.ticket_id}, ${note.id}, 'yes', now())`,
    )
    await write({ headers: ['In-Reply-To: <vendor@x.example>'], body: 'VENDOR-PRICE' })
    expect((await see(first.ticket_id)).messages.at(-1)).toMatchObject({ internal: true })
    expect((await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: first.ticket_id } })).text).not.toContain('VENDOR-PRICE')
    // with the defence off (what was answered counts as said to everyone) the price would be in the portal
    await query(sql`update message set audience = 'everyone' where id = ${note.id}`)
    await write({ headers: ['In-Reply-To: <vendor@x.example>'], body: 'VENDOR-PRICE' })
    expect((await desk.ask('GET /api/tickets/:id', { as: casey, params: { id: first.ticket_id } })).text).toContain('VENDOR-PRICE')
  })

  it('a blocked sender and a blocked domain go no further than the journal', async () => {
    const rule = await desk.call('POST /api/blocked-senders', { as: agent, body: { pattern: '@Evil.example' } })
    expect(await write({ from: 'mallory@evil.example' })).toMatchObject({ verdict: 'ignored', reason: 'blocked-sender' })
    await desk.call('DELETE /api/blocked-senders/:id', { as: agent, params: { id: rule.id } })
    expect(await write({ from: 'mallory@evil.example' })).toMatchObject({ verdict: 'created' })
  })
})

describe('what no person wrote', () => {
  it('an out-of-office note joins what it answers, changes nothing, and is answered by nothing', async () => {
    const first = await write()
    const [ack] = await outbox()
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: first.ticket_id },
      ifMatch: 1,
      body: { code: 'solved', tell: false },
    })
    const note = ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All']
    expect(await write({ subject: 'Automatic reply: Received', headers: [...answering(ack!), ...note] })).toMatchObject({
      verdict: 'followed-up',
      ticket_id: first.ticket_id,
    })
    expect(await see(first.ticket_id)).toMatchObject({
      status: { meaning: 'resolved' },
      reopenedCount: 0,
      messages: [{}, { automatic: 'vacation' }],
    })
    expect(await write({ subject: 'Automatic reply: I am away', headers: note })).toMatchObject({
      verdict: 'ignored',
      reason: 'auto-reply-without-ticket',
    })
    expect(await outbox()).toHaveLength(1)
  })

  it("a program's message becomes a ticket, unanswered", async () => {
    expect(
      await write({ from: 'backup@customer.example', subject: 'Backup failed', headers: ['Auto-Submitted: auto-generated'] }),
    ).toMatchObject({ verdict: 'created' })
    expect(await outbox()).toEqual([])
  })

  it('C-031: an autoresponder that hides what it is gets five answers an hour and no more', async () => {
    for (let round = 0; round < 9; round++) await write({ subject: `I am away ${round}`, headers: [] })
    expect(await outbox()).toHaveLength(5)
    desk.clock.advance({ minutes: 61 })
    await write({ subject: 'Again' })
    expect(await outbox()).toHaveLength(6)
    // one that answers our answer lands in its ticket, where nothing is answered: the loop ends in one round
    const [ack] = await outbox()
    const before = (await query(sql`select 1 from ticket`)).length
    for (let round = 0; round < 5; round++)
      await write({ subject: `Re: ${ack!.subject}`, headers: answering(ack!), body: `Round ${round}` })
    expect(await query(sql`select 1 from ticket`)).toHaveLength(before)
    expect(await outbox()).toHaveLength(6)
  })

  it("C-032: a bounce is shown at the mail that it is about, and is nobody's ticket", async () => {
    const first = await write()
    const reply = await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: first.ticket_id }, body: { body: 'Hi' } })
    const out = (await outbox()).find((one) => one.kind === 'reply')!
    const report = [
      'From: MAILER-DAEMON@mx.customer.example',
      `To: help+${out.token}@desk.example`,
      'Subject: Undelivered Mail Returned to Sender',
      'Message-ID: <dsn1@mx.customer.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=r',
      '',
      '--r',
      'Content-Type: text/plain',
      '',
      'Your mail could not be delivered.',
      '--r',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.customer.example',
      '',
      'Final-Recipient: rfc822; casey@customer.example',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 user unknown',
      '--r',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: <${out.message_id}>`,
      '--r--',
      '',
    ].join('\r\n')
    const entry = await write({
      raw: report,
      envelopeFrom: '',
      to: [`help+${out.token}@desk.example`],
      messageId: 'dsn1@mx.customer.example',
    })
    expect(entry).toMatchObject({ verdict: 'bounced', ticket_id: first.ticket_id })
    const ticket = await see(first.ticket_id)
    expect(ticket.messages.at(-1)).toMatchObject({
      internal: true,
      bounce: { recipients: ['casey@customer.example'], hard: true, status: '5.1.1', reason: 'user-unknown' },
    })
    expect(ticket.messages.find((one) => one.id === reply.id)?.delivery).toMatchObject({ state: 'failed' })
    expect(await query(sql`select 1 from event where type = 'mail.undelivered'`)).toHaveLength(1)
    const before = (await outbox()).length
    const unknown = await write({
      raw: report.replace(out.message_id, 'x@y.example').replaceAll(out.token, 'f'.repeat(32)).replaceAll('dsn1', 'dsn2'),
      envelopeFrom: '',
      messageId: 'dsn2@mx.customer.example',
    })
    expect(unknown).toMatchObject({ verdict: 'bounced', reason: 'unknown-mail', ticket_id: null })
    expect(await outbox()).toHaveLength(before)
    // the same words from a person are a ticket, and answered
    expect(await write({ subject: 'Undelivered Mail Returned to Sender', body: 'My mail could not be delivered.' })).toMatchObject({
      verdict: 'created',
    })
    expect(await outbox()).toHaveLength(before + 1)
  })

  it("C-033: our own automatic mail that comes back is known, and another desk's is not answered", async () => {
    const [{ id }] = (await query(sql<{ id: string }>`select value ->> 'id' as id from setting where name = 'instance'`)) as [
      { id: string },
    ]
    expect(await write({ from: 'loop@partner.example', headers: [`X-Loop: ${id}`] })).toMatchObject({
      verdict: 'ignored',
      reason: 'own-mail',
    })
    await write({
      from: 'help@partner.example',
      headers: ['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All', 'X-Loop: another-desk'],
    })
    expect(await outbox()).toEqual([])
  })

  it('C-034: a mail that claims to come from our own address makes no person of it', async () => {
    expect(await write({ from: box.address })).toMatchObject({ verdict: 'quarantined', reason: 'own-address' })
    expect(await query(sql`select 1 from person where email = ${box.address}`)).toHaveLength(0)
    // an address that was never ours would become one, and be answered
    const gone = await desk.mailbox('gone@desk.example')
    await query(sql`delete from mailbox where id = ${gone.id}`)
    expect(await write({ from: gone.address })).toMatchObject({ verdict: 'created' })
  })

  it('C-035: an address that nobody has proved to own hears nothing of what was written in its name', async () => {
    await write({ from: 'Your Bank <victim@elsewhere.example>', subject: 'FBI NOTICE pay at evil.example', body: 'EVIL' })
    const [told] = await outbox()
    expect(await query(sql`select 1 from outbound_recipient where name <> ''`)).toEqual([])
    expect(`${told?.subject} ${told?.body}`).not.toMatch(/FBI|evil|EVIL|Your Bank/)
    expect(told?.subject).toContain(`[#${told?.ticket_id}]`)
    for (let round = 0; round < 5; round++) await write({ from: 'victim@elsewhere.example', subject: `Notice ${round}` })
    expect(await outbox()).toHaveLength(3)
    // with the defence off (the address counts as proven) the attacker's words would reach the victim
    await query(sql`update person set verified_at = now() where email = 'victim@elsewhere.example'`)
    await write({ from: 'victim@elsewhere.example', subject: 'FBI NOTICE' })
    expect((await outbox()).at(-1)?.subject).toContain('FBI NOTICE')
  })

  it('a mail without a return path is never acknowledged', async () => {
    await write({ envelopeFrom: '' })
    expect(await outbox()).toEqual([])
  })
})
