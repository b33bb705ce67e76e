import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { finalSchedule, onCallAt } from './access-now.ts'

const desk = useDesk()
let lead: TestPerson
let anna: TestPerson
let ben: TestPerson
let team: { id: string }
const at = (text: string) => Temporal.Instant.from(text)

beforeEach(async () => {
  // A Monday noon in Berlin.
  desk.clock.moveTo(at('2027-01-04T11:00:00Z'))
  lead = await desk.person('lead', { name: 'Lea' })
  anna = await desk.person('agent', { name: 'Anna' })
  ben = await desk.person('agent', { name: 'Ben' })
  team = await desk.team('Network', 2, [anna, ben])
})

const layer = (people: TestPerson[], more: Record<string, unknown> = {}) => ({
  name: 'First',
  timeZone: 'Europe/Berlin',
  rotation: { unit: 'weeks' as const, every: 1 },
  handover: '09:00',
  startsOn: '2026-12-28',
  peopleIds: people.map((one) => one.id),
  ...more,
})
const add = (layers: unknown[], more: Record<string, unknown> = {}, as = lead) =>
  desk.call('POST /api/rotas', { as, body: { name: 'Network', teamId: team.id, timeZone: 'Europe/Berlin', layers, ...more } as never })
const now = async (rotaId: string, moment = desk.clock.now()) =>
  desk.kernel.asSystem(async (context) => (await onCallAt(context, [rotaId], moment)).get(rotaId))
const bells = async (who: TestPerson) => (await desk.call('GET /api/notices', { as: who })).items.map((one) => one.about)
/** Ben has the week from 4 January, Anna the one from 11 January. */
const weekly = () => add([layer([anna, ben])])
const benWeek = { from: '2027-01-04T08:00:00.000Z', to: '2027-01-11T08:00:00.000Z' }

describe('a rota', () => {
  it('says who is on call now and next, to all staff and to the pager', async () => {
    const rota = await weekly()
    const { items } = await desk.call('GET /api/on-call', { as: anna })
    expect(items).toMatchObject([
      { rota: { name: 'Network' }, now: { person: { name: 'Ben' }, ...benWeek }, next: { person: { name: 'Anna' }, from: benWeek.to } },
    ])
    expect(await now(rota.id)).toMatchObject({ personId: ben.id })
    expect((await now(rota.id))!.to.toString()).toBe('2027-01-11T08:00:00Z')
    expect(await now('999999')).toBeNull()
    await desk.call('POST /api/rotas/:id/archive', { as: lead, params: { id: rota.id } })
    expect(await now(rota.id)).toBeNull()
  })

  it('answers the pager also where it follows from what a customer did, who sees no rota', async () => {
    const rota = await weekly()
    const found = await desk.kernel.asSystem(async (context) => {
      await sql`select set_config('firstline.scope', 'some', true), set_config('firstline.staff', '', true)`.execute(context.db)
      const seen = await sql`select 1 from rota`.execute(context.db)
      const onCall = (await onCallAt(context, [rota.id], context.now)).get(rota.id)
      await sql`select set_config('firstline.scope', 'all', true), set_config('firstline.staff', 'on', true)`.execute(context.db)
      return { seen: seen.rows.length, onCall }
    })
    expect(found).toMatchObject({ seen: 0, onCall: { personId: ben.id } })
  })

  it('is edited by the leads of its team and by whoever forms teams, and by no one else', async () => {
    const rota = await weekly()
    expect((await desk.call('GET /api/rotas/:id', { as: anna, params: { id: rota.id } })).can.edit).toBe(false)
    await desk.refused('not_allowed', 'PATCH /api/rotas/:id', { as: anna, params: { id: rota.id }, ifMatch: 1, body: { name: 'Mine' } })
    await desk.refused('not_allowed', 'POST /api/rotas', {
      as: anna,
      body: { name: 'X', teamId: team.id, timeZone: 'UTC', layers: [layer([anna])] },
    })
    await desk.kernel.asSystem((context) => sql`update team_member set is_lead = 'yes' where person_id = ${anna.id}`.execute(context.db))
    const changed = await desk.call('PATCH /api/rotas/:id', { as: anna, params: { id: rota.id }, ifMatch: 1, body: { name: 'Mine' } })
    expect(changed).toMatchObject({ name: 'Mine', version: 2, layers: rota.layers })
    const stale = await desk.refused('version_stale', 'PATCH /api/rotas/:id', {
      as: lead,
      params: { id: rota.id },
      ifMatch: 1,
      body: { name: 'Hers' },
    })
    expect(stale['current']).toMatchObject({ name: 'Mine' })
  })

  it('names every wrong field at once, with what to do', async () => {
    const gone = await desk.person('requester')
    const problem = await desk.refused('validation_failed', 'POST /api/rotas', {
      as: lead,
      body: { name: 'X', teamId: team.id, timeZone: 'UTC', needed: 'within', layers: [layer([gone], { endsOn: '2026-12-01' })] },
    })
    expect(problem.issues?.map((one) => one.path)).toEqual(['calendarId', 'layers.0.endsOn', 'layers.0.peopleIds'])
    const zone = await desk.refused('validation_failed', 'POST /api/rotas', {
      as: lead,
      body: { name: 'X', teamId: team.id, timeZone: 'Mars/Base', layers: [layer([anna])] },
    })
    expect(zone.issues).toMatchObject([{ path: 'timeZone' }])
  })

  it('shows before it is saved what would come of it, and keeps nothing of that', async () => {
    const rota = await weekly()
    const shown = await desk.call('POST /api/rotas/preview', {
      as: lead,
      body: {
        from: '2027-01-05T00:00:00Z',
        to: '2027-01-07T00:00:00Z',
        rotaId: rota.id,
        rota: {
          name: 'Network',
          teamId: team.id,
          timeZone: 'Europe/Berlin',
          layers: [layer([anna], { rotation: { unit: 'days', every: 1 } })],
        },
      },
    })
    expect(shown.items).toMatchObject([{ person: { name: 'Anna' }, from: '2027-01-05T00:00:00.000Z', to: '2027-01-07T00:00:00.000Z' }])
    const kept = await desk.call('GET /api/rotas/:id/schedule', {
      as: anna,
      params: { id: rota.id },
      query: { from: '2027-01-05T00:00:00Z', to: '2027-01-07T00:00:00Z' },
    })
    expect(kept.items).toMatchObject([{ person: { name: 'Ben' } }])
    expect(kept.layers).toHaveLength(1)
  })
})

describe('time off, holes and double bookings', () => {
  it('time off with a substitute is covered; without one it is a hole that is listed and told', async () => {
    const rota = await weekly()
    await desk.call('POST /api/absences', { as: ben, body: { fromOn: '2027-01-06', toOn: '2027-01-06', substituteId: anna.id } })
    await desk.call('POST /api/absences', { as: ben, body: { fromOn: '2027-01-08', toOn: '2027-01-08' } })
    expect(await now(rota.id, at('2027-01-06T12:00Z'))).toMatchObject({ personId: anna.id })
    expect(await now(rota.id, at('2027-01-08T12:00Z'))).toBeNull()
    const { items } = await desk.call('GET /api/on-call/problems', { as: anna })
    expect(items).toMatchObject([
      {
        kind: 'absent',
        person: { name: 'Ben' },
        rota: { name: 'Network' },
        from: '2027-01-08T00:00:00.000Z',
        to: '2027-01-09T00:00:00.000Z',
      },
    ])
  })

  it('one person on two rotas at once is listed on both', async () => {
    const one = await weekly()
    const two = await add([layer([ben])], { name: 'Server' })
    for (const { id } of [one, two]) {
      const { problems } = await desk.call('GET /api/rotas/:id/schedule', {
        as: anna,
        params: { id },
        query: { from: benWeek.from, to: benWeek.to },
      })
      expect(problems[0]).toMatchObject({ kind: 'double', person: { name: 'Ben' }, from: '2027-01-04T11:00:00.000Z', to: benWeek.to })
    }
  })

  it('FT-64 who left or may not see the tickets of the team is listed', async () => {
    const other = await desk.team()
    const limited = await desk.person('agent', { limitedTo: { teamId: other.id } })
    const rota = await add([layer([limited, ben])])
    await desk.kernel.asSystem((context) => sql`update person set archived_at = now() where id = ${ben.id}`.execute(context.db))
    const { problems } = await desk.call('GET /api/rotas/:id/schedule', {
      as: anna,
      params: { id: rota.id },
      query: { from: benWeek.from, to: benWeek.to },
    })
    expect(problems.slice(0, 2)).toMatchObject([
      { kind: 'left', person: { name: 'Ben' } },
      { kind: 'blind', person: { id: limited.id } },
    ])
    expect(await now(rota.id)).toBeNull()
  })

  it('a hole counts within or outside the hours of a calendar only', async () => {
    const [calendar] = (await desk.kernel.asSystem((context) => sql<{ id: string }>`select id from calendar limit 1`.execute(context.db)))
      .rows
    // Office hours are Monday to Friday, 8 to 17 in Berlin.
    const rota = await add([layer([anna], { hours: { mon: [['09:00', '17:00']] } })], { needed: 'within', calendarId: calendar!.id })
    const [first] = (await desk.call('GET /api/on-call/problems', { as: anna })).items
    expect(first).toMatchObject({ kind: 'gap', rota: { id: rota.id }, from: '2027-01-05T07:00:00.000Z', to: '2027-01-05T16:00:00.000Z' })
    const renamed = await desk.call('PATCH /api/rotas/:id', { as: lead, params: { id: rota.id }, ifMatch: 1, body: { name: 'Office' } })
    expect(renamed).toMatchObject({ name: 'Office', needed: 'within', calendar: { id: calendar!.id } })
  })

  it('FT-64 the leads of the team hear of a hole two weeks before and two days before, once each', async () => {
    await desk.kernel.asSystem((context) => sql`update team_member set is_lead = 'yes' where person_id = ${anna.id}`.execute(context.db))
    await add([layer([ben], { endsOn: '2027-01-25' })])
    const look = async () => {
      const before = (await told()).length
      await desk.kernel.asSystem(async (context) => context.later({ identifier: 'oncall.look-ahead', payload: {} }))
      await desk.work()
      return (await told()).slice(before)
    }
    const told = async () =>
      (
        await desk.kernel.asSystem((context) =>
          sql<{ data: unknown }>`select data from event where type = 'oncall.gap-ahead' order by id`.execute(context.db),
        )
      ).rows.map((row) => row.data)
    expect(await look()).toEqual([])
    desk.clock.moveTo(at('2027-01-12T06:07:00Z'))
    expect(await look()).toEqual([{ startsAt: '2027-01-25T08:00:00.000Z', days: 14, personIds: [anna.id] }])
    expect(await look()).toEqual([])
    desk.clock.moveTo(at('2027-01-24T06:07:00Z'))
    expect(await look()).toEqual([{ startsAt: '2027-01-25T08:00:00.000Z', days: 2, personIds: [anna.id] }])
    desk.clock.moveTo(at('2027-01-25T06:07:00Z'))
    expect(await look()).toEqual([])
    expect(await bells(anna)).toEqual(['on-call-gap'])
    expect(await bells(ben)).toEqual([])
  })
})

describe('overrides and swaps', () => {
  it('leads put in somebody else or nobody, and both sides hear of it; taken back, the layers hold again', async () => {
    const rota = await weekly()
    const span = { from: '2027-01-05T00:00:00.000Z', to: '2027-01-06T00:00:00.000Z' }
    await desk.refused('not_allowed', 'POST /api/rotas/:id/overrides', {
      as: anna,
      params: { id: rota.id },
      body: { ...span, personId: anna.id },
    })
    const made = await desk.call('POST /api/rotas/:id/overrides', {
      as: lead,
      params: { id: rota.id },
      body: { ...span, personId: anna.id, reason: 'Dentist' },
    })
    expect(made).toMatchObject({ ...span, person: { name: 'Anna' }, madeBy: { name: 'Lea' }, reason: 'Dentist' })
    expect(await now(rota.id, at('2027-01-05T12:00Z'))).toMatchObject({ personId: anna.id })
    expect(await now(rota.id, at('2027-01-06T00:00Z'))).toMatchObject({ personId: ben.id })
    expect([await bells(anna), await bells(ben), await bells(lead)]).toEqual([['shift-changed'], ['shift-changed'], []])
    await desk.refused('not_allowed', 'DELETE /api/rota-overrides/:id', { as: ben, params: { id: made.id } })
    await desk.call('DELETE /api/rota-overrides/:id', { as: lead, params: { id: made.id } })
    expect(await now(rota.id, at('2027-01-05T12:00Z'))).toMatchObject({ personId: ben.id })
    await desk.call('POST /api/rotas/:id/overrides', { as: lead, params: { id: rota.id }, body: { ...span, personId: null } })
    expect(await now(rota.id, at('2027-01-05T12:00Z'))).toBeNull()
    // Where nobody is on call everybody may step in.
    await desk.call('POST /api/rotas/:id/overrides', { as: anna, params: { id: rota.id }, body: { ...span, personId: anna.id } })
    expect(await now(rota.id, at('2027-01-05T12:00Z'))).toMatchObject({ personId: anna.id })
    await desk.refused('validation_failed', 'POST /api/rotas/:id/overrides', {
      as: lead,
      params: { id: rota.id },
      body: { from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z', personId: null },
    })
  })

  it('a shift changes hands only when both agree, and both hear of it', async () => {
    const rota = await weekly()
    const span = { from: '2027-01-09T00:00:00.000Z', to: '2027-01-10T00:00:00.000Z' }
    const params = { id: rota.id }
    await desk.refused('validation_failed', 'POST /api/rotas/:id/swaps', { as: anna, params, body: { ...span, takerId: ben.id } })
    await desk.refused('not_allowed', 'POST /api/rotas/:id/swaps', {
      as: lead,
      params,
      body: { ...span, giverId: ben.id, takerId: anna.id },
    })
    const offer = await desk.call('POST /api/rotas/:id/swaps', { as: ben, params, body: { ...span, takerId: anna.id, note: 'Wedding' } })
    expect(await now(rota.id, at('2027-01-09T12:00Z'))).toMatchObject({ personId: ben.id })
    expect(await bells(anna)).toEqual(['swap-offered'])
    await desk.refused('not_allowed', 'POST /api/shift-swaps/:id/answer', {
      as: lead,
      params: { id: offer.id },
      body: { answer: 'accept' },
    })
    await desk.refused('not_allowed', 'POST /api/shift-swaps/:id/answer', { as: ben, params: { id: offer.id }, body: { answer: 'accept' } })
    expect((await desk.call('GET /api/on-call', { as: anna })).swaps).toBe(1)
    const taken = await desk.call('POST /api/shift-swaps/:id/answer', { as: anna, params: { id: offer.id }, body: { answer: 'accept' } })
    expect(taken).toMatchObject({
      state: 'accepted',
      giver: { name: 'Ben' },
      taker: { name: 'Anna' },
      can: { answer: false, withdraw: false },
    })
    expect(await now(rota.id, at('2027-01-09T12:00Z'))).toMatchObject({ personId: anna.id })
    expect(await bells(ben)).toEqual(['swap-answered'])
    await desk.refused('swap_over', 'POST /api/shift-swaps/:id/answer', { as: anna, params: { id: offer.id }, body: { answer: 'decline' } })
    expect((await desk.call('GET /api/on-call/mine', { as: anna })).items[0]).toMatchObject({
      ...span,
      why: 'override',
      rota: { name: 'Network' },
    })
  })

  it('a colleague’s shift is asked for and given only by whoever has it', async () => {
    const rota = await weekly()
    const span = { from: '2027-01-09T00:00:00.000Z', to: '2027-01-10T00:00:00.000Z' }
    const asked = await desk.call('POST /api/rotas/:id/swaps', {
      as: anna,
      params: { id: rota.id },
      body: { ...span, giverId: ben.id, takerId: anna.id },
    })
    await desk.refused('not_allowed', 'POST /api/shift-swaps/:id/answer', {
      as: anna,
      params: { id: asked.id },
      body: { answer: 'accept' },
    })
    await desk.call('POST /api/shift-swaps/:id/answer', { as: ben, params: { id: asked.id }, body: { answer: 'decline' } })
    expect(await now(rota.id, at('2027-01-09T12:00Z'))).toMatchObject({ personId: ben.id })
  })

  it('offered to anybody, the first who takes it has it; an offer that no longer holds is refused', async () => {
    const cora = await desk.person('agent', { name: 'Cora' })
    const rota = await add([layer([anna, ben, cora], { startsOn: '2026-12-21' })])
    const [first] = (await desk.call('GET /api/on-call/mine', { as: cora })).items
    const span = { from: first!.from < '2027-01-05' ? '2027-01-05T00:00:00.000Z' : first!.from, to: first!.to }
    const offer = await desk.call('POST /api/rotas/:id/swaps', { as: cora, params: { id: rota.id }, body: span })
    const late = await desk.call('POST /api/rotas/:id/swaps', { as: cora, params: { id: rota.id }, body: { ...span, takerId: ben.id } })
    await desk.call('POST /api/shift-swaps/:id/answer', { as: anna, params: { id: offer.id }, body: { answer: 'accept' } })
    await desk.refused('swap_over', 'POST /api/shift-swaps/:id/answer', { as: ben, params: { id: late.id }, body: { answer: 'accept' } })
    await desk.call('POST /api/shift-swaps/:id/answer', { as: cora, params: { id: late.id }, body: { answer: 'withdraw' } })
    const { items } = await desk.call('GET /api/shift-swaps', { as: anna, query: { rotaId: rota.id } })
    expect(items.map((one) => one.state)).toEqual(['withdrawn', 'accepted'])
  })
})

describe('the handover', () => {
  const fromBen = (rotaId: string, more: Record<string, unknown> = {}) =>
    desk.call('POST /api/rotas/:id/handovers', {
      as: ben,
      params: { id: rotaId },
      body: { text: 'The line to Linz is flapping.', ...more },
    })

  it('SD-8 whoever leaves writes what is open, whoever comes has it on top until confirmed, and it is kept', async () => {
    const rota = await weekly()
    const ticket = await desk.call('POST /api/tickets', {
      as: ben,
      body: { subject: 'Line down', channel: 'phone', teamId: team.id, impact: 3, urgency: 3 },
    })
    await desk.call('POST /api/tickets', { as: ben, body: { subject: 'Toner', channel: 'phone', teamId: team.id, impact: 1, urgency: 1 } })
    const draft = await desk.call('GET /api/rotas/:id/handover-draft', { as: ben, params: { id: rota.id } })
    expect(draft).toMatchObject({ to: { name: 'Anna' }, shiftEndsAt: benWeek.to, tickets: [{ subject: 'Line down' }] })
    const note = await fromBen(rota.id, { ticketIds: [ticket.id] })
    expect((await desk.call('GET /api/on-call', { as: anna })).handovers).toMatchObject([
      { id: note.id, text: 'The line to Linz is flapping.', tickets: [{ subject: 'Line down' }], can: { confirm: true } },
    ])
    expect((await desk.call('GET /api/on-call', { as: ben })).handovers).toEqual([])
    await desk.refused('not_allowed', 'POST /api/handover-notes/:id/read', { as: ben, params: { id: note.id } })
    await desk.call('POST /api/handover-notes/:id/read', { as: anna, params: { id: note.id } })
    expect((await desk.call('GET /api/on-call', { as: anna })).handovers).toEqual([])
    const kept = await desk.call('GET /api/rotas/:id/handovers', { as: ben, params: { id: rota.id } })
    expect(kept.items).toMatchObject([{ id: note.id, readBy: { name: 'Anna' } }])
  })

  it('shows a limited colleague neither the note of another team nor a ticket of another customer', async () => {
    const rota = await weekly()
    const [own, foreign] = [await desk.organisation(), await desk.organisation()]
    const limited = await desk.person('agent', { limitedTo: { organisationId: own.id } })
    const asker = await desk.person('requester', { organisationId: foreign.id })
    const ticket = await desk.call('POST /api/tickets', {
      as: ben,
      body: { subject: 'Secret of others', channel: 'phone', teamId: team.id, requesterId: asker.id },
    })
    await fromBen(rota.id, { ticketIds: [ticket.id] })
    expect((await desk.call('GET /api/rotas/:id/handovers', { as: limited, params: { id: rota.id } })).items).toEqual([])
    await desk.kernel.asSystem((context) =>
      sql`insert into team_member (team_id, person_id, since) values (${team.id}, ${limited.id}, now())`.execute(context.db),
    )
    expect((await desk.call('GET /api/rotas/:id/handovers', { as: limited, params: { id: rota.id } })).items).toMatchObject([
      { tickets: [] },
    ])
    await desk.refused('validation_failed', 'POST /api/rotas/:id/handovers', {
      as: limited,
      params: { id: rota.id },
      body: { text: 'x', ticketIds: [ticket.id] },
    })
  })
})

describe('the calendar feed and who is awake', () => {
  const feed = (address: string) => desk.app.inject({ method: 'GET', url: address.slice(address.indexOf('/api/')) })

  it('gives my shifts and a whole rota by private addresses, that end when they are ended or I leave', async () => {
    const rota = await weekly()
    const mine = await desk.call('POST /api/on-call-links', { as: ben, body: { rotaId: null } })
    const whole = await desk.call('POST /api/on-call-links', { as: ben, body: { rotaId: rota.id } })
    const own = (await feed(mine.address)).body
    expect(own).toContain('DTSTART:20270104T080000Z')
    expect(own).not.toContain('20270111T080000Z\r\nDTEND:20270118')
    const all = (await feed(whole.address)).body
    expect(all).toContain('SUMMARY:Network: Anna')
    expect(all.match(/BEGIN:VEVENT/g)!.length).toBeGreaterThan(7)
    const { items } = await desk.call('GET /api/on-call-links', { as: ben })
    expect(items).toMatchObject([{ rota: null }, { rota: { name: 'Network' } }])
    await desk.refused('not_found', 'DELETE /api/on-call-links/:id', { as: anna, params: { id: mine.id } })
    await desk.call('DELETE /api/on-call-links/:id', { as: ben, params: { id: mine.id } })
    expect((await feed(mine.address)).statusCode).toBe(404)
    await desk.kernel.asSystem((context) => sql`delete from role_grant where person_id = ${ben.id}`.execute(context.db))
    expect((await feed(whole.address)).statusCode).toBe(404)
  })

  it('says who is awake: on call first, then who works now by the longest day left, then the others, and who is absent last', async () => {
    await weekly()
    const away = await desk.person('agent', { name: 'Zoe' })
    await desk.call('POST /api/absences', { as: away, body: { fromOn: '2027-01-04', toOn: '2027-01-04' } })
    await desk.call('POST /api/tickets', { as: ben, body: { subject: 'One', channel: 'phone', assigneeId: ben.id } })
    const { items } = await desk.call('GET /api/on-call/awake', { as: anna })
    expect(items[0]).toMatchObject({
      person: { name: 'Ben' },
      onCall: [{ name: 'Network' }],
      openTickets: 1,
      working: true,
      until: '2027-01-04T16:00:00.000Z',
    })
    expect(items.at(-1)).toMatchObject({ person: { name: 'Zoe' }, absent: true })
    const ours = await desk.call('GET /api/on-call/awake', { as: anna, query: { teamId: team.id } })
    expect(ours.items.map((one) => one.person.name)).toEqual(['Ben', 'Anna'])
    desk.clock.moveTo(at('2027-01-04T22:00:00Z'))
    expect((await desk.call('GET /api/on-call/awake', { as: anna, query: { teamId: team.id } })).items[1]).toMatchObject({
      working: false,
      until: '2027-01-05T07:00:00.000Z',
    })
  })
})

describe('the whole schedule', () => {
  it('is the same to whoever asks in the past, now and ahead', async () => {
    const rota = await weekly()
    const shifts = await desk.kernel.asSystem((context) =>
      finalSchedule(context, rota.id, at('2026-12-01T00:00Z'), at('2027-02-01T00:00Z')),
    )
    expect(shifts[0]).toMatchObject({ why: 'gap', personId: null })
    expect(shifts.slice(1, 4).map((one) => one.personId)).toEqual([anna.id, ben.id, anna.id])
  })
})
