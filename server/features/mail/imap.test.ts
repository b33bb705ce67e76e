import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { startImapWatch } from './imap-watch.ts'
import { rawMail, someMessageId } from './mail.testing.ts'

/** A real IMAP server over a socket. */
type Folder = { uidvalidity: number; messages: { uid: number; flags: string[] }[] }
type Imap = {
  listen(port: number, done: () => void): void
  close(done: () => void): void
  server: Server
  appendMessage(mailbox: string, flags: string[], at: Date | false, raw: string): void
  getMailbox(path: string): Folder
}
const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (settings: object) => Imap

const desk = useDesk()
let admin: TestPerson
let imap: Imap
let port: number
const stops: (() => Promise<void>)[] = []
beforeEach(async () => {
  admin = await desk.person('administrator')
  imap = hoodiecrow({
    plugins: ['ID', 'SASL-IR', 'AUTH-PLAIN', 'IDLE', 'ENABLE', 'LITERALPLUS', 'UNSELECT', 'UIDPLUS', 'XOAUTH2'],
    storage: { INBOX: { messages: [] } },
    users: { it: { password: 'secret', xoauth2: { accessToken: 'token-2', sessionTimeout: 3_600_000 } } },
  })
  await new Promise<void>((resolve) => imap.listen(0, resolve))
  port = (imap.server.address() as AddressInfo).port
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await new Promise<void>((resolve) => imap.close(() => resolve()))
})

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const addMailbox = (more: object = {}) =>
  desk.call('POST /api/mailboxes', {
    as: admin,
    body: {
      name: 'IT',
      address: 'it@desk.example',
      way: 'imap',
      connection: { host: '127.0.0.1', port, secure: false, user: 'it' },
      secret: 'secret',
      ...more,
    },
  })
const put = (subject: string, at = new Date()) => {
  const messageId = someMessageId()
  imap.appendMessage('INBOX', [], at, rawMail({ to: ['it@desk.example'], subject, messageId }))
  return messageId
}
const watch = () => {
  const watching = startImapWatch(desk.kernel, 300)
  stops.push(() => watching.stop())
  return watching
}
const until = async (true_: () => Promise<boolean>) => {
  for (let tries = 0; tries < 150; tries++) {
    if (await true_()) return
    await new Promise((go) => setTimeout(go, 50))
  }
  throw new Error('It did not come to pass within 7.5 s.')
}
const arrived = (n: number) => until(async () => (await query(sql`select 1 from inbound_mail`)).length >= n)
const condition = async () => (await desk.call('GET /api/mailboxes', { as: admin })).items[0]!.condition

describe('a mailbox that is fetched', () => {
  it('brings what is there and what comes, becomes tickets, and changes nothing on the server', async () => {
    await addMailbox()
    put('There already')
    put('From last year', new Date(Date.now() - 400 * 86_400_000))
    watch()
    await arrived(1)
    await until(async () => (await condition()).state === 'watching')
    put('Comes while idling')
    await arrived(2)
    await desk.work()
    expect((await query(sql<{ subject: string }>`select subject from ticket order by id`)).map((one) => one.subject)).toEqual([
      'There already',
      'Comes while idling',
    ])
    expect(imap.getMailbox('INBOX').messages.flatMap((one) => one.flags)).not.toContain('\\Seen')
  })

  it('knows by UID how far it has read, whatever others flag; a second node does not double (FT-22, FT-23)', async () => {
    await addMailbox()
    put('One')
    const first = watch()
    watch()
    await arrived(1)
    await first.stop()
    for (const one of imap.getMailbox('INBOX').messages) one.flags.push('\\Seen')
    put('Two')
    for (const one of imap.getMailbox('INBOX').messages) one.flags.push('\\Seen')
    await query(sql`update lease set until = clock_timestamp() - interval '1 second' where name like 'mailbox:%'`)
    await arrived(2)
    await new Promise((go) => setTimeout(go, 400))
    expect(await query(sql`select 1 from inbound_mail`)).toHaveLength(2)
  })

  it('a new UIDVALIDITY imports nothing twice and misses nothing (FT-22)', async () => {
    await addMailbox()
    put('One')
    const first = watch()
    await arrived(1)
    await desk.work()
    await first.stop()
    imap.getMailbox('INBOX').uidvalidity = 4711
    put('Two')
    watch()
    await until(async () => (await query(sql`select 1 from inbound_mail where subject = 'Two' or verdict = 'pending'`)).length >= 2)
    await desk.work()
    expect(
      (await query(sql<{ subject: string; verdict: string }>`select subject, verdict from inbound_mail order by id`)).map(
        (one) => `${one.subject} ${one.verdict}`,
      ),
    ).toEqual(['One created', 'One ignored', 'Two created'])
  })

  it('a wrong password and a dead server are said, and it recovers by itself (FT-20, FT-30)', async () => {
    const made = await addMailbox({ secret: 'wrong' })
    watch()
    await until(async () => (await condition()).state === 'failing')
    expect((await condition()).cause).toMatch(/sign-in/i)
    const checked = await desk.call('POST /api/mailboxes/:id/check', { as: admin, params: { id: made.id } })
    expect(checked).toMatchObject({
      ok: false,
      steps: [
        { step: 'connect', ok: false },
        { step: 'sending', ok: false },
      ],
    })
    await desk.call('PATCH /api/mailboxes/:id', { as: admin, params: { id: made.id }, ifMatch: made.version, body: { secret: 'secret' } })
    put('After repair')
    await arrived(1)
    expect(await condition()).toMatchObject({ state: 'watching', cause: '' })
    const right = await desk.call('POST /api/mailboxes/:id/check', { as: admin, params: { id: made.id } })
    expect(right.steps.slice(0, 2)).toMatchObject([
      { step: 'connect', ok: true },
      { step: 'folder', ok: true },
    ])
  })
})

describe('a mailbox that is connected by OAuth', () => {
  let provider: Server
  let asked: Record<string, string>[]
  let address: string
  beforeEach(async () => {
    asked = []
    provider = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk) => {
        text += String(chunk)
      })
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(text))
        asked.push(form)
        const known = form.grant_type === 'refresh_token' ? form.refresh_token === 'refresh-1' : form.code === 'right'
        response.writeHead(known ? 200 : 400, { 'content-type': 'application/json' })
        response.end(
          JSON.stringify(
            known
              ? {
                  access_token: `token-${asked.length}`,
                  refresh_token: 'refresh-1',
                  expires_in: form.grant_type === 'refresh_token' ? 3600 : 60,
                }
              : { error: 'invalid_grant', error_description: 'The consent was withdrawn.' },
          ),
        )
      })
    })
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
    desk.kernel.outside.mailProvider = () => ({
      authorize: `${address}/authorize`,
      token: `${address}/token`,
      scope: 'mail',
      host: '127.0.0.1',
      port,
      smtp: { host: '127.0.0.1', port: 1, secure: false },
      more: {},
    })
    stops.push(() => new Promise((resolve) => provider.close(() => resolve())))
  })
  const begin = async () => {
    const made = await addMailbox({ way: 'google', connection: { clientId: 'client-1', user: 'it' }, secret: 'client-secret' })
    const begun = await desk.call('POST /api/mailboxes/:id/connect', { as: admin, params: { id: made.id } })
    return { id: made.id, begun, query: new URL(begun.address).searchParams }
  }

  it('asks with PKCE, takes the code, and never shows a token', async () => {
    const { begun, query: sent } = await begin()
    expect(begun.redirect).toBe('http://localhost:8080/mailboxes/connected')
    expect(Object.fromEntries(sent)).toMatchObject({
      response_type: 'code',
      client_id: 'client-1',
      code_challenge_method: 'S256',
      redirect_uri: begun.redirect,
    })
    const done = await desk.ask('POST /api/mailboxes/consent', { as: admin, body: { state: sent.get('state') ?? '', code: 'right' } })
    expect(done.status).toBe(200)
    expect(done.text).not.toMatch(/token-1|refresh-1|client-secret/)
    expect(asked[0]).toMatchObject({
      grant_type: 'authorization_code',
      client_id: 'client-1',
      client_secret: 'client-secret',
      code: 'right',
    })
    const { createHash } = await import('node:crypto')
    expect(
      createHash('sha256')
        .update(asked[0]!.code_verifier ?? '')
        .digest('base64url'),
    ).toBe(sent.get('code_challenge'))
  })

  it('G-093: nobody else can end what one began, no state works twice, and a refusal is said in words', async () => {
    const other = await desk.person('administrator')
    const { query: sent, id } = await begin()
    const state = sent.get('state') ?? ''
    await desk.refused('link_expired', 'POST /api/mailboxes/consent', { as: other, body: { state, code: 'right' } })
    await desk.refused('link_expired', 'POST /api/mailboxes/consent', { as: admin, body: { state: 'x'.repeat(22), code: 'right' } })
    const refused = await desk.refused('mailbox_unreachable', 'POST /api/mailboxes/consent', { as: admin, body: { state, code: 'wrong' } })
    expect(refused.title).toBe('The consent was withdrawn.')
    await desk.refused('link_expired', 'POST /api/mailboxes/consent', { as: admin, body: { state, code: 'right' } })
    const again =
      new URL((await desk.call('POST /api/mailboxes/:id/connect', { as: admin, params: { id } })).address).searchParams.get('state') ?? ''
    await desk.call('POST /api/mailboxes/consent', { as: admin, body: { state: again, code: 'right' } })
  })

  it('renews its token by itself and fetches mail with it', async () => {
    const { query: sent } = await begin()
    await desk.call('POST /api/mailboxes/consent', { as: admin, body: { state: sent.get('state') ?? '', code: 'right' } })
    put('By OAuth')
    watch()
    await arrived(1)
    expect(asked.map((one) => one.grant_type)).toEqual(['authorization_code', 'refresh_token'])
  })
})
