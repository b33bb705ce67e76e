import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import type { Handed, Parcel } from '../mail/outside.ts'
import { surveyJobs } from './jobs.ts'

const sent: { to: string; text: string }[] = []
const transport = async ({ to, raw }: Parcel): Promise<Handed> => {
  const text = raw
    .toString()
    .replace(/=\r?\n/g, '')
    .replace(/=3D/g, '=')
  sent.push({ to: to.join(), text })
  return { recipients: to.map((address) => ({ address, state: 'sent' as const, answer: '250' })), answer: '250' }
}
const desk = useDesk({ outside: { mailTransport: transport } })

let admin: TestPerson
let lead: TestPerson
let agent: TestPerson
let nora: TestPerson
let team: { id: string; name: string }
let organisation: { id: string; name: string }
beforeEach(async () => {
  sent.length = 0
  admin = await desk.person('administrator', { name: 'Ada' })
  lead = await desk.person('lead', { name: 'Lea' })
  agent = await desk.person('agent', { name: 'Ann' })
  organisation = await desk.organisation('Nordwind')
  nora = await desk.person('requester', { name: 'Nora', language: 'de', organisationId: organisation.id })
  team = await desk.team('Service desk', 1, [agent, lead])
  await query(sql`update team_member set is_lead = 'yes' where person_id = ${lead.id}`)
  await desk.mailbox('help@desk.example')
  await set({ on: true })
})

const query = <T>(text: ReturnType<typeof sql<T>>) => desk.kernel.asSystem(async (context) => (await text.execute(context.db)).rows)
const set = (body: object) => desk.call('PATCH /api/surveys/settings', { as: admin, body })
const params = (id: string) => ({ params: { id } })
async function resolve(id: string, as = agent): Promise<void> {
  const { version } = await desk.call('GET /api/tickets/:id', { as, ...params(id) })
  await desk.call('POST /api/tickets/:id/resolve', {
    as,
    ...params(id),
    ifMatch: version,
    body: { code: 'solved', text: 'Cable', tell: false },
  })
}
async function closed(more: object = {}, requester = nora): Promise<string> {
  const fields = {
    subject: 'Printer',
    body: 'Dead',
    requesterId: requester.id,
    teamId: team.id,
    channel: 'phone' as const,
    assigneeId: agent.id,
  }
  const { id } = await desk.call('POST /api/tickets', {
    as: agent,
    body: { ...fields, resolve: { code: 'solved', text: 'Cable' }, ...more },
  })
  await desk.call('POST /api/tickets/:id/close', { as: agent, ...params(id) })
  await desk.work()
  return id
}
const mails = () => sent.filter((mail) => mail.text.includes('/survey/'))
const token = (nth = -1) => /\/survey\/([\w-]{22})\?score=5/.exec(mails().at(nth)?.text ?? '')?.[1] ?? 'none'.padEnd(22, '0')
async function answer(score: number, comment = '', by = token()) {
  const answered = await desk.call('POST /api/surveys/answer', { body: { token: by, score, comment } })
  await desk.work()
  return answered
}
const surveyOf = async (id: string, as = agent) => (await desk.call('GET /api/tickets/:id/surveys', { as, ...params(id) })).items[0]
const all = async (as: TestPerson, filter = {}) => (await desk.call('GET /api/surveys', { as, query: filter })).items

describe('SD-9 after a ticket is closed', () => {
  it('SD-9 the person who asked is asked by mail, in their language, and their answer stands on the ticket', async () => {
    const id = await closed()
    expect(mails()).toHaveLength(1)
    expect(mails()[0]).toMatchObject({ to: nora.email, text: expect.stringContaining('5 Sehr zufrieden') })
    expect(await surveyOf(id)).toMatchObject({ score: null, answeredAt: null, person: { name: 'Nora' } })
    expect(await desk.call('POST /api/surveys/look', { body: { token: token() } })).toMatchObject({
      language: 'de',
      subject: 'Printer',
      question: 'Wie zufrieden sind Sie mit unserer Hilfe?',
      state: 'open',
      score: null,
    })
    // Mail scanners open links: that answers nothing.
    expect((await surveyOf(id))?.score).toBeNull()
    expect(await answer(5, 'Danke, das ging schnell')).toMatchObject({ state: 'answered', score: 5 })
    expect(await surveyOf(id)).toMatchObject({
      score: 5,
      comment: 'Danke, das ging schnell',
      via: 'mail',
      followUp: null,
      team: { name: 'Service desk' },
    })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, ...params(id) })
    expect(items.filter((e) => e.type.startsWith('survey.')).map((e) => [e.type, e.actor?.name])).toEqual([
      ['survey.asked', undefined],
      ['survey.answered', 'Nora'],
    ])
  })

  it('SD-9 nobody is asked more often than set, and each closing is asked about once', async () => {
    const first = await closed()
    await closed()
    expect(mails()).toHaveLength(1)
    await surveyJobs['surveys.ask']?.(desk.kernel, { ticketId: first, when: 'closed' })
    desk.clock.advance({ hours: 24 * 15 })
    await surveyJobs['surveys.ask']?.(desk.kernel, { ticketId: first, when: 'closed' })
    await desk.work()
    expect(mails()).toHaveLength(1)
    await closed()
    expect(mails()).toHaveLength(2)
  })

  it('SD-9 nobody is asked about spam, about what a program opened, or behind an address without a person', async () => {
    await set({ everyDays: 0 })
    const robot = await desk.person('requester', { email: 'no-reply@shop.example' })
    await closed({}, robot)
    const mute = await desk.person('requester')
    await query(sql`update person set email = null where id = ${mute.id}`)
    await closed({}, mute)
    await closed({ channel: 'api' })
    const { id } = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'X', requesterId: nora.id, channel: 'phone' } })
    await resolve(id)
    await query(sql`update ticket set deleted_at = now() where id = ${id}`)
    await surveyJobs['surveys.ask']?.(desk.kernel, { ticketId: id, when: 'closed' })
    await set({ on: false })
    await closed()
    expect(mails()).toEqual([])
    await set({ on: true })
    await closed()
    expect(mails()).toHaveLength(1)
  })

  it('SD-9 or some hours after it was resolved, unless it was reopened meanwhile', async () => {
    await set({ when: 'resolved', afterHours: 24, everyDays: 0 })
    const solved = async () => {
      const { id } = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mouse', requesterId: nora.id, channel: 'phone' } })
      await resolve(id)
      return id
    }
    const [, second] = [await solved(), await solved()]
    await desk.work()
    expect(mails()).toEqual([])
    await desk.call('POST /api/tickets/:id/reopen', { as: agent, ...params(second), body: { text: 'Not yet' } })
    desk.clock.advance({ hours: 25 })
    await desk.work()
    expect(mails()).toHaveLength(1)
  })
})

describe('E-067 the link', () => {
  it('E-067 counts once: neither a second score nor another comment changes the answer', async () => {
    const id = await closed()
    await answer(4)
    await desk.refused('already_exists', 'POST /api/surveys/answer', { body: { token: token(), score: 1 } })
    await desk.refused('already_exists', 'POST /api/surveys/answer', { body: { token: token(), score: 4 } })
    expect(await answer(4, 'A word later')).toMatchObject({ score: 4, comment: 'A word later' })
    await desk.refused('already_exists', 'POST /api/surveys/answer', { body: { token: token(), score: 4, comment: 'Another' } })
    expect(await surveyOf(id)).toMatchObject({ score: 4, comment: 'A word later' })
    // Without that memory the same link would answer again.
    await query(sql`update survey set score = null, answered_at = null`)
    expect(await answer(1)).toMatchObject({ score: 1 })
  })

  it('E-067 answers for one ticket and one person, and dies with time, another requester or a reopened ticket', async () => {
    const body = { token: 'A'.repeat(22), score: 5 }
    await desk.refused('link_expired', 'POST /api/surveys/answer', { body })
    const id = await closed()
    const real = { ...body, token: token() }
    const other = await desk.person('requester')
    await query(sql`update ticket set requester_id = ${other.id} where id = ${id}`)
    await desk.refused('link_expired', 'POST /api/surveys/answer', { body: real })
    await query(sql`update ticket set requester_id = ${nora.id}, meaning = 'open' where id = ${id}`)
    await desk.refused('link_expired', 'POST /api/surveys/answer', { body: real })
    await query(sql`update ticket set meaning = 'closed' where id = ${id}`)
    desk.clock.advance({ hours: 24 * 14 + 1 })
    await desk.refused('link_expired', 'POST /api/surveys/look', { body: { token: real.token } })
    await desk.refused('link_expired', 'POST /api/surveys/answer', { body: real })
    expect((await surveyOf(id))?.score).toBeNull()
    await query(sql`update survey set expires_at = ${desk.clock.now().add({ hours: 1 }).toString()}`)
    expect(await answer(3)).toMatchObject({ score: 3 })
  })

  it('E-067 lies sealed in the outbox and hashed in its table', async () => {
    await closed()
    const kept =
      JSON.stringify(await query(sql`select row_to_json(o) from outbound_mail o`)) +
      JSON.stringify(await query(sql`select row_to_json(s) from survey s`))
    expect(token()).toMatch(/^[\w-]{22}$/)
    expect(kept).not.toContain(token())
  })

  it('E-067 what a stranger writes stays text, and can be erased', async () => {
    const id = await closed()
    const evil = '<img src=x onerror=alert(1)> =1+1'
    await answer(3, evil)
    expect((await surveyOf(id))?.comment).toBe(evil)
    const csv = await desk.ask('GET /api/surveys/csv', { as: lead })
    expect(csv.headers['content-type']).toContain('text/csv')
    const one = (await all(lead))[0]
    expect(one?.can.erase).toBe(true)
    await desk.refused('not_allowed', 'DELETE /api/surveys/:id/comment', { as: agent, ...params(one?.id ?? '') })
    await desk.call('DELETE /api/surveys/:id/comment', { as: lead, ...params(one?.id ?? '') })
    expect(await surveyOf(id)).toMatchObject({ score: 3, comment: '' })
    expect(JSON.stringify(await query(sql`select data from event`))).not.toContain('onerror')
  })
})

describe('INC-21 in the portal', () => {
  it('INC-21 the person who asked answers on the closed request; nobody else can', async () => {
    const id = await closed()
    expect((await desk.call('GET /api/tickets/:id/my-survey', { as: nora, ...params(id) })).survey).toMatchObject({ state: 'open' })
    const viewer = await desk.person('organisation-viewer', {
      organisationId: organisation.id,
      limitedTo: { organisationId: organisation.id },
    })
    expect((await desk.call('GET /api/tickets/:id/my-survey', { as: viewer, ...params(id) })).survey).toBeNull()
    await desk.refused('not_found', 'POST /api/tickets/:id/my-survey', { as: viewer, ...params(id), body: { score: 1 } })
    await desk.refused('not_found', 'POST /api/tickets/:id/my-survey', { as: agent, ...params(id), body: { score: 5 } })
    await desk.refused('not_allowed', 'GET /api/tickets/:id/surveys', { as: nora, ...params(id) })
    const { survey } = await desk.call('POST /api/tickets/:id/my-survey', { as: nora, ...params(id), body: { score: 4 } })
    expect(survey).toMatchObject({ state: 'answered', score: 4 })
    expect(await surveyOf(id)).toMatchObject({ score: 4, via: 'portal' })
    await desk.refused('already_exists', 'POST /api/surveys/answer', { body: { token: token(), score: 1 } })
  })
})

describe('SD-9 a bad answer', () => {
  it('SD-9 opens one follow-up for the lead, with what was said as an internal note that the requester never sees', async () => {
    const id = await closed()
    await answer(1, 'Nobody called me back')
    const followUp = (await surveyOf(id))?.followUp
    const ticket = await desk.call('GET /api/tickets/:id', { as: lead, ...params(followUp?.id ?? '') })
    expect(ticket).toMatchObject({
      kind: 'request',
      subject: 'Ihre Rückmeldung: Printer',
      requester: { name: 'Nora' },
      assignee: { name: 'Lea' },
      messages: [{ internal: true, text: expect.stringContaining('Nobody called me back') }],
    })
    const { links } = await desk.call('GET /api/tickets/:id/links', { as: lead, ...params(followUp?.id ?? '') })
    expect(links.map((link) => [link.relation, link.ticket.id])).toEqual([['continues', id]])
    expect((await desk.ask('GET /api/tickets/:id', { as: nora, ...params(followUp?.id ?? '') })).text).not.toContain('Nobody called')
    expect((await desk.call('GET /api/notices', { as: lead })).items[0]).toMatchObject({ reason: 'assigned', ticket: { id: followUp?.id } })
    const surveyId = (await surveyOf(id))?.id ?? ''
    await surveyJobs['surveys.follow-up']?.(desk.kernel, { surveyId })
    expect(await query(sql`select 1 from ticket_link where kind = 'continues'`)).toHaveLength(1)
  })

  it('SD-9 goes to the person who was chosen; a comment that comes later follows; a survey about it is never sent', async () => {
    await set({ followUpTo: 'person', followUpPersonId: admin.id, everyDays: 0 })
    const id = await closed()
    await answer(2)
    await answer(2, 'It was too slow')
    const followUp = (await surveyOf(id))?.followUp?.id ?? ''
    const ticket = await desk.call('GET /api/tickets/:id', { as: admin, ...params(followUp) })
    expect(ticket.assignee?.name).toBe('Ada')
    expect(ticket.messages.map((m) => m.text).at(-1)).toBe('It was too slow')
    await resolve(followUp, admin)
    await desk.call('POST /api/tickets/:id/close', { as: admin, ...params(followUp) })
    await desk.work()
    expect(mails()).toHaveLength(1)
    await set({ lowScore: 0 })
    const calm = await closed()
    await answer(1)
    expect((await surveyOf(calm))?.followUp).toBeNull()
  })
})

describe('SD-9 the answers together', () => {
  beforeEach(async () => {
    await set({ everyDays: 0, lowScore: 0 })
    for (const score of [5, 4, 2]) {
      await closed()
      await answer(score, score === 2 ? 'Slow' : '')
      desk.clock.advance({ seconds: 1 })
    }
    await closed()
  })
  const span = { from: '2020-01-01', to: '2022-12-31' }
  const around = () => {
    const day = (by: number) => new Date(desk.clock.now().epochMilliseconds + by * 86_400_000).toISOString().slice(0, 10)
    return { from: day(-2), to: day(2) }
  }

  it('SD-9 share of 4 and 5, average and response rate by month, team and organisation', async () => {
    const figures = await desk.call('GET /api/surveys/figures', { as: lead, query: around() })
    const expected = { asked: 4, answered: 3, good: 2, average: 3.67, spread: [0, 1, 0, 1, 1] }
    expect(figures.total).toEqual(expected)
    expect(figures.teams).toEqual([{ ...expected, of: team }])
    expect(figures.organisations).toEqual([{ ...expected, of: organisation }])
    expect(figures.months.reduce((sum, month) => sum + month.asked, 0)).toBe(4)
    expect((await desk.call('GET /api/surveys/figures', { as: lead, query: span })).total).toMatchObject({ asked: 0, average: null })
    await desk.refused('validation_failed', 'GET /api/surveys/figures', { as: lead, query: { from: span.to, to: span.from } })
  })

  it('SD-9 are listed by page and filter, for the team and for who leads, not for another team', async () => {
    expect((await all(agent)).map((s) => s.score)).toEqual([2, 4, 5])
    const page = await desk.call('GET /api/surveys', { as: agent, query: { limit: 2 } })
    expect(
      (await desk.call('GET /api/surveys', { as: agent, query: { limit: 2, after: page.next ?? '' } })).items.map((s) => s.score),
    ).toEqual([5])
    expect((await all(lead, { which: 'low' })).map((s) => s.comment)).toEqual(['Slow'])
    expect(await all(lead, { which: 'good', organisation: (await desk.organisation()).id })).toEqual([])
    const stranger = await desk.person('agent')
    expect(await all(stranger)).toEqual([])
    expect((await desk.call('GET /api/surveys/figures', { as: stranger, query: around() })).total.asked).toBe(0)
    expect((await desk.ask('GET /api/surveys/csv', { as: stranger })).text).not.toContain('Slow')
    const limited = await desk.person('lead', { limitedTo: { organisationId: (await desk.organisation()).id } })
    expect(await all(limited)).toEqual([])
    await desk.refused('not_allowed', 'GET /api/surveys', { as: nora })
  })
})

describe('the settings', () => {
  it('are changed by an administrator, and what cannot work is named with its field', async () => {
    await desk.refused('not_allowed', 'PATCH /api/surveys/settings', { as: lead, body: { on: false } })
    const wrong = async (body: object) =>
      (await desk.refused('validation_failed', 'PATCH /api/surveys/settings', { as: admin, body: body as never })).issues
    const { wording } = await desk.call('GET /api/surveys/settings', { as: admin })
    expect(await wrong({ wording: { ...wording, de: { ...wording.de, text: 'Hallo {{vorname}}' } } })).toMatchObject([
      { path: 'wording.de.text' },
    ])
    expect(await wrong({ followUpTo: 'person', followUpPersonId: nora.id })).toMatchObject([{ path: 'followUpPersonId' }])
    expect(await wrong({ organisationIds: ['999999'] })).toMatchObject([{ path: 'organisationIds' }])
    expect((await wrong({ share: 0, validDays: 91 }))?.map((issue) => issue.path)).toEqual(['share', 'validDays'])
    const kept = await set({ organisationIds: [organisation.id], followUpTo: 'person', followUpPersonId: agent.id, share: 40 })
    expect(kept).toMatchObject({ organisations: [organisation], followUpPerson: { name: 'Ann' }, share: 40 })
  })
})
