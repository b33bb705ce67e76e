import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { mailJobs } from './jobs.ts'
import { connectTo, type Sink, startSink } from './mail.testing.ts'

/** Mail that had no way out: seen, sent by a yes, and by itself where it is young. */
const desk = useDesk({ settings: { UNDO_SECONDS: '0' } })
let admin: TestPerson
let lead: TestPerson
let casey: TestPerson
let sink: Sink
beforeEach(async () => {
  admin = await desk.person('administrator')
  lead = await desk.person('lead')
  casey = await desk.person('requester', { email: 'casey@customer.example' })
  await desk.mailbox('help@desk.example')
  sink = await startSink()
})
afterEach(() => sink.stop())

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const hold = async (subject: string, days = 0) => {
  const made = await desk.call('POST /api/tickets', { as: lead, body: { subject, body: 'x', requesterId: casey.id, acknowledge: false } })
  await desk.call('POST /api/tickets/:id/replies', { as: lead, params: { id: made.id }, body: { body: `About ${subject}` } })
  await desk.work()
  await query(sql`update outbound_mail set created_at = created_at - make_interval(days => ${days}) where ticket_id = ${made.id}`)
  return made.id
}
const held = () => desk.call('GET /api/mail/outbox/held', { as: lead })
const states = async () =>
  Object.fromEntries(
    (await query(sql<{ subject: string; state: string }>`select subject, state from outbound_mail`)).map((one) => [
      one.subject.split(' ')[0],
      one.state,
    ]),
  )
const minute = async () => {
  await mailJobs['mail.resume']!(desk.kernel, {} as never)
  await desk.work()
}

describe('held mail', () => {
  it('is counted and shown before anybody sends it; without a way out a yes sends nothing', async () => {
    await hold('Newer')
    await hold('Older', 20)
    expect(await held()).toMatchObject({ count: 2, sendable: 0, first: [{ to: 'casey@customer.example' }, {}] })
    expect((await held()).first.map((one) => one.subject.split(' ')[0])).toEqual(['Older', 'Newer'])
    expect(await desk.call('POST /api/mail/outbox/held/send', { as: admin })).toEqual({ released: 0 })
    expect(await states()).toEqual({ Newer: 'held', Older: 'held' })
    await desk.refused('not_allowed', 'POST /api/mail/outbox/held/send', { as: lead })
  })

  it('younger than three days goes by itself once there is a way; the older waits for a yes', async () => {
    await hold('Two-days', 2)
    await hold('Four-days', 4)
    await minute()
    expect(await states()).toEqual({ 'Two-days': 'held', 'Four-days': 'held' })
    connectTo(desk.kernel, sink)
    await minute()
    expect(await states()).toEqual({ 'Two-days': 'sent', 'Four-days': 'held' })
    expect(await held()).toMatchObject({ count: 1, sendable: 1 })
    expect(await desk.call('POST /api/mail/outbox/held/send', { as: admin })).toEqual({ released: 1 })
    await desk.work()
    expect(await states()).toEqual({ 'Two-days': 'sent', 'Four-days': 'sent' })
    expect(sink.taken).toHaveLength(2)
    await minute()
    expect(sink.taken, 'and once only').toHaveLength(2)
    expect(
      await query(sql<{ count: number }>`select (data ->> 'count')::int as count from event where type = 'mail.held-released' order by id`),
    ).toEqual([{ count: 1 }, { count: 1 }])
  })

  it('what a restore held goes neither by itself nor by this yes', async () => {
    connectTo(desk.kernel, sink)
    await query(sql`insert into setting (name, value, changed_at) values ('restored', '{"at": "2026-01-01"}', now())`)
    await hold('Restored')
    await minute()
    expect(await held()).toMatchObject({ count: 0, first: [] })
    expect(await desk.call('POST /api/mail/outbox/held/send', { as: admin })).toEqual({ released: 0 })
    expect(sink.taken).toEqual([])
    await query(sql`delete from setting where name = 'restored'`)
    await minute()
    expect(sink.taken).toHaveLength(1)
  })

  it('of a restricted ticket names nothing to others, and is counted all the same', async () => {
    const id = await hold('SECRET')
    await query(sql`update ticket set restricted_at = now() where id = ${id}`)
    const seen = await desk.ask('GET /api/mail/outbox/held', { as: await desk.person('agent') })
    expect(seen.body).toMatchObject({ count: 1, first: [] })
    expect(seen.text).not.toContain('SECRET')
  })
})

describe('raw mail of what was removed for good', () => {
  it('is gone after thirty days; the line with its verdict stays', async () => {
    const { sendTo } = await import('./mail.testing.ts')
    const { ticketJobs } = await import('../tickets/jobs.ts')
    await sendTo(desk.kernel, { to: ['help@desk.example'], from: 'spam@spam.example', subject: 'BUY NOW' })
    await sendTo(desk.kernel, { to: ['help@desk.example'], subject: 'Printer' })
    await desk.work()
    const journal = () => desk.call('GET /api/mail/journal', { as: lead })
    const spam = (await journal()).items.find((one) => one.subject === 'BUY NOW')!
    const raw = () => desk.ask('GET /api/mail/journal/:id/raw', { as: lead, params: { id: spam.id } })
    await query(sql`update ticket set deleted_at = now() - interval '31 days' where id = ${spam.ticketId}`)
    expect((await raw()).text, 'it is there until the sweep').toContain('BUY NOW')
    const [before] = await query(sql<{ sha256: string }>`select sha256 from inbound_mail where id = ${spam.id}`)
    await ticketJobs['tickets.sweep']!(desk.kernel, {} as never)
    await mailJobs['mail.look-ahead']!(desk.kernel, {} as never)
    expect((await raw()).status).toBe(404)
    expect(await desk.call('GET /api/mail/journal/:id', { as: lead, params: { id: spam.id } })).toMatchObject({
      verdict: 'created',
      mayOpen: false,
      headers: null,
      subject: '',
    })
    await desk.refused('not_found', 'POST /api/mail/journal/:id/replay', { as: lead, params: { id: spam.id } })
    expect((await journal()).items.map((one) => one.subject)).toEqual(['Printer', ''])
    // No row names the file any more, so the nightly sweep may take it.
    expect(await query(sql`select 1 from inbound_mail where sha256 = ${before!.sha256}`)).toEqual([])
    const { healthJobs } = await import('../health/jobs.ts')
    await query(sql`update file set created_at = created_at - interval '40 days'`)
    expect(await desk.kernel.files.has(before!.sha256)).toBe(true)
    const { utimesSync } = await import('node:fs')
    const { join } = await import('node:path')
    const path = join(desk.kernel.settings.DATA_DIR, 'files', before!.sha256.slice(0, 2), before!.sha256)
    utimesSync(path, new Date(0), new Date(0))
    const sweep = Object.entries(healthJobs).find(([name]) => /sweep|files/.test(name))
    await sweep?.[1]?.(desk.kernel, {} as never)
    expect(await desk.kernel.files.has(before!.sha256)).toBe(false)
  })
})
