import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo, someMessageId, type Written } from './mail.testing.ts'

/** Merging and splitting as the post sees it: real mail over our own listener. */
const desk = useDesk()
let agent: TestPerson
let casey: TestPerson
let robin: TestPerson
let box: { id: string; address: string }
beforeEach(async () => {
  agent = await desk.person('agent')
  const { id: organisationId } = await desk.organisation('Customer', ['customer.example'])
  casey = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example', organisationId })
  robin = await desk.person('requester', { name: 'Robin', email: 'robin@customer.example', organisationId })
  box = await desk.mailbox('help@desk.example')
})

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
type Entry = { verdict: string; reason: string; ticket_id: string }
const write = async (mail: Written = {}) => {
  const messageId = mail.messageId ?? someMessageId()
  await sendTo(desk.kernel, { to: [box.address], ...mail, messageId })
  await desk.work()
  return (await query(sql<Entry>`select verdict, reason, ticket_id from inbound_mail where message_id = ${messageId}`))[0]!
}
const see = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })
const textsOn = async (id: string) => (await see(id)).messages.map((m) => m.text)
const merge = (fromId: string, intoId: string, more = {}) =>
  desk.call('POST /api/tickets/:id/merge', { as: agent, params: { id: fromId }, body: { intoId, ...more } })
const undo = (mergeId: string) => desk.call('POST /api/merges/:id/undo', { as: agent, params: { id: mergeId } })
const tokenOf = async (ticketId: string) =>
  (
    await query(
      sql<{
        token: string
      }>`select sender ->> 'token' as token from outbound_mail where ticket_id = ${ticketId} and kind = 'acknowledgement'`,
    )
  )[0]!.token

describe('mail to a merged ticket', () => {
  it('lands on the survivor for ever, by thread, by subject and by reply address, over a chain, and goes home when it is undone', async () => {
    const first = someMessageId()
    const a = (await write({ from: casey.email, subject: 'Printer', body: 'One.', messageId: first })).ticket_id
    const b = (await write({ from: robin.email, subject: 'Printing', body: 'Two.' })).ticket_id
    const c = (await write({ from: robin.email, subject: 'All printers', body: 'Three.' })).ticket_id
    const token = await tokenOf(a)
    const one = await merge(a, b)
    expect(one.ticket.messages.map((m) => m.text)).toEqual(['One.', 'Two.'])
    const two = await merge(b, c)
    expect(await textsOn(c)).toEqual(['One.', 'Two.', 'Three.'])
    const later = someMessageId()
    const byThread = await write({
      from: casey.email,
      subject: 'Re: Printer',
      body: 'Thread.',
      messageId: later,
      headers: [`In-Reply-To: <${first}>`],
    })
    const bySubject = await write({ from: casey.email, subject: `Re: Printer [#${a}]`, body: 'Subject.' })
    const byAddress = await write({ from: casey.email, to: [`help+${token}@desk.example`], subject: 'Printer', body: 'Address.' })
    for (const entry of [byThread, bySubject, byAddress]) expect(entry).toMatchObject({ verdict: 'followed-up', ticket_id: c })
    const toC = await write({ from: robin.email, subject: `Re: All [#${c}]`, body: 'Mine.' })
    expect(toC.ticket_id).toBe(c)
    // The chain comes apart at its upper link first: what is at home in A goes with B.
    await undo(two.mergeId)
    expect(await textsOn(b)).toEqual(['One.', 'Two.', 'Thread.', 'Subject.', 'Address.'])
    expect(await textsOn(c)).toEqual(['Three.', 'Mine.'])
    await undo(one.mergeId)
    expect(await textsOn(a)).toEqual(['One.', 'Thread.', 'Subject.', 'Address.'])
    expect(await textsOn(b)).toEqual(['Two.'])
    const after = await write({ from: casey.email, subject: 'x', body: 'Home.', headers: [`In-Reply-To: <${later}>`] })
    expect(after.ticket_id).toBe(a)
    const where = await query(sql<{ ticket_id: string }>`select distinct ticket_id from inbound_mail where from_address = ${casey.email}`)
    expect(where.map((row) => row.ticket_id)).toEqual([a])
  })

  it('a link in the middle of the chain is undone alone: only what is at home there leaves the survivor', async () => {
    const a = (await write({ from: casey.email, subject: 'A', body: 'One.' })).ticket_id
    const b = (await write({ from: robin.email, subject: 'B', body: 'Two.' })).ticket_id
    const c = (await write({ from: robin.email, subject: 'C', body: 'Three.' })).ticket_id
    const { mergeId } = await merge(a, b)
    await merge(b, c)
    await undo(mergeId)
    expect([await textsOn(a), await textsOn(b), await textsOn(c)]).toEqual([['One.'], [], ['Two.', 'Three.']])
    expect((await write({ from: casey.email, subject: `Re: A [#${a}]`, body: 'Again.' })).ticket_id).toBe(a)
    expect((await write({ from: robin.email, subject: `Re: B [#${b}]`, body: 'Still.' })).ticket_id).toBe(c)
  })

  it('tells its requester where it goes on, unless told not to, and an answer to that arrives', async () => {
    const a = (await write({ from: casey.email, subject: 'Printer', body: 'One.' })).ticket_id
    const b = (await write({ from: robin.email, subject: 'Printing', body: 'Two.' })).ticket_id
    await merge(a, b)
    await desk.work()
    type Out = { body: string; message_id: string; address: string }
    const told = () =>
      query(
        sql<Out>`select o.body, o.message_id, r.address from outbound_mail o join outbound_recipient r on r.outbound_mail_id = o.id where o.kind = 'system' order by o.id`,
      )
    const [mail, ...more] = await told()
    expect([mail!.address, more]).toEqual([casey.email, []])
    expect(mail!.body).toContain(`number ${b}`)
    expect(mail!.body).not.toContain('Two.')
    const back = await write({ from: casey.email, subject: 'Thanks', body: 'Thanks.', headers: [`In-Reply-To: <${mail!.message_id}>`] })
    expect(back.ticket_id).toBe(b)
    const d = (await write({ from: casey.email, subject: 'Mouse', body: 'Four.' })).ticket_id
    await merge(d, b, { tell: false })
    expect(await told()).toHaveLength(1)
  })
})

describe('splitting', () => {
  const split = (id: string, messageIds: string[], how: 'move' | 'copy' = 'move') =>
    desk.call('POST /api/tickets/:id/split', { as: agent, params: { id }, body: { messageIds, how } })

  it('keeps the identity of the thread: answers to what moved land on the new ticket, answers to what stayed on the old', async () => {
    const ids = [someMessageId(), someMessageId()] as const
    const old = (await write({ from: casey.email, subject: 'Printer', body: 'It jams.', messageId: ids[0] })).ticket_id
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: old }, body: { body: 'We look.' } })
    desk.clock.advance({ seconds: 20 })
    await desk.work()
    const [ours] = await query(
      sql<{ message_id: string }>`select message_id from outbound_mail where ticket_id = ${old} and kind = 'reply'`,
    )
    const thread = [`In-Reply-To: <${ours!.message_id}>`, `References: <${ids[0]}> <${ours!.message_id}>`]
    await write({ from: casey.email, subject: 'Re: Printer', body: 'And my screen is black.', messageId: ids[1], headers: thread })
    const moved = (await see(old)).messages.at(-1)!
    const made = await split(old, [moved.id])
    expect(made).toMatchObject({ requester: { id: casey.id }, links: [{ kind: 'continues', ticket: { id: old } }] })
    expect(made.messages.map((m) => [m.id, m.text])).toEqual([[moved.id, 'And my screen is black.']])
    expect((await see(old)).links).toMatchObject([{ kind: 'continued-by', ticket: { id: made.id } }])
    const answering = (id: string) => [`In-Reply-To: <${id}>`, `References: <${ids[0]}> <${ours!.message_id}> <${ids[1]}>`]
    expect((await write({ from: casey.email, subject: 'Re: Printer', body: 'New.', headers: answering(ids[1]) })).ticket_id).toBe(made.id)
    expect((await write({ from: casey.email, subject: 'Re: Printer', body: 'Old.', headers: answering(ours!.message_id) })).ticket_id).toBe(
      old,
    )
    expect(
      (await write({ from: casey.email, subject: 'Re: Printer', body: 'Old too.', headers: [`In-Reply-To: <${ids[0]}>`] })).ticket_id,
    ).toBe(old)
    expect([await textsOn(old), await textsOn(made.id)]).toEqual([
      ['It jams.', 'We look.', 'Old.', 'Old too.'],
      ['And my screen is black.', 'New.'],
    ])
    const found = await desk.call('GET /api/search', { as: agent, query: { q: 'screen black' } })
    expect(found.items.map((hit) => hit.ticketId ?? hit.id)).toEqual([made.id])
  })

  it('a copy leaves the thread where it is, and something always stays on the old ticket', async () => {
    const first = someMessageId()
    const old = (await write({ from: casey.email, subject: 'Printer', body: 'It jams.', messageId: first })).ticket_id
    const [message] = (await see(old)).messages
    const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/split', {
      as: agent,
      params: { id: old },
      body: { messageIds: [message!.id] },
    })
    expect(refused.issues?.[0]).toMatchObject({ path: 'messageIds', code: 'all' })
    const made = await split(old, [message!.id], 'copy')
    expect([await textsOn(old), made.messages.map((m) => m.text)]).toEqual([['It jams.'], ['It jams.']])
    expect((await write({ from: casey.email, subject: 'Re: x', body: 'Y.', headers: [`In-Reply-To: <${first}>`] })).ticket_id).toBe(old)
  })
})
