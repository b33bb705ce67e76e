import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstSetUp } from '../../server/features/sessions/actions-set-up.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/**
 * Every screen, as staff and as requester, light and dark, desktop and phone, with content: axe finds nothing, nothing
 * breaks our policy, nothing leaves the machine, nothing is wider than the page. SCREENS=folder keeps the pictures.
 */
const desk = useLiveDesk()
const where: Record<string, string> = {}
let admin: TestPerson
let asker: TestPerson

const post = async (as: TestPerson, path: string, body: unknown, method = 'POST') => {
  const response = await fetch(desk.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? {} : await response.json()) as { id: string }
}

beforeAll(async () => {
  where['setUp'] = (await firstSetUp(desk.kernel)) ?? ''
  admin = await desk.person('administrator', { name: 'Ada Archer', email: 'ada@desk.example' })
  const organisation = await desk.organisation('Nordwind Logistik GmbH', ['nordwind.example'])
  asker = await desk.person('requester', {
    name: 'Maximiliane von Hohenstein-Oberbergen',
    email: 'maximiliane@nordwind.example',
    organisationId: organisation.id,
  })
  const team = await desk.team('Service desk', 1, [admin])
  await desk.mailbox('support@desk.example', { teamId: team.id })
  await post(admin, `/api/organisations/${organisation.id}/sites`, {
    name: 'Hamburg, Speicherstadt',
    address: 'Am Sandtorkai 1\n20457 Hamburg',
    accessNote: 'Ring twice.',
  })
  await post(admin, '/api/routing-rules', { name: 'VPN to network', words: ['vpn', 'tunnel'], teamId: team.id })
  for (let n = 0; n < 8; n++)
    await post(asker, '/api/tickets', {
      subject: `Der Drucker im ${n}. Stock druckt seit heute Morgen nur noch Streifen`,
      body: 'Guten Tag,\n\nseit heute Morgen.',
      canWork: 'no',
    })
  const ticket = await post(asker, '/api/tickets', {
    subject: 'VPN tunnel drops every ten minutes',
    body: 'It asks for the password again and again.',
  })
  await post(admin, `/api/tickets/${ticket.id}/replies`, { body: 'Please send the log.' })
  await post(admin, `/api/tickets/${ticket.id}/replies`, { body: 'Certificate expires on Friday.', internal: true })
  const resolved = await post(asker, '/api/tickets', { subject: 'Password reset', body: 'Please.' })
  const response = await fetch(`${desk.baseUrl}/api/tickets/${resolved.id}/resolve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json', 'if-match': '1' },
    body: '{"code":"solved","text":"Set anew."}',
  })
  expect(response.status).toBe(200)
  Object.assign(where, { ticket: ticket.id, organisation: organisation.id, asker: asker.id, resolved: resolved.id })
}, 60_000)

const staffScreens = [
  '/tickets',
  '/tickets/{ticket}',
  '/new-ticket',
  '/people',
  '/people/{asker}',
  '/organisations',
  '/organisations/{organisation}',
  '/teams',
  '/mail',
  '/health',
  '/settings',
  '/profile',
]
const portalScreens = ['/portal', '/portal/requests', '/portal/requests/{ticket}', '/portal/requests/{resolved}', '/portal/profile']
const openScreens = ['/sign-in', '/link/abcdefghijklmnopqrstuv', '/answer/abcdefghijklmnopqrstuv', '{setUp}', '/nowhere-at-all']
const looks = [
  { name: 'desktop-light', choices: {} },
  { name: 'desktop-dark', choices: { dark: true } },
  { name: 'phone-light', choices: { phone: true } },
  { name: 'phone-dark', choices: { phone: true, dark: true, language: 'de' } },
]
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
    const kept = opened.get(who) ?? (await desk.open(who === 'staff' ? admin : who === 'requester' ? asker : null, choices))
    opened.set(who, kept)
    const { page, oracles } = kept
    await page.goto(path.replace(/\{(\w+)\}/g, (_, key: string) => where[key] ?? ''))
    await page.locator('main').first().waitFor()
    // Skeletons are gone and the pictures of the screen are there; the live stream never ends, so there is no idle to wait for.
    await page.waitForFunction(`!document.querySelector('[aria-busy="true"]')`)
    await page.waitForTimeout(250)
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
