/**
 * Takes a picture of a page: `node scripts/screenshot.ts URL OUT.png [--dark] [--phone] [--cookie name=value] [--full]`.
 * Prints what the page wrote to its console as an error; exits with 1 when there was any.
 */
import { parseArgs } from 'node:util'
import { launchBrowser } from '../test/browser/chromium.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    phone: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    cookie: { type: 'string', multiple: true, default: [] },
  },
})
const [url, out] = positionals
if (!url || !out) {
  console.error('node scripts/screenshot.ts URL OUT.png [--dark] [--phone] [--cookie name=value] [--full]')
  process.exit(2)
}

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const desktop = { viewport: { width: 1440, height: 900 } }
const browser = await launchBrowser()
try {
  const context = await browser.newContext({
    ...(values.phone ? phone : desktop),
    colorScheme: values.dark ? 'dark' : 'light',
  })
  const cookies = values.cookie.map((pair) => ({
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    url,
  }))
  if (cookies.length > 0) await context.addCookies(cookies)
  const tab = await context.newPage()
  const report = (line: string) => {
    process.exitCode = 1
    console.error(line)
  }
  tab.on('console', (message) => message.type() === 'error' && report(`console: ${message.text()}`))
  tab.on('pageerror', (error) => report(`uncaught: ${error.message}`))
  await tab.goto(url)
  // The live stream never ends, and while it is open the network may not count as idle: take the picture all the same.
  await tab.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => {})
  await tab.evaluate('document.fonts.ready')
  await tab.screenshot({ path: out, fullPage: values.full })
} finally {
  await browser.close()
}
