import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailJobs } from '../../server/features/mail/jobs.ts'
import { connectTo, type Sink, sendTo, startSink } from '../../server/features/mail/mail.testing.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** Where mail comes from and goes to: nobody changes it unseen. And what waits or is late rings somebody. */
const desk = useDesk()
let admin: TestPerson
let second: TestPerson
let lead: TestPerson
let agent: TestPerson
let sink: Sink
beforeEach(async () => {
  admin = await desk.person('administrator', { name: 'Ada Admin', email: 'ada@desk.example' })
  second = await desk.person('administrator', { name: 'Bert', email: 'bert@desk.example', language: 'de' })
  lead = await desk.person('lead')
  agent = await desk.person('agent')
  await desk.mailbox('help@desk.example')
  sink = await startSink()
  connectTo(desk.kernel, sink)
})
afterEach(() => sink.stop())

const rows = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async ({ db }) => (await text.execute(db)).rows)
const unread = async (as: TestPerson) => (await desk.call('GET /api/notices', { as, query: { unread: true } })).items
const readAll = (as: TestPerson) => desk.call('POST /api/notices/read', { as, body: {} })
const words = (raw: string) =>
  raw.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

describe('C-039: a change of where mail comes from or goes to', () => {
  const fetched = () =>
    desk.call('POST /api/mailboxes', {
      as: admin,
      body: { name: 'IT', address: 'it@desk.example', way: 'imap', connection: { host: 'imap.example', user: 'it' }, secret: 'OLD-PASS' },
    })
  const change = async (id: string, body: object) => {
    const { version } = (await desk.call('GET /api/mailboxes', { as: admin })).items.find((one) => one.id === id)!
    await desk.call('PATCH /api/mailboxes/:id', { as: admin, params: { id }, ifMatch: version, body })
    await desk.work()
  }

  it.each([
    ['the server', { connection: { host: 'evil.example', user: 'it' } }, ['connection.host']],
    ['the password', { secret: 'NEW-PASS' }, ['secret']],
    ['the address', { address: 'other@desk.example' }, ['address']],
    ['the name of the sender', { name: 'Your bank' }, ['name']],
    ['the way', { way: 'smtp' }, ['way']],
    [
      'the way out',
      { connection: { host: 'imap.example', user: 'it', sendHost: 'evil.example', sendPort: 25 } },
      ['connection.sendHost', 'connection.sendPort'],
    ],
  ])('%s: stands in the history, and every administrator is told by bell and by mail, with no secret in it', async (_, body, fields) => {
    const { id } = await fetched()
    expect(sink.taken, 'that a mailbox is added is no change of one').toEqual([])
    await change(id, body)
    const [event] = await rows(
      sql<{
        actor: string
        data: { fields: string[] }
      }>`select actor_id::text as actor, data from event where type = 'mailbox.changed' order by id desc limit 1`,
    )
    expect(event).toEqual({ actor: admin.id, data: { fields } })
    for (const one of [admin, second]) expect((await unread(one)).map((notice) => notice.about)).toEqual(['mail-routing'])
    for (const one of [lead, agent]) expect(await unread(one)).toEqual([])
    expect(sink.taken.map((mail) => mail.to).sort()).toEqual([['ada@desk.example'], ['bert@desk.example']])
    const said = sink.taken.map((mail) => words(mail.raw)).join('\n')
    expect(said).toContain('Ada Admin changed')
    expect(said).toContain('Ada Admin hat ge')
    expect(`${said}${JSON.stringify(await rows(sql`select data from event`))}`).not.toMatch(/OLD-PASS|NEW-PASS|evil\.example/)
  })

  it('a second change is told by a second mail, and the unread bell rings no second time', async () => {
    const { id } = await fetched()
    await change(id, { secret: 'A' })
    await change(id, { secret: 'B' })
    expect(sink.taken).toHaveLength(4)
    expect(await unread(second)).toHaveLength(1)
    await readAll(second)
    await desk.call('POST /api/mailboxes/:id/archive', { as: admin, params: { id } })
    await desk.work()
    expect(sink.taken).toHaveLength(6)
    expect(await unread(second)).toHaveLength(1)
  })

  it('what is no way of mail is not told: a wording, a language', async () => {
    const { id } = await fetched()
    await change(id, { language: 'de', acknowledge: false, signature: { en: 'Bye' }, name: 'IT' })
    expect(sink.taken).toEqual([])
    expect(await unread(second)).toEqual([])
  })

  it('another SMTP_URL after a start is told; the first one and a new password are not', async () => {
    const minute = async (url: string) => {
      Object.assign(desk.kernel.settings, { SMTP_URL: url })
      await mailJobs['mail.resume']!(desk.kernel, {} as never)
    }
    await minute('smtps://desk:SECRET@mail.example:465')
    await minute('smtps://desk:OTHER@mail.example:465')
    expect(await unread(admin)).toEqual([])
    await minute('smtps://desk:OTHER@evil.example:465')
    expect((await unread(admin)).map((one) => one.about)).toEqual(['mail-routing'])
    expect(JSON.stringify(await rows(sql`select value from setting where name = 'relay'`))).not.toMatch(/SECRET|OTHER|evil/)
  })
})

describe('mail that waits', () => {
  const spoofed = () => sendTo(desk.kernel, { to: ['help@desk.example'], from: agent.email, subject: 'Do this' }).then(desk.work)

  it('in quarantine rings those who may open it, once until they look', async () => {
    await spoofed()
    await spoofed()
    expect(await rows(sql`select 1 from inbound_mail where verdict = 'quarantined'`)).toHaveLength(2)
    for (const one of [lead, admin])
      expect((await unread(one)).map((notice) => [notice.reason, notice.about])).toEqual([['system', 'mail-quarantined']])
    expect(await unread(agent)).toEqual([])
    await readAll(lead)
    await spoofed()
    expect(await unread(lead)).toHaveLength(1)
    // Limited to one customer, nobody opens the quarantine of all.
    const limited = await desk.person('lead', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await readAll(lead)
    await spoofed()
    expect(await unread(limited)).toEqual([])
  })

  it('for a quarter of an hour at the way out rings the administrators, once for all of it', async () => {
    sink.answer.data = () => Object.assign(new Error('Later'), { responseCode: 451 })
    const casey = await desk.person('requester')
    for (const subject of ['One', 'Two']) {
      const made = await desk.call('POST /api/tickets', {
        as: lead,
        body: { subject, body: 'x', requesterId: casey.id, acknowledge: false },
      })
      await desk.call('POST /api/tickets/:id/replies', { as: lead, params: { id: made.id }, body: { body: 'Hello' } })
    }
    for (const minutes of [1, 2, 6]) {
      desk.clock.advance({ minutes })
      await desk.work()
    }
    expect((await unread(admin)).map((one) => one.about)).toEqual([])
    desk.clock.advance({ minutes: 16 })
    await desk.work()
    expect((await unread(admin)).map((one) => one.about)).toEqual(['mail-delayed'])
    expect((await unread(lead)).map((one) => one.about)).toEqual([])
  })
})
