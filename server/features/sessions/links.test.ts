import { describe, expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'
import { browserOn, givePassword, secondFactorPolicy, takeMails } from '../../../test/signing-in.ts'

const desk = useDesk()
const good = 'kkk-llm-rgt-77'
const link = (email: string) => desk.ask('POST /api/sign-in/link', { body: { email } })

describe('a link by mail', () => {
  it('signs a requester in once, by POST, within 15 minutes', async () => {
    const ada = await desk.person('requester', { name: 'Ada', language: 'de' })
    expect((await link(ada.email)).status).toBe(202)
    const mails = await takeMails(desk)
    expect(mails).toMatchObject([{ kind: 'sign-in', address: ada.email, name: 'Ada', language: 'de' }])
    const { token, expiresAt } = mails[0]!
    expect(Buffer.from(token, 'base64url')).toHaveLength(16)
    expect(expiresAt).toBe(desk.clock.now().add({ minutes: 15 }).toString())
    const browser = browserOn(desk)
    for (let i = 0; i < 3; i++)
      expect(await browser.call('POST /api/sign-in/link/look', { body: { token } })).toEqual({
        purpose: 'sign-in',
        name: 'Ada',
        email: ada.email,
      })
    expect((await desk.app.inject({ method: 'GET', url: `/api/sign-in/link/use?token=${token}` })).statusCode).toBe(404)
    expect(await browser.call('POST /api/sign-in/link/use', { body: { token } })).toEqual({ purpose: 'sign-in', next: 'done' })
    expect((await browser.call('GET /api/me')).id).toBe(ada.id)
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', { body: { token } })
    await desk.refused('link_expired', 'POST /api/sign-in/link/look', { body: { token } })
  })

  it('opens nothing after its time, when guessed, or when a newer one was asked for (G-086)', async () => {
    const ada = await desk.person('requester')
    await link(ada.email)
    const [first] = await takeMails(desk)
    for (const token of [
      '%',
      '*',
      '',
      first!.token.slice(0, 10),
      `${first!.token} `.repeat(2),
      first!.token.toLowerCase(),
      first!.linkId,
      first!.link,
    ])
      expect((await desk.ask('POST /api/sign-in/link/use', { body: { token } })).status, token).not.toBe(200)
    for (const token of [null, [first!.token], { token: first!.token }, 1])
      await desk.refused('validation_failed', 'POST /api/sign-in/link/use', { body: { token } as never })
    desk.clock.advance({ minutes: 2 })
    await link(ada.email)
    const [second] = await takeMails(desk)
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', { body: { token: first!.token } })
    desk.clock.advance({ minutes: 15 })
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', { body: { token: second!.token } })
  })

  it('is stored as a hash only, and sealed on its way to the mail', async () => {
    const ada = await desk.person('requester')
    await link(ada.email)
    const [mail] = await takeMails(desk)
    const rows = await desk.kernel.asSystem(({ db }) => db.selectFrom('link').selectAll().execute())
    const { token, ...payload } = mail!
    for (const kept of [JSON.stringify(rows), JSON.stringify(payload)]) expect(kept).not.toContain(token)
  })

  it('G-085 is built on the configured address, whatever Host the request names', async () => {
    const ada = await desk.person('requester')
    for (const headers of [{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }])
      expect((await desk.ask('POST /api/sign-in/link', { headers, body: { email: ada.email } })).status).toBe(202)
    const mails = await takeMails(desk)
    expect(mails).toHaveLength(1)
    // takeMails takes http://localhost:8080/link/ off: what is left is the token alone
    expect(mails[0]!.token).toMatch(/^[\w-]{22}$/)
  })

  it('C-036 comes at most once a minute and five times an hour, and the answer never tells', async () => {
    const ada = await desk.person('requester')
    const answers: unknown[] = []
    let mails = 0
    const asks = async (email: string) => {
      const { status, text, headers } = await link(email)
      answers.push({ status, text, length: headers['content-length'], session: headers['set-cookie'] })
      mails += (await takeMails(desk)).length
    }
    await asks('nobody@x.example')
    expect(mails).toBe(0)
    await asks(ada.email)
    await asks(ada.email.toUpperCase())
    expect(mails).toBe(1)
    for (let i = 0; i < 6; i++) {
      desk.clock.advance({ minutes: 1 })
      await asks(ada.email)
    }
    expect(mails).toBe(5)
    expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1)
    desk.clock.advance({ hours: 1 })
    await asks(ada.email)
    expect(mails).toBe(6)
  })

  it('C-036 adds the same rows for a known and an unknown address, so that time does not tell either', async () => {
    const ada = await desk.person('requester')
    const jobs = async () =>
      Number(
        (await desk.sandbox.asOwner(() => desk.sandbox.client.query('select count(*) from graphile_worker._private_jobs'))).rows[0].count,
      )
    const added = async (email: string) => {
      const before = await jobs()
      await link(email)
      return (await jobs()) - before
    }
    expect(await added(ada.email)).toBe(1)
    expect(await added('nobody@x.example')).toBe(1)
  })

  it('C-036 is asked for twenty times an hour from one client, whoever it pretends to be', async () => {
    const statuses = []
    for (let i = 0; i < 21; i++)
      statuses.push(
        (await desk.ask('POST /api/sign-in/link', { headers: { 'x-forwarded-for': `203.0.113.${i}` }, body: { email: `a${i}@x.example` } }))
          .status,
      )
    expect(statuses).toEqual([...Array(20).fill(202), 429])
    const elsewhere = await desk.app.inject({
      method: 'POST',
      url: '/api/sign-in/link',
      remoteAddress: '198.51.100.7',
      payload: { email: 'b@x.example' },
    })
    expect(elsewhere.statusCode).toBe(202)
  })

  it('goes to nobody who is archived, and none that is on its way opens any more', async () => {
    const admin = await desk.person('administrator')
    const ada = await desk.person('requester')
    await link(ada.email)
    const [mail] = await takeMails(desk)
    await desk.call('POST /api/people/:id/archive', { as: admin, params: { id: ada.id } })
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', { body: { token: mail!.token } })
    desk.clock.advance({ minutes: 5 })
    await link(ada.email)
    expect(await takeMails(desk)).toEqual([])
  })

  it('opens nothing once the address has changed (G-086)', async () => {
    const agent = await desk.person('agent')
    const ada = await desk.person('requester')
    await link(ada.email)
    const [mail] = await takeMails(desk)
    await desk.call('PATCH /api/people/:id', { as: agent, params: { id: ada.id }, ifMatch: 1, body: { email: 'new@x.example' } })
    await desk.refused('link_expired', 'POST /api/sign-in/link/use', { body: { token: mail!.token } })
  })
})

describe('a reset', () => {
  it('sets a new password once, ends sessions and tokens, and keeps the second factor (G-088)', async () => {
    const agent = await desk.person('agent')
    await givePassword(desk, agent.id, good)
    await desk.call('GET /api/people', { as: agent })
    await desk.call('POST /api/password-reset', { body: { email: agent.email } })
    const [mail] = await takeMails(desk)
    expect(mail!.kind).toBe('reset')
    const browser = browserOn(desk)
    await browser.refused('validation_failed', 'POST /api/sign-in/link/use', { body: { token: mail!.token } })
    await browser.refused('validation_failed', 'POST /api/sign-in/link/use', { body: { token: mail!.token, password: 'Passwort1' } })
    expect(await browser.call('POST /api/sign-in/link/use', { body: { token: mail!.token, password: 'another-777-word' } })).toEqual({
      purpose: 'reset',
      next: 'second-factor-setup',
    })
    await browser.refused('second_factor_setup_needed', 'GET /api/people')
    await desk.refused('sign_in_needed', 'GET /api/people', { as: agent })
    await desk.refused('sign_in_failed', 'POST /api/sign-in/password', { body: { email: agent.email, password: good } })
    await desk.call('POST /api/sign-in/password', { body: { email: agent.email, password: 'another-777-word' } })
  })

  it('of a password does not come out of a sign-in link', async () => {
    const ada = await desk.person('requester')
    await givePassword(desk, ada.id, good)
    await link(ada.email)
    const [mail] = await takeMails(desk)
    await desk.call('POST /api/sign-in/link/use', { body: { token: mail!.token, password: 'another-777-word' } })
    await desk.call('POST /api/sign-in/password', { body: { email: ada.email, password: good } })
  })
})

describe('an invitation', () => {
  it('is open for seven days, proves the address and may set a password', async () => {
    await secondFactorPolicy(desk, 'nobody')
    const agent = await desk.person('agent')
    const ada = await desk.call('POST /api/people', { as: agent, body: { name: 'Ada', email: 'ada@x.example' } })
    expect((await desk.ask('POST /api/people/:id/invite', { as: agent, params: { id: ada.id } })).status).toBe(202)
    await desk.refused('too_many_requests', 'POST /api/people/:id/invite', { as: agent, params: { id: ada.id } })
    const [mail] = await takeMails(desk)
    expect(mail).toMatchObject({ kind: 'invitation', address: 'ada@x.example' })
    desk.clock.advance({ hours: 7 * 24 - 1 })
    const browser = browserOn(desk)
    expect(await browser.call('POST /api/sign-in/link/use', { body: { token: mail!.token, password: good } })).toEqual({
      purpose: 'invitation',
      next: 'done',
    })
    expect((await desk.call('GET /api/people/:id', { as: agent, params: { id: ada.id } })).verified).toBe(true)
    await desk.call('POST /api/sign-in/password', { body: { email: 'ada@x.example', password: good } })
  })

  it('needs an address, and the right to change that person', async () => {
    const [agent, admin] = [await desk.person('agent'), await desk.person('administrator')]
    const nobody = await desk.call('POST /api/people', { as: agent, body: { name: 'No address' } })
    await desk.refused('validation_failed', 'POST /api/people/:id/invite', { as: agent, params: { id: nobody.id } })
    await desk.refused('not_allowed', 'POST /api/people/:id/invite', { as: agent, params: { id: admin.id } })
  })
})
