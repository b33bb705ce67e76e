import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo, someMessageId, type Written } from './mail.testing.ts'

const desk = useDesk()
let agent: TestPerson
let casey: TestPerson
let box: { id: string; address: string }
beforeEach(async () => {
  agent = await desk.person('agent')
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example' })
  box = await desk.mailbox('help@desk.example')
})

const write = async (mail: Written) => {
  const messageId = mail.messageId ?? someMessageId()
  await sendTo(desk.kernel, { to: [box.address], ...mail, messageId })
  await desk.work()
  return journalOf(messageId)
}
type Entry = { id: string; verdict: string; reason: string; ticket_id: string | null; created_message_id: string | null; detail: Record<string, unknown> }
const journalOf = (messageId: string) =>
  desk.kernel.transactor.transaction(async (db) => (await sql<Entry>`select id, verdict, reason, ticket_id, created_message_id, detail from inbound_mail where message_id = ${messageId} order by id desc limit 1`.execute(db)).rows[0]!)
const see = (id: string | null) => desk.call('GET /api/tickets/:id', { as: agent, params: { id: id ?? '0' } })
const outbox = () =>
  desk.kernel.transactor.transaction(async (db) => (await sql<{ kind: string; state: string; subject: string; body: string; message_id: string; ticket_id: string; sender: { token: string } }>`select kind, state, subject, body, message_id, ticket_id, sender from outbound_mail order by id`.execute(db)).rows)

describe('a mail comes in', () => {
  it('becomes a ticket of its sender, and is told at once that it arrived', async () => {
    const entry = await write({ subject: 'Printer on fire', body: 'Please help.' })
    expect(entry).toMatchObject({ verdict: 'created', reason: 'new' })
    const ticket = await see(entry.ticket_id)
    expect(ticket).toMatchObject({ subject: 'Printer on fire', channel: 'mail', requester: { id: casey.id }, mailbox: { id: box.id } })
    expect(ticket.messages[0]).toMatchObject({ kind: 'mail', direction: 'in', text: 'Please help.', from: { email: casey.email } })
    expect(await outbox()).toMatchObject([{ kind: 'acknowledgement', state: 'held', ticket_id: entry.ticket_id }])
  })

  it('the answer of its sender lands in the same ticket', async () => {
    const first = await write({ subject: 'Printer' })
    const [ack] = await outbox()
    const second = await write({ subject: 'Re: whatever', body: 'More.', headers: [`In-Reply-To: <${ack!.message_id}>`] })
    expect(second).toMatchObject({ verdict: 'followed-up', reason: 'message-id', ticket_id: first.ticket_id })
    expect((await see(first.ticket_id)).messages).toHaveLength(2)
  })

  it('an answer without SMTP_URL is held, visibly, after the undo time', async () => {
    const { ticket_id } = await write({})
    const reply = await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: ticket_id ?? '' }, body: { body: 'Is it plugged in?' } })
    expect(reply.delivery).toMatchObject({ state: 'waiting' })
    desk.clock.advance({ seconds: 11 })
    await desk.work()
    expect((await see(ticket_id)).messages[1]?.delivery).toMatchObject({ state: 'held' })
  })
})
