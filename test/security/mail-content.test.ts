import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldReply } from '../../server/features/mail/fold.ts'
import { connectTo, type Sink, sendTo, someMessageId, startSink, type Written } from '../../server/features/mail/mail.testing.ts'
import { sanitiseMailHtml } from '../../server/features/mail/sanitise.ts'
import { textFromHtml } from '../../server/features/mail/text-from-html.ts'
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
const mime = (type: string, ...more: string[]) => ['MIME-Version: 1.0', `Content-Type: ${type}`, ...more]
/** Lines as SMTP allows them (RFC 5321, 4.5.3.1.6), for what is one long line. */
const base64 = (text: string | Buffer) =>
  [
    'Content-Transfer-Encoding: base64',
    Buffer.from(text)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n'),
  ] as const

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
    Math.min(
      ...[0, 1].map(() => {
        const start = performance.now()
        work()
        return performance.now() - start
      }),
    )
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
    for (const [name, rest] of Object.entries(odd))
      await sendTo(desk.kernel, { to: [box], raw: head(`${name.replace(/\W/g, '')}@odd.example`) + rest }).catch((cause: Error) =>
        expect(cause.message, name).toMatch(/5\d\d/),
      )
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
  const nested = (inner: string, depth: number): string =>
    depth === 0 ? inner : `Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: inner ${depth}\r\n${nested(inner, depth - 1)}`
  it('a mail in a mail in a mail is cleaned like the outermost', async () => {
    const raw = `From: casey@customer.example\r\nTo: ${box}\r\nSubject: Outer\r\nMessage-ID: <n@x.example>\r\n${nested(`Content-Type: text/html\r\n\r\n${payload}`, 3)}\r\n`
    expect(raw, 'it is in there').toContain('onerror')
    const [message] = (await see((await write({ raw })).ticket_id)).messages
    expect(`${message!.html}${message!.text}`).toContain('PAYLOAD')
    expect(message!.html).not.toMatch(/onerror|<script|position/)
  })

  it('an invitation is words, and a rule for every second is never unfolded', async () => {
    const calendar = [
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'DTSTART:20260302T100000Z',
      'RRULE:FREQ=SECONDLY;COUNT=999999999',
      `SUMMARY:${payload}`,
      `X-ALT-DESC;FMTTYPE=text/html:${payload}`,
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n')
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
    const forged = [
      'X-Firstline-Ticket',
      'X-Ticket-Id',
      'X-Firstline-Proof',
      'X-Firstline-Internal',
      'X-RT-Ticket',
      'X-Priority',
      'Importance',
      'X-Loop',
      'X-Forwarded-For',
      'X-Sender',
    ]
    const entry = await write({
      from: 'mallory@evil.example',
      subject: 'Theirs',
      headers: forged.map((name) => `${name}: ${name === 'X-Firstline-Proof' ? 'f'.repeat(32) : first.ticket_id}`),
    })
    expect(entry).toMatchObject({ verdict: 'created', reason: 'new' })
    expect(entry.ticket_id).not.toBe(first.ticket_id)
    expect(await see(entry.ticket_id)).toMatchObject({ priority: 5, links: [], requester: { email: 'mallory@evil.example' } })
    expect((await see(first.ticket_id)).messages).toHaveLength(1)
    // The one thing that does lead to a ticket, in the right hands: our own secret, which no header above can name.
    const token = /<([^>]+)>/.exec(sink.taken.find((mail) => mail.to.includes(casey.email))!.header('Message-ID')!)![1]!
    expect(await write({ headers: [`In-Reply-To: <${token}>`] })).toMatchObject({ verdict: 'followed-up', ticket_id: first.ticket_id })
  })
})
