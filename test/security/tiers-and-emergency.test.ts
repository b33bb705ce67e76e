import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { figureJobs } from '../../server/features/figures/jobs.ts'
import { signatureOf } from '../../server/features/paging/actions-sms.ts'
import { Temporal } from '../../server/kernel/clock.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/** What an outsider who reads the code would try on tiers, the emergency phone and the figures of targets. */
const desk = useDesk()
const token = 'the-token-of-the-provider'
let [boss, anna, asker] = [{}, {}, {}] as [TestPerson, TestPerson, TestPerson]
let [first, network, ours, theirs, vpn, printing] = Array.from({ length: 6 }, () => ({ id: '' })) as { id: string }[] as [
  { id: string },
  { id: string },
  { id: string },
  { id: string },
  { id: string },
  { id: string },
]
beforeEach(async () => {
  // A Wednesday, three in the night in Berlin.
  desk.clock.moveTo(Temporal.Instant.from('2027-01-13T02:00:00Z'))
  boss = await desk.person('administrator', { name: 'Bo' })
  anna = await desk.person('agent', { name: 'Anna' })
  ;[ours, theirs] = [await desk.organisation('MARKER Ours'), await desk.organisation('Theirs')]
  asker = await desk.person('requester', { name: 'MARKER Ada', organisationId: ours.id })
  first = await desk.team('First', 1, [anna])
  network = await desk.team('Network', 2)
  const category = (en: string) => desk.call('POST /api/categories', { as: boss, body: { name: { en, de: en }, parentId: null } })
  ;[vpn, printing] = [await category('VPN'), await category('Printing')]
  await desk.call('PATCH /api/telephone/settings', { as: boss, body: { country: 'DE' } })
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
      teamId: first.id,
      categoryId: vpn.id,
      kind: 'incident',
      acknowledge: false,
      ...more,
    } as never,
  })
const full = (id: string, as = boss) => desk.call('GET /api/tickets/:id', { as, params: { id } })
const edit = async (id: string, body: object, as = anna) =>
  desk.call('PATCH /api/tickets/:id', { as, params: { id }, ifMatch: (await full(id)).version, body: body as never })
const resolving = async (id: string, more: object = {}) => ({
  params: { id },
  ifMatch: (await full(id)).version,
  body: { code: 'solved', text: 'Done.', tell: false, ...more } as never,
})
const duties = (team: { id: string }, set: object) =>
  desk.call('PUT /api/teams/:id/duties', {
    as: boss,
    params: { id: team.id },
    ifMatch: 1,
    body: { settles: [], kinds: [], takes: [], asksFor: [], ...set } as never,
  })
const tell = (id: string, why = 'MARKER why', as = anna) =>
  desk.call('POST /api/tickets/:id/tell-manager', { as, params: { id }, body: { why } })
const escalations = async (id: string) => (await desk.call('GET /api/tickets/:id/escalations', { as: boss, params: { id } })).items

describe('what a team does not settle', () => {
  it('is not resolved by way of the status, a token, a new ticket, or by taking its team or its category away first', async () => {
    await duties(first, { settles: [printing.id] })
    const { id } = await open()
    const { items } = await desk.call('GET /api/statuses', { as: boss })
    const resolved = items.find((one) => one.meaning === 'resolved')!.id
    const { version } = await full(id)
    expect((await ask(['PATCH /api/tickets/:id', { params: { id }, ifMatch: version, body: { statusId: resolved } }], anna)).status).toBe(
      409,
    )
    const made = { subject: 'x', requesterId: asker.id, teamId: first.id, categoryId: vpn.id, resolve: { code: 'solved', text: 'Done.' } }
    expect((await ask(['POST /api/tickets', { body: made }], anna)).body).toMatchObject({ code: 'not_settled_here' })
    await edit(id, { categoryId: null })
    await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', { as: anna, ...(await resolving(id)) })
    await edit(id, { categoryId: vpn.id, teamId: null })
    await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', { as: anna, ...(await resolving(id)) })
    await edit(id, { teamId: first.id, requesterId: anna.id })
    await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', { as: anna, ...(await resolving(id)) })
    const { requesterId: _, ...own } = made
    expect((await ask(['POST /api/tickets', { body: own }], anna)).body).toMatchObject({ code: 'not_settled_here' })
    expect((await full(id)).status.meaning).not.toBe('resolved')
    // Whoever asked another team for something may say themselves that it is solved.
    const asked = await desk.person('agent')
    await edit(id, { requesterId: asked.id }, boss)
    await desk.call('POST /api/tickets/:id/resolve', { as: asked, ...(await resolving(id)) })
  })

  it('is for the administrators where its only lead has left', async () => {
    const gone = await desk.person('lead', { name: 'Gone', limitedTo: { teamId: first.id } })
    await rows(sql`update person set archived_at = now() where id = ${gone.id}`)
    await rows(sql`update team set archived_at = now() where id = ${network.id}`)
    await duties(first, { settles: [printing.id] })
    const { id } = await open()
    const refused = await desk.refused('not_settled_here', 'POST /api/tickets/:id/resolve', { as: anna, ...(await resolving(id)) })
    expect(refused.names).toEqual(['Bo'])
  })
})

describe('an escalation', () => {
  it('does not exist for those who do not see its ticket, and is nothing for requesters', async () => {
    const { id } = await open()
    const told = await tell(id)
    const far = [
      await desk.person('agent', { limitedTo: { organisationId: theirs.id } }),
      await desk.person('lead', { limitedTo: { teamId: network.id } }),
    ]
    const all: Ask[] = [
      ['GET /api/tickets/:id/escalations', { params: { id } }],
      ['GET /api/tickets/:id/next-teams', { params: { id } }],
      ['POST /api/tickets/:id/tell-manager', { params: { id }, body: { why: 'x' } }],
      ['POST /api/escalations/:id/settle', { params: { id: told.id } }],
    ]
    for (const as of far) for (const one of all) expect((await ask(one, as)).status, `${one[0]} ${as.name}`).toBe(404)
    for (const one of all) expect((await ask(one, asker)).status, one[0]).toBe(403)
    for (const why of ['', ' \n ', 'x'.repeat(2001), 'a\u0000b'])
      expect((await ask(['POST /api/tickets/:id/tell-manager', { params: { id }, body: { why } }], anna)).status).toBe(422)
    for (const wrong of ['9223372036854775808', '0', 'x'])
      expect((await ask(['POST /api/escalations/:id/settle', { params: { id: wrong } }], anna)).status).toBe(404)
  })

  it('and a hand-over take no team, category or part that is not there', async () => {
    const { id } = await open()
    const over = await desk.team('Over')
    await rows(sql`update team set archived_at = now() where id = ${over.id}`)
    for (const teamId of ['9223372036854775807', '9223372036854775808', '0', over.id])
      for (const [path, body] of [
        ['POST /api/tickets/:id/pass', { teamId, note: 'x' }],
        ['PATCH /api/tickets/:id', { teamId }],
      ] as const) {
        const { version } = await full(id)
        expect([404, 422], `${path} ${teamId}`).toContain((await ask([path, { params: { id }, ifMatch: version, body }], anna)).status)
      }
    expect((await ask(['POST /api/tickets', { body: { subject: 'x', teamId: '9223372036854775807' } }], anna)).status).toBe(422)
    const set = { settles: [], kinds: [], takes: [], asksFor: [] }
    for (const more of [
      { settles: ['9223372036854775808'] },
      { takes: ['9223372036854775807'] },
      { kinds: ['Incident'] },
      { asksFor: ['__proto__'] },
      { settles: Array.from({ length: 201 }, () => vpn.id) },
    ]) {
      const put = { params: { id: first.id }, ifMatch: 1, body: { ...set, ...more } }
      expect([404, 422], JSON.stringify(more).slice(0, 50)).toContain((await ask(['PUT /api/teams/:id/duties', put], boss)).status)
    }
    await duties(network, { asksFor: ['found', 'tried'] })
    for (const parts of [{ found: 'x' }, { found: 'x', tried: ' \u00a0\n' }, { found: 'x', tried: '\u200b' }]) {
      const body = { teamId: network.id, note: 'x', parts: { expected: '', tried: '', ...parts } }
      const told = await ask(['POST /api/tickets/:id/pass', { params: { id }, ifMatch: (await full(id)).version, body }], anna)
      expect(told.body, JSON.stringify(parts)).toMatchObject({ code: 'handoff_note_needed' })
    }
    await edit(id, { teamId: null })
    const assign = { params: { id }, ifMatch: (await full(id)).version, body: { teamId: network.id } }
    expect((await ask(['PATCH /api/tickets/:id', assign], anna)).body).toMatchObject({ code: 'handoff_note_needed' })
  })

  it('is told by whoever is limited to a customer or a team as by all others, and told to nobody who may not see it', async () => {
    const lead = await desk.person('lead', { name: 'Lea', limitedTo: { teamId: first.id } })
    await desk.person('lead', { name: 'Far', limitedTo: { teamId: first.id, organisationId: theirs.id } })
    const gone = await desk.person('lead', { name: 'Gone', limitedTo: { teamId: first.id } })
    await rows(sql`update person set archived_at = now() where id = ${gone.id}`)
    for (const limitedTo of [{ organisationId: ours.id }, { teamId: first.id }]) {
      const { id } = await open()
      const as = await desk.person('agent', { limitedTo })
      expect((await tell(id, 'x', as)).told.map(({ name }) => name)).toEqual(['Lea'])
      expect(
        (await desk.call('POST /api/tickets/:id/tell-manager', { as: lead, params: { id }, body: { why: 'y' } })).told.map(
          ({ name }) => name,
        ),
      ).toEqual(expect.arrayContaining(['Lea', 'Bo']))
      const timeline = await ask(['GET /api/tickets/:id/timeline', { params: { id } }], asker)
      expect(timeline.text).not.toContain('escalat')
    }
  })

  it('that is told again and again stays short to read', async () => {
    const { id } = await open()
    for (let n = 0; n < 60; n++) await tell(id, `again ${n}`)
    const [one] = await escalations(id)
    expect(one!.again.length).toBeLessThanOrEqual(50)
    expect(one!.again.at(-1)!.why).toBe('again 59')
  })

  it('tells nothing of a note that was moved to another ticket', async () => {
    const { id } = await open()
    await desk.call('POST /api/tickets/:id/pass', {
      as: anna,
      params: { id },
      ifMatch: (await full(id)).version,
      body: { teamId: network.id, note: 'MARKER secret' } as never,
    })
    expect((await escalations(id))[0]!.why).toBe('MARKER secret')
    const note = (await full(id)).messages.find((m) => m.internal)!
    await desk.call('POST /api/tickets/:id/split', { as: boss, params: { id }, body: { messageIds: [note.id], how: 'move' } as never })
    expect((await escalations(id))[0]!.why).toBeNull()
  })
})

describe('the emergency phone', () => {
  async function hotline(more: Record<string, unknown> = {}) {
    const made = await desk.call('POST /api/emergency/lines', {
      as: boss,
      body: { name: 'Hotline', number: '030 555 9000', teamId: first.id, token, ...more },
    })
    const key = made.address.split('/').pop()!
    const hear = (sid: string, from: string, step: string, form: Record<string, string> = {}) => {
      const body = { CallSid: sid, From: from, ...form }
      const signature = signatureOf(token, step === '' ? made.address : `${made.address}/${step}`, body)
      const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' }
      const sent = { headers, body: new URLSearchParams(body).toString() as never }
      return step === ''
        ? desk.ask('POST /hooks/voice/:key', { params: { key }, ...sent })
        : desk.ask('POST /hooks/voice/:key/:step', { params: { key, step }, ...sent })
    }
    return { made, key, hear }
  }
  const silent = async () => {
    const [set] = (await desk.call('GET /api/emergency/sets', { as: boss })).items
    await desk.call('PATCH /api/emergency/sets/:id', { as: boss, params: { id: set!.id }, ifMatch: set!.version, body: { questions: [] } })
  }
  const tickets = async () => (await desk.call('GET /api/tickets', { as: boss })).items
  const sweep = async () => {
    await desk.kernel.asSystem(async (context) => context.later({ identifier: 'emergency.sweep', payload: {} }))
    await desk.work()
  }
  const number = '+491715550001'

  it('loses nobody whose end is told before what they said', async () => {
    await silent()
    const { hear } = await hotline()
    expect((await hear('CA1', number, '')).text).toContain('<Record')
    await hear('CA1', number, 'status', { CallStatus: 'completed' })
    for (let n = 0; n < 2; n++) await hear('CA1', number, 'said', { RecordingUrl: 'https://voice.example/r/1' })
    const [row, ...more] = await tickets()
    expect(more).toEqual([])
    const { messages } = await full(row!.id)
    expect(messages.filter((m) => m.text.includes('https://voice.example/r/1'))).toHaveLength(1)
    // Nobody calls back who has a ticket.
    expect((await desk.call('GET /api/calls', { as: boss, query: { missed: 'true' } })).items).toEqual([])
    // The same where only what was written down of it comes.
    await hear('CA2', '+491715550002', '')
    await hear('CA2', '+491715550002', 'status', { CallStatus: 'completed' })
    for (let n = 0; n < 2; n++) await hear('CA2', '+491715550002', 'text', { TranscriptionText: 'The cellar burns.' })
    const other = (await tickets()).find((one) => one.id !== row!.id)
    expect((await full(other!.id)).messages.filter((m) => m.text.includes('The cellar burns.'))).toHaveLength(1)
    expect(await tickets()).toHaveLength(2)
  })

  it('keeps the recording of a call that was opened before it came', async () => {
    const { hear } = await hotline()
    await hear('CA1', number, '')
    for (const [nth, Digits] of ['1', '1', '1'].entries()) await hear('CA1', number, `q${nth}-0`, { Digits })
    await hear('CA1', number, 'status', { CallStatus: 'completed' })
    for (let n = 0; n < 2; n++) await hear('CA1', number, 'said', { RecordingUrl: 'https://voice.example/r/1', TranscriptionText: 'Fire.' })
    const [row, ...more] = await tickets()
    expect(more).toEqual([])
    const { messages } = await full(row!.id)
    for (const what of ['https://voice.example/r/1', 'Fire.'])
      expect(
        messages.filter((m) => m.text.includes(what)),
        what,
      ).toHaveLength(1)
  })

  it('takes whatever a provider sends for text: no call is lost by it', async () => {
    await silent()
    const { hear, key, made } = await hotline({ name: 'A <&> "B"', greeting: { en: 'Hi ]]> & <Dial>+4930</Dial> \ufffe', de: '' } })
    const hello = await hear('CA1', '\u0000+49171\ud800', '')
    expect(hello.status).toBe(200)
    expect(hello.text).not.toMatch(/<Dial>|[\ufffe\ud800]/)
    expect((await hear('CA1', '', 'said', { TranscriptionText: 'Water\u0000 in \ud800 the <Hangup/> cellar =1+1' })).status).toBe(200)
    const [row] = await tickets()
    expect((await full(row!.id)).messages[0]!.text).toContain('in')
    for (const from of ['x'.repeat(19_000), `+${'9'.repeat(19_000)}`, 'sip:<x>@example', "'; drop table ticket; --"])
      expect((await hear(`CA-${from.length}`, from, '')).status, from.slice(0, 20)).toBe(200)
    expect((await hear(`${'s'.repeat(5000)}`, number, '')).status).toBe(200)
    expect((await hear('\u0000', number, '')).status).toBe(422)
    for (const step of ['q9-9', 'q0-0', 'dialled', 'status', 'text']) expect((await hear('NEW', number, step)).status, step).toBe(200)
    for (const step of ['q10-0', 'nothing', '%00', '../status']) expect((await hear('NEW', number, step)).status, step).toBe(404)
    const plain = { CallSid: 'Z', From: number }
    const signed = { 'x-twilio-signature': signatureOf(token, made.address, plain) }
    const post = (url: string, headers: Record<string, string>, payload: object) =>
      desk.app.inject({ method: 'POST', url, headers, payload })
    expect((await post(`/hooks/voice/${key}?x=1`, {}, plain)).statusCode).toBe(401)
    expect(
      (await post(`/hooks/voice/${key}`, { ...signed, host: 'evil.example', 'x-forwarded-host': 'evil.example' }, plain)).statusCode,
    ).toBe(200)
    expect((await post(`/hooks/voice/${key}`, { 'x-twilio-signature': '' }, plain)).statusCode).toBe(401)
    expect((await post(`/hooks/voice/${key}/q0-0`, signed, plain)).statusCode).toBe(401)
  })

  it('takes calls although the person of the line, or its team, was archived since', async () => {
    const { hear, made } = await hotline()
    await rows(sql`update person set archived_at = now() where id = (select person_id from voice_line where id = ${made.id})`)
    await rows(sql`update team set archived_at = now() where id = ${first.id}`)
    await hear('CA1', 'anonymous', '')
    await hear('CA1', 'anonymous', 'q0-0', { Digits: '1' })
    expect((await hear('CA1', 'anonymous', 'status', { CallStatus: 'completed' })).status).toBe(200)
    const items = await tickets()
    expect(items.map((one) => [one.requester.name, one.team])).toEqual([['Hotline', null]])
  })

  it('opens all others although one of those that broke off cannot be opened', async () => {
    const { hear } = await hotline()
    for (const [n, from] of [number, '+491715550002'].entries()) {
      await hear(`CA${n}`, from, '')
      await hear(`CA${n}`, from, 'q0-0', { Digits: '1' })
    }
    // Its caller left the company since, and no longer can ask for anything.
    const gone = await desk.person('requester')
    await rows(sql`update person set archived_at = now() where id = ${gone.id}`)
    await rows(sql`update voice_call set person_id = ${gone.id} where external_id = 'CA0'`)
    desk.clock.advance({ minutes: 6 })
    await sweep()
    expect((await tickets()).length).toBe(2)
  })

  it('keeps what was said, although the ticket is closed or gone when it comes', async () => {
    const { hear } = await hotline()
    await hear('CA1', number, '')
    await hear('CA1', number, 'q0-0', { Digits: '1' })
    await hear('CA1', number, 'status', { CallStatus: 'completed' })
    const [row] = await tickets()
    await desk.call('POST /api/tickets/:id/resolve', { as: boss, ...(await resolving(row!.id)) })
    await desk.call('POST /api/tickets/:id/close', { as: boss, params: { id: row!.id } } as never)
    expect((await hear('CA1', number, 'text', { TranscriptionText: 'Fire.' })).status).toBe(200)
    expect((await full(row!.id)).messages.some((m) => m.text.includes('Fire.'))).toBe(true)
  })

  it('asks from the very minute in which the desk closes until that in which it opens, also on days on which the clock changes', async () => {
    const { items } = await desk.call('GET /api/calendars', { as: boss })
    const company = items.find((one) => one.uses.company)!
    const hours = { mon: [['09:00', '17:00']], sun: [['01:00', '04:00']] } as Record<string, [string, string][]>
    await desk.call('PATCH /api/calendars/:id', {
      as: boss,
      params: { id: company.id },
      ifMatch: company.version,
      body: { hours, timeZone: 'Europe/Berlin' },
    })
    const { hear } = await hotline({ forwardTo: '030 555 1200' })
    const open = async (at: string) => {
      desk.clock.moveTo(Temporal.Instant.from(at))
      return (await hear(at, number, '')).text.includes('<Dial')
    }
    const expected: [string, boolean][] = [
      ['2027-01-11T07:59:59+00:00', false],
      ['2027-01-11T08:00:00+00:00', true],
      ['2027-01-11T15:59:59.999+00:00', true],
      ['2027-01-11T16:00:00+00:00', false],
      // An hour is missing, and there twice.
      ['2027-03-28T00:59:59+00:00', true],
      ['2027-03-28T01:59:59+00:00', true],
      ['2027-03-28T02:00:00+00:00', false],
      ['2027-10-31T00:30:00+00:00', true],
      ['2027-10-31T01:30:00+00:00', true],
      ['2027-10-31T02:59:59+00:00', true],
      ['2027-10-31T03:00:00+00:00', false],
    ]
    for (const [at, is] of expected) expect(await open(at), at).toBe(is)
  })

  it('refuses text that cannot be stored with a word, never with a fault', async () => {
    for (const bad of ['a\u0000b', 'a\ud800b']) {
      const line = (more: object) => ask(['POST /api/emergency/lines', { body: { name: `L${Math.random()}`, token, ...more } }], boss)
      expect((await line({ greeting: { en: bad, de: '' } })).status).toBeLessThan(500)
      expect((await line({ forwardTo: bad })).status).toBe(422)
      const reach = { numbers: [{ name: 'x', number: bad }], advice: { en: bad, de: bad } }
      expect((await ask(['PATCH /api/emergency/reach', { body: reach }], boss)).status).toBeLessThan(500)
      const questions = [{ text: { en: bad, de: bad }, answers: [1, 2].map((digit) => ({ digit, text: { en: bad, de: bad } })) }]
      expect((await ask(['POST /api/emergency/sets', { body: { organisationId: ours.id, questions } }], boss)).status).toBeLessThan(500)
    }
    const beyond = '9223372036854775808'
    for (const body of [{ teamId: beyond }, { policyId: beyond }, { teamId: network.id, policyId: '999999' }])
      expect((await ask(['POST /api/emergency/lines', { body: { name: 'N', token, ...body } }], boss)).status).toBeLessThan(500)
    expect((await ask(['GET /api/emergency/card', { query: { organisationId: beyond } }], anna)).status).toBe(404)
    expect((await ask(['GET /api/emergency/questions', { query: { personId: beyond } }], anna)).status).toBe(404)
  })

  it('changes nothing for those who are limited to a customer or a team, and names them no other customers', async () => {
    for (const limitedTo of [{ organisationId: theirs.id }, { teamId: first.id }])
      for (const role of ['lead', 'administrator'] as const) {
        const as = await desk.person(role, { limitedTo })
        const all: Ask[] = [
          ['POST /api/emergency/lines', { body: { name: 'x', token } }],
          ['GET /api/emergency/lines'],
          ['GET /api/emergency/sets'],
          ['PATCH /api/emergency/reach', { body: {} }],
          ['PUT /api/teams/:id/duties', { params: { id: first.id }, ifMatch: 1, body: { settles: [], kinds: [], takes: [], asksFor: [] } }],
        ]
        for (const one of all) expect((await ask(one, as)).status, `${role} ${one[0]}`).toBe(403)
      }
    const as = await desk.person('agent', { limitedTo: { organisationId: theirs.id } })
    expect((await ask(['GET /api/emergency/card'], as)).text).not.toContain('MARKER')
  })
})

describe('figures', () => {
  const span = { from: '2027-01-01', to: '2027-01-13' }
  const count = async () => {
    desk.clock.advance({ minutes: 1 })
    await figureJobs['figures.follow']?.(desk.kernel, {})
    await desk.work()
  }
  it('tell whoever is limited to a customer or a team nothing of others, in whatever form', async () => {
    const made = await open()
    await tell(made.id)
    await desk
      .call('POST /api/tickets/:id/pass', {
        as: anna,
        params: { id: made.id },
        ifMatch: (await full(made.id)).version,
        body: { teamId: first.id, note: 'x' } as never,
      })
      .catch(() => {})
    await desk.call('POST /api/tickets/:id/resolve', { as: boss, ...(await resolving(made.id)) })
    await count()
    const { items } = await desk.call('GET /api/figures/definitions', { as: boss })
    const far = [
      await desk.person('lead', { limitedTo: { organisationId: theirs.id } }),
      await desk.person('lead', { limitedTo: { teamId: network.id } }),
    ]
    const whole = (await desk.call('GET /api/figures', { as: boss, query: span })).items
    expect(whole.find(({ key }) => key === 'escalated-hierarchical')?.now).toMatchObject({ part: 1, count: 1 })
    for (const as of far) {
      const told = (await desk.call('GET /api/figures', { as, query: span })).items
      expect(told.flatMap(({ key, now, days }) => (now.count || days.some((d) => d.count) ? [key] : []))).toEqual([])
      for (const { key, splits } of items) {
        expect((await desk.call('GET /api/figures/:key/rows', { as, params: { key }, query: span })).items, key).toEqual([])
        expect((await ask(['GET /api/figures/:key/csv', { params: { key }, query: span }], as)).text).not.toMatch(/MARKER/)
        for (const split of splits) {
          const found = await desk.call('GET /api/figures/:key/by/:split', { as, params: { key, split }, query: span })
          expect(found.items, `${key} by ${split}`).toEqual([])
        }
      }
    }
  }, 20_000)

  it('refuse what is no figure, no day and no page mark with a word, never with a fault', async () => {
    const one = async (path: string, query: object) =>
      (await ask([path, { params: { key: 'resolved', split: 'team' }, query: { ...span, ...query } }], boss)).status
    for (const path of ['GET /api/figures', 'GET /api/figures/:key/rows', 'GET /api/figures/:key/by/:split', 'GET /api/figures/:key/csv'])
      for (const query of [
        { from: '0000-01-01', to: '0000-01-02' },
        { from: '0001-01-01', to: '0001-01-02' },
        { from: '9999-12-30', to: '9999-12-31' },
        { team: '9223372036854775808' },
        { organisation: '9999999999999999999' },
        { priority: '1e400' },
        { priority: '-1' },
        { kind: "incident'" },
        { person: '9223372036854775808' },
      ])
        expect(await one(path, query), `${path} ${JSON.stringify(query)}`).toBeLessThan(500)
    for (const keys of ['', ',', 'resolved,', '__proto__', 'constructor', 'resolved,resolved,nothing'])
      expect(await one('GET /api/figures', { keys }), keys).toBe(422)
    expect(await one('GET /api/figures', { keys: 'resolved,resolved' })).toBe(200)
    for (const mark of ['x', '1 1', '2027 1', 'Sun 1', `${'9'.repeat(30)} 1`, '2027-01-01T00:00:00Z -1', '\u0000 1', '-1 1', '1,2 3'])
      expect(await one('GET /api/figures/:key/rows', { after: Buffer.from(mark).toString('base64url') }), mark).toBeLessThan(500)
    for (const mark of ['["x","1"]', '[1,"1"]', '["2027","1"]', '[null,"1"]', '["1","1"]', '{}', '[]', 'null'])
      for (const key of ['stale', 'unassigned', 'waiting']) {
        const query = { after: Buffer.from(mark).toString('base64url') }
        expect((await ask(['GET /api/home/exceptions/:key', { params: { key }, query }], boss)).status, `${key} ${mark}`).toBeLessThan(500)
      }
    for (const [key, split] of [
      ['resolved', 'cause'],
      ['resolved', '__proto__'],
      ['constructor', 'team'],
      ['resolved', 'assignee'],
    ] as const)
      expect((await ask(['GET /api/figures/:key/by/:split', { params: { key, split }, query: span }], boss)).status).toBe(404)
  }, 20_000)

  it('are no formulas in a spreadsheet, whatever a team or a ticket is called', async () => {
    const evil = await desk.team('=cmd|"/c calc"!A1', 1)
    const made = await open({ subject: '@SUM(1+1)', teamId: evil.id })
    await desk.call('POST /api/tickets/:id/resolve', { as: boss, ...(await resolving(made.id)) })
    await count()
    for (const one of [
      ['GET /api/figures/:key/by/:split/csv', { params: { key: 'resolved', split: 'team' }, query: span }],
      ['GET /api/figures/:key/csv', { params: { key: 'resolved' }, query: span }],
    ] as Ask[]) {
      const { text } = await ask(one, boss)
      expect(text).toContain(`"'=cmd|""/c calc""!A1"`)
      expect(text).not.toMatch(/(^|,)"?[=@+-][^\d]/m)
    }
  })
})

describe('terms that are tried on the past', () => {
  const goal = (n: number) => ({ when: { all: [], any: [] }, time: { minutes: n } })
  const rule = (n: number) => ({ key: 'r', name: 'R', target: 'resolution', clock: 'calendar', goals: [goal(n)] })
  const terms = { kind: 'sla', name: 'New', rules: [rule(5)] }
  const days = { fromOn: '2027-01-01', toOn: '2027-01-13' }
  const replay = (body: object, as = boss) => ask(['POST /api/agreements/replay', { body: { terms, ...days, ...body } }], as)

  it('name no ticket that is restricted to others, and are for administrators of the whole desk only', async () => {
    const made = await open()
    const lead = await desk.person('lead')
    desk.clock.advance({ minutes: 10 })
    await desk.call('POST /api/tickets/:id/resolve', { as: boss, ...(await resolving(made.id)) })
    desk.clock.advance({ minutes: 1 })
    expect((await replay({})).text).toContain('MARKER')
    const to = { personIds: [lead.id], teamIds: [] }
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: made.id }, body: { to } })
    const told = await replay({})
    expect([told.status, told.text.includes('MARKER')]).toEqual([200, false])
    const far = await desk.person('administrator', { limitedTo: { organisationId: ours.id } })
    for (const as of [anna, lead, far, asker]) expect((await replay({}, as)).status).toBe(403)
  })

  it('are refused with a word where days or terms make no sense', async () => {
    for (const body of [
      { fromOn: '0000-01-01', toOn: '9999-12-31' },
      { fromOn: '9999-12-31', toOn: '9999-12-31' },
      { fromOn: '2027-02-30' },
      { fromOn: '2027-01-13', toOn: '2027-01-01' },
      { fromOn: '' },
      { agreementId: '9223372036854775808' },
      { agreementId: '999999' },
      { terms: { ...terms, organisationId: '999999' } },
      { terms: { ...terms, name: 'a\u0000' } },
      { terms: { ...terms, rules: [rule(-5)] } },
      { terms: { ...terms, rules: [] } },
    ])
      expect((await replay(body)).status, JSON.stringify(body).slice(0, 80)).toBeLessThan(500)
  })
})
