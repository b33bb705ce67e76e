import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { buildWebIfChanged } from '../../scripts/web-build.ts'
import { allJobs, allSchedules, buildApp } from '../../server/app.ts'
import { type Sink, startSink } from '../../server/features/mail/mail.testing.ts'
import { smtpTransport } from '../../server/features/mail/outside.ts'
import { startSmtpIn } from '../../server/features/mail/smtp-in.ts'
import { startSession } from '../../server/features/sessions/actions-sessions.ts'
import { type Clock, systemClock } from '../../server/kernel/clock.ts'
import type { Kernel } from '../../server/kernel/context.ts'
import { pooledTransactor, poolOf } from '../../server/kernel/db.ts'
import { startLive } from '../../server/kernel/live.ts'
import { jsonLog } from '../../server/kernel/log.ts'
import { startWorker } from '../../server/kernel/worker.ts'
import { kernelOver } from '../../server/program.ts'
import { cloneDatabase } from '../database.ts'
import { type Factories, factoriesOver, type TestPerson } from '../factories.ts'
import { freePort } from '../free-port.ts'
import { testSettings } from '../harness.ts'
import { launchBrowser } from './chromium.ts'
import { type Oracles, watchPage } from './oracles.ts'

/** The whole program on a database of its own, with a real browser in front and a real mail server behind. */
export type LiveDesk = Factories & {
  kernel: Kernel
  baseUrl: string
  smtpPort: number
  sink: Sink
  browser: Browser
  /** A browser of that person's own, signed in; `phone` and `dark` as LOOK.md judges screens. */
  open(
    person: TestPerson | null,
    choices?: { phone?: boolean; dark?: boolean; language?: string } & Pick<
      BrowserContextOptions,
      'viewport' | 'deviceScaleFactor' | 'reducedMotion' | 'timezoneId'
    >,
  ): Promise<{ page: Page; context: BrowserContext; oracles: Oracles }>
}

const host = '__Host-firstline'

/** With a moved clock, jobs that are for later are later by the machine's clock: they do not come during a test. */
export function useLiveDesk(more: Record<string, string> = {}, clock: Clock = systemClock): LiveDesk {
  const desk = {} as LiveDesk
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    await buildWebIfChanged(() => {})
    const dataDir = mkdtempSync(join(tmpdir(), 'fl-live-'))
    closing.push(async () => rmSync(dataDir, { recursive: true, force: true }))
    const clone = await cloneDatabase()
    closing.push(() => clone.drop())
    const port = await freePort()
    const settings = testSettings(dataDir, { PORT: String(port), BASE_URL: `http://localhost:${port}`, ...more })
    const log = jsonLog(
      (line) => /"level":"error"/.test(line) && process.stderr.write(line),
      () => new Date().toISOString(),
    )
    const pool = poolOf(clone.ownerUrl, 10, () => {}, 'firstline')
    const kernel = kernelOver(pooledTransactor(pool), settings, clock, log)
    closing.push(() => pool.end())
    const sink = await startSink()
    closing.push(() => sink.stop())
    kernel.outside.mailTransport = smtpTransport(sink.url, 'desk.example')
    const live = startLive(clone.ownerUrl, log)
    closing.push(() => live.stop())
    const app = buildApp(kernel, live)
    await app.listen({ host: '127.0.0.1', port })
    closing.push(() => app.close())
    const workerPool = poolOf(clone.ownerUrl, 6, () => {}, undefined, false)
    closing.push(() => workerPool.end())
    const worker = await startWorker(kernel, workerPool, allJobs, allSchedules)
    closing.push(() => worker.stop())
    const smtp = await startSmtpIn(kernel, { port: 0, host: '127.0.0.1' })
    closing.push(() => smtp.stop())
    const browser = await launchBrowser()
    closing.push(() => browser.close())
    Object.assign(
      desk,
      { kernel, baseUrl: settings.baseUrl, smtpPort: smtp.port, sink, browser, open: opener(desk) },
      factoriesOver(() => kernel),
    )
  }, 120_000)
  afterAll(async () => {
    for (const close of closing.reverse()) await close().catch((cause) => process.stderr.write(`closing: ${cause}\n`))
  }, 60_000)
  return desk
}

const opener =
  (desk: LiveDesk): LiveDesk['open'] =>
  async (person, { phone = false, dark = false, language = 'en', ...more } = {}) => {
    const context = await desk.browser.newContext({
      baseURL: desk.baseUrl,
      locale: language,
      colorScheme: dark ? 'dark' : 'light',
      viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
      ...(phone ? { hasTouch: true, isMobile: true } : {}),
      ...more,
    })
    if (person) {
      const { token } = await desk.kernel.asSystem((c) =>
        startSession(c, person.id, 'card', { address: '127.0.0.1', name: 'test', origin: desk.baseUrl }),
      )
      await context.addCookies([
        { name: host, value: token, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
      ])
    }
    const page = await context.newPage()
    return { page, context, oracles: watchPage(page) }
  }
