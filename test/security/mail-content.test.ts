import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTo, type Sink, sendTo, someMessageId, startSink, type Written } from '../../server/features/mail/mail.testing.ts'
import { plainAddress } from '../../server/features/mail/compose.ts'
import { foldReply } from '../../server/features/mail/fold.ts'
import { sanitiseMailHtml } from '../../server/features/mail/sanitise.ts'
import { textFromHtml } from '../../server/features/mail/text-from-html.ts'
import { readSettings } from '../../server/kernel/settings.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'
import { conservation } from '../oracles.ts'

/** Hostile mail at our own SMTP door, judged by the whole program: what it costs, what it becomes, whom it reaches. */
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
const mime = (type: string, ...more: string[]) => ['MIME-Version: 1.0', `Content-Type: ${type}`, ...more]
/** Lines as SMTP allows them (RFC 5321, 4.5.3.1.6), for what is one long line. */
const base64 = (text: string | Buffer) => ['Content-Transfer-Encoding: base64', Buffer.from(text).toString('base64').replace(/(.{76})/g, '$1\r\n')] as const

describe('A-007: HTML that is too much is kept, and shown as text', () => {
  it.each([
    ['tables 50,000 deep', '<table><tr><td>'.repeat(50_000)],
    ['200,000 elements', '<b>x</b>'.repeat(110_000)],
    ['8 MB', `<p>${'<i>word</i> word word word '.repeat(300_000)}`],
  ])('%s', async (_, html) => {
    const [encoding, body] = base64(`${html}<p>The words.`)
    const started = performance.now()
    const entry = await write({ headers: mime('text/html', encoding), body })
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(entry.verdict).toBe('created')
    const [message] = (await see(entry.ticket_id)).messages
    expect(message!.html).toBeNull()
    expect(message!.text.length).toBeGreaterThan(5)
    // The defence off: whoever hands this to a browser hands it all of it.
    expect(html.length).toBeGreaterThan(700_000)
  })
})

describe('A-008: no text takes longer than its length', () => {
  const shapes: Record<string, (n: number) => string> = {
    'a run of a': (n) => `${'a'.repeat(n)}!`,
    'one address': (n) => `http://x/${'a/?&='.repeat(n / 5)}`,
    'quote levels': (n) => '>'.repeat(n),
    'signature marks': (n) => '-- \n'.repeat(n / 4),
    'half tags': (n) => '<a href="'.repeat(n / 9),
    'open comments': (n) => '<!-- -'.repeat(n / 6),
    styles: (n) => `<p style="${'color:red;'.repeat(n / 10)}">x`,
    'style values': (n) => `<p style="color:${'rgb(1,'.repeat(n / 6)}">x`,
  }
  const steps: Record<string, (text: string) => unknown> = { fold: foldReply, sanitise: sanitiseMailHtml, text: textFromHtml }
  const best = (work: () => unknown) =>
    Math.min(...[0, 1].map(() => {
      const start = performance.now()
      work()
      return performance.now() - start
    }))
  it('the check itself finds a quadratic step', () => {
    const careless = (text: string) => /(a+)+$/.test(text.slice(0, 26).replace(/.$/, '!'))
    expect(best(() => careless(shapes['a run of a']!(26)))).toBeGreaterThan(4 * best(() => careless(shapes['a run of a']!(22))))
  })
  for (const [step, work] of Object.entries(steps))
    it.each(Object.entries(shapes))(`${step}: %s`, (_, make) => {
      work(make(100_000))
      const [one, four] = [best(() => work(make(500_000))), best(() => work(make(2_000_000)))]
      // Four times as long a text; a quadratic step would take sixteen times as long. Shared machines are noisy.
      expect(four).toBeLessThan(Math.max(one, 40) * 10)
    })
})

describe('A-009: one outcome for every mail, and the next one is read', () => {
  const head = (id: string) => `From: casey@customer.example\r\nTo: ${box}\r\nSubject: Odd\r\nMessage-ID: <${id}>\r\n`
  const odd: Record<string, string> = {
    '1,000 parts': `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\nhi\r\n'.repeat(1000)}--x--\r\n`,
    '100 levels': `${Array.from({ length: 100 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('')}\r\nhi\r\n`,
    'no boundary': 'Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhi\r\n',
    'two Content-Types': 'Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n<b>hi\r\n',
    'bad base64': 'Content-Transfer-Encoding: base64\r\n\r\naGk=*#=a\r\n',
    continuations: `Content-Type: text/plain; ${Array.from({ length: 200 }, (_, n) => `name*${n}*=%FF%00`).join(';\r\n ')}\r\n\r\nhi\r\n`,
    'charset lies': 'Content-Type: text/plain; charset=utf-16\r\n\r\nnot at all\r\n',
    'UTF-7': 'Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-\r\n',
    'NUL bytes': '\r\na\0b\0\r\n',
    'a lone surrogate': 'Content-Type: text/plain; charset=utf-8\r\n\r\n\xed\xa0\x80 x\r\n',
    'a header line of 900 KB': `X-Long: ${'x'.repeat(900_000)}\r\n\r\nhi\r\n`,
    'no body': '\r\n',
  }
  it('a thousand ways to be wrong', async () => {
    for (const [name, rest] of Object.entries(odd)) await sendTo(desk.kernel, { to: [box], raw: head(`${name.replace(/\W/g, '')}@odd.example`) + rest }).catch((cause: Error) => expect(cause.message, name).toMatch(/5\d\d/))
    await desk.work()
    expect(await write({ subject: 'The next' })).toMatchObject({ verdict: 'created' })
    const all = await rows<Entry & { message_id: string }>(sql`select verdict, reason, message_id from inbound_mail`)
    for (const one of all) expect(['created', 'followed-up', 'quarantined']).toContain(one.verdict)
    expect(all.length).toBeGreaterThanOrEqual(Object.keys(odd).length - 1)
    expect(await conservation(desk, all.length)).toEqual([])
    expect(JSON.stringify(await rows(sql`select body, html from message`))).not.toMatch(/<script|\\u0000/)
  })

  it('with the defence off, one of them ends the process that reads it', async () => {
    // A mail whose judging throws every time: without the three tries it would come again and again (FT-25 shows the rest).
    await sendTo(desk.kernel, { to: [box], messageId: 'poison@odd.example' })
    const read = desk.kernel.files.read
    desk.kernel.files.read = () => Promise.reject(new Error('poison'))
    await expect(desk.work()).rejects.toThrow('poison')
    desk.kernel.files.read = read
  })
})

describe('A-010, A-014: what is wrapped passes the same door', () => {
  const payload = '<img src=x onerror=window.__x=1><script>window.__x=1</script><p style="position:fixed">PAYLOAD</p>'
  const nested = (inner: string, depth: number): string => (depth === 0 ? inner : `Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: inner ${depth}\r\n${nested(inner, depth - 1)}`)
  it('a mail in a mail in a mail is cleaned like the outermost', async () => {
    const raw = `From: casey@customer.example\r\nTo: ${box}\r\nSubject: Outer\r\nMessage-ID: <n@x.example>\r\n${nested(`Content-Type: text/html\r\n\r\n${payload}`, 3)}\r\n`
    expect(raw, 'it is in there').toContain('onerror')
    const [message] = (await see((await write({ raw })).ticket_id)).messages
    expect(`${message!.html}${message!.text}`).toContain('PAYLOAD')
    expect(message!.html).not.toMatch(/onerror|<script|position/)
  })

  it('an invitation is words, and a rule for every second is never unfolded', async () => {
    const calendar = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART:20260302T100000Z', 'RRULE:FREQ=SECONDLY;COUNT=999999999', `SUMMARY:${payload}`, `X-ALT-DESC;FMTTYPE=text/html:${payload}`, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n')
    const started = performance.now()
    const entry = await write({ headers: mime('text/calendar; method=REQUEST'), body: calendar })
    expect(performance.now() - started).toBeLessThan(5000)
    const [message] = (await see(entry.ticket_id)).messages
    expect(message!.html ?? '').not.toMatch(/onerror|<script/)
    const ids = message!.attachments.map((file) => file.id)
    for (const id of ids) {
      const { headers } = await desk.ask('GET /api/attachments/:id', { as: agent, params: { id } })
      expect(headers['content-disposition']).toMatch(/^attachment/)
    }
  })
})

describe('A-011: headers that only we could mean', () => {
  it('are words to us: no ticket, no priority, no author, no proof comes of them', async () => {
    const first = await write({ subject: 'Mine' })
    const forged = ['X-Firstline-Ticket', 'X-Ticket-Id', 'X-Firstline-Proof', 'X-Firstline-Internal', 'X-RT-Ticket', 'X-Priority', 'Importance', 'X-Loop', 'X-Forwarded-For', 'X-Sender']
    const entry = await write({ from: 'mallory@evil.example', subject: 'Theirs', headers: forged.map((name) => `${name}: ${name === 'X-Firstline-Proof' ? 'f'.repeat(32) : first.ticket_id}`) })
    expect(entry).toMatchObject({ verdict: 'created', reason: 'new' })
    expect(entry.ticket_id).not.toBe(first.ticket_id)
    expect(await see(entry.ticket_id)).toMatchObject({ priority: 5, links: [], requester: { email: 'mallory@evil.example' } })
    expect((await see(first.ticket_id)).messages).toHaveLength(1)
    // The one thing that does lead to a ticket, in the right hands: our own secret, which no header above can name.
    const token = /<([^>]+)>/.exec(sink.taken.find((mail) => mail.to.includes(casey.email))!.header('Message-ID')!)![1]!
    expect(await write({ headers: [`In-Reply-To: <${token}>`] })).toMatchObject({ verdict: 'followed-up', ticket_id: first.ticket_id })
  })
})

const reply = (id: string, body: object, as = agent) => ({ as, params: { id }, body: body as { body: string } })
const ticket = (more: object = {}) => desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mouse', body: 'Dead', requesterId: casey.id, acknowledge: false, ...more } })

describe('B-027: a link that opens an account goes to its owner alone', () => {
  it('never into a mail that others get, not even where the owner is in copy', async () => {
    const boss = await desk.person('requester', { email: 'boss@customer.example' })
    const made = await ticket({ cc: [boss.email] })
    for (const email of [boss.email, casey.email]) await desk.call('POST /api/sign-in/link', { body: { email } })
    await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'Hello both' }))
    await later(11)
    const opened = await desk.call('POST /api/tickets/:id/resolve', { as: agent, params: { id: made.id }, ifMatch: (await see(made.id)).version, body: { code: 'solved', text: 'Done' } })
    expect(opened.status.meaning).toBe('resolved')
    await later(11)
    const text = (raw: string) => raw.replace(/=\r\n/g, '').replace(/=3D/g, '=')
    const withLink = sink.taken.filter((mail) => /\/(link|answer)\/[\w-]{16,}/.test(text(mail.raw)))
    expect(withLink.filter((mail) => mail.raw.includes('/link/')).map((mail) => mail.to)).toEqual(expect.arrayContaining([[boss.email], [casey.email]]))
    for (const mail of withLink) {
      expect(mail.to).toHaveLength(1)
      expect(mail.headers).not.toMatch(/^(Cc|Bcc):/im)
    }
    expect(sink.taken.some((mail) => mail.to.length > 1), 'there was a mail to several').toBe(true)
    // Why it matters: whoever has the mail has the account.
    const token = /\/link\/([\w-]{16,})/.exec(text(withLink.find((mail) => mail.to[0] === boss.email && /\/link\//.test(text(mail.raw)))!.raw))![1]!
    expect((await desk.ask('POST /api/sign-in/link/use', { body: { token } })).status).toBe(200)
  })
})

describe('B-028: who an answer comes from is for us to say', () => {
  it('no field of a call names a sender, a mailbox or an author; the mail carries the mailbox of the ticket and the own name', async () => {
    const other = await desk.person('agent', { name: 'Other Agent' })
    const second = await desk.mailbox('board@desk.example')
    const made = await ticket()
    for (const field of ['from', 'fromAddress', 'sender', 'mailboxId', 'authorId', 'author', 'replyTo', 'bcc', 'direction'])
      await desk.refused('validation_failed', 'POST /api/tickets/:id/replies', reply(made.id, { body: 'x', [field]: field === 'mailboxId' ? second.id : other.id }))
    await desk.refused('validation_failed', 'PATCH /api/tickets/:id', { as: agent, params: { id: made.id }, ifMatch: made.version, body: { mailboxId: second.id } as never })
    const limited = await desk.person('agent', { limitedTo: { teamId: (await desk.team()).id } })
    await desk.refused('not_found', 'POST /api/tickets/:id/replies', reply(made.id, { body: 'x' }, limited))
    await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'Mine' }))
    await later(11)
    expect(sink.taken).toHaveLength(1)
    expect(sink.taken[0]!.header('From')).toMatch(/^"Maya Chen \(.*\)" <help@desk\.example>$/)
    // Nothing behind it would stop another sender: once it is in the outbox it goes out.
    await desk.call('POST /api/tickets/:id/replies', reply(made.id, { body: 'Forged' }))
    await rows(sql`update outbound_mail set sender = sender || '{"name":"Other Agent","address":"board@desk.example"}' where body like '%Forged%'`)
    await later(11)
    expect(sink.taken.at(-1)!.header('From')).toContain('board@desk.example')
  })
})

describe("B-029: a draft is its writer's", () => {
  it('nobody reads, changes or sends the draft of another; an answer names who sent it', async () => {
    const other = await desk.person('agent', { name: 'Other Agent' })
    const made = await ticket()
    const keep = (as: TestPerson, body: string) => desk.call('PUT /api/drafts', { as, body: { ticketId: made.id, kind: 'reply', content: { body } } })
    const drafts = async (as: TestPerson) => (await desk.call('GET /api/drafts', { as })).drafts.map((one) => one.content.body)
    await keep(agent, 'FIRST')
    await keep(other, 'SECOND')
    expect([await drafts(agent), await drafts(other)]).toEqual([['FIRST'], ['SECOND']])
    await desk.call('PUT /api/drafts', { as: other, body: { ticketId: made.id, kind: 'reply', content: null } })
    expect([await drafts(agent), await drafts(other)]).toEqual([['FIRST'], []])
    await desk.refused('validation_failed', 'PUT /api/drafts', { as: other, body: { ticketId: made.id, kind: 'reply', content: {}, personId: agent.id } as never })
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
    const evil = '-oQtmp-X@evil.example'
    expect(evil, 'a careless check lets it through').toMatch(/^\S+@\S+\.\S+$/)
    expect(() => plainAddress(evil)).toThrow()
    for (const url of ['sendmail:', 'sendmail:///usr/sbin/sendmail', 'file:///tmp/x', 'http://127.0.0.1:1'])
      expect(() => readSettings({ DATA_DIR: '/tmp', PORT: '0', SMTP_PORT: '0', BASE_URL: 'http://localhost', MAIL_DOMAIN: 'desk.example', ENCRYPTION_KEY: 'ab'.repeat(32), SMTP_URL: url }), url).toThrow()
    expect(() => readSettings({ SMTP_URL: 'smtp:user:PASSWORD@host' }), 'nor is the password repeated').toThrow(/^(?!.*PASSWORD)/)
    for (const file of ['outside.ts', 'compose.ts', 'jobs.ts', 'actions-sending.ts']) expect(readFileSync(new URL(`../../server/features/mail/${file}`, import.meta.url), 'utf8')).not.toMatch(/sendmail:|child_process|direct:/)
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
    for (const one of members.slice(1)) await rows(sql`insert into team_member (team_id, person_id, since) values (${team.id}, ${one.id}, now())`)
    const { mailNotice } = await import('../../server/features/mail/actions-letters.ts')
    const entry = await write({ headers: ['Bcc: BLINDCOPY@secret.example', 'Resent-Bcc: BLINDCOPY@secret.example'] })
    await desk.kernel.asSystem(async (context) => {
      for (const one of members) await mailNotice(context, { personId: one.id, ticketId: entry.ticket_id!, messageId: null, subject: 'New', text: 'New', html: 'New' })
    })
    await desk.call('POST /api/tickets/:id/replies', reply(entry.ticket_id!, { body: 'Hello' }))
    await later(11)
    const notices = sink.taken.filter((mail) => mail.to.some((to) => members.some((one) => one.email === to)))
    expect(notices).toHaveLength(4)
    for (const mail of notices) for (const one of members) expect(mail.raw.includes(one.email), `${one.email} in the mail to ${mail.to}`).toBe(mail.to.includes(one.email) && mail.to.length === 1)
    expect(sink.taken.map((mail) => mail.raw).join('')).not.toMatch(/BLINDCOPY|^Bcc:/im)
    for (const as of [agent, casey]) expect((await desk.ask('GET /api/tickets/:id', { as, params: { id: entry.ticket_id! } })).text).not.toMatch(/BLINDCOPY/i)
    // It is in what came, and would be in what leaves if the composer kept it.
    const [{ sha256 }] = (await rows<{ sha256: string }>(sql`select sha256 from inbound_mail limit 1`)) as [{ sha256: string }]
    expect((await desk.kernel.files.read(sha256)).toString()).toContain('BLINDCOPY')
    await wait(0)
  })
})
