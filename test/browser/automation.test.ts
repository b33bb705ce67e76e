import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A rule is written, tried and acts; a webhook is added, tested and its log read. With the real worker behind. */
const desk = useLiveDesk()
let admin: TestPerson
let asker: TestPerson
let receiver: Server
let took = 0

async function send<T>(as: TestPerson, path: string, body: unknown): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
const folder = process.env.SCREENS
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${folder}/${name}.png` })
}

beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Ada Admin' })
  asker = await desk.person('requester', { name: 'Nora Nord' })
  await desk.team('Network', 2, [admin])
  for (const subject of ['VPN drops at noon', 'VPN asks for a code', 'Mouse is dead'])
    await send(admin, '/api/tickets', { subject, requesterId: asker.id })
  receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      took++
      response.writeHead(200).end('{"taken":true}')
    })
  })
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
}, 60_000)
afterAll(() => new Promise<void>((done) => void receiver.close(() => done())))

describe('automation', () => {
  it('GEN-7 a rule is written as a sentence, tried on the last days, and then acts by itself', async () => {
    const { page, oracles } = await desk.open(admin)
    await page.goto('/automation')
    await page.getByRole('button', { name: 'New rule' }).first().click()
    const sheet = page.getByRole('dialog', { name: 'New rule' })
    await sheet.getByLabel('Name').fill('VPN to the network')
    await sheet.getByRole('button', { name: 'Add a condition' }).first().click()
    await sheet.getByRole('combobox', { name: 'Field' }).click()
    await page.getByRole('option', { name: 'Subject contains' }).click()
    await sheet.getByRole('textbox', { name: 'Value' }).fill('VPN')
    await sheet.getByRole('button', { name: 'Add a step' }).click()
    await page.getByRole('menuitem', { name: 'Tags' }).click()
    await sheet.getByLabel('Add', { exact: true }).fill('vpn')
    await page.keyboard.press('Enter')
    await sheet.getByRole('button', { name: 'Try it on the last 30 days' }).click()
    await sheet.getByText('It would have acted on 2 tickets').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'rule-sheet')
    await sheet.getByText('It would have acted on 2 tickets').scrollIntoViewIfNeeded()
    await picture(page, 'rule-dry-run')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText('When a ticket is created and one condition holds → Tags: vpn').waitFor()
    const { id } = await send<{ id: string }>(admin, '/api/tickets', { subject: 'VPN is slow', requesterId: asker.id })
    await page.goto(`/tickets/${id}`)
    await page.getByText('vpn', { exact: true }).first().waitFor({ timeout: 15_000 })
    await page.goto('/automation')
    await page.getByText('acted on one ticket in 7 days').waitFor({ timeout: 15_000 })
    await page.getByRole('button', { name: 'What “VPN to the network” did' }).click()
    await page.getByRole('link', { name: `#${id} VPN is slow` }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'rule-log')
    await oracles.check()
  })

  it('a webhook shows its secret once, is tested, and its log tells what was sent and answered', async () => {
    const { page, oracles } = await desk.open(admin, { dark: true })
    await page.goto('/automation?tab=webhooks')
    await page.getByRole('button', { name: 'New webhook' }).first().click()
    const sheet = page.getByRole('dialog', { name: 'New webhook' })
    await sheet.getByLabel('Name').fill('Stock')
    await sheet.getByLabel('Address').fill('ftp://nowhere')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.getByText('Only https:// addresses are called.').waitFor()
    await sheet.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`)
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/^whsec_/).waitFor()
    await picture(page, 'webhook-secret-dark')
    await page.getByRole('button', { name: 'Stock', exact: true }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'What was sent to “Stock”' }).click()
    await page.getByRole('listitem').getByText('Delivered').waitFor({ timeout: 15_000 })
    await page.getByRole('button', { name: 'test', exact: true }).click()
    await page.getByText('{"taken":true}').waitFor()
    expect(took).toBe(1)
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'webhook-log-dark')
    await oracles.check()
    const phone = await desk.open(admin, { phone: true })
    await phone.page.goto('/automation')
    await phone.page.getByText('VPN to the network').waitFor()
    await picture(phone.page, 'rules-phone')
    await phone.page.getByRole('button', { name: 'VPN to the network', exact: true }).click()
    await phone.page.getByRole('dialog').getByLabel('Name').waitFor()
    await picture(phone.page, 'rule-phone')
  })
})
