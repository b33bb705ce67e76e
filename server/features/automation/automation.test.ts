import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { statements } from '../../kernel/db.ts'
import { connectTo, startSink } from '../mail/mail.testing.ts'
import { automationJobs } from './jobs.ts'

const desk = useDesk()
let admin: TestPerson
let agent: TestPerson
let asker: TestPerson
let team: { id: string; name: string }
beforeEach(async () => {
  admin = await desk.person('administrator', { name: 'Ada Admin' })
  agent = await desk.person('agent', { name: 'Anna Agent' })
  asker = await desk.person('requester', { name: 'Jana Weber' })
  team = await desk.team('Network', 2, [agent])
})
const rule = (more: object) =>
  desk.call('POST /api/automation/rules', {
    as: admin,
    body: { name: 'A rule', occasion: { on: 'event', events: ['created'] }, actions: [{ do: 'tags', add: ['seen'] }], ...more } as never,
  })
const open = (more: object = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer', requesterId: asker.id, ...more } as never })
const read = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })
const timeline = async (id: string) =>
  (await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id } } as never)) as never as {
    items: { type: string; rule: string | null }[]
  }
const runs = async (id: string) => (await desk.call('GET /api/automation/rules/:id/runs', { as: admin, params: { id } })).items
const reply = (as: TestPerson, id: string, body: string, more = {}) =>
  desk.call('POST /api/tickets/:id/replies', { as, params: { id }, body: { body, ...more } })

describe('GEN-7 rules', () => {
  it('GEN-7 act when something happens, in their order, and each step names its rule in the timeline', async () => {
    await rule({
      name: 'VPN to the network',
      query: {
        all: [{ field: 'subject', value: 'vpn' }],
        any: [
          { field: 'kind', values: ['incident'] },
          { field: 'priority', values: [1] },
        ],
      },
      actions: [
        { do: 'team', teamId: team.id },
        { do: 'priority', priority: 2, reason: 'Remote work stands still.' },
      ],
    })
    const second = await rule({
      name: 'Second',
      query: { all: [{ field: 'team', values: [team.id] }] },
      actions: [{ do: 'tags', add: ['vpn'] }, { do: 'stop' }],
    })
    await rule({ name: 'Never reached', query: { all: [{ field: 'team', values: [team.id] }] }, actions: [{ do: 'tags', add: ['never'] }] })
    const [vpn, other] = [await open({ subject: 'VPN drops' }), await open({ subject: 'Mouse' })]
    await desk.work()
    expect(await read(vpn.id)).toMatchObject({ team: { id: team.id }, priority: 2, tags: ['vpn'] })
    expect(await read(other.id)).toMatchObject({ team: null, tags: ['never'].slice(1) })
    const told = (await timeline(vpn.id)).items.filter((one) => one.rule !== null).map((one) => [one.type, one.rule])
    expect(told).toEqual([
      ['ticket.assigned', 'VPN to the network'],
      ['ticket.changed', 'VPN to the network'],
      ['ticket.automated', 'VPN to the network'],
      ['ticket.changed', 'Second'],
      ['ticket.automated', 'Second'],
    ])
    expect(await runs(second.id)).toMatchObject([
      { ticket: { id: vpn.id }, outcome: 'done', steps: [{ do: 'tags', outcome: 'done' }, { do: 'stop' }] },
    ])
    const list = await desk.call('GET /api/automation/rules', { as: admin })
    await desk.call('PUT /api/automation/order', { as: admin, body: { ids: [list.items[2]!.id] } })
    const again = await open({ subject: 'VPN again' })
    await desk.work()
    expect((await read(again.id)).tags).toEqual(['vpn'])
  })

  it('GEN-7 tell people, mail the requester and staff, add tasks and run macros', async () => {
    const lead = await desk.person('lead', { name: 'Lena Lead', email: 'lena@desk.example' })
    const macro = await desk.call('POST /api/readymade', {
      as: admin,
      body: {
        name: { en: 'Ready' },
        scope: 'everyone',
        content: {
          kind: 'macro',
          steps: [
            { do: 'note', text: { en: 'Team: {{ticket.team}}' } },
            { do: 'tags', add: ['macro'] },
          ],
        },
      } as never,
    })
    await desk.mailbox('help@desk.example')
    const sink = await startSink()
    connectTo(desk.kernel, sink)
    onTestFinished(() => sink.stop())
    const made = await rule({
      name: 'Outage',
      actions: [
        { do: 'team', teamId: team.id },
        { do: 'notify', personIds: [lead.id], teamIds: [team.id] },
        { do: 'reply', text: { en: 'Dear {{requester.firstName}}, we know of it.', de: '' } },
        { do: 'mail-staff', to: ['lena@desk.example'], subject: 'Look at {{ticket.number}}', text: { en: 'Tags: {{ticket.priority}}' } },
        { do: 'task', title: 'Call the provider', teamId: team.id, dueHours: 4 },
        { do: 'macro', readymadeId: macro.id },
      ],
    })
    const ticket = await open({ acknowledge: false })
    await desk.work()
    await desk.work()
    expect(sink.taken.find((mail) => mail.to.includes(asker.email))?.header('Auto-Submitted')).toBe('auto-generated')
    expect(await runs(made.id)).toMatchObject([{ outcome: 'done', cause: null }])
    const after = await read(ticket.id)
    expect(after.tags).toEqual(['macro'])
    expect(after.messages.map((m) => [m.internal, m.text])).toEqual([
      [false, ''],
      [false, 'Dear Jana, we know of it.'],
      [true, 'Team: Network'],
    ])
    // An automatic mail is nobody's answer.
    expect(after.firstAnsweredAt ?? null).toBeNull()
    expect((await desk.call('GET /api/notices', { as: lead })).items.map((n) => n.reason)).toContain('rule')
    expect((await desk.call('GET /api/tickets/:id/tasks', { as: agent, params: { id: ticket.id } })).items.map((t) => t.title)).toEqual([
      'Call the provider',
    ])
    const mails = await desk.sandbox.client.query(
      `select kind, subject, headers->>'Auto-Submitted' as auto, ticket_id is null as apart from outbound_mail where kind in ('reply', 'notice') order by id`,
    )
    expect(mails.rows).toMatchObject([
      { kind: 'reply', auto: 'auto-generated', apart: false },
      { kind: 'notice', subject: `#${ticket.id} Look at ${ticket.id}`, apart: true },
    ])
  })

  it('GEN-7 escalates by time: once for each wait, and not for what was before the rule', async () => {
    const early = await open({ subject: 'Old' })
    await reply(asker, early.id, 'Hello?')
    desk.clock.advance({ hours: 10 })
    const made = await rule({
      occasion: { on: 'time', since: 'waiting-since', hours: 4 },
      query: { all: [{ field: 'open', is: true }] },
      actions: [
        { do: 'priority', priority: 1, reason: 'Waits for four hours.' },
        { do: 'notify', teamIds: [team.id] },
      ],
    })
    const ticket = await open({ subject: 'New', teamId: team.id })
    await reply(asker, ticket.id, 'Hello?')
    const look = () => automationJobs['automation.look']!(desk.kernel, {})
    desk.clock.advance({ hours: 3 })
    await look()
    expect(await runs(made.id)).toEqual([])
    desk.clock.advance({ hours: 2 })
    await look()
    await look()
    expect((await runs(made.id)).map((run) => run.ticket.id)).toEqual([ticket.id])
    expect(await read(ticket.id)).toMatchObject({ priority: 1 })
    await reply(agent, ticket.id, 'We are on it.')
    await reply(asker, ticket.id, 'And now?')
    desk.clock.advance({ hours: 5 })
    await look()
    expect(await runs(made.id)).toHaveLength(2)
  })
})

describe('the loop guard', () => {
  it('lets a rule act once for one cause: two rules that undo each other stop', async () => {
    const a = await rule({
      name: 'To A',
      occasion: { on: 'event', events: ['created', 'changed'] },
      query: { all: [{ field: 'tags', op: 'none', values: ['a'] }] },
      actions: [{ do: 'tags', add: ['a'], remove: ['b'] }],
    })
    const b = await rule({
      name: 'To B',
      occasion: { on: 'event', events: ['changed'] },
      query: { all: [{ field: 'tags', op: 'none', values: ['b'] }] },
      actions: [{ do: 'tags', add: ['b'], remove: ['a'] }],
    })
    const ticket = await open()
    await desk.work()
    expect(await runs(a.id)).toHaveLength(1)
    expect(await runs(b.id)).toHaveLength(1)
    expect((await read(ticket.id)).tags).toEqual(['b'])
  })

  it('pauses a rule after twenty steps on one ticket within an hour, and tells its owner', async () => {
    const made = await rule({
      occasion: { on: 'event', events: ['staff-replied'] },
      actions: Array.from({ length: 10 }, (_, n) => ({ do: 'note', text: { en: `Note ${n}` } })),
    })
    const ticket = await open()
    for (let n = 0; n < 3; n++) {
      await reply(agent, ticket.id, `More ${n}`)
      await desk.work()
    }
    expect(await runs(made.id)).toHaveLength(2)
    expect(await desk.call('GET /api/automation/rules/:id', { as: admin, params: { id: made.id } })).toMatchObject({
      on: false,
      offWhy: 'loop',
    })
    expect((await desk.call('GET /api/notices', { as: admin })).items.map((n) => n.about)).toContain('rule-paused')
  })

  it('answers no answering machine', async () => {
    const made = await rule({
      occasion: { on: 'event', events: ['requester-replied'] },
      actions: [{ do: 'reply', text: { en: 'Thank you.' } }],
    })
    const ticket = await open()
    await reply(asker, ticket.id, 'I am away')
    await desk.sandbox.client.query(
      `update message set automatic = 'auto-replied' where ticket_id = ${ticket.id} and direction = 'in' and body = 'I am away'`,
    )
    await desk.work()
    expect(await runs(made.id)).toEqual([])
    for (let n = 0; n < 7; n++) {
      await reply(asker, ticket.id, `Again ${n}`)
      await desk.work()
    }
    const outcomes = (await runs(made.id)).map((run) => run.outcome)
    expect(outcomes.filter((one) => one === 'done').length).toBeLessThanOrEqual(5)
    expect(outcomes).toContain('failed')
  })
})

describe('writing a rule', () => {
  it('F-081 is for administrators, knows no internal variable in public text, and mails internal facts to staff only', async () => {
    await desk.refused('not_allowed', 'POST /api/automation/rules', { as: await desk.person('manager'), body: {} as never })
    const problem = await desk.refused('validation_failed', 'POST /api/automation/rules', {
      as: admin,
      body: {
        name: 'Wrong',
        occasion: { on: 'event', events: ['created'] },
        query: {
          all: [
            { field: 'unread', is: true },
            { field: 'team', values: ['mine'] },
          ],
        },
        actions: [
          { do: 'reply', text: { en: '{{ticket.tags}}' } },
          { do: 'assignee', assigneeId: 'me' },
          { do: 'team', teamId: '999999' },
          { do: 'mail-staff', to: [asker.email], subject: 'x', text: { en: 'x' } },
          { do: 'webhook', webhookId: '999999' },
        ],
      } as never,
    })
    expect(problem.issues?.map((one) => [one.path, one.code]).sort()).toEqual([
      ['actions.0.text.en', 'internal_variable'],
      ['actions.1.do', 'needs_person'],
      ['actions.2.teamId', 'unknown'],
      ['actions.3.to.0', 'no_staff'],
      ['actions.4.webhookId', 'unknown'],
      ['query.all.0', 'personal'],
      ['query.all.1', 'personal'],
    ])
  })

  it('shows what it would have done in the last 30 days, and changes nothing', async () => {
    const tickets = [
      await open({ subject: 'VPN one', tags: ['seen'] }),
      await open({ subject: 'VPN two' }),
      await open({ subject: 'Mouse' }),
    ]
    const body = {
      occasion: { on: 'event' as const, events: ['created' as const] },
      query: { all: [{ field: 'subject' as const, value: 'VPN' }] },
      actions: [
        { do: 'tags' as const, add: ['seen'] },
        { do: 'team' as const, teamId: team.id },
      ],
    }
    const before = await desk.sandbox.client.query('select (select count(*) from event) as e, (select count(*) from automation_run) as r')
    const dry = await desk.call('POST /api/automation/dry-run', { as: admin, body })
    expect(dry).toMatchObject({
      count: 2,
      more: false,
      items: [
        {
          ticket: { id: tickets[1]!.id },
          steps: [
            { do: 'tags', outcome: 'done' },
            { do: 'team', outcome: 'done' },
          ],
        },
        {
          ticket: { id: tickets[0]!.id },
          steps: [
            { do: 'tags', outcome: 'nothing' },
            { do: 'team', outcome: 'done' },
          ],
        },
      ],
    })
    const after = await desk.sandbox.client.query('select (select count(*) from event) as e, (select count(*) from automation_run) as r')
    expect(after.rows).toEqual(before.rows)
    desk.clock.advance({ hours: 24 * 31 })
    expect((await desk.call('POST /api/automation/dry-run', { as: admin, body })).count).toBe(0)
    const timed = { ...body, occasion: { on: 'time' as const, since: 'created' as const, hours: 24 * 20 } }
    expect((await desk.call('POST /api/automation/dry-run', { as: admin, body: timed })).count).toBe(2)
  })

  it('is switched off with a notice to its owner when something that it needs is gone; what failed can be tried again', async () => {
    const field = await desk.team('Field')
    const made = await rule({ occasion: { on: 'event', events: ['reopened'] }, actions: [{ do: 'team', teamId: field.id }] })
    const broken = await rule({
      name: 'Failing',
      actions: [
        { do: 'tags', add: ['x'] },
        { do: 'reply', text: { en: '{{site.name}}' } },
      ],
    })
    const ticket = await open()
    await desk.work()
    const [failed] = await runs(broken.id)
    expect(failed).toMatchObject({ outcome: 'failed', cause: expect.stringContaining('site.name') })
    // All or nothing: the tag of the failed rule is not there.
    expect((await read(ticket.id)).tags).toEqual([])
    const { version } = await desk.call('GET /api/automation/rules/:id', { as: admin, params: { id: broken.id } })
    await desk.call('PATCH /api/automation/rules/:id', {
      as: admin,
      params: { id: broken.id },
      ifMatch: version,
      body: { actions: [{ do: 'tags', add: ['x'] }] },
    })
    expect(await desk.call('POST /api/automation/runs/:id/retry', { as: admin, params: { id: failed!.id } })).toMatchObject({
      retried: true,
    })
    await desk.work()
    expect((await read(ticket.id)).tags).toEqual(['x'])
    expect(await runs(broken.id)).toMatchObject([{ outcome: 'done' }])
    await desk.call('POST /api/teams/:id/archive', { as: admin, params: { id: field.id } } as never)
    expect(await desk.call('GET /api/automation/rules/:id', { as: admin, params: { id: made.id } })).toMatchObject({
      on: false,
      offWhy: 'broken',
      broken: [`team:${field.id}`],
    })
    expect((await desk.call('GET /api/notices', { as: admin })).items.map((n) => n.about)).toContain('rule-off')
  })
})

describe('a macro that a rule runs', () => {
  it('F-081 rewritten by a lead, it does not act with the rights of the program: the rule is switched off and its owner told', async () => {
    const lead = await desk.person('lead')
    const content = (tag: string) => ({ kind: 'macro' as const, steps: [{ do: 'tags' as const, add: [tag] }] })
    const macro = await desk.call('POST /api/readymade', {
      as: lead,
      body: { scope: 'everyone', name: { en: 'Mark', de: 'Markieren' }, content: content('ok') },
    })
    const made = await rule({ name: 'Mark all', actions: [{ do: 'macro', readymadeId: macro.id }] })
    const rename = { as: lead, params: { id: macro.id }, ifMatch: macro.version, body: { name: { en: 'Mark it', de: 'Markieren' } } }
    const named = await desk.call('PATCH /api/readymade/:id', rename)
    expect(await desk.call('GET /api/automation/rules/:id', { as: admin, params: { id: made.id } })).toMatchObject({ on: true })
    await desk.call('PATCH /api/readymade/:id', { ...rename, ifMatch: named.version, body: { content: content('evil') } })
    expect(await desk.call('GET /api/automation/rules/:id', { as: admin, params: { id: made.id } })).toMatchObject({
      on: false,
      offWhy: 'changed',
    })
    const ticket = await open()
    await desk.work()
    expect((await read(ticket.id)).tags).toEqual([])
    expect((await desk.call('GET /api/notices', { as: admin })).items.map((n) => n.about)).toContain('rule-off')
  })
})

describe('what a save costs', () => {
  it('is no statement more, and one job however much one save did; nothing at all while no rule waits', async () => {
    const count = `select count(*)::int as n from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'automation.run'`
    const waiting = async () => (await desk.sandbox.asOwner(() => desk.sandbox.client.query(count))).rows[0].n
    const one = await open()
    const save = async (tag: string) => {
      const { version } = await read(one.id)
      const before = statements.sent
      const body = { tags: [tag], urgency: tag === 'a' ? 2 : 3, kind: tag === 'a' ? ('request' as const) : ('incident' as const) }
      await desk.call('PATCH /api/tickets/:id', { as: agent, params: { id: one.id }, ifMatch: version, body })
      return statements.sent - before
    }
    await save('b')
    const without = await save('a')
    expect(await waiting()).toBe(0)
    await rule({ occasion: { on: 'event', events: ['changed', 'assigned'] } })
    const learning = await save('b')
    expect(await waiting()).toBe(1)
    expect(await save('a')).toBe(without)
    // What rules wait for is asked once in five seconds.
    expect(learning - without).toBeLessThanOrEqual(2)
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: one.id },
      ifMatch: (await read(one.id)).version,
      body: { teamId: team.id, tags: ['c'] },
    })
    expect(await waiting()).toBe(3)
  })
})
