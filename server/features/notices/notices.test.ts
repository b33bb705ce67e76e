import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { cloneDatabase } from '../../../test/database.ts'
import type { TestPerson } from '../../../test/factories.ts'

import { useDesk } from '../../../test/harness.ts'
import { noticeJobs } from './jobs.ts'

const desk = useDesk()
let agent: TestPerson
let colleague: TestPerson
let lead: TestPerson
let asker: TestPerson
let team: { id: string; name: string }
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Anna Agent' })
  colleague = await desk.person('agent')
  lead = await desk.person('lead')
  asker = await desk.person('requester')
  team = await desk.team('Desk', 1, [agent, colleague])
})
const open = (more = {}) =>
  desk.call('POST /api/tickets', { as: lead, body: { subject: 'Printer', requesterId: asker.id, teamId: team.id, ...more } })
const bell = async (as: TestPerson) => {
  const { items, unread } = await desk.call('GET /api/notices', { as })
  return { reasons: items.flatMap((n) => n.reasons), unread, items }
}
const reply = (as: TestPerson, id: string, body: Record<string, unknown>) =>
  desk.call('POST /api/tickets/:id/replies', { as, params: { id }, body: { body: 'Text', ...body } as never })

describe('the bell', () => {
  it('tells a team of a new ticket, and nobody else', async () => {
    const made = await open()
    expect(await bell(agent)).toMatchObject({
      unread: 1,
      items: [{ reason: 'team', read: false, actor: { id: lead.id }, ticket: { id: made.id, subject: 'Printer' } }],
    })
    expect((await bell(colleague)).reasons).toEqual(['team'])
    expect((await bell(lead)).unread).toBe(0)
  })

  it('tells a team of a ticket that routing gave it', async () => {
    await desk.call('POST /api/routing-rules', { as: lead, body: { name: 'All', teamId: team.id } })
    await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Help', body: 'x' } })
    expect((await bell(agent)).reasons).toEqual(['team'])
  })

  it('tells the assignee, and nobody of their own act', async () => {
    const made = await open({ teamId: undefined })
    await desk.call('PATCH /api/tickets/:id', { as: lead, params: { id: made.id }, ifMatch: 1, body: { assigneeId: agent.id } })
    expect((await bell(agent)).reasons).toEqual(['assigned'])
    await desk.call('POST /api/tickets/:id/take', { as: colleague, params: { id: made.id } })
    expect((await bell(colleague)).unread).toBe(0)
  })

  it('tells the next tier of a hand-off', async () => {
    const made = await open({ teamId: undefined })
    await desk.call('POST /api/tickets/:id/pass', {
      as: lead,
      params: { id: made.id },
      ifMatch: 1,
      body: { teamId: team.id, note: 'Please look.' },
    })
    expect((await bell(agent)).reasons).toEqual(['passed'])
  })

  it("tells the assignee of the requester's answer; the team while nobody has it; who follows it, always", async () => {
    const made = await open()
    await desk.call('PUT /api/tickets/:id/watch', { as: lead, params: { id: made.id }, body: { watching: true } })
    await reply(asker, made.id, {})
    expect((await bell(agent)).reasons).toEqual(['reply', 'team'])
    expect((await bell(lead)).reasons).toEqual(['reply'])
    await desk.call('POST /api/notices/read', { as: colleague, body: {} })
    await desk.call('POST /api/tickets/:id/take', { as: agent, params: { id: made.id } })
    await reply(asker, made.id, {})
    expect((await bell(colleague)).unread).toBe(0)
  })

  it('a note tells the assignee and those who follow, an answer of ours nobody', async () => {
    const made = await open({ assigneeId: agent.id, teamId: undefined })
    await desk.call('POST /api/notices/read', { as: agent, body: {} })
    await reply(colleague, made.id, {})
    expect((await bell(agent)).unread).toBe(0)
    await reply(colleague, made.id, { internal: true })
    expect((await bell(agent)).reasons[0]).toBe('reply')
  })

  it('a mention stands for its note', async () => {
    const made = await open({ assigneeId: agent.id, teamId: undefined })
    await desk.call('POST /api/notices/read', { as: agent, body: {} })
    await reply(colleague, made.id, { internal: true, mentions: [agent.id, lead.id] })
    const { items } = await desk.call('GET /api/notices', { as: agent, query: { unread: true } })
    expect(items.map((n) => n.reason)).toEqual(['mention'])
    expect((await bell(lead)).reasons).toEqual(['mention'])
  })

  it('an unread notice is renewed, not doubled', async () => {
    const made = await open()
    for (let n = 0; n < 3; n++) await reply(asker, made.id, {})
    expect((await bell(agent)).reasons.sort()).toEqual(['reply', 'team'])
    await desk.call('POST /api/notices/read', { as: agent, body: { ticketId: made.id } })
    await reply(asker, made.id, {})
    expect((await bell(agent)).unread).toBe(1)
  })

  it('pages without a gap or a double', async () => {
    for (let n = 0; n < 5; n++) await open()
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: { items: { id: string }[]; next: string | null } = await desk.call('GET /api/notices', {
        as: agent,
        query: { limit: 2, ...(after ? { after } : {}) },
      })
      seen.push(...page.items.map((n) => n.id))
      after = page.next
    } while (after)
    expect([seen.length, new Set(seen).size]).toEqual([5, 5])
  })

  it("marks some, those of a ticket, or all as read, and only one's own", async () => {
    const [a, b] = [await open(), await open()]
    const first = (await bell(agent)).items[0]!
    expect(await desk.call('POST /api/notices/read', { as: agent, body: { ids: [first.id] } })).toEqual({ unread: 1 })
    expect(await desk.call('POST /api/notices/read', { as: agent, body: { ticketId: a.id } })).toEqual({ unread: 0 })
    expect(b.id).not.toBe(a.id)
    expect((await bell(colleague)).unread).toBe(2)
  })
})

describe('who is never told', () => {
  it('of a restricted ticket: nobody but the named', async () => {
    const made = await open({ teamId: undefined })
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: made.id },
      body: { to: { personIds: [colleague.id], teamIds: [] } },
    })
    await desk.call('PATCH /api/tickets/:id', { as: lead, params: { id: made.id }, ifMatch: 2, body: { teamId: team.id } })
    await reply(lead, made.id, { internal: true, mentions: [agent.id] })
    expect((await bell(agent)).unread).toBe(0)
    expect((await bell(colleague)).reasons).toEqual(['team'])
  })

  it('a notice of a ticket restricted afterwards is neither shown nor counted', async () => {
    const made = await open()
    expect((await bell(agent)).unread).toBe(1)
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: made.id }, body: { to: { personIds: [], teamIds: [] } } })
    expect(await bell(agent)).toMatchObject({ unread: 0, items: [] })
    expect((await desk.call('GET /api/me', { as: agent })).unreadNotices).toBe(0)
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: made.id }, body: { to: null } })
    expect((await desk.call('GET /api/me', { as: agent })).unreadNotices).toBe(1)
  })

  it('an agent limited to another customer or another team', async () => {
    const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const other = await desk.team('Other', 1)
    const inTeam = await desk.person('agent', { limitedTo: { teamId: other.id } })
    const mixed = await desk.team('Mixed', 1, [limited, inTeam])
    const [a, b] = [
      await desk.person('requester', { organisationId: ours.id }),
      await desk.person('requester', { organisationId: theirs.id }),
    ]
    await open({ teamId: mixed.id, requesterId: b.id })
    expect((await bell(limited)).unread).toBe(0)
    await open({ teamId: mixed.id, requesterId: a.id })
    expect((await bell(limited)).unread).toBe(1)
    expect((await bell(inTeam)).unread).toBe(0)
  })

  it('a requester who is mentioned by mistake', async () => {
    const made = await open()
    await reply(agent, made.id, { internal: true, mentions: [asker.id] })
    await desk.refused('not_allowed', 'GET /api/notices', { as: asker })
    const rows = await desk.sandbox.client.query('select 1 from notice where person_id = $1', [asker.id])
    expect(rows.rowCount).toBe(0)
  })
})

describe('choices', () => {
  it("begin with what concerns one's own work, and are kept", async () => {
    expect(await desk.call('GET /api/notices/choices', { as: agent })).toMatchObject({
      preset: 'usual',
      byMail: ['assigned', 'reply', 'mention', 'passed', 'task', 'shift', 'escalated'],
      quiet: [],
    })
    await desk.call('PUT /api/notices/choices', { as: agent, body: { byMail: ['team'], byBrowser: [] } })
    expect(await desk.call('GET /api/notices/choices', { as: agent })).toMatchObject({ byMail: ['team'], byBrowser: [], preset: null })
    expect(await desk.call('GET /api/notices/choices', { as: colleague })).toMatchObject({ preset: 'usual' })
  })
})

describe('the live stream', () => {
  it('tells only the person whose bell it is', async () => {
    const clone = await cloneDatabase()
    const listener = new pg.Client({ connectionString: clone.ownerUrl })
    await listener.connect()
    const heard: string[] = []
    listener.on('notification', (n) => void heard.push(n.payload ?? ''))
    await listener.query('listen firstline')
    await listener.query('select firstline.ring(array[7, 8]::bigint[]), firstline.ring(array[]::bigint[])')
    await expect.poll(() => heard.length).toBe(1)
    expect(JSON.parse(heard[0]!)).toMatchObject({
      events: [
        { e: 'notice.raised', u: '7', t: null },
        { e: 'notice.raised', u: '8' },
      ],
    })
    await listener.end()
    await clone.drop()
  })
})

describe('by mail', () => {
  const mails = async (to: TestPerson) =>
    (
      await desk.sandbox.client.query<{ subject: string; body: string }>(
        `select o.subject, o.body from outbound_mail o join outbound_recipient r on r.outbound_mail_id = o.id where o.kind = 'notice' and r.address = $1 order by o.id`,
        [to.email],
      )
    ).rows
  const pass = async (minutes: number) => {
    desk.clock.advance({ minutes })
    await noticeJobs['notices.mail']?.(desk.kernel, {})
    await noticeJobs['notices.mail']?.(desk.kernel, {})
  }

  it("what stays unread for two minutes, once, in the reader's language, and without a stranger's words", async () => {
    const german = await desk.person('agent', { language: 'de' })
    const made = await open({ assigneeId: german.id, body: 'STRANGER-TEXT' })
    await pass(1)
    expect(await mails(german)).toEqual([])
    await pass(1)
    await pass(5)
    expect(await mails(german)).toMatchObject([{ subject: `[#${made.id}] Ihnen zugewiesen: Printer` }])
    expect((await mails(german))[0]?.body).not.toContain('STRANGER-TEXT')
  })

  it('not what was read, nor what was not chosen', async () => {
    await open({ assigneeId: agent.id })
    await desk.call('POST /api/notices/read', { as: agent, body: {} })
    await pass(3)
    expect(await mails(agent)).toEqual([])
    expect(await mails(colleague)).toEqual([])
  })

  it('not of a ticket that was restricted meanwhile', async () => {
    const made = await open({ assigneeId: agent.id })
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: made.id }, body: { to: { personIds: [], teamIds: [] } } })
    await pass(3)
    expect(await mails(agent)).toEqual([])
  })

  it('a storm becomes one mail', async () => {
    for (let n = 0; n < 20; n++) await open({ assigneeId: agent.id })
    await pass(3)
    expect(await mails(agent)).toMatchObject([{ subject: '20 tickets ask for you' }])
  })
})

describe('what concerns the desk itself', () => {
  it('FT-30: a mailbox that fails is told to the administrators, once until they read it', async () => {
    const [admin, agent] = [await desk.person('administrator'), await desk.person('agent')]
    const fail = () =>
      desk.kernel.asSystem((context) =>
        context.record({ type: 'mailbox.failing', subject: { kind: 'mailbox', id: '1' }, audience: 'staff', data: {} }),
      )
    await fail()
    await fail()
    expect((await desk.call('GET /api/notices', { as: admin })).items).toMatchObject([{ reason: 'system', ticket: null, read: false }])
    expect((await desk.call('GET /api/notices', { as: agent })).items).toEqual([])
  })
})
