import { mkdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** A week on call: the rota is made with its schedule before one's eyes, a shift changes hands, the night is handed over. */
const desk = useLiveDesk()
let lead: TestPerson
let anna: TestPerson
let ben: TestPerson
let german: TestPerson
let teamId: string

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
async function picture(page: Page, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${folder}/${name}.png` })
}
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const layer = (name: string, people: TestPerson[], more: Record<string, unknown> = {}) => ({
  name,
  timeZone: 'Europe/Berlin',
  rotation: { unit: 'days', every: 2 },
  handover: '09:00',
  startsOn: day(-8),
  peopleIds: people.map((one) => one.id),
  ...more,
})
let rotaId: string

beforeAll(async () => {
  lead = await desk.person('lead', { name: 'Lea Lindner' })
  anna = await desk.person('agent', { name: 'Anna Archer' })
  ben = await desk.person('agent', { name: 'Ben Barlow' })
  german = await desk.person('agent', { name: 'Jörg Jansen', language: 'de' })
  teamId = (await desk.team('Network', 2, [anna, ben, german])).id
  const nights = { mon: [['20:00', '06:00']], tue: [['20:00', '06:00']], wed: [['20:00', '06:00']], thu: [['20:00', '06:00']] }
  const layers = [layer('Nights', [german], { hours: nights }), layer('First', [anna, ben], { endsOn: day(30) })]
  rotaId = (await send<{ id: string }>(lead, '/api/rotas', { name: 'Network', teamId, timeZone: 'Europe/Berlin', layers })).id
  const ticket = await send<{ id: string }>(ben, '/api/tickets', {
    subject: 'The line to Linz is down',
    channel: 'phone',
    teamId,
    impact: 3,
    urgency: 3,
  })
  // Ben leaves to whoever has it now; to be the reader for certain, Anna is named.
  await send(ben, `/api/rotas/${rotaId}/handovers`, {
    text: 'The line to Linz is flapping.\nThe carrier comes at ten.',
    ticketIds: [ticket.id],
  })
  await desk.kernel.asSystem(({ db }) => sql`update handover_note set to_id = ${anna.id}`.execute(db))
})

describe('on call', () => {
  it('a rota is made, and its schedule shows while one chooses people', async () => {
    const { page } = await desk.open(lead)
    await page.goto('/on-call')
    await page.getByRole('button', { name: 'New rota' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('textbox', { name: 'Name', exact: true }).fill('Servers')
    await sheet.getByRole('combobox', { name: 'Team' }).click()
    await page.getByRole('option', { name: 'Network' }).click()
    await sheet.getByRole('combobox', { name: 'People, in order' }).click()
    await page.getByRole('option', { name: 'Anna Archer' }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => sheet.getByRole('list', { name: 'On call' }).getByText('Anna Archer').count()).toBeGreaterThan(0)
    await picture(page, 'editor')
    expect(await axeFindings(page)).toEqual([])
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: /^Servers/ }).waitFor()
  })

  it('leads put somebody in by a click, and take it back', async () => {
    const { page } = await desk.open(lead)
    await page.goto(`/on-call/${rotaId}`)
    await page.getByRole('button', { name: '4 weeks' }).or(page.getByText('4 weeks')).first().click()
    const final = page.getByRole('list', { name: 'On call' })
    await final.getByRole('button').last().waitFor()
    expect(await final.count()).toBe(4)
    await picture(page, 'rota-weeks')
    await final
      .getByRole('button', { name: /^Ben Barlow/ })
      .last()
      .click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Put somebody in' }).first().click()
    await sheet.getByRole('combobox', { name: 'Who is on call instead' }).fill('Lea')
    await page.getByRole('option', { name: /Lea Lindner/ }).click()
    await sheet.getByRole('textbox', { name: 'Why' }).fill('Dentist')
    await picture(page, 'override')
    await sheet.getByRole('button', { name: 'Put somebody in' }).last().click()
    await final
      .getByRole('button', { name: /^Lea Lindner/ })
      .first()
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take the override back' }).click()
    await expect.poll(() => final.getByRole('button', { name: /^Lea Lindner/ }).count()).toBe(0)
    expect(await axeFindings(page)).toEqual([])
  })

  it('an agent confirms the handover, offers a shift, and a colleague takes it', async () => {
    const { page } = await desk.open(anna)
    await page.goto('/on-call')
    await page.getByRole('region', { name: 'Handover note' }).getByText('The line to Linz is flapping.').waitFor()
    await picture(page, 'now')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'I have read it' }).click()
    await expect.poll(() => page.getByRole('region', { name: 'Handover note' }).count()).toBe(0)
    await page.goto(`/on-call/${rotaId}`)
    await page.getByRole('button', { name: 'Later' }).click()
    await page.waitForTimeout(500)
    await page
      .getByRole('list', { name: 'On call' })
      .getByRole('button', { name: /^Anna Archer/ })
      .last()
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Offer this shift' }).click()
    await page.getByText('Nothing changes until somebody agrees.').waitFor()
    const other = await desk.open(ben)
    await other.page.goto('/on-call?tab=swaps')
    await other.page.getByText('Anna Archer offers a shift to anybody').waitFor()
    await picture(other.page, 'swaps')
    expect(await axeFindings(other.page)).toEqual([])
    await other.page.getByRole('button', { name: 'Take it' }).click()
    await other.page.getByText('Accepted', { exact: true }).waitFor()
  })

  it('on a phone, in German and in the dark, everything is there', async () => {
    const { page } = await desk.open(german, { phone: true, dark: true, language: 'de' })
    await page.goto('/on-call')
    await page.getByRole('heading', { name: 'Bereitschaft' }).waitFor()
    await picture(page, 'phone-now')
    await page.goto(`/on-call/${rotaId}`)
    await page.getByRole('heading', { name: 'Network' }).waitFor()
    await page.getByRole('listitem').first().waitFor()
    await picture(page, 'phone-rota')
    expect(await axeFindings(page)).toEqual([])
    await page.goto('/on-call?tab=awake')
    await page.getByRole('tabpanel').getByText('Anna Archer').waitFor()
    await picture(page, 'phone-awake')
    await page.goto('/on-call?tab=problems')
    await page.getByText('Niemand in Bereitschaft').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    const wide = await desk.open(german, { dark: true })
    await wide.page.goto('/on-call?tab=awake')
    await wide.page.getByRole('tabpanel').getByText('Anna Archer').waitFor()
    await picture(wide.page, 'awake-dark')
    expect(await axeFindings(wide.page)).toEqual([])
  })
})
