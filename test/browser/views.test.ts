import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A view made by hand, and several tickets changed at once and back. */
const desk = useLiveDesk()
let agent: TestPerson
let german: TestPerson
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
const send = async (as: TestPerson, path: string, body: unknown) => {
  const response = await fetch(desk.baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}

beforeAll(async () => {
  agent = await desk.person('agent', { name: 'Ann Archer' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  await desk.team('Field service', 1, [agent])
  for (const [subject, level] of [
    ['Printer on the third floor is jammed', 1],
    ['Warehouse scanners offline', 3],
    ['New phone for Emil', 1],
    ['Mail does not arrive', 3],
  ] as const)
    await send(agent, '/api/tickets', {
      subject,
      impact: level,
      urgency: level,
      requester: { email: 'nora@customer.example', name: 'Nora Nord' },
    })
}, 60_000)

describe('views', () => {
  it('GEN-4 a view is written while one sees what it finds, and stands in the list with its count', async () => {
    const { page } = await desk.open(agent)
    await page.goto('/tickets')
    await page.getByRole('button', { name: 'New view' }).click()
    const sheet = page.getByRole('dialog', { name: 'New view' })
    await sheet.getByLabel('Name').fill('On fire')
    await sheet.getByText('Finds 4 tickets').waitFor()
    await sheet.getByRole('button', { name: 'Add a condition' }).first().click()
    await sheet.getByRole('combobox', { name: 'Field' }).last().click()
    await page.getByRole('option', { name: 'Priority' }).click()
    await sheet.getByRole('combobox', { name: 'Value' }).last().click()
    await page.getByRole('option', { name: '1', exact: true }).click()
    await page.keyboard.press('Escape')
    await sheet.getByText('Finds 2 tickets').waitFor()
    await picture(page, 'view-sheet-light')
    expect(await axeFindings(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'On fire' }).waitFor()
    const list = page.getByRole('region', { name: 'Tickets: On fire' })
    await list.getByText('Warehouse scanners offline').waitFor()
    expect(await list.getByText('Printer on the third floor is jammed').count()).toBe(0)
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'On fire 2' }).waitFor()
    await picture(page, 'view-list-light')
  })

  it('SD-7 a view is a board on which a card goes to another column by keys and by the mouse', async () => {
    const { page } = await desk.open(agent)
    await page.goto('/tickets')
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: /On fire/ })
      .click()
    await page.getByRole('button', { name: 'This view' }).click()
    await page.getByRole('menuitem', { name: 'Show as a board' }).click()
    await page.getByRole('combobox', { name: 'Columns by' }).click()
    await page.getByRole('option', { name: 'Team' }).click()
    const column = (name: string) => page.getByRole('region', { name, exact: true })
    await column('None').getByText('Mail does not arrive').waitFor()
    await picture(page, 'board-light')
    expect(await axeFindings(page)).toEqual([])
    const card = column('None').getByRole('button', { name: /Warehouse scanners/ })
    await card.focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await column('Field service').getByText('Warehouse scanners offline').waitFor()
    await column('None').getByText('Mail does not arrive').hover()
    await page.mouse.down()
    await column('Field service').getByRole('heading').hover()
    await page.mouse.up()
    await column('Field service').getByText('Mail does not arrive').waitFor()
    await page.reload()
    await column('Field service').getByText('Mail does not arrive').waitFor()
    await picture(page, 'board-moved-light')
  })

  it('several tickets are chosen by keys, looked at beforehand, changed, and taken back', async () => {
    const { page } = await desk.open(agent)
    await page.goto('/tickets?view=all-open')
    await page.getByText('Mail does not arrive').first().waitFor()
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    const bar = page.getByRole('toolbar', { name: 'Change several tickets' })
    await bar.getByText('2 selected').waitFor()
    await picture(page, 'bulk-bar-light')
    expect(await axeFindings(page)).toEqual([])
    await bar.getByRole('button', { name: 'All of this view' }).click()
    await bar.getByRole('button', { name: 'Change…' }).click()
    const sheet = page.getByRole('dialog', { name: 'Change several tickets' })
    await sheet.getByRole('combobox', { name: 'Team' }).click()
    await page.getByRole('option', { name: 'Field service' }).click()
    await sheet.getByRole('button', { name: 'Show what would happen' }).click()
    await sheet.getByText('2 tickets will change').waitFor()
    await picture(page, 'bulk-preview-light')
    await sheet.getByRole('button', { name: 'Change 2 tickets' }).click()
    await sheet.getByText('2 tickets changed').waitFor()
    await picture(page, 'bulk-done-light')
    expect(await axeFindings(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Take back' }).click()
    await sheet.getByText('2 tickets are as they were').waitFor()
  })

  it('on a phone, in German and in the dark', async () => {
    const { page } = await desk.open(german, { phone: true, dark: true })
    await page.goto('/tickets?view=all-open')
    await page.getByText('Mail does not arrive').first().waitFor()
    await page.getByRole('button', { name: 'Mehrere auswählen' }).click()
    await page.getByRole('checkbox').first().click()
    await page.getByText('1 ausgewählt').waitFor()
    await picture(page, 'bulk-bar-phone-dark')
    await page.getByRole('button', { name: 'Ändern…' }).click()
    await page.getByRole('dialog').getByText('Was geschehen soll').waitFor()
    await picture(page, 'bulk-sheet-phone-dark')
  })
})
