import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { signatureOf } from '../paging/actions-sms.ts'

const desk = useDesk()
const token = 'the-token-of-the-provider'
let chief: TestPerson
let anna: TestPerson
let team: { id: string }

/** Open from 9 to 17 on weekdays in Berlin; three in the night of a Wednesday. */
const night = Temporal.Instant.from('2027-01-13T02:00:00Z')
const noon = Temporal.Instant.from('2027-01-13T11:00:00Z')

beforeEach(async () => {
  desk.clock.moveTo(night)
  chief = await desk.person('administrator')
  anna = await desk.person('agent', { name: 'Anna' })
  team = await desk.team('On call', 1, [anna])
  const { items } = await desk.call('GET /api/calendars', { as: chief })
  const company = items.find((one) => one.uses.company)!
  const day: [string, string][] = [['09:00', '17:00']]
  const hours = { mon: day, tue: day, wed: day, thu: day, fri: day }
  await desk.call('PATCH /api/calendars/:id', {
    as: chief,
    params: { id: company.id },
    ifMatch: company.version,
    body: { hours, timeZone: 'Europe/Berlin' },
  })
  await desk.call('PATCH /api/telephone/settings', { as: chief, body: { country: 'DE' } })
  await desk.call('POST /api/paging/policies', {
    as: chief,
    body: {
      name: 'Night',
      teamIds: [team.id],
      steps: [{ targets: [{ kind: 'person', id: anna.id }], wait: 5, repeat: 0, mode: 'all' }],
    } as never,
  })
})

/** A line, and the provider that tells of a call on it, signed as it signs. */
async function hotline(more: Record<string, unknown> = {}) {
  const made = await desk.call('POST /api/emergency/lines', {
    as: chief,
    body: { name: 'Hotline', number: '030 555 9000', teamId: team.id, token, ...more },
  })
  const key = made.address.split('/').pop()!
  const tell = (sid: string, from: string, step: string, form: Record<string, string> = {}, secret = token) => {
    const body = { CallSid: sid, From: from, ...form }
    const signature = signatureOf(secret, step === '' ? made.address : `${made.address}/${step}`, body)
    const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' }
    const sent = { headers, body: new URLSearchParams(body).toString() as never }
    return step === ''
      ? desk.ask('POST /hooks/voice/:key', { params: { key }, ...sent })
      : desk.ask('POST /hooks/voice/:key/:step', { params: { key, step }, ...sent })
  }
  /** Answers the three questions, and says something. */
  const call = async (sid: string, from: string, keys: string, said = true) => {
    await tell(sid, from, '')
    for (const [nth, Digits] of [...keys].entries()) await tell(sid, from, `q${nth}-0`, { Digits })
    return said ? (await tell(sid, from, 'said', { RecordingUrl: 'https://voice.example/r/1' })).text : ''
  }
  return { line: made, key, tell, call }
}
async function known(name: string, number: string, more: { organisationId?: string; language?: 'en' | 'de' } = {}) {
  const person = await desk.person('requester', { name, ...more })
  const phones = JSON.stringify([{ kind: 'work', number }])
  await desk.kernel.asSystem(({ db }) => sql`update person set phones = ${phones} where id = ${person.id}`.execute(db))
  return person
}
const ticketsOf = async () => (await desk.call('GET /api/tickets', { as: chief })).items
const full = (id: string) => desk.call('GET /api/tickets/:id', { as: chief, params: { id } })
const pagesOf = async (id: string) => (await desk.call('GET /api/tickets/:id/pages', { as: chief, params: { id } })).items

describe('a call at night', () => {
  it('is greeted in the caller’s language, asked, opens a ticket with the answers, wakes who is on call and says its number', async () => {
    const { tell } = await hotline({ greeting: { de: 'Notruf der Halyard IT.', en: '' } })
    const ida = await known('Ida Kern', '030 555 71 60', { language: 'de' })
    const hello = await tell('CA1', '+49305557160', '')
    expect(hello.headers['content-type']).toContain('text/xml')
    expect(hello.text).toMatch(/<Say language="de-DE">Notruf der Halyard IT\.<\/Say><Gather [^>]*action="[^"]+\/q0-0"/)
    expect(hello.text).toContain('Ja, bei allen: Taste 1.')
    const second = await tell('CA1', '+49305557160', 'q0-0', { Digits: '2' })
    expect(second.text).toMatch(/\/q1-0"/)
    expect((await tell('CA1', '+49305557160', 'q1-0', { Digits: '1' })).text).toMatch(/\/q2-0"/)
    expect((await tell('CA1', '+49305557160', 'q2-0', { Digits: '1' })).text).toMatch(/<Record maxLength="120"[^>]*transcribe="true"/)
    const end = await tell('CA1', '+49305557160', 'said', { RecordingUrl: 'https://voice.example/r/1' })
    const [row] = await ticketsOf()
    expect(end.text).toContain(`Die Ticketnummer lautet: ${[...String(row!.number)].join(', ')}.`)
    expect(end.text).toContain('Die Bereitschaft wird jetzt alarmiert.')
    const ticket = await full(row!.id)
    expect([ticket.channel, ticket.requester.id, ticket.impact, ticket.urgency, ticket.team?.id]).toEqual(['phone', ida.id, 2, 3, team.id])
    expect(ticket.messages[0]!.text).toContain('Lässt sich bis zur Behebung auf andere Weise arbeiten? Nein')
    expect(ticket.messages.find((m) => m.internal)?.text).toContain('https://voice.example/r/1')
    expect(await pagesOf(row!.id)).toMatchObject([{ why: 'call', state: 'ringing', policy: { name: 'Night' } }])
    await tell('CA1', '+49305557160', 'text', { TranscriptionText: 'Der Server im Keller steht unter Wasser.' })
    await tell('CA1', '+49305557160', 'text', { TranscriptionText: 'Der Server im Keller steht unter Wasser.' })
    const told = (await full(row!.id)).messages.filter((m) => m.text.includes('unter Wasser'))
    expect(told.map((m) => [m.author?.id, m.internal])).toEqual([[ida.id, false]])
    const calls = await desk.call('GET /api/calls', { as: chief })
    expect(calls.items).toMatchObject([{ state: 'ended', person: { id: ida.id }, ticket: { id: row!.id }, number: '+49305557160' }])
  })

  it('is believed only with the provider’s signature, and only under its key', async () => {
    const { tell, line } = await hotline()
    expect((await tell('CA1', '+49305557160', '', {}, 'guessed')).status).toBe(401)
    expect((await desk.ask('POST /hooks/voice/:key', { params: { key: 'x'.repeat(22) }, body: { CallSid: 'CA1' } })).status).toBe(404)
    // The signature is of this very step and this very form.
    const key = line.address.split('/').pop()!
    const body = { CallSid: 'CA1', From: '+49305557160', Digits: '1' }
    const headers = { 'x-twilio-signature': signatureOf(token, `${line.address}/q0-0`, body) }
    expect((await desk.ask('POST /hooks/voice/:key/:step', { params: { key, step: 'q1-0' }, headers, body })).status).toBe(401)
    const other = { ...body, Digits: '3' }
    expect((await desk.ask('POST /hooks/voice/:key/:step', { params: { key, step: 'q0-0' }, headers, body: other })).status).toBe(401)
    expect((await desk.ask('POST /hooks/voice/:key/:step', { params: { key, step: 'q0-0' }, headers, body })).status).toBe(200)
    await desk.call('DELETE /api/emergency/lines/:id', { as: chief, params: { id: line.id } })
    expect((await tell('CA2', '+49305557160', '')).status).toBe(404)
  })

  it('told twice at each step is one call, one ticket, one page', async () => {
    const { tell } = await hotline()
    const steps: [string, Record<string, string>][] = [
      ['', {}],
      ['q0-0', { Digits: '1' }],
      ['q1-0', { Digits: '3' }],
      ['q2-0', { Digits: '2' }],
      ['said', {}],
      ['status', { CallStatus: 'completed' }],
    ]
    for (const [step, form] of steps) {
      const [first, again] = [await tell('CA1', '+491715550001', step, form), await tell('CA1', '+491715550001', step, form)]
      expect(again.text).toBe(first.text)
    }
    const items = await ticketsOf()
    expect(items).toHaveLength(1)
    const ticket = await full(items[0]!.id)
    expect([ticket.impact, ticket.urgency, ticket.messages.length]).toEqual([3, 3, 1])
    // Danger to everybody is not undone by "it can wait".
    expect(await pagesOf(ticket.id)).toHaveLength(1)
    expect((await desk.call('GET /api/callers', { as: chief, query: { q: '+491715550001' } })).items.map((one) => one.name)).toEqual([
      'Unknown caller +491715550001',
    ])
  })

  it('that ends after the first answer is a ticket all the same, and wakes somebody; one without any answer is a missed call', async () => {
    const { tell } = await hotline()
    await tell('CA1', '+491715550001', '')
    await tell('CA1', '+491715550001', 'q0-0', { Digits: '3' })
    await tell('CA1', '+491715550001', 'status', { CallStatus: 'completed' })
    const [row] = await ticketsOf()
    expect((await full(row!.id)).messages[0]!.text).toContain('hung up before saying')
    expect(await pagesOf(row!.id)).toHaveLength(1)
    await tell('CA2', '+491715550002', '')
    await tell('CA2', '+491715550002', 'status', { CallStatus: 'completed' })
    expect(await ticketsOf()).toHaveLength(1)
    const missed = await desk.call('GET /api/calls', { as: chief, query: { missed: 'true' } })
    expect(missed.items).toMatchObject([{ state: 'missed', number: '+491715550002', ticket: null }])
  })

  it('of whose end nobody tells is opened five minutes later, once', async () => {
    const { tell } = await hotline()
    await tell('CA1', '+491715550001', '')
    await tell('CA1', '+491715550001', 'q0-0', { Digits: '1' })
    const sweep = () => desk.kernel.asSystem(async (context) => context.later({ identifier: 'emergency.sweep', payload: {} }))
    desk.clock.advance({ minutes: 4 })
    await sweep()
    await desk.work()
    expect(await ticketsOf()).toHaveLength(0)
    desk.clock.advance({ minutes: 2 })
    for (let n = 0; n < 2; n++) {
      await sweep()
      await desk.work()
    }
    expect(await ticketsOf()).toHaveLength(1)
    await tell('CA1', '+491715550001', 'said', {})
    expect(await ticketsOf()).toHaveLength(1)
  })

  it('FT-51 is opened at once when it came in while the clock was an hour ahead, once', async () => {
    const { tell } = await hotline()
    const before = desk.clock.now()
    desk.clock.advance({ hours: 1 })
    await tell('CA1', '+491715550001', '')
    await tell('CA1', '+491715550001', 'q0-0', { Digits: '1' })
    desk.clock.moveTo(before)
    for (let n = 0; n < 2; n++) {
      await desk.kernel.asSystem(async (context) => context.later({ identifier: 'emergency.sweep', payload: {} }))
      await desk.work()
    }
    const tickets = await ticketsOf()
    expect(tickets).toHaveLength(1)
    expect(await pagesOf(tickets[0]!.id)).toHaveLength(1)
    // The other way about: a clock that is set forward ends the call early and opens it; what is said afterwards finds its ticket.
    await tell('CA2', '+491715550002', '')
    await tell('CA2', '+491715550002', 'q0-0', { Digits: '1' })
    desk.clock.advance({ hours: 72 })
    await desk.kernel.asSystem(async (context) => context.later({ identifier: 'emergency.sweep', payload: {} }))
    await desk.work()
    desk.clock.moveTo(before)
    await tell('CA2', '+491715550002', 'said', {})
    expect(await ticketsOf()).toHaveLength(2)
  })

  it('goes on without an answer that is not understood, and wakes nobody when it can wait until the next working day', async () => {
    const { tell } = await hotline()
    await tell('CA1', '+491715550001', '')
    expect((await tell('CA1', '+491715550001', 'q0-0', { Digits: '9' })).text).toMatch(
      /That was not understood\..*q0-1|q0-1.*That was not understood\./,
    )
    expect((await tell('CA1', '+491715550001', 'q0-1', {})).text).toMatch(/\/q1-0"/)
    await tell('CA1', '+491715550001', 'q1-0', { Digits: '2' })
    await tell('CA1', '+491715550001', 'q2-0', { Digits: '2' })
    const end = await tell('CA1', '+491715550001', 'said', { TranscriptionText: 'The printer is out of paper.' })
    expect(end.text).toContain('on the next working day')
    const [row] = await ticketsOf()
    expect((await full(row!.id)).messages[0]!.text).toContain('The printer is out of paper.')
    expect(await pagesOf(row!.id)).toEqual([])
  })

  it('again and again from one number wakes somebody so many times an hour; the rest goes to the open emergency', async () => {
    const { call } = await hotline({ pagesPerHour: 2 })
    await call('CA1', '+491715550001', '331')
    await call('CA2', '+491715550001', '331')
    const third = await call('CA3', '+491715550001', '111')
    const items = await ticketsOf()
    expect(items).toHaveLength(2)
    const newest = await full(items.map((one) => one.id).sort((a, b) => Number(b) - Number(a))[0]!)
    expect(third).toContain([...newest.id].join(', '))
    expect(third).toContain('already being worked on')
    expect([newest.impact, newest.urgency, newest.messages.filter((m) => !m.internal).length]).toEqual([3, 3, 2])
    // Somebody else is not held up by it.
    await call('CA4', '+491715550009', '331')
    expect(await ticketsOf()).toHaveLength(3)
    desk.clock.advance({ minutes: 61 })
    await call('CA5', '+491715550001', '331')
    expect(await ticketsOf()).toHaveLength(4)
  })

  it('from a withheld number, or one of several people, is opened in the name of the line', async () => {
    const { call, tell } = await hotline()
    await call('CA1', 'anonymous', '331')
    await tell('CA2', '+266696687', '')
    const [row] = await ticketsOf()
    expect([row!.requester.name, row!.subject]).toEqual(['Hotline', 'Emergency call: a withheld number'])
    const customer = await desk.organisation('Weber')
    for (const name of ['Eva', 'Uwe']) await known(name, '040 555 1000', { organisationId: customer.id })
    await call('CA3', '+49405551000', '331')
    const theirs = (await ticketsOf()).find((one) => one.organisation?.id === customer.id)
    expect(theirs?.requester.name).toBe('Hotline')
  })
})

describe('a call in hours', () => {
  it('is put through to the desk, and asked only when nobody there takes it', async () => {
    desk.clock.moveTo(noon)
    const { tell } = await hotline({ forwardTo: '030 555 1200' })
    expect((await tell('CA1', '+491715550001', '')).text).toMatch(/<Dial [^>]*\/dialled"><Number>\+49305551200<\/Number><\/Dial>/)
    expect((await tell('CA1', '+491715550001', 'dialled', { DialCallStatus: 'completed' })).text).toContain(
      '<Response><Hangup/></Response>',
    )
    await tell('CA1', '+491715550001', 'status', { CallStatus: 'completed' })
    await tell('CA2', '+491715550001', '')
    expect((await tell('CA2', '+491715550001', 'dialled', { DialCallStatus: 'no-answer' })).text).toMatch(/\/q0-0"/)
    expect(await ticketsOf()).toHaveLength(0)
    desk.clock.moveTo(Temporal.Instant.from('2027-01-13T20:00:00Z'))
    expect((await tell('CA3', '+491715550001', '')).text).toMatch(/\/q0-0"/)
  })
})

describe('whoever takes a call', () => {
  it('is shown the questions outside the hours of the caller’s calendar only, those of the caller’s organisation if it has its own', async () => {
    const customer = await desk.organisation('Weber')
    const eva = await known('Eva', '040 555 1000', { organisationId: customer.id })
    const ask = (as: TestPerson, personId?: string) =>
      desk.call('GET /api/emergency/questions', { as, query: personId === undefined ? {} : { personId } })
    expect(await ask(anna, eva.id)).toMatchObject({ closed: true, opens: '2027-01-13T08:00:00.000Z', set: { organisation: null } })
    const text = (words: string) => ({ en: words, de: words })
    const answers = [1, 2].map((digit) => ({ digit, text: text(`Answer ${digit}`) }))
    await desk.call('POST /api/emergency/sets', {
      as: chief,
      body: { organisationId: customer.id, questions: [{ text: text('Does the line stand still?'), answers }] },
    })
    expect((await ask(anna, eva.id)).set?.questions.map((one) => one.text.en)).toEqual(['Does the line stand still?'])
    expect((await ask(anna)).set?.questions).toHaveLength(3)
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.refused('not_found', 'GET /api/emergency/questions', { as: limited, query: { personId: eva.id } })
    desk.clock.moveTo(noon)
    expect(await ask(anna, eva.id)).toEqual({ closed: false, opens: null, set: null })
  })

  it('sets impact and urgency by the answers, and the saved ticket wakes who is on call when they say so', async () => {
    const set = (await desk.call('GET /api/emergency/questions', { as: anna })).set!
    const caller = await desk.person('requester')
    const log = (digits: (number | null)[], more: Record<string, unknown> = {}) =>
      desk.ask('POST /api/calls', {
        as: anna,
        body: {
          personId: caller.id,
          subject: 'No power',
          text: 'Dark.',
          ending: 'send',
          teamId: team.id,
          severity: { setId: set.id, version: set.version, digits },
          ...more,
        } as never,
      })
    const grave = (await log([2, 1, 1])).body.ticketId
    expect(await full(grave)).toMatchObject({ impact: 2, urgency: 3 })
    expect((await full(grave)).messages.some((m) => m.internal && m.text.includes('Can it wait until the next working day?'))).toBe(true)
    expect(await pagesOf(grave)).toMatchObject([{ why: 'call', by: { id: anna.id }, policy: { name: 'Night' } }])
    const mild = (await log([3, 3, 2])).body.ticketId
    expect(await full(mild)).toMatchObject({ impact: 1, urgency: 1 })
    expect(await pagesOf(mild)).toEqual([])
    // Added to an open one it is never made milder; solved at once nobody is woken.
    await log([3, 3, 1], { ending: 'add', ticketId: grave, subject: '' })
    expect(await full(grave)).toMatchObject({ impact: 2, urgency: 3 })
    const solved = (await log([1, 1, 1], { ending: 'solve', teamId: undefined })).body.ticketId
    expect(await pagesOf(solved)).toEqual([])
    const stale = await log([1], { severity: { setId: set.id, version: set.version + 1, digits: [1] } })
    expect([stale.status, (await ticketsOf()).length]).toEqual([409, 3])
  })
})

describe('who may', () => {
  it('an emergency of another customer does not exist for an agent who serves one only, nor its questions', async () => {
    const { call } = await hotline({ teamId: null })
    const [theirs, mine] = [await desk.organisation('Weber'), await desk.organisation('Brandt')]
    await known('Eva', '040 555 1000', { organisationId: theirs.id })
    await call('CA1', '+49405551000', '331')
    const limited = await desk.person('agent', { limitedTo: { organisationId: mine.id } })
    const theirsOnly = await desk.person('agent', { limitedTo: { organisationId: theirs.id } })
    expect((await desk.call('GET /api/tickets', { as: theirsOnly })).items).toHaveLength(1)
    expect((await desk.call('GET /api/tickets', { as: limited })).items).toEqual([])
    expect((await desk.call('GET /api/calls', { as: limited })).items).toEqual([])
    await desk.refused('not_found', 'GET /api/emergency/card', { as: limited, query: { organisationId: theirs.id } })
    for (const name of ['GET /api/emergency/lines', 'GET /api/emergency/sets'] as const)
      await desk.refused('not_allowed', name, { as: anna })
  })

  it('questions are changed with the version that was seen, and the desk keeps a set', async () => {
    const [set] = (await desk.call('GET /api/emergency/sets', { as: chief })).items
    expect(set!.questions.map((one) => one.answers.length)).toEqual([3, 3, 2])
    const change = (version: number) =>
      ({ as: chief, params: { id: set!.id }, ifMatch: version, body: { questions: set!.questions.slice(0, 1) } }) as const
    expect((await desk.call('PATCH /api/emergency/sets/:id', change(set!.version))).questions).toHaveLength(1)
    await desk.refused('version_stale', 'PATCH /api/emergency/sets/:id', change(set!.version))
    await desk.refused('still_in_use', 'DELETE /api/emergency/sets/:id', { as: chief, params: { id: set!.id } })
    const twice = { ...set!.questions[0]!, answers: set!.questions[0]!.answers.map((one) => ({ ...one, digit: 1 })) }
    await desk.refused('validation_failed', 'PATCH /api/emergency/sets/:id', { ...change(set!.version + 1), body: { questions: [twice] } })
  })

  it('a line says its address once, keeps the token to itself, and takes no number that cannot be dialled', async () => {
    const { line } = await hotline()
    const [shown] = (await desk.call('GET /api/emergency/lines', { as: chief })).items
    expect(JSON.stringify(shown)).not.toContain(token)
    expect([shown!.hasToken, shown!.number, 'address' in shown!]).toEqual([true, '030 555 9000', false])
    const wrong = await desk.refused('validation_failed', 'PATCH /api/emergency/lines/:id', {
      as: chief,
      params: { id: line.id },
      ifMatch: line.version,
      body: { forwardTo: 'reception' },
    })
    expect(wrong.issues).toMatchObject([{ path: 'forwardTo' }])
    const renewed = await desk.call('POST /api/emergency/lines/:id/renew-key', { as: chief, params: { id: line.id } })
    expect(renewed.address).not.toBe(line.address)
  })

  it('everybody who signs in reads how to reach the desk; the card is for staff, with the customer’s people on it', async () => {
    await hotline()
    await desk.call('PATCH /api/emergency/reach', {
      as: chief,
      body: {
        numbers: [{ name: 'Reception', number: '+49 30 555 1200' }],
        advice: { en: 'Leave the building first.', de: 'Zuerst hinausgehen.' },
      },
    })
    const customer = await desk.organisation('Weber')
    const eva = await known('Eva', '040 555 1000', { organisationId: customer.id })
    await desk.kernel.asSystem(({ db }) =>
      sql`insert into customer_contact (organisation_id, person_id, roles, created_at) values (${customer.id}, ${eva.id}, '{security}', now())`.execute(
        db,
      ),
    )
    await desk.kernel.asSystem(({ db }) =>
      sql`insert into customer (organisation_id, other_numbers, changed_at) values (${customer.id}, '[{"system": "Carrier", "number": "C-4711", "link": ""}]', now())`.execute(
        db,
      ),
    )
    expect(await desk.call('GET /api/reach', { as: eva })).toEqual({
      numbers: [
        { name: 'Hotline', number: '030 555 9000', dial: '+49305559000' },
        { name: 'Reception', number: '+49 30 555 1200', dial: '+49305551200' },
      ],
      advice: { en: 'Leave the building first.', de: 'Zuerst hinausgehen.' },
    })
    await desk.refused('not_allowed', 'GET /api/emergency/card', { as: eva })
    const card = await desk.call('GET /api/emergency/card', { as: anna, query: { organisationId: customer.id } })
    expect(card.sentence).toContain('Monday to Friday')
    expect(card.organisation).toMatchObject({
      name: 'Weber',
      contacts: [{ id: eva.id, roles: ['security'], phones: [{ number: '040 555 1000' }] }],
      otherNumbers: [{ system: 'Carrier', number: 'C-4711' }],
    })
  })
})
