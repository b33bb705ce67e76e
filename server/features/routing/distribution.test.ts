import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { statements } from '../../kernel/db.ts'
import { routingJobs } from './jobs.ts'

const desk = useDesk()
let lead: TestPerson
let mia: TestPerson
let noah: TestPerson
let asker: TestPerson
let network: { id: string; name: string }
beforeEach(async () => {
  lead = await desk.person('administrator', { name: 'Lea Lead' })
  mia = await desk.person('agent', { name: 'Mia' })
  noah = await desk.person('agent', { name: 'Noah' })
  asker = await desk.person('requester')
  network = await desk.team('Network', 2, [mia, noah])
  await desk.call('POST /api/routing-rules', { as: lead, body: { name: 'All to Network', teamId: network.id } })
})
const plain = {
  way: 'turn' as const,
  availability: 'available' as const,
  cap: null,
  waitingWeight: 0.3,
  stickyDays: null,
  timeoutMinutes: null,
  timeoutTimes: 2,
  unclaimedMinutes: null,
}
const set = async (more: object = {}, teamId = network.id) => {
  const { version } = await desk.call('GET /api/teams/:id/distribution', { as: lead, params: { id: teamId } })
  return desk.call('PUT /api/teams/:id/distribution', { as: lead, params: { id: teamId }, ifMatch: version, body: { ...plain, ...more } })
}
const open = (more: object = {}, as = lead) =>
  desk.call('POST /api/tickets', { as, body: { subject: 'VPN', ...(as === asker ? {} : { requesterId: asker.id }), ...more } as never })
const read = (id: string) => desk.call('GET /api/tickets/:id', { as: lead, params: { id } })
const edit = async (id: string, body: object, as = lead) =>
  desk.call('PATCH /api/tickets/:id', { as, params: { id }, ifMatch: (await read(id)).version, body })
const state = (as: TestPerson, to: 'available' | 'busy' | 'away') => desk.call('PATCH /api/me', { as, body: { state: to } })
const sweep = () => routingJobs['routing.sweep']!(desk.kernel, {})
const bell = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((one) => one.reason)
const holdings = (id: string, as = lead) => desk.call('GET /api/tickets/:id/holdings', { as, params: { id } })

describe('a new ticket of a team that gives its tickets out', () => {
  it('SD-7 is answered with its person, in turn, and tells why', async () => {
    await set()
    const given = [await open(), await open(), await open()]
    expect(given.map((one) => one.assignee?.name)).toEqual(['Mia', 'Noah', 'Mia'])
    expect(given[0]).toMatchObject({ team: { name: 'Network' }, version: 1, status: { meaning: 'new' } })
    expect(await bell(noah)).toEqual(['assigned'])
    const { items } = await holdings(given[1]!.id)
    expect(items.at(-1)).toMatchObject({
      rule: 'All to Network',
      given: { person: { name: 'Noah' }, because: 'turn', others: [{ person: { name: 'Mia' }, why: 'later-in-turn' }] },
    })
  })

  it('SD-7 of a requester in the portal goes by load too, though a requester sees nobody’s tickets', async () => {
    await set({ way: 'load' })
    await open({ teamId: network.id, assigneeId: mia.id })
    expect((await read((await open({ body: 'Please' }, asker)).id)).assignee?.name).toBe('Noah')
  })

  it('SD-7 goes to who has the skill that its category asks for, and not to whoever has least', async () => {
    const skill = await desk.call('POST /api/skills', { as: lead, body: { name: 'Wi-Fi' } })
    const { version } = await desk.call('GET /api/people/:id', { as: lead, params: { id: noah.id } })
    await desk.call('PATCH /api/people/:id', { as: lead, params: { id: noah.id }, ifMatch: version, body: { skillIds: [skill.id] } })
    const { items } = await desk.call('GET /api/categories', { as: lead })
    const top = items.find((one) => one.key === 'network')!
    const below = items.find((one) => one.parentId === top.id)!
    await desk.call('PUT /api/categories/:id/skills', { as: lead, params: { id: top.id }, body: { skillIds: [skill.id] } })
    expect((await desk.call('GET /api/category-skills', { as: mia })).items).toEqual([{ categoryId: top.id, skillIds: [skill.id] }])
    await set({ way: 'skill' })
    await open({ teamId: network.id, assigneeId: noah.id })
    const made = await open({ categoryId: below.id })
    expect(made.assignee?.name).toBe('Noah')
    expect((await holdings(made.id)).items.at(-1)?.given).toMatchObject({ because: 'skill', skills: [{ name: 'Wi-Fi' }] })
    expect((await open()).assignee?.name).toBe('Mia')
  })

  it('SD-7 passes by who is away, absent, full or may not see it, and waits until somebody is there', async () => {
    await set({ cap: 1 })
    const limited = await desk.person('agent', { name: 'Liv', limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.call('PUT /api/teams/:id/members', {
      as: lead,
      params: { id: network.id },
      body: { members: [mia, noah, limited].map(({ id }) => ({ personId: id, lead: false })) },
    })
    await state(mia, 'away')
    expect((await open()).assignee?.name).toBe('Noah')
    const waiting = await open()
    expect(waiting).toMatchObject({ team: { name: 'Network' }, assignee: null })
    const { others } = await desk.call('POST /api/teams/:id/distribution/try', { as: lead, params: { id: network.id }, body: {} })
    expect(Object.fromEntries(others.map((one) => [one.person.name, one.why]))).toMatchObject({ Mia: 'not-available', Noah: 'full' })
    const today = desk.clock.now().toString().slice(0, 10)
    await desk.call('POST /api/absences', { as: mia, body: { fromOn: today, toOn: today } })
    await state(mia, 'available')
    await sweep()
    expect((await read(waiting.id)).assignee).toBeNull()
    desk.clock.advance({ hours: 48 })
    await sweep()
    expect((await read(waiting.id)).assignee?.name).toBe('Mia')
  })

  it('SD-7 goes to who had the last ticket of the same person, within the days that the team says', async () => {
    await set({ stickyDays: 7 })
    expect((await open()).assignee?.name).toBe('Mia')
    expect((await open()).assignee?.name).toBe('Mia')
    desk.clock.advance({ hours: 8 * 24 })
    expect((await open()).assignee?.name).toBe('Noah')
  })

  it('costs no statement more while no team gives any out', async () => {
    const cost = async () => {
      const before = statements.sent
      await open()
      return statements.sent - before
    }
    await open()
    const plainCost = await cost()
    await set({ way: 'pull' })
    await open()
    expect(await cost()).toBe(plainCost)
    await set({ way: 'turn' })
    const giving = await cost()
    expect(giving).toBeGreaterThan(plainCost)
    expect(giving).toBeLessThanOrEqual(plainCost + 4)
  })
})

describe('a ticket that lies there', () => {
  it('GEN-7 that nobody touches goes to the next, then back to the team; the history names why', async () => {
    await set({ timeoutMinutes: 30 })
    const { id } = await open()
    desk.clock.advance({ minutes: 29 })
    await sweep()
    expect((await read(id)).assignee?.name).toBe('Mia')
    desk.clock.advance({ minutes: 2 })
    await sweep()
    expect((await read(id)).assignee?.name).toBe('Noah')
    desk.clock.advance({ minutes: 31 })
    await sweep()
    expect((await read(id)).assignee).toBeNull()
    desk.clock.advance({ minutes: 31 })
    await sweep()
    expect((await read(id)).assignee).toBeNull()
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: lead, params: { id } })
    expect(items.filter((one) => one.type === 'ticket.assigned').map((one) => one.rule)).toEqual([
      'All to Network',
      'ownership-timeout',
      'ownership-timeout',
    ])
    expect(await bell(mia)).toContain('team')
  })

  it('stays with who did something in it, and with who took it', async () => {
    await set({ timeoutMinutes: 30 })
    const { id } = await open()
    await desk.call('POST /api/tickets/:id/replies', { as: mia, params: { id }, body: { body: 'I look at it', internal: true } })
    desk.clock.advance({ minutes: 90 })
    await sweep()
    expect((await read(id)).assignee?.name).toBe('Mia')
  })

  it('is not given again to who let it go', async () => {
    await set()
    const { id } = await open()
    await edit(id, { assigneeId: null }, mia)
    await sweep()
    expect((await read(id)).assignee?.name).toBe('Noah')
  })

  it('is given out at once when it is passed to such a team', async () => {
    const other = await desk.team('Servers', 2, [noah])
    await set({}, other.id)
    const { id } = await open()
    const ifMatch = (await read(id)).version
    await desk.call('POST /api/tickets/:id/pass', { as: mia, params: { id }, ifMatch, body: { teamId: other.id, note: 'Yours' } })
    await desk.work()
    expect((await read(id)).assignee?.name).toBe('Noah')
  })

  it('is reopened with who had it, and with somebody else while they are away', async () => {
    await set()
    const { id } = await open()
    const finish = async () => {
      const { version } = await read(id)
      await desk.call('POST /api/tickets/:id/resolve', {
        as: mia,
        params: { id },
        ifMatch: version,
        body: { code: 'solved', text: 'Done' },
      })
    }
    const again = async () => {
      await desk.call('POST /api/tickets/:id/reopen', { as: lead, params: { id }, body: {} })
      await desk.work()
      return (await read(id)).assignee?.name
    }
    await finish()
    expect(await again()).toBe('Mia')
    await finish()
    await state(mia, 'away')
    expect(await again()).toBe('Noah')
  })

  it('GEN-7 that nobody takes rings the leads of its team, once', async () => {
    await desk.call('PUT /api/teams/:id/members', {
      as: lead,
      params: { id: network.id },
      body: {
        members: [
          { personId: mia.id, lead: true },
          { personId: noah.id, lead: false },
        ],
      },
    })
    await set({ way: 'pull', unclaimedMinutes: 15 })
    const { id } = await open()
    desk.clock.advance({ minutes: 16 })
    await sweep()
    await sweep()
    expect((await bell(mia)).filter((reason) => reason === 'unclaimed')).toHaveLength(1)
    expect(await bell(noah)).not.toContain('unclaimed')
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: lead, params: { id } })
    expect(items.filter((one) => one.type === 'ticket.unclaimed')).toHaveLength(1)
  })
})

describe('who had it', () => {
  it('INC-17 team and person, from when to when, and how long in all', async () => {
    const servers = await desk.team('Servers', 2, [noah])
    const { id } = await open()
    desk.clock.advance({ minutes: 10 })
    await edit(id, { assigneeId: mia.id }, mia)
    desk.clock.advance({ minutes: 120 })
    const seen = async () => ({ params: { id }, ifMatch: (await read(id)).version })
    await desk.call('POST /api/tickets/:id/pass', { as: mia, ...(await seen()), body: { teamId: servers.id, note: 'A server' } })
    desk.clock.advance({ minutes: 30 })
    await desk.call('POST /api/tickets/:id/resolve', { as: noah, ...(await seen()), body: { code: 'solved', text: 'Done' } })
    desk.clock.advance({ minutes: 500 })
    const told = await holdings(id)
    expect(told.items.map((one) => [one.team?.name, one.assignee?.name ?? null, Math.round(one.seconds / 60)])).toEqual([
      ['Network', null, 10],
      ['Network', 'Mia', 120],
      ['Servers', null, 30],
    ])
    expect(told).toMatchObject({
      passed: 1,
      teams: [
        { team: { name: 'Network' }, seconds: 7800 },
        { team: { name: 'Servers' }, seconds: 1800 },
      ],
      people: [{ person: { name: 'Mia' }, seconds: 7200 }],
    })
  })

  it('is shown to staff who see the ticket, and to nobody else', async () => {
    const { id } = await open()
    await desk.refused('not_allowed', 'GET /api/tickets/:id/holdings', { as: asker, params: { id } })
    const to = { personIds: [lead.id], teamIds: [] }
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id }, body: { to } })
    await desk.refused('not_found', 'GET /api/tickets/:id/holdings', { as: mia, params: { id } })
  })
})

describe('the queue', () => {
  it('SD-7 shows what each team has, since when, and what each of its people has in hand', async () => {
    await set({ way: 'pull', cap: 2 })
    await open()
    const one = await open({ assigneeId: mia.id })
    await edit(one.id, { assigneeId: mia.id, teamId: network.id })
    await state(noah, 'busy')
    const { items } = await desk.call('GET /api/queues', { as: mia })
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      team: { name: 'Network' },
      way: 'pull',
      open: 2,
      unassigned: 1,
      can: { take: true, edit: false },
      people: [
        { person: { name: 'Mia' }, open: 1, load: 1, full: false },
        { person: { name: 'Noah' }, state: 'busy', open: 0 },
      ],
    })
    expect((await desk.call('GET /api/queues', { as: lead })).items.length).toBeGreaterThanOrEqual(1)
  })

  it('counts and gives nothing that one may not see', async () => {
    const hidden = await open()
    const seen = async () => (await desk.call('GET /api/queues', { as: mia })).items[0]
    expect(await seen()).toMatchObject({ open: 1, unassigned: 1 })
    const to = { personIds: [lead.id], teamIds: [] }
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: hidden.id }, body: { to } })
    expect(await seen()).toMatchObject({ open: 0, unassigned: 0, oldestAt: null })
    expect((await desk.call('POST /api/next-ticket', { as: mia, body: {} })).id).toBeNull()
    await desk.refused('not_allowed', 'POST /api/teams/:id/distribution/try', { as: mia, params: { id: network.id }, body: {} })
  })

  it('gives me the most urgent that nobody has; of other teams nothing, and in the end nothing', async () => {
    const calm = await open()
    const urgent = await open({ impact: 3, urgency: 3 })
    const other = await desk.person('agent')
    expect((await desk.call('POST /api/next-ticket', { as: other, body: {} })).id).toBeNull()
    const first = await desk.call('POST /api/next-ticket', { as: mia, body: {} })
    expect([urgent.id, calm.id]).toContain(first.id)
    expect((await read(first.id!)).assignee?.name).toBe('Mia')
    expect((await read(urgent.id)).priority).not.toBe((await read(calm.id)).priority)
    const better = [await read(urgent.id), await read(calm.id)].sort((a, b) => a.priority - b.priority)[0]!
    expect(first.id).toBe(better.id)
    expect((await desk.call('POST /api/next-ticket', { as: noah, body: { teamId: network.id } })).id).not.toBe(first.id)
    expect((await desk.call('POST /api/next-ticket', { as: noah, body: {} })).id).toBeNull()
  })
})

describe('the settings of a team', () => {
  it('are changed with the version that was seen, by whoever looks after routing, and name what is wrong', async () => {
    expect(await desk.call('GET /api/teams/:id/distribution', { as: mia, params: { id: network.id } })).toMatchObject({
      version: 1,
      way: 'pull',
    })
    expect(await set({ cap: 5 })).toMatchObject({ version: 2, way: 'turn', cap: 5 })
    const call = 'PUT /api/teams/:id/distribution' as const
    await desk.refused('version_stale', call, { as: lead, params: { id: network.id }, ifMatch: 1, body: plain })
    await desk.refused('not_allowed', call, { as: mia, params: { id: network.id }, ifMatch: 2, body: plain })
    const wrong = await desk.refused('validation_failed', call, {
      as: lead,
      params: { id: network.id },
      ifMatch: 2,
      body: { ...plain, cap: 0, timeoutMinutes: 1 },
    })
    expect(wrong.issues?.map((issue) => issue.path).sort()).toEqual(['cap', 'timeoutMinutes'])
  })

  it('are tried before they are saved, and nothing is given', async () => {
    const body = { settings: { ...plain, way: 'load' as const } }
    const tried = await desk.call('POST /api/teams/:id/distribution/try', { as: lead, params: { id: network.id }, body })
    expect(tried).toMatchObject({ person: { name: 'Mia' }, because: 'load', load: 0, others: [{ person: { name: 'Noah' } }] })
    expect((await open()).assignee).toBeNull()
  })
})
