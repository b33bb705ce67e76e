import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { plainAddress } from '../../server/features/mail/compose.ts'
import { connectTo, type Sink, sendTo, someMessageId, startSink, type Written } from '../../server/features/mail/mail.testing.ts'
import { readSettings } from '../../server/kernel/settings.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** Our own mail: in whose name it leaves, whom it reaches, and what of others it carries. */
const desk = useDesk()
const box = 'help@desk.example'
let agent: TestPerson
let casey: TestPerson
let sink: Sink
beforeEach(async () => {
  agent = await desk.person('lead', { name: 'Maya Chen' })
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  await desk.mailbox(box)
  sink = await startSink()
  connectTo(desk.kernel, sink)
})
afterEach(() => sink.stop())

type Entry = { verdict: string; reason: string; ticket_id: string | null }
const write = async (mail: Written): Promise<Entry> => {
  const messageId = mail.messageId ?? someMessageId()
  await sendTo(desk.kernel, { to: [box], ...mail, messageId })
  await desk.work()
  return (await rows<Entry>(sql`select verdict, reason, ticket_id from inbound_mail order by id desc limit 1`))[0]!
}
const rows = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async ({ db }) => (await text.execute(db)).rows)
const see = (id: string | null, as = agent) => desk.call('GET /api/tickets/:id', { as, params: { id: id! } })
const later = async (seconds: number) => {
  desk.clock.advance({ seconds })
  await desk.work()
}
const reply = (id: string, body: object, as = agent) => ({ as, params: { id }, body: body as { body: string } })
const ticket = (more: object = {}) =>
  desk.call('POST /api/tickets', {
    as: agent,
    body: { subject: 'Mouse', body: 'Dead', requesterId: casey.id, acknowledge: false, ...more },
  })

describe('B-021: Reply-To', () => {
  it('wishes, and the answer goes to the author; the journal shows both. Followed, it would have reached the stranger', async () => {
    const entry = await write({ headers: ['Reply-To: Casey <mallory@evil.example>'] })
    const [seen] = (await desk.call('GET /api/mail/journal', { as: agent })).items
    expect(seen).toMatchObject({ from: { email: casey.email }, detail: { replyTo: 'mallory@evil.example' } })
    const before = sink.taken.length
    await desk.call('POST /api/tickets/:id/replies', reply(entry.ticket_id!, { body: 'PIN-4711' }))
    await later(11)
    expect(sink.taken.slice(before).map((mail) => mail.to)).toEqual([[casey.email]])
    // The defence off: the same answer to where the mail wished it.
    await desk.call('POST /api/tickets/:id/replies', reply(entry.ticket_id!, { body: 'PIN-4711', to: [String(seen!.detail.replyTo)] }))
    await later(11)
    expect(sink.taken.at(-1)).toMatchObject({ to: ['mallory@evil.example'] })
    expect(sink.taken.at(-1)!.raw).toContain('PIN-4711')
  })
})

describe('B-025: commands in a mail', () => {
  const orders = '#close\r\n/assign me\r\npriority: high\r\n'
  it("are words, whoever seems to write them; obeyed, a stranger with an agent's name would have moved the ticket", async () => {
    const first = await write({})
    const inReply = [`In-Reply-To: <${/<([^>]+)>/.exec(sink.taken[0]!.header('Message-ID')!)![1]}>`]
    await write({ headers: inReply, body: orders })
    expect(await write({ from: agent.email, headers: inReply, body: orders })).toMatchObject({
      verdict: 'quarantined',
      reason: 'spoofed-agent',
    })
    expect(await see(first.ticket_id)).toMatchObject({ status: { meaning: 'new' }, assignee: null, priority: 4 })
    // The defence off: a reader that obeys the words in the name of whoever From says.
    const [mail] = await rows<{ from_address: string }>(sql`select from_address from inbound_mail where verdict = 'quarantined'`)
    const named = [agent, casey].find((one) => one.email === mail!.from_address)!
    if (/^\/assign me/m.test(orders)) await desk.call('POST /api/tickets/:id/take', { as: named, params: { id: first.ticket_id! } })
    expect(await see(first.ticket_id)).toMatchObject({ assignee: { id: agent.id } })
  })
})

describe('B-027: a link that opens an account goes to its owner alone', () => {
  it('never into a mail that others get, not even where the owner is in copy', async () => {
    const boss = await desk.person('requester', { email: 'boss@customer.example' })
    const made = await ticket({ cc: [boss.email] })
    for (const email of [boss.email, casey.email]) await desk.call('POST /api/sign-in/link', { body: { email } })
    await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'Hello both' }))
    await later(11)
    const opened = await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: made.id },
      ifMatch: (await see(made.id)).version,
      body: { code: 'solved', text: 'Done' },
    })
    expect(opened.status.meaning).toBe('resolved')
    await later(11)
    const text = (raw: string) => raw.replace(/=\r\n/g, '').replace(/=3D/g, '=')
    const withLink = sink.taken.filter((mail) => /\/(link|answer)\/[\w-]{16,}/.test(text(mail.raw)))
    expect(withLink.filter((mail) => mail.raw.includes('/link/')).map((mail) => mail.to)).toEqual(
      expect.arrayContaining([[boss.email], [casey.email]]),
    )
    for (const mail of withLink) {
      expect(mail.to).toHaveLength(1)
      expect(mail.headers).not.toMatch(/^(Cc|Bcc):/im)
    }
    expect(
      sink.taken.some((mail) => mail.to.length > 1),
      'there was a mail to several',
    ).toBe(true)
    // Why it matters: whoever has the mail has the account.
    const token = /\/link\/([\w-]{16,})/.exec(
      text(withLink.find((mail) => mail.to[0] === boss.email && /\/link\//.test(text(mail.raw)))!.raw),
    )![1]!
    expect((await desk.ask('POST /api/sign-in/link/use', { body: { token } })).status).toBe(200)
  })
})

describe('B-028: who an answer comes from is for us to say', () => {
  it('no field of a call names a sender, a mailbox or an author; the mail carries the mailbox of the ticket and the own name', async () => {
    const other = await desk.person('agent', { name: 'Other Agent' })
    const second = await desk.mailbox('board@desk.example')
    const made = await ticket()
    for (const field of ['from', 'fromAddress', 'sender', 'mailboxId', 'authorId', 'author', 'replyTo', 'bcc', 'direction'])
      await desk.refused(
        'validation_failed',
        'POST /api/tickets/:id/replies',
        reply(made.id, { body: 'x', [field]: field === 'mailboxId' ? second.id : other.id }),
      )
    await desk.refused('validation_failed', 'PATCH /api/tickets/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: made.version,
      body: { mailboxId: second.id } as never,
    })
    const limited = await desk.person('agent', { limitedTo: { teamId: (await desk.team()).id } })
    await desk.refused('not_found', 'POST /api/tickets/:id/replies', reply(made.id, { body: 'x' }, limited))
    await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'Mine' }))
    await later(11)
    expect(sink.taken).toHaveLength(1)
    expect(sink.taken[0]!.header('From')).toMatch(/^"Maya Chen \(.*\)" <help@desk\.example>$/)
    // Nothing behind it would stop another sender: once it is in the outbox it goes out.
    await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'Forged' }))
    await rows(
      sql`update outbound_mail set sender = sender || '{"name":"Other Agent","address":"board@desk.example"}' where body like '%Forged%'`,
    )
    await later(11)
    expect(sink.taken.at(-1)!.header('From')).toContain('board@desk.example')
  })
})

describe("B-029: a draft is its writer's", () => {
  it('nobody reads, changes or sends the draft of another; an answer names who sent it', async () => {
    const other = await desk.person('agent', { name: 'Other Agent' })
    const made = await ticket()
    const keep = (as: TestPerson, body: string) =>
      desk.call('PUT /api/drafts', { as, body: { ticketId: made.id, kind: 'reply', content: { body } } })
    const drafts = async (as: TestPerson) => (await desk.call('GET /api/drafts', { as })).drafts.map((one) => one.content.body)
    await keep(agent, 'FIRST')
    await keep(other, 'SECOND')
    expect([await drafts(agent), await drafts(other)]).toEqual([['FIRST'], ['SECOND']])
    await desk.call('PUT /api/drafts', { as: other, body: { ticketId: made.id, kind: 'reply', content: null } })
    expect([await drafts(agent), await drafts(other)]).toEqual([['FIRST'], []])
    await desk.refused('validation_failed', 'PUT /api/drafts', {
      as: other,
      body: { ticketId: made.id, kind: 'reply', content: {}, personId: agent.id } as never,
    })
    expect(await drafts(await desk.person('administrator'))).toEqual([])
    const sent = await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'FIRST' }, other))
    expect(sent).toMatchObject({ author: { id: other.id }, from: { name: 'Other Agent' } })
    await desk.refused('not_found', 'POST /api/messages/:id/undo', { as: agent, params: { id: sent.id } })
    // The rows lie side by side: only the question whose they are keeps them apart.
    expect(await rows(sql`select 1 from draft where ticket_id = ${made.id}`)).toHaveLength(1)
    await rows(sql`update draft set person_id = ${other.id} where ticket_id = ${made.id}`)
    expect(await drafts(other)).toEqual(['FIRST'])
  })
})

describe('C-038: an address is never an option of a program', () => {
  it('mail leaves by SMTP only, and an address that begins with a dash costs itself and nobody else', async () => {
    // The defence off: handed to a program as its argument, an address that a careless check lets through is an option.
    const ran = '--eval=console.log("ran@evil.example")'
    expect(ran).toMatch(/^\S+@\S+\.\S+$/)
    expect(execFileSync(process.execPath, [ran], { encoding: 'utf8' }).trim()).toBe('ran@evil.example')
    expect(() => plainAddress(ran)).toThrow()
    const evil = '-oQtmp-X@evil.example'
    expect(evil, 'a careless check lets it through').toMatch(/^\S+@\S+\.\S+$/)
    expect(() => plainAddress(evil)).toThrow()
    for (const url of ['sendmail:', 'sendmail:///usr/sbin/sendmail', 'file:///tmp/x', 'http://127.0.0.1:1'])
      expect(
        () =>
          readSettings({
            DATA_DIR: '/tmp',
            PORT: '0',
            SMTP_PORT: '0',
            BASE_URL: 'http://localhost',
            MAIL_DOMAIN: 'desk.example',
            ENCRYPTION_KEY: 'ab'.repeat(32),
            SMTP_URL: url,
          }),
        url,
      ).toThrow()
    expect(() => readSettings({ SMTP_URL: 'smtp:user:PASSWORD@host' }), 'nor is the password repeated').toThrow(/^(?!.*PASSWORD)/)
    for (const file of ['outside.ts', 'compose.ts', 'jobs.ts', 'actions-sending.ts'])
      expect(readFileSync(new URL(`../../server/features/mail/${file}`, import.meta.url), 'utf8')).not.toMatch(
        /sendmail:|child_process|direct:/,
      )
    const made = await ticket()
    await desk.ask('POST /api/tickets/:id/replies', reply(made.id, { body: 'Hi', to: [casey.email, evil] }))
    await desk.ask('POST /api/tickets/:id/replies', reply(made.id, { body: 'Again', to: [casey.email] }))
    await later(11)
    expect(sink.taken.map((mail) => mail.to)).toContainEqual([casey.email])
    expect(sink.taken.flatMap((mail) => mail.to)).not.toContain(evil)
  })
})

describe('C-040: whoever is told hears of nobody else', () => {
  it('a notice to many is a mail to each; a blind copy is in no screen, no answer and no mail', async () => {
    const team = await desk.team('Desk', 1, [agent])
    const members = [agent]
    for (const name of ['Ann', 'Bob', 'Cid']) members.push(await desk.person('agent', { name }))
    for (const one of members.slice(1))
      await rows(sql`insert into team_member (team_id, person_id, since) values (${team.id}, ${one.id}, now())`)
    const { mailNotice } = await import('../../server/features/mail/actions-letters.ts')
    const entry = await write({ headers: ['Bcc: BLINDCOPY@secret.example', 'Resent-Bcc: BLINDCOPY@secret.example'] })
    await desk.kernel.asSystem(async (context) => {
      for (const one of members)
        await mailNotice(context, {
          personId: one.id,
          ticketId: entry.ticket_id!,
          messageId: null,
          inside: false,
          subject: 'New',
          text: 'New',
          html: 'New',
        })
    })
    await desk.call('POST /api/tickets/:id/replies', reply(entry.ticket_id!, { body: 'Hello' }))
    await later(11)
    const notices = sink.taken.filter((mail) => mail.to.some((to) => members.some((one) => one.email === to)))
    expect(notices).toHaveLength(4)
    for (const mail of notices)
      for (const one of members)
        expect(mail.raw.includes(one.email), `${one.email} in the mail to ${mail.to}`).toBe(
          mail.to.includes(one.email) && mail.to.length === 1,
        )
    expect(sink.taken.map((mail) => mail.raw).join('')).not.toMatch(/BLINDCOPY|^Bcc:/im)
    for (const as of [agent, casey])
      expect((await desk.ask('GET /api/tickets/:id', { as, params: { id: entry.ticket_id! } })).text).not.toMatch(/BLINDCOPY/i)
    // It is in what came, and would be in what leaves if the composer kept it.
    const [{ sha256 }] = (await rows<{ sha256: string }>(sql`select sha256 from inbound_mail limit 1`)) as [{ sha256: string }]
    expect((await desk.kernel.files.read(sha256)).toString()).toContain('BLINDCOPY')
  })
})
