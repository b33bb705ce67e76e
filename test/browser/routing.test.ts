import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A lead sets how a team gives its tickets out, sees its queue, and an agent takes the next one. */
const desk = useLiveDesk()
let lead: TestPerson
let mia: TestPerson
let german: TestPerson
let network: { id: string; name: string }
let asker: TestPerson

async function send<T>(as: TestPerson, path: string, body: unknown, method = 'POST', ifMatch?: number): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${as.token}`,
      'content-type': 'application/json',
      ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}
type Made = { id: string }
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string; fullPage?: boolean }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

beforeAll(async () => {
  lead = await desk.person('administrator', { name: 'Lea Linden' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  mia = await desk.person('agent', { name: 'Mia Moor' })
  const noah = await desk.person('agent', { name: 'Noah Nightingale-Featherstonehaugh' })
  const ole = await desk.person('agent', { name: 'Ole Oster' })
  asker = await desk.person('requester', { name: 'Nora Nord' })
  network = await desk.team('Network', 2, [mia, noah, ole, german])
  await desk.team('Servers and security', 3, [lead])
  await send(noah, '/api/me', { state: 'busy' }, 'PATCH')
  await send(ole, '/api/absences', { fromOn: new Date().toISOString().slice(0, 10), toOn: '2099-01-01' })
  const subjects = [
    'VPN drops after ten minutes',
    'Wi-Fi in the warehouse is slow behind the third row of shelves',
    'No network at desk 14',
  ]
  for (const subject of subjects) await send(lead, '/api/tickets', { subject, requesterId: asker.id, teamId: network.id })
  for (const assigneeId of [mia.id, noah.id, noah.id])
    await send(lead, '/api/tickets', { subject: 'Switch in room 3', requesterId: asker.id, teamId: network.id, assigneeId })
}, 60_000)

describe('the queue', () => {
  it('SD-7 a lead sees who has what and gives a ticket by keyboard; an agent takes the next; then the team gives them out and tells why', async () => {
    const { page, oracles } = await desk.open(lead)
    await page.goto('/queues')
    const card = page.getByRole('region', { name: 'Network' })
    await card.getByText('3 with nobody').waitFor()
    await card.getByText(/away until/).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'queues')
    await card.getByRole('button', { name: 'Give No network at desk 14 to …' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: /Mia Moor/ }).focus()
    await page.keyboard.press('Enter')
    await card.getByText('2 with nobody').waitFor()
    await card
      .getByRole('listitem')
      .filter({ hasText: 'VPN drops' })
      .dragTo(card.getByRole('listitem').filter({ hasText: 'Noah' }))
    await card.getByText('1 with nobody').waitFor()

    await card.getByRole('button', { name: 'How Network gives out its tickets' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('combobox', { name: 'How tickets reach people' }).or(sheet.getByLabel('How tickets reach people')).first().click()
    await page.getByRole('option', { name: 'Given to who has least' }).click()
    await sheet.getByLabel('At most at once for one person').fill('8')
    await sheet.getByRole('button', { name: 'Try it' }).click()
    await sheet.getByText(/^Given to /).waitFor()
    await sheet.getByText('Why nobody else').click()
    await sheet.getByText('Ole Oster is absent').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'distribution')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await card.getByText('Given to who has least, at most 8 each').waitFor()
    await send(lead, '/api/routing-rules', { name: 'All to Network', teamId: network.id })
    const given = await send<Made>(lead, '/api/tickets', { subject: 'Phone has no line', requesterId: asker.id })
    await page.goto(`/tickets/${given.id}`)
    await page.getByRole('heading', { name: 'Who had it' }).waitFor()
    const why = page.getByText(/^Given to .* least of all$/)
    await why.waitFor()
    await why.scrollIntoViewIfNeeded()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'who-had-it')
    await oracles.check()

    const agent = await desk.open(mia)
    await agent.page.goto('/queues')
    await agent.page.getByRole('button', { name: 'Take the next ticket' }).click()
    await agent.page.waitForURL(/\/tickets\/\d+/)
    await agent.page
      .getByRole('heading', { name: /Wi-Fi in the warehouse/ })
      .first()
      .waitFor()
    await agent.oracles.check()
  })

  it('a category is told which skills it asks for, and keeps them', async () => {
    await send(lead, '/api/skills', { name: 'Firewalls' })
    const { page, oracles } = await desk.open(lead)
    await page.goto('/teams?tab=categories')
    const edit = page.getByRole('button', { name: 'Edit Network', exact: true })
    await edit.click()
    const field = page.getByRole('dialog').getByLabel('Skills it asks for')
    await field.first().click()
    await page.getByRole('option', { name: 'Firewalls' }).click()
    await page.keyboard.press('Escape')
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'category-skills')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await edit.click()
    await page.getByRole('dialog').getByText('Firewalls').first().waitFor()
    await page.goto('/teams')
    await page.getByRole('button', { name: 'How Servers and security gives out its tickets' }).click()
    const sheet = page.getByRole('dialog')
    const limit = sheet.getByLabel('Tell the leads when nobody has it for (minutes)')
    await limit.fill('45')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.waitFor({ state: 'hidden' })
    // Opened again at once, it begins with what was just saved, and can be saved again.
    await page.getByRole('button', { name: 'How Servers and security gives out its tickets' }).click()
    await limit.waitFor()
    expect(await limit.inputValue()).toBe('45')
    await limit.fill('60')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await oracles.check()
  })

  it.each([
    { name: 'phone', choices: { phone: true } },
    { name: 'dark-de', choices: { dark: true, language: 'de' } },
    { name: 'phone-dark-de', choices: { phone: true, dark: true, language: 'de' } },
  ])('stands on a phone and in the dark: $name', async ({ name, choices }) => {
    await send(lead, '/api/tickets', { subject: 'VPN drops after ten minutes, again', requesterId: asker.id, teamId: network.id })
    const { page, oracles } = await desk.open(german, choices)
    await page.goto('/queues')
    await page.getByText('Mia Moor').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    await picture(page, `queues-${name}`)
    await oracles.check()
  })
})
