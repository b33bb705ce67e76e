import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTo, type Sink, sendTo, someMessageId, startSink } from '../../server/features/mail/mail.testing.ts'
import { isPublicAddress, readFromStranger } from '../../server/kernel/outbound-stranger.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** A-005: pictures of the web in a mail come through us, or not at all. The stranger's server is a real one. */
const desk = useDesk({ settings: { UNDO_SECONDS: '0' } })
const box = 'help@desk.example'
const gif = Buffer.from('R0lGODlhAQABAIAAAP8A/wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')
let agent: TestPerson
let casey: TestPerson
let sink: Sink
let stranger: Server
let asked: { url: string; headers: Record<string, unknown> }[]
let answer: RequestListener
const origin = () => `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`

beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Maya Chen' })
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  await desk.mailbox(box)
  sink = await startSink()
  connectTo(desk.kernel, sink)
  desk.kernel.outside.picturesFromAnywhere = true
  asked = []
  answer = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(gif)
  stranger = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  stranger.closeAllConnections()
  await new Promise((done) => stranger.close(done))
  await sink.stop()
})

const mailIn = async (html: string) => {
  const messageId = someMessageId()
  await sendTo(desk.kernel, { to: [box], messageId, headers: ['MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8'], body: html })
  await desk.work()
  const found = await desk.kernel.asSystem(
    async ({ db }) =>
      (await sql<{ id: string; ticket: string }>`select id, ticket_id as ticket from message order by id desc limit 1`.execute(db)).rows,
  )
  return found[0]!
}
const addressesOf = async (id: string, as = agent) => (await desk.call('POST /api/messages/:id/pictures', { as, params: { id } })).addresses
const get = (address: string | null | undefined, as?: TestPerson) =>
  desk.ask('GET /api/mail/picture', {
    as,
    query: { of: new URL(address ?? '', 'http://x').searchParams.get('of') ?? '' },
    headers: { cookie: 'other=1', referer: 'http://localhost:8080/tickets/1' },
  })

describe('a picture of the web', () => {
  it('is asked for by nobody until the reader does; then by us, without cookie, Referer or a name, for staff and in the portal', async () => {
    const { id, ticket } = await mailIn(
      `<p>Hi</p><img src="${origin()}/a.gif?x=1&amp;y=2"><img alt="src=&quot;${origin()}/no&quot;"><img src="http://user:pass@${origin().slice(7)}/b.gif">`,
    )
    await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticket } })
    for (const as of [agent, casey]) {
      const addresses = await addressesOf(id, as)
      expect(addresses).toHaveLength(2)
      for (const address of addresses) expect(address).toMatch(/^\/api\/mail\/picture\?of=[\w-]+$/)
      expect(asked, 'the addresses alone load nothing').toEqual([])
      const seen = await get(addresses[0], as)
      expect(seen.status).toBe(200)
      expect(asked.map((one) => one.url)).toEqual(['/a.gif?x=1&y=2'])
      for (const header of ['cookie', 'referer', 'authorization', 'user-agent', 'x-forwarded-for', 'origin'])
        expect(asked[0]?.headers).not.toHaveProperty(header)
      await get(addresses[1], as)
      expect(asked[1]?.headers).not.toHaveProperty('authorization')
      asked.length = 0
    }
  })

  it('is served as what its bytes are, never run and never kept', async () => {
    const { id } = await mailIn(`<img src="${origin()}/a.gif">`)
    const { headers } = await get((await addressesOf(id))[0], agent)
    expect(headers).toMatchObject({
      'content-type': 'image/gif',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=0, no-store',
    })
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
    expect(headers['content-disposition']).toMatch(/^inline; filename="picture\.gif"/)
  })

  it('its address is for one person and one hour, and cannot be made up or changed', async () => {
    const other = await desk.person('agent')
    const { id } = await mailIn(`<img src="${origin()}/a.gif">`)
    const [address] = await addressesOf(id)
    expect((await get(address, other)).status).toBe(404)
    expect((await get(address)).status).toBe(401)
    // Not the last sign: of that one base64 may not use every bit.
    const changed = address?.replace(/(?<=of=.{9})./, (sign) => (sign === 'A' ? 'B' : 'A'))
    expect((await get(changed, agent)).status).toBe(404)
    expect((await get(`/x?of=${Buffer.from(`{"url":"${origin()}/x"}`).toString('base64url')}`, agent)).status).toBe(404)
    expect(asked).toEqual([])
    expect((await get(address, agent)).status).toBe(200)
    desk.clock.advance({ minutes: 61 })
    expect((await get(address, agent)).status).toBe(404)
  })

  it('is for whoever sees the message, and no longer when they do not', async () => {
    const { id, ticket } = await mailIn(`<img src="${origin()}/a.gif">`)
    const stranger = await desk.person('requester')
    await desk.refused('not_found', 'POST /api/messages/:id/pictures', { as: stranger, params: { id } })
    const [address] = await addressesOf(id, casey)
    await desk.kernel.asSystem(({ db }) => sql`update message set audience = 'staff' where ticket_id = ${ticket}`.execute(db))
    expect((await get(address, casey)).status).toBe(404)
    await desk.refused('not_found', 'POST /api/messages/:id/pictures', { as: casey, params: { id } })
    expect(asked).toEqual([])
  })

  const bad: Record<string, RequestListener> = {
    'a script that calls itself a picture': (_, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end('<script>alert(1)</script>'),
    'an SVG': (_, response) =>
      response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'more than 5 MB, declared': (_, response) => response.writeHead(200, { 'content-length': String(6 * 1024 * 1024) }).write(gif),
    'more than 5 MB, not declared': (_, response) =>
      void response.writeHead(200).write(Buffer.concat([gif, Buffer.alloc(6 * 1024 * 1024)])),
    'a server error': (_, response) => response.writeHead(500).end(gif),
    'a redirect for ever': (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
    'a redirect to a file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  }
  it.each(Object.entries(bad))('%s is nothing', async (_, listener) => {
    answer = listener
    const { id } = await mailIn(`<img src="${origin()}/a.gif">`)
    expect((await get((await addressesOf(id))[0], agent)).status).toBe(404)
    expect(asked.length).toBeLessThanOrEqual(4)
  })

  it('a server that never ends has its time', async () => {
    answer = (_, response) => void response.writeHead(200).write(gif)
    const began = performance.now()
    expect(await readFromStranger(`${origin()}/slow`, { most: 1000, seconds: 0.3, anywhere: true })).toBeNull()
    expect(performance.now() - began).toBeLessThan(3000)
  })
})

describe('the inside is no outside', () => {
  it('with the defence off our own machine answers; with it on it is never called', async () => {
    const { id } = await mailIn(`<img src="${origin()}/inside.gif">`)
    const [address] = await addressesOf(id)
    expect((await get(address, agent)).status).toBe(200)
    expect(asked.map((one) => one.url)).toEqual(['/inside.gif'])
    delete desk.kernel.outside.picturesFromAnywhere
    expect((await get(address, agent)).status).toBe(404)
    expect(asked).toHaveLength(1)
  })

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'https://172.16.0.1/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
    'http://8.8.8.8:25/',
    'ftp://8.8.8.8/',
    'nothing',
  ])('%s', async (address) => {
    expect(await readFromStranger(address, { most: 1000, seconds: 1 })).toBeNull()
  })

  it('of addresses only those of the public Internet are public', () => {
    expect(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '172.32.0.1', '100.128.0.1'].map(isPublicAddress)).not.toContain(false)
    const own = [
      '127.9.9.9',
      '10.1.2.3',
      '100.64.0.1',
      '169.254.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fe80::1',
      'ff02::1',
      '2002:7f00:1::',
      '::ffff:10.0.0.1',
      'x',
    ]
    expect(own.map(isPublicAddress)).not.toContain(true)
  })
})

describe('an answer', () => {
  it("carries no picture and no address of the stranger's", async () => {
    const { ticket } = await mailIn(`<p>Look</p><img src="${origin()}/a.gif"><p style="background:url(${origin()}/b.gif)">at it`)
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: ticket }, body: { body: 'We look at it.' } })
    await desk.work()
    const sent = sink.taken.find((mail) => mail.raw.includes('We look at it'))!
    expect(sent.raw.replace(/=\r\n/g, '')).not.toMatch(/<img|127\.0\.0\.1:/)
    expect(asked).toEqual([])
  })
})
