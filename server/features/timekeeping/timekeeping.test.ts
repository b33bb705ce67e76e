import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { todayOf } from './actions.ts'

const desk = useDesk()
let agent: TestPerson
let colleague: TestPerson
let lead: TestPerson
let asker: TestPerson
let ticketId: string
let organisation: { id: string; name: string }
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Ann' })
  colleague = await desk.person('agent', { name: 'Ben' })
  lead = await desk.person('lead')
  organisation = await desk.organisation('Nordwind')
  asker = await desk.person('requester', { organisationId: organisation.id })
  ticketId = (await desk.call('POST /api/tickets', { as: agent, body: { subject: '=Printer', requesterId: asker.id } })).id
})
const params = (id = ticketId) => ({ params: { id } })
const spend = (minutes: number, more: Record<string, unknown> = {}, as = agent) =>
  desk.call('POST /api/tickets/:id/time', { as, ...params(), body: { minutes, ...more } })
const ofTicket = (as = agent) => desk.call('GET /api/tickets/:id/time', { as, ...params() })

describe('INC-26 time spent', () => {
  it('INC-26 is written down per person with day, note and whether it is billable, and summed up', async () => {
    const made = await spend(12, { workDate: '2026-03-02', billable: true, note: 'Toner changed' })
    expect(made).toMatchObject({
      minutes: 12,
      counted: 15,
      billable: true,
      note: 'Toner changed',
      workDate: '2026-03-02',
      person: { name: 'Ann' },
    })
    await spend(20, {}, colleague)
    expect(await ofTicket(lead)).toMatchObject({
      everybody: true,
      totals: { minutes: 32, counted: 35, billable: 15 },
      people: [
        { person: { name: 'Ben' }, counted: 20 },
        { person: { name: 'Ann' }, counted: 15 },
      ],
    })
  })

  it('INC-26 of others is seen by leads and managers only; one’s own always', async () => {
    const theirs = await spend(30, { note: 'MARKER-8' }, colleague)
    await spend(10)
    expect(await ofTicket()).toMatchObject({ everybody: false, totals: { minutes: 10 }, items: [{ person: { name: 'Ann' } }] })
    expect((await desk.ask('GET /api/time', { as: agent })).text).not.toContain('MARKER-8')
    expect((await desk.ask('GET /api/time/csv', { as: agent })).text).not.toContain('MARKER-8')
    await desk.refused('not_found', 'GET /api/time/:id/history', { as: agent, ...params(theirs.id) })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, ...params() })
    expect(items.filter((entry) => entry.type.startsWith('time.'))).toEqual([])
    await desk.refused('not_found', 'PATCH /api/time/:id', { as: agent, ...params(theirs.id), ifMatch: 1, body: { minutes: 1 } })
    await desk.refused('not_allowed', 'PATCH /api/time/:id', { as: lead, ...params(theirs.id), ifMatch: 1, body: { minutes: 1 } })
    await desk.refused('not_allowed', 'GET /api/tickets/:id/time', { as: asker, ...params() })
    const limited = await desk.person('lead', { limitedTo: { organisationId: (await desk.organisation()).id } })
    expect((await desk.call('GET /api/time', { as: limited })).items).toEqual([])
    await desk.refused('not_found', 'GET /api/tickets/:id/time', { as: limited, ...params() })
  })

  it('INC-26 is changed and removed by whose it is, and the history tells what it was', async () => {
    const { id } = await spend(10)
    const change = { as: agent, ...params(id), ifMatch: 1, body: { minutes: 42, billable: true } }
    expect(await desk.call('PATCH /api/time/:id', change)).toMatchObject({ version: 2, minutes: 42, counted: 45, billable: true })
    await desk.refused('version_stale', 'PATCH /api/time/:id', change)
    await desk.call('DELETE /api/time/:id', { as: agent, ...params(id) })
    expect((await ofTicket()).items).toEqual([])
    for (const as of [agent, lead])
      expect(
        (await desk.call('GET /api/time/:id/history', { as, ...params(id) })).items.map((was) => [was.what, was.minutes, was.by?.name]),
      ).toEqual([
        ['added', 10, 'Ann'],
        ['changed', 42, 'Ann'],
        ['removed', 42, 'Ann'],
      ])
  })

  it('INC-26 is counted by the unit that the company set; a new unit changes no old entry', async () => {
    const admin = await desk.person('administrator')
    const old = await spend(7)
    await desk.refused('not_allowed', 'PATCH /api/time/settings', { as: lead, body: { unit: 15 } })
    await desk.call('PATCH /api/time/settings', { as: admin, body: { unit: 15, rounding: 'nearest', show: 'units', billable: true } })
    expect(await desk.call('GET /api/time/settings', { as: agent })).toEqual({
      unit: 15,
      rounding: 'nearest',
      show: 'units',
      billable: true,
    })
    expect(await spend(20)).toMatchObject({ counted: 15, billable: true })
    const changed = await desk.call('PATCH /api/time/:id', { as: agent, ...params(old.id), ifMatch: 1, body: { note: 'again' } })
    expect(changed.counted).toBe(10)
  })

  it('may stand on a task of the same ticket, and never on a day to come', async () => {
    const task = await desk.call('POST /api/tickets/:id/tasks', { as: agent, ...params(), body: { title: 'Clean' } })
    expect((await spend(5, { taskId: task.id })).task).toEqual({ id: task.id, title: 'Clean' })
    const other = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Other', requesterId: asker.id } })
    const body = { minutes: 5, taskId: task.id }
    await desk.refused('validation_failed', 'POST /api/tickets/:id/time', { as: agent, ...params(other.id), body })
    await desk.refused('validation_failed', 'POST /api/tickets/:id/time', {
      as: agent,
      ...params(),
      body: { minutes: 5, workDate: '2999-01-01' },
    })
    await desk.refused('validation_failed', 'POST /api/tickets/:id/time', { as: agent, ...params(), body: { minutes: 0 } })
  })
})

describe('the clock', () => {
  const timers = (as = agent) => desk.call('GET /api/timers', { as })
  const start = (id = ticketId) => desk.call('POST /api/tickets/:id/timer/start', { as: agent, ...params(id), body: {} })

  it('INC-26 is kept by the server: it runs on, is paused, runs again, and becomes an entry when it is stopped', async () => {
    await start()
    desk.clock.advance({ minutes: 10 })
    expect((await timers()).items).toMatchObject([{ running: true, seconds: 600, ticket: { subject: '=Printer' } }])
    await desk.call('POST /api/tickets/:id/timer/pause', { as: agent, ...params() })
    desk.clock.advance({ hours: 3 })
    await start()
    desk.clock.advance({ minutes: 2, seconds: 10 })
    const entry = await desk.call('POST /api/tickets/:id/timer/stop', { as: agent, ...params(), body: { note: 'On site' } })
    expect(entry).toMatchObject({ minutes: 13, counted: 15, note: 'On site' })
    expect((await timers()).items).toEqual([])
    await desk.refused('not_found', 'POST /api/tickets/:id/timer/stop', { as: agent, ...params(), body: {} })
  })

  it('runs once for a person: starting another pauses it; a clock of one person is nobody else’s', async () => {
    const other = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Urgent call', requesterId: asker.id } })
    await start()
    desk.clock.advance({ minutes: 4 })
    const { items } = await start(other.id)
    expect(items.map((clock) => [clock.ticket.subject, clock.running, clock.seconds])).toEqual([
      ['Urgent call', true, 0],
      ['=Printer', false, 240],
    ])
    expect((await timers(colleague)).items).toEqual([])
    await desk.refused('not_found', 'DELETE /api/tickets/:id/timer', { as: colleague, ...params() })
    await desk.call('DELETE /api/tickets/:id/timer', { as: agent, ...params() })
    expect((await timers()).items).toHaveLength(1)
  })
})

describe('the list', () => {
  it('INC-26 is asked for by days, person and organisation, page by page with the totals of all pages', async () => {
    for (const day of ['2026-03-01', '2026-03-02', '2026-03-03']) await spend(10, { workDate: day })
    await spend(60, { workDate: '2026-03-02' }, colleague)
    const query = { from: '2026-03-02', to: '2026-03-03', organisation: organisation.id, limit: 2 }
    const first = await desk.call('GET /api/time', { as: lead, query })
    const second = await desk.call('GET /api/time', { as: lead, query: { ...query, after: first.next } })
    expect([...first.items, ...second.items].map((e) => [e.workDate, e.person.name])).toEqual([
      ['2026-03-03', 'Ann'],
      ['2026-03-02', 'Ben'],
      ['2026-03-02', 'Ann'],
    ])
    expect([first.totals.minutes, second.next]).toEqual([80, null])
    const his = await desk.call('GET /api/time', { as: lead, query: { ...query, person: colleague.id } })
    expect(his.totals).toEqual({ minutes: 60, counted: 60, billable: 0 })
    expect((await desk.call('GET /api/time', { as: lead, query: { organisation: (await desk.organisation()).id } })).items).toEqual([])
    await desk.refused('validation_failed', 'GET /api/time', { as: lead, query: { from: '2026-03-03', to: '2026-03-02' } })
    await desk.refused('validation_failed', 'GET /api/time', { as: lead, query: { after: 'nonsense' } })
  })

  it('INC-26 leaves as CSV in which nothing runs as a formula', async () => {
    await spend(10, { workDate: '2026-03-01', note: '+cmd|"x"' })
    const answer = await desk.ask('GET /api/time/csv', { as: lead, query: { from: '2026-03-01' } })
    expect(answer.headers['content-disposition']).toContain('time-2026-03-01.csv')
    expect(answer.text.split('\r\n')[1]).toBe(`"2026-03-01","Ann",${ticketId},"'=Printer","Nordwind","",10,10,"no","'+cmd|""x"""`)
  })

  it('one’s own time stays in it when the ticket is out of sight, without its subject', async () => {
    await spend(10)
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, ...params(), body: { to: { personIds: [lead.id], teamIds: [] } } })
    expect((await desk.call('GET /api/time', { as: agent })).items).toMatchObject([{ minutes: 10, ticket: { id: ticketId, subject: '' } }])
  })

  it('today is today where the person sits', async () => {
    await desk.kernel.asSystem(async (context) => {
      const at = context.now.toZonedDateTimeISO('Pacific/Kiritimati').toPlainDate().toString()
      expect(todayOf({ ...context, actor: { ...context.actor, timeZone: 'Pacific/Kiritimati' } })).toBe(at)
    })
  })
})
