import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  asker = await desk.person('requester')
})

describe('opening a ticket', () => {
  it('an agent opens one for a caller and sees it first in the list', async () => {
    const made = await desk.call('POST /api/tickets', {
      as: agent,
      body: { subject: 'Printer does not print', body: 'It is on.', requester: { email: asker.email, name: '' }, channel: 'phone' },
    })
    expect(made).toMatchObject({
      subject: 'Printer does not print',
      requester: { id: asker.id },
      channel: 'phone',
      status: { meaning: 'new' },
      version: 1,
    })
    expect(made.number).toBeGreaterThanOrEqual(1001)
    const list = await desk.call('GET /api/tickets', { as: agent })
    expect(list.items[0]).toMatchObject({ id: made.id, unread: true, preview: 'It is on.' })
  })

  it('a requester opens one in the portal, and the two questions give urgency and impact', async () => {
    const made = await desk.call('POST /api/tickets', {
      as: asker,
      body: { subject: 'No network', body: 'All dark.', canWork: 'no', affected: 'others-too' },
    })
    const seen = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    expect(seen).toMatchObject({ urgency: 3, impact: 2, priority: 2, initialPriority: 2 })
  })

  it('a requester cannot set what only staff may', async () => {
    await desk.refused('not_allowed', 'POST /api/tickets', { as: asker, body: { subject: 'x', requesterId: agent.id } })
  })

  it('creates and resolves in one step', async () => {
    const made = await desk.call('POST /api/tickets', {
      as: agent,
      body: { subject: 'Password', requesterId: asker.id, resolve: { code: 'solved', text: 'Reset.' } },
    })
    expect(made).toMatchObject({ status: { meaning: 'resolved' }, resolution: 'Reset.' })
  })

  it('tells everything that is wrong at once, by field', async () => {
    const problem = await desk.refused('validation_failed', 'POST /api/tickets', {
      as: agent,
      body: { subject: '', impact: 9, nonsense: 1 } as never,
    })
    expect(problem.issues?.map((i) => i.path).sort()).toEqual(['impact', 'nonsense', 'subject'])
  })

  it('the same Idempotency-Key makes one ticket; with another body it is refused', async () => {
    const send = (subject: string) =>
      desk.ask('POST /api/tickets', { as: agent, body: { subject, requesterId: asker.id }, headers: { 'idempotency-key': 'k1' } })
    const [first, second] = [await send('Twice'), await send('Twice')]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.id).toBe(first.body.id)
    expect((await send('Other')).body).toMatchObject({ code: 'idempotency_key_reused' })
  })

  it('the answer that is kept for an Idempotency-Key is sealed: a key that is told once lies nowhere in clear', async () => {
    const boss = await desk.person('administrator')
    const add = () =>
      desk.ask('POST /api/alert-sources', { as: boss, body: { name: 'Probe', kind: 'pagerduty' }, headers: { 'idempotency-key': 'k2' } })
    const [first, second] = [await add(), await add()]
    expect(second.body).toEqual(first.body)
    const kept = await desk.sandbox.asOwner(() =>
      desk.sandbox.client.query(`select answer::text as answer from idempotency where key = 'k2'`),
    )
    expect(kept.rows).toHaveLength(1)
    expect(kept.rows[0].answer).not.toContain((first.body as { key: string }).key)
  })
})

describe('the conversation', () => {
  it('an internal note reaches nobody', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Screen', body: 'Flickers' } })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'SECRET-NOTE', internal: true } })
    const theirs = await desk.ask('GET /api/tickets/:id', { as: asker, params: { id: made.id } })
    const list = await desk.ask('GET /api/tickets', { as: asker })
    const timeline = await desk.ask('GET /api/tickets/:id/timeline', { as: asker, params: { id: made.id } })
    expect(theirs.text + list.text + timeline.text).not.toContain('SECRET-NOTE')
    const ours = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    expect(ours.messages.map((m) => [m.internal, m.text])).toEqual([
      [false, 'Flickers'],
      [true, 'SECRET-NOTE'],
    ])
  })

  it('an answer opens a new ticket and stops the waiting; the requester writing again starts it', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'Dead' } })
    const see = () => desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    expect((await see()).waitingSince).not.toBeNull()
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Try another port.' } })
    expect(await see()).toMatchObject({ waitingSince: null, status: { meaning: 'open' } })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: made.id }, body: { body: 'Still dead.' } })
    expect((await see()).waitingSince).not.toBeNull()
  })

  it('warns when somebody wrote meanwhile', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'Dead' } })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: made.id }, body: { body: 'And the keyboard.' } })
    const problem = await desk.refused('newer_message', 'POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: made.id },
      body: { body: 'Hi', seenMessageId: made.lastMessageId },
    })
    expect(problem.lastMessageId).toBeDefined()
  })

  it('an answer can be taken back within ten seconds and not after', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'Dead' } })
    const reply = () => desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Oops' } })
    const undone = await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: (await reply()).id } })
    expect(undone.body).toBe('Oops')
    const after = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    expect(after.messages).toHaveLength(1)
    expect(after.waitingSince).not.toBeNull()
    const late = await reply()
    desk.clock.advance({ seconds: 11 })
    await desk.refused('undo_too_late', 'POST /api/messages/:id/undo', { as: agent, params: { id: late.id } })
  })

  it('a reply to a resolved ticket reopens it, and is counted', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'Dead' } })
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { code: 'solved', text: 'New mouse.' },
    })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: made.id }, body: { body: 'Dead again.' } })
    expect(await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })).toMatchObject({
      status: { meaning: 'open' },
      reopenedCount: 1,
      resolvedAt: null,
    })
  })

  it('resolved and unanswered, it closes after the set number of days, and then takes no reply', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'Dead' } })
    await desk.call('POST /api/tickets/:id/resolve', { as: agent, params: { id: made.id }, ifMatch: 1, body: { code: 'solved' } })
    desk.clock.advance({ hours: 24 * 6 })
    const { ticketJobs } = await import('./jobs.ts')
    await ticketJobs['tickets.close-resolved']?.(desk.kernel, {})
    await ticketJobs['tickets.close-resolved']?.(desk.kernel, {})
    const late = await desk.person('agent')
    expect(await desk.call('GET /api/tickets/:id', { as: late, params: { id: made.id } })).toMatchObject({ status: { meaning: 'closed' } })
    await desk.refused('ticket_closed', 'POST /api/tickets/:id/replies', { as: late, params: { id: made.id }, body: { body: 'x' } })
  })
})

describe('changing a ticket', () => {
  it('asks for the version, refuses a stale one and shows the other change', async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
    await desk.refused('version_missing', 'PATCH /api/tickets/:id', { as: agent, params: { id: made.id }, body: { subject: 'B' } })
    await desk.call('PATCH /api/tickets/:id', { as: agent, params: { id: made.id }, ifMatch: 1, body: { subject: 'B', urgency: 3 } })
    const stale = await desk.refused('version_stale', 'PATCH /api/tickets/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { subject: 'C' },
    })
    expect(stale.current).toMatchObject({ subject: 'B', version: 2, urgency: 3, priority: 3, initialPriority: 5 })
  })

  it('is passed to another tier with a note, and the history tells it', async () => {
    const tier2 = await desk.team('Network', 2)
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
    const passed = await desk.call('POST /api/tickets/:id/pass', {
      as: agent,
      params: { id: made.id },
      ifMatch: 1,
      body: { teamId: tier2.id, note: 'Switch port is dead.' },
    })
    expect(passed).toMatchObject({ team: { id: tier2.id, tier: 2 }, assignee: null, passedCount: 1 })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: made.id } })
    expect(items.map((e) => e.type)).toEqual(['ticket.created', 'ticket.passed'])
    expect(items[1]?.names[`team:${tier2.id}`]).toBe('Network')
  })
})

describe('who sees what', () => {
  it("a stranger's ticket does not exist for a requester, with the same answer as none at all", async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
    const stranger = await desk.person('requester')
    const hidden = await desk.refused('not_found', 'GET /api/tickets/:id', { as: stranger, params: { id: made.id } })
    const none = await desk.refused('not_found', 'GET /api/tickets/:id', { as: stranger, params: { id: '999999' } })
    expect({ ...hidden, requestId: '' }).toEqual({ ...none, requestId: '' })
  })

  it('a restricted ticket does not exist for others: lists, counts, by id', async () => {
    const lead = await desk.person('lead')
    const made = await desk.call('POST /api/tickets', { as: lead, body: { subject: 'Personnel', requesterId: asker.id } })
    const before = await desk.call('GET /api/tickets/views', { as: agent })
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: made.id }, body: { to: { personIds: [], teamIds: [] } } })
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    const after = await desk.call('GET /api/tickets/views', { as: agent })
    const open = (v: typeof after) => v.items.find((x) => x.key === 'all-open')?.count
    expect(open(after)).toBe((open(before) ?? 0) - 1)
    expect((await desk.call('GET /api/tickets', { as: agent })).items.some((t) => t.id === made.id)).toBe(false)
    expect((await desk.call('GET /api/tickets/:id', { as: lead, params: { id: made.id } })).restricted).not.toBeNull()
    expect((await desk.call('GET /api/tickets/:id', { as: asker, params: { id: made.id } })).id).toBe(made.id)
  })

  it('an agent limited to a customer sees only that customer', async () => {
    const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const a = await desk.person('requester', { organisationId: ours.id })
    const b = await desk.person('requester', { organisationId: theirs.id })
    const mine = await desk.call('POST /api/tickets', { as: a, body: { subject: 'ours', body: 'x' } })
    await desk.call('POST /api/tickets', { as: b, body: { subject: 'theirs', body: 'x' } })
    expect((await desk.call('GET /api/tickets', { as: limited })).items.map((t) => t.id)).toEqual([mine.id])
  })

  it('pages by keyset without a gap or a double', async () => {
    for (let n = 0; n < 7; n++) await desk.call('POST /api/tickets', { as: asker, body: { subject: `T${n}`, body: 'x' } })
    for (const sort of ['newest', 'changed', 'waiting'] as const) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const page: { items: { id: string }[]; next: string | null } = await desk.call('GET /api/tickets', {
          as: agent,
          query: { sort, limit: 3, requesterId: asker.id, ...(after ? { after } : {}) },
        })
        seen.push(...page.items.map((t) => t.id))
        after = page.next
      } while (after)
      expect(new Set(seen).size).toBe(7)
      expect(seen).toHaveLength(7)
    }
  })
})

describe("what the requester's side is told of us", () => {
  it('who has it by first name or by team, as the company lets them know', async () => {
    const admin = await desk.person('administrator')
    const anna = await desk.person('agent', { name: 'Anna Lindqvist' })
    const team = await desk.team('Network', 2, [anna])
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'A', body: 'x' } })
    await desk.call('POST /api/tickets/:id/take', { as: anna, params: { id: made.id } })
    const see = () => desk.call('GET /api/tickets/:id', { as: asker, params: { id: made.id } })
    expect(await see()).toMatchObject({ assignee: { name: 'Anna' }, team: null })
    await desk.call('PATCH /api/company/settings', { as: admin, body: { whoHasIt: 'team' } })
    expect(await see()).toMatchObject({ assignee: null, team: { id: team.id } })
    expect((await desk.call('GET /api/tickets', { as: asker })).items[0]).toMatchObject({ assignee: null, team: { id: team.id } })
  })

  it('an internal note moves no date that they see, and warns them of nothing', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'A', body: 'x' } })
    const before = (await desk.call('GET /api/tickets', { as: asker })).items[0]
    desk.clock.advance({ hours: 1 })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Hm.', internal: true } })
    expect((await desk.call('GET /api/tickets', { as: asker })).items[0]).toEqual(before)
    await desk.call('POST /api/tickets/:id/replies', {
      as: asker,
      params: { id: made.id },
      body: { body: 'More.', seenMessageId: made.lastMessageId },
    })
  })

  it('an answer that can still be taken back is not there yet', async () => {
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'A', body: 'x' } })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Oops' } })
    const see = async () => (await desk.call('GET /api/tickets/:id', { as: asker, params: { id: made.id } })).messages.length
    expect(await see()).toBe(1)
    desk.clock.advance({ seconds: 11 })
    expect(await see()).toBe(2)
  })

  it('an agent who writes from the portal about an own request writes as the one who asks', async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'My own screen', body: 'Dark.' } })
    const said = await desk.call('POST /api/tickets/:id/replies', {
      as: agent,
      params: { id: made.id },
      body: { body: 'Still dark.', kind: 'portal' },
    })
    expect(said).toMatchObject({ direction: 'in', internal: false })
  })
})

describe('an answer that changes the status', () => {
  it('says so in the history: the first answer, and one that is sent to wait', async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Toner', requester: { email: asker.email } } })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'Which printer?' } })
    const { items: statuses } = await desk.call('GET /api/statuses', { as: agent })
    const waiting = statuses.find(({ meaning }) => meaning === 'waiting-requester')!
    const body = { body: 'Please look at its label.', statusId: waiting.id }
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: made.id }, body: { body: 'It says 4711.' } })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: made.id } })
    const moves = items.filter(({ type }) => type === 'ticket.changed').map(({ data }) => (data as { changes: object }).changes)
    const open = statuses.find(({ meaning }) => meaning === 'open')!
    expect(moves).toEqual([
      { status_id: [made.status.id, open.id], meaning: ['new', 'open'] },
      { status_id: [open.id, waiting.id], meaning: ['open', 'waiting-requester'] },
      { status_id: [waiting.id, open.id], meaning: ['waiting-requester', 'open'] },
    ])
  })
})
