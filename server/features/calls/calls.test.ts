import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()

/** A telephone system with its key, as it speaks. */
async function phoneSystem() {
  const chief = await desk.person('administrator')
  const { address } = await desk.call('POST /api/phone-systems', { as: chief, body: { name: 'Switchboard' } })
  const key = address.split('/').pop()!
  const tell = (body: Record<string, unknown>) =>
    desk.call('POST /api/cti/:key', { params: { key }, body: { direction: 'in', ...body } as never })
  return { chief, key, tell }
}
const tomorrow = (hours = 24) => desk.clock.now().add({ hours }).toString()
async function known(phone: string, more: Parameters<typeof desk.person>[1] = {}) {
  const person = await desk.person('requester', more)
  await desk.kernel.asSystem(({ db }) =>
    sql`update person set phones = ${JSON.stringify([{ kind: 'work', number: phone }])} where id = ${person.id}`.execute(db),
  )
  return person
}

it('SD-1 a caller is found by the number however it is written, with what one must know of them', async () => {
  const chief = await desk.person('administrator')
  await desk.call('PATCH /api/telephone/settings', { as: chief, body: { country: 'DE' } })
  const anna = await known('030 / 555 71-60', { name: 'Anna Tief' })
  const agent = await desk.person('agent')
  const open = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'No sound', requesterId: anna.id } })
  for (const q of ['+49 30 5557160', '0049305557160', '+49 (0)30 555 71 60', '030 5557160']) {
    const found = await desk.call('GET /api/callers', { as: agent, query: { q } })
    expect(found.number).toBe('+49305557160')
    expect(found.items.map((one) => [one.name, one.match, one.openTickets.map((t) => t.id)])).toEqual([['Anna Tief', 'number', [open.id]]])
  }
  expect((await desk.call('GET /api/callers', { as: agent, query: { q: 'tief anna' } })).items[0]?.match).toBe('name')
  expect((await desk.call('GET /api/callers', { as: agent, query: { q: anna.email } })).items[0]?.match).toBe('mail')
  const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
  expect((await desk.call('GET /api/callers', { as: limited, query: { q: '030 5557160' } })).items).toEqual([])
})

it('numbers found before another country is chosen are read anew afterwards', async () => {
  const chief = await desk.person('administrator')
  await known('044 668 18 00', { name: 'Reto' })
  await desk.call('PATCH /api/telephone/settings', { as: chief, body: { country: 'CH' } })
  await desk.work()
  expect((await desk.call('GET /api/callers', { as: chief, query: { q: '+41446681800' } })).items.map((one) => one.name)).toEqual(['Reto'])
})

it('SD-1 a call solved at once is a resolved phone ticket with its row in the call log', async () => {
  const agent = await desk.person('agent')
  const { ticketId, call } = await desk.call('POST /api/calls', {
    as: agent,
    body: {
      newPerson: { name: 'Ida Neu' },
      number: '+49 171 5550001',
      subject: 'Where is the VPN?',
      text: 'Shown where it is.',
      ending: 'solve',
      code: 'advice',
    },
  })
  const ticket = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticketId } })
  expect([ticket.channel, ticket.status.meaning, ticket.resolutionCode, ticket.requester.name]).toEqual([
    'phone',
    'resolved',
    'advice',
    'Ida Neu',
  ])
  expect([call.number, call.state, call.ending, call.agent?.id]).toEqual(['+491715550001', 'ended', 'solve', agent.id])
  // The new caller is known from now on.
  expect((await desk.call('GET /api/callers', { as: agent, query: { q: '+491715550001' } })).items.map((one) => one.name)).toEqual([
    'Ida Neu',
  ])
})

it('a call fills the own fields of its ticket, and is told which of them is wrong', async () => {
  const [agent, manager] = [await desk.person('agent'), await desk.person('manager')]
  const label = { en: 'Seats', de: 'Plätze' }
  await desk.call('POST /api/fields', { as: manager, body: { key: 'seats', label, type: 'number', kinds: ['incident'] } })
  const log = (fields: Record<string, string | number>) => ({
    as: agent,
    body: { newPerson: { name: 'Ida Neu' }, subject: 'No chairs', fields, ending: 'keep' as const },
  })
  const wrong = await desk.refused('validation_failed', 'POST /api/calls', log({ seats: 'many' }))
  expect(wrong.issues).toMatchObject([{ path: 'fields.seats' }])
  const { ticketId } = await desk.call('POST /api/calls', log({ seats: 12 }))
  expect(await desk.call('GET /api/tickets/:id', { as: agent, params: { id: ticketId } })).toMatchObject({ fields: { seats: 12 } })
})

it('a call is sent on with a hand-off note, or added to an open ticket as what was said on the phone', async () => {
  const agent = await desk.person('agent')
  const team = await desk.team('Servers', 2)
  const caller = await desk.person('requester')
  const sent = await desk.call('POST /api/calls', {
    as: agent,
    body: { personId: caller.id, subject: 'Disk full', text: 'C: is full, please look at the log.', ending: 'send', teamId: team.id },
  })
  const ticket = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: sent.ticketId } })
  expect([ticket.team?.id, ticket.messages.at(-1)?.internal, ticket.messages.at(-1)?.text]).toEqual([
    team.id,
    true,
    'C: is full, please look at the log.',
  ])
  const added = await desk.call('POST /api/calls', {
    as: agent,
    body: { ending: 'add', ticketId: sent.ticketId, text: 'Called again: still full.' },
  })
  expect(added.ticketId).toBe(sent.ticketId)
  const again = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: sent.ticketId } })
  expect([again.messages.at(-1)?.kind, again.messages.at(-1)?.direction]).toEqual(['phone', 'in'])
})

it('everything that is missing in a call form is told at once, beside its field', async () => {
  const agent = await desk.person('agent')
  const refused = await desk.refused('validation_failed', 'POST /api/calls', { as: agent, body: { ending: 'send' } })
  expect(refused.issues?.map((issue) => issue.path)).toEqual(['personId', 'subject', 'teamId', 'text'])
})

it('SD-2 INC-5 the ticket says how and when its requester wants to be called back; when that is due, the bell rings', async () => {
  const agent = await desk.person('agent')
  const colleague = await desk.person('agent')
  const caller = await known('+49 30 5550002')
  const { ticketId } = await desk.call('POST /api/calls', {
    as: agent,
    body: {
      personId: caller.id,
      subject: 'Call me about the screen',
      ending: 'keep',
      callBack: { fromAt: tomorrow(2), untilAt: tomorrow(4), method: 'phone', assigneeId: colleague.id },
    },
  })
  const [one] = (await desk.call('GET /api/tickets/:id/call-backs', { as: agent, params: { id: ticketId } })).items
  expect([one?.number, one?.method, one?.assignee?.id, one?.state]).toEqual(['+49305550002', 'phone', colleague.id, 'open'])
  const bells = async () => (await desk.call('GET /api/notices', { as: colleague })).items.map((n) => n.reason)
  await desk.call('POST /api/notices/read', { as: colleague, body: {} })
  const due = async () => {
    await desk.kernel.asSystem(async (context) => context.later({ identifier: 'calls.ring-due', payload: {} }))
    await desk.work()
  }
  await due()
  expect((await desk.call('GET /api/notices', { as: colleague })).unread).toBe(0)
  desk.clock.advance({ hours: 3 })
  await due()
  expect((await desk.call('GET /api/notices', { as: colleague })).unread).toBe(1)
  expect(await bells()).toContain('call-back')
  expect((await desk.call('GET /api/call-backs', { as: colleague, query: { mine: 'true' } })).due).toBe(1)
  const missed = await desk.call('POST /api/call-backs/:id/result', {
    as: colleague,
    params: { id: one!.id },
    body: { result: 'not-reached' },
  })
  expect([missed.tries, missed.state]).toEqual([1, 'open'])
  expect((await desk.call('GET /api/call-backs', { as: colleague, query: { mine: 'true' } })).due).toBe(0)
  const reached = await desk.call('POST /api/call-backs/:id/result', {
    as: colleague,
    params: { id: one!.id },
    body: { result: 'reached' },
  })
  expect(reached.state).toBe('reached')
  await desk.refused('status_move_refused', 'POST /api/call-backs/:id/result', {
    as: colleague,
    params: { id: one!.id },
    body: { result: 'reached' },
  })
  // A colleague who does not see the ticket does not see that somebody waits for a call.
  const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
  expect((await desk.call('GET /api/call-backs', { as: limited })).items).toEqual([])
  await desk.refused('not_allowed', 'GET /api/tickets/:id/call-backs', { as: caller, params: { id: ticketId } })
})

it('a stale change of a call-back is refused with what holds now', async () => {
  const agent = await desk.person('agent')
  const { ticketId } = await desk.call('POST /api/calls', {
    as: agent,
    body: { newPerson: { name: 'Uwe' }, subject: 'Later', ending: 'keep' },
  })
  const made = await desk.call('POST /api/tickets/:id/call-backs', {
    as: agent,
    params: { id: ticketId },
    body: { fromAt: tomorrow(), number: '214' },
  })
  const change = { as: agent, params: { id: made.id }, ifMatch: made.version }
  await desk.call('PATCH /api/call-backs/:id', { ...change, body: { note: 'After lunch' } })
  const refused = await desk.refused('version_stale', 'PATCH /api/call-backs/:id', { ...change, body: { note: 'Before lunch' } })
  expect((refused['current'] as { note: string }).note).toBe('After lunch')
  const bad = { as: agent, params: { id: made.id }, ifMatch: made.version + 1, body: { untilAt: desk.clock.now().toString() } }
  expect((await desk.refused('validation_failed', 'PATCH /api/call-backs/:id', bad)).issues?.[0]?.path).toBe('untilAt')
})

it('a promised call goes with a merged ticket, and comes home when that is undone', async () => {
  const agent = await desk.person('agent')
  const opened = async (name: string) => {
    const body = { newPerson: { name }, subject: 'Later', ending: 'keep' as const }
    return (await desk.call('POST /api/calls', { as: agent, body })).ticketId
  }
  const [fromId, intoId] = [await opened('Uwe'), await opened('Uta')]
  await desk.call('POST /api/tickets/:id/call-backs', { as: agent, params: { id: fromId }, body: { fromAt: tomorrow(), number: '214' } })
  const promisedOn = async (id: string) => (await desk.call('GET /api/tickets/:id/call-backs', { as: agent, params: { id } })).items.length
  const merge = await desk.call('POST /api/tickets/:id/merge', { as: agent, params: { id: fromId }, body: { intoId } })
  expect([await promisedOn(intoId), await promisedOn(fromId)]).toEqual([1, 0])
  await desk.call('POST /api/merges/:id/undo', { as: agent, params: { id: merge.mergeId } })
  expect([await promisedOn(intoId), await promisedOn(fromId)]).toEqual([0, 1])
})

it('SD-1 the telephone system tells of a call: it rings for whoever has the extension, is answered and ends, each told twice', async () => {
  const { tell } = await phoneSystem()
  const agent = await desk.person('agent')
  await desk.call('PUT /api/me/extension', { as: agent, body: { number: '214' } })
  const anna = await known('+49 30 5557160')
  for (const _ of [1, 2]) await tell({ event: 'newCall', from: '49305557160', to: '214', callId: 'c1' })
  const [ringing] = (await desk.call('GET /api/calls', { as: agent, query: { mine: 'true' } })).items
  expect([ringing?.state, ringing?.number, ringing?.person?.id, ringing?.agent?.id]).toEqual(['ringing', '+49305557160', anna.id, agent.id])
  const rang = await desk.kernel.asSystem(({ db }) =>
    sql<{ data: { personId: string } }>`select data from event where type = 'call.ringing'`.execute(db),
  )
  expect(rang.rows.map((row) => row.data.personId)).toEqual([agent.id])
  desk.clock.advance({ seconds: 5 })
  for (const _ of [1, 2]) await tell({ event: 'answer', from: '49305557160', to: '214', callId: 'c1', answeringNumber: '214' })
  desk.clock.advance({ seconds: 60 })
  for (const _ of [1, 2]) await tell({ event: 'hangup', from: '49305557160', to: '214', callId: 'c1', cause: 'normalClearing' })
  await tell({ event: 'newCall', from: '49305557160', to: '214', callId: 'c1' })
  const { items } = await desk.call('GET /api/calls', { as: agent })
  expect(items).toHaveLength(1)
  expect(items[0]?.state).toBe('ended')
  expect(Date.parse(items[0]!.endedAt!) - Date.parse(items[0]!.answeredAt!)).toBe(60_000)
  // Written down, it is the same call.
  const { call } = await desk.call('POST /api/calls', {
    as: agent,
    body: { callId: items[0]!.id, personId: anna.id, subject: 'Mouse', text: 'New one.', ending: 'solve' },
  })
  expect([call.id, call.ending]).toEqual([items[0]!.id, 'solve'])
})

it('a form is as good as JSON, a withheld number is nobody, and a wrong or old key is no address at all', async () => {
  const { chief, key, tell } = await phoneSystem()
  const form = await desk.app.inject({
    method: 'POST',
    url: `/api/cti/${key}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'event=newCall&from=anonymous&to=4930555&direction=in&callId=f1&user%5B%5D=Alice&user%5B%5D=Bob',
  })
  expect([form.statusCode, form.body]).toEqual([200, '{}'])
  expect((await desk.call('GET /api/calls', { as: chief })).items.map((one) => [one.number, one.person])).toEqual([[null, null]])
  const [system] = (await desk.call('GET /api/phone-systems', { as: chief })).items
  const { address } = await desk.call('POST /api/phone-systems/:id/rotate', { as: chief, params: { id: system!.id } })
  await expect(tell({ event: 'newCall', from: '1', callId: 'f2' })).rejects.toThrow(/404/)
  const fresh = { params: { key: address.split('/').pop()! }, body: { event: 'hangup' as const, callId: 'f1', cause: 'cancel' } }
  await desk.call('POST /api/cti/:key', fresh)
  expect((await desk.call('GET /api/calls', { as: chief, query: { missed: 'true' } })).items.map((one) => one.state)).toEqual(['missed'])
  const kept = await desk.kernel.asSystem(({ db }) =>
    sql<{ text: string }>`select string_agg(s::text, ' ') as text from phone_system s`.execute(db),
  )
  expect(kept.rows[0]?.text).not.toContain(key)
})

it('a missed call stands in the list until somebody saw to it; where it is set so, it opens one ticket a day for each caller', async () => {
  const { chief, tell } = await phoneSystem()
  const anna = await known('+49 30 5557160')
  const miss = async (callId: string, from = '49305557160') => {
    await tell({ event: 'newCall', from, to: '30', callId })
    await tell({ event: 'hangup', from, to: '30', callId, cause: 'noAnswer' })
  }
  const missed = async () => (await desk.call('GET /api/calls', { as: chief, query: { missed: 'true' } })).items
  await miss('m1')
  expect((await missed()).map((one) => [one.person?.id, one.ticket])).toEqual([[anna.id, null]])
  await desk.call('POST /api/calls/:id/settle', { as: chief, params: { id: (await missed())[0]!.id } })
  expect(await missed()).toEqual([])
  const team = await desk.team('First line')
  await desk.call('PATCH /api/telephone/settings', { as: chief, body: { missed: 'ticket', missedTeamId: team.id } })
  await miss('m2')
  await miss('m3')
  await miss('m4', '49309999999')
  const tickets = (await missed()).map((one) => one.ticket?.id)
  expect(new Set(tickets.slice(1))).toHaveProperty('size', 1)
  expect(tickets[0]).toBeUndefined()
  const ticket = await desk.call('GET /api/tickets/:id', { as: chief, params: { id: tickets[1]! } })
  expect([ticket.channel, ticket.team?.id, ticket.requester.id]).toEqual(['phone', team.id, anna.id])
  desk.clock.advance({ hours: 25 })
  await miss('m5')
  expect((await missed())[0]?.ticket?.id).not.toBe(ticket.id)
})

it('an extension rings for one person only', async () => {
  const [one, two] = [await desk.person('agent'), await desk.person('agent')]
  await desk.call('PUT /api/me/extension', { as: one, body: { number: '214' } })
  expect((await desk.refused('validation_failed', 'PUT /api/me/extension', { as: two, body: { number: '214' } })).issues?.[0]?.code).toBe(
    'taken',
  )
  await desk.call('PUT /api/me/extension', { as: one, body: { number: '' } })
  expect((await desk.call('PUT /api/me/extension', { as: two, body: { number: '214' } })).number).toBe('214')
})
