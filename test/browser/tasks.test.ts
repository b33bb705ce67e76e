import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** Tasks and time as an agent meets them: typed in one line, done by one click, and a clock that no reload stops. */
const desk = useLiveDesk()
let agent: TestPerson
let lead: TestPerson
let german: TestPerson
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
async function picture(page: { screenshot(o: { path: string }): Promise<unknown> }, name: string) {
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

beforeAll(async () => {
  agent = await desk.person('agent', { name: 'Ann Archer' })
  lead = await desk.person('administrator', { name: 'Lea Linden' })
  german = await desk.person('administrator', { name: 'Jörg Jansen', language: 'de' })
  const asker = await desk.person('requester', { name: 'Nora Nord' })
  const hardware = await desk.team('Hardware and warehouse', 2, [lead])
  ticketId = (await send<Made>(agent, '/api/tickets', { subject: 'Emil starts on the first of the month', requesterId: asker.id })).id
  await send(lead, '/api/task-templates', {
    name: { en: 'New starter', de: 'Neuer Mitarbeiter' },
    tasks: [
      {
        title: { en: 'Create the account', de: 'Konto anlegen' },
        mandatory: true,
        dueHours: 24,
        items: [{ en: 'Mail' }, { en: 'VPN' }, { en: 'Door' }],
      },
      { title: { en: 'Hand out the laptop', de: 'Laptop ausgeben' }, teamId: hardware.id, after: 0 },
    ],
  })
  await send(lead, `/api/tickets/${ticketId}/tasks`, { title: 'Order the badge', assigneeId: agent.id, dueAt: '2026-01-05T08:00:00Z' })
}, 60_000)

describe('beside a ticket', () => {
  it('INC-23 INC-26 tasks come from a template and one line, are done by a click, hold the ticket, and time is written down', async () => {
    const { page, oracles } = await desk.open(agent)
    await page.goto(`/tickets/${ticketId}`)
    const side = page.getByRole('complementary').last()
    await side.getByRole('button', { name: 'More for tasks' }).click()
    await page.getByRole('menuitem', { name: 'New starter' }).click()
    await side.getByText('0 of 3', { exact: true }).waitFor()
    await side.getByRole('textbox', { name: 'Add a task' }).fill('Tell the neighbours')
    await page.keyboard.press('Enter')
    await side.getByText('0 of 4', { exact: true }).waitFor()

    await side.getByRole('button', { name: 'Done: Order the badge' }).click()
    await side.getByText('1 of 4', { exact: true }).waitFor()
    await side.getByRole('button', { name: 'Check items: 0 of 3' }).click()
    await side.getByRole('checkbox', { name: 'Mail' }).click()
    await side.getByRole('button', { name: 'Check items: 1 of 3' }).waitFor()
    // Alt with an arrow moves a task; the list above hears nothing of it.
    await side.getByRole('button', { name: 'Tell the neighbours', exact: true }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByText('“Tell the neighbours” is now number 3').waitFor({ state: 'attached' })

    await side.getByRole('button', { name: 'Start the clock' }).click()
    await page.getByRole('button', { name: /The clock runs/ }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: /The clock runs: 0:0\d on #/ }).waitFor()
    await side.getByRole('button', { name: 'Stop and write down' }).click()
    await page.getByRole('textbox', { name: 'What for' }).fill('Talked to Emil')
    await picture(page, 'stop-clock')
    await page.getByRole('button', { name: 'Save' }).click()
    await side.getByText('Talked to Emil').waitFor()
    await side.getByRole('textbox', { name: 'Write time down' }).fill('1h 20m Set up the desk')
    await page.keyboard.press('Enter')
    await side.getByText('1 h 25 min').first().waitFor()
    await picture(page, 'ticket')

    await page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Resolve/ })
      .click()
    await page.getByText('Mandatory tasks are still open: Create the account.').waitFor()
    await picture(page, 'refused')
    await page.keyboard.press('Escape')
    expect(await axeFindings(page)).toEqual([])
    await side.getByRole('button', { name: 'Create the account', exact: true }).click()
    await page.getByRole('textbox', { name: 'More about it' }).waitFor()
    await page.waitForTimeout(300)
    await picture(page, 'task')
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
    await page.context().close()
  })
})

const looks = [
  { name: 'desktop-light', choices: {} },
  { name: 'desktop-dark-de', choices: { dark: true, language: 'de' } },
  { name: 'phone-light', choices: { phone: true } },
  { name: 'phone-dark-de', choices: { phone: true, dark: true, language: 'de' } },
]
const paths = ['/tasks', '/tasks?whose=all', '/time', '/settings/time', '/tickets/{ticket}', '/settings/task-templates']

describe('the screens of tasks and time', () => {
  it.each(looks)('$name', async ({ name, choices }) => {
    const { page, oracles } = await desk.open(name.endsWith('-de') ? german : lead, choices)
    for (const path of paths) {
      await page.goto(path.replace('{ticket}', ticketId))
      await page.locator('main').first().waitFor()
      await page.waitForFunction(`!document.querySelector('[aria-busy="true"]')`)
      await page.waitForTimeout(250)
      expect(await axeFindings(page), path).toEqual([])
      if (path.endsWith('templates')) {
        await page.getByRole('button', { name: /New starter|Neuer Mitarbeiter/ }).click()
        await page.getByRole('dialog').getByRole('textbox').first().waitFor()
        await page.waitForTimeout(250)
        expect(await axeFindings(page), 'a template').toEqual([])
      }
      if (choices.phone && path.startsWith('/tickets')) {
        await page.getByRole('button', { name: /^(Show what is known|Zeigen, was bekannt ist)/ }).click()
        await page.getByRole('textbox', { name: /^(Write time down|Zeit aufschreiben)/ }).scrollIntoViewIfNeeded()
        await page.waitForTimeout(250)
      }
      await picture(page, `${path.replace(/\W+/g, '-')}-${name}`)
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(tooWide, `${path} is wider than the page`).toBeLessThanOrEqual(0)
    }
    await oracles.check()
    await page.context().close()
  })
})
