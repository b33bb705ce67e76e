import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** From the mail's click to the lead's follow-up, as the person who asked and as the lead meet it. */
const desk = useLiveDesk()
let lead: TestPerson
let nora: TestPerson
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
const folder = process.env.SCREENS
async function picture(page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
async function linkInMail(): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const raw = desk.sink.taken.map((mail) => mail.raw.replace(/=\r?\n/g, '').replace(/=3D/g, '=')).join('\n')
    const found = /\/survey\/[\w-]{22}\?score=2/.exec(raw)?.[0]
    if (found) return found
    await new Promise((go) => setTimeout(go, 200))
  }
  throw new Error('The survey never came by mail.')
}

beforeAll(async () => {
  lead = await desk.person('administrator', { name: 'Lea Linden' })
  nora = await desk.person('requester', { name: 'Nora Nord', language: 'de' })
  const team = await desk.team('Service desk', 1, [lead])
  await desk.mailbox('help@desk.example')
  await send(lead, '/api/surveys/settings', { on: true, followUpTo: 'person', followUpPersonId: lead.id }, 'PATCH')
  const made = await send<{ id: string }>(lead, '/api/tickets', {
    subject: 'Drucker druckt nur halbe Seiten',
    requesterId: nora.id,
    teamId: team.id,
    channel: 'phone',
    resolve: { code: 'solved', text: 'Neue Trommel' },
  })
  ticketId = made.id
  const closing = await fetch(`${desk.baseUrl}/api/tickets/${ticketId}/close`, {
    method: 'POST',
    headers: { authorization: `Bearer ${lead.token}` },
  })
  if (!closing.ok) throw new Error(await closing.text())
}, 60_000)

describe('a survey', () => {
  it('SD-9 E-067 is answered on a phone without signing in; what was typed stays text, and the lead finds a follow-up', async () => {
    const { page, oracles } = await desk.open(null, { phone: true })
    await page.goto(await linkInMail())
    await page.getByRole('heading', { name: 'Wie zufrieden sind Sie mit unserer Hilfe?' }).waitFor()
    expect(await page.getByRole('radio', { name: 'Unzufrieden', exact: false }).first().count()).toBe(1)
    expect(await page.locator('input[name="score"]:checked').inputValue()).toBe('2')
    expect(await axeFindings(page)).toEqual([])
    await picture(page, 'answer-phone')
    await page.getByLabel('Möchten Sie uns sagen, warum?').fill('<img src=x onerror="window.__ran=1"> Dreimal nachgefragt')
    await page.getByRole('button', { name: 'Senden' }).click()
    await page.getByRole('heading', { name: 'Danke' }).waitFor()
    await picture(page, 'thanks-phone')
    await oracles.check()
    const staff = await desk.open(lead)
    await staff.page.goto(`/tickets/${ticketId}`)
    const side = staff.page.getByRole('complementary').last()
    await side.getByText('2 · Dissatisfied').waitFor()
    await side.getByText('Dreimal nachgefragt').waitFor()
    await picture(staff.page, 'ticket')
    await side.getByRole('link', { name: /^Follow-up #/ }).click()
    await staff.page.getByRole('heading', { name: 'Ihre Rückmeldung: Drucker druckt nur halbe Seiten' }).waitFor()
    await staff.page.goto('/satisfaction')
    await staff.page.getByText('0 of 1 answers are 4 or 5').waitFor()
    expect(await axeFindings(staff.page)).toEqual([])
    await picture(staff.page, 'satisfaction')
    await staff.page.goto('/settings/satisfaction')
    await staff.page.getByRole('switch', { name: 'Ask people how satisfied they are' }).waitFor()
    expect(await axeFindings(staff.page)).toEqual([])
    expect(await staff.page.evaluate('window.__ran ?? 0')).toBe(0)
  })

  it('INC-21 stands on the closed request in the portal, where it is read too', async () => {
    const { page } = await desk.open(nora)
    await page.goto(`/portal/requests/${ticketId}`)
    await page.getByRole('heading', { name: 'Ihre Antwort: 2 · Unzufrieden' }).waitFor()
    await page.getByText('Dreimal nachgefragt').waitFor()
    await picture(page, 'portal')
  })
})
