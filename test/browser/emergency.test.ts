import { mkdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { signatureOf } from '../../server/features/paging/actions-sms.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** The emergency phone: set up in the settings, asked by a machine and by whoever takes a call, read in the portal, printed. */
const desk = useLiveDesk()
let chief: TestPerson
let asker: TestPerson
const folder = process.env.SCREENS
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
const send = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
  const headers = { authorization: `Bearer ${chief.token}`, 'content-type': 'application/json', ...more }
  const answer = await fetch(`${desk.baseUrl}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer.json() as Promise<Record<string, never>>
}

beforeAll(async () => {
  chief = await desk.person('administrator', { name: 'Ada Ahrens' })
  asker = await desk.person('requester', { name: 'Anna Tief' })
  await desk.team('On call', 1, [chief])
  const phones = JSON.stringify([{ kind: 'work', number: '+49 30 5557160' }])
  await desk.kernel.asSystem(({ db }) => sql`update person set phones = ${phones} where id = ${asker.id}`.execute(db))
  // Open on one day only, which is not today: this desk is closed whenever the test runs.
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const hours = { [days[(new Date().getUTCDay() + 3) % 7]!]: [['09:00', '17:00']] }
  const { items } = (await send('GET', '/api/calendars')) as unknown as {
    items: { id: string; version: number; uses: { company: boolean } }[]
  }
  const company = items.find((one) => one.uses.company)!
  await send('PATCH', `/api/calendars/${company.id}`, { hours }, { 'if-match': `"${company.version}"` })
}, 60_000)

describe('the emergency phone', () => {
  it('is set up: questions are edited, a line says its address once, its call opens a ticket', async () => {
    const { page, oracles } = await desk.open(chief)
    await page.goto('/settings/emergency')
    await page.getByText('No line yet').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'settings')
    await page.getByRole('button', { name: 'Everybody' }).click()
    await page.getByRole('group', { name: 'Question 1' }).getByRole('textbox', { name: 'In English' }).first().fill('Is anybody hurt?')
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'questions')
    await page.getByRole('button', { name: 'Save', exact: true }).last().click()
    await page.getByText('Saved').waitFor()
    await page.getByRole('button', { name: 'Add a line' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Hotline')
    await page.getByRole('textbox', { name: 'Number', exact: true }).fill('+49 30 5559000')
    await page.getByLabel('Auth token of the provider').fill('its-token')
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'line')
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Address of Hotline').waitFor()
    const address = (await page.locator('code').textContent()) ?? ''
    expect(address).toMatch(/\/hooks\/voice\/[\w-]{22}$/)
    await picture(page, 'address')
    expect(await axeFindings(page)).toEqual([])
    const form = { CallSid: 'CA1', From: '+49305557160' }
    const tell = (step: string, more: Record<string, string>) => {
      const body = { ...form, ...more }
      const signature = signatureOf('its-token', `${address}${step}`, body)
      return fetch(`${address}${step}`, { method: 'POST', headers: { 'x-twilio-signature': signature }, body: new URLSearchParams(body) })
    }
    const hello = await (await tell('', {})).text()
    expect(hello).toContain('Is anybody hurt?')
    await tell('/q0-0', { Digits: '1' })
    await tell('/status', { CallStatus: 'completed' })
    await page.goto('/tickets')
    await page.getByText('Emergency call: Anna Tief').first().waitFor({ timeout: 15_000 })
    await page.getByText('Emergency call: Anna Tief').first().click()
    await page.getByText('The caller hung up before saying what has happened.').first().waitFor()
    await picture(page, 'ticket')
    await oracles.check()
  })

  it('asks whoever takes a call outside the hours, and says beforehand what saving will do', async () => {
    const { page, oracles } = await desk.open(chief)
    await page.goto('/call')
    await page.getByLabel('Who is calling?').fill('Anna')
    await page.getByRole('button', { name: /Anna Tief/ }).click()
    await page.getByText('Outside the hours: how grave is it?').waitFor()
    await page.getByText('Yes, for a team', { exact: true }).click()
    await page.getByText('No, somebody is needed now', { exact: true }).click()
    await page.getByText('Whoever is on call is paged when this is saved, unless it is solved at once.').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'call')
    await page.getByLabel('What is it about?').fill('No power in the hall')
    await page.getByRole('button', { name: 'Keep it open' }).click()
    await page.getByText('Severity questions').first().waitFor()
    await page.getByText('The emergency phone').first().waitFor()
    await picture(page, 'call-ticket')
    await oracles.check()
  })

  it('tells in the portal how to reach the desk, and stands on a card for paper', async () => {
    await send('PATCH', '/api/emergency/reach', {
      numbers: [{ name: 'Reception', number: '+49 30 555 1200' }],
      advice: { en: 'If there is fire, call 112 first.', de: 'Bei Feuer zuerst die 112.' },
    })
    const portal = await desk.open(asker)
    await portal.page.goto('/portal')
    await portal.page.getByRole('link', { name: 'Contact' }).click()
    await portal.page.getByText('If there is fire, call 112 first.').waitFor()
    expect(await portal.page.getByRole('link', { name: 'Call +49 30 555 1200' }).getAttribute('href')).toBe('tel:+49305551200')
    expect(await axeFindings(portal.page)).toEqual([])
    await picture(portal.page, 'reach')
    await portal.oracles.check()
    const { page, oracles } = await desk.open(chief)
    await page.goto('/on-call')
    await page.getByRole('link', { name: 'Emergency card' }).click()
    await page.getByText('Reception').waitFor()
    await page.getByText('Ada Ahrens').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'card')
    await oracles.check()
    if (!folder) return
    const phone = await desk.open(chief, { phone: true, dark: true })
    for (const [name, path] of [
      ['settings', '/settings/emergency'],
      ['call', '/call'],
      ['card', '/emergency-card'],
    ] as const) {
      await phone.page.goto(path)
      await phone.page.waitForTimeout(1500)
      await picture(phone.page, `phone-${name}`)
    }
    const small = await desk.open(asker, { phone: true, language: 'de' })
    await small.page.goto('/portal/reach')
    await small.page.waitForTimeout(1500)
    await picture(small.page, 'phone-reach')
  })
})
