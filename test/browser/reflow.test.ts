import { describe, expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'
import { useFilledDesk } from './filled-desk.ts'
import { focusNow } from './focus.ts'
import { openScreens, portalScreens, staffScreens } from './screen-list.ts'

/**
 * WCAG 1.4.10 and 1.4.4: at 320 px, which is 400 % of 1280, and at 1280 px zoomed to 200 %, no screen scrolls sideways;
 * what has the focus is seen. WCAG 2.3.3: with less motion asked for, nothing moves.
 */
const desk = useLiveDesk()
const filled = useFilledDesk(desk)
const widths = [
  { name: '320 px', viewport: { width: 320, height: 640 }, deviceScaleFactor: 1 },
  { name: '1280 px at 200 %', viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
]
const screens = [
  ...staffScreens.map((path) => ({ path, who: 'staff' as const })),
  ...portalScreens.map((path) => ({ path, who: 'requester' as const })),
  ...openScreens.map((path) => ({ path, who: 'nobody' as const })),
]

describe.each(widths)('at $name', ({ viewport, deviceScaleFactor }) => {
  it.each(['staff', 'requester', 'nobody'] as const)('no screen of %s scrolls sideways, and the focus is seen', async (who) => {
    const person = who === 'staff' ? filled.admin : who === 'requester' ? filled.asker : null
    const { page, context } = await desk.open(person, { viewport, deviceScaleFactor })
    const wrong: string[] = []
    for (const { path } of screens.filter((screen) => screen.who === who)) {
      await filled.go(page, path)
      const wide = (await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number
      // A screen may hide its overflow and still cut things off: what can be used must be within the window's width.
      const cut = (await page.evaluate(outside)) as string[]
      if (wide > 0) wrong.push(`${path} is ${wide} px too wide`)
      wrong.push(...cut.map((name) => `${path}: ${name} is cut off`))
      for (let n = 0; n < 12; n++) {
        await page.keyboard.press('Tab')
        const focus = await focusNow(page)
        if (!focus.lost && !(focus.seen && focus.inWindow)) wrong.push(`${path}: the focus on ${focus.name} is not seen`)
      }
    }
    expect(wrong).toEqual([])
    await context.close()
  })
})

/** Buttons, links and fields that reach beyond the window, unless they lie in something that scrolls sideways on purpose. */
const outside = `[...document.querySelectorAll('button, a, input, textarea, select')].filter((e) => {
  const box = e.getBoundingClientRect()
  if (box.width === 0 || box.height === 0 || getComputedStyle(e).visibility === 'hidden' || e.closest('[aria-hidden="true"]')) return false
  if (box.left >= -1 && box.right <= innerWidth + 1) return false
  for (let up = e.parentElement; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth && up.tagName !== 'MAIN') return false
  return getComputedStyle(e).position !== 'absolute'
}).map((e) => (e.getAttribute('aria-label') ?? e.innerText ?? e.tagName).slice(0, 40)).slice(0, 5)`

it('nothing moves for those who asked for less motion', async () => {
  const { page, context } = await desk.open(filled.admin, { reducedMotion: 'reduce' })
  await filled.go(page, '/tickets/{ticket}')
  const moving = `[...document.querySelectorAll('*')].filter((e) => {
    const s = getComputedStyle(e)
    const longest = (list) => Math.max(...list.split(',').map((t) => parseFloat(t) * (t.trim().endsWith('ms') ? 1 : 1000)))
    return (s.animationName !== 'none' && longest(s.animationDuration) > 10) || longest(s.transitionDuration) > 10
  }).map((e) => e.className.toString().slice(0, 60)).slice(0, 5)`
  expect(await page.evaluate(moving)).toEqual([])
  await page.getByRole('button', { name: 'Resolve' }).first().click()
  await page.getByRole('dialog').waitFor()
  expect(await page.evaluate(moving)).toEqual([])
  await context.close()
  // The same question finds movement where nobody asked for less, so it can fail.
  const other = await desk.open(filled.admin)
  await filled.go(other.page, '/tickets/{ticket}')
  await other.page.getByRole('button', { name: 'Resolve' }).first().click()
  await other.page.getByRole('dialog').waitFor()
  expect(((await other.page.evaluate(moving)) as string[]).length).toBeGreaterThan(0)
  await other.context.close()
})
