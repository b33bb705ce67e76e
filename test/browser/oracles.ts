import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What must hold on every page, whatever was shown: no script of a stranger ran, nothing broke our policy, nothing left the machine. */
export type Oracles = { errors: string[]; outside: string[]; check(): Promise<void> }

export function watchPage(page: Page): Oracles {
  const errors: string[] = []
  const outside: string[] = []
  page.on('pageerror', (cause) => errors.push(String(cause)))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) errors.push(message.text())
  })
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (/^https?:$/.test(protocol) && !['localhost', '127.0.0.1'].includes(hostname)) outside.push(request.url())
  })
  return {
    errors,
    outside,
    async check() {
      const marks = await Promise.all(page.frames().map((frame) => frame.evaluate('window.__x ?? null').catch(() => null)))
      expect(
        marks.filter((mark) => mark !== null),
        "a stranger's script ran",
      ).toEqual([])
      expect(errors, 'page errors and policy reports').toEqual([])
      expect(outside, 'requests to the outside').toEqual([])
    },
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What still fades or slides has colours of neither state. Endless ones (a placeholder that breathes) are not waited for. */
const untilStill = `Promise.race([
  Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {}))),
  new Promise((over) => setTimeout(over, 2000)),
]).then(() => undefined)`

/** Everything that axe finds by WCAG 2.2 A and AA (or by some rules only), one line each. Evaluated by the debugger, so the page's policy stays on. */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  await page.evaluate(untilStill)
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])}, resultTypes: ['violations'], iframes: false })
      .then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' (' + (n.any[0]?.message ?? n.all[0]?.message ?? '') + ')').slice(0, 3).join(' | ')))`,
  )
  return found as string[]
}
