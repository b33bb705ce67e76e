import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { BulkAction, Condition, ViewQuery } from '../../../contract/views.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { statements } from '../../kernel/db.ts'
import { actorOfPerson } from '../mail/access-agent.ts'
import { factsOf, inViews, matching, viewerOf } from './access-query.ts'
import { lookForNews } from './actions-alerts.ts'
import { holds, testsOf } from './rules.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  lead = await desk.person('lead')
})

type New = { subject: string; tags?: string[]; impact?: 1 | 2 | 3; urgency?: 1 | 2 | 3; assigneeId?: string; teamId?: string }
const open = (more: New, as = agent) => desk.call('POST /api/tickets', { as, body: { channel: 'phone', ...more } })
const query = (...all: Condition[]): ViewQuery => ({ all, any: [] })
const critical = query({ field: 'priority', op: 'is', values: [1] }, { field: 'open', is: true })
const keep = (more: Record<string, unknown> = {}, as = agent) =>
  desk.call('POST /api/views', { as, body: { name: 'Critical', query: critical, ...more } as never })

async function asAgent<T>(work: (context: Parameters<Parameters<typeof desk.kernel.asSystem>[0]>[0]) => Promise<T>): Promise<T> {
  return desk.kernel.asSystem(async (context) => work({ ...context, actor: await actorOfPerson(context, agent.id) }))
}

describe('the query', () => {
  it('finds in the database exactly those tickets of which it says so one by one', async () => {
    const team = await desk.team('Field', 1, [agent])
    const organisation = await desk.organisation()
    const asker = await desk.person('requester', { organisationId: organisation.id })
    const categories = (await desk.call('GET /api/categories', { as: agent })).items
    const parent = categories.find((one) => categories.some((other) => other.parentId === one.id))?.id ?? ''
    const child = categories.find((one) => one.parentId === parent)?.id ?? ''
    const made = [
      await open({ subject: 'Printer ÄÖÜ down', tags: ['vip', 'site-a'], impact: 3, urgency: 3, teamId: team.id }),
      await open({ subject: 'printer again', tags: ['vip'], assigneeId: agent.id }),
      await desk.call('POST /api/tickets', {
        as: agent,
        body: { subject: 'Password', body: 'forgotten since monday', requesterId: asker.id, categoryId: child, kind: 'request' },
      }),
      await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Screen', categoryId: parent, resolve: { code: 'solved' } } }),
      await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'forgotten printer' } }),
    ]
    desk.clock.advance({ hours: 30 })
    made.push(await open({ subject: 'new one', assigneeId: lead.id }))
    await desk.call('PUT /api/tickets/:id/watch', { as: agent, params: { id: made[1]!.id }, body: { watching: true } })
    const boss = await desk.person('administrator')
    const rule = {
      key: 'r',
      name: 'Answer',
      target: 'resolution' as const,
      clock: 'calendar' as const,
      goals: [{ time: { minutes: 24 * 60 } }],
    }
    await desk.call('POST /api/agreements', { as: boss, body: { kind: 'sla', name: 'All', rules: [rule] } })
    for (const { id, version } of made.slice(0, 2))
      await desk.call('PATCH /api/tickets/:id', { as: agent, params: { id }, ifMatch: version, body: { impact: 2 } })
    const statusIds = [...new Set(made.map((one) => one.status.id))]
    const one = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 })
    const op = fc.constantFrom('is' as const, 'is-not' as const)
    const choice = (field: string, ...values: (string | number)[]) => fc.record({ field: fc.constant(field), op, values: one(...values) })
    const times = fc.constantFrom('created', 'changed', 'resolved', 'lastMessage', 'waitingSince', 'revisit')
    const today = desk.clock.now().toString().slice(0, 10)
    const yesterday = desk.clock.now().subtract({ hours: 24 }).toString().slice(0, 10)
    const condition = fc.oneof(
      choice('kind', 'incident', 'request'),
      choice('meaning', 'new', 'open', 'resolved'),
      choice('status', ...statusIds),
      choice('priority', 1, 3, 5),
      choice('impact', 1, 3),
      choice('urgency', 1, 3),
      choice('channel', 'phone', 'portal', 'api'),
      choice('language', 'en', 'de'),
      choice('category', 'none', parent, child),
      choice('requester', 'me', asker.id),
      choice('organisation', 'none', organisation.id),
      choice('site', 'none', '1'),
      choice('team', 'mine', 'none', team.id),
      choice('assignee', 'me', 'my-teams', 'none', lead.id),
      fc.record({ field: fc.constant('tags'), op: fc.constantFrom('any', 'all', 'none'), values: one('vip', 'site-a', 'x') }),
      fc.record({ field: times, op: fc.constantFrom('within', 'older'), amount: fc.constantFrom(1, 29, 31), unit: fc.constant('hours') }),
      fc.record({ field: times, op: fc.constant('between'), from: fc.constantFrom(yesterday, today), to: fc.constant(today) }),
      fc.record({ field: times, op: fc.constantFrom('empty', 'not-empty') }),
      fc.record({ field: fc.constant('due'), op: fc.constantFrom('late', 'empty') }),
      fc.record({ field: fc.constant('due'), op: fc.constant('next'), amount: fc.constantFrom(1, 31), unit: fc.constant('hours') }),
      fc.record({ field: fc.constantFrom('reopened', 'passed'), op: fc.constantFrom('at-least', 'at-most'), value: fc.nat(1) }),
      fc.record({ field: fc.constantFrom('open', 'unread', 'following', 'restricted'), is: fc.boolean() }),
      fc.record({ field: fc.constant('subject'), op: fc.constantFrom('contains', 'lacks'), value: fc.constantFrom('PRINTER', 'aou', '%') }),
      fc.record({ field: fc.constant('words'), value: fc.constantFrom('printer', 'forgotten', 'forgotten monday') }),
    ) as unknown as fc.Arbitrary<Condition>
    const asked = fc.record({ all: fc.array(condition, { maxLength: 3 }), any: fc.array(condition, { maxLength: 2 }) })
    const ids = made.map((ticket) => ticket.id)
    let found = 0
    await asAgent(async (context) => {
      const viewer = viewerOf(context)
      await fc.assert(
        fc.asyncProperty(asked, async (one) => {
          const there = await sql<{ id: string }>`select t.id from ticket t where t.id = any(${ids}::bigint[]) and ${inViews(context)}
            and ${matching(one, viewer)} order by t.id`.execute(context.db)
          const tests = testsOf(one, viewer)
          const facts = await factsOf(context, ids, tests)
          found += there.rows.length
          expect(
            facts
              .filter((fact) => holds(fact, tests))
              .map((fact) => fact.id)
              .sort(),
          ).toEqual(there.rows.map((row) => row.id).sort())
        }),
        { numRuns: 150 },
      )
    })
    expect(found).toBeGreaterThan(100)
  })

  it('takes nothing but what the language has, and says where it is wrong', async () => {
    const wrong = await desk.refused('validation_failed', 'POST /api/views', {
      as: agent,
      body: {
        name: 'x',
        query: { all: [{ field: 'priority', values: [9] }], any: [{ field: 'team', values: ['1; drop table ticket'] }] },
      } as never,
    })
    expect(wrong.issues?.map((issue) => issue.path)).toEqual(expect.arrayContaining([expect.stringContaining('query.all.0')]))
    const gone = await desk.refused('validation_failed', 'POST /api/views', {
      as: agent,
      body: { name: 'x', query: { all: [{ field: 'team', values: ['99999'] }] } },
    })
    expect(gone.issues?.[0]).toMatchObject({ path: 'query.all.0.values.0', code: 'unknown' })
  })
})

describe('views', () => {
  it('GEN-4 anybody of the staff makes a list of their own, counts it and takes it along as CSV', async () => {
    await open({ subject: '=SUM(1)', impact: 3, urgency: 3 })
    await open({ subject: 'small' })
    const tried = await desk.call('POST /api/views/try', { as: agent, body: { query: critical } })
    expect(tried).toMatchObject({ count: 1, more: false, items: [{ subject: '=SUM(1)' }] })
    const view = await keep({ columns: [{ key: 'subject' }, { key: 'priority' }] })
    expect((await desk.call('GET /api/views/counts', { as: agent })).items).toEqual([{ id: view.id, count: 1, more: false }])
    const csv = await desk.ask('GET /api/views/:id/csv', { as: agent, params: { id: view.id } })
    expect(csv.text).toBe(`\ufeff"Subject","Priority"\r\n"'=SUM(1)",1\r\n`)
  })

  it.each(['newest', 'oldest', 'changed', 'waiting', 'priority'] as const)(
    'sorted by %s, its pages hold each ticket once',
    async (sort) => {
      for (let n = 0; n < 7; n++) {
        await open({ subject: `Ticket ${n}`, impact: ((n % 3) + 1) as 1 })
        desk.clock.advance({ minutes: 1 })
      }
      const view = await keep({ query: query({ field: 'open', is: true }), sort })
      const seen: string[] = []
      for (let after: string | null | undefined; after !== null; ) {
        const page = await desk.call('GET /api/views/:id/tickets', {
          as: agent,
          params: { id: view.id },
          query: { limit: 3, ...(after ? { after } : {}) },
        })
        seen.push(...page.items.map((row) => row.id))
        after = page.next
      }
      expect(new Set(seen).size).toBe(7)
      expect(seen).toHaveLength(7)
    },
  )

  it("a private view is its owner's alone, a team's its members', and only a lead keeps one for everybody", async () => {
    const other = await desk.person('agent')
    const team = await desk.team('Network', 1, [agent, lead])
    const mine = await keep()
    await desk.refused('not_found', 'GET /api/views/:id', { as: other, params: { id: mine.id } })
    await desk.refused('not_found', 'GET /api/views/:id/tickets', { as: lead, params: { id: mine.id } })
    await desk.refused('not_allowed', 'POST /api/views', { as: agent, body: { name: 'x', query: critical, scope: 'everyone' } })
    const ours = await keep({ scope: 'team', teamId: team.id }, lead)
    expect((await desk.call('GET /api/views', { as: agent })).items.map((view) => [view.id, view.can.edit])).toEqual([
      [mine.id, true],
      [ours.id, false],
    ])
    expect((await desk.call('GET /api/views', { as: other })).items).toEqual([])
    await desk.refused('not_allowed', 'DELETE /api/views/:id', { as: agent, params: { id: ours.id } })
    await desk.refused('version_stale', 'PATCH /api/views/:id', { as: lead, params: { id: ours.id }, ifMatch: 9, body: { name: 'y' } })
  })

  it('a view shows nobody more than they see anyway', async () => {
    const away = await desk.organisation()
    const asker = await desk.person('requester', { organisationId: away.id })
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.call('POST /api/tickets', { as: agent, body: { subject: 'of a customer', requesterId: asker.id, impact: 3, urgency: 3 } })
    const view = await keep({ scope: 'everyone' }, lead)
    const rows = (as: TestPerson) => desk.call('GET /api/views/:id/tickets', { as, params: { id: view.id } })
    expect((await rows(agent)).items).toHaveLength(1)
    expect((await rows(limited)).items).toEqual([])
    expect((await desk.call('GET /api/views/counts', { as: limited })).items).toEqual([{ id: view.id, count: 0, more: false }])
    expect((await desk.ask('GET /api/views/:id/csv', { as: limited, params: { id: view.id } })).text).not.toContain('of a customer')
  })

  it('SD-7 a board shows the queue by status, with counts, and one more column by hand', async () => {
    const first = await open({ subject: 'one', impact: 3, urgency: 3 })
    const second = await open({ subject: 'two', impact: 3, urgency: 3 })
    const view = await keep()
    const before = await desk.call('GET /api/views/:id/board', { as: agent, params: { id: view.id }, query: { by: 'priority' } })
    expect(before.groups.find((group) => group.key === '1')).toMatchObject({ count: 2 })
    await desk.call('POST /api/tickets/:id/take', { as: agent, params: { id: first.id } })
    const board = await desk.call('GET /api/views/:id/board', { as: agent, params: { id: view.id }, query: { by: 'assignee' } })
    expect(board.groups.map((group) => [group.key, group.items.map((row) => row.id)])).toEqual([
      ['none', [second.id]],
      [agent.id, [first.id]],
    ])
    const column = await desk.call('GET /api/views/:id/tickets', {
      as: agent,
      params: { id: view.id },
      query: { by: 'assignee', group: agent.id },
    })
    expect(column.items.map((row) => row.id)).toEqual([first.id])
  })

  it('whoever asked is told of what is new in a view, once, and never of what they did themselves', async () => {
    await open({ subject: 'there already', impact: 3, urgency: 3 }, lead)
    const view = await keep()
    await desk.call('PUT /api/views/:id/alert', { as: agent, params: { id: view.id }, body: { when: 'at-once' } })
    const bell = async () =>
      (await desk.call('GET /api/notices', { as: agent })).items
        .filter((notice) => notice.reason === 'view')
        .map((one) => one.ticket?.subject)
    const look = async () => {
      desk.clock.advance({ minutes: 1 })
      await desk.kernel.asSystem((context) => lookForNews(context))
    }
    await look()
    expect(await bell()).toEqual([])
    desk.clock.advance({ minutes: 5 })
    await open({ subject: 'by the lead', impact: 3, urgency: 3 }, lead)
    await open({ subject: 'by myself', impact: 3, urgency: 3 })
    await look()
    await look()
    expect(await bell()).toEqual(['by the lead'])
  })
})

describe('many at once', () => {
  const bulk = (action: BulkAction, which: Record<string, unknown>, as = agent) =>
    desk.call('POST /api/bulk', { as, body: { action, ...which } as never })
  const run = async (id: string, as = agent) => {
    await desk.call('POST /api/bulk/:id/run', { as, params: { id } })
    await desk.work()
    return desk.call('GET /api/bulk/:id', { as, params: { id } })
  }
  const undo = async (id: string) => {
    await desk.call('POST /api/bulk/:id/undo', { as: agent, params: { id } })
    await desk.work()
    return desk.call('GET /api/bulk/:id', { as: agent, params: { id } })
  }
  const ticket = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })

  it('the preview says what would happen and changes nothing; foreign tickets are as if they did not exist', async () => {
    const own = await open({ subject: 'own' })
    const tagged = await open({ subject: 'tagged', tags: ['fair'] })
    const closed = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'closed', resolve: { code: 'solved' } } })
    await desk.call('POST /api/tickets/:id/close', { as: agent, params: { id: closed.id } })
    const hidden = await open({ subject: 'hidden' }, lead)
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: hidden.id },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    const preview = await bulk(
      { do: 'tags', add: ['fair'], remove: [] },
      { ticketIds: [own.id, tagged.id, closed.id, hidden.id, '999999'] },
    )
    expect(preview).toMatchObject({ state: 'preview', counts: { will: 1, same: 1, cannot: 3 } })
    expect((await ticket(own.id)).tags).toEqual([])
    const report = await desk.call('GET /api/bulk/:id/rows', { as: agent, params: { id: preview.id } })
    const told = Object.fromEntries(report.items.map((row) => [row.ticket.id, [row.code, row.ticket.subject]]))
    expect(told).toMatchObject({ [closed.id]: ['ticket_closed', 'closed'], [hidden.id]: ['not_found', ''], 999999: ['not_found', ''] })
    await desk.refused('not_found', 'GET /api/bulk/:id', { as: lead, params: { id: preview.id } })
  })

  it('does to each what a click on one would do, reports every row, and takes it back where nobody changed it since', async () => {
    const other = await desk.person('agent')
    const [a, b] = [await open({ subject: 'a' }), await open({ subject: 'b' })]
    const view = await keep({ query: query({ field: 'open', is: true }) })
    const preview = await bulk({ do: 'assign', assigneeId: other.id }, { viewId: view.id })
    const late = await open({ subject: 'came later' })
    expect(await run(preview.id)).toMatchObject({ state: 'done', counts: { done: 2, cannot: 0 } })
    expect((await ticket(a.id)).assignee?.id).toBe(other.id)
    expect((await ticket(late.id)).assignee).toBeNull()
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: a.id } })
    expect(items.find((entry) => entry.type === 'ticket.assigned')).toMatchObject({ actor: { id: agent.id } })
    expect((await desk.call('GET /api/notices', { as: other })).items.map((one) => one.ticket?.id)).toContain(a.id)
    const changed = await ticket(b.id)
    await desk.call('PATCH /api/tickets/:id', { as: lead, params: { id: b.id }, ifMatch: changed.version, body: { subject: 'b2' } })
    expect(await undo(preview.id)).toMatchObject({ state: 'undone', counts: { undone: 1, 'changed-since': 1 } })
    const back = await ticket(a.id)
    expect([back.assignee, back.status.meaning]).toEqual([null, 'new'])
    expect((await ticket(b.id)).assignee?.id).toBe(other.id)
  })

  it.each([
    { do: 'set', fields: { priority: 1, priorityReason: 'Fair' } },
    { do: 'tags', add: ['x'], remove: [] },
    { do: 'resolve', code: 'solved', text: 'Done', tell: false },
    { do: 'follow', watching: true },
    { do: 'spam' },
  ] satisfies BulkAction[])('%o is done, and undone', async (action) => {
    const one = await open({ subject: 'one', tags: ['kept'] })
    const { id } = await bulk(action, { ticketIds: [one.id] })
    const shown = async () => {
      const found = await desk.ask('GET /api/tickets/:id', { as: lead, params: { id: one.id } })
      const { priority, tags, status, resolution, watchers, deletedAt } = found.body
      return { priority, tags, status: status.meaning, resolution, deleted: deletedAt !== null, watchers: watchers.length }
    }
    const before = await shown()
    expect(await run(id)).toMatchObject({ counts: { done: 1 } })
    if (action.do !== 'follow') expect(await shown()).not.toEqual(before)
    expect(await undo(id)).toMatchObject({ counts: { undone: 1 } })
    expect(await shown()).toEqual(before)
    await desk.refused('bulk_state', 'POST /api/bulk/:id/undo', { as: agent, params: { id } })
  })

  it('one that refuses leaves the others done, and says why', async () => {
    const made = []
    for (let n = 0; n < 5; n++) made.push(await open({ subject: `t${n}` }))
    const { id } = await bulk({ do: 'resolve', code: 'solved', text: '', tell: false }, { ticketIds: made.map((one) => one.id) })
    await desk.call('POST /api/tickets/:id/tasks', {
      as: agent,
      params: { id: made[2]!.id },
      body: { title: 'First', mandatory: true } as never,
    })
    expect(await run(id)).toMatchObject({ counts: { done: 4, cannot: 1 }, reasons: [{ code: 'tasks_open', count: 1 }] })
    const csv = await desk.ask('GET /api/bulk/:id/csv', { as: agent, params: { id } })
    expect(csv.text.split('\r\n')).toHaveLength(7)
    expect(csv.text).toContain('tasks_open')
  })

  it('whoever left the staff in between changes nothing more', async () => {
    const one = await open({ subject: 'one' })
    const { id } = await bulk({ do: 'tags', add: ['x'], remove: [] }, { ticketIds: [one.id] })
    await desk.call('POST /api/bulk/:id/run', { as: agent, params: { id } })
    await desk.kernel.asSystem(({ db }) => sql`delete from role_grant where person_id = ${agent.id}`.execute(db))
    await desk.work()
    expect((await desk.call('GET /api/tickets/:id', { as: lead, params: { id: one.id } })).tags).toEqual([])
    const rows = await desk.kernel.asSystem(({ db }) =>
      sql<{ outcome: string; code: string }>`select outcome, code from bulk_row where run_id = ${id}`.execute(db),
    )
    expect(rows.rows).toEqual([{ outcome: 'cannot', code: 'not_allowed' }])
  })

  it('what is taken back too late stays as it is', async () => {
    const one = await open({ subject: 'one' })
    const { id } = await bulk({ do: 'tags', add: ['x'], remove: [] }, { ticketIds: [one.id] })
    await run(id)
    desk.clock.advance({ minutes: 11 })
    await desk.refused('undo_too_late', 'POST /api/bulk/:id/undo', { as: agent, params: { id } })
  })
})

describe('a thousand at once', () => {
  // MEASURE=1 takes a thousand and tells the time; what must stay true on any machine is how much is asked for each.
  const many = process.env.MEASURE ? 1000 : 150
  it('are passed on with four statements for each ticket, and each has its own history', async () => {
    const team = await desk.team('Field', 1, [agent, lead])
    const first = await open({ subject: 'One of many' })
    await desk.kernel.asSystem(({ db }) =>
      sql`insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, channel, requester_id, created_at, changed_at)
        select t.kind, t.subject, t.status_id, t.meaning, 1, 1, 5, 5, t.channel, t.requester_id, t.created_at, t.changed_at
        from ticket t, generate_series(2, ${many}::int) where t.id = ${first.id}`.execute(db),
    )
    const action: BulkAction = { do: 'assign', assigneeId: lead.id, teamId: team.id }
    const { id } = await desk.call('POST /api/bulk', { as: agent, body: { action, fixedView: 'all-open' } })
    const [begun, before] = [performance.now(), statements.sent]
    await desk.call('POST /api/bulk/:id/run', { as: agent, params: { id } })
    await desk.work()
    if (process.env.MEASURE) process.stdout.write(`${many} tickets: ${Math.round(performance.now() - begun)} ms\n`)
    expect((statements.sent - before) / many).toBeLessThan(4)
    expect((await desk.call('GET /api/bulk/:id', { as: agent, params: { id } })).counts.done).toBe(many)
    const events = await desk.kernel.asSystem(({ db }) =>
      sql<{
        n: number
      }>`select count(distinct ticket_id)::int as n from event where type = 'ticket.assigned' and actor_id = ${agent.id}`.execute(db),
    )
    expect(events.rows[0]?.n).toBe(many)
  })
})
