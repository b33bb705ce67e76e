import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FigureKey } from '../../../contract/figures.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { inThePast } from '../../kernel/history.ts'
import { figureJobs } from './jobs.ts'
import { type History, slowFigures, type Told } from './slow.testing.ts'

const desk = useDesk()
let admin: TestPerson
let lead: TestPerson
let agent: TestPerson
let nora: TestPerson
let team: { id: string; name: string }
let organisation: { id: string; name: string }
beforeEach(async () => {
  admin = await desk.person('administrator', { name: 'Ada' })
  lead = await desk.person('lead', { name: 'Lea' })
  agent = await desk.person('agent', { name: 'Ann' })
  organisation = await desk.organisation('Nordwind')
  nora = await desk.person('requester', { name: 'Nora', organisationId: organisation.id })
  team = await desk.team('Service desk', 1, [agent, lead])
})

const zone = 'Europe/Berlin'
const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
/** What happens at this very moment counts from the next one on. */
async function follow(): Promise<void> {
  desk.clock.advance({ seconds: 1 })
  await figureJobs['figures.follow']?.(desk.kernel, {})
}
const today = (minus = 0) => desk.kernel.clock.now().toZonedDateTimeISO(zone).toPlainDate().subtract({ days: minus }).toString()
const params = (id: string) => ({ params: { id } })
const read = (id: string) => desk.call('GET /api/tickets/:id', { as: lead, ...params(id) })
async function open(more: object = {}): Promise<string> {
  const body = {
    subject: 'Printer',
    body: 'Dead',
    requesterId: nora.id,
    teamId: team.id,
    channel: 'phone' as const,
    acknowledge: false,
    ...more,
  }
  return (await desk.call('POST /api/tickets', { as: agent, body })).id
}
const reply = (id: string, more: object = {}) =>
  desk.call('POST /api/tickets/:id/replies', { as: agent, ...params(id), body: { body: 'Look', ...more } })
async function resolve(id: string, tell = false): Promise<void> {
  const { version } = await read(id)
  const body = { code: 'solved' as const, text: 'Cable', tell }
  await desk.call('POST /api/tickets/:id/resolve', { as: agent, ...params(id), ifMatch: version, body })
}
const reopen = (id: string) => desk.call('POST /api/tickets/:id/reopen', { as: agent, ...params(id), body: { text: '' } })
const close = (id: string) => desk.call('POST /api/tickets/:id/close', { as: agent, ...params(id) })
async function move(id: string, meaning: string): Promise<void> {
  const [status] = await query(sql<{ id: string }>`select id from status where meaning = ${meaning} order by position limit 1`)
  const { version } = await read(id)
  await desk.call('PATCH /api/tickets/:id', { as: agent, ...params(id), ifMatch: version, body: { statusId: status!.id } })
}
async function pass(id: string, teamId: string): Promise<void> {
  const { version } = await read(id)
  await desk.call('POST /api/tickets/:id/pass', {
    as: agent,
    ...params(id),
    ifMatch: version,
    body: { teamId, note: 'Please look at the port.' },
  })
}
const figuresOf = (from: string, to: string, more: object = {}, as = lead) =>
  desk.call('GET /api/figures', { as, query: { from, to, ...more } })
const one = async (key: FigureKey, days = 0, more: object = {}) =>
  (await figuresOf(today(days), today(), more)).items.find((figure) => figure.key === key)!
const rows = async (key: string, from: string, to: string, more: object = {}) => {
  const items: { id: string; ticket: { id: string } }[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await desk.call('GET /api/figures/:key/rows', {
      as: lead,
      params: { key },
      query: { from, to, limit: 7, ...(after ? { after } : {}), ...more },
    })
    items.push(...page.items)
    after = page.next
  }
  return items
}

describe('GEN-4 the figures', () => {
  it('GEN-4 are those of a slow count over the history, for random tickets, with the rows that add up to each', async () => {
    let seed = 7
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * n)
    }
    const ids: string[] = []
    // The latest few, so that much happens to each.
    const some = () => ids[ids.length - 1 - random(Math.min(ids.length, 4))] ?? ''
    const steps: (() => Promise<unknown>)[] = [
      async () => ids.push(await open({ urgency: 1 + random(3), kind: random(2) ? 'incident' : 'request' })),
      async () => ids.push(await open({ resolve: { code: 'solved', text: 'Told on the phone' } })),
      () => reply(some()),
      () => reply(some(), { internal: true }),
      () => move(some(), ['waiting-requester', 'open', 'scheduled', 'open', 'cancelled'][random(5)]!),
      () => resolve(some(), random(2) === 0),
      () => resolve(some()),
      () => reopen(some()),
      () => close(some()),
      () => pass(some(), teams[random(3)]!),
      async () => {
        const body = { body: 'It is back', kind: 'portal' as const }
        await desk.call('POST /api/tickets/:id/replies', { as: nora, ...params(some()), body })
      },
    ]
    const teams = [team.id, (await desk.team('Network', 2, [agent])).id, (await desk.team('Servers', 2, [agent])).id]
    ids.push(await open())
    for (let n = 0; n < 110; n++) {
      desk.clock.advance({ minutes: random(240) })
      await steps[random(steps.length)]!().catch(() => {})
      // In between, so that what was counted before is counted anew when it changes.
      if (n % 60 === 0) await follow()
    }
    const again = await open({ kind: 'request' })
    await reply(again)
    for (const step of [resolve, reopen, resolve]) {
      desk.clock.advance({ minutes: 11 })
      await step(again)
    }
    const [first, second, spam] = [await open(), await open(), await open()]
    await desk.call('POST /api/tickets/:id/merge', { as: lead, ...params(first), body: { intoId: second } as never })
    await desk.call('POST /api/tickets/:id/remove', { as: lead, ...params(spam) })
    await follow()

    const history: History = {
      tickets: await query(sql<History['tickets'][number]>`select * from ticket`),
      events: await query(sql<History['events'][number]>`select * from event where ticket_id is not null order by at, id`),
      messages: await query(sql<History['messages'][number]>`select * from message order by id`),
    }
    for (const [from, to, filter] of [
      [today(6), today(), {}],
      [today(12), today(5), {}],
      [today(9), today(2), { kind: 'request' }],
      [today(9), today(), { priority: 5, team: team.id }],
    ] as const) {
      const fast = await figuresOf(from, to, filter)
      const slow = slowFigures(history, { from, to, zone, now: desk.kernel.clock.now(), filter })
      for (const figure of fast.items.filter(({ key }) => key in slow)) {
        const told = slow[figure.key as keyof typeof slow] as Told
        expect({ key: figure.key, count: figure.now.count }).toEqual({ key: figure.key, count: told.count })
        if (figure.now.value === null) expect(told.value).toBeNull()
        else expect(figure.now.value, figure.key).toBeCloseTo(told.value ?? Number.NaN, 3)
        if (told.p90 !== undefined && told.p90 !== null) expect(figure.now.p90, figure.key).toBeCloseTo(told.p90, 3)
        expect(
          figure.days.map((day) => [day.day, day.count]),
          figure.key,
        ).toEqual(told.days)
        const behind = await rows(figure.key, from, to, filter)
        expect(new Set(behind.map((row) => row.ticket.id)), figure.key).toEqual(new Set(told.tickets))
        expect(behind, figure.key).toHaveLength(told.count)
        if (figure.now.part !== null) expect(await rows(figure.key, from, to, { ...filter, which: 'part' })).toHaveLength(figure.now.part)
      }
      expect(fast.items.find(({ key }) => key === 'open')!.now.held).toBe(slow.held)
    }
    const { excluded } = (await figuresOf(today(20), today())).items[0]!
    const cancelled = (await query(sql<{ n: number }>`select count(*)::int as n from ticket where meaning = 'cancelled'`))[0]!.n
    expect(excluded).toEqual({ merged: 1, spam: 1, cancelled, automatic: 0 })
    expect(ids.length).toBeGreaterThan(10)
  })

  it('GEN-4 the first answer is that of a person to whom the requester listens, and neither a note nor the opening words', async () => {
    const id = await open()
    desk.clock.advance({ minutes: 5 })
    await reply(id, { internal: true })
    await follow()
    expect((await one('first-answer')).now.count).toBe(0)
    desk.clock.advance({ minutes: 24, seconds: 59 })
    await reply(id)
    await follow()
    expect((await one('first-answer', 1)).now).toMatchObject({ count: 1, value: 1800 })
  })

  it('GEN-4 a reply that is taken back was no answer', async () => {
    const id = await open()
    const { id: messageId } = await reply(id)
    await follow()
    expect((await one('first-answer')).now.count).toBe(1)
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: messageId } })
    await follow()
    expect((await one('first-answer')).now.count).toBe(0)
  })

  it('INC-21 a ticket that was reopened counts as reopened once it is resolved again, at its last resolution', async () => {
    const id = await open()
    desk.clock.advance({ hours: 1 })
    await resolve(id)
    await follow()
    expect([(await one('resolved', 1)).now.value, (await one('reopened', 1)).now.part]).toEqual([1, 0])
    desk.clock.advance({ minutes: 59, seconds: 59 })
    await reopen(id)
    await follow()
    expect((await one('resolved', 1)).now.value).toBe(0)
    desk.clock.advance({ minutes: 59, seconds: 59 })
    await resolve(id)
    await follow()
    expect((await one('resolution', 1)).now.value).toBe(3 * 3600)
    expect((await one('resolution-desk', 1)).now.value).toBe(2 * 3600)
    expect((await one('reopened', 1)).now).toMatchObject({ value: 1, part: 1, count: 1 })
  })

  it('GEN-4 time set aside counts for the customer and not for the desk, and ends one touch', async () => {
    const id = await open()
    await reply(id)
    desk.clock.advance({ hours: 1 })
    await move(id, 'waiting-requester')
    desk.clock.advance({ hours: 5 })
    await resolve(id)
    const direct = await open()
    await reply(direct)
    await resolve(direct)
    await follow()
    expect((await one('resolution', 1)).now).toMatchObject({ count: 2, value: 3 * 3600 })
    expect((await one('resolution-desk', 1)).now).toMatchObject({ count: 2, value: 1800 })
    expect((await one('one-touch', 1)).now).toMatchObject({ count: 2, part: 1 })
    expect((await rows('one-touch', today(1), today(), { which: 'part' })).map((row) => row.ticket.id)).toEqual([direct])
  })

  it('GEN-5 what comes in late corrects the days that it belongs to', async () => {
    await follow()
    const then = Temporal.Now.instant().subtract({ hours: 24 * 20 })
    const [{ id }] = (await query(
      sql<{
        id: string
      }>`insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, channel, requester_id, created_at, changed_at)
      select 'incident', 'Old', s.id, 'closed', 1, 1, 5, 5, 'mail', ${nora.id}, ${then.toString()}, ${then.toString()} from status s where meaning = 'closed' returning id`,
    )) as [{ id: string }]
    const system = await desk.kernel.asSystem(async ({ actor }) => actor)
    await inThePast(desk.kernel, async (actAs) => {
      const at = (hours: number) => actAs(system, then.add({ hours }))
      const about = { subject: { kind: 'ticket', id }, ticketId: id, audience: 'everyone' as const }
      await at(30).record({ type: 'ticket.resolved', ...about, data: { code: 'solved', tell: false, messageId: null } })
      await at(31).record({ type: 'ticket.closed', ...about, data: { how: 'staff' } })
    })
    await follow()
    const { items } = await figuresOf(today(22), today(10))
    const days = items.find(({ key }) => key === 'open')!.days.filter((day) => day.value === 1)
    expect(days.length).toBeGreaterThanOrEqual(1)
    expect(items.find(({ key }) => key === 'resolution')!.now).toMatchObject({ count: 1, value: 30 * 3600 })
    expect(items.find(({ key }) => key === 'open')!.now.value).toBe(0)
  })

  it('GEN-5 counted anew from nothing they are the same, and counted twice too', async () => {
    const id = await open()
    await resolve(id)
    await reopen(id)
    await open()
    await follow()
    const all = () =>
      query(
        sql`select f.*, (select json_agg(p order by p.nth) from ticket_spell p where p.ticket_id = f.ticket_id)::text as spells from ticket_figure f order by ticket_id`,
      )
    const before = JSON.stringify(await all())
    await follow()
    expect(JSON.stringify(await all())).toBe(before)
    await query(sql`delete from ticket_spell`)
    await query(sql`delete from ticket_figure`)
    await query(sql`delete from figure_position`)
    await follow()
    expect(JSON.stringify(await all())).toBe(before)
    // The position alone is enough: what was counted before it is thrown away.
    await query(sql`delete from figure_position`)
    await follow()
    expect(JSON.stringify(await all())).toBe(before)
    expect(JSON.parse(before)).toHaveLength(2)
  })

  it('GEN-4 satisfaction is the share of 4 and 5, with how many were asked', async () => {
    const ids = [await open(), await open(), await open()]
    for (const [n, id] of ids.entries()) {
      const score = [5, 2, null][n]
      await query(sql`insert into survey (ticket_id, person_id, team_id, occasion_at, token_hash, asked_at, expires_at, answered_at, score)
        values (${id}, ${nora.id}, ${team.id}, now(), ${Buffer.from(`hash ${n}`)}, ${desk.kernel.clock.now().toString()}, now(), ${score === null ? null : desk.kernel.clock.now().toString()}::timestamptz, ${score ?? null}::int)`)
    }
    desk.clock.advance({ seconds: 1 })
    await follow()
    expect((await one('satisfaction')).now).toMatchObject({ value: 0.5, part: 1, count: 2, asked: 3 })
    expect(await rows('satisfaction', today(), today())).toHaveLength(2)
    const low = await desk.call('GET /api/home/exceptions/:key', { as: lead, params: { key: 'low-score' } })
    expect(low.items.map((row) => row.id)).toEqual([ids[1]])
  })

  it('GEN-4 each says its formula, and may be had as CSV', async () => {
    const { items } = await desk.call('GET /api/figures/definitions', { as: lead })
    const shown = (await figuresOf(today(), today())).items.map(({ key }) => key)
    expect(items.map(({ key }) => key)).toEqual(shown)
    for (const item of items)
      for (const text of [item.formula, item.population, item.clock, item.exclusions]) expect(text.length).toBeGreaterThan(10)
    const id = await open({ subject: '=cmd|danger' })
    desk.clock.advance({ seconds: 1 })
    await follow()
    const csv = await desk.ask('GET /api/figures/:key/csv', { as: lead, params: { key: 'created' }, query: { from: today(), to: today() } })
    expect(csv.text).toContain(`${id},"'=cmd|danger"`)
    const all = await desk.ask('GET /api/figures/csv', { as: lead, query: { from: today(1), to: today() } })
    expect(all.text.trim().split('\r\n')).toHaveLength(1 + 2 * shown.length)
  })
})

describe('who sees which figures', () => {
  it('no figure is about one person unless the administrator has switched it on', async () => {
    const asked = { from: today(), to: today(), person: agent.id }
    const refused = await desk.refused('validation_failed', 'GET /api/figures', { as: admin, query: asked })
    expect(refused.issues).toMatchObject([{ path: 'query.person', code: 'switched_off' }])
    for (const name of ['GET /api/figures/:key/rows', 'GET /api/figures/:key/csv'] as const)
      await desk.refused('validation_failed', name, { as: admin, params: { key: 'created' }, query: asked })
    await desk.refused('validation_failed', 'GET /api/figures/csv', { as: admin, query: asked })
    await desk.call('PATCH /api/company/settings', { as: admin, body: { agentFigures: true } })
    await open({ assigneeId: agent.id })
    await open()
    desk.clock.advance({ seconds: 1 })
    await follow()
    expect((await one('created', 0, { person: agent.id })).now.value).toBe(1)
  })

  it('agents and requesters have no figures, and a lead of one customer those of that customer', async () => {
    const asked = { query: { from: today(), to: today() } }
    await desk.refused('not_allowed', 'GET /api/figures', { as: agent, ...asked })
    await desk.refused('not_allowed', 'GET /api/figures', { as: nora, ...asked })
    const other = await desk.organisation('Other')
    const stranger = await desk.person('requester', { organisationId: other.id })
    const limited = await desk.person('lead', { limitedTo: { organisationId: other.id } })
    await open()
    const theirs = await open({ requesterId: stranger.id })
    desk.clock.advance({ seconds: 1 })
    await follow()
    expect((await figuresOf(today(), today(), {}, limited)).items.find(({ key }) => key === 'created')!.now.value).toBe(1)
    const { items } = await desk.call('GET /api/figures/:key/rows', { as: limited, params: { key: 'open' }, ...asked })
    expect(items.map((row) => row.ticket.id)).toEqual([theirs])
  })

  it('a lead of one team has the figures of that team, and a restricted ticket counts for those who may see it', async () => {
    const other = await desk.team('Field')
    const [ours, theirs, secret] = [await open(), await open({ teamId: other.id }), await open({ teamId: other.id })]
    await desk.call('PUT /api/tickets/:id/restriction', { as: admin, ...params(secret), body: { to: { personIds: [], teamIds: [] } } })
    await follow()
    const limited = await desk.person('lead', { limitedTo: { teamId: other.id } })
    const created = async (as: TestPerson) => {
      const { items } = await figuresOf(today(), today(), {}, as)
      const behind = await desk.call('GET /api/figures/:key/rows', { as, params: { key: 'open' }, query: { from: today(), to: today() } })
      for (const key of ['created', 'open']) expect(items.find((one) => one.key === key)!.now.value, key).toBe(behind.items.length)
      return behind.items.map((row) => row.ticket.id)
    }
    expect(await created(limited)).toEqual([theirs])
    expect(await created(lead)).toEqual([theirs, ours])
    expect(await created(admin)).toEqual([secret, theirs, ours])
    // Given to another team, they move there with the next count.
    const { version } = await read(theirs)
    await desk.call('PATCH /api/tickets/:id', { as: agent, ...params(theirs), ifMatch: version, body: { teamId: team.id } })
    await follow()
    expect(await created(limited)).toEqual([])
  })

  it('says what is wrong with the days that were asked for', async () => {
    const path = async (from: string, to: string) =>
      (await desk.refused('validation_failed', 'GET /api/figures', { as: lead, query: { from, to } })).issues?.map(
        (issue) => `${issue.path} ${issue.code}`,
      )
    expect(await path(today(), today(1))).toEqual(['query.to before_from'])
    expect(await path(today(), today(-1))).toEqual(['query.to future'])
    expect(await path(today(500), today())).toEqual(['query.from too_long'])
    await desk.refused('not_found', 'GET /api/figures/:key/rows', {
      as: lead,
      params: { key: 'nonsense' },
      query: { from: today(), to: today() },
    })
  })
})

describe('Home', () => {
  const next = async (as = agent) =>
    (await desk.call('GET /api/home/next', { as })).items.map(({ ticket, why }) => [ticket.id, why[0]?.code])

  it('what is next for me begins with who is late for their priority, and says why', async () => {
    const low = await open({ assigneeId: agent.id, urgency: 1 })
    const quiet = await open({ assigneeId: agent.id, urgency: 1 })
    await reply(quiet)
    desk.clock.advance({ hours: 2 })
    const high = await open({ assigneeId: agent.id, urgency: 3, impact: 3 })
    const theirs = await open({ assigneeId: lead.id })
    desk.clock.advance({ hours: 2 })
    const fresh = await open()
    await follow()
    expect(await next()).toEqual([
      [high, 'late'],
      [low, 'waits'],
      [fresh, 'waits'],
      [quiet, 'mine'],
    ])
    expect(await next(lead)).toEqual([
      [theirs, 'waits'],
      [fresh, 'waits'],
    ])
  })

  it('what was agreed comes first: late, then due soon; a lead sees both as exceptions, and a clock that pauses in neither', async () => {
    const boss = await desk.person('administrator')
    const query = { all: [], any: [] }
    const rule = {
      key: 'r',
      name: 'Resolution',
      target: 'resolution' as const,
      clock: 'calendar' as const,
      goals: [{ when: query, time: { minutes: 240 } }],
    }
    await desk.call('POST /api/agreements', { as: boss, body: { kind: 'sla', name: 'All', calendar: { by: 'caller' }, rules: [rule] } })
    const late = await open({ assigneeId: agent.id })
    const paused = await open({ assigneeId: agent.id })
    await move(paused, 'waiting-requester')
    desk.clock.advance({ hours: 3 })
    const soon = await open({ assigneeId: agent.id })
    desk.clock.advance({ hours: 2, minutes: 30 })
    expect((await next()).slice(0, 2)).toEqual([
      [late, 'target-late'],
      [soon, 'target'],
    ])
    const { items } = await desk.call('GET /api/home/exceptions', { as: lead })
    expect(items.filter(({ key }) => key.startsWith('target')).map(({ key, count }) => [key, count])).toEqual([
      ['target-missed', 1],
      ['target-soon', 1],
    ])
    expect(
      (await desk.call('GET /api/home/exceptions/:key', { as: lead, params: { key: 'target-missed' } })).items.map(({ id }) => id),
    ).toEqual([late])
  })

  it('a task that is due, a mention and what came back today stand among it', async () => {
    const task = await open({ assigneeId: lead.id })
    await desk.call('POST /api/tickets/:id/tasks', {
      as: lead,
      ...params(task),
      body: { title: 'Order a cable', assigneeId: agent.id, dueAt: desk.kernel.clock.now().subtract({ hours: 1 }).toString() },
    })
    const called = await open({ assigneeId: lead.id })
    await desk.call('POST /api/tickets/:id/replies', {
      as: lead,
      ...params(called),
      body: { body: 'Ann?', internal: true, mentions: [agent.id] },
    })
    const back = await open({ assigneeId: agent.id })
    await reply(back)
    await move(back, 'waiting-requester')
    await follow()
    expect((await next()).map(([id]) => id)).not.toContain(back)
    await move(back, 'open')
    await follow()
    const items = await next()
    expect(items).toEqual(
      expect.arrayContaining([
        [task, 'waits'],
        [called, 'waits'],
        [back, 'came-back'],
      ]),
    )
    const { items: full } = await desk.call('GET /api/home/next', { as: agent })
    expect(full.find(({ ticket }) => ticket.id === task)?.why.map(({ code, title }) => [code, title])).toContainEqual([
      'task',
      'Order a cable',
    ])
    expect(full.find(({ ticket }) => ticket.id === called)?.why.map(({ code }) => code)).toContain('mentioned')
  })

  it('the exceptions are lists: nobody has it, waits too long, stale, passed on, reopened; each as long as its count', async () => {
    const nobodys = await open()
    const stale = await open({ assigneeId: agent.id })
    await reply(stale)
    desk.clock.advance({ hours: 24 * 6 })
    const again = await open({ assigneeId: agent.id })
    await query(sql`update ticket set reopened_count = 2 where id = ${again}`)
    const { items } = await desk.call('GET /api/home/exceptions', { as: lead })
    expect(Object.fromEntries(items.map(({ key, count }) => [key, count]))).toEqual({
      unassigned: 1,
      waiting: 1,
      stale: 2,
      overloaded: 0,
      passed: 0,
      reopened: 1,
      'low-score': 0,
      'target-missed': 0,
      'target-soon': 0,
    })
    const list = async (key: string, more = {}) =>
      (await desk.call('GET /api/home/exceptions/:key', { as: lead, params: { key }, query: more })).items.map((row) => row.id)
    expect(await list('unassigned')).toEqual([nobodys])
    expect(await list('waiting')).toEqual([nobodys])
    expect(await list('stale')).toEqual([nobodys, stale])
    expect(await list('reopened')).toEqual([again])
    const page = await desk.call('GET /api/home/exceptions/:key', { as: lead, params: { key: 'stale' }, query: { limit: 1 } })
    expect(await list('stale', { limit: 1, after: page.next })).toEqual([stale])
    const other = await desk.team('Other')
    expect(await list('stale', { team: other.id })).toEqual([])
  })

  it('who has too much is named, with a number only where figures about people are switched on', async () => {
    await query(sql`insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, channel, requester_id, assignee_id, created_at, changed_at)
      select 'incident', 'Many', s.id, 'open', 1, 1, 5, 5, 'mail', ${nora.id}, ${agent.id}, now(), now() from status s, generate_series(1, 26) where s.meaning = 'open'`)
    const asked = () => desk.call('GET /api/home/exceptions', { as: admin })
    expect((await asked()).people).toEqual([{ person: { id: agent.id, name: 'Ann' }, open: null }])
    expect((await asked()).items.find(({ key }) => key === 'overloaded')?.count).toBe(26)
    await desk.call('PATCH /api/company/settings', { as: admin, body: { agentFigures: true } })
    expect((await asked()).people[0]?.open).toBe(26)
  })
})
