import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { sendTo } from '../../server/features/mail/mail.testing.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Working together as agents meet it: a vendor beside the ticket, help, a draft that is handed over, somebody away. */
const desk = useLiveDesk()
let agent: TestPerson
let colleague: TestPerson
let german: TestPerson
let asker: TestPerson
let ticketId: string

async function send<T>(as: TestPerson, path: string, body: unknown, method = 'POST', more: Record<string, string> = {}): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}
type Made = { id: string }
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

beforeAll(async () => {
  agent = await desk.person('lead', { name: 'Ann Archer' })
  colleague = await desk.person('agent', { name: 'Ben Ortiz' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  asker = await desk.person('requester', { name: 'Nora Nord' })
  await desk.mailbox('help@desk.example')
  await desk.team('Service desk', 1, [agent, colleague])
  ticketId = (await send<Made>(asker, '/api/tickets', { subject: 'The till drawer does not open', body: 'Since this morning.' })).id
  await send(agent, `/api/tickets/${ticketId}/take`, {})
  const { id } = await send<Made>(german, '/api/skills', { name: 'Point of sale' })
  await send(german, `/api/people/${colleague.id}`, { skillIds: [id] }, 'PATCH', { 'if-match': '"1"' })
}, 60_000)

describe('working together', () => {
  it('SD-10 INC-25 a vendor is written to beside the ticket, in another colour, and their answer comes in live', async () => {
    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: 'Write to a third party' }).click()
    const form = page.getByRole('dialog', { name: 'Write to a third party' })
    await form.getByRole('combobox', { name: 'To' }).fill('pat@vendor.example')
    await form.getByRole('textbox', { name: 'Subject' }).fill('Drawer firmware')
    await form.getByRole('textbox', { name: 'Message' }).fill('Version 6 does not open the drawer any more. Is there a newer one?')
    await form.getByRole('textbox', { name: 'Their case number' }).fill('V-77')
    await form.getByRole('checkbox', { name: /Let the ticket wait/ }).check()
    await picture(page, 'begin')
    expect(await axeFindings(page)).toEqual([])
    await form.getByRole('button', { name: 'Send to pat@vendor.example' }).click()
    const talk = page.getByRole('dialog', { name: 'Drawer firmware' })
    await talk.getByText('Version 6 does not open').waitFor()
    await expect.poll(() => desk.sink.taken.some((mail) => mail.to.includes('pat@vendor.example')), { timeout: 10_000 }).toBe(true)
    const mail = desk.sink.taken.find((one) => one.to.includes('pat@vendor.example'))!
    await sendTo(desk.kernel, {
      from: 'Pat Field <pat@vendor.example>',
      to: ['help@desk.example'],
      subject: 'Re: Drawer firmware',
      headers: [`In-Reply-To: ${mail.header('Message-ID')}`],
      body: 'Version 7 mends it.\r\n\r\nPat',
    })
    await talk.getByText('Version 7 mends it.').waitFor({ timeout: 15_000 })
    await picture(page, 'talk')
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    const side = page.getByRole('complementary').last()
    await side.getByText('Answered').waitFor()
    await picture(page, 'ticket')
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()

    const theirs = await desk.open(asker)
    await theirs.page.goto(`/portal/requests/${ticketId}`)
    await theirs.page.getByText('Since this morning.').waitFor()
    expect(await theirs.page.content()).not.toContain('Version 7')
    await theirs.page.context().close()
  }, 90_000)

  it('INC-16 help is asked for by skill and given, and the ticket stays with who has it', async () => {
    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: 'Ask for help' }).click()
    const form = page.getByRole('dialog', { name: 'Ask for help' })
    await form.getByRole('combobox', { name: 'Skill' }).click()
    await page.getByRole('option', { name: 'Point of sale' }).click()
    await form.getByText('Ben Ortiz').waitFor()
    await form.getByRole('textbox', { name: 'Question' }).fill('Which key opens the drawer by hand?')
    await picture(page, 'ask')
    expect(await axeFindings(page)).toEqual([])
    await form.getByRole('button', { name: 'Ask', exact: true }).click()
    await form.waitFor({ state: 'detached' })
    const helper = await desk.open(colleague)
    await helper.page.goto('/tasks')
    const asked = helper.page.getByRole('region', { name: 'Asked of you' })
    await asked.getByRole('button', { name: 'I help' }).click()
    await asked.getByRole('button', { name: 'Answer', exact: true }).click()
    await asked.getByRole('textbox').fill('The small one, number 4.')
    await picture(helper.page, 'asked')
    expect(await axeFindings(helper.page)).toEqual([])
    await asked.getByRole('button', { name: 'Answer', exact: true }).click()
    await page.getByRole('complementary').last().getByText('The small one, number 4.').waitFor({ timeout: 15_000 })
    await picture(page, 'helped')
    await helper.page.context().close()
    await page.context().close()
  }, 90_000)

  it('a draft is offered, read and taken over', async () => {
    await send(agent, '/api/drafts', { ticketId, kind: 'reply', content: { body: 'Dear Nora, we found it.', files: [] } }, 'PUT')
    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: 'Offer to colleagues' }).click()
    await page.getByText('Colleagues see this draft').waitFor()
    const other = await desk.open(colleague)
    await other.page.goto(`/tickets/${ticketId}`)
    await other.page.getByText('Ann Archer offers a draft').waitFor()
    await other.page.getByRole('button', { name: 'Read', exact: true }).click()
    await picture(other.page, 'offered')
    expect(await axeFindings(other.page)).toEqual([])
    await other.page.getByRole('button', { name: 'Take over' }).click()
    await expect.poll(() => other.page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('Dear Nora, we found it.')
    await other.page.context().close()
    await page.context().close()
  }, 90_000)

  it('INC-16 who goes away says so once, and their tickets are given on, several at once', async () => {
    const { page } = await desk.open(agent)
    await page.goto('/profile')
    await page.getByRole('button', { name: 'Enter an absence' }).click()
    const form = page.getByRole('dialog', { name: 'Enter an absence' })
    const day = new Date().toISOString().slice(0, 10)
    await form.getByLabel('First day').fill(day)
    await form.getByLabel('Last day').fill(day)
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Away now').waitFor()
    await picture(page, 'profile')
    await page.goto('/absences')
    await page.getByRole('checkbox', { name: 'Choose The till drawer does not open' }).check()
    await picture(page, 'absences')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('combobox', { name: 'Colleague' }).fill('Ben')
    await page.getByRole('option', { name: /Ben Ortiz/ }).click()
    await page.getByRole('button', { name: 'Give to', exact: true }).click()
    await page.getByText('1 ticket was given on').waitFor()
    await page.getByText('Nobody who is away has an open ticket.').waitFor({ timeout: 15_000 })
    await page.context().close()
  }, 90_000)

  it('is as good on a phone, in German and in the dark', async () => {
    const { page } = await desk.open(german, { phone: true, dark: true, language: 'de' })
    await page.goto('/absences')
    await page.getByText('Ann Archer').first().waitFor()
    await picture(page, 'absences-phone')
    expect(await axeFindings(page)).toEqual([])
    const { items } = (await (
      await fetch(`${desk.baseUrl}/api/tickets/${ticketId}/sides`, { headers: { authorization: `Bearer ${german.token}` } })
    ).json()) as { items: { subject: string }[] }
    expect(items).toHaveLength(1)
    await page.context().close()
    const wide = await desk.open(german, { dark: true, language: 'de' })
    await wide.page.goto(`/tickets/${ticketId}`)
    await wide.page.getByRole('button', { name: /Drawer firmware/ }).click()
    await wide.page.getByText('Version 7 mends it.').waitFor()
    await picture(wide.page, 'talk-dark')
    expect(await axeFindings(wide.page)).toEqual([])
    await wide.page.context().close()
  }, 90_000)
})
