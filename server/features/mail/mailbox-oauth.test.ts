import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { startImapWatch } from './imap-watch.ts'
import { mailJobs } from './jobs.ts'
import { rawMail, someMessageId } from './mail.testing.ts'
import { startProvider, type TestProvider } from './oauth.testing.ts'

/** A Microsoft 365 or Google mailbox: how it sends, and how its end is told before and when it comes. */
type Imap = {
  listen(port: number, done: () => void): void
  close(done: () => void): void
  server: Server
  appendMessage(mailbox: string, flags: string[], at: Date | false, raw: string): void
}
const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (settings: object) => Imap

const desk = useDesk({ settings: { UNDO_SECONDS: '0' } })
let admin: TestPerson
let agent: TestPerson
let casey: TestPerson
let provider: TestProvider
let imap: Imap
const stops: (() => Promise<void>)[] = []
beforeEach(async () => {
  admin = await desk.person('administrator', { email: 'admin@desk.example' })
  agent = await desk.person('agent', { name: 'Maya Chen' })
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  imap = hoodiecrow({
    plugins: ['ID', 'SASL-IR', 'AUTH-PLAIN', 'IDLE', 'ENABLE', 'LITERALPLUS', 'UNSELECT', 'UIDPLUS', 'XOAUTH2'],
    storage: { INBOX: { messages: [] } },
    users: { it: { password: 'secret', xoauth2: { accessToken: 'token-1', sessionTimeout: 3_600_000 } } },
  })
  await new Promise<void>((resolve) => imap.listen(0, resolve))
  provider = await startProvider(desk.kernel, (imap.server.address() as AddressInfo).port)
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await provider.stop()
  await new Promise<void>((resolve) => imap.close(() => resolve()))
})

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const connected = async (connection: object = {}) => {
  const made = await desk.call('POST /api/mailboxes', {
    as: admin,
    body: {
      name: 'IT',
      address: 'it@desk.example',
      way: 'microsoft',
      connection: { clientId: 'client-1', user: 'it', ...connection },
      secret: 'CLIENT-SECRET',
    },
  })
  const begun = await desk.call('POST /api/mailboxes/:id/connect', { as: admin, params: { id: made.id } })
  const state = new URL(begun.address).searchParams.get('state') ?? ''
  const done = await desk.call('POST /api/mailboxes/consent', { as: admin, body: { state, code: 'right' } })
  // That it was connected is itself told by mail (C-039).
  await desk.work()
  provider.signIns.length = 0
  return done
}
const box = async () => (await desk.call('GET /api/mailboxes', { as: admin })).items[0]!
const bell = async (as: TestPerson) => (await desk.call('GET /api/notices', { as, query: { unread: true } })).items.map((one) => one.about)
const letters = () =>
  query(
    sql<{
      subject: string
      body: string
      to: string
    }>`select o.subject, o.body, r.address::text as "to" from outbound_mail o join outbound_recipient r on r.outbound_mail_id = o.id where o.kind = 'system' order by o.id`,
  )
const until = async (true_: () => Promise<boolean>) => {
  for (let tries = 0; tries < 600; tries++) {
    if (await true_()) return
    await new Promise((go) => setTimeout(go, 50))
  }
  throw new Error('It did not come to pass within 30 s.')
}
const answer = async () => {
  const made = await desk.call('POST /api/tickets', {
    as: agent,
    body: { subject: 'Mouse', body: 'Dead', requesterId: casey.id, acknowledge: false },
  })
  await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'A new one is on its way.' } })
  await desk.work()
  return (
    await query(
      sql<{
        state: string
        last_answer: string
      }>`select state, last_answer from outbound_mail where kind = 'reply' order by id desc limit 1`,
    )
  )[0]!
}

describe('a mailbox that is connected by OAuth sends, too', () => {
  it('through its own server, signed in by its token, without any SMTP_URL', async () => {
    expect(desk.kernel.outside.mailTransport).toBeNull()
    await connected()
    expect(await answer()).toMatchObject({ state: 'sent' })
    expect(provider.signIns).toEqual([{ user: 'it', token: 'token-1' }])
    const { checks } = await desk.call('GET /api/health/details', { as: admin })
    expect(checks.map((one) => one.key)).not.toContain('mail-out.not-set')
    expect(provider.taken.at(-1)).toMatchObject({ from: 'it@desk.example', to: ['casey@customer.example'] })
    expect(provider.taken.at(-1)?.raw).toMatch(/^From: "?Maya Chen \(IT\)"? <it@desk\.example>/m)
    const { steps } = await desk.call('POST /api/mailboxes/:id/check', { as: admin, params: { id: (await box()).id } })
    expect(steps).toContainEqual(expect.objectContaining({ step: 'own-sending', ok: true }))
  })

  it('a token that the server no longer takes is renewed once and the mail goes; a second refusal puts it off', async () => {
    await connected()
    provider.valid = 'token-2'
    expect(await answer()).toMatchObject({ state: 'sent' })
    expect([...new Set(provider.signIns.map((one) => one.token))]).toEqual(['token-1', 'token-2'])
    provider.valid = 'never'
    expect(await answer()).toMatchObject({ state: 'ready', last_answer: expect.stringMatching(/5\.7\.8|535|auth/i) })
  })

  it('unless it is told to use the relay, or is not connected: then its mail is held as all mail is', async () => {
    await connected({ sends: 'relay' })
    expect(await answer()).toMatchObject({ state: 'held' })
    const { id, version } = await box()
    await desk.call('PATCH /api/mailboxes/:id', {
      as: admin,
      params: { id },
      ifMatch: version,
      body: { connection: { clientId: 'client-1', user: 'it' } },
    })
    expect(await answer()).toMatchObject({ state: 'sent' })
    await query(sql`update mailbox set grant_tokens = null`)
    expect(await answer()).toMatchObject({ state: 'held' })
  })

  it('another server for outgoing mail may be named', async () => {
    await connected({ sendHost: '127.0.0.1', sendPort: 1 })
    expect(await answer()).toMatchObject({ state: 'ready', last_answer: expect.stringContaining('ECONNREFUSED') })
  })

  it('in the sample company nothing leaves this machine, whatever is connected', async () => {
    await connected()
    await query(sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)
    const { keepPostHere } = await import('./actions-demo-post.ts')
    await keepPostHere(desk.kernel)
    await answer()
    expect(provider.signIns).toEqual([])
  })
})

describe('the end of a sign-in is told before it comes', () => {
  const inDays = (days: number) => new Date(desk.clock.now().epochMilliseconds + days * 86_400_000).toISOString().slice(0, 10)
  const look = () => mailJobs['mail.look-ahead']!(desk.kernel, {} as never)

  it('30, 7 and 1 days before the day of the client secret, each once, by bell and by mail', async () => {
    const second = await desk.person('administrator', { language: 'de' })
    await connected({ secretExpiresOn: inDays(40) })
    expect((await box()).condition.expiresAt).toBe(`${inDays(40)}T00:00:00Z`)
    const seen: (string | undefined)[] = []
    const before = (await letters()).length
    for (let day = 0; day < 40; day++) {
      await look()
      await look()
      for (const { subject } of (await letters()).slice(before + seen.length * 2).filter((one) => one.to === 'admin@desk.example'))
        seen.push(`${40 - day}: ${subject}`)
      desk.clock.advance({ hours: 24 })
    }
    expect(seen).toEqual([
      '30: The sign-in of IT (it@desk.example) ends in 30 days',
      '7: The sign-in of IT (it@desk.example) ends in 7 days',
      '1: The sign-in of IT (it@desk.example) ends in one day',
    ])
    expect((await letters()).filter((one) => one.to === second.email).at(-1)?.subject).toBe(
      'Die Anmeldung von IT (it@desk.example) endet in einem Tag',
    )
    expect(await bell(admin)).toContain('mailbox-expiring')
    expect(await bell(agent)).toEqual([])
    // A new secret with its date begins anew, and says nothing until then.
    const { id, version } = await box()
    await desk.call('PATCH /api/mailboxes/:id', {
      as: admin,
      params: { id },
      ifMatch: version,
      body: { secret: 'NEXT', connection: { clientId: 'client-1', secretExpiresOn: inDays(365) } },
    })
    const told = (await letters()).length
    await look()
    expect(await letters()).toHaveLength(told)
  })

  it('a refresh token with a lifetime counts as well, the sooner of both; the health page shows it', async () => {
    provider.more = { refresh_token_expires_in: 5 * 86_400 }
    await connected({ secretExpiresOn: inDays(200) })
    expect((await box()).condition.expiresAt?.slice(0, 10)).toBe(inDays(5))
    await look()
    expect(await bell(admin)).toContain('mailbox-expiring')
    const { checks } = await desk.call('GET /api/health/details', { as: admin })
    expect(checks.find((one) => one.key.startsWith('mailboxes'))).toMatchObject({ key: 'mailboxes.expiring', figures: { mailbox: 'IT' } })
    await desk.refused('validation_failed', 'PATCH /api/mailboxes/:id', {
      as: admin,
      params: { id: (await box()).id },
      ifMatch: (await box()).version,
      body: { connection: { secretExpiresOn: 'soon' } },
    })
  })
})

describe('FT-30: a consent that is gone', () => {
  it('makes the mailbox "not connected", tells the administrators once, and comes back by connecting again with no mail skipped', async () => {
    await connected()
    provider.refuse = { status: 400, body: { error: 'invalid_grant', error_description: 'The consent was withdrawn.' } }
    desk.clock.advance({ hours: 2 })
    const watching = startImapWatch(desk.kernel, 300)
    stops.push(() => watching.stop())
    await until(async () => (await box()).condition.state === 'not-connected')
    expect((await box()).condition).toMatchObject({ cause: 'consent-lost', detail: 'The consent was withdrawn.' })
    // Sending meets the same refusal; nobody is told twice.
    expect(await answer()).toMatchObject({ state: 'ready', last_answer: 'The consent was withdrawn.' })
    expect((await letters()).filter((one) => /no longer connected/.test(one.subject))).toHaveLength(1)
    expect(await bell(admin)).toEqual(expect.arrayContaining(['mailbox-disconnected']))
    imap.appendMessage('INBOX', [], new Date(), rawMail({ to: ['it@desk.example'], subject: 'Meanwhile', messageId: someMessageId() }))
    provider.refuse = null
    const { id } = await box()
    const begun = await desk.call('POST /api/mailboxes/:id/connect', { as: admin, params: { id } })
    // The next token is the one that the mailbox takes.
    ;(imap as unknown as { users: { it: { xoauth2: { accessToken: string } } } }).users.it.xoauth2.accessToken =
      `token-${provider.asked.length + 1}`
    await desk.call('POST /api/mailboxes/consent', {
      as: admin,
      body: { state: new URL(begun.address).searchParams.get('state') ?? '', code: 'right' },
    })
    await until(async () => (await query(sql`select 1 from inbound_mail`)).length === 1)
    expect((await box()).condition).toMatchObject({ state: 'watching', cause: '' })
  })

  it('a refused client secret is told apart from it, and a provider that is down is no reason to sign in again', async () => {
    const { id } = await connected()
    desk.clock.advance({ hours: 2 })
    const check = async () =>
      (await desk.call('POST /api/mailboxes/:id/check', { as: admin, params: { id } })).steps.find((one) => one.step === 'connect')
    provider.refuse = { status: 503, body: {} }
    expect(await check()).toMatchObject({ ok: false, cause: 'unreachable' })
    expect((await box()).condition.state).not.toBe('not-connected')
    provider.refuse = {
      status: 401,
      body: { error: 'invalid_client', error_description: 'AADSTS7000222: The client secret keys are expired.' },
    }
    expect(await check()).toMatchObject({ ok: false, cause: 'secret-refused' })
    expect((await box()).condition).toMatchObject({ state: 'not-connected', cause: 'secret-refused' })
    expect(JSON.stringify(await letters())).not.toMatch(/CLIENT-SECRET|refresh-1|token-/)
  })
})
