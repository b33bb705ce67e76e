import { beforeEach, describe, expect, it } from 'vitest'
import type { Calendar } from '../../../contract/scheduled.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { ticketJobs } from '../tickets/jobs.ts'
import { readymadeJobs } from './jobs.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let asker: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Anna Agent' })
  lead = await desk.person('lead')
  asker = await desk.person('requester', { name: 'Jana Weber' })
})
const open = () => desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer', body: 'It smokes.', requesterId: asker.id } })
const inHours = (hours: number) => desk.clock.now().add({ hours }).toString()
const later = (id: string, more: Record<string, unknown> = {}) =>
  desk.call('POST /api/tickets/:id/scheduled-replies', {
    as: agent,
    params: { id },
    body: { body: 'Good morning.', sendAt: inHours(14), ...more },
  })
const waiting = async (id: string) => (await desk.call('GET /api/tickets/:id/scheduled-replies', { as: lead, params: { id } })).items
const texts = async (id: string) => (await desk.call('GET /api/tickets/:id', { as: asker, params: { id } })).messages.map((m) => m.text)
const drafts = async (as: TestPerson) => (await desk.call('GET /api/drafts', { as })).drafts
const bell = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((n) => n.reason)

describe('a reply that is sent later', () => {
  it('waits in the ticket, goes out at its time in its writer’s name, and once', async () => {
    const ticket = await open()
    const made = await later(ticket.id)
    expect(await waiting(ticket.id)).toMatchObject([
      { id: made.id, body: 'Good morning.', author: { name: 'Anna Agent' }, can: { edit: false, send: true } },
    ])
    await desk.work()
    expect(await texts(ticket.id)).toEqual(['It smokes.'])
    desk.clock.advance({ hours: 14, minutes: 1 })
    for (let twice = 0; twice < 2; twice++) await readymadeJobs['readymade.send-reply']?.(desk.kernel, { id: made.id })
    desk.clock.advance({ minutes: 2 })
    await desk.work()
    expect(await texts(ticket.id)).toEqual(['It smokes.', 'Good morning.'])
    const sent = (await desk.call('GET /api/tickets/:id', { as: lead, params: { id: ticket.id } })).messages.at(-1)
    expect(sent).toMatchObject({ author: { id: agent.id }, kind: 'mail', to: [{ email: asker.email }] })
    expect(sent?.delivery).not.toBeNull()
    expect(await waiting(ticket.id)).toEqual([])
  })

  it('is changed by its writer only, sent now or cancelled by whoever may answer', async () => {
    const ticket = await open()
    const made = await later(ticket.id)
    const params = { id: made.id }
    await desk.refused('not_allowed', 'PATCH /api/scheduled-replies/:id', { as: lead, params, ifMatch: 1, body: { body: 'Not mine' } })
    await desk.refused('version_stale', 'PATCH /api/scheduled-replies/:id', { as: agent, params, ifMatch: 9, body: { body: 'A' } })
    const changed = await desk.call('PATCH /api/scheduled-replies/:id', {
      as: agent,
      params,
      ifMatch: 1,
      body: { body: 'Better.', sendAt: inHours(30) },
    })
    expect(changed).toMatchObject({ version: 2, body: 'Better.' })
    desk.clock.advance({ hours: 15 })
    await desk.work()
    expect(await waiting(ticket.id)).toHaveLength(1)
    await desk.call('POST /api/scheduled-replies/:id/send', { as: lead, params })
    await desk.refused('not_found', 'POST /api/scheduled-replies/:id/send', { as: lead, params })
    expect((await desk.call('GET /api/tickets/:id', { as: lead, params: { id: ticket.id } })).messages.at(-1)).toMatchObject({
      text: 'Better.',
      author: { id: agent.id },
    })
    const second = await later(ticket.id)
    await desk.call('POST /api/scheduled-replies/:id/cancel', { as: lead, params: { id: second.id } })
    expect(await drafts(agent)).toMatchObject([{ ticketId: ticket.id, kind: 'reply', content: { body: 'Good morning.' } }])
    desk.clock.advance({ hours: 40 })
    await desk.work()
    expect((await texts(ticket.id)).filter((text) => text === 'Good morning.')).toEqual([])
  })

  it('becomes a draft again with a notice when the requester writes first, or the ticket is closed; not for an out-of-office note', async () => {
    const ticket = await open()
    await later(ticket.id)
    const { accessTicket } = await import('../tickets/access.ts')
    const { addMessage } = await import('../tickets/actions-converse.ts')
    await desk.kernel.asSystem(async (context) => {
      const from = { name: 'Jana', email: asker.email }
      const note = {
        kind: 'mail',
        direction: 'in',
        audience: 'everyone',
        authorId: asker.id,
        from,
        body: 'I am away.',
        automatic: 'auto-replied',
      } as const
      await addMessage(context, await accessTicket(context, ticket.id, 'ticket.reply'), note)
    })
    expect(await waiting(ticket.id)).toHaveLength(1)
    await desk.call('PUT /api/drafts', { as: agent, body: { ticketId: ticket.id, kind: 'reply', content: { body: 'Begun.' } } })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: ticket.id }, body: { body: 'It works again!' } })
    expect(await waiting(ticket.id)).toEqual([])
    expect((await drafts(agent))[0]?.content).toMatchObject({ body: 'Begun.\n\nGood morning.' })
    expect(await bell(agent)).toContain('reply-dropped')
    const second = await open()
    await later(second.id, { sendAt: inHours(200) })
    const { version } = await desk.call('GET /api/tickets/:id', { as: lead, params: { id: second.id } })
    await desk.call('POST /api/tickets/:id/resolve', { as: lead, params: { id: second.id }, ifMatch: version, body: { code: 'solved' } })
    await desk.call('POST /api/tickets/:id/close', { as: asker, params: { id: second.id } })
    expect((await drafts(agent)).map((d) => d.ticketId).sort()).toEqual([ticket.id, second.id].sort())
    desk.clock.advance({ hours: 400 })
    await desk.work()
    expect(await texts(second.id)).toEqual(['It smokes.'])
  })

  it('goes back to its writer when it cannot be sent, instead of being tried for ever', async () => {
    const ticket = await open()
    const made = await later(ticket.id)
    const { sql } = await import('kysely')
    await desk.kernel.asSystem(({ db }) => sql`delete from role_grant where person_id = ${agent.id}`.execute(db))
    desk.clock.advance({ hours: 15 })
    await readymadeJobs['readymade.send-reply']?.(desk.kernel, { id: made.id })
    expect(await waiting(ticket.id)).toEqual([])
    expect(await texts(ticket.id)).toEqual(['It smokes.'])
  })

  it('keeps its files beyond the day after which others are swept', async () => {
    const ticket = await open()
    const { sql } = await import('kysely')
    const upload = (name: string) =>
      desk.kernel.asSystem(async ({ db, now }) => {
        await sql`insert into file (sha256, size, created_at) values (${'ab'.repeat(32)}, 1, ${now.toString()}) on conflict do nothing`.execute(
          db,
        )
        const made = await sql<{ id: string }>`insert into attachment (uploaded_by_id, name, media_type, size, sha256, created_at)
          values (${agent.id}, ${name}, 'text/plain', 1, ${'ab'.repeat(32)}, ${now.toString()}) returning id`.execute(db)
        return made.rows[0]!.id
      })
    const [kept, loose] = [await upload('a.txt'), await upload('b.txt')]
    const made = await later(ticket.id, { sendAt: inHours(60), uploadIds: [kept] })
    expect(made.files).toBe(1)
    desk.clock.advance({ hours: 50 })
    await ticketJobs['tickets.sweep']?.(desk.kernel, {})
    const left = await desk.kernel.asSystem(({ db }) =>
      sql<{ id: string }>`select id from attachment where id in (${kept}, ${loose})`.execute(db),
    )
    expect(left.rows.map((r) => r.id)).toEqual([kept])
    desk.clock.advance({ hours: 11 })
    await readymadeJobs['readymade.send-reply']?.(desk.kernel, { id: made.id })
    expect((await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticket.id } })).messages.at(-1)?.attachments).toMatchObject([
      { name: 'a.txt' },
    ])
  })

  it('names each wrong field: a time that is over, an empty text, a stranger’s file', async () => {
    const ticket = await open()
    const bad = (body: object) =>
      desk.refused('validation_failed', 'POST /api/tickets/:id/scheduled-replies', {
        as: agent,
        params: { id: ticket.id },
        body: body as never,
      })
    expect((await bad({ body: 'A', sendAt: '2020-01-01T08:00:00Z' })).issues?.[0]).toMatchObject({ path: 'sendAt', code: 'past' })
    expect((await bad({ body: ' ', sendAt: inHours(1) })).issues?.[0]?.path).toBe('body')
    expect((await bad({ body: 'A', sendAt: inHours(1), uploadIds: [999999] })).issues?.[0]?.path).toBe('uploadIds')
    await desk.refused('not_allowed', 'GET /api/tickets/:id/scheduled-replies', { as: asker, params: { id: ticket.id } })
    const ours = await desk.organisation('Ours')
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const made = await later(ticket.id)
    await desk.refused('not_found', 'POST /api/scheduled-replies/:id/send', { as: limited, params: { id: made.id } })
  })
})

describe('tickets that come by calendar', () => {
  const daily: Calendar = { every: 'day', at: '08:00', weekends: 'keep' }
  const template = () =>
    desk.call('POST /api/readymade', {
      as: lead,
      body: {
        name: { en: 'Backup check' },
        scope: 'everyone',
        content: { kind: 'template', subject: { en: 'Check the backup' }, ticketKind: 'request', tags: ['backup'] },
      },
    })
  const recurring = async (more: object = {}) =>
    desk.call('POST /api/recurring-tickets', {
      as: lead,
      body: { templateId: (await template()).id, requesterId: asker.id, calendar: daily, timeZone: 'Europe/Berlin', ...more } as never,
    })
  const tick = () => readymadeJobs['readymade.make-due']?.(desk.kernel, {})
  const made = async (id: string) => (await desk.call('GET /api/recurring-tickets/:id/made', { as: agent, params: { id } })).items

  it('show the next five dates and make one ticket for each date, however often it is looked for', async () => {
    const one = await recurring()
    expect(one.next).toHaveLength(5)
    await tick()
    expect(await made(one.id)).toEqual([])
    desk.clock.advance({ hours: 24 })
    for (let nodes = 0; nodes < 3; nodes++) await tick()
    const { sql } = await import('kysely')
    // A second node that has not heard of it: the date's own row holds it off.
    await desk.kernel.asSystem(({ db }) =>
      sql`update recurring_ticket set next_at = now() - interval '1 day', next_date = (select due_date from recurring_made limit 1)`.execute(
        db,
      ),
    )
    await tick()
    const history = await made(one.id)
    expect(history.filter((m) => m.ticket !== null)).toHaveLength(1)
    const ticket = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: history[0]!.ticket!.id } })
    expect(ticket).toMatchObject({
      subject: 'Check the backup',
      kind: 'request',
      tags: ['backup'],
      requester: { id: asker.id },
      createdBy: { id: lead.id },
    })
  })

  it('FT-49 missed while the program stood still: made once, late, and says so', async () => {
    const one = await recurring()
    desk.clock.advance({ hours: 24 * 4 + 1 })
    for (let twice = 0; twice < 2; twice++) await tick()
    const history = await made(one.id)
    expect(history).toHaveLength(4)
    expect(history.map((m) => m.ticket === null)).toEqual([false, true, true, true])
    const ticket = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: history[0]!.ticket!.id } })
    expect(ticket.messages.at(-1)).toMatchObject({ internal: true, text: expect.stringMatching(/comes late.*Missed: /) })
    expect(history[0]).toMatchObject({ late: true })
  })

  it('pauses without making up for it, and goes on with the next date', async () => {
    const one = await recurring()
    const edit = (ifMatch: number, paused: boolean) =>
      desk.call('PATCH /api/recurring-tickets/:id', { as: lead, params: { id: one.id }, ifMatch, body: { paused } })
    expect(await edit(1, true)).toMatchObject({ paused: true, next: [] })
    desk.clock.advance({ hours: 72 })
    await tick()
    expect((await edit(2, false)).next).toHaveLength(5)
    await tick()
    expect(await made(one.id)).toEqual([])
    await desk.refused('version_stale', 'PATCH /api/recurring-tickets/:id', {
      as: lead,
      params: { id: one.id },
      ifMatch: 1,
      body: { paused: true },
    })
    await desk.refused('not_allowed', 'PATCH /api/recurring-tickets/:id', {
      as: agent,
      params: { id: one.id },
      ifMatch: 3,
      body: { paused: true },
    })
  })

  it('is switched off with a notice when its template goes', async () => {
    const one = await recurring()
    const other = await desk.person('lead')
    await desk.call('PATCH /api/readymade/:id', { as: other, params: { id: one.template.id }, ifMatch: 1, body: { archived: true } })
    expect((await desk.call('GET /api/recurring-tickets', { as: agent })).items).toMatchObject([{ id: one.id, on: false, next: [] }])
    expect(await bell(lead)).toContain('switched-off')
    desk.clock.advance({ hours: 48 })
    await tick()
    expect(await made(one.id)).toEqual([])
  })

  it('names what is wrong with a calendar', async () => {
    const { id: templateId } = await template()
    const bad = async (more: object) =>
      (
        await desk.refused('validation_failed', 'POST /api/recurring-tickets', {
          as: lead,
          body: { templateId, requesterId: asker.id, calendar: daily, timeZone: 'Europe/Berlin', ...more } as never,
        })
      ).issues?.[0]
    expect(await bad({ timeZone: 'Mars/Base' })).toMatchObject({ path: 'timeZone' })
    expect(await bad({ calendar: { ...daily, at: '25:00' } })).toMatchObject({ path: 'calendar.at' })
    expect(await bad({ calendar: { every: 'week', days: [6, 7], at: '08:00', weekends: 'skip' } })).toMatchObject({
      path: 'calendar',
      code: 'never',
    })
    expect(await bad({ templateId: 999999 })).toMatchObject({ path: 'templateId' })
    const { next } = await desk.call('POST /api/recurring-tickets/dates', {
      as: agent,
      body: { calendar: daily, timeZone: 'Europe/Berlin' },
    })
    expect(next).toHaveLength(5)
  })
})
