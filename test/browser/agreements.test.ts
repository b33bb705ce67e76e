import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { movedClock, Temporal } from '../../server/kernel/clock.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Agreements as they are kept: their causes, their conditions, and the cause that is asked where a ticket is resolved. */
const clock = movedClock(Temporal.Instant.from('2027-01-18T09:00:00+01:00'))
const desk = useLiveDesk({}, clock)
let boss: TestPerson
let german: TestPerson
let anna: TestPerson
let ticketId: string
let agreementId: string
const folder = process.env.SCREENS
async function picture(
  page: { screenshot(o: { path: string }): Promise<unknown>; waitForTimeout(ms: number): Promise<void> },
  name: string,
) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${folder}/${name}.png` })
}
async function ask<T>(as: TestPerson, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' }
  const response = await fetch(desk.baseUrl + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
type Made = { id: string }

beforeAll(async () => {
  boss = await desk.person('administrator', { name: 'Lea Linden' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  anna = await desk.person('agent', { name: 'Anna Achterberg' })
  const acme = await desk.organisation('Hafenlogistik Nord')
  const site = await ask<Made>(boss, 'POST', `/api/organisations/${acme.id}/sites`, { name: 'Quay 4' })
  const start = {
    all: [
      { field: 'open', is: true },
      { field: 'site', op: 'is-not', values: [site.id] },
      { field: 'organisation', op: 'is-not', values: [acme.id] },
      { field: 'impact', op: 'is', values: [1, 2, 3] },
    ],
  }
  const thresholds = [{ percent: 75, acts: [{ do: 'notify', whom: ['assignee'], personIds: [anna.id] }] }]
  agreementId = (
    await ask<Made>(boss, 'POST', '/api/agreements', {
      kind: 'sla',
      name: 'Everybody',
      rules: [
        { key: 'solve', name: 'Solved', target: 'resolution', clock: 'calendar', start, goals: [{ time: { minutes: 30 } }], thresholds },
      ],
    })
  ).id
  const asker = await desk.person('requester', { name: 'Nora Nord' })
  ticketId = (await ask<Made>(anna, 'POST', '/api/tickets', { subject: 'The plotter eats paper', requesterId: asker.id, kind: 'incident' }))
    .id
}, 60_000)

describe('agreements', () => {
  it('causes are added, renamed, archived and brought back below them', async () => {
    const { page, oracles } = await desk.open(boss)
    await page.goto('/settings/agreements')
    await page.getByRole('button', { name: 'New cause' }).click()
    const sheet = page.getByRole('dialog', { name: 'New cause' })
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.getByRole('textbox', { name: 'English name' }).fill('Snow')
    await sheet.getByRole('textbox', { name: 'German name' }).fill('Schnee')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Rename Snow' }).click()
    const rename = page.getByRole('dialog', { name: 'Rename Snow' })
    await rename.getByRole('textbox', { name: 'English name' }).fill('Weather')
    await rename.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Archive Weather' }).click()
    await page.getByRole('button', { name: 'Restore: Weather' }).waitFor()
    await page.getByRole('button', { name: 'Archive Weather' }).waitFor({ state: 'detached' })
    await picture(page, 'causes')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Restore: Weather' }).click()
    await page.getByRole('button', { name: 'Archive Weather' }).waitFor()
    await oracles.check()
    const other = await desk.open(german, { phone: true, dark: true })
    await other.page.goto('/settings/agreements')
    const heading = other.page.getByRole('heading', { name: 'Ursachen verfehlter Ziele' })
    await heading.scrollIntoViewIfNeeded()
    await picture(other.page, 'causes-phone-dark')
    expect(await axeFindings(other.page)).toEqual([])
    await other.oracles.check()
  }, 90_000)

  it('conditions on sites, customers and impact are read by their names, and a threshold tells people by name', async () => {
    const { page, oracles } = await desk.open(boss)
    await page.goto('/settings/agreements')
    await page.getByText('Everybody', { exact: true }).first().click()
    const sheet = page.getByRole('dialog', { name: 'Change Everybody' })
    await sheet.getByRole('button', { name: 'Change Solved' }).click()
    await sheet.getByText('Hafenlogistik Nord, Quay 4').waitFor()
    await sheet.getByText('Hafenlogistik Nord', { exact: true }).waitFor()
    await sheet.getByText('Anna Achterberg').waitFor()
    await sheet.getByText('And these people').scrollIntoViewIfNeeded()
    await picture(page, 'threshold')
    await sheet.getByText('Hafenlogistik Nord, Quay 4').scrollIntoViewIfNeeded()
    await picture(page, 'conditions')
    expect(await axeFindings(page)).toEqual([])
    await sheet.getByRole('textbox', { name: 'Name' }).first().fill('Everybody else')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Everybody else').first().waitFor()
    const kept = await ask<{ rules: unknown[] }>(boss, 'GET', `/api/agreements/${agreementId}`)
    expect(kept.rules[0]).toMatchObject({
      start: {
        all: [{ field: 'open' }, { field: 'site', op: 'is-not' }, { field: 'organisation' }, { field: 'impact', values: [1, 2, 3] }],
      },
      thresholds: [{ acts: [{ personIds: [anna.id] }] }],
    })
    await oracles.check()
  }, 90_000)

  it('whoever resolves what was late is asked why, and resolves with or without an answer', async () => {
    clock.advance({ minutes: 40 })
    const { page, oracles } = await desk.open(anna)
    await page.goto(`/tickets/${ticketId}`)
    await page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Resolution missed: why? (optional)' }).click()
    await page.getByRole('option', { name: 'Weather' }).click()
    await dialog.getByRole('textbox', { name: 'What solved it?' }).fill('A roller was worn.')
    await picture(page, 'resolve')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Resolve' }).click()
    const cause = async () =>
      (await ask<{ items: { state: string; cause: { name: string } | null }[] }>(anna, 'GET', `/api/tickets/${ticketId}/clocks`)).items[0]
    await expect.poll(cause, { timeout: 15_000 }).toMatchObject({ state: 'missed', cause: { name: 'Weather' } })
    await oracles.check()
  }, 90_000)
})
