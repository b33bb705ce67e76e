import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Moving in from a CSV file and out by an export, as an administrator does it. SCREENS=folder keeps the pictures. */
const desk = useLiveDesk()
let admin: TestPerson
beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Ada Admin' })
  await desk.kernel.asSystem(({ db, now }) => db.insertInto('setting').values({ name: 'set-up', value: '{}', changed_at: now }).execute())
})

async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENS) return
  mkdirSync(process.env.SCREENS, { recursive: true })
  await page.screenshot({ path: `${process.env.SCREENS}/${name}.png`, fullPage: true })
}

const rows = Array.from(
  { length: 400 },
  (_, i) =>
    `${4000 + i};Drucker ${i} druckt nicht;Person ${i % 40};person${i % 40}@nordwind.example;${['offen', 'geschlossen', 'gelöst', 'beim Chef'][i % 4]};2 normal;2025-0${(i % 9) + 1}-1${i % 9} 10:00;Nordwind Logistik`,
)
const file = [
  'Nummer;Titel;Kunde;E-Mail;Status;Priorität;Erstellt;Firma',
  ...rows,
  '4999;Ohne Datum;X;x@nordwind.example;offen;2 normal;gestern;',
  '5000;"offen;x;x@nordwind.example;offen;2 normal;;',
].join('\r\n')

describe.each([
  { name: 'desktop', phone: false, dark: false, language: 'en' },
  { name: 'phone', phone: true, dark: true, language: 'de' },
])('GEN-13 on the $name', ({ name, phone, dark, language }) => {
  const en = language === 'en'
  it('GEN-13 a file is mapped, tried, imported and reported', async () => {
    const person = await desk.person('administrator', { name: `Admin ${name}`, language: language as 'en' })
    const { page, oracles, context } = await desk.open(person, { phone, dark, language })
    await page.goto('/settings/imports')
    await page.getByRole('button', { name: en ? 'New import' : 'Neuer Import' }).click()
    await page.getByText('Zammad', { exact: true }).click()
    await picture(page, `${name}-1-zammad`)
    await page.getByText(en ? 'CSV file' : 'CSV-Datei', { exact: true }).click()
    await page.getByRole('radiogroup').getByText('Tickets', { exact: true }).click()
    await picture(page, `${name}-2-source`)
    await page.locator('input[type=file]').setInputFiles({ name: `tickets-${name}.csv`, mimeType: 'text/csv', buffer: Buffer.from(file) })
    await page.getByRole('heading', { name: en ? 'Which column is what?' : 'Welche Spalte ist was?' }).waitFor()
    await picture(page, `${name}-3-mapping`)
    expect(await axeFindings(page)).toEqual([])
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      'wider than the page',
    ).toBeLessThanOrEqual(0)
    // The word that nobody knows gets its meaning.
    const boss = page.getByRole('combobox', { name: en ? 'Meaning of “beim Chef”' : 'Bedeutung von „beim Chef“' })
    await boss.click()
    await page.getByRole('option', { name: en ? 'Waiting for approval' : 'Wartet auf Freigabe' }).click()
    await page.getByRole('button', { name: en ? 'Start the dry run' : 'Probelauf starten' }).click()
    const start = page.getByRole('button', { name: en ? 'Import now' : 'Jetzt importieren' })
    await start.waitFor({ timeout: 30_000 })
    await picture(page, `${name}-4-checked`)
    expect(await axeFindings(page)).toEqual([])
    await start.click()
    await page.getByRole('button', { name: en ? 'Run again' : 'Noch einmal' }).waitFor({ timeout: 60_000 })
    await picture(page, `${name}-5-finished`)
    expect(await page.getByRole('row').filter({ hasText: '402' }).innerText()).toContain(
      en ? 'Not a date that can be read' : 'Kein lesbares Datum',
    )
    await page.goto('/settings/imports')
    await page.getByText(`tickets-${name}.csv`).waitFor()
    await picture(page, `${name}-6-list`)
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
    await context.close()
  }, 120_000)

  it('GEN-13 an export is made and fetched', async () => {
    const { page, oracles, context } = await desk.open(admin, { phone, dark, language })
    await page.goto('/settings/exports')
    await page.getByRole('button', { name: /Make an export|Export erstellen/ }).click()
    const download = page.getByRole('button', { name: /Download|Herunterladen/ }).first()
    await download.waitFor({ timeout: 30_000 })
    await picture(page, `${name}-7-exports`)
    expect(await axeFindings(page)).toEqual([])
    const [got] = await Promise.all([page.waitForEvent('download'), download.click()])
    expect(got.suggestedFilename()).toMatch(/^firstline-export-.*\.tar$/)
    await oracles.check()
    await context.close()
  }, 60_000)
})
