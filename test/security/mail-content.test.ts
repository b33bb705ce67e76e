import { parseDocument } from 'htmlparser2'
import { sql } from 'kysely'
import PostalMime from 'postal-mime'
import sanitizeHtml from 'sanitize-html'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailJobs } from '../../server/features/mail/jobs.ts'
import { connectTo, type Sink, sendTo, someMessageId, startSink, type Written } from '../../server/features/mail/mail.testing.ts'
import { sanitiseMailHtml } from '../../server/features/mail/sanitise.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'
import { mailShapes, mailSteps } from '../mail-shapes.ts'
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
  it('with the defence off a reader of the tree falls over its depth, and a browser is given all of it', () => {
    type Node = { children?: Node[] }
    const walk = (node: Node): number => 1 + (node.children ?? []).reduce((sum, child) => sum + walk(child), 0)
    expect(() => walk(parseDocument('<table><tr><td>'.repeat(4000)) as unknown as Node)).toThrow(RangeError)
    expect(sanitizeHtml('<b>x</b>'.repeat(110_000)).length).toBeGreaterThan(800_000)
    expect(sanitiseMailHtml('<b>x</b>'.repeat(110_000))).toBeNull()
  })
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
  })
})

describe('A-008: no text takes longer than its length', () => {
  /** Processor time in milliseconds. */
  const cost = (work: () => unknown) => {
    const start = process.cpuUsage()
    work()
    const used = process.cpuUsage(start)
    return (used.user + used.system) / 1000
  }
  /** The best of three, as the machine may be busy with something else; or the first that is good enough. */
  const best = (work: () => unknown, enough = 0) => {
    let least = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < 3 && least >= enough; tries++) least = Math.min(least, cost(work))
    return least
  }
  /** Four times the text: 4 times as long, or 16 times when a step is quadratic. What lies between is the machine's. */
  const most = (one: number) => Math.max(one, 40) * 10
  it('the check itself finds a step that is worse than linear', () => {
    const careless = (text: string) => /(a+)+$/.test(text.slice(0, 26).replace(/.$/, '!'))
    expect(cost(() => careless(mailShapes['a run of a']!(26)))).toBeGreaterThan(4 * best(() => careless(mailShapes['a run of a']!(22))))
    const trailing = (text: string) => text.replace(/\s+$/, '')
    const one = best(() => trailing(`${' '.repeat(10_000)}x`))
    const four = cost(() => trailing(`${' '.repeat(40_000)}x`))
    expect(four).toBeGreaterThan(most(one))
  })
  // How long a megabyte takes is a row of the benchmark: on a shared machine a bound in milliseconds proves nothing.
  for (const [step, work] of Object.entries(mailSteps))
    it.each(Object.entries(mailShapes))(`${step}: %s`, (_, make) => {
      work(make(100_000))
      const [short, long] = [make(250_000), make(1_000_000)]
      const one = best(() => work(short))
      const four = best(() => work(long), most(one))
      expect(four).toBeLessThan(most(one))
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

  it('with the defence off they cannot be stored, are scripts, or stop at the first: each by itself', async () => {
    const naive = async (rest: string) => new PostalMime().parse(head('x@odd.example') + rest)
    await expect(rows(sql`select ${(await naive(odd['NUL bytes']!)).text}::text`)).rejects.toThrow(/0x00|invalid byte/)
    const utf7 = /\+([A-Za-z0-9+/]+)-/g
    const decoded = odd['UTF-7']!.replace(utf7, (_, run: string) => Buffer.from(run, 'base64').swap16().toString('utf16le'))
    expect(decoded).toContain('<script>')
    await expect(new PostalMime({ maxNestingDepth: 50 }).parse(head('x@odd.example') + odd['100 levels']!)).rejects.toThrow(/nesting/i)
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(odd['a lone surrogate']!, 'latin1'))).toThrow()
  })

  it('one that fails at every try is put aside at the third; before that it comes again and again', async () => {
    await sendTo(desk.kernel, { to: [box], messageId: 'poison@odd.example' })
    const [{ id }] = (await rows<{ id: string }>(sql`select id from inbound_mail`)) as [{ id: string }]
    const read = desk.kernel.files.read
    desk.kernel.files.read = () => Promise.reject(new Error('poison'))
    const judge = () => mailJobs['mail.judge']!(desk.kernel, { inboundMailId: id } as never)
    await expect(judge()).rejects.toThrow('poison')
    await expect(judge()).rejects.toThrow('poison')
    await judge()
    desk.kernel.files.read = read
    expect((await rows<Entry>(sql`select verdict, reason, ticket_id from inbound_mail`))[0]).toMatchObject({
      verdict: 'quarantined',
      reason: 'unreadable',
    })
    expect(await write({ subject: 'The next' })).toMatchObject({ verdict: 'created' })
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
    // The defence off: whoever unfolds the rule is still at its beginning after a while, and has filled the memory.
    const unfolded: number[] = []
    for (const until = performance.now() + 50; performance.now() < until; ) unfolded.push(Date.UTC(2026, 2, 2, 10, 0, unfolded.length))
    expect(unfolded.length).toBeLessThan(999_999_999 / 20)
    const started = performance.now()
    const entry = await write({ headers: mime('text/calendar; method=REQUEST'), body: calendar })
    expect(performance.now() - started).toBeLessThan(5000)
    const [message] = (await see(entry.ticket_id)).messages
    expect(message!.html, 'it is text, tags and all').toBeNull()
    expect(message!.text.split('\n')).toEqual(calendar.split('\r\n'))
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
    expect(await see(entry.ticket_id)).toMatchObject({ priority: 4, links: [], requester: { email: 'mallory@evil.example' } })
    expect((await see(first.ticket_id)).messages).toHaveLength(1)
    // The one thing that does lead to a ticket, in the right hands: our own secret, which no header above can name.
    const token = /<([^>]+)>/.exec(sink.taken.find((mail) => mail.to.includes(casey.email))!.header('Message-ID')!)![1]!
    expect(await write({ headers: [`In-Reply-To: <${token}>`] })).toMatchObject({ verdict: 'followed-up', ticket_id: first.ticket_id })
  })
})
