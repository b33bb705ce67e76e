import { mkdirSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { useLiveDesk } from './desk.ts'
import { looks, useFilledDesk } from './filled-desk.ts'
import { axeFindings } from './oracles.ts'
import { openScreens, portalScreens, staffScreens } from './screen-list.ts'

/**
 * Every screen, as staff and as requester, light and dark, desktop and phone, with content: axe finds nothing, nothing
 * breaks our policy, nothing leaves the machine, nothing is wider than the page. SCREENS=folder keeps the pictures.
 */
const desk = useLiveDesk()
const filled = useFilledDesk(desk)

const screens = [
  ...staffScreens.map((path) => ({ path, who: 'staff' as const })),
  ...portalScreens.map((path) => ({ path, who: 'requester' as const })),
  ...openScreens.map((path) => ({ path, who: 'nobody' as const })),
]

type Opened = Awaited<ReturnType<typeof desk.open>>

describe.each(looks)('$name', ({ name, choices }) => {
  const opened = new Map<string, Opened>()
  afterAll(async () => {
    for (const { context } of opened.values()) await context.close()
  })
  it.each(screens)('$who $path', async ({ path, who }) => {
    const kept = opened.get(who) ?? (await desk.open(who === 'staff' ? filled.admin : who === 'requester' ? filled.asker : null, choices))
    opened.set(who, kept)
    const { page, oracles } = kept
    await filled.go(page, path)
    if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/${pictureName(path)}-${name}.png` })
    expect(await axeFindings(page)).toEqual([])
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(tooWide, 'wider than the page').toBeLessThanOrEqual(0)
    await oracles.check()
  })
})

function pictureName(path: string): string {
  mkdirSync(process.env.SCREENS ?? '', { recursive: true })
  return path.replace(/[{}]/g, '').replace(/\W+/g, '-').replace(/^-/, '')
}
