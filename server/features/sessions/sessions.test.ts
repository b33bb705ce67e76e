import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { browserOn, givePassword, secondFactorPolicy, takeMails } from '../../../test/signing-in.ts'

const desk = useDesk()
const good = 'kkk-llm-rgt-77'

async function signedIn(role: 'requester' | 'agent' | 'administrator' = 'requester') {
  const person = await desk.person(role)
  await givePassword(desk, person.id, good)
  await secondFactorPolicy(desk, 'nobody')
  const browser = browserOn(desk)
  await browser.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
  return { person, browser }
}

describe('signing in by password', () => {
  it('opens the desk to whoever knows it, and to nobody else', async () => {
    const person = await desk.person('requester')
    await givePassword(desk, person.id, good)
    const browser = browserOn(desk)
    for (const [email, password] of [
      [person.email, 'wrong'],
      ['nobody@x.example', good],
      [person.email, `${good} `],
      ['', good],
      [`${person.email}\u0000`, 'wrong'],
      ['%', good],
    ] as const)
      await browser.refused('sign_in_failed', 'POST /api/sign-in/password', { body: { email, password } })
    expect(browser.cookie()).toBeUndefined()
    const answer = await browser.ask('POST /api/sign-in/password', { body: { email: ` ${person.email.toUpperCase()}`, password: good } })
    expect(answer.body).toEqual({ next: 'done' })
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-firstline=[\w-]{22}; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect((await browser.call('GET /api/me')).id).toBe(person.id)
  })

  it('G-084 answers an unknown address like a wrong password, to the letter', async () => {
    const person = await desk.person('requester')
    await givePassword(desk, person.id, good)
    const archived = await desk.person('requester')
    await givePassword(desk, archived.id, good)
    await desk.kernel.asSystem(({ db, now }) => db.updateTable('person').set({ archived_at: now }).where('id', '=', archived.id).execute())
    const answers = []
    for (const [email, password] of [
      [person.email, 'wrong'],
      ['nobody@x.example', good],
      [archived.email, good],
    ] as const) {
      const { body, status } = await desk.ask('POST /api/sign-in/password', { body: { email, password } })
      answers.push({ status, body: { ...(body as object), requestId: '' } })
    }
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('G-083 one account is guessed ten times from one client, whatever X-Forwarded-For says; its owner still comes in from elsewhere', async () => {
    const person = await desk.person('requester')
    await givePassword(desk, person.id, good)
    const guess = (n: number) =>
      desk.ask('POST /api/sign-in/password', {
        headers: { 'x-forwarded-for': `203.0.113.${n}`, forwarded: `for=203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` },
        body: { email: n % 2 ? person.email.toUpperCase() : ` ${person.email}`, password: `guess ${n}` },
      })
    const codes = []
    for (let n = 0; n < 11; n++) codes.push((await guess(n)).status)
    expect(codes).toEqual([...Array(10).fill(401), 429])
    // even with the right password
    const limited = await desk.refused('too_many_requests', 'POST /api/sign-in/password', { body: { email: person.email, password: good } })
    expect(limited.retryAfter).toBeGreaterThan(0)
    const elsewhere = await desk.app.inject({
      method: 'POST',
      url: '/api/sign-in/password',
      remoteAddress: '198.51.100.9',
      payload: { email: person.email, password: good },
    })
    expect(elsewhere.json()).toEqual({ next: 'done' })
    desk.clock.advance({ minutes: 15 })
    expect(await desk.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })).toEqual({ next: 'done' })
  })

  it('G-087 ten megabytes are no password', async () => {
    await desk.refused('validation_failed', 'POST /api/sign-in/password', { body: { email: 'a@x.example', password: 'x'.repeat(1001) } })
    expect(
      (await desk.ask('POST /api/sign-in/password', { body: { email: 'a@x.example', password: 'x'.repeat(13_000_000) } })).status,
    ).toBe(413)
  })

  it('G-089 gives the browser a new session, and ends the one that it brought', async () => {
    const { person, browser } = await signedIn()
    const before = browser.cookie()
    await browser.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    expect(browser.cookie()).not.toBe(before)
    await desk.refused('sign_in_needed', 'GET /api/me', { as: { token: before! } })
    const planted = browserOn(desk)
    planted.keep('A'.repeat(22))
    await planted.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    expect(planted.cookie()).not.toBe('A'.repeat(22))
  })

  it('G-098 a cookie changes nothing when another site sends it', async () => {
    const { browser } = await signedIn()
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      await browser.refused('origin_refused', 'PATCH /api/me', { headers, body: { name: 'Eve' } })
    expect((await browser.call('PATCH /api/me', { body: { name: 'Ada' } })).name).toBe('Ada')
  })
})

describe('sessions', () => {
  it('end by signing out', async () => {
    const { browser } = await signedIn()
    const token = browser.cookie()!
    expect((await desk.call('GET /api/me', { as: { token } })).staff).toBe(false)
    await browser.call('POST /api/sign-out')
    expect(browser.cookie()).toBeUndefined()
    await desk.refused('sign_in_needed', 'GET /api/me', { as: { token } })
  })

  it('G-091 end after 8 hours of staff without use; what the browser asks by itself is no use', async () => {
    const { browser } = await signedIn('agent')
    desk.clock.advance({ hours: 7, minutes: 59 })
    await browser.call('GET /api/me')
    desk.clock.advance({ hours: 7, minutes: 59 })
    await browser.call('GET /api/me', { headers: { 'x-background': '1' } })
    await browser.call('GET /api/live').catch(() => {})
    await browser.call('PUT /api/presence', { body: { ticketId: null, tab: 't' } }).catch(() => {})
    desk.clock.advance({ minutes: 1 })
    await browser.refused('sign_in_needed', 'GET /api/me')
  })

  it('end after 24 hours of a requester without use, and after 30 days in any case', async () => {
    const { browser, person } = await signedIn()
    for (let day = 0; day < 30; day++) {
      desk.clock.advance({ hours: 23, minutes: 59 })
      await browser.call('GET /api/me')
    }
    desk.clock.advance({ minutes: 30 })
    await browser.refused('sign_in_needed', 'GET /api/me')
    await browser.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    desk.clock.advance({ hours: 24 })
    await browser.refused('sign_in_needed', 'GET /api/me')
  })

  it('are listed for their owner, who ends one or all others', async () => {
    const { browser, person } = await signedIn()
    const other = browserOn(desk, { 'user-agent': 'Other' })
    const third = browserOn(desk, { 'user-agent': 'Third' })
    for (const b of [other, third]) await b.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    const stranger = await signedIn()
    const { sessions } = await browser.call('GET /api/me/security')
    expect(sessions.map((s) => [s.client, s.current, s.how]).sort()).toEqual([
      ['Other', false, 'password'],
      ['Third', false, 'password'],
      ['lightMyRequest', true, 'password'],
    ])
    const otherId = sessions.find((s) => s.client === 'Other')!.id
    await stranger.browser.refused('not_found', 'DELETE /api/me/sessions/:id', { params: { id: otherId } })
    await browser.call('DELETE /api/me/sessions/:id', { params: { id: otherId } })
    await other.refused('sign_in_needed', 'GET /api/me')
    await third.call('GET /api/me')
    await browser.call('POST /api/me/sessions/end-others')
    await third.refused('sign_in_needed', 'GET /api/me')
    await browser.call('GET /api/me')
    await stranger.browser.call('GET /api/me')
  })

  it('are ended for somebody by whoever may change them', async () => {
    const { browser, person } = await signedIn()
    const [agent, ada] = [await desk.person('agent'), await desk.person('requester')]
    await desk.refused('not_allowed', 'POST /api/people/:id/end-sessions', { as: ada, params: { id: person.id } })
    await browser.call('GET /api/me')
    await desk.call('POST /api/people/:id/end-sessions', { as: agent, params: { id: person.id } })
    await browser.refused('sign_in_needed', 'GET /api/me')
    await desk.refused('sign_in_needed', 'GET /api/me', { as: person })
  })
})

describe('a new password', () => {
  it('needs the current one, ends the other sessions and voids links that are on their way', async () => {
    const { browser, person } = await signedIn()
    const other = browserOn(desk)
    await other.call('POST /api/sign-in/password', { body: { email: person.email, password: good } })
    await desk.call('POST /api/password-reset', { body: { email: person.email } })
    const [mail] = await takeMails(desk)
    const next = 'another-777-word'
    await browser.refused('sign_in_failed', 'PUT /api/me/password', { body: { password: next } })
    await browser.refused('sign_in_failed', 'PUT /api/me/password', { body: { current: 'wrong', password: next } })
    await browser.refused('validation_failed', 'PUT /api/me/password', { body: { current: good, password: 'Sommer2026!' } })
    await other.call('GET /api/me')
    await browser.call('PUT /api/me/password', { body: { current: good, password: next } })
    await browser.call('GET /api/me')
    await other.refused('sign_in_needed', 'GET /api/me')
    await desk.refused('link_expired', 'POST /api/sign-in/link/look', { body: { token: mail!.token } })
    await other.refused('sign_in_failed', 'POST /api/sign-in/password', { body: { email: person.email, password: good } })
    await other.call('POST /api/sign-in/password', { body: { email: person.email, password: next } })
  })

  it('where there was none needs a fresh sign-in', async () => {
    const person = await desk.person('requester')
    await desk.call('POST /api/sign-in/link', { body: { email: person.email } })
    const [mail] = await takeMails(desk)
    const browser = browserOn(desk)
    await browser.call('POST /api/sign-in/link/use', { body: { token: mail!.token } })
    desk.clock.advance({ minutes: 6 })
    await browser.refused('not_allowed', 'PUT /api/me/password', { body: { password: good } })
    desk.clock.advance({ minutes: -2 })
    await browser.call('PUT /api/me/password', { body: { password: good } })
  })
})

describe('API tokens', () => {
  it('are shown once, do what their scopes say, and end when revoked', async () => {
    const { browser } = await signedIn('administrator')
    const made = await browser.call('POST /api/me/tokens', { body: { name: 'reader', scopes: ['read'] } })
    const as = { token: made.token }
    expect(made.token).toMatch(/^fl_[\w-]{22}$/)
    expect((await browser.call('GET /api/me/security')).tokens).toMatchObject([
      { name: 'reader', scopes: ['read'], usedAt: null },
      { name: 'test' },
    ])
    await desk.call('GET /api/people', { as })
    await desk.refused('not_allowed', 'POST /api/people', { as, body: { name: 'x' } })
    await desk.refused('not_allowed', 'GET /api/company/settings', { as })
    await browser.call('DELETE /api/me/tokens/:id', { params: { id: made.id } })
    await desk.refused('sign_in_needed', 'GET /api/people', { as })
    const stored = await desk.kernel.asSystem(({ db }) =>
      db.selectFrom('api_token').selectAll().where('id', '=', made.id).executeTakeFirstOrThrow(),
    )
    expect(JSON.stringify(stored)).not.toContain(made.token)
  })

  it('expire', async () => {
    const { browser } = await signedIn()
    const made = await browser.call('POST /api/me/tokens', { body: { name: 'short', scopes: ['read'], expiresInDays: 1 } })
    await desk.call('GET /api/me', { as: { token: made.token } })
    desk.clock.advance({ hours: 24 })
    await desk.refused('sign_in_needed', 'GET /api/me', { as: { token: made.token } })
  })

  it('F-075 make no further tokens, and change no proofs', async () => {
    const admin = await desk.person('administrator')
    await desk.refused('not_allowed', 'POST /api/me/tokens', { as: admin, body: { name: 'more', scopes: ['admin'] } })
    await desk.refused('not_allowed', 'PUT /api/me/password', { as: admin, body: { password: good } })
    await desk.refused('not_allowed', 'POST /api/me/totp/start', { as: admin })
    await desk.refused('not_allowed', 'POST /api/me/passkeys/start', { as: admin })
    await desk.refused('not_allowed', 'POST /api/me/sessions/end-others', { as: admin })
  })
})
