import { describe, expect, it } from 'vitest'
import { firstSetUp } from '../../server/features/sessions/actions-set-up.ts'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'
import { axeFindings } from './oracles.ts'

/** The portal and the first set-up, as somebody uses them for the first time. */
const desk = useLiveDesk({ UNDO_SECONDS: '0' })

const send = async (as: TestPerson, path: string, body: unknown, more: Record<string, string> = {}) => {
  const response = await fetch(desk.baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as { id: string; version: number }
}
const versionOf = async (as: TestPerson, id: string) => {
  const response = await fetch(`${desk.baseUrl}/api/tickets/${id}`, { headers: { authorization: `Bearer ${as.token}` } })
  return ((await response.json()) as { version: number }).version
}

describe('the portal', () => {
  it('a person asks on a phone, is answered live, says that it is still broken, and at last that it is solved', async () => {
    const agent = await desk.person('lead', { name: 'Nina Weber' })
    const asker = await desk.person('requester', { name: 'Anna Vogel', email: 'anna@nordwind.example' })
    const { page, oracles } = await desk.open(asker, { phone: true })
    await page.goto('/portal')
    await page.getByRole('textbox', { name: 'What can we help you with?' }).fill('The printer prints stripes')
    await page.getByRole('textbox', { name: /Tell us more/ }).fill('On the second floor.')
    await page.getByText('With difficulty').click()
    await page.getByText('Others, too').click()
    await page
      .locator('input[type=file][multiple]')
      .setInputFiles({ name: 'stripes.txt', mimeType: 'text/plain', buffer: Buffer.from('=====') })
    await page.getByText('stripes.txt').waitFor()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('heading', { name: /has arrived/ }).waitFor()
    const id = page.url().split('/').at(-1) ?? ''
    await page.getByRole('link', { name: 'Open the request' }).click()
    await page.getByText('On the second floor.').waitFor()

    const kept = await desk.kernel.asSystem(({ db }) =>
      db.selectFrom('ticket').select(['urgency', 'impact', 'channel']).where('id', '=', id).executeTakeFirstOrThrow(),
    )
    expect(kept).toEqual({ urgency: 2, impact: 2, channel: 'portal' })

    await send(agent, `/api/tickets/${id}/take`, {})
    await send(agent, `/api/tickets/${id}/replies`, { body: 'INTERNAL-MARK: out of warranty', internal: true })
    await send(agent, `/api/tickets/${id}/replies`, { body: 'Please clean the drum.' })
    await page.getByText('Please clean the drum.').waitFor()
    await page.getByText('Being worked on by Nina').waitFor()

    await send(
      agent,
      `/api/tickets/${id}/resolve`,
      { code: 'solved', text: 'Drum cleaned.' },
      { 'if-match': `"${await versionOf(agent, id)}"` },
    )
    await page.getByRole('button', { name: 'Still broken' }).click()
    await page.getByRole('textbox', { name: /does not work yet/ }).fill('Still stripes.')
    await page.getByRole('button', { name: 'Send and go on' }).click()
    await page.getByText('Still stripes.').last().waitFor()
    await page.getByText('Being worked on by Nina').waitFor()

    await send(
      agent,
      `/api/tickets/${id}/resolve`,
      { code: 'solved', text: 'New drum.' },
      { 'if-match': `"${await versionOf(agent, id)}"` },
    )
    await page.getByRole('button', { name: 'Solved, thank you' }).click()
    await page.getByText('This request is closed.').waitFor()
    const words = await page.locator('body').innerText()
    expect(words).not.toMatch(/INTERNAL-MARK|incident|requester|\bSLA\b|\btier\b|priority/i)
    expect(await axeFindings(page)).toEqual([])
    await oracles.check()
  })

  it('a colleague of the desk sees there what the person who asked sees, and no note', async () => {
    const agent = await desk.person('lead')
    const asker = await desk.person('requester')
    const { id } = await send(asker, '/api/tickets', { subject: 'No sound', body: 'In every call.' })
    await send(agent, `/api/tickets/${id}/replies`, { body: 'INTERNAL-MARK', internal: true })
    const { page } = await desk.open(agent)
    await page.goto(`/portal/requests/${id}`)
    await page.getByText('In every call.').waitFor()
    await page.getByText('You see this as').waitFor()
    expect(await page.locator('body').innerText()).not.toContain('INTERNAL-MARK')
    expect(await page.getByRole('textbox', { name: 'Your message' }).count()).toBe(0)
  })

  it('what was begun is still there on another device, and gone once it is sent', async () => {
    const asker = await desk.person('requester')
    const first = await desk.open(asker)
    await first.page.goto('/portal')
    const kept = first.page.waitForResponse((r) => r.url().endsWith('/api/drafts') && r.request().method() === 'PUT')
    await first.page.getByRole('textbox', { name: 'What can we help you with?' }).fill('Half a sentence')
    await kept
    const second = await desk.open(asker, { phone: true })
    await second.page.goto('/portal')
    const box = second.page.getByRole('textbox', { name: 'What can we help you with?' })
    await box.waitFor()
    expect(await box.inputValue()).toBe('Half a sentence')
    await second.page.getByRole('button', { name: 'Send' }).click()
    await second.page.getByRole('heading', { name: /has arrived/ }).waitFor()
    await second.page.goto('/portal')
    await box.waitFor()
    expect(await box.inputValue()).toBe('')
  })
})

it('the first administrator sets the desk up, may leave in between, and ends at the tickets', async () => {
  const path = await firstSetUp(desk.kernel)
  expect(path).not.toBeNull()
  await desk.kernel.asSystem(({ db }) =>
    db
      .insertInto('setting')
      .values({ name: 'company', value: JSON.stringify({ secondFactor: 'nobody' }), changed_at: desk.kernel.clock.now() })
      .execute(),
  )
  const { page, oracles } = await desk.open(null)
  await page.goto(path ?? '')
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Brand')
  await page.getByRole('textbox', { name: 'Your e-mail address' }).fill('ada@brightwater.example')
  await page.locator('input[name=password]').fill('correct horse battery')
  await page.getByRole('button', { name: 'Begin' }).click()
  // The step after the company, whose row is there already: it comes back to where it was, and one may go back.
  await page.getByRole('heading', { name: 'A mailbox' }).waitFor()
  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('heading', { name: 'Your company' }).waitFor()
  await page.getByText('You look after several companies.').click()
  await page.getByRole('textbox', { name: 'Name of the desk' }).fill('Helpdesk Nord')
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByRole('heading', { name: 'A mailbox' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.reload()
  await page.getByRole('button', { name: 'Skip for now' }).click()
  await page.getByRole('heading', { name: 'Two colleagues' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Ben Ortiz')
  await page.getByRole('textbox', { name: 'E-mail address' }).first().fill('ben@brightwater.example')
  await page.getByRole('button', { name: 'Invite and go on' }).click()
  await page.getByText('Still open: A mailbox').waitFor()
  await page.getByRole('button', { name: 'To the tickets' }).click()
  await page.waitForURL(/\/tickets/)
  await page.getByRole('link', { name: 'Customers' }).waitFor()
  await oracles.check()
})
