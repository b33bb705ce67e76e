import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { firstSetUp } from '../../server/features/sessions/actions-set-up.ts'
import type { TestPerson } from '../factories.ts'
import type { LiveDesk } from './desk.ts'

/** A desk with something on every screen, and how one goes to each: `/tickets/{ticket}`. */
export type FilledDesk = {
  admin: TestPerson
  asker: TestPerson
  where: Record<string, string>
  /** Goes there and waits until it stands: skeletons are gone. The live stream never ends, so there is no idle to wait for. */
  go(page: Page, path: string): Promise<void>
  /** Asked by the debugger again and again: the browser's own waiting would need `eval`, which our policy forbids. */
  until(page: Page, holds: string): Promise<void>
}

export const looks = [
  { name: 'desktop-light', choices: {} },
  { name: 'desktop-dark', choices: { dark: true } },
  { name: 'phone-light', choices: { phone: true } },
  { name: 'phone-dark', choices: { phone: true, dark: true, language: 'de' } },
]

export function useFilledDesk(desk: LiveDesk): FilledDesk {
  const where: Record<string, string> = {}
  const filled = { where, go, until } as FilledDesk
  async function until(page: Page, holds: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (await page.evaluate(holds)) return
      await page.waitForTimeout(100)
    }
    throw new Error(`It never held: ${holds}`)
  }
  async function go(page: Page, path: string): Promise<void> {
    await page.goto(path.replace(/\{(\w+)\}/g, (_, key: string) => where[key] ?? ''))
    await page.locator('main').first().waitFor()
    await until(page, `!document.querySelector('[aria-busy="true"]')`)
    await page.waitForTimeout(250)
  }
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
    const admin = await desk.person('administrator', { name: 'Ada Archer', email: 'ada@desk.example' })
    const organisation = await desk.organisation('Nordwind Logistik GmbH', ['nordwind.example'])
    const asker = await desk.person('requester', {
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
    Object.assign(filled, { admin, asker })
    Object.assign(where, { ticket: ticket.id, organisation: organisation.id, asker: asker.id, resolved: resolved.id })
  }, 60_000)
  return filled
}
