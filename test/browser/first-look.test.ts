import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'

/** What a browser asks for when a screen is opened, and that it misses nothing. */
const desk = useLiveDesk()
let agent: TestPerson
const reported = async (subject: string) => {
  const { page } = await desk.open(agent)
  const answer = await page.request.post('/api/tickets', {
    headers: { origin: desk.baseUrl },
    data: { subject, body: 'Since this morning.', requesterId: agent.id },
  })
  expect(answer.status()).toBe(201)
}
beforeAll(async () => {
  agent = await desk.person('agent', { name: 'Ann Archer' })
  await reported('The scanner blinks')
})

describe('The first look at the ticket list', () => {
  const listAsked = (asked: string[]) => asked.filter((url) => new URL(url).pathname === '/api/tickets')
  it('asks once for each thing: the beginning of the live stream makes nothing old that was read since', async () => {
    const { page } = await desk.open(agent)
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/api/') && void asked.push(request.url()))
    const stream = page.waitForResponse('**/api/live')
    await page.goto('/tickets')
    await page.getByText('The scanner blinks').waitFor()
    await stream
    await page.waitForTimeout(500)
    expect(asked.filter((url, n) => asked.indexOf(url) !== n)).toEqual([])
    expect(listAsked(asked)).toHaveLength(1)
  })

  it('asks again for what changed while the stream was on its way', async () => {
    const { page } = await desk.open(agent)
    await page.route('**/api/live', async (route) => {
      await reported('The door stays open')
      await route.continue()
    })
    await page.goto('/tickets')
    await page.getByText('The door stays open').waitFor()
  })

  it('asks again for what was told while its very first answer was on its way', async () => {
    const { page } = await desk.open(agent)
    let first = true
    const stream = page.waitForResponse('**/api/live')
    await page.route('**/api/tickets?**', async (route) => {
      if (!first) return route.continue()
      first = false
      const answer = await route.fetch()
      // From here on changes are told, and this answer knows nothing of them.
      await stream
      await new Promise((begun) => setTimeout(begun, 500))
      await reported('The lift stands still')
      await new Promise((told) => setTimeout(told, 1500))
      await route.fulfill({ response: answer })
    })
    await page.goto('/tickets')
    await page.getByText('The lift stands still').waitFor({ timeout: 10_000 })
  })
})

describe('A tab that was open while the program was updated', () => {
  it('is loaded anew, once, when it asks for a screen whose file is gone', async () => {
    const { page } = await desk.open(agent)
    await page.goto('/tickets')
    await page.getByText('The scanner blinks').waitFor()
    let asked = 0
    await page.route('**/assets/TasksPage-*.js', (route) => {
      asked += 1
      return asked === 1 ? route.fulfill({ status: 404 }) : route.continue()
    })
    await page.getByRole('link', { name: 'Tasks', exact: true }).first().click()
    await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor()
    expect(asked).toBe(2)
    expect(new URL(page.url()).pathname).toBe('/tasks')
  })
})

describe('The first screen', () => {
  type Chunk = { file: string; css?: string[]; imports?: string[]; isEntry?: boolean }
  const dist = new URL('../../web/dist/', import.meta.url)
  /** Scripts and styles that must be there before the screen is: the entry, the frame, the screen, and what they import. */
  function bytesOf(...screens: string[]): number {
    const chunks = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<string, Chunk>
    const files = new Set<string>()
    const seen = new Set<string>()
    const visit = (name: string): void => {
      const chunk = chunks[name]
      if (!chunk) throw new Error(`${name} is not built.`)
      if (seen.has(name)) return
      seen.add(name)
      for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
      for (const imported of chunk.imports ?? []) visit(imported)
    }
    for (const name of ['index.html', 'features/shell/Shell.tsx', ...screens]) visit(name)
    return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length, 0)
  }

  it('needs less than 250 kB of script and style, gzipped: the ticket list, and Home', () => {
    expect(bytesOf('features/tickets/TicketsScreen.tsx', 'features/tickets/NoTicket.tsx')).toBeLessThan(250_000)
    expect(bytesOf('features/figures/HomePage.tsx')).toBeLessThan(250_000)
  })
})
