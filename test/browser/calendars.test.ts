import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** An administrator says when somebody works and what is promised; whoever asks sees when somebody answers. */
const desk = useLiveDesk()
let admin: TestPerson
let german: TestPerson
let asker: TestPerson
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string; fullPage?: boolean }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Lea Linden' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  asker = await desk.person('requester', { name: 'Nora Nord' })
  await desk.organisation('Nordwind Logistik GmbH')
  await desk.team('Service desk', 1, [admin])
}, 60_000)

describe('calendars', () => {
  it('one is made by keyboard: hours, holidays, a half day, and who works by it; what is wrong is said at its field', async () => {
    const { page, oracles } = await desk.open(admin)
    await page.goto('/settings/calendars')
    await page.getByText('Office hours').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: /New calendar/ }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Name', { exact: true }).fill('Berlin')
    await sheet.getByLabel('Monday from').fill('09:00')
    await sheet.getByRole('button', { name: 'Add hours on Monday' }).click()
    await sheet.getByLabel('Monday from').nth(1).fill('12:00')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet
      .getByText(/begins before the one above/)
      .first()
      .waitFor()
    await sheet.getByLabel('Monday to').first().fill('11:30')
    await sheet.getByLabel('Monday to').nth(1).fill('18:00')
    await sheet.getByRole('button', { name: 'Monday’s hours for Tuesday to Friday' }).click()
    await sheet.getByRole('combobox', { name: 'Country' }).fill('Germany')
    await page.getByRole('option', { name: 'Germany', exact: true }).click()
    await sheet.getByRole('combobox', { name: 'Region' }).fill('Berlin')
    await page.getByRole('option', { name: 'Berlin', exact: true }).click()
    await sheet.getByRole('button', { name: 'Add a day' }).click()
    await sheet.getByLabel('Day', { exact: true }).fill(`${new Date().getFullYear()}-12-24`)
    await sheet.getByLabel('Name', { exact: true }).last().fill('Christmas Eve')
    await sheet.getByRole('button', { name: 'Add hours on Christmas Eve' }).click()
    await sheet.getByLabel('Christmas Eve to').fill('12:00')
    await sheet.getByLabel('Every year').check()
    await sheet.getByLabel('Team', { exact: true }).fill('Serv')
    await page.getByRole('option', { name: 'Service desk' }).click()
    await sheet.getByRole('table', { name: 'The next eight weeks' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'calendar-sheet')
    await sheet.getByRole('table', { name: 'The next eight weeks' }).scrollIntoViewIfNeeded()
    await picture(page, 'calendar-sheet-2')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await page.getByText('Service desk').waitFor()
    await picture(page, 'calendars')
    await oracles.check()
  })

  it('reads well on a telephone, in the dark and in German', async () => {
    const { page, oracles } = await desk.open(german, { phone: true, dark: true, language: 'de' })
    await page.goto('/settings/calendars')
    await page.getByText('Office hours').click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Montag von').waitFor()
    await sheet.getByRole('table', { name: 'Die nächsten acht Wochen' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'calendar-phone')
    await sheet.getByRole('table', { name: 'Die nächsten acht Wochen' }).scrollIntoViewIfNeeded()
    await picture(page, 'calendar-phone-2')
    await oracles.check()
  })

  it('whoever asks for help sees when somebody answers', async () => {
    const { page, oracles } = await desk.open(asker)
    await page.goto('/portal')
    await page.getByRole('heading', { name: 'When we answer' }).waitFor()
    await page.getByText('08:00 to 17:00').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'portal-hours')
    await oracles.check()
  })
})

describe('agreements', () => {
  it('one is written in plain words, looked at before it is saved, and the traps are refused with what to change', async () => {
    const { page, oracles } = await desk.open(admin)
    await page.goto('/settings/agreements')
    await page.getByRole('button', { name: /New agreement/ }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Name', { exact: true }).fill('Standard')
    await sheet.getByRole('button', { name: 'Change Resolution' }).click()
    await sheet.getByText('Start, pause and stop').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'agreement-sheet')
    await sheet.getByRole('button', { name: 'Show which tickets would move' }).click()
    await sheet.getByText(/would move\.$/).waitFor()
    await picture(page, 'agreement-sheet-2')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await page.getByText('Everybody without one of their own').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'agreements')
    await page.getByText('Standard').click()
    await sheet.getByRole('button', { name: 'Change Resolution' }).click()
    await sheet.getByText('Own conditions', { exact: true }).nth(2).click()
    await sheet
      .getByRole('button', { name: 'Remove this condition' })

      .first()
      .click()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.getByText(/Wherever this starts it stops at once/).waitFor()
    await oracles.check()
  })
})
