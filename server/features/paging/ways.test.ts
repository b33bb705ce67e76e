import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { linkIn, person, step, usePagingDesk } from '../../../test/paging-desk.ts'
import { sendTo } from '../mail/mail.testing.ts'
import { signatureOf } from './actions-sms.ts'

/** By which ways somebody is reached, and what happens when one fails: over real sockets, with the clock moved. */
const { desk, here, addPolicy, open, page, see, ntfy, mailTo } = usePagingDesk()
let { relay, outside, lead, anna, ben, team } = here
beforeEach(() => {
  ;({ relay, outside, lead, anna, ben, team } = here)
})

const plain = (raw: string) => raw.replace(/=\r?\n/g, '').replaceAll('=3D', '=')
const tryOf = async (id: string, n = 0) => (await see(id)).rings[n]!.attempts.map((one) => `${one.kind} ${one.state}`)

describe('ways', () => {
  it('FT-43 one that fails is followed by the next at once, then by the next person; every try is written down', async () => {
    await ntfy(anna)
    await desk.call('POST /api/me/paging/channels', {
      as: anna,
      body: { kind: 'webhook', format: 'slack', url: `${outside.url}/slack`, highAfter: 5 } as never,
    })
    await addPolicy([step([person(anna.id)], { wait: 30 }), step([person(ben.id)])])
    // Taken by all: the second way waits for its time.
    const calm = await page((await open()).id)
    await desk.work()
    expect(await tryOf(calm.id)).toEqual(['webhook sent', 'webhook waiting', 'mail waiting'])
    desk.clock.advance({ seconds: 20 })
    for (const answer of [{ status: 503 }, { status: 429 }, 'hang', { status: 200, body: '<html>Sign in</html>' }] as const) {
      outside.answers['/ntfy'] = () => answer
      const { id } = await page((await open()).id)
      await desk.work()
      expect((await tryOf(id)).slice(0, 2)).toEqual(['webhook failed', 'webhook sent'])
      desk.clock.advance({ seconds: 20 })
    }
    outside.answers['/slack'] = () => ({ status: 500 })
    relay.answer.rcpt = (address) => (address === anna.email ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null)
    const { id } = await page((await open()).id)
    await desk.work()
    desk.clock.advance({ seconds: 6 })
    await desk.work()
    const full = await see(id)
    expect(full.rings.map((one) => one.person?.name)).toEqual(['Anna', 'Ben'])
    expect(full.rings[0]!.attempts.map((one) => [one.kind, one.state, one.cause.slice(0, 8)])).toEqual([
      ['webhook', 'failed', 'UNEXPECT'],
      ['webhook', 'failed', 'HTTP 500'],
      ['mail', 'failed', expect.stringMatching(/550|no such/)],
    ])
  })

  it('where nobody can be reached by any way a loop waits before it begins again, and it is told at once', async () => {
    const chief = await desk.person('administrator', { name: 'Chief' })
    outside.answers['/ntfy'] = () => ({ status: 500 })
    relay.answer.rcpt = () => Object.assign(new Error('no such user'), { responseCode: 550 })
    await ntfy(anna)
    await addPolicy([step([person(anna.id)], { repeat: 2 }), step([person(ben.id)])], { loops: 1 })
    const { id } = await page((await open()).id)
    const places = async () => {
      for (let n = 0; n < 8; n++) await desk.work()
      return (await see(id)).rings.map((one) => `${one.target === 'catch-all' ? one.target : one.person?.name} ${one.loop}`)
    }
    expect(await places()).toEqual(['Anna 0', 'Ben 0'])
    expect((await see(id)).unreachedAt).not.toBeNull()
    expect((await desk.call('GET /api/notices', { as: chief })).items.map((one) => one.about)).toContain('page-unreached')
    desk.clock.advance({ minutes: 11 })
    expect(await places()).toEqual(['Anna 0', 'Ben 0', 'Anna 1', 'Ben 1', 'catch-all 1'])
  })

  it('many tickets of one moment are one message, and none waits for more than the fold', async () => {
    await ntfy(anna)
    await addPolicy([step([person(anna.id)])])
    await desk.call('POST /api/paging/rules', {
      as: lead,
      body: { name: 'All of ours', query: { all: [{ field: 'team', values: [team.id] }] } },
    })
    await open({ subject: 'The first site is down' })
    await desk.work()
    for (let n = 0; n < 12; n++) await open({ subject: `Site ${n} is down` })
    await desk.work()
    expect(outside.of(`/ntfy-${anna.id}`)).toHaveLength(1)
    desk.clock.advance({ seconds: 16 })
    await desk.work()
    const told = outside.of(`/ntfy-${anna.id}`)
    expect(told).toHaveLength(2)
    expect(String(told[1]!.headers.title)).toBe('12 new pages')
    const token = linkIn(String(told[1]!.headers.click))
    expect(await desk.call('POST /api/page-links/look', { body: { token } })).toMatchObject({ count: 12 })
    await desk.call('POST /api/page-links/act', { body: { token, do: 'acknowledge' } })
    expect((await desk.call('GET /api/pages', { as: lead, query: { state: 'ringing' } })).items).toHaveLength(1)
  })

  it('FT-39 by mail: before all other mail, and answered with OK by whoever was rung', async () => {
    await addPolicy([step([person(anna.id)])])
    const ticket = await open()
    const { id } = await page(ticket.id, { note: 'Line 2 too.' })
    await desk.work()
    const [mail] = mailTo(anna)
    expect(plain(mail!.raw)).toContain('Line is down')
    expect(mail!.header('Auto-Submitted')).toBeTruthy()
    expect(linkIn(plain(mail!.raw))).toHaveLength(22)
    // What lies in the database opens nothing.
    const kept = await desk.kernel.asSystem(
      async ({ db }) => (await sql<{ body: string }>`select body from outbound_mail where kind = 'page'`.execute(db)).rows[0]!.body,
    )
    expect(linkIn(kept)).toBe('')
    const answer = (who: TestPerson, body: string) =>
      sendTo(desk.kernel, {
        from: who.email,
        to: ['help@desk.example'],
        subject: 'Re: Page',
        body,
        headers: [`In-Reply-To: ${mail!.header('Message-ID')}`],
      })
    await answer(ben, 'OK')
    await desk.work()
    expect((await see(id)).state).toBe('ringing')
    await desk.kernel.asSystem(({ db }) => sql`insert into setting (name, value, changed_at) values ('demo', '{}', now())`.execute(db))
    await answer(anna, 'What is this about?')
    await desk.work()
    expect((await see(id)).state).toBe('ringing')
    await answer(anna, 'OK\r\n\r\n> Page')
    await desk.work()
    expect(await see(id)).toMatchObject({ state: 'acknowledged', acknowledgedVia: 'mail', acknowledgedBy: { name: 'Anna' } })
  })

  it('by SMS: told in Twilio’s form, delivered by its receipt, acknowledged by the code from that number, signed', async () => {
    const chief = await desk.person('administrator')
    await desk.call('PATCH /api/telephone/settings', {
      as: chief,
      body: { sms: { baseUrl: outside.url, account: 'AC1', sender: '+4930555', token: 'twilio-token' } },
    })
    await desk.call('POST /api/me/paging/channels', { as: anna, body: { kind: 'sms', number: '+491715550001', highAfter: 0 } as never })
    await addPolicy([step([person(anna.id)])])
    const { id } = await page((await open()).id)
    await desk.work()
    const [sms] = outside.of('/2010-04-01')
    expect([sms!.form.get('To'), sms!.form.get('StatusCallback')]).toEqual(['+491715550001', 'http://localhost:8080/api/paging/sms/status'])
    const code = /Reply (\d{6})/.exec(sms!.form.get('Body') ?? '')![1]!
    const hook = (path: 'reply' | 'status', form: Record<string, string>, token = 'twilio-token') =>
      desk.ask(`POST /api/paging/sms/${path}`, {
        headers: { 'x-twilio-signature': signatureOf(token, `http://localhost:8080/api/paging/sms/${path}`, form) },
        body: form as never,
      })
    expect((await hook('status', { MessageSid: 'SM1', MessageStatus: 'delivered' }, 'wrong')).status).toBe(401)
    expect(await tryOf(id)).toEqual(['sms sent', 'mail waiting'])
    await hook('status', { MessageSid: 'SM1', MessageStatus: 'delivered' })
    expect(await tryOf(id)).toEqual(['sms delivered', 'mail waiting'])
    for (const form of [
      { From: '+491715550001', Body: 'ok' },
      { From: '+491719999999', Body: code },
    ])
      expect((await hook('reply', form)).body).toEqual({ outcome: 'not-understood' })
    expect((await see(id)).state).toBe('ringing')
    expect((await hook('reply', { From: '+491715550001', Body: ` ${code} ok` })).body).toEqual({ outcome: 'acknowledged' })
    expect(await see(id)).toMatchObject({ state: 'acknowledged', acknowledgedVia: 'sms' })
    // A receipt that says it never arrived brings the next way.
    desk.clock.advance({ seconds: 20 })
    const second = await page((await open()).id)
    await desk.work()
    await hook('status', { MessageSid: 'SM2', MessageStatus: 'undelivered', ErrorCode: '30003' })
    await desk.work()
    expect(await tryOf(second.id)).toEqual(['sms failed', 'mail sent'])
  })

  it('by push: encrypted for the browser, signed with our keys; one that is gone is used no more', async () => {
    const browser = createECDH('prime256v1')
    browser.generateKeys()
    const auth = randomBytes(16)
    const keys = { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') }
    const added = await desk.call('POST /api/me/paging/channels', {
      as: anna,
      body: { kind: 'push', name: 'Phone', endpoint: `${outside.url}/push/1`, keys } as never,
    })
    expect(JSON.stringify(added)).not.toContain('/push/1')
    await addPolicy([step([person(anna.id)])])
    const { id } = await page((await open()).id)
    await desk.work()
    const [push] = outside.of('/push')
    const { pushKey } = await desk.call('GET /api/me/paging', { as: anna })
    expect(push!.headers).toMatchObject({
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      authorization: expect.stringContaining(`k=${pushKey}`),
    })
    const said = JSON.parse(opened(push!.raw, browser, auth)) as { title: string; body: string; url: string }
    expect(said).toMatchObject({ title: expect.stringContaining('Page: #'), body: 'Line is down' })
    expect(linkIn(said.url)).toHaveLength(22)
    outside.answers['/push'] = () => ({ status: 410 })
    desk.clock.advance({ seconds: 20 })
    await page((await open()).id)
    await desk.work()
    expect((await desk.call('GET /api/me/paging', { as: anna })).channels[0]!.goneAt).not.toBeNull()
    expect(await tryOf(id)).toEqual(['push sent', 'mail waiting'])
  })

  it('in the forms of Slack, Teams and Matrix, each tried with a test; a host that nobody allowed is refused', async () => {
    const add = (more: object) => desk.call('POST /api/me/paging/channels', { as: anna, body: { kind: 'webhook', ...more } as never })
    const made = [
      await add({ format: 'slack', url: `${outside.url}/slack/x` }),
      await add({ format: 'teams', url: `${outside.url}/teams/x` }),
      await add({ format: 'matrix', url: outside.url, room: '!r:example.com', token: 'mtx-token' }),
    ]
    const test = (id: string) => desk.call('POST /api/me/paging/channels/:id/test', { as: anna, params: { id }, body: {} })
    for (const one of made) expect(await test(one.id)).toEqual({ outcome: 'sent', cause: '' })
    expect(outside.of('/slack')[0]!.text).toContain('Test from Firstline')
    expect(JSON.parse(outside.of('/teams')[0]!.text).attachments[0].content.type).toBe('AdaptiveCard')
    expect(outside.of('/_matrix')[0]!).toMatchObject({ method: 'PUT', headers: { authorization: 'Bearer mtx-token' } })
    outside.answers['/slack'] = () => ({ status: 404, body: 'no_service' })
    expect(await test(made[0]!.id)).toEqual({ outcome: 'failed', cause: 'HTTP 404' })
    const mine = JSON.stringify(await desk.call('GET /api/me/paging', { as: anna }))
    expect(mine).not.toMatch(/mtx-token|slack\/x/)
    await desk.refused('not_found', 'DELETE /api/me/paging/channels/:id', { as: ben, params: { id: made[0]!.id } })
    for (const [url, code] of [
      ['https://evil.example/x', 'host_not_allowed'],
      ['https://ntfy.sh.evil.example/x', 'host_not_allowed'],
      ['http://169.254.169.254/latest', 'host_not_allowed'],
    ]) {
      const told = await desk.refused('validation_failed', 'POST /api/me/paging/channels', {
        as: anna,
        body: { kind: 'webhook', format: 'ntfy', url } as never,
      })
      expect(told.issues?.[0]).toMatchObject({ path: 'url', code })
    }
  })
})

describe('policies', () => {
  it('name what is wrong with them by field; a team has one, and one that a rule uses stays', async () => {
    const refuse = async (body: object) =>
      (
        await desk.refused('validation_failed', 'POST /api/paging/policies', {
          as: lead,
          body: { name: 'X', steps: [step([person(anna.id)])], ...body } as never,
        })
      ).issues?.map((one) => one.path)
    expect(await refuse({ steps: [] })).toEqual(['steps'])
    expect(await refuse({ steps: [step([person('999999')])] })).toEqual(['steps.0.targets.0.id'])
    expect(await refuse({ steps: [step([person((await desk.person('requester')).id)])] })).toEqual(['steps.0.targets.0.id'])
    expect(await refuse({ catchAllId: '999999' })).toEqual(['catchAllId'])
    const made = await addPolicy([step([person(anna.id)])])
    expect(await refuse({ teamIds: [team.id] })).toEqual(['teamIds'])
    expect(await refuse({ name: made.name })).toEqual(['name'])
    await desk.call('POST /api/paging/rules', {
      as: lead,
      body: { name: 'P1', policyId: made.id, query: { all: [{ field: 'priority', values: [1] }] } },
    })
    await desk.refused('still_in_use', 'DELETE /api/paging/policies/:id', { as: lead, params: { id: made.id } })
    await desk.refused('version_stale', 'PATCH /api/paging/policies/:id', {
      as: lead,
      params: { id: made.id },
      ifMatch: 99,
      body: { name: 'Y' },
    })
    await desk.refused('not_allowed', 'PATCH /api/paging/policies/:id', {
      as: anna,
      params: { id: made.id },
      ifMatch: 1,
      body: { name: 'Y' },
    })
  })
})

/** RFC 8291 and RFC 8188, as the browser reads it. */
function opened(body: Buffer, browser: ReturnType<typeof createECDH>, auth: Buffer): string {
  const [salt, length] = [body.subarray(0, 16), body[20]!]
  const sender = body.subarray(21, 21 + length)
  const hmac = (key: Buffer, text: Buffer) => createHmac('sha256', key).update(text).digest()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender, Buffer.of(1)])
  const secret = hmac(hmac(auth, browser.computeSecret(sender)), info)
  const prk = hmac(salt, secret)
  const key = hmac(prk, Buffer.from('Content-Encoding: aes128gcm\0\u0001')).subarray(0, 16)
  const nonce = hmac(prk, Buffer.from('Content-Encoding: nonce\0\u0001')).subarray(0, 12)
  const sealed = body.subarray(21 + length)
  const plainText = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16))
  const text = Buffer.concat([plainText.update(sealed.subarray(0, -16)), plainText.final()])
  return text.subarray(0, text.lastIndexOf(2)).toString()
}
