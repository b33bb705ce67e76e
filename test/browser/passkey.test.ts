import { expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'

/** A real browser's own WebAuthn, with an authenticator that the debugger lends it. Browsers refuse passkeys on IP addresses: `localhost`. */
const desk = useLiveDesk()

it('a passkey is registered in the profile, and signs in after signing out, without any password', async () => {
  const ada = await desk.person('agent', { name: 'Ada Archer', email: 'ada@desk.example' })
  const { page, oracles } = await desk.open(ada)
  page.setDefaultTimeout(15_000)
  const debug = await page.context().newCDPSession(page)
  await debug.send('WebAuthn.enable')
  const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const kept = async () => (await debug.send('WebAuthn.getCredentials', { authenticatorId })).credentials

  await page.goto('/profile')
  await page.getByRole('tab', { name: 'Security' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of this device').fill('Laptop at the desk')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Laptop at the desk').waitFor()
  expect(await kept()).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }])

  await page.getByRole('button', { name: /^Profile and settings/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in**')
  expect((await page.request.get('/api/me')).status()).toBe(401)

  await page.getByRole('button', { name: /passkey/i }).click()
  await page.waitForURL('**/home**')
  expect(await (await page.request.get('/api/me')).json()).toMatchObject({ name: 'Ada Archer', staff: true })
  await page.goto('/profile')
  await page.getByRole('tab', { name: 'Security' }).click()
  await page.getByText(/^since .* last used/).waitFor()
  await oracles.check()

  // A user who is not verified (no finger, no PIN) stays outside.
  await page.context().clearCookies()
  await debug.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: /passkey/i }).click()
  await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
  expect((await page.request.get('/api/me')).status()).toBe(401)
})
