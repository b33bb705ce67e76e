import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'

const desk = useDesk()
let agent: TestPerson
let boss: TestPerson
let asker: TestPerson
let acme: { id: string; name: string }
const friday = Temporal.Instant.from('2027-01-15T16:50:00+01:00')
const at = (text: string) => desk.clock.moveTo(Temporal.Instant.from(text))
beforeEach(async () => {
  desk.clock.moveTo(friday)
  acme = await desk.organisation('Acme')
  agent = await desk.person('agent', { name: 'Ann' })
  boss = await desk.person('administrator', { name: 'Bo' })
  asker = await desk.person('requester', { organisationId: acme.id })
})
const minutes = (n: number, ...priorities: number[]) => ({
  when: { all: priorities.length > 0 ? [{ field: 'priority' as const, op: 'is' as const, values: priorities }] : [], any: [] },
  time: { minutes: n },
})
type Form = Parameters<typeof desk.call<'POST /api/agreements'>>[1] extends infer I
  ? NonNullable<I> extends { body?: infer B }
    ? NonNullable<B>
    : never
  : never
type Rule = NonNullable<Form['rules']>[number]
const resolution = (more: Partial<Rule> = {}): Rule => ({
  key: 'resolution',
  name: 'Resolution',
  target: 'resolution',
  goals: [minutes(60)],
  ...more,
})
const agree = (rules: Rule[], more: Partial<Form> = {}) =>
  desk.call('POST /api/agreements', { as: boss, body: { kind: 'sla', name: `Agreement ${Math.random()}`, rules, ...more } })
const open = async (more: Record<string, unknown> = {}) =>
  desk.call('POST /api/tickets', {
    as: agent,
    body: { subject: 'Printer', requesterId: asker.id, kind: 'incident', impact: 2, urgency: 2, ...more },
  })
const clocks = async (id: string) => (await desk.call('GET /api/tickets/:id/clocks', { as: agent, params: { id } })).items
const one = async (id: string, target = 'resolution') => (await clocks(id)).find((clock) => clock.target === target)!
const edit = async (id: string, body: Record<string, unknown>) => {
  const { version } = await desk.call('GET /api/tickets/:id', { as: agent, params: { id } })
  return desk.call('PATCH /api/tickets/:id', { as: agent, params: { id }, ifMatch: version, body })
}
const status = async (meaning: string) => {
  const { items } = await desk.call('GET /api/statuses', { as: agent })
  return items.find((status) => status.meaning === meaning)!.id
}
const resolve = async (id: string) => {
  const { version } = await desk.call('GET /api/tickets/:id', { as: agent, params: { id } })
  return desk.call('POST /api/tickets/:id/resolve', {
    as: agent,
    params: { id },
    ifMatch: version,
    body: { code: 'solved', text: 'Done.' },
  })
}
const eventsOf = async (type: string) => {
  const { items } = await desk.call('GET /api/audit', { as: boss, query: { type } })
  return items
}
const look = async () => {
  await desk.kernel.asSystem(async (context) => context.later({ identifier: 'sla.look', payload: { again: 'no' } }))
  await desk.work()
}

describe('the past', () => {
  it('SLM-10 is run against proposed terms before they are saved: what would have been met, and nothing is written', async () => {
    await agree([resolution()], { name: 'Today' })
    at('2027-01-18T09:00:00+01:00')
    const [quick, slow, late] = [await open(), await open(), await open()]
    at('2027-01-18T09:20:00+01:00')
    await resolve(quick.id)
    at('2027-01-18T09:50:00+01:00')
    await resolve(slow.id)
    at('2027-01-18T11:00:00+01:00')
    await resolve(late.id)
    await open()
    const agreementId = (await desk.call('GET /api/agreements', { as: boss })).items[0]!.id
    const terms = { kind: 'sla' as const, name: 'Tomorrow', startsOn: '2028-01-01', rules: [resolution({ goals: [minutes(30)] })] }
    const run = (more: object = {}) =>
      desk.call('POST /api/agreements/replay', {
        as: boss,
        body: { agreementId, terms, fromOn: '2027-01-18', toOn: '2027-01-18', ...more },
      })
    const found = await run()
    expect(found).toMatchObject({ looked: 3, more: false, covered: 3, count: 1 })
    expect(found.targets).toEqual([{ target: 'resolution', inForce: { met: 2, missed: 1 }, proposed: { met: 1, missed: 2 } }])
    expect(found.items).toEqual([
      { ticket: expect.objectContaining({ id: slow.id }), target: 'resolution', inForce: 'met', proposed: 'missed' },
    ])
    expect(await one(slow.id)).toMatchObject({ state: 'met', goal: { minutes: 60 } })
    expect(await run({ fromOn: '2027-01-19', toOn: '2027-01-20' })).toMatchObject({ looked: 0, covered: 0, targets: [] })
    // Of another customer's tickets nothing is told by terms that do not cover them.
    const other = await desk.organisation('Other')
    expect(await run({ agreementId: null, terms: { ...terms, organisationId: other.id } })).toMatchObject({
      looked: 3,
      covered: 0,
      count: 0,
    })
    await desk.refused('validation_failed', 'POST /api/agreements/replay', {
      as: boss,
      body: { agreementId, terms, fromOn: '2027-01-20', toOn: '2027-01-18' },
    })
  })

  it('counts tickets from before any agreement by what happened to them', async () => {
    at('2027-01-18T09:00:00+01:00')
    const { id } = await open()
    at('2027-01-18T09:20:00+01:00')
    await resolve(id)
    at('2027-01-19T09:00:00+01:00')
    const terms = { kind: 'sla' as const, name: 'First', rules: [resolution({ goals: [minutes(30)] })] }
    const found = await desk.call('POST /api/agreements/replay', { as: boss, body: { terms, fromOn: '2027-01-01', toOn: '2027-01-31' } })
    expect(found.targets).toEqual([{ target: 'resolution', inForce: { met: 0, missed: 0 }, proposed: { met: 1, missed: 0 } }])
  })
})

describe('where nothing is agreed', () => {
  it('nothing is kept for clocks; a first agreement counts open tickets from what happened to them', async () => {
    at('2027-01-18T09:00:00+01:00')
    const { id } = await open()
    at('2027-01-18T09:20:00+01:00')
    await edit(id, { statusId: await status('waiting-requester') })
    at('2027-01-18T10:00:00+01:00')
    await edit(id, { statusId: await status('open') })
    const kept = await desk.sandbox.asOwner(() => desk.sandbox.client.query('select count(*)::int as many from sla_moment'))
    expect(kept.rows).toEqual([{ many: 0 }])
    await agree([resolution()])
    await desk.work()
    // Twenty minutes ran before the pause: forty are left.
    expect(await one(id)).toMatchObject({ state: 'running', dueAt: '2027-01-18T09:40:00.000Z' })
  })
})

describe('agreements', () => {
  it('SLM-1 hold parties, services, period, review date, targets and penalties, and keep their former terms with who changed them', async () => {
    const team = await desk.team('Network')
    const sla = await agree([resolution()], {
      name: 'Acme gold',
      organisationId: acme.id,
      services: 'Workplaces',
      penalties: '5 % of the month',
      startsOn: '2027-01-01',
      endsOn: '2027-12-31',
      reviewOn: '2027-11-01',
    })
    expect(sla).toMatchObject({
      version: 1,
      organisation: { name: 'Acme' },
      active: true,
      reviewOn: '2027-11-01',
      penalties: '5 % of the month',
    })
    await agree([resolution()], { kind: 'ola', name: 'Network team', teamId: team.id })
    await agree([resolution()], { kind: 'uc', name: 'Line', vendor: 'Carrier Ltd' })
    const changed = await desk.call('PATCH /api/agreements/:id', {
      as: boss,
      params: { id: sla.id },
      ifMatch: 1,
      body: { services: 'All' },
    })
    expect(changed.version).toBe(2)
    await desk.refused('version_stale', 'PATCH /api/agreements/:id', {
      as: boss,
      params: { id: sla.id },
      ifMatch: 1,
      body: { services: 'None' },
    })
    const { items } = await desk.call('GET /api/agreements/:id/versions', { as: agent, params: { id: sla.id } })
    expect(items.map((v) => [v.version, v.terms.services, v.by?.name])).toEqual([
      [2, 'All', 'Bo'],
      [1, 'Workplaces', 'Bo'],
    ])
    expect((await desk.call('GET /api/agreements', { as: agent })).items.map((a) => a.kind)).toEqual(['sla', 'ola', 'uc'])
    await desk.refused('not_allowed', 'POST /api/agreements', { as: agent, body: { kind: 'sla', name: 'Mine' } })
  })

  it('that could never work are refused with what to change', async () => {
    const trap = async (more: Partial<Rule>) => {
      const refused = await desk.refused('validation_failed', 'POST /api/agreements', {
        as: boss,
        body: { kind: 'sla', name: 'Trap', rules: [resolution(more)] },
      })
      return refused.issues?.map(({ path, code }) => `${path} ${code}`)
    }
    const meaning = (...values: string[]) => ({ all: [{ field: 'meaning', op: 'is', values }], any: [] }) as never
    expect(await trap({ start: meaning('resolved'), stop: meaning('resolved', 'closed') })).toEqual(['rules.0.start start_in_stop'])
    expect(await trap({ start: meaning('open'), pause: meaning('open', 'new') })).toEqual(['rules.0.pause always_paused'])
    expect(await trap({ start: meaning('open'), pause: meaning('waiting-requester') })).toEqual(['rules.0.pause cancelled_not_paused'])
    expect(await trap({ start: { all: [{ field: 'created', op: 'empty' }], any: [] } as never })).toEqual([
      'rules.0.start.all.0.field custom',
    ])
    expect(await trap({ goals: [minutes(60)], thresholds: [{ percent: 50, acts: [{ do: 'pass', teamId: '999999' }] }] })).toEqual([
      'rules.0.thresholds.0.acts.0.teamId unknown',
    ])
  })

  it('SLM-2 give targets by customer, priority and kind; the customer has its own before everybody, and what overlaps is told before it is saved', async () => {
    await agree([resolution({ goals: [minutes(60, 1, 2), minutes(480)] })], { name: 'Everybody' })
    const own = {
      kind: 'sla' as const,
      name: 'Acme',
      organisationId: acme.id,
      rules: [resolution({ goals: [minutes(30, 1), minutes(240)] })],
    }
    const preview = await desk.call('POST /api/agreements/preview', { as: boss, body: { terms: own } })
    expect(preview.overlaps).toMatchObject([
      { agreement: { name: 'Everybody' }, target: 'resolution', wins: 'this', because: 'own-before-everybody' },
    ])
    await agree(own.rules, own)
    at('2027-01-18T08:00:00+01:00')
    expect(await one((await open()).id)).toMatchObject({ agreement: { name: 'Acme' }, dueAt: '2027-01-18T11:00:00.000Z' })
    const stranger = await desk.person('requester')
    expect(await one((await open({ requesterId: stranger.id, impact: 3, urgency: 3 })).id)).toMatchObject({
      agreement: { name: 'Everybody' },
      dueAt: '2027-01-18T08:00:00.000Z',
    })
    expect(await clocks((await open({ kind: 'request' })).id)).toEqual([])
  })

  it('by the next working day at 16:00, and in the zone that the agreement names', async () => {
    await agree([resolution({ goals: [{ time: { days: 1, by: '16:00' } }] })], { zone: { by: 'agreement', timeZone: 'America/New_York' } })
    expect(await one((await open()).id)).toMatchObject({ dueAt: '2027-01-18T21:00:00.000Z', timeZone: 'America/New_York' })
  })
})

describe('a clock', () => {
  it('SLM-3 of Friday 16:50 explains why it is due on Monday, pauses while it waits for the requester, and keeps what was used', async () => {
    await agree([resolution({ goals: [minutes(60)] })])
    const { id } = await open()
    expect(await one(id)).toMatchObject({ state: 'running', dueAt: '2027-01-18T07:50:00.000Z' })
    at('2027-01-18T08:10:00+01:00')
    await edit(id, { statusId: await status('waiting-requester') })
    at('2027-01-18T10:10:00+01:00')
    expect(await one(id)).toMatchObject({
      state: 'paused',
      dueAt: null,
      pausedWhy: 'waiting-requester',
      pausedSince: '2027-01-18T07:10:00.000Z',
      usedBusinessMs: 20 * 60_000,
      leftMs: 40 * 60_000,
    })
    const waiting = await desk.call('GET /api/tickets', { as: agent })
    expect(waiting.items[0]?.due).toMatchObject({
      target: 'resolution',
      state: 'paused',
      leftMs: 40 * 60_000,
      pausedWhy: 'waiting-requester',
    })
    await edit(id, { statusId: await status('open') })
    const clock = await one(id)
    expect(clock).toMatchObject({ state: 'running', dueAt: '2027-01-18T09:50:00.000Z' })
    expect(clock.account.map(({ from, what, businessMs, why }) => [from.slice(5, 16), what, businessMs / 60_000, why])).toEqual([
      ['01-15T15:50', 'ran', 10, null],
      ['01-15T16:00', 'outside', 0, null],
      ['01-18T07:00', 'ran', 10, null],
      ['01-18T07:10', 'paused', 120, 'waiting-requester'],
    ])
    expect(clock.usedCalendarMs).toBe((63 * 60 + 20) * 60_000)
  })

  it('counts from the opening when the priority is raised, without what was a pause', async () => {
    await agree([resolution({ goals: [minutes(60, 1, 2), minutes(480)] })])
    at('2027-01-18T08:00:00+01:00')
    const { id } = await open()
    at('2027-01-18T08:20:00+01:00')
    await edit(id, { statusId: await status('waiting-requester') })
    at('2027-01-18T11:20:00+01:00')
    await edit(id, { statusId: await status('open'), priority: 1, priorityReason: 'The director.' })
    expect(await one(id)).toMatchObject({
      goal: { minutes: 60 },
      dueAt: '2027-01-18T11:00:00.000Z',
      from: '2027-01-18T07:00:00.000Z',
      usedBusinessMs: 20 * 60_000,
    })
  })

  it('stops in time or late, and goes on with what was used when the ticket is opened again', async () => {
    await agree([resolution()])
    at('2027-01-18T08:00:00+01:00')
    const { id } = await open()
    at('2027-01-18T08:30:00+01:00')
    await resolve(id)
    expect(await one(id)).toMatchObject({ state: 'met', endedAt: '2027-01-18T07:30:00.000Z' })
    at('2027-01-18T12:00:00+01:00')
    await desk.call('POST /api/tickets/:id/reopen', { as: agent, params: { id }, body: {} })
    expect(await one(id)).toMatchObject({ state: 'running', usedBusinessMs: 30 * 60_000, dueAt: '2027-01-18T11:30:00.000Z' })
    at('2027-01-18T13:00:00+01:00')
    await resolve(id)
    expect(await one(id)).toMatchObject({ state: 'missed', breachedAt: '2027-01-18T11:30:00.000Z', causeAsked: true })
  })

  it('of the first response ends with the first public answer, not with a note; the next one begins when the requester writes', async () => {
    await agree([
      resolution({ key: 'first', target: 'first-response', goals: [minutes(30)] }),
      resolution({ key: 'next', target: 'next-response', goals: [minutes(120)] }),
    ])
    at('2027-01-18T08:00:00+01:00')
    const { id } = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Help', body: 'Please' } })
    await edit(id, { kind: 'incident' })
    const reply = (as: TestPerson, body: string, internal = false) =>
      desk.call('POST /api/tickets/:id/replies', { as, params: { id }, body: { body, internal } })
    await reply(agent, 'Looks odd.', true)
    expect((await clocks(id)).map(({ target, state }) => [target, state])).toEqual([['first-response', 'running']])
    await reply(agent, 'On it.')
    expect((await clocks(id)).map(({ target, state }) => [target, state])).toEqual([['first-response', 'met']])
    at('2027-01-18T09:00:00+01:00')
    await reply(asker, 'And now?')
    expect(await one(id, 'next-response')).toMatchObject({ state: 'running', dueAt: '2027-01-18T10:00:00.000Z' })
    await desk.refused('not_allowed', 'GET /api/tickets/:id/clocks', { as: asker, params: { id } })
    expect((await desk.call('GET /api/tickets', { as: asker })).items[0]?.due).toBeNull()
  })

  it('FT-51 does not run backwards when the clock of the machine is set back', async () => {
    await agree([resolution()])
    at('2027-01-18T09:00:00+01:00')
    const { id } = await open()
    at('2027-01-18T09:30:00+01:00')
    await edit(id, { subject: 'Printer on fire', impact: 1 })
    at('2027-01-18T08:00:00+01:00')
    await edit(id, { impact: 3 })
    expect(await one(id)).toMatchObject({ usedBusinessMs: 30 * 60_000, dueAt: '2027-01-18T09:00:00.000Z' })
  })
})

describe('escalation', () => {
  const warned = [
    { percent: 50, acts: [{ do: 'notify' as const, whom: ['assignee' as const], personIds: [] }] },
    { percent: 75, acts: [{ do: 'notify' as const, whom: ['leads' as const], personIds: [] }] },
    { minutesBefore: 5, acts: [{ do: 'raise-priority' as const }] },
    { percent: 100, acts: [{ do: 'page' as const, teamId: null }] },
  ]
  it('SLM-4 warns before, escalates at and records the breach with its cause, each once', async () => {
    const lead = await desk.person('lead')
    await agree([resolution({ thresholds: warned })])
    at('2027-01-18T08:00:00+01:00')
    const { id } = await open({ assigneeId: agent.id })
    at('2027-01-18T08:31:00+01:00')
    await look()
    await look()
    expect((await eventsOf('sla.warned')).map((e) => [e.data.percent, e.data.way, e.data.personIds])).toEqual([[50, 'notice', [agent.id]]])
    expect((await desk.call('GET /api/notices', { as: agent })).items.map((n) => n.reason)).toContain('due')
    at('2027-01-18T08:46:00+01:00')
    await look()
    expect((await eventsOf('sla.warned'))[0]?.data).toMatchObject({ percent: 75, way: 'hierarchical', personIds: [lead.id] })
    at('2027-01-18T08:56:00+01:00')
    await look()
    expect((await eventsOf('sla.escalated')).map((e) => [e.data.did, e.data.minutesBefore])).toEqual([['raised-priority', 5]])
    at('2027-01-18T09:30:00+01:00')
    await look()
    await look()
    expect((await eventsOf('sla.breached')).length).toBe(1)
    expect((await eventsOf('sla.page-asked')).map((e) => e.data.percent)).toEqual([100])
    const clock = await one(id)
    expect(clock).toMatchObject({ state: 'breached', breachedAt: '2027-01-18T08:00:00.000Z', causeAsked: true })
    const causes = (await desk.call('GET /api/breach-causes', { as: agent })).items
    await desk.call('POST /api/clocks/:id/cause', { as: agent, params: { id: clock.id }, body: { causeId: causes[0]!.id, note: 'Flu.' } })
    expect(await one(id)).toMatchObject({ causeAsked: false, cause: { name: causes[0]!.name }, causeNote: 'Flu.' })
  })

  it('FT-51 acts once at each threshold when the clock is set forward for three days and back, and no time becomes negative', async () => {
    await agree([resolution({ thresholds: warned })])
    at('2027-01-18T08:00:00+01:00')
    const { id } = await open({ assigneeId: agent.id })
    at('2027-01-21T08:00:00+01:00')
    await look()
    const acted = async () => [
      (await eventsOf('sla.page-asked')).length,
      (await eventsOf('sla.escalated')).length,
      (await eventsOf('sla.breached')).length,
    ]
    expect(await acted()).toEqual([1, 1, 1])
    for (const back of ['2027-01-18T08:10:00+01:00', '2027-01-18T08:40:00+01:00', '2027-01-18T09:10:00+01:00']) {
      at(back)
      await look()
    }
    await resolve(id)
    at('2027-01-21T08:00:00+01:00')
    await look()
    expect(await acted()).toEqual([1, 1, 1])
    expect((await one(id)).usedBusinessMs).toBeGreaterThan(0)
  })

  it('a share that is used up exactly at closing time warns then, and not when it opens again', async () => {
    await agree([resolution({ thresholds: warned })])
    at('2027-01-18T16:30:00+01:00')
    await open({ assigneeId: agent.id })
    at('2027-01-18T17:30:00+01:00')
    await look()
    await look()
    expect((await eventsOf('sla.warned')).map((e) => e.data.percent)).toEqual([50])
  })

  it('time that is used up exactly at closing time is due then, missed after it, and looked at once', async () => {
    await agree([resolution({ thresholds: warned })])
    at('2027-01-18T16:00:00+01:00')
    const { id } = await open({ assigneeId: agent.id })
    expect((await one(id)).dueAt).toBe('2027-01-18T16:00:00.000Z')
    const met = await open({ assigneeId: agent.id })
    at('2027-01-18T17:00:00+01:00')
    await resolve(met.id)
    expect((await one(met.id)).state).toBe('met')
    at('2027-01-18T18:00:00+01:00')
    await look()
    expect(await one(id)).toMatchObject({ state: 'breached', dueAt: '2027-01-18T16:00:00.000Z', breachedAt: '2027-01-18T16:00:00.000Z' })
    const next = await desk.sandbox.asOwner(() => desk.sandbox.client.query('select next_at from sla_clock where ended_at is null'))
    expect(next.rows).toEqual([{ next_at: null }])
  })

  it('FT-49 after a standstill tells people of the highest threshold only, and sends nothing for a clock that began late', async () => {
    await desk.person('lead')
    await agree([resolution({ thresholds: warned })])
    at('2027-01-18T08:00:00+01:00')
    await open({ assigneeId: agent.id })
    at('2027-01-18T12:00:00+01:00')
    await look()
    expect((await eventsOf('sla.warned')).length).toBe(0)
    expect((await eventsOf('sla.page-asked')).length).toBe(1)
    await agree([resolution({ key: 'r', goals: [minutes(1)], thresholds: warned })], { organisationId: acme.id })
    await desk.work()
    await look()
    expect((await eventsOf('sla.page-asked')).length).toBe(1)
    expect((await eventsOf('sla.breached')).length).toBe(1)
  })
})

describe('changes', () => {
  it('of a rule show which open tickets move before they are saved, and then move them', async () => {
    const { id: agreementId } = await agree([resolution()])
    at('2027-01-18T08:00:00+01:00')
    const { id } = await open()
    const { version } = await desk.call('GET /api/agreements/:id', { as: boss, params: { id: agreementId } })
    const terms = { kind: 'sla' as const, name: 'Longer', rules: [resolution({ goals: [minutes(120)] })] }
    const preview = await desk.call('POST /api/agreements/preview', { as: boss, body: { agreementId, terms } })
    expect(preview).toMatchObject({
      count: 1,
      items: [{ ticket: { id }, what: 'moves', from: '2027-01-18T08:00:00.000Z', to: '2027-01-18T09:00:00.000Z' }],
    })
    expect(await one(id)).toMatchObject({ dueAt: '2027-01-18T08:00:00.000Z' })
    await desk.call('PATCH /api/agreements/:id', { as: boss, params: { id: agreementId }, ifMatch: version, body: { rules: terms.rules } })
    await desk.work()
    expect(await one(id)).toMatchObject({ dueAt: '2027-01-18T09:00:00.000Z', agreement: { version: 2 } })
    expect((await eventsOf('agreements.recounted'))[0]?.data).toMatchObject({ tickets: 1, clocks: 1, causeId: agreementId })
  })

  it('of a calendar count the open clocks anew, and ended ones stay as they ended', async () => {
    await agree([resolution()])
    const done = await open()
    await resolve(done.id)
    const { id } = await open()
    const { items } = await desk.call('GET /api/calendars', { as: boss })
    const calendar = await desk.call('GET /api/calendars/:id', { as: boss, params: { id: items[0]!.id } })
    await desk.call('PATCH /api/calendars/:id', {
      as: boss,
      params: { id: calendar.id },
      ifMatch: calendar.version,
      body: { days: [{ day: '2027-01-18', name: 'Works outing', repeats: 'once', hours: [] }] },
    })
    await desk.work()
    const clock = await one(id)
    expect(clock.dueAt).toBe('2027-01-19T07:50:00.000Z')
    at('2027-01-19T08:10:00+01:00')
    expect((await one(id)).account.map(({ what, why }) => [what, why])).toEqual([
      ['ran', null],
      ['outside', null],
      ['holiday', 'Works outing'],
      ['outside', null],
      ['ran', null],
    ])
    expect(await one(done.id)).toMatchObject({ state: 'met' })
  })
})

describe('agreements beside one another', () => {
  it("SLM-5 run a team's and a vendor's clock under the customer's, and say who used how much of it", async () => {
    const network = await desk.team('Network', 2, [agent])
    const first = await desk.team('First level', 1)
    await agree([resolution({ goals: [minutes(480)] })])
    await agree([resolution({ key: 'n', goals: [minutes(120)] })], { kind: 'ola', name: 'Network', teamId: network.id })
    await agree([resolution({ key: 'v', goals: [minutes(60)] })], { kind: 'uc', name: 'Carrier', vendor: 'Carrier Ltd' })
    at('2027-01-18T08:00:00+01:00')
    const { id } = await open({ teamId: first.id })
    at('2027-01-18T09:00:00+01:00')
    await edit(id, { teamId: network.id })
    at('2027-01-18T10:00:00+01:00')
    await edit(id, { statusId: await status('waiting-vendor') })
    at('2027-01-18T10:30:00+01:00')
    await edit(id, { statusId: await status('open'), teamId: first.id })
    const items = await clocks(id)
    expect(items.map(({ agreement: { kind }, state, usedBusinessMs }) => [kind, state, usedBusinessMs / 60_000])).toEqual(
      expect.arrayContaining([
        ['sla', 'running', 150],
        ['ola', 'met', 90],
        ['uc', 'met', 30],
      ]),
    )
    expect(items.find((c) => c.agreement.kind === 'sla')?.holders.map(({ team, businessMs }) => [team?.name, businessMs / 60_000])).toEqual(
      [
        ['First level', 60],
        ['Network', 90],
      ],
    )
  })

  it('are not read by staff who may not see the ticket', async () => {
    await agree([resolution()])
    const { id } = await open()
    const elsewhere = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.refused('not_found', 'GET /api/tickets/:id/clocks', { as: elsewhere, params: { id } })
    const mine = await agree([resolution()], { organisationId: acme.id })
    await desk.refused('not_found', 'GET /api/agreements/:id', { as: elsewhere, params: { id: mine.id } })
  })
})
