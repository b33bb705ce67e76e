import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { connectTo, type Sink, startSink } from '../mail/mail.testing.ts'
import { drawnPng, readIcs } from './visits.testing.ts'

const desk = useDesk()
let agent: TestPerson
let tom: TestPerson
let asker: TestPerson
let stranger: TestPerson
let ticketId: string
let siteId: string
let sink: Sink
beforeEach(async () => {
  desk.clock.moveTo(Temporal.Instant.from('2026-11-23T07:00:00Z'))
  const nordwind = await desk.organisation('Nordwind')
  agent = await desk.person('agent', { name: 'Ann', email: 'ann@desk.example' })
  tom = await desk.person('agent', { name: 'Tom', email: 'tom@desk.example' })
  asker = await desk.person('requester', { name: 'Casey', email: 'casey@customer.example', organisationId: nordwind.id })
  stranger = await desk.person('requester')
  await desk.mailbox('help@desk.example', { acknowledge: 'off' })
  siteId = await desk.kernel.asSystem(async ({ db, now }) => {
    const made = await sql<{ id: string }>`insert into site (organisation_id, name, address, access_note, time_zone, created_at)
      values (${nordwind.id}, 'Köln', ${'Rheinufer 5\n50667 Köln'}, 'Gate code 4711', 'Europe/Berlin', ${now.toString()}) returning id`.execute(
      db,
    )
    return made.rows[0]!.id
  })
  const body = { subject: 'Printer', requesterId: asker.id, siteId }
  ticketId = (await desk.call('POST /api/tickets', { as: agent, body })).id
  sink = await startSink()
  connectTo(desk.kernel, sink)
})
afterEach(() => sink.stop())

const nine = '2026-11-24T08:00:00Z'
const ten = '2026-11-24T09:00:00Z'
const at = (id: string) => ({ params: { id } })
const plan = (more: Record<string, unknown> = {}, as = agent) =>
  desk.call('POST /api/tickets/:id/visits', {
    as,
    ...at(ticketId),
    body: { startsAt: nine, endsAt: ten, purpose: 'Change the fuser', peopleIds: [tom.id], ...more },
  })
const read = (id: string, as = agent) => desk.call('GET /api/visits/:id', { as, ...at(id) })
const mailsTo = (address: string) => sink.taken.filter((one) => one.to.includes(address))
/** The text/calendar part of a mail, whatever its transfer encoding. */
function invitationIn(raw: string) {
  const head = /content-type: text\/calendar[\s\S]*?\r\n\r\n/i.exec(raw)
  if (!head) throw new Error('There is no invitation in this mail.')
  const body = raw.slice(head.index + head[0].length).split(/\r\n--/)[0] ?? ''
  const text = /base64/i.test(head[0])
    ? Buffer.from(body, 'base64').toString('utf8')
    : Buffer.from(
        body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8')
  return { type: head[0].replace(/\r\n\s+/g, ' '), ...readIcs(text) }
}

describe('planning a visit', () => {
  it('takes place, way in, clock and contact from where the requester sits, and says who goes when', async () => {
    const visit = await plan()
    expect(visit).toMatchObject({
      site: { id: siteId, name: 'Köln' },
      address: 'Rheinufer 5\n50667 Köln',
      accessNote: 'Gate code 4711',
      timeZone: 'Europe/Berlin',
      people: [{ name: 'Tom' }],
      contact: { name: 'Casey', email: 'casey@customer.example' },
      state: 'planned',
    })
    const { items } = await desk.call('GET /api/visits', { as: tom, query: { person: 'me' } })
    expect(items.map((one) => one.id)).toEqual([visit.id])
    expect((await desk.call('GET /api/visits', { as: agent, query: { person: 'me' } })).items).toEqual([])
    const bell = await desk.call('GET /api/notices', { as: tom })
    expect(bell.items.map((one) => one.reason)).toContain('visit')
  })

  it('suggests times at which all of them are free', async () => {
    await plan()
    const windows = (people: TestPerson[]) =>
      desk.call('GET /api/tickets/:id/visits/windows', {
        as: agent,
        ...at(ticketId),
        query: { people: people.map((p) => p.id).join(','), minutes: 60 },
      })
    expect((await windows([agent])).items.map((one) => one.startsAt)).toContain('2026-11-24T07:00:00.000Z')
    const forTom = await windows([agent, tom])
    expect(forTom.items.map((one) => one.startsAt)).not.toContain('2026-11-24T07:00:00.000Z')
    expect(forTom).toMatchObject({ timeZone: 'Europe/Berlin', site: { name: 'Köln' }, contact: { name: 'Casey' } })
  })

  it('tells before it saves that somebody has another visit then; it can be planned all the same', async () => {
    const first = await plan()
    const body = { startsAt: '2026-11-24T08:30:00Z', endsAt: '2026-11-24T09:30:00Z', purpose: 'Second', peopleIds: [agent.id, tom.id] }
    const clash = await desk.refused('visit_clash', 'POST /api/tickets/:id/visits', { as: agent, ...at(ticketId), body })
    expect(clash).toMatchObject({ names: 'Tom', clashes: [{ person: { name: 'Tom' }, why: 'visit', visit: { id: first.id } }] })
    const { items } = await desk.call('GET /api/visits/clashes', {
      as: agent,
      query: { startsAt: body.startsAt, endsAt: body.endsAt, people: `${agent.id},${tom.id}` },
    })
    expect(items).toHaveLength(1)
    expect((await plan({ ...body, despite: true })).people).toHaveLength(2)
    await desk.call('POST /api/visits/:id/cancel', { as: agent, ...at(first.id), body: { reason: 'Not needed' } })
    const free = await desk.call('GET /api/visits/clashes', {
      as: agent,
      query: { startsAt: nine, endsAt: '2026-11-24T08:30:00Z', people: tom.id },
    })
    expect(free.items).toEqual([])
  })

  it('refuses an end before the beginning, more than a day, a stranger as technician, and a clock that does not exist', async () => {
    const refuse = async (more: Record<string, unknown>, path: string) => {
      const body = { startsAt: nine, endsAt: ten, purpose: 'x', peopleIds: [tom.id], ...more }
      const problem = await desk.refused('validation_failed', 'POST /api/tickets/:id/visits', { as: agent, ...at(ticketId), body })
      expect(problem.issues?.map((issue) => issue.path)).toEqual([path])
    }
    await refuse({ endsAt: nine }, 'endsAt')
    await refuse({ endsAt: '2026-11-26T09:00:00Z' }, 'endsAt')
    await refuse({ peopleIds: [asker.id] }, 'peopleIds')
    await refuse({ timeZone: 'Mars/Base' }, 'timeZone')
  })
})

describe('who sees a visit', () => {
  it('is the desk and the one who asked, who is told nothing of the way in; to everybody else there is none', async () => {
    const visit = await plan()
    await desk.call('PUT /api/visits/:id/work', {
      as: tom,
      ...at(visit.id),
      ifMatch: visit.version,
      body: { summary: 'INTERNAL-SUMMARY', workMinutes: 5, travelMinutes: 0, kilometres: 0, parts: [] },
    })
    const seen = await desk.ask('GET /api/tickets/:id/visits', { as: asker, ...at(ticketId) })
    expect(seen.body.items).toMatchObject([
      { id: visit.id, purpose: 'Change the fuser', people: [{ name: 'Tom' }], can: { edit: false, decline: true } },
    ])
    expect(seen.text).not.toContain('4711')
    expect(seen.text).not.toContain('INTERNAL-SUMMARY')
    expect((await desk.ask('GET /api/tickets/:id/visits', { as: agent, ...at(ticketId) })).text).toContain('4711')
    await desk.refused('not_found', 'GET /api/tickets/:id/visits', { as: stranger, ...at(ticketId) })
    await desk.refused('not_found', 'POST /api/visits/:id/decline', { as: stranger, ...at(visit.id), body: { text: 'No' } })
    const elsewhere = await desk.organisation('Elsewhere')
    const limited = await desk.person('agent', { limitedTo: { organisationId: elsewhere.id } })
    await desk.refused('not_found', 'GET /api/visits/:id', { as: limited, ...at(visit.id) })
    await desk.refused('not_found', 'POST /api/visits/:id/step', { as: limited, ...at(visit.id), body: { state: 'there' } })
    expect((await desk.call('GET /api/visits', { as: limited })).items).toEqual([])
  })
})

describe('invitations', () => {
  it('go to the requester and to who goes, each alone, with the appointment in them; the way in stands in the colleague’s only', async () => {
    await plan()
    await desk.work()
    const [toAsker] = mailsTo(asker.email)
    const [toTom] = mailsTo(tom.email)
    expect(toAsker?.header('Subject')?.replaceAll('=5B=23', '[#').replaceAll('=5D', ']')).toContain(`[#${ticketId}]`)
    const theirs = invitationIn(toAsker!.raw)
    expect(theirs.type).toMatch(/method=REQUEST/)
    expect(theirs).toMatchObject({ method: 'REQUEST', bareLineFeeds: 0 })
    expect(theirs.longestLine).toBeLessThanOrEqual(75)
    expect(theirs.events[0]).toMatchObject({
      DTSTART: { value: '20261124T080000Z' },
      SEQUENCE: { value: '0' },
      ORGANIZER: { value: 'mailto:help@desk.example' },
      ATTENDEE: { value: 'mailto:casey@customer.example' },
    })
    expect(theirs.events[0]?.['LOCATION']?.value).toBe('Nordwind, Köln, Rheinufer 5, 50667 Köln')
    const ours = invitationIn(toTom!.raw)
    expect(ours.events[0]?.['UID']?.value).toBe(theirs.events[0]?.['UID']?.value)
    expect(ours.events[0]?.['DESCRIPTION']?.value).toContain('Gate code 4711')
    expect(theirs.events[0]?.['DESCRIPTION']?.value).not.toContain('4711')
    expect(toAsker!.raw).not.toContain('tom@desk.example')
    expect(sink.taken).toHaveLength(2)
  })

  it('are renewed with a higher number when it is moved, and taken back when it is cancelled; who is taken off hears so', async () => {
    const visit = await plan()
    await desk.work()
    sink.taken.length = 0
    const moved = await desk.call('PATCH /api/visits/:id', {
      as: agent,
      ...at(visit.id),
      ifMatch: visit.version,
      body: { startsAt: ten, endsAt: '2026-11-24T11:00:00Z', peopleIds: [agent.id] },
    })
    await desk.work()
    const said = (address: string) => {
      const { method, events } = invitationIn(mailsTo(address).at(-1)!.raw)
      return [method, events[0]?.['SEQUENCE']?.value, events[0]?.['STATUS']?.value]
    }
    expect(said(asker.email)).toEqual(['REQUEST', '1', 'CONFIRMED'])
    expect(said(agent.email)).toEqual(['REQUEST', '1', 'CONFIRMED'])
    expect(said(tom.email)).toEqual(['CANCEL', '1', 'CANCELLED'])
    await desk.call('POST /api/visits/:id/cancel', { as: agent, ...at(moved.id), body: { reason: 'The printer works again' } })
    await desk.work()
    expect(said(asker.email)).toEqual(['CANCEL', '2', 'CANCELLED'])
    expect(mailsTo(asker.email).at(-1)!.raw).toContain('The printer works again')
    await desk.refused('visit_over', 'POST /api/visits/:id/step', { as: agent, ...at(moved.id), body: { state: 'there' } })
  })

  it('are not sent to the requester when the planner does not want it, and a new telephone number is no news', async () => {
    const visit = await plan({ tell: false })
    await desk.work()
    expect(mailsTo(asker.email)).toEqual([])
    sink.taken.length = 0
    const contact = { name: 'Casey', phone: '+49 221 0000', email: '' }
    await desk.call('PATCH /api/visits/:id', { as: agent, ...at(visit.id), ifMatch: visit.version, body: { contact, tell: false } })
    await desk.work()
    expect(sink.taken).toEqual([])
    await desk.refused('version_stale', 'PATCH /api/visits/:id', {
      as: agent,
      ...at(visit.id),
      ifMatch: visit.version,
      body: { purpose: 'Other' },
    })
  })
})

describe('the calendar', () => {
  const feed = async (address: string) => desk.ask('GET /api/calendar/:name', { params: { name: address.split('/').at(-1)! } })

  it('is read at a private address: my visits, cancelled ones as cancelled, and nobody else’s', async () => {
    const mine = await plan()
    await plan({ peopleIds: [agent.id], purpose: 'NOT-TOMS' })
    const { address } = await desk.call('POST /api/calendar-link', { as: tom })
    const first = await feed(address)
    expect(String(first.headers['content-type'])).toContain('text/calendar')
    const read = readIcs(first.text)
    expect(read.events.map((event) => event['SUMMARY']?.value)).toEqual([`#${ticketId} Change the fuser`])
    expect(read).toMatchObject({ method: 'PUBLISH', bareLineFeeds: 0 })
    expect(read.longestLine).toBeLessThanOrEqual(75)
    await desk.call('POST /api/visits/:id/cancel', { as: agent, ...at(mine.id), body: { reason: 'Off' } })
    expect(readIcs((await feed(address)).text).events[0]?.['STATUS']?.value).toBe('CANCELLED')
    expect((await desk.call('GET /api/calendar-link', { as: tom })).usedAt).not.toBeNull()
  })

  it('ends when its person makes another, ends it, leaves, or may no longer see the tickets; the database cannot tell the address', async () => {
    await plan()
    const { address } = await desk.call('POST /api/calendar-link', { as: tom })
    const kept = await desk.kernel.asSystem(async ({ db }) => JSON.stringify((await sql`select * from calendar_link`.execute(db)).rows))
    expect(kept).not.toContain(address.split('/').at(-1)!.slice(0, 22))
    const again = (await desk.call('POST /api/calendar-link', { as: tom })).address
    expect((await feed(address)).status).toBe(404)
    expect(readIcs((await feed(again)).text).events).toHaveLength(1)
    await desk.kernel.asSystem(async ({ db }) => void (await sql`delete from role_grant where person_id = ${tom.id}`.execute(db)))
    expect(readIcs((await feed(again)).text).events).toHaveLength(0)
    await desk.kernel.asSystem(
      async ({ db, now }) => void (await sql`update person set archived_at = ${now.toString()} where id = ${tom.id}`.execute(db)),
    )
    expect((await feed(again)).status).toBe(404)
    const own = (await desk.call('POST /api/calendar-link', { as: agent })).address
    await desk.call('DELETE /api/calendar-link', { as: agent })
    expect((await feed(own)).status).toBe(404)
  })
})

describe('on site', () => {
  const work = { summary: 'Fuser changed, 20 pages printed.', workMinutes: 45, travelMinutes: 30, kilometres: 22, parts: [] }
  const write = async (id: string, more: Record<string, unknown> = {}, as = tom) =>
    desk.call('PUT /api/visits/:id/work', { as, ...at(id), ifMatch: (await read(id)).version, body: { ...work, ...more } })

  it('each step is kept with who and when, also one that was pressed without a connection, and pressing twice is once', async () => {
    const { id } = await plan()
    const step = (state: 'on-the-way' | 'there' | 'done', more = {}) =>
      desk.call('POST /api/visits/:id/step', { as: tom, ...at(id), body: { state, ...more } })
    desk.clock.moveTo(Temporal.Instant.from(ten))
    await step('on-the-way', { at: '2026-11-24T07:40:00Z' })
    await step('there', { at: '2026-11-24T08:05:00Z' })
    await step('there')
    const done = await step('done')
    expect(done.steps.map(({ state, at, by }) => [state, at, by?.name])).toEqual([
      ['planned', '2026-11-23T07:00:00.000Z', 'Ann'],
      ['on-the-way', '2026-11-24T07:40:00.000Z', 'Tom'],
      ['there', '2026-11-24T08:05:00.000Z', 'Tom'],
      ['done', '2026-11-24T09:00:00.000Z', 'Tom'],
    ])
    const old = await desk.refused('validation_failed', 'POST /api/visits/:id/step', {
      as: tom,
      ...at(id),
      body: { state: 'there', at: '2026-11-20T08:05:00Z' },
    })
    expect(old.issues?.[0]?.path).toBe('at')
  })

  it('nobody met needs a reason', async () => {
    const { id } = await plan()
    await desk.refused('validation_failed', 'POST /api/visits/:id/step', { as: tom, ...at(id), body: { state: 'not-met' } })
    const missed = await desk.call('POST /api/visits/:id/step', { as: tom, ...at(id), body: { state: 'not-met', reason: 'Gate was shut' } })
    expect(missed).toMatchObject({ state: 'not-met', reason: 'Gate was shut' })
  })

  it('my minutes are my time on the ticket, once, and follow what I write; travel is kept beside it', async () => {
    const { id } = await plan()
    const minutes = async () =>
      (await desk.call('GET /api/tickets/:id/time', { as: tom, ...at(ticketId) })).items.map((entry) => entry.minutes)
    await write(id)
    expect(await minutes()).toEqual([45])
    const again = await write(id, { workMinutes: 60, parts: [{ name: 'Fuser', number: 'RM2-5425', quantity: 1.5, price: 18_900 }] })
    expect(await minutes()).toEqual([60])
    expect(again).toMatchObject({
      spent: [{ person: { name: 'Tom' }, workMinutes: 60, travelMinutes: 30, kilometres: 22 }],
      parts: [{ name: 'Fuser', number: 'RM2-5425', quantity: 1.5, serial: '', price: 18_900 }],
    })
    await write(id, {}, agent)
    expect((await read(id)).spent).toHaveLength(2)
    await write(id, { workMinutes: 0 })
    expect(await minutes()).toEqual([])
  })

  it('the report is signed on the phone, mailed, seen by the requester, and never changes: what is added later is the next one', async () => {
    const { id } = await plan({ contact: { name: 'Porter', phone: '', email: 'porter@customer.example' } })
    const sign = (body: Record<string, unknown>) =>
      desk.call('POST /api/visits/:id/reports', { as: tom, ...at(id), body: { signer: 'Casey', ...body } as never })
    const nothing = await desk.refused('validation_failed', 'POST /api/visits/:id/reports', {
      as: tom,
      ...at(id),
      body: { signer: 'Casey', signature: null },
    })
    expect(nothing.issues?.map((issue) => issue.path)).toEqual(['summary', 'consent'])
    await write(id, { parts: [{ name: 'Fuser', number: 'RM2-5425', serial: 'SN-77', price: 18_900 }] })
    await desk.work()
    sink.taken.length = 0
    const report = await sign({ signature: drawnPng().toString('base64') })
    expect(report).toMatchObject({
      number: 1,
      newest: true,
      how: 'drawn',
      signer: 'Casey',
      madeBy: 'Tom',
      summary: work.summary,
      organisation: 'Nordwind',
    })
    await desk.work()
    expect(sink.taken.map((mail) => mail.to[0]).sort()).toEqual(['casey@customer.example', 'porter@customer.example'])
    expect(mailsTo(asker.email)[0]!.raw).toMatch(/content-type: image\/png/i)
    expect(mailsTo(asker.email)[0]!.raw).toContain('SN-77')
    const shown = await desk.ask('GET /api/visit-reports/:id/signature', { as: asker, ...at(report.id) })
    expect([shown.status, shown.headers['content-type'], shown.text.includes('<script>')]).toEqual([200, 'image/png', false])
    await desk.refused('not_found', 'GET /api/visit-reports/:id', { as: stranger, ...at(report.id) })
    await desk.refused('not_found', 'GET /api/visit-reports/:id/signature', { as: stranger, ...at(report.id) })

    await write(id, { summary: 'And the tray, too.' })
    const second = await sign({ signature: null, consent: true, tell: false })
    expect(second).toMatchObject({ number: 2, how: 'typed', summary: 'And the tray, too.' })
    expect(await desk.call('GET /api/visit-reports/:id', { as: asker, ...at(report.id) })).toMatchObject({
      newest: false,
      summary: work.summary,
      parts: [{ name: 'Fuser', price: null }],
    })
    const forged = desk.kernel.asSystem(async ({ db }) => void (await sql`update visit_report set signer = 'Mallory'`.execute(db)))
    await expect(forged).rejects.toThrow('never changed')
  })
})

it('the requester who cannot make it says so in the portal: the words are in the ticket, the visit shows it until it is moved', async () => {
  const visit = await plan()
  const told = await desk.call('POST /api/visits/:id/decline', {
    as: asker,
    ...at(visit.id),
    body: { text: 'I am on holiday. Next week?' },
  })
  expect(told).toMatchObject({ declined: { text: 'I am on holiday. Next week?' }, can: { decline: false } })
  const ticket = await desk.call('GET /api/tickets/:id', { as: agent, ...at(ticketId) })
  expect(ticket.messages.at(-1)).toMatchObject({ text: 'I am on holiday. Next week?', author: { id: asker.id } })
  const next = { startsAt: '2026-12-01T08:00:00Z', endsAt: '2026-12-01T09:00:00Z' }
  const moved = await desk.call('PATCH /api/visits/:id', { as: agent, ...at(visit.id), ifMatch: visit.version, body: next })
  expect(moved.declined).toBeNull()
})

it('visits go with a merged ticket and come home when that is undone', async () => {
  const visit = await plan()
  const into = (await desk.call('POST /api/tickets', { as: agent, body: { subject: 'The same', requesterId: asker.id } })).id
  const data = { mergeId: '1', fromId: ticketId, intoId: into }
  const about = { subject: { kind: 'ticket', id: ticketId }, ticketId, audience: 'staff' as const }
  await desk.kernel.asSystem((context) => context.record({ type: 'ticket.merged', ...about, data: { ...data, messages: 0, tell: false } }))
  expect((await read(visit.id)).ticket.id).toBe(into)
  await desk.kernel.asSystem((context) => context.record({ type: 'ticket.merge-undone', ...about, data: { ...data, homes: [ticketId] } }))
  expect((await read(visit.id)).ticket.id).toBe(ticketId)
})
