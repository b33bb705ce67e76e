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
async function send<T>(as: TestPerson, path: string, body: unknown): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
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

  it('GEN-4 a view is a table in the columns that it names, sorted as one likes, on a phone too', async () => {
    const columns = ['number', 'subject', 'priority', 'requester', 'created', 'waiting'].map((key) => ({ key }))
    const view = await send<{ id: string }>(agent, '/api/views', { name: 'As a table', query: {}, columns })
    const { page, oracles } = await desk.open(agent)
    await page.goto(`/tickets?view=${view.id}`)
    await page.getByRole('button', { name: 'This view' }).click()
    await page.getByRole('menuitem', { name: 'Show as a table' }).click()
    const table = page.getByRole('table', { name: 'As a table' })
    await table.waitFor()
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      'Number',
      'Subject',
      'Priority',
      'Requester',
      'Created',
      'Waiting since',
    ])
    await page.getByRole('combobox', { name: 'Sort by' }).click()
    await page.getByRole('option', { name: 'Oldest first' }).click()
    await table.getByRole('row').nth(1).getByText('Printer on the third floor is jammed').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'view-table-light')
    const { page: phone } = await desk.open(agent, { phone: true, dark: true })
    await phone.goto(`/table/${view.id}`)
    await phone.getByText('Warehouse scanners offline').waitFor()
    expect(await axeFindings(phone)).toEqual([])
    await picture(phone, 'view-table-phone-dark')
    await table.getByRole('row').nth(1).click()
    await page.waitForURL('**/tickets/*')
    await oracles.check()
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

  it('GEN-14 own fields stand among the conditions by their labels, each asked as what it is', async () => {
    const label = (en: string, de: string) => ({ label: { en, de } })
    const level = {
      key: 'level',
      type: 'choice',
      choices: [{ key: 'gold', ...label('Gold', 'Gold') }],
      ...label('Service level', 'Vertragsstufe'),
    }
    await send(german, '/api/fields', level)
    await send(german, '/api/fields', { key: 'due', type: 'date', ...label('Needed on', 'Gebraucht am') })
    const due = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    for (const fields of [{ level: 'gold', due }, { level: 'gold' }])
      await send(agent, '/api/tickets', { subject: `Laptop for the fair, ${fields.due ? 'soon' : 'some day'}`, fields })
    const { page } = await desk.open(agent)
    await page.goto('/tickets')
    await page.getByRole('button', { name: 'New view' }).click()
    const sheet = page.getByRole('dialog', { name: 'New view' })
    await sheet.getByLabel('Name').fill('Gold soon')
    const choose = async (field: string) => {
      await sheet.getByRole('button', { name: 'Add a condition' }).first().click()
      await sheet.getByRole('combobox', { name: 'Field' }).last().click()
      await page.getByRole('option', { name: field }).click()
    }
    await choose('Service level')
    await sheet.getByRole('combobox', { name: 'Value' }).last().click()
    await page.getByRole('option', { name: 'Gold' }).click()
    await page.keyboard.press('Escape')
    await sheet.getByText('Finds 2 tickets').waitFor()
    await choose('Needed on')
    await sheet.getByText('Finds 1 ticket', { exact: true }).waitFor()
    await picture(page, 'own-conditions-light')
    expect(await axeFindings(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('region', { name: 'Tickets: Gold soon' }).getByText('Laptop for the fair, soon').waitFor()
    await page.getByRole('button', { name: 'This view' }).click()
    await page.getByRole('menuitem', { name: 'Change this view' }).click()
    const again = page.getByRole('dialog', { name: 'Change this view' })
    await again.getByText('Finds 1 ticket', { exact: true }).waitFor()
    expect(await again.getByRole('combobox', { name: 'Field' }).last().inputValue()).toBe('Needed on')
    const phone = (await desk.open(german, { phone: true, dark: true })).page
    await phone.goto('/automation')
    await phone.getByRole('button', { name: 'Neue Regel' }).first().click()
    const rule = phone.getByRole('dialog', { name: 'Neue Regel' })
    await rule.getByRole('button', { name: 'Bedingung hinzufügen' }).first().click()
    await rule.getByRole('combobox', { name: 'Feld' }).first().click()
    await phone.getByRole('option', { name: 'Gebraucht am' }).click()
    await rule.getByRole('combobox', { name: 'Wie' }).first().click()
    await phone.getByRole('option', { name: 'von … bis' }).click()
    await rule.getByLabel('Bis einschließlich').fill(due)
    await picture(phone, 'own-conditions-phone-dark')
  })

  it('GEN-4 a list stands in groups that fold; J and K go from ticket to ticket over the heads', async () => {
    const { page } = await desk.open(agent)
    await page.goto('/tickets')
    const views = page.getByRole('navigation', { name: 'Views' })
    await views.getByRole('link', { name: /On fire/ }).click()
    await page.getByRole('button', { name: 'This view' }).click()
    await page.getByRole('menuitem', { name: 'Change this view' }).click()
    const sheet = page.getByRole('dialog', { name: 'Change this view' })
    await sheet.getByRole('combobox', { name: 'Value' }).last().click()
    for (const priority of ['2', '3', '4', '5']) await page.getByRole('option', { name: priority, exact: true }).click()
    await page.keyboard.press('Escape')
    await sheet.getByRole('combobox', { name: 'In groups by' }).click()
    await page.getByRole('option', { name: 'Priority' }).click()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.waitFor({ state: 'hidden' })
    const list = page.getByRole('region', { name: 'Tickets: On fire' })
    const head = (name: RegExp) => list.getByRole('button', { name })
    await head(/^Priority 1\s*2$/).waitFor()
    await picture(page, 'groups-light')
    expect(await axeFindings(page)).toEqual([])
    const heads = list.locator('button[aria-expanded]:not([aria-haspopup])')
    const subject = async () => (await list.locator('a[data-cursor]').textContent()) ?? ''
    expect(await heads.count()).toBeGreaterThan(1)
    await list.getByText('Warehouse scanners offline').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await subject()).not.toMatch(/Warehouse|Mail does/)
    await page.keyboard.press('k')
    expect(await subject()).toMatch(/Warehouse|Mail does/)
    await head(/^Priority 1/).click()
    expect(await list.getByText('Warehouse scanners offline').count()).toBe(0)
    await page.keyboard.press('k')
    expect(await subject()).not.toMatch(/Warehouse|Mail does/)
    await picture(page, 'groups-folded-light')
    await page.reload()
    await head(/^Priority 1\s*2$/).waitFor()
    const phone = (await desk.open(agent, { phone: true, dark: true })).page
    await phone.goto(page.url())
    await phone.getByRole('button', { name: /^Priority 1\s*2$/ }).waitFor()
    await picture(phone, 'groups-phone-dark')
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
