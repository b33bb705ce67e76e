import { mkdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Notices that one can leave on: what happens on a ticket is one line, a preset at a touch, quiet hours, and what yesterday would have been. */
const desk = useLiveDesk()
let lead: TestPerson
let anna: TestPerson
let german: TestPerson

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
async function picture(page: Page, name: string, part?: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(400)
  await (part ? page.locator(part).last() : page).screenshot({ path: `${folder}/${name}.png` })
}
const open = (subject: string, assigneeId: string, as = lead) =>
  send<{ id: string }>(as, '/api/tickets', { subject, channel: 'phone', assigneeId, impact: 2, urgency: 2 })
const note = (id: string, as: TestPerson, mentions: string[] = []) =>
  send(as, `/api/tickets/${id}/replies`, { body: 'Please look.', internal: true, mentions })

beforeAll(async () => {
  lead = await desk.person('lead', { name: 'Lea Lindner' })
  anna = await desk.person('agent', { name: 'Anna Archer' })
  german = await desk.person('agent', { name: 'Jörg Jansen', language: 'de' })
  for (const person of [anna, german]) {
    for (const subject of ['Scanner on the second floor sends empty pages', 'Headset crackles in calls', 'New starter on Monday'])
      await open(subject, person.id)
    await desk.kernel.asSystem(async ({ db }) => {
      await sql`update notice set at = at - interval '1 day', read_at = now() where person_id = ${person.id}`.execute(db)
    })
    const line = await open('The line to Linz is down', person.id)
    await note(line.id, lead)
    await note(line.id, lead, [person.id])
    for (const n of [1, 2, 3, 4]) await open(`Laptop ${n} of the training room does not start`, person.id)
  }
})

describe('notices', () => {
  it('fold what belongs together, and are chosen where one reads them', async () => {
    const { page, oracles } = await desk.open(anna)
    await page.goto(`${desk.baseUrl}/`)
    await page.getByRole('button', { name: 'Notices: 5 unread' }).click()
    const list = page.getByRole('dialog', { name: 'Notices' })
    await list.getByText('Lea Lindner mentioned you, and 2 more').waitFor()
    await picture(page, 'bell')
    await list.getByText('Lea Lindner gave you a ticket, 4 times').click()
    expect(await list.getByRole('link', { name: /Laptop \d of the training room/ }).count()).toBe(4)
    await list.getByText('Lea Lindner mentioned you, and 2 more').click()
    await page.waitForURL(/\/tickets\/\d+/)
    await page.getByRole('button', { name: 'Notices: 4 unread' }).waitFor()

    await page.goto(`${desk.baseUrl}/profile`)
    await page.getByRole('tab', { name: 'Notices' }).click()
    await page.getByRole('radio', { name: /^Usual/ }).waitFor()
    expect(await page.getByRole('radio', { name: /^Usual/ }).isChecked()).toBe(true)
    await page.getByText('3 events.').waitFor()
    await page.getByText(/3 behind the bell, 3 by mail/).waitFor()
    await page.getByRole('radio', { name: /^Calm/ }).click()
    await page.getByText(/3 behind the bell, 1 by mail/).waitFor()

    await page.getByRole('button', { name: 'Add quiet hours' }).click()
    await page.getByRole('button', { name: 'Sun', exact: true }).click()
    await page.getByRole('button', { name: 'Keep' }).click()
    await expect
      .poll(
        async () =>
          (
            await desk.kernel.asSystem(({ db }) =>
              sql<{ quiet: unknown }>`select quiet from notice_choice where person_id = ${anna.id}`.execute(db),
            )
          ).rows[0]?.quiet,
      )
      .toEqual([{ days: [1, 2, 3, 4, 5, 6], from: '19:00', until: '07:00' }])
    await page.getByRole('combobox', { name: 'Somebody answers in a ticket of mine: by mail' }).selectOption('hourly')
    await page.getByText('None of the three').waitFor()
    await picture(page, 'choices')
    await picture(page, 'choices-table', 'table')
    await picture(page, 'choices-yesterday', 'section:last-of-type')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to usual' }).click()
    await page.getByRole('button', { name: 'Back to usual' }).waitFor({ state: 'detached' })
    await oracles.check()
  })

  it('are chosen on a phone and in German, in the dark', async () => {
    const { page } = await desk.open(german, { phone: true, dark: true })
    await page.goto(`${desk.baseUrl}/profile`)
    await page.getByRole('tab', { name: 'Hinweise' }).click()
    await page.getByRole('radio', { name: /^Ruhig/ }).click()
    await page.getByRole('button', { name: 'Ruhezeit hinzufügen' }).click()
    await page.getByRole('checkbox', { name: 'Ein neues Ticket für mein Team: mit Glocke' }).check()
    await page.getByText('Keine der drei').waitFor()
    await picture(page, 'choices-phone-dark-quiet', 'section:nth-of-type(2)')
    await picture(page, 'choices-phone-dark', 'table')
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
  })
})
