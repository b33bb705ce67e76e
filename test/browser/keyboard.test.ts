import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Desk } from '../harness.ts'
import { givePassword } from '../signing-in.ts'
import { useLiveDesk } from './desk.ts'
import { useFilledDesk } from './filled-desk.ts'
import { focusNow } from './focus.ts'

/** The main job without a mouse: nothing here clicks. After each key the focus is somewhere, and one sees where (WCAG 2.1.1, 2.4.3, 2.4.7). */
const desk = useLiveDesk({ UNDO_SECONDS: '20' })
const filled = useFilledDesk(desk)

function hands(page: Page) {
  const wrong: string[] = []
  const look = async (what: string) => {
    await page.waitForTimeout(250)
    let focus = await focusNow(page)
    // What closes gives the focus back a moment later.
    for (let n = 0; focus.lost && n < 5; n++) {
      await page.waitForTimeout(150)
      focus = await focusNow(page)
    }
    if (focus.lost) wrong.push(`after ${what}: the focus is lost`)
    else if (!focus.seen || !focus.inWindow) wrong.push(`after ${what}: the focus on ${focus.name} is not seen`)
    return focus
  }
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key)
      await look(key)
    }
  }
  const type = async (text: string) => {
    await page.keyboard.type(text)
    await look(`writing "${text}"`)
  }
  /** Goes on with Tab until this has the focus. */
  const tabTo = async (name: RegExp) => {
    const passed: string[] = []
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press('Tab')
      const focus = await focusNow(page)
      if (name.test(focus.name)) return void (await look(`Tab to ${name}`))
      passed.push(focus.name)
    }
    throw new Error(`${name} was never reached: ${passed.join(', ')}`)
  }
  return { press, type, tabTo, look, wrong }
}

it('signs in, moves in the list, opens, answers, takes back, sends, assigns, resolves and finds, by keys alone', async () => {
  const { admin } = filled
  await givePassword(desk as unknown as Desk, admin.id, 'a long and quiet river')
  await fetch(`${desk.baseUrl}/api/company/settings`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ secondFactor: 'nobody' }),
  })
  const { page, oracles } = await desk.open(null)
  page.setDefaultTimeout(10_000)
  const { press, type, tabTo, look, wrong } = hands(page)

  await page.goto('/sign-in')
  await page.locator('input').first().waitFor()
  await tabTo(/^input/)
  await type(admin.email)
  await press('Tab')
  await type('a long and quiet river')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/home')
  await page.getByText('VPN tunnel drops').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await page.waitForURL('**/tickets**')
  await page.locator('a[data-cursor]').waitFor()

  await page.keyboard.press('j')
  await look('j')
  await press('j', 'k')
  expect((await look('the list')).name).toMatch(/^a "/)
  // The newest is the solved one in no open view: go to the one about the tunnel by its words.
  for (let n = 0; n < 12 && !(await page.locator('a[data-cursor]').innerText()).includes('VPN tunnel drops'); n++)
    await press(n < 6 ? 'k' : 'j')
  await press('Enter')
  await page.waitForURL(`**/tickets/${filled.where['ticket']}**`)
  await page.getByText('It asks for the password').first().waitFor()

  await press('r')
  await type('Have you tried another cable?')
  await press('Control+Enter')
  await page.getByText('The answer goes out.').waitFor()
  await press('Alt+z')
  await page.getByText('Taken back.').waitFor()
  expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('Have you tried another cable?')
  await press('Control+Enter')
  await page.getByText('The answer goes out.').waitFor()
  await page.locator('article article').filter({ hasText: 'Have you tried another cable?' }).waitFor()

  await press('Escape', 'a')
  await tabTo(/^button "Me"/)
  await press('Enter')
  await page.getByRole('button', { name: 'Assign to: Ada Archer' }).waitFor()

  await press('e')
  await type('It was the cable.')
  await press('Control+Enter')
  await page.getByRole('button', { name: 'Reopen' }).first().waitFor()
  await look('resolving')

  await press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).waitFor()
  await type('drucker im 3')
  await page
    .getByRole('option', { name: /Der Drucker im/ })
    .first()
    .waitFor()
  await press('ArrowDown', 'ArrowUp', 'Enter')
  await page.getByRole('heading', { name: /Der Drucker im/ }).waitFor()
  await look('going there by the palette')
  await press('?', 'Escape', 'Alt+ArrowDown', 'Alt+ArrowUp')
  await oracles.check()
  expect(wrong).toEqual([])
})
