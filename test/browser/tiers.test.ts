import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Tiers as people meet them: what a team settles is set, a ticket is passed on with what the team asks for, the manager is told. */
const desk = useLiveDesk()
let admin: TestPerson
let german: TestPerson
let agent: TestPerson
let lead: TestPerson
let ticketId: string

async function send<T>(as: TestPerson, method: string, path: string, body: unknown, version?: number): Promise<T> {
  const response = await fetch(desk.baseUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${as.token}`,
      'content-type': 'application/json',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Lea Linden' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  agent = await desk.person('agent', { name: 'Ann Archer' })
  lead = await desk.person('agent', { name: 'Luis Lang' })
  const asker = await desk.person('requester', { name: 'Nora Nord' })
  const first = await desk.team('Service Desk', 1, [agent])
  const network = await desk.team('Network', 2)
  await desk.team('Databases', 2)
  await send(admin, 'PUT', `/api/teams/${first.id}/members`, {
    members: [
      { personId: agent.id, lead: false },
      { personId: lead.id, lead: true },
    ],
  })
  const listed = await fetch(`${desk.baseUrl}/api/categories`, { headers: { authorization: `Bearer ${admin.token}` } })
  const { items } = (await listed.json()) as { items: { id: string; key: string }[] }
  const category = (key: string) => items.find((one) => one.key === key)?.id
  const none = { settles: [], kinds: [], takes: [], asksFor: [] }
  await send(admin, 'PUT', `/api/teams/${network.id}/duties`, { ...none, takes: [category('network')], asksFor: ['found', 'expected'] }, 1)
  ticketId = (
    await send<{ id: string }>(agent, 'POST', '/api/tickets', {
      subject: 'The tunnel to Lyon is down',
      requesterId: asker.id,
      teamId: first.id,
      categoryId: category('network.vpn'),
    })
  ).id
}, 60_000)

describe('tiers', () => {
  it('what a team settles is set on its card; who resolves something else is told where it goes, and it goes there with its note', async () => {
    const { page: set, oracles: calm } = await desk.open(admin)
    await set.goto('/teams')
    await set.getByRole('button', { name: 'What Service Desk settles and takes' }).click()
    await set.getByRole('combobox', { name: 'Settles itself' }).fill('Printer')
    await set.getByRole('option', { name: 'Hardware › Printer and scanner' }).click()
    await set.keyboard.press('Escape')
    await picture(set, 'duties')
    expect(await axeFindings(set)).toEqual([])
    await set.getByRole('button', { name: 'Save' }).click()
    await set.getByText('Saved.').waitFor()
    await calm.check()

    const { page, oracles } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: 'Resolve', exact: true }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What solved it?').fill('Restarted it')
    await dialog.getByRole('button', { name: 'Resolve' }).click()
    await dialog.getByText('Service Desk does not settle “VPN and remote work” itself. Pass it on: Network.').waitFor()
    await picture(page, 'refused')
    await dialog.getByRole('button', { name: 'Pass on' }).click()
    const team = dialog.getByRole('combobox', { name: 'Pass to team' })
    await expect.poll(() => team.inputValue()).toBe('Network (tier 2): takes “Network”')
    const pass = dialog.getByRole('button', { name: 'Pass on' })
    await dialog.getByRole('textbox', { name: 'What was found' }).fill('No answer on port 500')
    expect(await pass.isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'What is expected' }).fill('Look at the firewall')
    await picture(page, 'pass')
    expect(await axeFindings(page)).toEqual([])
    await pass.click()
    await page.getByText('Passed to Network.').waitFor()
    await page.getByText('No answer on port 500').first().waitFor()
    await oracles.check()
  }, 90_000)

  it('the manager is told from the menu and deals with it beside the ticket, in German and on a phone, too', async () => {
    const { page } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Tell the manager…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The administrators will be told').waitFor()
    await dialog.getByRole('textbox', { name: 'Why do they need to know?' }).fill('Lyon ships nothing until this works.')
    await picture(page, 'tell')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Tell them' }).click()
    await page.getByRole('heading', { name: 'The manager was told' }).waitFor()
    await picture(page, 'told')

    const { page: phone } = await desk.open(german, { phone: true, dark: true, language: 'de' })
    await phone.goto('/teams')
    await phone.getByRole('button', { name: 'Was Network erledigt und übernimmt' }).click()
    await phone.getByText('Bittet um eine Übergabenotiz').waitFor()
    await picture(phone, 'duties-phone-de')
    const { page: manager, oracles } = await desk.open(german, { dark: true, language: 'de' })
    await manager.goto(`/tickets/${ticketId}`)
    await manager.getByRole('heading', { name: 'Die Leitung weiß Bescheid' }).waitFor()
    await picture(manager, 'told-de')
    expect(await axeFindings(manager)).toEqual([])
    await manager.getByRole('button', { name: 'Erledigt', exact: true }).click()
    await manager.getByText('Erledigt von Jörg Jansen').waitFor()
    await oracles.check()
  }, 90_000)
})
