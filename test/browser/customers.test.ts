import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A customer is added step by step, and from then on everybody who has a ticket of theirs knows what they must know. */
const desk = useLiveDesk()
let lead: TestPerson
let agent: TestPerson
let german: TestPerson
let ada: TestPerson

const folder = process.env.SCREENS
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name.includes('whole') })
}
async function send<T>(as: TestPerson, method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
type Made = { id: string }

beforeAll(async () => {
  lead = await desk.person('administrator', { name: 'Lea Lindner' })
  agent = await desk.person('agent', { name: 'Ann Archer' })
  german = await desk.person('lead', { name: 'Jörg Jansen', language: 'de' })
  ada = await desk.person('requester', { name: 'Ada Adler', email: 'ada@nordwind.example' })
  await desk.person('requester', { name: 'Ben Bauer', email: 'ben@nordwind.example' })
  await desk.mailbox('help@desk.example')
}, 60_000)

describe('a customer', () => {
  let id = ''
  it('is added step by step: people of its domain join, contacts are named, what is not needed is set aside, and the rest stays on a list', async () => {
    const { page, oracles } = await desk.open(lead)
    page.setDefaultTimeout(12_000)
    await page.goto('/organisations/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Nordwind Logistik GmbH')
    const domains = page.getByLabel('Mail domains').first()
    await domains.fill('nordwind.example')
    await domains.press('Enter')
    await page.getByText('2 people would join').waitFor()
    await picture(page, 'new')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.waitForURL(/\/path$/)
    id = page.url().split('/').at(-2) ?? ''
    // It begins with the first step that is open: the domains are there, the sites are not.
    await page.getByRole('heading', { name: 'Sites' }).first().waitFor()
    await page.getByRole('button', { name: /Mail domains and people/ }).click()
    await page.getByRole('button', { name: 'Take 2 people in' }).click()
    await page.getByText('Nobody else with these domains').waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Add a site' }).click()
    const site = page.getByRole('dialog')
    await site.getByRole('textbox', { name: 'Name' }).fill('Hamburg')
    await site.getByLabel('Address').fill('Musterkai 14, 20457 Hamburg')
    await site.getByLabel('Opening hours').fill('Mon to Fri, 8 to 16')
    await site.getByRole('button', { name: 'Save' }).click()
    await site.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Add a contact' }).click()
    const contact = page.getByRole('dialog')
    await contact.getByRole('combobox', { name: 'Person' }).fill('Ben')
    await page.getByRole('option', { name: /Ben Bauer/ }).click()
    await contact.getByRole('checkbox', { name: 'May order' }).check()
    await contact.getByLabel('Up to what').fill('up to 500 € a month')
    await picture(page, 'contact')
    expect(await axeFindings(page)).toEqual([])
    await contact.getByRole('button', { name: 'Save' }).click()
    await contact.waitFor({ state: 'hidden' })
    await page.getByText('May order: up to 500 € a month').waitFor()
    await picture(page, 'path')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: /Where its tickets go/ }).click()
    await page.getByRole('button', { name: 'Not needed here' }).click()
    await page.getByRole('heading', { name: 'Documents' }).first().waitFor()
    await page.getByRole('button', { name: 'What is left' }).click()
    await page.getByRole('button', { name: 'Finish' }).waitFor()
    await picture(page, 'left')
    // Left in the middle, it is taken up from the list.
    await page.goto('/organisations')
    await page.getByText('4 steps left').waitFor()
    await picture(page, 'unfinished')
    await page.getByRole('link', { name: 'Nordwind Logistik GmbH' }).first().click()
    await page.getByRole('button', { name: 'What is left' }).click()
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.waitForURL(new RegExp(`/organisations/${id}$`))
    await oracles.check()
  })

  it('SD-4 and SD-3 is known on its page, beside each ticket, and while one is logged', async () => {
    await send(lead, 'PATCH', `/api/people/${ada.id}`, { specialHandling: 'Ring her, she is on the road.' }, { 'if-match': '"2"' })
    const seen = await fetch(`${desk.baseUrl}/api/organisations/${id}`, { headers: { authorization: `Bearer ${lead.token}` } })
    const { version } = (await seen.json()) as { version: number }
    const handling = { specialHandling: 'The board office is called back within 30 minutes.' }
    await send(lead, 'PATCH', `/api/organisations/${id}`, handling, { 'if-match': `"${version}"` })
    const open = (subject: string) => send<Made>(agent, 'POST', '/api/tickets', { subject, requesterId: ada.id })
    const ticket = await open('The scanner in hall 2 reads nothing')
    await open('New starter on 1 March')
    const { page } = await desk.open(lead)
    await page.goto(`/organisations/${id}`)
    await page.getByText('All well').waitFor()
    await page.getByLabel('New note').fill('Moves to Kai 20 in May; the line is ordered.')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.getByText('Moves to Kai 20').first().waitFor()
    await page
      .getByLabel('Add a document')
      .last()
      .setInputFiles({ name: 'Price list 2026.pdf', mimeType: 'application/pdf', buffer: Buffer.from('pages') })
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('checkbox', { name: 'Beside every ticket' }).check()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await page.getByText('Beside tickets').waitFor()
    await page.waitForTimeout(3000)
    await picture(page, 'page')
    await page.getByText('Moves to Kai 20').first().scrollIntoViewIfNeeded()
    await picture(page, 'page-low')
    expect(await axeFindings(page)).toEqual([])

    const mine = (await desk.open(agent)).page
    await mine.goto(`/tickets/${ticket.id}`)
    const side = mine.getByRole('complementary', { name: 'About this ticket' })
    await side.getByText('May not order. Ask Ben Bauer.').waitFor()
    await side.getByText('Ring her, she is on the road.').waitFor()
    await side.getByRole('link', { name: 'Price list 2026' }).waitFor()
    await picture(mine, 'ticket')
    expect(await axeFindings(mine)).toEqual([])
    // Closed, the panel leaves the banner to the conversation; so it is on a phone.
    await mine.getByRole('button', { name: 'Hide what is known' }).click()
    await mine.getByRole('region', { name: 'Please note' }).waitFor()
    await mine.getByRole('button', { name: 'Show what is known' }).click()
    await mine.goto(`/new-ticket?requester=${ada.id}`)
    const known = mine.getByRole('region', { name: 'Ada Adler' })
    await known.getByText('Ring her, she is on the road.').waitFor()
    await known.getByRole('link', { name: /New starter on 1 March/ }).waitFor()
    await picture(mine, 'new-ticket')
    expect(await axeFindings(mine)).toEqual([])
    await mine.goto('/call?person=Ada')
    await mine.getByRole('button', { name: /Ada Adler/ }).click()
    await mine.getByText('The board office is called back').waitFor()
    await picture(mine, 'call')

    for (const [name, choices] of [
      ['phone', { phone: true }],
      ['dark', { dark: true }],
      ['phone-dark', { phone: true, dark: true }],
    ] as const) {
      const theirs = (await desk.open(german, choices)).page
      await theirs.goto(`/organisations/${id}`)
      await theirs.getByText('Alles gut').waitFor()
      await picture(theirs, `page-${name}-whole`)
      expect(await axeFindings(theirs)).toEqual([])
      if ('phone' in choices) {
        await theirs.goto(`/tickets/${ticket.id}`)
        await theirs.getByRole('region', { name: 'Bitte beachten' }).waitFor()
        await picture(theirs, `ticket-${name}`)
        expect(await axeFindings(theirs)).toEqual([])
      }
      await theirs.goto(`/organisations/${id}/path`)
      await theirs.getByText('Was noch fehlt').first().waitFor()
      await picture(theirs, `path-${name}`)
      expect(await axeFindings(theirs)).toEqual([])
    }
  })

  it('gives its viewers the documents that are meant for them, in the portal, and no others', async () => {
    const viewer = await desk.person('organisation-viewer', { name: 'Vera Vogt', organisationId: id, limitedTo: { organisationId: id } })
    const { page } = await desk.open(lead)
    page.setDefaultTimeout(12_000)
    await page.goto(`/organisations/${id}`)
    await page.getByRole('button', { name: 'New version of Price list 2026' }).waitFor()
    await page
      .getByLabel('New version of Price list 2026')
      .last()
      .setInputFiles({ name: 'Price list, spring.pdf', mimeType: 'application/pdf', buffer: Buffer.from('new pages') })
    await page.getByText('2 versions').waitFor()
    await page
      .getByLabel('Add a document')
      .last()
      .setInputFiles({ name: 'Passwords.txt', mimeType: 'text/plain', buffer: Buffer.from('secret') })
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Change Price list 2026' }).click()
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Also for its viewers' }).check()
    await picture(page, 'document')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('For viewers too').waitFor()
    const theirs = (await desk.open(viewer)).page
    await theirs.goto('/portal')
    const link = theirs.getByRole('link', { name: /Price list 2026/ })
    await link.waitFor()
    expect(await theirs.getByText('Passwords').count()).toBe(0)
    const got = await theirs.request.get((await link.getAttribute('href')) ?? '')
    expect(await got.text()).toBe('new pages')
    await picture(theirs, 'portal')
    expect(await axeFindings(theirs)).toEqual([])
  })
})
