import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectTo, type Sink, startSink } from '../../server/features/mail/mail.testing.ts'
import { signatureOf } from '../../server/features/paging/actions-sms.ts'
import { type Receiver, startReceiver } from '../../server/features/paging/paging.testing.ts'
import { Temporal } from '../../server/kernel/clock.ts'
import { hashOf, newToken } from '../../server/kernel/secrets.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** What an outsider who reads the code would try on calendars, service levels, rotas and the pager. */
const desk = useDesk()
let relay: Sink
let outside: Receiver
let boss: TestPerson
let lead: TestPerson
let anna: TestPerson
let ben: TestPerson
let asker: TestPerson
let team: { id: string }
let [ours, theirs] = [{ id: '' }, { id: '' }]
beforeAll(async () => {
  relay = await startSink()
  outside = await startReceiver()
})
afterAll(async () => {
  await relay.stop()
  await outside.stop()
})
beforeEach(async () => {
  desk.clock.moveTo(Temporal.Instant.from('2027-01-13T09:00:00Z'))
  relay.taken.length = 0
  connectTo(desk.kernel, relay)
  outside.heard.length = 0
  for (const path of Object.keys(outside.answers)) delete outside.answers[path]
  await desk.mailbox('help@desk.example')
  boss = await desk.person('administrator', { name: 'Bo' })
  lead = await desk.person('lead', { name: 'Lea' })
  anna = await desk.person('agent', { name: 'Anna' })
  ben = await desk.person('agent', { name: 'Ben' })
  team = await desk.team('Network', 2, [anna, ben])
  ;[ours, theirs] = [await desk.organisation('Ours'), await desk.organisation('Theirs')]
  asker = await desk.person('requester', { name: 'Ada', organisationId: ours.id })
})

type Ask = [name: string, input?: object]
const ask = ([name, input = {}]: Ask, as?: TestPerson) => desk.ask(name as 'GET /api/tickets', { as, ...input } as never)
const rows = <T>(query: ReturnType<typeof sql>) => desk.kernel.asSystem(async ({ db }) => (await query.execute(db)).rows as T[])
const open = (more: object = {}) =>
  desk.call('POST /api/tickets', {
    as: boss,
    body: {
      subject: 'MARKER line',
      requesterId: asker.id,
      ...('teamId' in more ? {} : { teamId: team.id }),
      kind: 'incident',
      impact: 2,
      urgency: 2,
      acknowledge: false,
      ...more,
    } as never,
  })
const see = (id: string) => desk.call('GET /api/pages/:id', { as: boss, params: { id } })
const rung = async (id: string) => (await see(id)).rings.map((one) => one.person?.name ?? one.nobodyWhy)
const person = (id: string) => ({ kind: 'person', id })
const step = (targets: unknown[], more: object = {}) => ({ targets, wait: 10, ...more })
const addPolicy = (steps: unknown[], more: object = {}) =>
  desk.call('POST /api/paging/policies', { as: lead, body: { name: 'At night', teamIds: [team.id], steps, loops: 0, ...more } as never })
const page = (id: string, more: object = {}) => desk.call('POST /api/tickets/:id/pages', { as: lead, params: { id }, body: more })
const ntfy = (who: TestPerson, more: object = {}) =>
  desk.call('POST /api/me/paging/channels', {
    as: who,
    body: { kind: 'webhook', format: 'ntfy', url: `${outside.url}/ntfy-${who.id}`, highAfter: 0, ...more } as never,
  })
const linkOf = (who: TestPerson, n = -1) =>
  /\/page\/([\w-]{22})/.exec(String(outside.of(`/ntfy-${who.id}`).at(n)?.headers.click))?.[1] ?? ''
const act = (token: string, what: string, more: object = {}) => ask(['POST /api/page-links/act', { body: { token, do: what, ...more } }])
const minutes = async (n: number) => {
  desk.clock.advance({ minutes: n })
  await desk.work()
}
const goal = (n: number, ...priorities: number[]) => ({
  when: { all: priorities.length > 0 ? [{ field: 'priority', op: 'is', values: priorities }] : [], any: [] },
  time: { minutes: n },
})
const rule = (more: object = {}) => ({ key: 'r', name: 'Resolution', target: 'resolution', clock: 'calendar', goals: [goal(60)], ...more })
const agree = (rules: object[], more: object = {}) =>
  desk.call('POST /api/agreements', { as: boss, body: { kind: 'sla', name: `A ${newToken()}`, rules, ...more } as never })
const clocks = async (id: string) => (await desk.call('GET /api/tickets/:id/clocks', { as: boss, params: { id } })).items
const look = async () => {
  await desk.kernel.asSystem(async (context) => context.later({ identifier: 'sla.look', payload: { again: 'no' } }))
  await desk.work()
}
const version = async (id: string) => (await desk.call('GET /api/tickets/:id', { as: boss, params: { id } })).version
const resolve = async (id: string) =>
  desk.call('POST /api/tickets/:id/resolve', {
    as: boss,
    params: { id },
    ifMatch: await version(id),
    body: { code: 'solved', text: 'Done.' },
  })
const edit = async (id: string, body: object) =>
  desk.call('PATCH /api/tickets/:id', { as: boss, params: { id }, ifMatch: await version(id), body: body as never })
const statusOf = async (meaning: string) =>
  (await desk.call('GET /api/statuses', { as: boss })).items.find((one) => one.meaning === meaning)!.id
const policyFor = async (who: TestPerson) => {
  await ntfy(who)
  return addPolicy([step([person(who.id)])])
}

describe('calendars', () => {
  it('count with whatever they are given, or say what is wrong with it', async () => {
    const week = { mon: [['09:00', '17:00']], thu: [['00:00', '24:00']] }
    const tell = (calendar: object, more: object) =>
      ask(
        [
          'POST /api/calendars/compute',
          { body: { calendar: { tz: 'Europe/Berlin', hours: week, ...calendar }, start: '2027-01-13T09:00:00Z', ...more } },
        ],
        anna,
      )
    for (const more of [
      { minutes: 50_000_000 },
      { minutes: -50_000_000 },
      { start: '9899-12-31T23:59:59Z', minutes: 600_000 },
      { start: '0100-01-01T00:00:00Z', minutes: -600_000 },
      { end: '0101-01-01T00:00:00Z' },
    ])
      expect((await tell({}, more)).status, JSON.stringify(more)).toBe(200)
    for (const more of [
      { tz: '../../etc/passwd' },
      { tz: 'Europe/Berlin\u0000' },
      { hours: { mon: [['09:00:61', '10:00']] } },
      { hours: { mon: [['24:00', '24:00']] } },
      { holidays: ['2027-02-30'] },
      { hours: { mon: Array.from({ length: 2000 }, () => ['09:00', '10:00']) } },
    ])
      expect((await tell(more, { minutes: 5 })).status, JSON.stringify(more).slice(0, 60)).toBe(422)
    for (const start of ['9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z'])
      expect((await tell({}, { start, minutes: 5 })).status, start).toBe(422)
    for (const tz of ['+05:30', 'Etc/GMT+12', 'Pacific/Apia', 'Australia/Lord_Howe'])
      expect((await tell({ tz }, { minutes: 60 })).status, tz).toBe(200)
    expect((await tell({ hours: {} }, { minutes: 1 })).body).toEqual({ due: null })
  })

  it('are refused in a preview as they are when they are saved', async () => {
    const [{ id: calendarId } = { id: '' }] = (await desk.call('GET /api/calendars', { as: boss })).items
    await agree([rule({ clock: 'business' })])
    await open()
    const tell = (calendar: object) =>
      ask(
        ['POST /api/agreements/preview-calendar', { body: { calendarId, calendar: { tz: 'Europe/Berlin', hours: {}, ...calendar } } }],
        boss,
      )
    expect((await tell({})).status).toBe(200)
    for (const wrong of [
      { tz: 'Nowhere/Land' },
      { hours: { mon: [['9', 'x']] } },
      { hours: { mon: [['25:00', '26:00']] } },
      { holiday_hours: { '2027-01-14': [['', '']] } },
    ])
      expect((await tell(wrong)).status, JSON.stringify(wrong)).toBe(422)
  })
})

describe('clocks', () => {
  it('a goal that was taken out keeps nobody from working on its tickets meanwhile', async () => {
    const { id } = await agree([rule({ goals: [goal(30, 1), goal(600)] })])
    const [ticket, other] = [await open(), await open()]
    await desk.call('PATCH /api/agreements/:id', {
      as: boss,
      params: { id },
      ifMatch: 1,
      body: { rules: [rule({ goals: [goal(90)] })] as never },
    })
    await resolve(ticket.id)
    expect((await clocks(ticket.id))[0]).toMatchObject({ state: 'met', goal: { minutes: 90 } })
    await edit(other.id, { impact: 1 })
    expect((await clocks(other.id))[0]).toMatchObject({ state: 'running', dueAt: '2027-01-13T10:30:00.000Z' })
    await desk.work()
    expect((await clocks(other.id))[0]).toMatchObject({ state: 'running', dueAt: '2027-01-13T10:30:00.000Z' })
  })

  it('a threshold raises the priority once, however often a look is taken', async () => {
    await agree([rule({ goals: [goal(200, 1), goal(220, 2), goal(240)], thresholds: [{ percent: 50, acts: [{ do: 'raise-priority' }] }] })])
    const { id } = await open()
    const { priority } = await desk.call('GET /api/tickets/:id', { as: boss, params: { id } })
    expect(priority).toBe(3)
    desk.clock.advance({ minutes: 121 })
    for (let n = 0; n < 3; n++) await look()
    expect((await desk.call('GET /api/tickets/:id', { as: boss, params: { id } })).priority).toBe(2)
  })

  it('nothing is done for a time of day that never comes', async () => {
    const never = await desk.call('POST /api/calendars', { as: boss, body: { name: 'Never', timeZone: 'UTC', hours: {} } })
    await policyFor(anna)
    await agree(
      [rule({ clock: 'business', goals: [{ time: { days: 1, by: '16:00' } }], thresholds: [{ percent: 90, acts: [{ do: 'page' }] }] })],
      {
        calendar: { by: 'agreement', calendarId: never.id },
      },
    )
    const { id } = await open()
    desk.clock.advance({ hours: 30 })
    await look()
    expect((await clocks(id))[0]).toMatchObject({ dueAt: null, state: 'running' })
    expect((await desk.call('GET /api/pages', { as: boss })).items).toEqual([])
  })

  it('a message that is filed elsewhere takes the waiting for our answer with it', async () => {
    await agree([rule({ key: 'n', target: 'next-response' }), rule()])
    const ticket = await open()
    const reply = (as: TestPerson, body: string) =>
      desk.call('POST /api/tickets/:id/replies', { as, params: { id: ticket.id }, body: { body } })
    await reply(boss, 'Done?')
    const last = await reply(asker, 'No, and the scanner is broken, too')
    const next = async () => (await clocks(ticket.id)).find((one) => one.target === 'next-response')?.state
    expect(await next()).toBe('running')
    await desk.call('POST /api/tickets/:id/split', { as: boss, params: { id: ticket.id }, body: { messageIds: [last.id] } })
    expect(await next()).toBe('met')
  })
})

describe('pages that an agreement asks for', () => {
  const paging = (teamId: string | null) => rule({ thresholds: [{ percent: 50, acts: [{ do: 'page', teamId }] }] })
  it('ring by the policy of the team that it names, whoever has the ticket', async () => {
    await policyFor(anna)
    await ntfy(ben)
    const second = await desk.team('Second', 2)
    await addPolicy([step([person(ben.id)])], { name: 'Second', teamIds: [second.id] })
    await agree([paging(second.id)])
    await open()
    await open({ teamId: undefined })
    desk.clock.advance({ minutes: 31 })
    await look()
    const { items } = await desk.call('GET /api/pages', { as: boss })
    expect(items.map((one) => one.rung.map(({ name }) => name))).toEqual([['Ben'], ['Ben']])
  })

  it('fall to the administrators where no policy is there for the ticket', async () => {
    await agree([paging(null)])
    await open({ teamId: undefined })
    desk.clock.advance({ minutes: 31 })
    await look()
    const { items } = await desk.call('GET /api/pages', { as: boss })
    expect(items.map((one) => one.rung.map(({ name }) => name))).toEqual([['Bo']])
  })
})

describe('a page', () => {
  it('ends with its ticket, also when that is cancelled', async () => {
    await policyFor(anna)
    const ticket = await open()
    const { id } = await page(ticket.id)
    await desk.work()
    await edit(ticket.id, { statusId: await statusOf('cancelled') })
    expect(await see(id)).toMatchObject({ state: 'ended' })
    await minutes(60)
    expect(await rung(id)).toEqual(['Anna'])
  })

  it('is begun for nobody who could not be rung, and for no ticket that is done', async () => {
    const ticket = await open()
    const limited = await desk.person('agent', { limitedTo: { organisationId: theirs.id } })
    for (const personId of ['999999', asker.id, limited.id]) {
      const refused = await ask(['POST /api/tickets/:id/pages', { params: { id: ticket.id }, body: { personId } }], lead)
      expect([refused.status, refused.text.includes('personId')]).toEqual([422, true])
    }
    const { id } = await page(ticket.id, { personId: anna.id })
    expect((await ask(['POST /api/pages/:id/help', { params: { id }, body: { personId: asker.id } }], lead)).status).toBe(422)
    await resolve(ticket.id)
    expect(
      (await ask(['POST /api/tickets/:id/pages', { params: { id: ticket.id }, body: { personId: anna.id } }], lead)).status,
    ).toBeGreaterThanOrEqual(400)
  })

  it('that is ended lets those sleep who were called for help with it', async () => {
    await ntfy(ben)
    const { id } = await page((await open()).id, { personId: anna.id })
    await desk.work()
    await desk.call('POST /api/pages/:id/help', { as: lead, params: { id }, body: { personId: ben.id } })
    await desk.work()
    await desk.call('POST /api/pages/:id/end', { as: lead, params: { id }, body: {} })
    desk.clock.advance({ minutes: 20 })
    await desk.work()
    expect((await desk.call('GET /api/pages', { as: boss })).items.map((one) => one.state)).toEqual(['ended', 'ended'])
    expect(outside.of(`/ntfy-${ben.id}`)).toHaveLength(1)
  })

  it('is told to nobody who left, or may no longer see the ticket, while it rings', async () => {
    await ntfy(anna, { highAfter: 5 })
    await ntfy(ben, { highAfter: 5 })
    await addPolicy([step([person(anna.id), person(ben.id)], { wait: 30 })])
    await page((await open()).id)
    await desk.work()
    await rows(sql`update person set archived_at = now() where id = ${anna.id}`)
    await rows(sql`update role_grant set organisation_id = ${theirs.id} where person_id = ${ben.id}`)
    await minutes(6)
    expect(outside.heard.map((one) => one.path)).toEqual([])
  })
})

describe('the link of a page', () => {
  const two = async () => {
    await ntfy(anna)
    await ntfy(ben)
    const policy = await addPolicy([step([person(anna.id)]), step([person(ben.id)], { wait: 100 })])
    const ticket = await open()
    const made = await page(ticket.id)
    await desk.work()
    return { policy, ticket, id: made.id }
  }
  it('takes the page from nobody who has it', async () => {
    const { id } = await two()
    await minutes(11)
    expect((await act(linkOf(ben), 'acknowledge')).status).toBe(200)
    expect(await desk.call('POST /api/page-links/look', { body: { token: linkOf(anna) } })).toMatchObject({ open: ['help'] })
    expect((await act(linkOf(anna), 'pass-on')).status).not.toBe(500)
    expect(await see(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: 'Ben' } })
    // Whoever has it passes it on.
    expect((await act(linkOf(ben), 'pass-on')).status).toBe(200)
    expect((await see(id)).state).toBe('ringing')
  })

  it('changes nothing when it is looked at, does each act once, and nothing after the end', async () => {
    const { id } = await two()
    const token = linkOf(anna)
    for (let n = 0; n < 3; n++) await desk.call('POST /api/page-links/look', { body: { token } })
    expect((await see(id)).state).toBe('ringing')
    expect((await act(newToken(), 'acknowledge')).status).toBe(410)
    expect((await act(token, 'end')).status).toBe(422)
    await act(token, 'acknowledge')
    expect((await act(token, 'acknowledge')).status).toBe(410)
    await desk.call('POST /api/pages/:id/end', { as: lead, params: { id }, body: {} })
    expect(await desk.call('POST /api/page-links/look', { body: { token } })).toMatchObject({ open: [] })
    await act(token, 'pass-on')
    await act(token, 'help')
    expect((await desk.call('GET /api/pages', { as: boss })).items.map((one) => one.state)).toEqual(['ended'])
  })

  it('opens nothing for whoever left, lost the sight of the ticket, or waited for a day', async () => {
    const { ticket } = await two()
    await minutes(11)
    const shown = async (who: TestPerson) => (await ask(['POST /api/page-links/look', { body: { token: linkOf(who) } }])).status
    expect([await shown(anna), await shown(ben)]).toEqual([200, 200])
    await rows(sql`update person set archived_at = now() where id = ${anna.id}`)
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: boss,
      params: { id: ticket.id },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    expect([await shown(anna), await shown(ben)]).toEqual([410, 410])
  })

  it('counts only such tickets as its person may see', async () => {
    const [{ id: categoryId } = { id: '' }] = [
      await desk.call('POST /api/categories', { as: boss, body: { name: { en: 'Line', de: 'Leitung' } } as never }),
    ]
    const other = await desk.team('Other')
    const cara = await desk.person('agent', { name: 'Cara', limitedTo: { teamId: team.id } })
    await ntfy(cara)
    await addPolicy([step([person(cara.id)])])
    for (let n = 0; n < 3; n++) await open({ teamId: other.id, categoryId })
    await open({ categoryId })
    await page((await open({ categoryId })).id)
    await desk.work()
    expect((await desk.call('POST /api/page-links/look', { body: { token: linkOf(cara) } })).pages).toMatchObject([{ alike: 1 }])
  })
})

describe('what comes back by SMS', () => {
  const reply = (form: Record<string, string>, token = 'twilio-token') =>
    ask([
      'POST /api/paging/sms/reply',
      { headers: { 'x-twilio-signature': signatureOf(token, 'http://localhost:8080/api/paging/sms/reply', form) }, body: form },
    ])
  const texted = async () => {
    await desk.call('PATCH /api/telephone/settings', {
      as: boss,
      body: { sms: { baseUrl: outside.url, account: 'AC1', sender: '+4930555', token: 'twilio-token' } },
    })
    await desk.call('POST /api/me/paging/channels', { as: anna, body: { kind: 'sms', number: '+491715550001', highAfter: 0 } as never })
    await addPolicy([step([person(anna.id)])], { acknowledgedMinutes: 5 })
    const { id } = await page((await open()).id)
    await desk.work()
    const code = /Reply (\d{6})/.exec(outside.of('/2010-04-01').at(-1)?.form.get('Body') ?? '')![1]!
    return { id, form: { From: '+491715550001', Body: code } }
  }
  it('counts once: played again later it acknowledges nothing', async () => {
    const { id, form } = await texted()
    expect((await reply(form)).body).toEqual({ outcome: 'acknowledged' })
    await minutes(6)
    expect((await see(id)).state).toBe('ringing')
    expect((await reply(form)).body).toEqual({ outcome: 'not-understood' })
    expect((await see(id)).state).toBe('ringing')
  })

  it('counts for nobody who left or may no longer see the ticket, and for nothing that is not signed', async () => {
    const { id, form } = await texted()
    expect([(await reply(form, 'other')).status, (await ask(['POST /api/paging/sms/reply', { body: form }])).status]).toEqual([401, 401])
    await rows(sql`update role_grant set organisation_id = ${theirs.id} where person_id = ${anna.id}`)
    expect((await reply(form)).body).toEqual({ outcome: 'not-understood' })
    await rows(sql`update role_grant set organisation_id = null where person_id = ${anna.id}`)
    await rows(sql`update person set archived_at = now() where id = ${anna.id}`)
    expect((await reply(form)).body).toEqual({ outcome: 'not-understood' })
    expect((await see(id)).state).toBe('ringing')
  })
})

describe('what goes out to chats', () => {
  it('shows a subject as it is written, and calls nobody by it', async () => {
    const evil = '[Sign in](https://evil.example) <!channel> @room *x*\u202e'
    const way = (format: string, url: string, more: object = {}) =>
      desk.call('POST /api/me/paging/channels', { as: anna, body: { kind: 'webhook', format, url, ...more } as never })
    await way('teams', `${outside.url}/teams/x`)
    await way('slack', `${outside.url}/slack/x`)
    await way('matrix', outside.url, { room: '!r:example.com', token: 'mtx' })
    await ntfy(anna)
    await addPolicy([step([person(anna.id)])])
    await page((await open({ subject: evil })).id)
    await desk.work()
    const card = JSON.parse(outside.of('/teams')[0]!.text).attachments[0].content
    expect(JSON.stringify(card.body)).toContain('evil.example')
    // A text block of a card reads Markdown; runs of text do not.
    expect(card.body.filter((block: { type: string }) => block.type === 'TextBlock')).toEqual([])
    expect(JSON.parse(outside.of('/slack')[0]!.text).text).toContain('&lt;!channel&gt;')
    expect(JSON.parse(outside.of('/_matrix')[0]!.text)).toMatchObject({ msgtype: 'm.text', 'm.mentions': {} })
    expect(Object.values(outside.of('/ntfy')[0]!.headers).join()).not.toContain('evil.example')
  })
})

describe('rotas', () => {
  const layer = (people: TestPerson[], more: object = {}) => ({
    name: 'L',
    timeZone: 'UTC',
    rotation: { unit: 'weeks', every: 1 },
    handover: '09:00',
    startsOn: '2027-01-04',
    peopleIds: people.map((one) => one.id),
    ...more,
  })
  const rota = (layers: object[], more: object = {}) =>
    desk.call('POST /api/rotas', { as: lead, body: { name: 'Network', teamId: team.id, timeZone: 'UTC', layers, ...more } as never })
  const final = async (id: string, from: string, to: string) =>
    (await desk.call('GET /api/rotas/:id/schedule', { as: lead, params: { id }, query: { from, to } })).items.map((one) => [
      one.person?.name,
      one.from,
    ])
  it('a swap that is accepted in the middle of the shift leaves what is over as it was, and is accepted once', async () => {
    const { id } = await rota([layer([ben, anna])])
    const offer = (from: string) =>
      desk.call('POST /api/rotas/:id/swaps', { as: anna, params: { id }, body: { from, to: '2027-01-18T09:00:00Z', takerId: ben.id } })
    const [one, two] = [await offer('2027-01-11T09:00:00Z'), await offer('2027-01-12T09:00:00Z')]
    const accept = (swap: string, as = ben) =>
      ask(['POST /api/shift-swaps/:id/answer', { params: { id: swap }, body: { answer: 'accept' } }], as)
    expect((await accept(one.id)).status).toBe(200)
    expect([(await accept(one.id)).status, (await accept(two.id)).status]).toEqual([409, 409])
    expect(await final(id, '2027-01-11T09:00:00Z', '2027-01-18T09:00:00Z')).toEqual([
      ['Anna', '2027-01-11T09:00:00.000Z'],
      ['Ben', '2027-01-13T09:00:00.000Z'],
    ])
  })

  it('what was is not rewritten by an override', async () => {
    const { id } = await rota([layer([anna])])
    await desk.call('POST /api/rotas/:id/overrides', {
      as: lead,
      params: { id },
      body: { from: '2027-01-11T09:00:00Z', to: '2027-01-14T09:00:00Z', personId: ben.id },
    })
    expect((await final(id, '2027-01-12T09:00:00Z', '2027-01-15T09:00:00Z')).map(([name]) => name)).toEqual(['Anna', 'Ben', 'Anna'])
    expect((await final(id, '2027-01-12T09:00:00Z', '2027-01-13T09:00:00Z')).map(([name]) => name)).toEqual(['Anna'])
  })

  it('a note is confirmed by whom it is for or who is on call, not by whoever looks', async () => {
    const { id } = await rota([layer([ben, anna])])
    const cara = await desk.person('agent', { name: 'Cara' })
    const note = await desk.call('POST /api/rotas/:id/handovers', { as: anna, params: { id }, body: { text: 'All quiet.' } })
    expect(note.to?.name).toBe('Ben')
    expect((await ask(['POST /api/handover-notes/:id/read', { params: { id: note.id } }], cara)).status).toBe(403)
    expect((await ask(['POST /api/handover-notes/:id/read', { params: { id: note.id } }], ben)).status).toBe(200)
  })

  it('stretches and days that no calendar knows are refused, never a fault', async () => {
    const { id } = await rota([layer([anna])])
    for (const [from, to] of [
      ['0000-01-01T00:00:00Z', '0000-02-01T00:00:00Z'],
      ['9999-12-01T00:00:00Z', '9999-12-31T00:00:00Z'],
      ['2027-01-01T00:00:00Z', '2127-01-01T00:00:00Z'],
    ])
      expect((await ask(['GET /api/rotas/:id/schedule', { params: { id }, query: { from, to } }], lead)).status, from).toBeLessThan(500)
    for (const startsOn of ['0000-01-01', '0001-01-01', '9999-12-31'])
      for (const unit of ['hours', 'weeks']) {
        const body = {
          from: '2027-01-01T00:00:00Z',
          to: '2027-02-01T00:00:00Z',
          rota: { name: 'X', teamId: team.id, timeZone: 'UTC', layers: [layer([anna], { startsOn, rotation: { unit, every: 1000 } })] },
        }
        expect((await ask(['POST /api/rotas/preview', { body }], lead)).status, startsOn).toBeLessThan(500)
      }
    expect(
      (
        await ask(
          [
            'POST /api/rotas',
            { body: { name: 'Y', teamId: team.id, timeZone: 'UTC', layers: [layer([anna], { startsOn: '0000-01-01' })] } },
          ],
          lead,
        )
      ).status,
    ).toBeLessThan(500)
  })
})

describe('who may', () => {
  it('none of it is there for those who are no staff, and nothing of other customers for those who are for one', async () => {
    const secret = await agree([rule()], { name: 'MARKER gold', organisationId: ours.id })
    const policy = await policyFor(anna)
    const ticket = await open()
    const { id } = await page(ticket.id)
    await desk.work()
    const [clock] = await clocks(ticket.id)
    const channel = (await desk.call('GET /api/me/paging', { as: anna })).channels[0]!
    const of = (one: string, more: object = {}) => ({ params: { id: one }, ...more })
    const hidden: Ask[] = [
      ['GET /api/agreements/:id', of(secret.id)],
      ['GET /api/agreements/:id/versions', of(secret.id)],
      ['PATCH /api/agreements/:id', of(secret.id, { ifMatch: 1, body: { name: 'x' } })],
      ['POST /api/agreements/:id/archive', of(secret.id)],
      ['POST /api/agreements/:id/restore', of(secret.id)],
      ['GET /api/tickets/:id/clocks', of(ticket.id)],
      ['POST /api/clocks/:id/cause', of(clock!.id, { body: { causeId: '1' } })],
      ['GET /api/pages/:id', of(id)],
      ['GET /api/tickets/:id/pages', of(ticket.id)],
      ['POST /api/tickets/:id/pages', of(ticket.id, { body: {} })],
      ['POST /api/pages/:id/acknowledge', of(id, { body: {} })],
      ['POST /api/pages/:id/pass-on', of(id, { body: {} })],
      ['POST /api/pages/:id/help', of(id, { body: { policyId: policy.id } })],
      ['POST /api/pages/:id/end', of(id, { body: {} })],
      ['PATCH /api/me/paging/channels/:id', of(channel.id, { ifMatch: 1, body: { highAfter: null } })],
      ['DELETE /api/me/paging/channels/:id', of(channel.id)],
      ['POST /api/me/paging/channels/:id/test', of(channel.id, { body: {} })],
    ]
    const lists: Ask[] = [
      ['GET /api/agreements'],
      ['GET /api/pages'],
      ['GET /api/calendars'],
      ['GET /api/on-call'],
      ['GET /api/on-call/awake'],
      ['GET /api/on-call/problems'],
      ['GET /api/rotas'],
      ['GET /api/shift-swaps'],
      ['GET /api/paging/policies'],
      ['GET /api/paging/rules'],
    ]
    const viewer = await desk.person('organisation-viewer', { organisationId: ours.id, limitedTo: { organisationId: ours.id } })
    const far = [
      await desk.person('agent', { limitedTo: { organisationId: theirs.id } }),
      await desk.person('lead', { limitedTo: { organisationId: theirs.id } }),
    ]
    for (const as of [undefined, asker, viewer, ...far])
      for (const one of hidden) expect([401, 403, 404], `${one[0]} ${as?.name}`).toContain((await ask(one, as)).status)
    for (const as of [undefined, asker, viewer]) for (const one of lists) expect([401, 403], one[0]).toContain((await ask(one, as)).status)
    for (const as of far)
      for (const one of lists) {
        const told = await ask(one, as)
        expect(told.text, `${one[0]} ${as.name}`).not.toMatch(/MARKER/)
        expect(told.status).toBe(200)
      }
    const awake = (await desk.call('GET /api/on-call/awake', { as: far[0]! })).items
    expect(awake.reduce((sum, one) => sum + one.openTickets, 0)).toBe(0)
    const reader = { ...boss, token: newToken() }
    await rows(
      sql`insert into api_token (person_id, name, token_hash, scopes, created_at) values (${boss.id}, 'r', ${hashOf(reader.token)}, '{read}', now())`,
    )
    for (const one of hidden.filter(([name]) => !name.startsWith('GET'))) expect((await ask(one, reader)).status, one[0]).toBe(403)
    // A right that is missing is noticed before anything is called.
    const hers = { ...anna, token: newToken() }
    await rows(
      sql`insert into api_token (person_id, name, token_hash, scopes, created_at) values (${anna.id}, 'r', ${hashOf(hers.token)}, '{read}', now())`,
    )
    outside.heard.length = 0
    expect((await ask(['POST /api/me/paging/channels/:id/test', of(channel.id, { body: {} })], hers)).status).toBe(403)
    expect(outside.heard).toEqual([])
    expect(await see(id)).toMatchObject({ state: 'ringing' })
  })

  it('how much runs under an agreement is told to whoever is limited to a team only as far as they see it', async () => {
    const { id } = await agree([rule()])
    await open()
    const other = await desk.team('Other')
    const counted = async (teamId: string) => {
      const as = await desk.person('agent', { limitedTo: { teamId } })
      return (await desk.call('GET /api/agreements/:id', { as, params: { id } })).openClocks
    }
    expect([await counted(team.id), await counted(other.id)]).toEqual([1, 0])
  })

  it('those who are limited to a customer change nothing that holds for the whole desk', async () => {
    for (const role of ['lead', 'administrator'] as const) {
      const as = await desk.person(role, { limitedTo: { organisationId: ours.id } })
      const all: Ask[] = [
        ['POST /api/agreements', { body: { kind: 'sla', name: 'Mine', organisationId: ours.id, rules: [] } }],
        ['POST /api/agreements/preview', { body: { terms: { kind: 'sla', name: 'Mine', rules: [] } } }],
        ['PUT /api/agreements/order', { body: { ids: ['1'] } }],
        ['POST /api/breach-causes', { body: { names: { en: 'x', de: 'x' } } }],
        ['POST /api/calendars', { body: { name: 'Mine', timeZone: 'UTC', hours: {} } }],
        ['POST /api/paging/policies', { body: { name: 'Mine', steps: [step([person(as.id)])] } }],
        ['POST /api/paging/rules', { body: { name: 'Mine', query: { all: [{ field: 'priority', values: [1] }] } } }],
        ['GET /api/paging/settings'],
        ['PATCH /api/paging/settings', { body: { hosts: ['evil.example'] } }],
        ['POST /api/rotas', { body: { name: 'Mine', teamId: team.id, timeZone: 'UTC', layers: [] } }],
      ]
      for (const one of all) expect([403, 422], `${role} ${one[0]}`).toContain((await ask(one, as)).status)
    }
    expect((await desk.call('GET /api/rotas', { as: boss })).items).toEqual([])
  })

  it('what would move is counted, too, only among tickets that one may see', async () => {
    await agree([rule()])
    const ticket = await open()
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: ticket.id },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    const terms = { kind: 'sla', name: 'New', organisationId: ours.id, rules: [rule({ goals: [goal(5)] })] }
    const told = await desk.call('POST /api/agreements/preview', { as: boss, body: { terms } as never })
    expect(told.items).toEqual([])
    expect(JSON.stringify(told)).not.toContain('MARKER')
  })
})
