import type { Browser, BrowserContext } from 'playwright-core'
import { launchBrowser } from '../test/browser/chromium.ts'
import { type Program, sessionOf } from './programs.ts'
import type { Ground } from './scenarios.ts'

/**
 * Whole pages in headless Chromium: from the address to the moment in which what somebody came for is on the screen and
 * the page takes clicks (no script has kept it busy for two frames). Cold: nothing in the browser's cache; warm: seen before.
 */
export type PageRow = { name: string; ceiling?: number; cold: Times; warm: Times; kilobytes: number }
export type Times = { median: number; worst: number }
const runs = 7

export async function measurePages(program: Program, ground: Ground): Promise<PageRow[]> {
  const browser = await launchBrowser()
  try {
    const token = await sessionOf(program)
    const look = (name: string, path: string, shows: string, ceiling?: number) =>
      measurePage(browser, { program, token, path, shows }).then((row) => ({ name, ...(ceiling ? { ceiling } : {}), ...row }))
    return [
      await look('page: ticket list', '/tickets?view=all-open', 'a[href^="/tickets/"]', 500),
      await look('page: ticket with five messages', `/tickets/${ground.closedTickets[10]}?view=all-open`, 'article'),
    ]
  } finally {
    await browser.close()
  }
}

type Look = { program: Program; token: string; path: string; shows: string }

async function measurePage(browser: Browser, look: Look): Promise<Omit<PageRow, 'name'>> {
  const cold: number[] = []
  const warm: number[] = []
  let kilobytes = 0
  for (let n = 0; n < runs; n++) {
    const context = await contextOf(browser, look)
    const first = await openPage(context, look)
    cold.push(first.milliseconds)
    kilobytes = first.kilobytes
    warm.push((await openPage(context, look)).milliseconds)
    await context.close()
  }
  return { cold: timesOf(cold), warm: timesOf(warm), kilobytes }
}

async function contextOf(browser: Browser, { program, token }: Look): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: `http://localhost:${program.port}`, viewport: { width: 1440, height: 900 } })
  const cookie = { name: '__Host-firstline', value: token, domain: 'localhost', path: '/', secure: true, httpOnly: true }
  await context.addCookies([{ ...cookie, sameSite: 'Lax' as const }])
  return context
}

async function openPage(context: BrowserContext, { path, shows }: Look): Promise<{ milliseconds: number; kilobytes: number }> {
  const page = await context.newPage()
  await page.goto(path, { waitUntil: 'commit' })
  const milliseconds = await page.evaluate<number>(untilUsable(shows))
  const kilobytes = await page.evaluate<number>(
    `performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0) / 1000`,
  )
  await page.close()
  return { milliseconds, kilobytes: Math.round(kilobytes) }
}

/** Runs in the page. The calm frames at its end are not waiting and do not count. */
const untilUsable = (selector: string): string => `new Promise((done) => {
  let calm = 0, since = 0, last = performance.now()
  const frame = () => {
    const now = performance.now()
    calm = document.querySelector(${JSON.stringify(selector)}) && now - last < 50 ? calm + 1 : 0
    if (calm === 1) since = now
    last = now
    if (calm === 3) done(since)
    else requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})`

function timesOf(times: number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  return { median: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0), worst: Math.round(sorted.at(-1) ?? 0) }
}
