import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { softwareAuthenticator } from '../../../test/authenticator.ts'
import { useDesk } from '../../../test/harness.ts'
import { type Browser, browserOn, givePassword } from '../../../test/signing-in.ts'

const desk = useDesk()
const good = 'kkk-llm-rgt-77'
const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(desk.clock.now().epochMilliseconds / 1000) })
const signIn = (browser: Browser, email: string) => browser.call('POST /api/sign-in/password', { body: { email, password: good } })

async function agentWithTotp() {
  const agent = await desk.person('agent')
  await givePassword(desk, agent.id, good)
  const browser = browserOn(desk)
  expect(await signIn(browser, agent.email)).toEqual({ next: 'second-factor-setup' })
  const { secret, address, qr } = await browser.call('POST /api/me/totp/start')
  const half = browser.cookie()
  const { recoveryCodes } = await browser.call('POST /api/me/totp', { body: { code: codeOf(secret) } })
  desk.clock.advance({ seconds: 30 })
  return { agent, browser, secret, address, qr, recoveryCodes, half }
}

describe('codes (TOTP)', () => {
  it('are set up by staff at the first sign-in, and nothing is open before', async () => {
    const agent = await desk.person('agent')
    await givePassword(desk, agent.id, good)
    const browser = browserOn(desk)
    expect(await signIn(browser, agent.email)).toEqual({ next: 'second-factor-setup' })
    for (const call of ['GET /api/me', 'GET /api/people', 'GET /api/me/security'] as const)
      await browser.refused('second_factor_setup_needed', call)
    const { secret, address, qr } = await browser.call('POST /api/me/totp/start')
    expect(address).toContain(`secret=${secret}`)
    expect(qr).toContain('<svg')
    await browser.refused('sign_in_failed', 'POST /api/me/totp', { body: { code: '000000' } })
    await browser.refused('second_factor_setup_needed', 'GET /api/people')
    const half = browser.cookie()
    const { recoveryCodes } = await browser.call('POST /api/me/totp', { body: { code: codeOf(secret) } })
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(browser.cookie()).not.toBe(half)
    await browser.call('GET /api/people')
    await desk.refused('sign_in_needed', 'GET /api/people', { as: { token: half! } })
    expect((await browser.call('GET /api/me/security')).totp).toBe(true)
  })

  it('G-088 are asked for at each sign-in, and the half session opens nothing, here or through the API', async () => {
    const { agent, secret } = await agentWithTotp()
    const browser = browserOn(desk)
    expect(await signIn(browser, agent.email)).toEqual({ next: 'second-factor' })
    const half = browser.cookie()!
    for (const as of [undefined, { token: half }]) await browser.refused('second_factor_needed', 'GET /api/people', { as })
    await browser.refused('second_factor_needed', 'POST /api/me/totp/start')
    await browser.refused('second_factor_needed', 'POST /api/me/passkeys/start')
    await browser.refused('second_factor_needed', 'DELETE /api/me/totp')
    await browser.refused('second_factor_needed', 'POST /api/me/tokens', { body: { name: 'x', scopes: ['admin'] } })
    await browser.call('POST /api/sign-in/second-factor', { body: { code: codeOf(secret) } })
    await browser.call('GET /api/people')
    await desk.refused('sign_in_needed', 'GET /api/people', { as: { token: half } })
  })

  it('G-088 count once, one step early or late, and not beyond', async () => {
    const { agent, secret } = await agentWithTotp()
    const code = codeOf(secret)
    const [one, two] = [browserOn(desk), browserOn(desk)]
    for (const browser of [one, two]) await signIn(browser, agent.email)
    await one.call('POST /api/sign-in/second-factor', { body: { code } })
    await two.refused('sign_in_failed', 'POST /api/sign-in/second-factor', { body: { code } })
    desk.clock.advance({ minutes: 1 })
    const late = codeOf(secret)
    desk.clock.advance({ seconds: 60 })
    await two.refused('sign_in_failed', 'POST /api/sign-in/second-factor', { body: { code: late } })
    const early = codeOf(secret)
    desk.clock.advance({ seconds: 29 })
    await two.call('POST /api/sign-in/second-factor', { body: { code: early } })
  })

  it('G-088 are guessed five times, then they wait', async () => {
    const { agent, secret } = await agentWithTotp()
    desk.clock.advance({ minutes: 5 })
    const browser = browserOn(desk)
    await signIn(browser, agent.email)
    for (let i = 0; i < 5; i++) await browser.refused('sign_in_failed', 'POST /api/sign-in/second-factor', { body: { code: `00000${i}` } })
    await browser.refused('too_many_requests', 'POST /api/sign-in/second-factor', { body: { code: codeOf(secret) } })
    desk.clock.advance({ minutes: 5 })
    await browser.call('POST /api/sign-in/second-factor', { body: { code: codeOf(secret) } })
  })

  it('give way to ten recovery codes, each once', async () => {
    const { agent, recoveryCodes, browser: first } = await agentWithTotp()
    const code = recoveryCodes[0]!
    const [one, two] = [browserOn(desk), browserOn(desk)]
    for (const browser of [one, two]) await signIn(browser, agent.email)
    await one.call('POST /api/sign-in/second-factor', { body: { code: ` ${code.toUpperCase().replace('-', ' ')} ` } })
    await two.refused('sign_in_failed', 'POST /api/sign-in/second-factor', { body: { code } })
    expect((await first.call('GET /api/me/security')).recoveryCodesLeft).toBe(9)
    const other = await agentWithTotp()
    await two.refused('sign_in_failed', 'POST /api/sign-in/second-factor', { body: { code: other.recoveryCodes[0]! } })
  })

  it('are removed only after a fresh sign-in, and never replaced from an open session', async () => {
    const { browser } = await agentWithTotp()
    await browser.refused('already_exists', 'POST /api/me/totp/start')
    desk.clock.advance({ minutes: 6 })
    const stale = await browser.refused('not_allowed', 'DELETE /api/me/totp')
    expect(stale.reason).toBe('fresh_sign_in')
    await browser.refused('not_allowed', 'POST /api/me/passkeys/start')
    desk.clock.advance({ minutes: -3 })
    await browser.call('DELETE /api/me/totp')
    expect(await browser.call('GET /api/me/security')).toMatchObject({ totp: false, recoveryCodesLeft: 0 })
  })

  it('are taken off by an administrator for whoever lost them, and by nobody else', async () => {
    const { agent, browser } = await agentWithTotp()
    const [lead, admin] = [await desk.person('lead'), await desk.person('administrator')]
    await desk.refused('not_allowed', 'POST /api/people/:id/reset-second-factor', { as: lead, params: { id: agent.id } })
    await browser.call('GET /api/me')
    await desk.call('POST /api/people/:id/reset-second-factor', { as: admin, params: { id: agent.id } })
    await browser.refused('sign_in_needed', 'GET /api/me')
    await desk.refused('sign_in_needed', 'GET /api/me', { as: agent })
    expect(await signIn(browser, agent.email)).toEqual({ next: 'second-factor-setup' })
  })

  it('a half session is over after 15 minutes', async () => {
    const { agent, secret } = await agentWithTotp()
    const browser = browserOn(desk)
    await signIn(browser, agent.email)
    desk.clock.advance({ minutes: 15 })
    await browser.refused('sign_in_needed', 'POST /api/sign-in/second-factor', { body: { code: codeOf(secret) } })
  })
})

describe('passkeys', () => {
  const origin = 'http://localhost:8080'

  async function agentWithPasskey() {
    const agent = await desk.person('agent')
    await givePassword(desk, agent.id, good)
    const browser = browserOn(desk)
    await signIn(browser, agent.email)
    const key = softwareAuthenticator(origin)
    const { options, challenge } = await browser.call('POST /api/me/passkeys/start')
    const made = await browser.call('POST /api/me/passkeys', { body: { challenge, name: 'Laptop', answer: key.create(options) } })
    return { agent, browser, key, made }
  }
  const withKey = async (browser: Browser, key: ReturnType<typeof softwareAuthenticator>, flaws = {}) => {
    const { options, challenge } = await browser.call('POST /api/sign-in/passkey/start')
    return browser.ask('POST /api/sign-in/passkey', { body: { challenge, answer: key.answer(options, flaws) } })
  }

  it('are both factors at once, and a password alone opens nothing beside them', async () => {
    const { agent, browser, key, made } = await agentWithPasskey()
    expect(made).toMatchObject({ name: 'Laptop', usedAt: null })
    await browser.call('GET /api/people')
    const fresh = browserOn(desk)
    expect((await withKey(fresh, key)).body).toEqual({ next: 'done' })
    expect((await fresh.call('GET /api/me')).id).toBe(agent.id)
    const other = browserOn(desk)
    expect(await signIn(other, agent.email)).toEqual({ next: 'second-factor' })
    await other.refused('second_factor_needed', 'GET /api/people')
  })

  it('are refused without the check of their user, from another origin, with an old counter, or when not known', async () => {
    const { key } = await agentWithPasskey()
    const browser = browserOn(desk)
    expect((await withKey(browser, key)).status).toBe(200)
    for (const flaws of [{ userVerified: false }, { origin: 'http://localhost.evil.example' }, { counter: 1 }])
      expect((await withKey(browserOn(desk), key, flaws)).status, JSON.stringify(flaws)).toBe(401)
    expect((await withKey(browserOn(desk), softwareAuthenticator(origin))).status).toBe(401)
    expect((await withKey(browserOn(desk), key, { counter: 50 })).status).toBe(200)
  })

  it('answer each challenge once, and only the one that was asked', async () => {
    const { key } = await agentWithPasskey()
    const browser = browserOn(desk)
    const { options, challenge } = await browser.call('POST /api/sign-in/passkey/start')
    const other = await browser.call('POST /api/sign-in/passkey/start')
    const answer = key.answer(options)
    await browser.refused('sign_in_failed', 'POST /api/sign-in/passkey', { body: { challenge: other.challenge, answer } })
    await browser.call('POST /api/sign-in/passkey', { body: { challenge, answer } })
    await browserOn(desk).refused('link_expired', 'POST /api/sign-in/passkey', { body: { challenge, answer: key.answer(options) } })
    await browser.refused('link_expired', 'POST /api/sign-in/link/use', { body: { token: other.challenge } })
  })

  it('are removed by their owner only', async () => {
    const { browser, made } = await agentWithPasskey()
    const stranger = await agentWithPasskey()
    await stranger.browser.refused('not_found', 'DELETE /api/me/passkeys/:id', { params: { id: made.id } })
    await browser.call('DELETE /api/me/passkeys/:id', { params: { id: made.id } })
    expect((await browser.call('GET /api/me/security')).passkeys).toEqual([])
  })
})
