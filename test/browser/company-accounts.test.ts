import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CompanyAccounts, startCompanyAccounts } from '../company-accounts.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** From an empty settings screen to somebody at work: the provider is a real one, with its own pages. SCREENS=folder keeps the pictures. */
const desk = useLiveDesk()
const folder = process.env['SCREENS']
let house: CompanyAccounts
let admin: TestPerson

beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Ada Archer', email: 'ada@desk.example' })
  await desk.organisation('Nordwind Logistik GmbH', ['nordwind.example'])
  house = await startCompanyAccounts({
    redirectUris: Array.from({ length: 20 }, (_, n) => `${desk.baseUrl}/sign-in/back/${n + 1}`),
    signOutUri: `${desk.baseUrl}/sign-in`,
    accounts: {
      mara: { name: 'Mara Lind', email: 'mara@nordwind.example', email_verified: true, preferred_username: 'mara@nordwind.example' },
      guest: { name: 'Guest', email: 'guest@elsewhere.example', email_verified: true },
    },
  })
}, 60_000)
afterAll(() => house.stop())

const keep = async (page: Page, name: string) => {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
const atProvider = async (page: Page, login: string) => {
  await page.waitForURL(`${house.issuer}/**`)
  await page.fill('input[name=login]', login)
  await page.fill('input[name=password]', 'any')
  await page.click('button[type=submit]')
  // Its second page asks what Firstline may know.
  await page.waitForSelector('text=/continue/i')
  await page.click('button[type=submit]')
}

describe('a company account', () => {
  it('is set up by the administrator, tested and switched on', async () => {
    const { page, context, oracles } = await desk.open(admin)
    await page.goto('/settings/sign-in')
    await page.waitForSelector('text=No provider yet')
    await keep(page, 'settings-empty')
    await page.click('text=Add a provider')
    await page.getByLabel('Name', { exact: true }).fill('Nordwind')
    await page.getByLabel('Issuer').fill(house.issuer)
    await page.getByLabel('Client ID').fill(house.clientId)
    await page.getByRole('textbox', { name: 'Client secret' }).fill('not the secret')
    await page.getByRole('combobox', { name: 'Mail domains of this provider' }).fill('nordwind.example')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Who is not known here yet' }).click()
    await page.click('text=Joins as a requester')
    await page.click('text=Add a group')
    await page.getByRole('textbox', { name: 'Group', exact: true }).fill('it-desk')
    await keep(page, 'settings-form')
    await page.getByRole('switch', { name: /Signing out here/ }).scrollIntoViewIfNeeded()
    await keep(page, 'settings-form-below')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForSelector('text=/sign-in/back/')
    await page.click('text=Test connection')
    await page.waitForSelector('text=It does not accept the client ID or the secret')
    await keep(page, 'settings-test-bad')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('textbox', { name: 'Client secret' }).fill(house.secret)
    await page.getByRole('switch', { name: /Signing out here/ }).click({ force: true })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForSelector('[role=dialog]', { state: 'detached' })
    await page.click('text=Test connection')
    await page.waitForSelector('text=The provider is ready.')
    await page.click('text=Switch on')
    await page.waitForSelector('text=1 key to check signatures with')
    await page.waitForSelector('text=Switch off')
    await keep(page, 'settings-ready')
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
    await context.close()
  }, 60_000)

  it('is looked after on a phone, in the dark and in German', async () => {
    const { page, context, oracles } = await desk.open(admin, { phone: true, dark: true, language: 'de' })
    await desk.kernel.asSystem(({ db }) => db.updateTable('person').set({ language: 'de' }).where('id', '=', admin.id).execute())
    await page.goto('/settings/sign-in')
    await page.getByRole('button', { name: 'Ausschalten' }).waitFor()
    await keep(page, 'settings-phone')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Bearbeiten' }).click()
    await page.getByRole('textbox', { name: 'Gruppe', exact: true }).waitFor()
    await keep(page, 'settings-form-phone')
    const beyond =
      "[...document.querySelectorAll('[role=dialog] form :is(input, button, label)')].filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML)"
    expect(await page.evaluate(beyond)).toEqual([])
    await page.getByRole('textbox', { name: 'Gruppe', exact: true }).scrollIntoViewIfNeeded()
    await keep(page, 'settings-groups-phone')
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
    await context.close()
  }, 60_000)

  it('signs somebody in by the provider’s own pages, and out again on both sides', async () => {
    const { page, context, oracles } = await desk.open(null)
    await page.goto('/portal/requests')
    await page.getByRole('button', { name: 'Sign in with Nordwind' }).waitFor()
    await keep(page, 'sign-in')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign in with Nordwind' }).click()
    await atProvider(page, 'mara')
    await page.waitForURL(`${desk.baseUrl}/portal/requests`)
    await page.getByRole('button', { name: /Mara Lind/ }).waitFor()
    await page.goto('/portal/profile')
    await page.waitForSelector('text=Nordwind · mara@nordwind.example')
    await page.waitForSelector('text=by company account')
    await page.getByRole('heading', { name: 'Company accounts' }).scrollIntoViewIfNeeded()
    await keep(page, 'profile')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: /Mara Lind/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(`${house.issuer}/**`)
    await page.click('button[value=yes]')
    await page.waitForURL(`${desk.baseUrl}/sign-in`)
    expect((await page.request.get('/api/me')).status()).toBe(401)
    await oracles.check()
    await context.close()
  }, 60_000)

  it('that nobody invited is told so, in German too, on a phone and in the dark', async () => {
    const { page, context, oracles } = await desk.open(null, { phone: true, dark: true, language: 'de' })
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Mit Nordwind anmelden' }).waitFor()
    await keep(page, 'sign-in-phone')
    await page.getByRole('button', { name: 'Mit Nordwind anmelden' }).click()
    await atProvider(page, 'guest')
    await page.waitForSelector('text=Dieses Konto ist hier nicht bekannt.')
    // What the provider sent is out of the address bar.
    expect(new URL(page.url()).search).toBe('')
    await keep(page, 'refused-phone')
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
    await context.close()
  }, 60_000)

  it('of a member of the desk is connected after one more sign-in as usual', async () => {
    const agent = await desk.person('agent', { name: 'Jonas Weber', email: 'jonas@nordwind.example' })
    house.accounts['jonas'] = { name: 'Jonas Weber', email: agent.email, email_verified: true, preferred_username: 'jonas' }
    await desk.kernel.asSystem(({ db }) => db.updateTable('oidc_provider').set({ linking: 'requesters' }).execute())
    const { page, context, oracles } = await desk.open(null)
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in with Nordwind' }).click()
    await atProvider(page, 'jonas')
    await page.waitForSelector('text=Sign in once as usual')
    await keep(page, 'confirm')
    await page.getByRole('button', { name: 'Sign in as usual' }).click()
    await page.waitForURL('**/sign-in?next=**')
    const there = new URL(page.url()).searchParams.get('next') ?? ''
    // As usual: a card of a test, in the same browser.
    const { page: own, context: ownContext } = await desk.open(agent)
    await context.addCookies((await ownContext.cookies()).filter(({ name }) => name === '__Host-firstline'))
    await own.close()
    await page.goto(there)
    await page.waitForSelector('text=Connect your company account?')
    await keep(page, 'connect')
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.waitForURL(/home/)
    const mine = (await (await page.request.get('/api/me/identities')).json()) as { items: { account: string }[] }
    expect(mine.items.map(({ account }) => account)).toEqual(['jonas'])
    await oracles.check()
    await ownContext.close()
    await context.close()
  }, 60_000)
})
