import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { inflatedChromium, launchBrowser } from './chromium.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
}, 60_000)

afterAll(() => browser?.close())

const page = (body: string) => `data:text/html,${encodeURIComponent(`<!doctype html><meta charset=utf-8>${body}`)}`

test('a person presses a button and sees what it did', async () => {
  const tab = await browser.newPage()
  await tab.goto(page(`<button onclick="this.textContent = 'Solved'">Solve</button>`))
  await tab.getByRole('button', { name: 'Solve' }).click()
  expect(await tab.getByRole('button').textContent()).toBe('Solved')
  await tab.close()
})

test('a picture of the screen shows its text', async () => {
  const tab = await browser.newPage({ viewport: { width: 400, height: 100 } })
  await tab.goto(page('<body style="font: 40px sans-serif">'))
  const blank = await tab.screenshot()
  await tab.setContent('<body style="font: 40px sans-serif">Grüße')
  const written = await tab.screenshot()
  expect(written.subarray(1, 4).toString()).toBe('PNG')
  expect(written.length).toBeGreaterThan(blank.length + 500)
  await tab.close()
})

test('a page cannot read another site, as in the browsers that people use', async () => {
  const [here, elsewhere] = [await serve('secret'), await serve('secret')]
  const tab = await browser.newPage()
  await tab.goto(here)
  const read = (url: string) =>
    tab.evaluate(async (to) => {
      const answer = await fetch(to).catch(() => undefined)
      return answer ? answer.text() : 'refused'
    }, url)
  expect(await read(here)).toBe('secret')
  expect(await read(elsewhere)).toBe('refused')
  await tab.close()
})

test('two programs that unpack the browser at once both get a whole one', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'fl-browser-'))
  try {
    const folders = await Promise.all([inflatedChromium(cache), inflatedChromium(cache)])
    expect(new Set(folders).size).toBe(1)
    expect(readdirSync(cache)).toHaveLength(1)
    expect(statSync(join(folders[0], 'chromium')).size).toBeGreaterThan(100_000_000)
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}, 60_000)

async function serve(text: string): Promise<string> {
  const server = createServer((_request, answer) => answer.end(text)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
