import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Links, merging, splitting and children as an agent meets them. */
const desk = useLiveDesk()
let agent: TestPerson
let asker: TestPerson
let german: TestPerson
let first: string
let second: string
let third: string

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
async function picture(page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

beforeAll(async () => {
  agent = await desk.person('agent', { name: 'Ann Archer' })
  german = await desk.person('agent', { name: 'Jörg Jansen', language: 'de' })
  const { id: organisationId } = await desk.organisation('Nordwind Handel')
  asker = await desk.person('requester', { name: 'Nora Nord', organisationId })
  const other = await desk.person('requester', { name: 'Sven Sundermann', organisationId })
  const open = async (as: TestPerson, subject: string, body: string) =>
    (await send<{ id: string }>(as, '/api/tickets', { subject, body })).id
  first = await open(asker, 'Outlook does not open any more', 'Since this morning nothing happens when I click it.')
  second = await open(other, 'No mail since eight', 'The whole floor has no mail. Is there something wrong with the server?')
  third = await open(other, 'Mail on the phone is gone', 'It asks for the password again and again.')
  await send(asker, `/api/tickets/${first}/replies`, { body: 'By the way: the printer on the second floor has no toner.' })
}, 60_000)

describe('tickets that hang together', () => {
  it('GEN-11 INC-19 are linked, made children, merged with undo, split, and the old number leads on', async () => {
    const { page, oracles } = await desk.open(agent)
    await page.goto(`/tickets/${second}`)
    const side = page.getByRole('complementary').last()
    await side.getByRole('button', { name: 'Link a ticket' }).click()
    await page
      .getByRole('combobox', { name: 'Which ticket' })
      .or(page.getByRole('textbox', { name: 'Which ticket' }))
      .first()
      .fill(third)
    await page.getByRole('option', { name: /Mail on the phone/ }).click()
    await page
      .getByRole('combobox', { name: 'This ticket' })
      .or(page.getByRole('textbox', { name: 'This ticket' }))
      .first()
      .click()
    await page.getByRole('option', { name: 'is the parent of' }).click()
    await picture(page, 'link')
    await page.getByRole('button', { name: 'Link', exact: true }).click()
    await side.getByText('0 of 1 finished').waitFor()
    await side.getByRole('button', { name: 'More for children' }).click()
    await page.getByRole('menuitem', { name: 'Answer all open children…' }).click()
    await page.getByRole('textbox', { name: 'Answer' }).fill('Hello {{name}}, we are on it.')
    await picture(page, 'answer-children')
    await page.getByRole('button', { name: 'Send to each' }).click()
    await page.getByText('Done for 1 ticket').waitFor()

    await page.goto(`/tickets/${first}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await picture(page, 'menu')
    await page.getByRole('menuitem', { name: 'Split messages off…' }).click()
    await page.getByRole('checkbox', { name: /printer on the second floor/ }).check()
    await page.getByRole('textbox', { name: /Subject of the new ticket/ }).fill('No toner on the second floor')
    await picture(page, 'split')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Split 1 message off' }).click()
    await page.getByRole('heading', { name: 'No toner on the second floor' }).waitFor()

    await page.goto(`/tickets/${first}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Merge into another…' }).click()
    await page
      .getByRole('combobox', { name: 'Into which ticket' })
      .or(page.getByRole('textbox', { name: 'Into which ticket' }))
      .first()
      .fill('no mail')
    await page.getByRole('option', { name: /No mail since eight/ }).click()
    await page.getByText('Nora Nord will get copies').waitFor()
    await picture(page, 'merge')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: `Merge #${first} into #${second}` }).click()
    await page.getByRole('heading', { name: 'No mail since eight' }).waitFor()
    await side.getByText(`#${first} was merged into this one`).waitFor()
    await picture(page, 'merged')
    expect(await axeFindings(page)).toEqual([])
    await page.goto(`/tickets/${first}`)
    await page.waitForURL(new RegExp(`/tickets/${second}`))
    await page.getByText(`#${first} was merged into #${second}`, { exact: true }).waitFor()

    const theirs = await desk.open(asker)
    await theirs.page.goto(`/portal/requests/${first}`)
    await theirs.page.waitForURL(new RegExp(`/portal/requests/${second}`))
    await theirs.page.getByRole('heading', { name: 'No mail since eight' }).waitFor()

    const dark = await desk.open(german, { phone: true, dark: true })
    await dark.page.goto(`/tickets/${second}`)
    await dark.page.getByRole('heading', { name: 'No mail since eight' }).waitFor()
    await dark.page.getByRole('button', { name: 'Weitere Aktionen' }).click()
    await dark.page.getByRole('menuitem', { name: 'Mit anderem zusammenführen …' }).click()
    await dark.page
      .getByRole('combobox', { name: 'In welches Ticket' })
      .or(dark.page.getByRole('textbox', { name: 'In welches Ticket' }))
      .first()
      .fill('phone')
    await dark.page.getByRole('option', { name: /Mail on the phone/ }).click()
    await dark.page
      .getByText(/über?geordnet|übergeordnet/)
      .first()
      .waitFor()
    await picture(dark.page, 'merge-phone-dark')

    await side.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(`#${first} is a ticket of its own again`).waitFor()
    await page.goto(`/tickets/${first}`)
    await page.getByRole('heading', { name: 'Outlook does not open any more' }).waitFor()
    await oracles.check()
  }, 120_000)
})
