import { createECDH, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { connectTo, type Sink, startSink } from '../mail/mail.testing.ts'
import { type Receiver, startReceiver } from '../paging/paging.testing.ts'
import { tellOfNote } from './actions.ts'
import { mailDueNotices } from './actions-mail.ts'
import { noticeJobs } from './jobs.ts'

/** Notices that one can leave on: with the clock moved, through mails and pushes that really go out. */
const desk = useDesk()
let relay: Sink
let outside: Receiver
let agent: TestPerson
let colleague: TestPerson
let lead: TestPerson
let asker: TestPerson
beforeAll(async () => {
  relay = await startSink()
  outside = await startReceiver()
})
afterAll(async () => {
  await relay.stop()
  await outside.stop()
})
beforeEach(async () => {
  relay.taken.length = 0
  outside.heard.length = 0
  connectTo(desk.kernel, relay)
  await desk.mailbox('help@desk.example')
  at('2027-01-18T10:00')
  agent = await desk.person('agent', { name: 'Anna Agent' })
  colleague = await desk.person('agent')
  lead = await desk.person('lead', { name: 'Lea' })
  asker = await desk.person('requester')
  await desk.sandbox.client.query("update person set time_zone = 'Europe/Berlin' where id = $1", [agent.id])
})

/** A Monday; where Anna is. */
const at = (text: string) => desk.clock.moveTo(Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Berlin').toInstant())
const tick = async () => {
  await noticeJobs['notices.mail']?.(desk.kernel, {})
  await noticeJobs['notices.push']?.(desk.kernel, {})
}
const pass = async (minutes: number) => {
  desk.clock.advance({ minutes })
  await tick()
}
const open = (more = {}) =>
  desk.call('POST /api/tickets', {
    as: lead,
    body: { subject: 'Printer', requesterId: asker.id, assigneeId: agent.id, acknowledge: false, ...more } as never,
  })
const note = (as: TestPerson, id: string, more = {}) =>
  desk.call('POST /api/tickets/:id/replies', { as, params: { id }, body: { body: 'Text', internal: true, ...more } as never })
const bell = (as: TestPerson) => desk.call('GET /api/notices', { as })
const choose = (body: object, as = agent) => desk.call('PUT /api/notices/choices', { as, body: body as never })
const mails = async (to = agent) =>
  (
    await desk.sandbox.client.query<{ subject: string; body: string }>(
      `select o.subject, o.body from outbound_mail o join outbound_recipient r on r.outbound_mail_id = o.id where o.kind = 'notice' and r.address = $1 order by o.id`,
      [to.email],
    )
  ).rows
const subjects = async (to = agent) => (await mails(to)).map((mail) => mail.subject)
const nights = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '19:00', until: '07:00' }]

describe('one per ticket', () => {
  it('what happens on a ticket while unread is one line with a count, is read as one, and stays one', async () => {
    const made = await open()
    for (let n = 0; n < 3; n++) await note(colleague, made.id)
    await note(lead, made.id, { mentions: [agent.id] })
    const { items, unread } = await bell(agent)
    expect(unread).toBe(1)
    expect(items).toMatchObject([{ reason: 'mention', count: 5, reasons: ['mention', 'reply', 'assigned'], ticket: { id: made.id } }])
    expect((await desk.call('GET /api/me', { as: agent })).unreadNotices).toBe(1)
    expect(await desk.call('POST /api/notices/read', { as: agent, body: { ids: [items[0]!.id] } })).toEqual({ unread: 0 })
    expect((await bell(agent)).items.map((one) => [one.read, one.count])).toEqual([[true, 5]])
    await note(colleague, made.id)
    expect((await bell(agent)).items.map((one) => [one.read, one.count])).toEqual([
      [false, 1],
      [true, 5],
    ])
  })

  it('and one mail, named by the strongest of them', async () => {
    const made = await open()
    for (let n = 0; n < 3; n++) await note(colleague, made.id)
    await pass(2)
    await pass(1)
    expect(await subjects()).toEqual([`[#${made.id}] Assigned to you: Printer`])
    expect((await mails())[0]!.body).toContain('and 3 more')
    await note(colleague, made.id)
    await pass(5)
    expect((await subjects()).length).toBe(1)
  })

  it("never about one's own acts, neither in the app nor by a mail that the program brought in", async () => {
    const made = await open({ assigneeId: undefined })
    await desk.call('POST /api/tickets/:id/take', { as: agent, params: { id: made.id } })
    const { id: messageId } = await note(agent, made.id, { mentions: [agent.id] })
    await desk.kernel.asSystem((context) => tellOfNote(context, made.id, messageId))
    await desk.call('POST /api/tickets/:id/tasks', {
      as: agent,
      params: { id: made.id },
      body: { title: 'Mine', assigneeId: agent.id } as never,
    })
    expect(await bell(agent)).toMatchObject({ unread: 0, items: [] })
    await note(colleague, made.id)
    expect((await bell(agent)).unread).toBe(1)
  })
})

describe('quiet hours', () => {
  it('hold mails until they end, then send one; the bell shows all, and a mention goes through', async () => {
    await choose({ quiet: nights })
    at('2027-01-18T22:00')
    const [one, two, three] = [await open(), await open(), await open()]
    await note(lead, three.id, { mentions: [agent.id] })
    await pass(3)
    await pass(60)
    expect(await subjects()).toEqual([`[#${three.id}] You were mentioned: Printer`])
    expect((await bell(agent)).unread).toBe(3)
    expect((await desk.call('GET /api/notices/choices', { as: agent })).quietUntil).toBe('2027-01-19T06:00:00.000Z')
    at('2027-01-19T06:59')
    await tick()
    expect((await subjects()).length).toBe(1)
    at('2027-01-19T07:00')
    await tick()
    await pass(1)
    expect((await subjects()).slice(1)).toEqual(['3 tickets ask for you'])
    expect((await mails()).at(-1)!.body).toContain(`/tickets/${one.id}`)
    expect((await mails()).at(-1)!.body).toContain(`/tickets/${two.id}`)
  })

  it('hold mentions too, for who wants that; what was read meanwhile is not sent', async () => {
    await choose({ quiet: nights, mentionsInQuiet: 'held' })
    at('2027-01-18T22:00')
    const [one, two] = [await open(), await open()]
    await note(lead, one.id, { mentions: [agent.id] })
    await pass(5)
    expect(await subjects()).toEqual([])
    await desk.call('POST /api/notices/read', { as: agent, body: { ticketId: one.id } })
    at('2027-01-19T07:01')
    await tick()
    expect(await subjects()).toEqual([`[#${two.id}] Assigned to you: Printer`])
  })

  it('never hold the pager back', async () => {
    await choose({ quiet: nights })
    at('2027-01-18T23:00')
    const team = await desk.team('Network', 2, [agent])
    const steps = [{ targets: [{ kind: 'person', id: agent.id }], wait: 10 }]
    await desk.call('POST /api/paging/policies', { as: lead, body: { name: 'Night', teamIds: [team.id], steps, loops: 0 } as never })
    const made = await open({ assigneeId: undefined, teamId: team.id })
    await desk.call('POST /api/tickets/:id/pages', { as: lead, params: { id: made.id }, body: {} })
    await desk.work()
    expect(relay.taken.filter((mail) => mail.to.includes(agent.email)).length).toBe(1)
    await pass(5)
    expect(await subjects()).toEqual([])
  })

  it('all week long are refused with what to do', async () => {
    const refused = await desk.refused('validation_failed', 'PUT /api/notices/choices', {
      as: agent,
      body: { quiet: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '08:00' }] },
    })
    expect(refused.issues).toMatchObject([{ path: 'quiet', message: expect.stringContaining('Leave some hours free') }])
  })
})

describe('gathered mails', () => {
  it('come at the full hour, or once a day at the time that was chosen', async () => {
    await choose({ byMail: [], hourly: ['assigned'], daily: ['reply'], dailyAt: '16:30' })
    const [one] = [await open(), await open()]
    await note(colleague, one.id)
    await pass(3)
    expect(await subjects()).toEqual([])
    at('2027-01-18T11:00')
    await tick()
    expect(await subjects()).toEqual(['2 tickets ask for you'])
    at('2027-01-18T16:29')
    await tick()
    expect((await subjects()).length).toBe(1)
    at('2027-01-18T16:30')
    await tick()
    expect((await subjects())[1]).toBe(`[#${one.id}] New answer: Printer`)
    // Still unread, and something new happened: it is in the next one, and in that only.
    await note(colleague, one.id)
    at('2027-01-19T16:30')
    await tick()
    expect((await subjects()).length).toBe(3)
    await pass(3)
    at('2027-01-20T16:31')
    await tick()
    await tick()
    expect((await subjects()).length).toBe(3)
  })

  it('FT-49: after a standstill of three hours what was missed is one mail, not one for each hour', async () => {
    await choose({ byMail: [], hourly: ['assigned'] })
    for (const hour of ['10:10', '11:10', '12:10']) {
      at(`2027-01-18T${hour}`)
      await open()
    }
    at('2027-01-18T13:20')
    await tick()
    await tick()
    await pass(60)
    expect(await subjects()).toEqual(['3 tickets ask for you'])
  })
})

describe('a storm', () => {
  /** Five hundred of one kind, and one run that gives them all to Anna. */
  async function reassign() {
    const first = await open({ assigneeId: undefined })
    await desk.sandbox.client.query(
      `insert into ticket overriding system value select (jsonb_populate_record(null::ticket, to_jsonb(t) || jsonb_build_object('id', 500000 + n))).*
      from ticket t, generate_series(1, 499) n where t.id = $1`,
      [first.id],
    )
    const { rows } = await desk.sandbox.client.query<{ id: string }>('select id::text as id from ticket where requester_id = $1', [
      asker.id,
    ])
    const { id } = await desk.call('POST /api/bulk', {
      as: lead,
      body: { action: { do: 'assign', assigneeId: agent.id }, ticketIds: rows.map((row) => row.id) } as never,
    })
    await desk.call('POST /api/bulk/:id/run', { as: lead, params: { id } })
    await desk.work()
  }
  const perMinute = async () =>
    (
      await desk.sandbox.client.query<{ n: number }>(
        `select count(*)::int as n from outbound_mail o join outbound_recipient r on r.outbound_mail_id = o.id where o.kind = 'notice' and r.address = $1 group by date_trunc('minute', o.created_at)`,
        [agent.email],
      )
    ).rows.map((row) => row.n)

  it('FT-44: five hundred tickets reassigned at once are one mail, and never more than three a minute; without the limit they were five hundred', async () => {
    await reassign()
    expect((await bell(agent)).unread).toBe(500)
    desk.clock.advance({ minutes: 3 })
    await desk.sandbox.client.query('savepoint before')
    await desk.kernel.asSystem((context) => mailDueNotices(context, Number.POSITIVE_INFINITY))
    expect((await subjects()).length).toBe(500)
    await desk.sandbox.client.query('rollback to savepoint before')
    await tick()
    await tick()
    await pass(1)
    expect(await subjects()).toEqual(['500 tickets ask for you'])
    expect((await mails())[0]!.body).toContain('450 more are in Firstline')
    for (let n = 0; n < 6; n++) {
      await open()
      desk.clock.advance({ seconds: 20 })
    }
    for (let n = 0; n < 12; n++) {
      desk.clock.advance({ seconds: 20 })
      await tick()
    }
    expect(Math.max(...(await perMinute()))).toBeLessThanOrEqual(3)
    expect((await subjects()).length).toBeGreaterThan(1)
  }, 120_000)
})

describe('by which way', () => {
  it('by push: one message however much it tells of, held in quiet hours, and only of what was chosen', async () => {
    const browser = createECDH('prime256v1')
    browser.generateKeys()
    const keys = { p256dh: browser.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') }
    await desk.call('POST /api/me/paging/channels', {
      as: agent,
      body: { kind: 'push', name: 'Phone', endpoint: `${outside.url}/push/1`, keys } as never,
    })
    expect((await choose({ byPush: ['assigned'], quiet: nights })).pushDevices).toBe(1)
    const made = await open()
    await open()
    await pass(1)
    await pass(1)
    expect(outside.of('/push').length).toBe(1)
    await note(colleague, made.id)
    await pass(1)
    expect(outside.of('/push').length).toBe(1)
    at('2027-01-18T22:00')
    await open()
    await pass(1)
    expect(outside.of('/push').length).toBe(1)
    at('2027-01-19T07:00')
    await tick()
    expect(outside.of('/push').length).toBe(2)
  })

  it('not in the app: the bell is silent, and its mail comes all the same', async () => {
    await choose({ notInApp: ['assigned'] })
    const made = await open()
    expect(await bell(agent)).toMatchObject({ unread: 0, items: [] })
    await pass(3)
    expect(await subjects()).toEqual([`[#${made.id}] Assigned to you: Printer`])
  })

  it('one of three presets at a touch, which leave the quiet hours alone', async () => {
    await choose({ quiet: nights, dailyAt: '09:15' })
    expect(await choose({ preset: 'calm' })).toMatchObject({ preset: 'calm', quiet: nights, dailyAt: '09:15' })
    expect((await choose({ preset: 'everything' })).byMail).toContain('team')
    expect(await choose({ preset: 'usual' })).toMatchObject({ preset: 'usual', daily: [] })
  })

  it('shows what yesterday would have brought as it is chosen now', async () => {
    const [one] = [await open(), await open()]
    await note(colleague, one.id)
    at('2027-01-19T09:00')
    const usual = await desk.call('GET /api/notices/preview', { as: agent })
    expect(usual).toMatchObject({ date: '2027-01-18', happened: 3, bell: 2, mails: 2, push: 0 })
    await choose({ byMail: [], daily: ['assigned', 'reply'], notInApp: ['assigned'], dailyAt: '16:00' })
    const daily = await desk.call('GET /api/notices/preview', { as: agent })
    expect(daily).toMatchObject({ happened: 3, bell: 1, mails: 1 })
    expect(daily.items[0]).toMatchObject({ reason: 'assigned', bell: 'silent', why: 'daily', mailAt: '2027-01-18T15:00:00.000Z' })
    expect((await desk.call('GET /api/notices/preview', { as: lead })).happened).toBe(0)
  })

  it('of a shift that changes hands: by bell and mail, and never to whoever did it', async () => {
    await desk.kernel.asSystem((context) =>
      context.record({
        type: 'oncall.swap-offered',
        subject: { kind: 'rota', id: '1' },
        audience: 'staff',
        data: { swapId: '1', personIds: [agent.id] },
      }),
    )
    expect((await bell(agent)).items).toMatchObject([{ reason: 'shift', about: 'swap-offered', ticket: null, count: 1 }])
    await pass(3)
    await pass(3)
    expect(await subjects()).toEqual(['A shift is offered to you'])
  })

  it('of a target that is missed: whoever has the ticket, else the leads of its team', async () => {
    const team = await desk.team('Desk', 1, [colleague])
    await desk.sandbox.client.query('insert into team_member (team_id, person_id, is_lead, since) values ($1, $2, $3, now())', [
      team.id,
      lead.id,
      'yes',
    ])
    const [mine, nobodys] = [await open(), await open({ assigneeId: undefined, teamId: team.id })]
    for (const { id } of [mine, nobodys])
      await desk.kernel.asSystem((context) =>
        context.record({
          type: 'sla.breached',
          subject: { kind: 'ticket', id },
          ticketId: id,
          organisationId: null,
          audience: 'staff',
          data: { clockId: '1', target: 'resolution', agreementId: '1', teamId: null, assigneeId: null },
        }),
      )
    expect((await bell(agent)).items).toMatchObject([{ reason: 'breached', ticket: { id: mine.id } }])
    expect((await bell(lead)).items).toMatchObject([{ reason: 'breached', ticket: { id: nobodys.id } }])
    expect((await bell(colleague)).items[0]?.reasons).not.toContain('breached')
  })
})
