import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { sendTo } from '../../server/features/mail/mail.testing.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Own fields, own statuses, snoozing and paper, as those meet them who make them and those who fill them in. */
const desk = useLiveDesk()
let agent: TestPerson
let administrator: TestPerson
let german: TestPerson
let asker: TestPerson
let ticketId: string

async function send<T>(as: TestPerson, path: string, body: unknown, method = 'POST'): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
const read = async <T>(as: TestPerson, path: string): Promise<T> =>
  (await (await fetch(desk.baseUrl + path, { headers: { authorization: `Bearer ${as.token}` } })).json()) as T
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string; fullPage?: boolean }): Promise<unknown> }, name: string, fullPage = false) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage })
}

beforeAll(async () => {
  agent = await desk.person('agent', { name: 'Ann Archer' })
  administrator = await desk.person('administrator', { name: 'Lea Linden' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  asker = await desk.person('requester', { name: 'Nora Nord' })
  ticketId = (
    await send<{ id: string }>(agent, '/api/tickets', { subject: 'The projector flickers', body: 'In room 4.', requesterId: asker.id })
  ).id
  await send(agent, `/api/tickets/${ticketId}/replies`, { body: 'The lamp is from 2019.', internal: true })
}, 60_000)

describe('own fields', () => {
  it('GEN-3 are made in the settings, filled in beside the ticket, and asked for on the way into a status', async () => {
    const maker = await desk.open(administrator)
    await maker.page.goto('/settings/fields')
    await maker.page.getByRole('button', { name: 'New field' }).click()
    const sheet = maker.page.getByRole('dialog')
    await sheet.getByRole('textbox', { name: 'Name in English' }).fill('Cause')
    await sheet.getByRole('textbox', { name: 'Name in German' }).fill('Ursache')
    await sheet.getByRole('combobox', { name: 'Type' }).click()
    await maker.page.getByRole('option', { name: 'Choice' }).click()
    for (const [n, name] of ['Wear', 'Operating error'].entries()) {
      await sheet.getByRole('button', { name: 'Add a choice' }).click()
      await sheet.getByRole('textbox', { name: `Choice ${n + 1} in English` }).fill(name)
    }
    await sheet.getByRole('combobox', { name: 'Needed before' }).click()
    await maker.page.getByRole('option', { name: 'Resolved' }).click()
    await maker.page.getByRole('option', { name: 'Waiting for vendor' }).click()
    await maker.page.keyboard.press('Escape')
    await picture(maker.page, 'field-sheet')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await maker.page.getByRole('cell', { name: 'Cause', exact: true }).waitFor()
    await send(administrator, '/api/fields', { key: 'room', label: { en: 'Room', de: 'Raum' }, type: 'text', audience: 'portal' })
    await send(administrator, '/api/fields', { key: 'approver', label: { en: 'Approved by', de: 'Freigegeben von' }, type: 'person' })
    await send(administrator, '/api/fields', { key: 'until', label: { en: 'Needed until', de: 'Gebraucht bis' }, type: 'date' })
    expect(await axeFindings(maker.page)).toEqual([])
    await maker.page.reload()
    await maker.page.getByRole('cell', { name: 'Room', exact: true }).waitFor()
    await picture(maker.page, 'fields-page')

    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    const side = page.getByRole('complementary').last()
    await side.getByText('Nothing filled in yet').waitFor()
    await page.getByRole('button', { name: /^Status: New/ }).click()
    await page.getByRole('menuitem', { name: 'Waiting for vendor' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    const needed = page.getByRole('dialog', { name: /Before it becomes/ })
    await needed.waitFor()
    await picture(page, 'need-sheet')
    await needed.getByRole('button', { name: 'Save and change the status' }).click()
    await needed.getByText('This is needed here.').waitFor()
    await needed.getByRole('combobox', { name: 'Cause' }).click()
    await page.getByRole('option', { name: 'Wear' }).click()
    await needed.getByRole('textbox', { name: 'Room' }).fill('4.12')
    await needed.getByRole('button', { name: 'Save and change the status' }).click()
    await page.getByRole('button', { name: /^Status: Waiting for vendor/ }).waitFor()
    await side.getByText('4.12').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'ticket')
    await page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .click()
    await page.getByRole('dialog').getByText('Category: what it turned out to be').waitFor()
    await picture(page, 'resolve')
    expect(await axeFindings(page)).toEqual([])
  })

  it('an answer that was to resolve stays sent, and what resolving lacks is asked for', async () => {
    const { id } = await send<{ id: string }>(agent, '/api/tickets', { subject: 'The lamp is dead', body: 'Hi.', requesterId: asker.id })
    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${id}`)
    await page.getByPlaceholder(/^Write to/).fill('We put in a new one.')
    await page.getByRole('button', { name: 'Send and …' }).click()
    await page.getByRole('menuitem', { name: /solved|resolve/i }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Cause' }).click()
    await page.getByRole('option', { name: 'Wear' }).click()
    expect(await dialog.getByText('We put in a new one.').count()).toBe(1)
    await dialog.getByRole('button', { name: /^Resolve/ }).click()
    await page.getByRole('button', { name: /^Status: Resolved/ }).waitFor()
    const { messages } = await read<{ messages: { text: string }[] }>(agent, `/api/tickets/${id}`)
    expect(messages.filter(({ text }) => text === 'We put in a new one.')).toHaveLength(1)
  })

  it('the portal asks for those that are meant for it', async () => {
    const { page } = await desk.open(asker, { phone: true })
    await page.goto('/portal')
    await page.getByRole('textbox').first().fill('A chair is broken')
    await page.getByRole('textbox', { name: 'Room' }).fill('2.01')
    await picture(page, 'portal-phone', true)
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Send' }).click()
    await page.waitForURL(/sent/)
    const { items } = await read<{ items: { id: string }[] }>(agent, '/api/tickets?field.room=2.01')
    expect(items).toHaveLength(1)
  })
})

describe('own statuses', () => {
  it('GEN-14 are added and taken out of use while tickets have them; moves are allowed by role', async () => {
    const { page } = await desk.open(administrator)
    await page.goto('/teams?tab=statuses')
    await page.getByRole('button', { name: 'New status' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name in English' }).fill('Being tested')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('cell', { name: 'Being tested', exact: true }).waitFor()
    const { items } = await read<{ items: { id: string; name: { en: string } }[] }>(agent, '/api/statuses')
    const tested = items.find((s) => s.name.en === 'Being tested')!.id
    const made = await send<{ id: string }>(agent, '/api/tickets', { subject: 'Try it', requesterId: asker.id })
    await send(agent, `/api/tickets/${made.id}/replies`, { body: 'Please try.', statusId: tested })
    await page.getByRole('switch', { name: 'Allow only the moves of this table' }).click({ force: true })
    await page.getByRole('combobox', { name: 'From In progress to Waiting for vendor' }).selectOption('lead')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Save the moves' }).scrollIntoViewIfNeeded()
    await picture(page, 'statuses')
    await page.getByRole('button', { name: 'Save the moves' }).click()
    await page.getByText('Moves saved').waitFor()
    await page.getByRole('button', { name: 'Edit Being tested' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
    const asked = page.getByRole('dialog', { name: /Take “Being tested” out of use/ })
    await asked.getByText('1 ticket has it.').waitFor()
    await picture(page, 'archive-status')
    await asked.getByRole('button', { name: 'Archive' }).click()
    await page.getByText('Being tested is out of use').waitFor()
    await expect
      .poll(async () => (await read<{ status: { name: string } }>(agent, `/api/tickets/${made.id}`)).status.name, { timeout: 10_000 })
      .toBe('In progress')
    await fetch(`${desk.baseUrl}/api/status-moves`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${administrator.token}`, 'content-type': 'application/json' },
      body: '{"moves":null}',
    })
  })
})

describe('snoozing', () => {
  it('takes the ticket out of the list and back, by hand, with its place among the views', async () => {
    const made = await send<{ id: string }>(agent, '/api/tickets', { subject: 'Not before the holidays', requesterId: asker.id })
    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${made.id}?view=all-open`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Snooze for me…' }).click()
    await picture(page, 'snooze')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Snooze', exact: true }).click()
    await page.getByText('Snoozed. It stands').waitFor()
    await page.goto('/tickets?view=snoozed')
    await page.getByText('Not before the holidays').first().waitFor()
    await picture(page, 'snoozed')
    await page.goto('/tickets?view=all-open')
    const list = page.getByRole('region', { name: 'Tickets: All open' })
    await list.getByText('The projector flickers').waitFor()
    expect(await list.getByText('Not before the holidays').count()).toBe(0)
  })
})

describe('a ticket on paper', () => {
  it('D-052 names nothing outside and no file, and holds no internal note unless it is asked for', async () => {
    const mailbox = await desk.mailbox()
    const outside = [
      'http://169.254.169.254/latest',
      'http://tracker.example/pixel.png',
      'http://fonts.example/font.css',
      'http://frame.example/',
    ]
    const html = `<link rel="stylesheet" href="${outside[2]}"><p>Lamp</p><img src="file:///etc/passwd"><img src="${outside[0]}"><iframe src="${outside[3]}"></iframe>
      <object data="file:///etc/hosts"></object><div style="background:url(${outside[1]})">x</div>`
    await sendTo(desk.kernel, {
      from: asker.email,
      to: [mailbox.address],
      subject: 'Hostile paper',
      headers: ['MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8'],
      body: html,
    })
    const newest = async () => (await read<{ items: { id: string; subject: string }[] }>(agent, '/api/tickets')).items[0]
    await expect.poll(async () => (await newest())?.subject, { timeout: 15_000 }).toBe('Hostile paper')
    const id = (await newest())!.id
    await send(agent, `/api/tickets/${id}/replies`, { body: 'Looks like phishing.', internal: true })

    const { page } = await desk.open(agent)
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    const foreign = () => asked.filter((url) => !url.startsWith(desk.baseUrl) && !url.startsWith('data:'))
    // Without the defence: the same mail as a page of its own asks for what it names.
    await page.setContent(html)
    await expect.poll(foreign).toContain(outside[0])
    asked.length = 0
    await page.goto(`/tickets/${id}/print`)
    await page.getByText('Lamp').waitFor()
    await page.getByRole('checkbox', { name: 'With pictures' }).check()
    await page.emulateMedia({ media: 'print' })
    expect((await page.pdf({ format: 'A4' })).subarray(0, 4).toString()).toBe('%PDF')
    expect(foreign()).toEqual([])
    expect(await page.locator('iframe, object, embed, link[href*=example]').count()).toBe(0)
    expect(await page.getByText('root:').count()).toBe(0)
    expect(await page.getByText('Looks like phishing.').count()).toBe(0)
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('checkbox', { name: 'With internal notes' }).check()
    await page.getByText('Looks like phishing.').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'print')

    const theirs = await desk.open(asker)
    await theirs.page.goto(`/portal/requests/${id}/print`)
    await theirs.page.getByText('Lamp').waitFor()
    expect(await theirs.page.getByText('With internal notes').count()).toBe(0)
    expect(await theirs.page.content()).not.toContain('phishing')
    await picture(theirs.page, 'print-portal')
  })
})

describe('looks', () => {
  it('are at home on a phone, in the dark and in German', async () => {
    const { page } = await desk.open(german, { phone: true, dark: true, language: 'de' })
    for (const [path, name] of [
      ['/settings/fields', 'fields-phone'],
      ['/teams?tab=statuses', 'statuses-phone'],
      [`/tickets/${ticketId}/print`, 'print-phone'],
    ] as const) {
      await page.goto(path)
      await page.getByRole('button').first().waitFor()
      await page.waitForTimeout(400)
      await picture(page, name, true)
      expect(await axeFindings(page)).toEqual([])
    }
  })
})
