import { mkdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A machine tells: set up in the settings, its captured bytes by HTTP, seen live in the list, in the ticket, and over again. */
const desk = useLiveDesk()
let admin: TestPerson
const folder = process.env.SCREENS
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
const fixture = (name: string) => readFileSync(new URL(`../fixtures/alerts/${name}.json`, import.meta.url))
async function tell(key: string, body: Buffer): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await fetch(`${desk.baseUrl}/api/alerts/alertmanager`, { method: 'POST', headers, body: new Uint8Array(body) })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
}
beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Ada Ahrens' })
  await desk.team('Servers', 2, [admin])
}, 60_000)

describe('alerts', () => {
  it('an administrator sets up Alertmanager; it fires and resolves, and whoever looks on sees both', async () => {
    const { page, oracles } = await desk.open(admin)
    await page.goto('/settings/alert-sources')
    await page.getByText('No source yet').waitFor()
    await page.getByRole('button', { name: 'New source' }).first().click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Prometheus Hamburg')
    await picture(page, 'source-new')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: /^(Save|Add)/ }).click()
    await page.getByText('Set up Prometheus Hamburg').waitFor()
    const key = await page.getByRole('textbox', { name: 'Key' }).inputValue()
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    await picture(page, 'source-key')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Done' }).click()
    await page.goto('/alerts')
    await page.getByText('No alerts').waitFor()
    await tell(key, fixture('alertmanager-firing'))
    await page.getByRole('button', { name: 'Disk on 127.0.0.1:9100 low' }).waitFor({ timeout: 15_000 })
    await tell(key, fixture('alertmanager-runbook'))
    await page.getByRole('button', { name: 'Instance 127.0.0.1:9100 down' }).waitFor({ timeout: 15_000 })
    await picture(page, 'alerts')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Instance 127.0.0.1:9100 down' }).click()
    await page.getByText('What was told').waitFor()
    await picture(page, 'alert')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('link', { name: /Instance 127/ }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Runbook', exact: true }).waitFor({ timeout: 15_000 })
    await picture(page, 'alert-ticket')
    await page.goto('/alerts')
    await page.getByRole('button', { name: 'Disk on 127.0.0.1:9100 low' }).waitFor()
    await tell(key, fixture('alertmanager-resolved'))
    await page.getByRole('button', { name: 'Disk on 127.0.0.1:9100 low' }).waitFor({ state: 'detached', timeout: 15_000 })
    await page.getByText('Cleared', { exact: true }).first().click()
    await page.getByRole('button', { name: 'Disk on 127.0.0.1:9100 low' }).waitFor()
    const phone = await desk.open(admin, { phone: true, dark: true })
    await phone.page.goto('/alerts')
    await phone.page.getByRole('button', { name: 'Instance 127.0.0.1:9100 down' }).waitFor()
    await picture(phone.page, 'alerts-phone')
    expect(await axeFindings(phone.page)).toEqual([])
    await phone.page.goto('/settings/alert-sources')
    await phone.page.getByText('Prometheus Hamburg').waitFor()
    await picture(phone.page, 'sources-phone')
    await oracles.check()
    await phone.oracles.check()
  }, 120_000)

  it('planned work is entered beside the alerts, and ended there', async () => {
    const { page, oracles } = await desk.open(admin)
    await page.goto('/alerts')
    await page.getByRole('button', { name: 'Plan work' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('Update of the switches')
    await page.getByRole('textbox', { name: 'Device' }).fill('sw-01')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: /^(Save|Add)/ }).click()
    await page.getByText('Update of the switches').waitFor()
    await picture(page, 'planned')
    await page.getByRole('button', { name: 'End now' }).click()
    await page.getByText('Update of the switches').waitFor({ state: 'detached' })
    await oracles.check()
  }, 60_000)
})
