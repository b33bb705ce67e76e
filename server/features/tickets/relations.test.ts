import { beforeEach, describe, expect, it } from 'vitest'
import type { Relation } from '../../../contract/tickets.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { atLeastAsRestricted, fillFor, linkOf, relationOf } from './rules-relations.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let asker: TestPerson
let house: { id: string }
beforeEach(async () => {
  house = await desk.organisation()
  agent = await desk.person('agent')
  lead = await desk.person('lead')
  asker = await desk.person('requester', { name: 'Casey', organisationId: house.id })
})

const open = async (subject: string, as: TestPerson = asker) =>
  (await desk.call('POST /api/tickets', { as, body: { subject, body: `${subject}!` } })).id
const see = (id: string, as: TestPerson = agent) => desk.call('GET /api/tickets/:id', { as, params: { id } })
const linksOf = (id: string, as: TestPerson = agent) => desk.call('GET /api/tickets/:id/links', { as, params: { id } })
const link = (id: string, relation: Relation, ticketId: string) =>
  desk.call('POST /api/tickets/:id/links', { as: agent, params: { id }, body: { relation, ticketId } })
const refusedLink = (code: string, id: string, relation: Relation, ticketId: string, as = agent) =>
  desk.refused(code, 'POST /api/tickets/:id/links', { as, params: { id }, body: { relation, ticketId } })
const resolve = (id: string, version: number, more = {}) =>
  ({ as: agent, params: { id }, ifMatch: version, body: { code: 'solved', text: 'Done.', ...more } }) as const
const typesOn = async (id: string) =>
  (await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id } })).items.map((event) => event.type)

describe('links', () => {
  it('GEN-11 records are linked with a type that reads rightly from both ends, and both remember it', async () => {
    const [a, b] = [await open('A'), await open('B')]
    for (const [relation, back] of [
      ['related', 'related'],
      ['duplicate-of', 'has-duplicate'],
      ['caused-by', 'causes'],
      ['blocks', 'blocked-by'],
      ['child-of', 'parent-of'],
    ] as const) {
      const { links } = await link(a, relation, b)
      const made = links.at(-1)!
      expect(made).toMatchObject({ relation, ticket: { id: b } })
      const there = await linksOf(b)
      expect([...there.links, ...there.children].at(-1)).toMatchObject({ relation: back, ticket: { id: a } })
      await refusedLink('already_exists', b, back, a)
      await desk.call('DELETE /api/tickets/:id/links/:linkId', { as: agent, params: { id: b, linkId: made.id } })
      expect((await linksOf(a)).links).toEqual([])
    }
    for (const id of [a, b])
      expect(await typesOn(id)).toEqual(['ticket.created', ...Array(5).fill(['ticket.linked', 'ticket.unlinked']).flat()])
  })

  it('no ticket is linked with itself, stands below itself, or has two parents', async () => {
    const [a, b, c] = [await open('A'), await open('B'), await open('C')]
    await refusedLink('validation_failed', a, 'related', a)
    await link(a, 'child-of', b)
    await link(b, 'child-of', c)
    expect((await refusedLink('validation_failed', c, 'child-of', a)).issues?.[0]).toMatchObject({ path: 'ticketId', code: 'circle' })
    expect((await refusedLink('validation_failed', c, 'parent-of', a)).issues?.[0]).toMatchObject({ code: 'has-parent' })
  })

  it('E-058 a ticket that one may not see is not linked, not shown and not counted', async () => {
    const theirs = await open('Theirs', await desk.person('requester', { organisationId: (await desk.organisation()).id }))
    const ours = await open('Ours')
    const limited = await desk.person('agent', { limitedTo: { organisationId: house.id } })
    expect((await refusedLink('validation_failed', ours, 'related', theirs, limited)).issues?.[0]?.path).toBe('ticketId')
    await link(ours, 'related', theirs)
    await link(theirs, 'child-of', ours)
    expect(await linksOf(ours)).toMatchObject({ childrenTotal: 1, childrenOpen: 1 })
    expect(await linksOf(ours, limited)).toMatchObject({ links: [], children: [], childrenTotal: 0, childrenOpen: 0 })
    expect((await see(ours, limited)).links).toEqual([])
    await desk.refused('not_found', 'GET /api/tickets/:id/links', { as: limited, params: { id: theirs } })
  })

  it('E-059 a requester links, merges and splits nothing, and opens no ticket with a link', async () => {
    const [a, b] = [await open('A'), await open('B')]
    await refusedLink('not_allowed', a, 'related', b, asker)
    await desk.refused('not_allowed', 'POST /api/tickets/:id/merge', { as: asker, params: { id: a }, body: { intoId: b } })
    await desk.refused('not_allowed', 'POST /api/tickets/:id/split', { as: asker, params: { id: a }, body: { messageIds: [1] } })
    for (const more of [{ links: [{ relation: 'related', ticketId: a }] }, { parentId: a }, { mergedInto: a }])
      await desk.refused('validation_failed', 'POST /api/tickets', { as: asker, body: { subject: 'C', body: 'x', ...more } as never })
    expect(await linksOf(a)).toMatchObject({ links: [], children: [], merged: [] })
  })

  it('a blocked ticket is resolved only by who says so knowingly', async () => {
    const [a, b] = [await open('A'), await open('B')]
    await link(b, 'blocks', a)
    const refused = await desk.refused('ticket_blocked', 'POST /api/tickets/:id/resolve', resolve(a, 1))
    expect(refused.blockers).toMatchObject([{ id: b, subject: 'B' }])
    expect(await desk.call('POST /api/tickets/:id/resolve', resolve(a, 1, { despiteBlocks: true }))).toMatchObject({
      status: { meaning: 'resolved' },
    })
    const c = await open('C')
    await link(b, 'blocks', c)
    await desk.call('POST /api/tickets/:id/resolve', resolve(b, 1))
    await desk.call('POST /api/tickets/:id/resolve', resolve(c, 1))
  })

  it('INC-10 a service request is opened out of an incident, for the same person, and linked', async () => {
    const incident = await open('The old notebook is dead')
    const body = { kind: 'request', subject: 'A new notebook' } as const
    const made = await desk.call('POST /api/tickets/:id/linked-tickets', {
      as: agent,
      params: { id: incident },
      body: { ...body, relation: 'caused-by' },
    })
    expect(made).toMatchObject({ kind: 'request', requester: { id: asker.id }, links: [{ kind: 'causes', ticket: { id: incident } }] })
  })

  it('INC-11 requests and incidents are told apart, and one becomes the other with the reason', async () => {
    const id = await open('Please install the editor')
    expect(await see(id)).toMatchObject({ kind: 'incident' })
    const convert = (kind: 'incident' | 'request') =>
      ({ as: agent, params: { id }, ifMatch: 1, body: { kind, reason: 'Nothing is broken.' } }) as const
    await desk.refused('validation_failed', 'POST /api/tickets/:id/convert', convert('incident'))
    const made = await desk.call('POST /api/tickets/:id/convert', convert('request'))
    expect(made).toMatchObject({ kind: 'request', version: 2 })
    expect(made.messages.at(-1)).toMatchObject({ internal: true, text: 'Nothing is broken.' })
    const { items } = await desk.call('GET /api/tickets', { as: agent, query: { kind: 'request' } })
    expect(items.map((row) => row.id)).toEqual([id])
    await desk.refused('version_stale', 'POST /api/tickets/:id/convert', convert('incident'))
  })
})

describe('parents and children', () => {
  const make = (parent: string, ticketIds: string[]) =>
    desk.call('POST /api/tickets/:id/children', { as: agent, params: { id: parent }, body: { ticketIds } })
  const statusId = async (meaning: string) =>
    (await desk.call('GET /api/statuses', { as: agent })).items.find((s) => s.meaning === meaning)!.id

  it('INC-19 one answer goes to all open children, each in its own thread with its own words, and one refusal stops no other', async () => {
    const [parent, one, two, done] = [await open('Mail is down'), await open('No mail'), await open('Outlook?'), await open('Done')]
    await desk.call('POST /api/tickets/:id/resolve', resolve(done, 1))
    const report = await make(parent, [one, two, done, parent])
    expect(report.items.map((row) => row.done)).toEqual([true, true, true, false])
    expect(await linksOf(parent)).toMatchObject({ childrenTotal: 3, childrenOpen: 2 })
    const text = 'Hello {{name}}, about {{subject}} ({{number}}): we are on it. {{other}}'
    const sent = await desk.call('POST /api/tickets/:id/children/answer', { as: agent, params: { id: parent }, body: { text } })
    expect(sent).toMatchObject({ done: 2, left: 0 })
    expect((await see(one)).messages.at(-1)).toMatchObject({
      direction: 'out',
      text: `Hello Casey, about No mail (${one}): we are on it. {{other}}`,
    })
    expect((await see(two)).messages.at(-1)?.text).toContain('Outlook?')
    expect((await see(done)).messages).toHaveLength(1)
    await desk.call('POST /api/tickets/:id/tasks', { as: agent, params: { id: one }, body: { title: 'Check the rules', mandatory: true } })
    const all = await desk.call('POST /api/tickets/:id/children/resolve', {
      as: agent,
      params: { id: parent },
      body: { code: 'solved', text: 'It is back.' },
    })
    expect(all.items.map((row) => [row.ticket.id, row.done, row.code])).toEqual([
      [one, false, 'tasks_open'],
      [two, true, null],
    ])
    expect([(await see(one)).status.meaning, (await see(two)).status.meaning]).toEqual(['open', 'resolved'])
    expect(await see(two)).toMatchObject({ resolution: 'It is back.', resolutionTold: true })
    expect(await typesOn(one)).not.toContain('ticket.resolved')
    expect((await see(parent)).status.meaning).toBe('new')
  })

  it('INC-19 being in work and waiting are handed down by choice; waiting for the requester, closed and cancelled never', async () => {
    const [parent, child] = [await open('P'), await open('C')]
    await make(parent, [child])
    const put = async (meaning: string) =>
      desk.call('PATCH /api/tickets/:id', {
        as: agent,
        params: { id: parent },
        ifMatch: (await see(parent)).version,
        body: { statusId: await statusId(meaning) },
      })
    const hand = { as: agent, params: { id: parent } }
    await put('waiting-vendor')
    expect((await see(child)).status.meaning).toBe('new')
    expect(await desk.call('POST /api/tickets/:id/children/status', hand)).toMatchObject({ done: 1 })
    expect((await see(child)).status.meaning).toBe('waiting-vendor')
    for (const meaning of ['waiting-requester', 'cancelled']) {
      await put(meaning)
      await desk.refused('status_move_refused', 'POST /api/tickets/:id/children/status', hand)
    }
    await put('open')
    await desk.call('POST /api/tickets/:id/resolve', resolve(parent, (await see(parent)).version))
    await desk.call('POST /api/tickets/:id/close', { as: agent, params: { id: parent } })
    expect((await see(child)).status.meaning).toBe('waiting-vendor')
  })

  it("a child's new message rings at whoever looks after the parent", async () => {
    const [parent, child] = [await open('P'), await open('C')]
    await make(parent, [child])
    await desk.call('POST /api/tickets/:id/take', { as: lead, params: { id: parent } })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: child }, body: { body: 'Still nothing.' } })
    const { items } = await desk.call('GET /api/notices', { as: lead })
    expect(items.map((n) => [n.reason, n.ticket?.id])).toContainEqual(['reply', child])
  })
})

describe('merging', () => {
  const merge = (fromId: string, intoId: string, more = {}, as = agent) =>
    desk.call('POST /api/tickets/:id/merge', { as, params: { id: fromId }, body: { intoId, ...more } })
  const undo = (id: string) => desk.call('POST /api/merges/:id/undo', { as: agent, params: { id } })
  const preview = (id: string, intoId: string) =>
    desk.call('GET /api/tickets/:id/merge-preview', { as: agent, params: { id }, query: { intoId } })
  let colleague: TestPerson
  beforeEach(async () => {
    colleague = await desk.person('requester', { name: 'Robin', organisationId: house.id })
  })

  it('brings messages, people, links, tasks and time together, and undoing gives each back', async () => {
    const [a, b, c] = [await open('A'), await open('B', colleague), await open('C')]
    const own = (id: string) => ({ as: agent, params: { id } })
    await desk.call('POST /api/tickets/:id/tasks', { ...own(a), body: { title: 'Look' } })
    await desk.call('POST /api/tickets/:id/time', { ...own(a), body: { minutes: 15 } } as never)
    await desk.call('PUT /api/tickets/:id/watch', { as: lead, params: { id: a }, body: { watching: true } })
    await link(c, 'child-of', a)
    const before = await see(a)
    expect(await preview(a, b)).toMatchObject({
      sameRequester: false,
      acrossOrganisations: false,
      refused: null,
      gainsCopies: [{ id: asker.id }],
      losesSight: [],
    })
    const { mergeId, ticket } = await merge(a, b)
    expect(ticket.messages.map((m) => [m.text, m.mergedFrom])).toEqual([
      ['A!', a],
      ['B!', undefined],
    ])
    expect(ticket).toMatchObject({ cc: [{ id: asker.id }], watchers: [{ id: lead.id }] })
    expect(await see(a)).toMatchObject({ mergedInto: b, status: { meaning: 'closed' }, resolutionCode: 'duplicate', messages: [] })
    expect(await linksOf(b)).toMatchObject({ children: [{ ticket: { id: c } }], merged: [{ mergeId, messages: 1, ticket: { id: a } }] })
    const held = async (id: string) => ({
      tasks: (await desk.call('GET /api/tickets/:id/tasks', own(id))).total,
      minutes: (await desk.call('GET /api/tickets/:id/time', own(id))).totals.minutes,
    })
    expect([await held(a), await held(b)]).toEqual([
      { tasks: 0, minutes: 0 },
      { tasks: 1, minutes: 15 },
    ])
    const back = await undo(mergeId)
    expect(back).toMatchObject({ ...before, version: back.version, changedAt: back.changedAt, links: before.links })
    expect(await see(b)).toMatchObject({ cc: [], watchers: [], messages: [{ text: 'B!' }] })
    expect([await held(a), await held(b)]).toEqual([
      { tasks: 1, minutes: 15 },
      { tasks: 0, minutes: 0 },
    ])
    expect(await linksOf(a)).toMatchObject({ children: [{ ticket: { id: c } }] })
    expect(await typesOn(a)).toEqual(expect.arrayContaining(['ticket.merged', 'ticket.merge-undone']))
    await desk.refused('undo_too_late', 'POST /api/merges/:id/undo', { as: agent, params: { id: mergeId } })
  })

  it('the old number says where it went: to colleagues, and to whoever asked; a merged ticket takes nothing more', async () => {
    const [a, b] = [await open('A'), await open('B', colleague)]
    await merge(a, b)
    expect(await desk.refused('ticket_merged', 'GET /api/tickets/:id', { as: asker, params: { id: a } })).toMatchObject({ mergedInto: b })
    expect((await see(b, asker)).messages.map((m) => m.text)).toEqual(['A!', 'B!'])
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: await desk.person('requester'), params: { id: a } })
    const reply = { as: agent, params: { id: a }, body: { body: 'x' } }
    expect(await desk.refused('ticket_merged', 'POST /api/tickets/:id/replies', reply)).toMatchObject({ mergedInto: b })
    const c = await open('C')
    expect(
      await desk.refused('ticket_merged', 'POST /api/tickets/:id/merge', { as: agent, params: { id: c }, body: { intoId: a } }),
    ).toMatchObject({ mergedInto: b })
    const listed = await desk.call('GET /api/tickets', { as: agent, query: { view: 'resolved' } })
    expect(listed.items).toEqual([])
  })

  it('FT-72 merged crosswise, the second is refused: no circle', async () => {
    const [a, b] = [await open('A'), await open('B')]
    await merge(a, b)
    await desk.refused('ticket_merged', 'POST /api/tickets/:id/merge', { as: agent, params: { id: b }, body: { intoId: a } })
  })

  it('E-068 tickets of two organisations are merged only by who has the right and says so, and their people stay apart', async () => {
    const stranger = await desk.person('requester', { name: 'Sam', organisationId: (await desk.organisation()).id })
    const [a, b] = [await open('A'), await open('B', stranger)]
    expect(await preview(a, b)).toMatchObject({
      acrossOrganisations: true,
      refused: 'across-organisations',
      losesSight: [{ id: asker.id }],
    })
    const body = { intoId: b, acrossOrganisations: true }
    await desk.refused('merge_refused', 'POST /api/tickets/:id/merge', { as: agent, params: { id: a }, body })
    await desk.refused('merge_refused', 'POST /api/tickets/:id/merge', { as: lead, params: { id: a }, body: { intoId: b } })
    await merge(a, b, { acrossOrganisations: true }, lead)
    expect((await see(b)).cc).toEqual([])
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: asker, params: { id: a } })
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: asker, params: { id: b } })
    const message = (await see(b)).messages[0]!
    const parted = await desk.call('POST /api/tickets/:id/split', { as: agent, params: { id: b }, body: { messageIds: [message.id] } })
    expect(parted).toMatchObject({ requester: { id: asker.id }, organisation: { id: house.id } })
    expect((await see(parted.id, asker)).messages.map((m) => m.text)).toEqual(['A!'])
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: stranger, params: { id: parted.id } })
  })

  it('E-068 what is restricted is not told by merging it or splitting it', async () => {
    const [a, b] = [await open('Secret'), await open('B')]
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: a },
      body: { to: { personIds: [agent.id], teamIds: [] } },
    })
    expect(await preview(a, b)).toMatchObject({ refused: 'restricted' })
    await desk.refused('merge_refused', 'POST /api/tickets/:id/merge', { as: agent, params: { id: a }, body: { intoId: b } })
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: a }, body: { body: 'More.' } })
    const more = (await see(a)).messages.at(-1)!
    const parted = await desk.call('POST /api/tickets/:id/split', { as: agent, params: { id: a }, body: { messageIds: [more.id] } })
    expect(parted.restricted?.people.map((p) => p.id)).toContain(agent.id)
    await desk.refused('not_found', 'GET /api/tickets/:id', { as: await desk.person('agent'), params: { id: parted.id } })
  })

  it('can be undone for thirty days', async () => {
    const [a, b] = [await open('A'), await open('B')]
    const { mergeId } = await merge(a, b)
    desk.clock.advance({ hours: 30 * 24 + 1 })
    await desk.refused('undo_too_late', 'POST /api/merges/:id/undo', { as: await desk.person('agent'), params: { id: mergeId } })
  })
})

describe('the rules of relations', () => {
  it('each relation is one end of a link, and its other end reads back', () => {
    for (const relation of ['related', 'duplicate-of', 'causes', 'blocked-by', 'parent-of', 'continued-by'] as const) {
      const { kind, forward } = linkOf(relation)
      expect(relationOf(kind, forward)).toBe(relation)
    }
  })
  it('a value that looks like a placeholder is not filled again', () => {
    expect(fillFor('{{ name }} {{number}}', { name: '{{number}}', number: '7', subject: '' })).toBe('{{number}} 7')
  })
  it('a ticket is as restricted as another when nobody else is named there', () => {
    expect([
      atLeastAsRestricted(null, null),
      atLeastAsRestricted(['person:1'], null),
      atLeastAsRestricted(['person:1', 'team:2'], ['team:2']),
      atLeastAsRestricted(['person:1'], ['person:1', 'team:2']),
    ]).toEqual([true, false, true, false])
  })
})
