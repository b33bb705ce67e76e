import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TestPerson } from '../factories.ts'
import { useLiveDesk } from './desk.ts'

/** The mail screens of an administrator: what is held, and how a mailbox fares, in their language. */
const desk = useLiveDesk({ UNDO_SECONDS: '0' })
let admin: TestPerson

beforeAll(async () => {
  admin = await desk.person('administrator', { name: 'Ada Admin', language: 'de' })
  const casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  await desk.mailbox('help@desk.example')
  const way = desk.kernel.outside.mailTransport
  desk.kernel.outside.mailTransport = null
  for (const subject of ['Drucker', 'Maus']) {
    const made = await fetch(`${desk.baseUrl}/api/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ subject, body: 'x', requesterId: casey.id, acknowledge: false }),
    })
    const { id } = (await made.json()) as { id: string }
    await fetch(`${desk.baseUrl}/api/tickets/${id}/replies`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: `Zu ${subject}` }),
    })
  }
  await desk.kernel.asSystem(async ({ db }) => {
    await sql`update outbound_mail set created_at = created_at - interval '9 days'`.execute(db)
    const condition = {
      state: 'not-connected',
      cause: 'consent-lost',
      detail: 'AADSTS50173: The grant was revoked.',
      at: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 6 * 86_400_000).toISOString(),
    }
    await sql`insert into mailbox (name, address, way, condition, connection, created_at) values ('IT-Support', 'it@desk.example', 'microsoft', ${JSON.stringify(condition)}::jsonb, '{"clientId": "c", "secretExpiresOn": "2027-01-31"}', now())`.execute(
      db,
    )
  })
  desk.kernel.outside.mailTransport = way
}, 60_000)

describe('mail, for an administrator', () => {
  it('held mail is counted, shown and sent by one yes', async () => {
    const { page, oracles, context } = await desk.open(admin)
    await page.goto(`${desk.baseUrl}/mail?tab=outbox`)
    await page.getByText('2 Mails werden zurückgehalten').waitFor()
    await page.getByRole('button', { name: 'Alles senden' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Drucker').waitFor()
    expect(desk.sink.taken).toEqual([])
    await dialog.getByRole('button', { name: '2 Mails senden' }).click()
    await page.getByText('2 Mails werden zurückgehalten').waitFor({ state: 'detached' })
    await expect
      .poll(() => desk.sink.taken.map((mail) => mail.to[0]), { timeout: 20_000 })
      .toEqual(['casey@customer.example', 'casey@customer.example'])
    expect(oracles.errors).toEqual([])
    await context.close()
  })

  it('a mailbox says in German what is wrong and when its sign-in ends; its form asks for the day', async () => {
    const { page, oracles, context } = await desk.open(admin)
    await page.goto(`${desk.baseUrl}/mail?tab=mailboxes`)
    await page.getByText('Die Zustimmung ist weg. Verbinden Sie es neu.').waitFor()
    await page.getByText('AADSTS50173').waitFor()
    await page.getByText(/Der Clientschlüssel endet|Clientschlüssel endet/).waitFor()
    const card = page.getByRole('article').filter({ hasText: 'IT-Support' })
    await card.getByRole('button', { name: 'Bearbeiten' }).click()
    const day = page.getByLabel('Der Clientschlüssel gilt bis')
    await day.waitFor()
    expect(await day.inputValue()).toBe('2027-01-31')
    await day.scrollIntoViewIfNeeded()
    expect(oracles.errors).toEqual([])
    await context.close()
  })
})
