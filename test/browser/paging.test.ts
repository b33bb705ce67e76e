import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Somebody is woken: paged from the ticket, acknowledged on a phone by the mail's link, and all of it read afterwards. */
const desk = useLiveDesk()
let lead: TestPerson
let anna: TestPerson
let ticketId: string
let teamId: string
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string; fullPage?: boolean }): Promise<unknown> }, name: string, fullPage = true) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage })
}
async function send<T>(as: TestPerson, path: string, body: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' }
  const response = await fetch(desk.baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

beforeAll(async () => {
  lead = await desk.person('administrator', { name: 'Lea Linden' })
  anna = await desk.person('agent', { name: 'Anna Achterberg' })
  const ben = await desk.person('agent', { name: 'Ben Brinkmann' })
  const team = await desk.team('Network', 2, [anna, ben])
  teamId = team.id
  await send(lead, '/api/paging/policies', {
    name: 'Network at night',
    teamIds: [team.id],
    steps: [
      { targets: [{ kind: 'person', id: anna.id }], wait: 10 },
      {
        targets: [
          { kind: 'person', id: ben.id },
          { kind: 'leads', id: team.id },
        ],
        wait: 15,
        repeat: 1,
      },
    ],
    runbook: 'https://wiki.example/network',
    hotline: 'Northwind Carrier +49 30 5550, contract 4711',
  })
  await send(lead, '/api/paging/rules', { name: 'Everything of priority 1', query: { all: [{ field: 'priority', values: [1] }] } })
  const organisation = await desk.organisation('Hafenlogistik Nord')
  const asker = await desk.person('requester', { name: 'Nora Nord', organisationId: organisation.id })
  ticketId = (
    await send<{ id: string }>(lead, '/api/tickets', {
      subject: 'No line to the warehouse since midnight',
      requesterId: asker.id,
      teamId: team.id,
      acknowledge: false,
    })
  ).id
}, 60_000)

const plain = (raw: string) => raw.replace(/=\r?\n/g, '').replaceAll('=3D', '=')

describe('paging', () => {
  it('a lead pages who is on call from the ticket; she acknowledges on her phone by the mail, without signing in', async () => {
    const { page, oracles } = await desk.open(lead)
    await page.goto(`/tickets/${ticketId}`)
    await page.getByRole('button', { name: /^More/ }).first().click()
    await page.getByRole('menuitem', { name: 'Page on-call…' }).click()
    await page.getByLabel('What they need to know first').fill('The forklifts stand still.')
    await picture(page, 'page-dialog')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Page now' }).click()
    await page.getByText('Anna Achterberg was rung').waitFor()
    await picture(page, 'ticket-ringing')
    await expect.poll(() => desk.sink.taken.filter((mail) => mail.to.includes(anna.email)).length, { timeout: 15_000 }).toBe(1)
    const mail = desk.sink.taken.find((one) => one.to.includes(anna.email))
    const address = /http:\/\/localhost:\d+\/page\/[\w-]{22}/.exec(plain(mail?.raw ?? ''))?.[0] ?? ''
    const phone = await desk.open(null, { phone: true, dark: true })
    await phone.page.goto(address)
    await phone.page.getByText('No line to the warehouse since midnight').waitFor()
    expect(await axeFindings(phone.page)).toEqual([])
    await picture(phone.page, 'link-phone-dark')
    await phone.page.getByRole('button', { name: 'Acknowledge' }).click()
    await phone.page.getByText('Anna Achterberg has it').waitFor()
    await picture(phone.page, 'link-acknowledged')
    await page.bringToFront()
    await page.getByText('Acknowledged', { exact: true }).first().waitFor()
    await page.goto('/pages')
    await page.getByText('Anna Achterberg').first().waitFor()
    await picture(page, 'pages')
    expect(await axeFindings(page)).toEqual([])
    await page
      .getByRole('button', { name: /No line to the warehouse/ })
      .first()
      .click()
    await page.getByText('Anna Achterberg acknowledged (by link)').waitFor()
    await picture(page, 'pages-one')
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
    await phone.oracles.check()
  }, 90_000)

  it('whoever has a page passes it on to a colleague or calls one for help, and hands over what is open', async () => {
    const other = await send<{ id: string }>(lead, '/api/tickets', { subject: 'Scanner at gate 2 is dead', teamId, acknowledge: false })
    await send(lead, `/api/tickets/${other.id}/pages`, {})
    const layer = {
      name: 'First',
      timeZone: 'Europe/Berlin',
      rotation: { unit: 'days', every: 1 },
      handover: '08:00',
      startsOn: '2026-01-01',
    }
    const rota = await send<{ id: string }>(lead, '/api/rotas', {
      name: 'Network nights',
      teamId,
      timeZone: 'Europe/Berlin',
      layers: [{ ...layer, peopleIds: [anna.id] }],
    })
    const { page, oracles } = await desk.open(lead)
    await page.goto(`/tickets/${other.id}`)
    const part = page.getByRole('complementary').last()
    await part.getByText('Anna Achterberg was rung').waitFor()
    await part.getByRole('button', { name: 'Call for help' }).click()
    const help = page.getByRole('dialog', { name: /^Call for help with #/ })
    await help.getByRole('combobox', { name: 'Whom' }).click()
    await page.getByText('On call now', { exact: true }).waitFor()
    await picture(page, 'help-dialog', false)
    await page.getByRole('option', { name: /^Ben Brinkmann/ }).click()
    expect(await axeFindings(page)).toEqual([])
    await help.getByRole('button', { name: 'Call for help' }).click()
    await part.getByText('Help called by Lea Linden').waitFor()
    await page.goto('/pages')
    await page
      .getByRole('button', { name: /Scanner at gate 2/ })
      .last()
      .click()
    const sheet = page.getByRole('dialog').first()
    await sheet.getByRole('button', { name: 'Pass on' }).click()
    const pass = page.getByRole('dialog', { name: /^Pass on the page/ })
    await pass.getByRole('combobox', { name: 'To whom' }).click()
    await page.getByRole('option', { name: /^Ben Brinkmann/ }).click()
    await picture(page, 'pass-dialog', false)
    expect(await axeFindings(page)).toEqual([])
    await pass.getByRole('button', { name: 'Pass on' }).click()
    await sheet.getByText('Ben Brinkmann was rung').waitFor()
    await page.goto(`/on-call/${rota.id}`)
    await page.getByRole('button', { name: 'Hand over' }).click()
    const note = page.getByRole('dialog', { name: 'Handover note' })
    await note.getByRole('checkbox', { name: /Scanner at gate 2 is dead/ }).waitFor()
    const text = note.getByRole('textbox', { name: /^What is open/ })
    expect(await text.inputValue()).toContain(`Still ringing: #${other.id}`)
    await picture(page, 'handover', false)
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
  }, 120_000)

  it('policies read as one says them, and are made by a form; each sets how they are reached', async () => {
    const { page, oracles } = await desk.open(lead)
    await page.goto('/settings/paging')
    await page.getByText(/First Anna Achterberg, after 10 min/).waitFor()
    await picture(page, 'settings')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Network at night' }).click()
    await page.getByLabel('Runbook').waitFor()
    await picture(page, 'policy')
    expect(await axeFindings(page)).toEqual([])
    const own = await desk.open(anna, { phone: true })
    await own.page.goto('/profile')
    await own.page.getByRole('tab', { name: 'Paging' }).click()
    await own.page.getByText(/pages reach you by mail/).waitFor()
    await own.page.getByRole('button', { name: 'Add a way' }).click()
    await picture(own.page, 'new-way-phone')
    expect(await axeFindings(own.page)).toEqual([])
    await oracles.check()
    await own.oracles.check()
  }, 90_000)

  it('the app can be installed: its manifest, icons and worker are there', async () => {
    const { page } = await desk.open(lead)
    await page.goto('/pages')
    const manifest = (await (await fetch(`${desk.baseUrl}/manifest.webmanifest`)).json()) as {
      icons: { src: string; type: string }[]
      display: string
    }
    expect(manifest.display).toBe('standalone')
    for (const { src, type } of manifest.icons) expect((await fetch(desk.baseUrl + src)).headers.get('content-type')).toBe(type)
    const scope = await page.evaluate('navigator.serviceWorker.register("/sw.js").then((one) => one.scope)')
    expect(scope).toBe(`${desk.baseUrl}/`)
  }, 60_000)
})
