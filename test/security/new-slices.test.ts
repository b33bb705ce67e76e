import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTo, type Sink, sendTo, startSink } from '../../server/features/mail/mail.testing.ts'
import type { TestPerson } from '../factories.ts'
import { type Desk, useDesk } from '../harness.ts'

/** What an outsider who reads the code would try on side conversations, help, rules, webhooks, fields and figures. */
const desk = useDesk()
let admin: TestPerson
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  admin = await desk.person('administrator')
  agent = await desk.person('agent')
  asker = await desk.person('requester', { name: 'Jana Weber', email: 'jana@customer.example' })
})

const open = (more: object = {}, as = agent) =>
  desk.call('POST /api/tickets', { as, body: { subject: 'Printer', requesterId: asker.id, ...more } as never })
const reply = (as: TestPerson, id: string, body: string, more = {}) =>
  desk.call('POST /api/tickets/:id/replies', { as, params: { id }, body: { body, ...more } })
const rule = (more: object) =>
  desk.call('POST /api/automation/rules', {
    as: admin,
    body: { name: 'A rule', occasion: { on: 'event', events: ['created'] }, actions: [{ do: 'tags', add: ['seen'] }], ...more } as never,
  })
const ruleNow = (id: string) => desk.call('GET /api/automation/rules/:id', { as: admin, params: { id } })
const restrict = async (id: string) => {
  const lead = await desk.person('lead')
  await desk.call('PUT /api/tickets/:id/restriction', {
    as: lead,
    params: { id },
    body: { to: { personIds: [lead.id], teamIds: [] } },
  })
  return lead
}

describe('rules', () => {
  it('whoever writes a lot to one ticket holds the rules up there and switches none off', async () => {
    const mine = await rule({
      occasion: { on: 'event', events: ['requester-replied'] },
      actions: Array.from({ length: 10 }, (_, n) => ({ do: 'note', text: { en: `Note ${n}` } })),
    })
    const chained = await rule({
      name: 'Of the note',
      occasion: { on: 'event', events: ['noted'] },
      actions: [{ do: 'tags', add: ['noted'] }],
    })
    const other = await rule({
      name: 'Of ours',
      occasion: { on: 'event', events: ['staff-replied'] },
      actions: [{ do: 'priority', priority: 1, reason: 'Answered.' }],
    })
    const ticket = await open()
    for (let n = 0; n < 5; n++) {
      await reply(asker, ticket.id, `More ${n}`)
      await desk.work()
    }
    await reply(agent, ticket.id, 'We are on it.')
    await desk.work()
    for (const { id } of [mine, chained, other]) expect(await ruleNow(id)).toMatchObject({ on: true, offWhy: null })
    const log = (await desk.call('GET /api/automation/rules/:id/runs', { as: admin, params: { id: mine.id } })).items
    expect(log.map((run) => run.outcome)).toEqual(['failed', 'failed', 'failed', 'done', 'done'])
    // What the desk itself does there is not held up by it.
    expect(await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticket.id } })).toMatchObject({ priority: 1 })
    const elsewhere = await open()
    await reply(asker, elsewhere.id, 'Hello?')
    await desk.work()
    expect((await desk.call('GET /api/automation/rules/:id/runs', { as: admin, params: { id: mine.id } })).items[0]).toMatchObject({
      ticket: { id: elsewhere.id },
      outcome: 'done',
    })
  })

  describe('mail to colleagues', () => {
    let sink: Sink
    beforeEach(async () => {
      sink = await startSink()
      connectTo(desk.kernel, sink)
      await desk.mailbox('help@desk.example')
    })
    afterEach(() => sink.stop())

    it('Q-162 an answer to internal mail of a rule never becomes an answer to the requester', async () => {
      const lena = await desk.person('lead', { email: 'lena@desk.example' })
      await rule({ actions: [{ do: 'mail-staff', to: [lena.email], subject: 'Unpaid?', text: { en: 'Is it paid, {{requester.name}}?' } }] })
      const ticket = await open({ acknowledge: false })
      await desk.work()
      // The sample company on one machine counts every sender there as proven.
      await desk.sandbox.client.query(`insert into setting (name, value, changed_at) values ('demo', '{}', now())`)
      const told = sink.taken.find((mail) => mail.to.includes(lena.email))!
      expect(told.header('Subject')).toContain('Unpaid?')
      await sendTo(desk.kernel, {
        from: `Lena <${lena.email}>`,
        to: ['help@desk.example'],
        subject: `Re: ${told.header('Subject')}`,
        headers: [`In-Reply-To: ${told.header('Message-ID')}`],
        body: 'COLLEAGUEMARKER they never pay.',
      })
      await desk.work()
      desk.clock.advance({ seconds: 60 })
      await desk.work()
      const seen = await desk.call('GET /api/tickets/:id', { as: asker, params: { id: ticket.id } })
      expect(JSON.stringify(seen)).not.toContain('COLLEAGUEMARKER')
      expect(
        sink.taken
          .filter((mail) => mail.to.includes(asker.email))
          .map((mail) => mail.raw)
          .join(),
      ).not.toContain('COLLEAGUEMARKER')
    })

    it('C-034 nobody writes beside a ticket to a mailbox of the desk, by whichever of its addresses', async () => {
      const ticket = await open()
      for (const address of ['help@desk.example', 'Help+anything@desk.example'])
        await desk.refused('validation_failed', 'POST /api/tickets/:id/sides', {
          as: agent,
          params: { id: ticket.id },
          body: { subject: 'Panel', to: [address], body: 'Look.' },
        })
    })
  })
})

describe('webhooks', () => {
  let receiver: Server
  let url: string
  let came: string[]
  let status: number
  beforeEach(async () => {
    came = []
    status = 503
    receiver = createServer((request, response) => {
      let raw = ''
      request.on('data', (part) => {
        raw += part
      })
      request.on('end', () => {
        came.push(raw)
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  })
  afterEach(() => new Promise<void>((done) => void receiver.close(() => done())))

  it('what waits or is sent again stays here once its ticket is restricted', async () => {
    const hook = await desk.call('POST /api/webhooks', { as: admin, body: { name: 'Stock', url, types: ['ticket.created'] } as never })
    const first = await open({ subject: 'FIRSTMARKER' })
    await open({ subject: 'SECONDMARKER' })
    await desk.work()
    expect(came.join()).toContain('FIRSTMARKER')
    const lead = await restrict(first.id)
    came = []
    status = 200
    desk.clock.advance({ minutes: 10 })
    await desk.work()
    expect(came.join()).toContain('SECONDMARKER')
    expect(came.join()).not.toContain('FIRSTMARKER')
    await desk.call('POST /api/webhooks/:id/replay', {
      as: admin,
      params: { id: hook.id },
      body: { state: 'failed', from: desk.clock.now().subtract({ hours: 1 }).toString() } as never,
    })
    await desk.work()
    expect(came.join()).not.toContain('FIRSTMARKER')
    expect(lead.id).not.toBe(admin.id)
    expect(await desk.call('GET /api/webhooks/:id', { as: admin, params: { id: hook.id } })).toMatchObject({ on: true, waiting: 0 })
    const third = await open({ subject: 'THIRDMARKER' })
    await desk.work()
    expect(came.join()).toContain(third.id)
  })

  it('are for administrators alone, with rules and both logs', async () => {
    const hook = await desk.call('POST /api/webhooks', { as: admin, body: { name: 'Stock', url, types: ['ticket.created'] } as never })
    const own = await rule({})
    await open()
    await desk.work()
    const delivery = (await desk.call('GET /api/webhooks/:id/deliveries', { as: admin, params: { id: hook.id } })).items[0]!
    for (const as of [
      asker,
      agent,
      await desk.person('manager'),
      await desk.person('administrator', { limitedTo: { teamId: (await desk.team()).id } }),
    ]) {
      await desk.refused('not_allowed', 'GET /api/webhook-deliveries/:id', { as, params: { id: delivery.id } })
      await desk.refused('not_allowed', 'GET /api/automation/rules/:id/runs', { as, params: { id: own.id } })
      await desk.refused('not_allowed', 'GET /api/webhooks', { as })
    }
  })
})

describe('webhooks of a desk that the world reaches', () => {
  const live = useDesk({ settings: { BASE_URL: 'https://desk.example' } })
  it('I-107 are refused where they lead back to this machine, in whatever writing', async () => {
    const boss = await live.person('administrator')
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '169.254.169.254',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::127.0.0.1]',
      '[64:ff9b::127.0.0.1]',
      '[64:ff9b::169.254.169.254]',
      '[2002:7f00:1::]',
      '[2002:a9fe:a9fe::]',
      '[::ffff:0:127.0.0.1]',
    ])
      expect(
        (
          await live.ask('POST /api/webhooks', {
            as: boss,
            body: { name: 'Own', url: `https://${host}/`, types: ['ticket.created'] } as never,
          })
        ).status,
        host,
      ).toBe(422)
    for (const host of ['10.1.2.3', '[fd12:3456::1]', '[64:ff9b::8.8.8.8]'])
      expect(
        (
          await live.ask('POST /api/webhooks', {
            as: boss,
            body: { name: host, url: `https://${host}/`, types: ['ticket.created'] } as never,
          })
        ).status,
        host,
      ).toBe(201)
  })
})

describe('staff who are limited to one team', () => {
  it('E-060 see, count and change nothing of others through figures, home, sides, help and fields', async () => {
    const [mine, others] = [await desk.team('Mine'), await desk.team('Others')]
    const limited = await desk.person('lead', { limitedTo: { teamId: mine.id } })
    const ticket = await open({ subject: 'FOREIGNMARKER', teamId: others.id })
    const side = await desk.call('POST /api/tickets/:id/sides', {
      as: agent,
      params: { id: ticket.id },
      body: { subject: 'FOREIGNMARKER', to: ['pat@vendor.example'], body: 'FOREIGNMARKER' },
    })
    const help = await desk.call('POST /api/tickets/:id/help', {
      as: agent,
      params: { id: ticket.id },
      body: { question: 'FOREIGNMARKER', personId: admin.id },
    })
    await desk.work()
    await desk.kernel.asSystem(async ({ db }) => sql`select 1`.execute(db))
    const today = desk.clock.now().toString().slice(0, 10)
    const span = { from: today, to: today }
    const asked: [string, object][] = [
      ['GET /api/figures', { query: span }],
      ['GET /api/figures', { query: { ...span, team: others.id } }],
      ['GET /api/figures/csv', { query: span }],
      ['GET /api/figures/:key/rows', { params: { key: 'created' }, query: span }],
      ['GET /api/figures/:key/csv', { params: { key: 'created' }, query: { ...span, team: others.id } }],
      ['GET /api/home/next', {}],
      ['GET /api/home/exceptions', { query: { team: others.id } }],
      ['GET /api/home/exceptions/:key', { params: { key: 'unassigned' } }],
      ['GET /api/tickets', {}],
      ['GET /api/help', {}],
      ['GET /api/sides/contacts', { query: { q: 'pat' } }],
    ]
    for (const [name, more] of asked) {
      const answer = await desk.ask(name as 'GET /api/tickets', { as: limited, ...more } as never)
      expect(answer.status, name).toBe(200)
      expect(answer.text, name).not.toContain('FOREIGNMARKER')
      expect(answer.text, name).not.toContain('pat@vendor')
      if (name === 'GET /api/home/exceptions')
        expect((answer.body as never as { items: { count: number }[] }).items.map((one) => one.count)).toEqual(Array(9).fill(0))
    }
    const closed: [string, object][] = [
      ['GET /api/tickets/:id/sides', { params: { id: ticket.id } }],
      ['GET /api/sides/:id', { params: { id: side.id } }],
      ['POST /api/sides/:id/done', { params: { id: side.id } }],
      ['POST /api/sides/:id/messages', { params: { id: side.id }, body: { body: 'x' } }],
      ['GET /api/tickets/:id/help', { params: { id: ticket.id } }],
      ['POST /api/help/:id/accept', { params: { id: help.id } }],
      ['POST /api/help/:id/notes', { params: { id: help.id }, body: { body: 'x' } }],
      ['GET /api/tickets/:id/fields', { params: { id: ticket.id } }],
      ['PUT /api/tickets/:id/snooze', { params: { id: ticket.id }, body: { until: null } }],
    ]
    for (const [name, more] of closed)
      expect((await desk.ask(name as 'GET /api/tickets', { as: limited, ...more } as never)).status, name).toBe(404)
  })

  it('F-071 move no other ticket where only a higher role may, by a role that they have for one team', async () => {
    const both = await desk.person('administrator', { limitedTo: { teamId: (await desk.team()).id } })
    await desk.sandbox.client.query(`insert into role_grant (person_id, role, given_at) values (${both.id}, 'agent', now())`)
    const statuses = (await desk.call('GET /api/statuses', { as: admin })).items
    const [from, to] = ['new', 'open'].map((meaning) => statuses.find((one) => one.meaning === meaning)!.id) as [string, string]
    await desk.call('PUT /api/status-moves', {
      as: admin,
      body: { moves: [{ fromId: from, toId: to, leastRole: 'administrator' }] } as never,
    })
    const ticket = await open()
    const move = { params: { id: ticket.id }, ifMatch: ticket.version, body: { statusId: to } }
    await desk.refused('status_move_refused', 'PATCH /api/tickets/:id', { as: both, ...move })
    await desk.call('PATCH /api/tickets/:id', { as: admin, ...move })
  })

  it('and are the requester of another team’s ticket, see of it what a requester sees', async () => {
    const [mine, others] = [await desk.team('Mine'), await desk.team('Others')]
    const limited = await desk.person('agent', { limitedTo: { teamId: mine.id } })
    const field = await desk.call('POST /api/fields', {
      as: admin,
      body: { key: 'risk', label: { en: 'Risk', de: 'Risiko' }, type: 'text', audience: 'staff' } as never,
    })
    const ticket = await open({ requesterId: limited.id, teamId: others.id })
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: ticket.id },
      ifMatch: ticket.version,
      body: { fields: { [field.key]: 'STAFFVALUE' } } as never,
    })
    const side = await desk.call('POST /api/tickets/:id/sides', {
      as: agent,
      params: { id: ticket.id },
      body: { subject: 'SIDEMARKER', to: ['pat@vendor.example'], body: 'SIDEMARKER' },
    })
    await desk.work()
    const seen = await desk.ask('GET /api/tickets/:id', { as: limited, params: { id: ticket.id } })
    expect(seen.status).toBe(200)
    const surfaces: [string, object][] = [
      ['GET /api/tickets/:id', { params: { id: ticket.id } }],
      ['GET /api/tickets/:id/timeline', { params: { id: ticket.id } }],
      ['GET /api/tickets/:id/fields', { params: { id: ticket.id } }],
      ['GET /api/tickets', {}],
      ['GET /api/tickets/:id/sides', { params: { id: ticket.id } }],
      ['GET /api/sides/:id', { params: { id: side.id } }],
      ['GET /api/search', { query: { q: 'STAFFVALUE' } }],
    ]
    for (const [name, more] of surfaces) {
      const answer = await desk.ask(name as 'GET /api/tickets', { as: limited, ...more } as never)
      expect(answer.text, name).not.toMatch(/STAFFVALUE|SIDEMARKER/)
    }
    const asked = (value: string) => desk.call('GET /api/tickets', { as: limited, query: { 'field.risk': value } as never })
    expect((await desk.call('GET /api/tickets', { as: agent, query: { 'field.risk': 'STAFFVALUE' } as never })).items).toHaveLength(1)
    expect((await asked('STAFFVALUE')).items.map((row) => row.id)).toEqual((await asked('ANOTHER')).items.map((row) => row.id))
  })
})

describe('requesters', () => {
  it('E-056 learn by no filter of the list what they do not read: priority, tags, category, who has it and whether they are away', async () => {
    const ticket = await open()
    const category = (await desk.call('POST /api/categories', { as: admin, body: { name: { en: 'Fraud', de: 'Betrug' } } as never })).id
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: ticket.id },
      ifMatch: ticket.version,
      body: { priority: 1, priorityReason: 'x', tags: ['fraud'], categoryId: category, assigneeId: agent.id } as never,
    })
    const today = desk.clock.now().toString().slice(0, 10)
    await desk.call('POST /api/absences', { as: agent, body: { fromOn: today, toOn: today, substituteId: null } as never })
    const asked: object[] = [{ priority: 1 }, { tag: 'fraud' }, { categoryId: category }, { assigneeId: agent.id }, { absent: true }]
    for (const query of asked) {
      const as = (person: TestPerson) => desk.call('GET /api/tickets', { as: person, query: query as never })
      expect((await as(agent)).items, JSON.stringify(query)).toHaveLength(1)
      expect((await as(asker)).items, JSON.stringify(query)).toHaveLength(0)
    }
    expect((await desk.call('GET /api/tickets', { as: asker })).items).toHaveLength(1)
  })
})

describe('what is sent to break something', () => {
  const broken = (text: string) => Buffer.from(text).toString('base64url')
  it('impossible days and forged page marks are refused, and are no fault of the server', async () => {
    const today = desk.clock.now().toString().slice(0, 10)
    const span = { from: today, to: today }
    const ticket = await open()
    const own = await rule({})
    const all: [string, object][] = [
      ['GET /api/figures/:key/rows', { params: { key: 'created' }, query: { ...span, after: broken('2020 1') } }],
      ['GET /api/figures', { query: { from: '0000-01-01', to: '0000-01-02' } }],
      ['GET /api/home/exceptions/:key', { params: { key: 'waiting' }, query: { after: broken('["5","1"]') } }],
      ['GET /api/automation/rules/:id/runs', { params: { id: own.id }, query: { after: '9999999999999999999' } }],
      ['POST /api/absences', { body: { fromOn: '0000-01-01', toOn: '9999-12-31', substituteId: null } }],
      [
        'POST /api/tickets/:id/sides',
        { params: { id: ticket.id }, body: { subject: 'x', to: ['pat@vendor.example'], body: 'x', targetOn: '0000-01-01' } },
      ],
      ['PUT /api/tickets/:id/snooze', { params: { id: ticket.id }, body: { until: '9999-12-31T23:59:59-23:59' } }],
    ]
    for (const [name, more] of all) {
      const { status } = await desk.ask(name as 'GET /api/tickets', { as: admin, ...more } as never)
      expect(status, name).toBeLessThan(500)
    }
  })
})

describe('the second wall', () => {
  const tables = [
    'side',
    'side_party',
    'side_message',
    'side_file',
    'help',
    'help_note',
    'absence',
    'automation_rule',
    'automation_run',
    'webhook',
    'webhook_delivery',
    'webhook_try',
    'ticket_figure',
    'ticket_spell',
    'ticket_target',
    'ticket_breach',
    'ticket_holding',
    'ticket_snooze',
  ]
  it('E-061 a query without scope reads no row of the new tables', async () => {
    const ticket = await open()
    await desk.call('POST /api/tickets/:id/sides', {
      as: agent,
      params: { id: ticket.id },
      body: { subject: 'x', to: ['pat@vendor.example'], body: 'x' },
    })
    await desk.call('POST /api/absences', { as: agent, body: { fromOn: '2030-01-01', toOn: '2030-01-02', substituteId: null } as never })
    await rule({})
    await countAs(desk, 'on', 'all', (counts) => {
      for (const table of ['side', 'side_party', 'absence', 'automation_rule']) expect(counts[table], table).toBeGreaterThan(0)
    })
    await countAs(desk, '', '', (counts) => {
      for (const table of tables) expect(counts[table], table).toBe(0)
    })
  })

  async function countAs(on: Desk, staff: string, scope: string, look: (counts: Record<string, number>) => void) {
    await on.kernel.asSystem(async ({ db }) => {
      await sql`select set_config('firstline.staff', ${staff}, true), set_config('firstline.scope', ${scope}, true), set_config('firstline.person', '', true)`.execute(
        db,
      )
      const counts: Record<string, number> = {}
      for (const table of tables)
        counts[table] = Number((await sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(db)).rows[0]!.n)
      look(counts)
    })
  }
})
