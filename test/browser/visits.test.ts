import { mkdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A visit as it happens: planned from the ticket, driven to with a phone in the hand, signed there, read by the one who asked. */
const desk = useLiveDesk()
let agent: TestPerson
let german: TestPerson
let asker: TestPerson
let ticketId: string

async function send<T>(as: TestPerson, path: string, body: unknown): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
type Made = { id: string }
const folder = process.env.SCREENS
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(300)
  await page.screenshot({ path: `${folder}/${name}.png` })
}
const inDays = (days: number, hour: number) => {
  const at = new Date(Date.now() + days * 86_400_000)
  at.setUTCHours(hour, 0, 0, 0)
  return at.toISOString()
}

const wallOf = (instant: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' })
    .format(new Date(instant))
    .replace(' ', 'T')

beforeAll(async () => {
  agent = await desk.person('agent', { name: 'Ann Archer' })
  german = await desk.person('agent', { name: 'Jörg Jansen', language: 'de' })
  const customer = await desk.organisation('Nordwind Logistik GmbH')
  asker = await desk.person('requester', { name: 'Nora Nord', organisationId: customer.id })
  const siteId = await desk.kernel.asSystem(async ({ db, now }) => {
    const made = await sql<{ id: string }>`insert into site (organisation_id, name, address, access_note, time_zone, created_at)
      values (${customer.id}, 'Umschlag Köln', ${'Rheinufer 5\n50667 Köln'}, 'Ring at the gate, ask for the shift lead.', 'Europe/Berlin', ${now.toString()}) returning id`.execute(
      db,
    )
    return made.rows[0]!.id
  })
  await desk.mailbox('help@desk.example')
  const subject = 'The label printer in hall 2 tears every third label'
  ticketId = (await send<Made>(agent, '/api/tickets', { subject, requesterId: asker.id, siteId })).id
  const visit = (days: number, hour: number, purpose: string, people: TestPerson[]) =>
    send<Made>(agent, `/api/tickets/${ticketId}/visits`, {
      startsAt: inDays(days, hour),
      endsAt: inDays(days, hour + 1),
      purpose,
      peopleIds: people.map((one) => one.id),
      tell: false,
      despite: true,
    })
  await visit(1, 7, 'Fetch the spare roller from the store', [agent])
  await visit(1, 9, 'Measure the network in hall 3', [agent, german])
  await visit(3, 12, 'Show the shift how to clean the head', [german])
}, 60_000)

describe('a visit', () => {
  it('is planned from the ticket, driven to with a phone, signed there with the finger, and its report is read in the portal', async () => {
    const { page, oracles } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: 'Plan a visit' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('What for').fill('Change the roller of the label printer')
    await sheet
      .getByRole('button', { name: /\d\d:\d\d – \d\d:\d\d/ })
      .first()
      .click()
    await picture(page, 'plan')
    expect(await sheet.getByLabel('How one gets in').inputValue()).toContain('shift lead')
    // Ann is in hall 3 then: it says so at once, and saving is asked for a second time.
    const before = await sheet.getByLabel('From').inputValue()
    await sheet.getByLabel('From').fill(wallOf(inDays(1, 9)))
    await sheet.getByText('Ann Archer has another visit then').waitFor()
    await sheet.getByRole('button', { name: 'Plan the visit' }).click()
    await sheet.getByRole('button', { name: 'Plan it all the same' }).waitFor()
    await picture(page, 'clash')
    await sheet.getByLabel('From').fill(before)
    await sheet.getByRole('button', { name: 'Plan the visit' }).click()
    await page.getByText('Change the roller of the label printer').first().waitFor()
    await picture(page, 'ticket')
    await page.goto('/visits')
    await page.getByText('Measure the network in hall 3').waitFor()
    await picture(page, 'list')
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()

    const phone = await desk.open(agent, { phone: true })
    await phone.page.goto('/visits')
    await phone.page.getByText('Measure the network in hall 3').waitFor()
    await picture(phone.page, 'list-phone')
    await phone.page.getByRole('link', { name: 'Change the roller of the label printer' }).click()
    await phone.page.getByRole('button', { name: 'On the way' }).waitFor()
    await picture(phone.page, 'visit-phone')
    // In the cellar there is no connection: what is pressed and written stays, and goes when there is one.
    await phone.context.setOffline(true)
    await phone.page.getByRole('button', { name: 'On the way' }).click()
    await phone.page.getByText('Not sent yet').waitFor()
    await phone.page.getByRole('button', { name: 'I am there' }).waitFor()
    await phone.context.setOffline(false)
    await phone.page.getByText('Not sent yet').waitFor({ state: 'detached' })
    await phone.page.getByRole('button', { name: 'I am there' }).click()
    await phone.page.getByRole('button', { name: 'Done', exact: true }).waitFor()
    await phone.page.getByLabel('What was done').fill('Roller changed, two hundred labels printed.')
    await phone.page.getByLabel('Work (minutes)').fill('45')
    await phone.page.getByLabel('Travel (minutes)').fill('30')
    await phone.page.getByRole('button', { name: 'Add a part' }).click()
    await phone.page.getByLabel('Part 1', { exact: true }).fill('Roller 105 mm')
    await phone.page.reload()
    expect(await phone.page.getByLabel('What was done').inputValue()).toBe('Roller changed, two hundred labels printed.')
    await picture(phone.page, 'work-phone')
    await phone.page.getByRole('button', { name: 'Let it be signed' }).click()
    const pad = phone.page.getByRole('img', { name: /Sign here/ })
    await pad.scrollIntoViewIfNeeded()
    const box = (await pad.boundingBox())!
    await phone.page.mouse.move(box.x + 20, box.y + box.height / 2)
    await phone.page.mouse.down()
    for (let i = 1; i <= 20; i++) await phone.page.mouse.move(box.x + 20 + i * 12, box.y + box.height / 2 + Math.sin(i) * 25)
    await phone.page.mouse.up()
    await picture(phone.page, 'sign-phone')
    expect(await axeFindings(phone.page)).toEqual([])
    await phone.page.getByRole('button', { name: 'Sign the report' }).click()
    await phone.page.getByText('The report is signed and mailed.').waitFor()
    await phone.page.getByRole('button', { name: 'Done', exact: true }).click()
    await phone.page.getByText('Report 1, signed by Nora Nord').waitFor()
    await picture(phone.page, 'done-phone')
    await phone.oracles.check()

    const portal = await desk.open(asker)
    await portal.page.goto(`/portal/requests/${ticketId}`)
    await portal.page.getByText('Change the roller of the label printer').waitFor()
    await picture(portal.page, 'portal')
    expect(await portal.page.content()).not.toContain('shift lead')
    await portal.page.getByRole('button', { name: 'I cannot make it' }).first().click()
    await portal.page.getByLabel('When would it suit you?').fill('Thursday would be better.')
    await portal.page.getByRole('button', { name: 'Ask for another time' }).click()
    await portal.page.getByText('You asked for another time').waitFor()
    await portal.page.getByRole('link', { name: /Work report of/ }).click()
    await portal.page.getByRole('img', { name: /Signed by Nora Nord/ }).waitFor()
    await picture(portal.page, 'report')
    await portal.page.setViewportSize({ width: 390, height: 844 })
    await picture(portal.page, 'report-phone')
    expect(await axeFindings(portal.page)).toEqual([])
    await portal.oracles.check()
  }, 90_000)

  it('is shown in German and in the dark, too', async () => {
    const { page, oracles } = await desk.open(german, { phone: true, dark: true, language: 'de' })
    await page.goto('/visits')
    await page.getByText('Measure the network in hall 3').click()
    await page.getByRole('button', { name: 'Unterwegs' }).waitFor()
    await picture(page, 'visit-dark')
    expect(await axeFindings(page)).toEqual([])
    const wide = await desk.open(german, { dark: true, language: 'de' })
    await wide.page.goto('/visits?whose=all')
    await wide.page.getByText('Measure the network in hall 3').waitFor()
    await picture(wide.page, 'list-dark')
    await wide.page.getByRole('button', { name: 'Mein Kalender' }).click()
    await wide.page.getByRole('button', { name: 'Adresse erzeugen' }).click()
    await wide.page.getByLabel(/Hier ist Ihre Adresse/).waitFor()
    await picture(wide.page, 'calendar-dark')
    await oracles.check()
    await wide.oracles.check()
  }, 60_000)
})
