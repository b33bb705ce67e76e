import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { crc32, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { sendTo, someMessageId } from '../../server/features/mail/mail.testing.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** Files from strangers: who gets them, under which name, with which headers, and what they cost. */
const desk = useDesk()
let agent: TestPerson
let casey: TestPerson
let stranger: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  casey = await desk.person('requester')
  stranger = await desk.person('requester')
})

type Sent = { name: string; type?: string; content?: string | Buffer }
const part = ({ name, type = 'text/plain', content = 'x' }: Sent) =>
  Buffer.concat([
    Buffer.from(`--x\r\nContent-Disposition: form-data; name="f"; ${name}\r\nContent-Type: ${type}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
const post = (as: TestPerson, payload: Buffer) =>
  desk.app.inject({
    method: 'POST',
    url: '/api/uploads',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'multipart/form-data; boundary=x' },
    payload,
  })
async function upload(as: TestPerson, ...files: Sent[]): Promise<{ id: string; name: string; mediaType: string }[]> {
  const sent = await post(as, Buffer.concat([...files.map(part), Buffer.from('--x--\r\n')]))
  expect(sent.statusCode, sent.body).toBe(201)
  return sent.json().items
}
const get = (as: TestPerson | null, id: string) =>
  desk.app.inject({ url: `/api/attachments/${id}`, headers: as ? { authorization: `Bearer ${as.token}` } : {} })
const ticketOf = (as: TestPerson, uploadIds: string[] = []) =>
  desk.call('POST /api/tickets', { as, body: { subject: 'Screen', body: 'See file.', uploadIds } })
const asName = (name: string) => `filename="${name}"`

describe('D-041: what could act in a browser is a download and nothing else', () => {
  // That each of these does act without the headers is shown in a browser, in test/browser/hostile-files.test.ts.
  it.each([
    ['picture.png', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['picture.svg', 'image/png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['page.html', 'text/html', '<script>alert(1)</script>'],
    ['page.xhtml', 'application/xhtml+xml', '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>'],
    ['feed.xml', 'text/xml', '<?xml-stylesheet type="text/xsl" href="#"?><x/>'],
    ['code.js', 'text/javascript', 'alert(1)'],
    ['code.mjs', 'application/javascript', 'alert(1)'],
    ['both.gif', 'text/javascript', 'GIF89a=1;alert(1)'],
    ['form.pdf', 'application/pdf', '%PDF-1.7 /JavaScript'],
    ['odd', 'image/png; charset=x, text/html', '<script>alert(1)</script>'],
    ['style.css', 'text/css', '*{background:url(//evil.example)}'],
  ])('%s as %s', async (name, type, content) => {
    const [file] = await upload(casey, { name: asName(name), type, content })
    const { headers, body } = await get(casey, file!.id)
    expect(body).toBe(content)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['content-type']).toMatch(/^(application\/octet-stream|application\/pdf|image\/png)$/)
    const shown = file!.mediaType === 'image/png'
    expect(headers['content-disposition']).toMatch(shown ? /^inline; / : /^attachment; /)
  })
})

describe('D-042: an address of a file opens it for nobody who may not see it', () => {
  it('the same silence for others, for what is not there, and for what cannot be an id', async () => {
    const [file] = await upload(casey, { name: asName('secret.txt'), content: 'SECRET' })
    await ticketOf(casey, [file!.id])
    expect((await get(agent, file!.id)).body, 'in the right hands the very address works').toBe('SECRET')
    expect((await get(casey, file!.id)).body).toBe('SECRET')
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    const none = await get(stranger, '9223372036854775807')
    const silent = (answer: typeof none) => ({ status: answer.statusCode, ...answer.json(), requestId: '' })
    for (const who of [stranger, limited]) expect(silent(await get(who, file!.id))).toEqual(silent(none))
    for (const id of [
      `${Number(file!.id) + 1}`,
      '0',
      '-1',
      '1e3',
      '9223372036854775808',
      '%2e%2e',
      `${file!.id}%00`,
      `${file!.id}%20or%201=1`,
      `0x${Number(file!.id).toString(16)}`,
      'NaN',
    ])
      expect((await get(stranger, id)).statusCode, id).toBe(404)
    expect((await get(null, file!.id)).statusCode).toBe(401)
    expect((await desk.app.inject({ url: `/api/attachments/${file!.id}?token=${casey.token}&as=${casey.id}` })).statusCode).toBe(401)
  })

  it("an upload that no message has taken yet is its uploader's alone", async () => {
    const [file] = await upload(casey, { name: asName('draft.txt'), content: 'DRAFT' })
    expect((await get(casey, file!.id)).body).toBe('DRAFT')
    for (const who of [stranger, agent, await desk.person('administrator')]) expect((await get(who, file!.id)).statusCode).toBe(404)
  })
})

describe('D-043: the file of an internal note is as silent as the note', () => {
  it('by id, in the lists of the ticket, in the portal, in search, and in the mails', async () => {
    const ticket = await ticketOf(casey)
    const [file] = await upload(agent, { name: asName('NOTEFILE.txt'), content: 'NOTEBYTES' })
    await desk.call('POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: ticket.id },
      body: { body: 'For us', internal: true, uploadIds: [file!.id] },
    })
    expect((await get(agent, file!.id)).body).toBe('NOTEBYTES')
    expect((await get(casey, file!.id)).json()).toMatchObject({ code: 'not_found' })
    for (const call of ['GET /api/tickets/:id', 'GET /api/tickets/:id/timeline'] as const)
      expect((await desk.ask(call, { as: casey, params: { id: ticket.id } })).text).not.toContain('NOTEFILE')
    expect((await desk.ask('GET /api/search', { as: casey, query: { q: 'NOTEFILE' } })).status).toBe(403)
    // nor by taking it along into a message that the customer can read
    for (const as of [agent, casey])
      await desk.refused('validation_failed', 'POST /api/tickets/:id/replies', {
        as,
        params: { id: ticket.id },
        body: { body: 'And here', uploadIds: [file!.id] },
      })
    expect((await get(casey, file!.id)).statusCode).toBe(404)
  })

  it('and of an answer taken back', async () => {
    const ticket = await ticketOf(casey)
    const [file] = await upload(agent, { name: asName('oops.txt'), content: 'OOPS' })
    const sent = await desk.call('POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: ticket.id },
      body: { body: 'Oops', uploadIds: [file!.id] },
    })
    expect((await get(casey, file!.id)).body).toBe('OOPS')
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: sent.id } })
    expect((await get(casey, file!.id)).statusCode).toBe(404)
  })
})

describe('D-044: a file goes into another message only by its uploader, once', () => {
  it("nobody takes along a file of a ticket that they do not see, nor another one's upload; no copy is made", async () => {
    const [theirs] = await upload(casey, { name: asName('theirs.txt'), content: 'THEIRS' })
    await ticketOf(casey, [theirs!.id])
    const [waiting] = await upload(casey, { name: asName('waiting.txt'), content: 'WAITING' })
    const [own] = await upload(stranger, { name: asName('own.txt') })
    const count = async () =>
      Number((await desk.sandbox.client.query('select count(*) as n from attachment where message_id is not null')).rows[0].n)
    const before = await count()
    for (const uploadIds of [[theirs!.id], [waiting!.id], [own!.id, theirs!.id]])
      await desk.refused('validation_failed', 'POST /api/tickets', { as: stranger, body: { subject: 'Mine', uploadIds } })
    expect(await count()).toBe(before)
    await ticketOf(stranger, [own!.id])
    expect(await count(), 'with an upload of their own the same call works').toBe(before + 1)
  })
})

const own = [
  '../../etc/passwd',
  '/etc/passwd',
  'C:\\Windows\\x.dll',
  '..\\..\\x',
  'a\0.png',
  `${'n'.repeat(5000)}.txt`,
  'CON',
  'aux.txt',
  'end. . ',
  '\u200b.htaccess',
  'invoice\u202egpj.exe',
  'a\r\nSet-Cookie: x=1',
  'a";x="b',
  '\ud800.txt',
  '%2e%2e%2f',
  '',
  'Größe 日本 😀.pdf',
  "it's (1).txt",
  '-rf',
  '....//x',
]
const corpus = new URL('../../../shared/data/security/filenames.jsonl', import.meta.url)
if (!existsSync(corpus)) console.log('skipped: known hostile file names, the shared test data are not here')
const known = existsSync(corpus)
  ? readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((row) => (JSON.parse(row) as { payload: string }).payload)
  : []

describe('D-045: a file name is words, for the eye and for saving', () => {
  const bad = (shown: string) =>
    /[/\\\r\n\0\u202a-\u202e\u200b"]|^\.|^(con|aux|nul|prn)\b/i.test(shown) || shown.length > 150 || /[. ]$/.test(shown)
  it('by upload and by mail: one header line, no path, no device, no invisible sign, and the bytes lie under a name of ours', async () => {
    const names = [...own, ...known]
    expect(names.filter(bad).length, 'a careless header would carry these').toBeGreaterThan(12)
    await desk.mailbox('help@desk.example')
    const word = (name: string) => `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`
    const files = names.map(
      (name) =>
        `--b\r\nContent-Type: text/plain; name="${word(name)}"\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name.toWellFormed())}\r\n\r\nx`,
    )
    await sendTo(desk.kernel, {
      to: ['help@desk.example'],
      from: casey.email,
      raw: `From: ${casey.email}\r\nTo: help@desk.example\r\nSubject: Files\r\nMessage-ID: <${someMessageId()}>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${files.join('\r\n')}\r\n--b--\r\n`,
    })
    await desk.work()
    const [row] = (await desk.call('GET /api/tickets', { as: agent })).items
    const byMail = (await desk.call('GET /api/tickets/:id', { as: agent, params: { id: row!.id } })).messages[0]!.attachments
    expect(byMail).toHaveLength(names.length)
    const uploads = names
      .filter((name) => !/[\r\n\0]/.test(name))
      .flatMap((name) => [
        { name: asName(name.replaceAll('"', '%22')) },
        { name: `filename*=utf-8''${encodeURIComponent(name.toWellFormed())}` },
      ])
    const byUpload = []
    for (let at = 0; at < uploads.length; at += 20) byUpload.push(...(await upload(agent, ...uploads.slice(at, at + 20))))
    for (const file of [...byMail, ...byUpload]) {
      expect(bad(file.name) ? file.name : '').toBe('')
      const { headers } = await get(agent, file.id)
      const header = String(headers['content-disposition'])
      const told = /^attachment; filename="([\x20-\x7e]*)"; filename\*=UTF-8''([\w.~!#$&+^`|%-]*)$/.exec(header)
      expect(told, header).not.toBeNull()
      expect(decodeURIComponent(told![2]!)).toBe(file.name)
      expect(told![1]).not.toMatch(/["\\]/)
      expect(headers['set-cookie']).toBeUndefined()
    }
    const stored = readdirSync(join(desk.kernel.settings.DATA_DIR, 'files'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    )
    expect(stored.map((one) => one.name).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([])
  })
})

describe('D-046: what is small outside and huge inside', () => {
  it('a compressed request body is refused unopened', async () => {
    const bomb = gzipSync(Buffer.from(`{"subject":"${' '.repeat(50_000_000)}"}`))
    expect(gunzipSync(bomb).length / bomb.length, 'it would grow').toBeGreaterThan(900)
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip']) {
      const answer = await desk.app.inject({
        method: 'POST',
        url: '/api/tickets',
        headers: { authorization: `Bearer ${casey.token}`, 'content-type': 'application/json', 'content-encoding': encoding },
        payload: bomb,
      })
      expect([400, 413, 415]).toContain(answer.statusCode)
    }
    expect((await desk.call('GET /api/tickets', { as: casey })).items).toEqual([])
  })

  it('JSON a hundred thousand deep is refused, and the next request is answered', async () => {
    const deep = (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`
    const put = (content: string) =>
      desk.app.inject({
        method: 'PUT',
        url: '/api/drafts',
        headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' },
        payload: `{"ticketId":null,"kind":"ticket","content":${content}}`,
      })
    expect(() => JSON.stringify(JSON.parse(deep(100_000))), 'careless code breaks on it').toThrow(RangeError)
    for (const n of [1000, 6000, 100_000]) expect((await put(deep(n))).statusCode, `${n} deep`).toSatisfy((status: number) => status < 500)
    expect((await put('{"a":1}')).statusCode).toBe(204)
  })

  it('a picture of 50,000 by 50,000 points passes through as bytes; nobody paints it', async () => {
    const chunk = (type: string, data: Buffer) => {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(data.length)
      const tail = Buffer.alloc(4)
      tail.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type), data])))
      return Buffer.concat([head, Buffer.from(type), data, tail])
    }
    const size = Buffer.alloc(13)
    size.writeUInt32BE(50_000, 0)
    size.writeUInt32BE(50_000, 4)
    size.set([8, 6, 0, 0, 0], 8)
    const png = Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', size),
      chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
      chunk('IEND', Buffer.alloc(0)),
    ])
    const painted = size.readUInt32BE(0) * size.readUInt32BE(4) * 4
    expect(painted, 'painted, it would take ten gigabytes').toBe(10_000_000_000)
    const before = process.memoryUsage().rss
    const [file] = await upload(casey, { name: asName('huge.png'), type: 'image/png', content: png })
    expect((await get(casey, file!.id)).rawPayload.equals(png)).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  })
})

describe('D-048: uploads that are never finished, and fields nobody asked for', () => {
  const drafts = () => {
    const folder = join(desk.kernel.settings.DATA_DIR, 'files', 'new')
    return existsSync(folder) ? readdirSync(folder) : []
  }
  const until = async (holds: () => boolean) => {
    for (let tries = 0; tries < 100 && !holds(); tries++) await new Promise((go) => setTimeout(go, 50))
    return holds()
  }

  it('a hundred that break off leave no file behind', async () => {
    await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = desk.app.server.address() as AddressInfo
    const head = `POST /api/uploads HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${casey.token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n`
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(Buffer.concat([Buffer.from(head), part({ name: asName('half.bin'), content: Buffer.alloc(150_000) }).subarray(0, -2)]))
      return socket
    })
    expect(await until(() => drafts().length > 50), 'they lie there while they come in').toBe(true)
    for (const socket of sockets) socket.destroy()
    expect(await until(() => drafts().length === 0), `${drafts().length} left`).toBe(true)
    expect((await upload(casey, { name: asName('whole.txt') })).length).toBe(1)
  })

  it('__proto__, ten thousand fields and a name of a megabyte change nothing and are refused', async () => {
    const careless: Record<string, Record<string, unknown>> = {}
    const given = '__proto__'
    careless[given]!.d048 = 'yes'
    expect(({} as Record<string, unknown>).d048, 'careless code changes every object').toBe('yes')
    delete (Object.prototype as Record<string, unknown>).d048
    const field = (name: string, value = '{"d048":"yes"}') =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: application/json\r\n\r\n${value}\r\n`
    const bodies = [
      ['__proto__', 'constructor', 'constructor[prototype][d048]', '__proto__[d048]'].map((name) => field(name)).join(''),
      field('f').repeat(10_000),
      field('n'.repeat(1_000_000)),
    ]
    for (const body of bodies)
      expect((await post(casey, Buffer.from(`${body}--x--\r\n`))).statusCode, body.slice(0, 80)).toSatisfy(
        (status: number) => status >= 400 && status < 500,
      )
    for (const payload of ['{"subject":"x","__proto__":{"d048":"yes"}}', '{"subject":"x","constructor":{"prototype":{"d048":"yes"}}}']) {
      const answer = await desk.app.inject({
        method: 'POST',
        url: '/api/tickets',
        headers: { authorization: `Bearer ${casey.token}`, 'content-type': 'application/json' },
        payload,
      })
      expect(answer.statusCode).toSatisfy((status: number) => status >= 400 && status < 500)
    }
    expect(({} as Record<string, unknown>).d048).toBeUndefined()
  })

  it('of an upload with one file too many or too large nothing is taken', async () => {
    const many = Buffer.concat([...Array.from({ length: 30 }, (_, n) => part({ name: asName(`${n}.txt`) })), Buffer.from('--x--\r\n')])
    expect((await post(casey, many)).statusCode).toBe(413)
    expect((await desk.sandbox.client.query('select count(*)::int as n from attachment')).rows[0].n).toBe(0)
    expect(drafts()).toEqual([])
  })
})
