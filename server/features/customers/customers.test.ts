import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let ada: TestPerson
let ben: TestPerson
let org: { id: string; name: string }
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Ann' })
  lead = await desk.person('lead', { name: 'Lea' })
  org = await desk.organisation('Nordwind', ['nordwind.example'])
  ada = await desk.person('requester', { name: 'Ada', organisationId: org.id })
  ben = await desk.person('requester', { name: 'Ben', organisationId: org.id })
})
const of = (id = org.id) => ({ params: { id } })
const overview = (as = agent, id = org.id) => desk.call('GET /api/organisations/:id/overview', { as, ...of(id) })
const addContact = (person: TestPerson, more: Record<string, unknown> = {}, as = lead) =>
  desk.call('POST /api/organisations/:id/contacts', { as, ...of(), body: { personId: person.id, ...more } })
const open = (requester = ada, more: Record<string, unknown> = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer', requesterId: requester.id, ...more } })
const standing = (ticketId: string, as = agent) => desk.call('GET /api/tickets/:id/customer', { as, params: { id: ticketId } })

async function upload(as: TestPerson, name = 'contract.pdf', text = 'pages'): Promise<string> {
  const payload = `--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: application/pdf\r\n\r\n${text}\r\n--x--\r\n`
  const headers = { authorization: `Bearer ${as.token}`, 'content-type': 'multipart/form-data; boundary=x' }
  return (await desk.app.inject({ method: 'POST', url: '/api/uploads', headers, payload })).json().items[0].id
}
const file = async (more: Record<string, unknown> = {}, text = 'pages') =>
  desk.call('POST /api/organisations/:id/documents', {
    as: lead,
    ...of(),
    body: { uploadId: await upload(lead, 'contract.pdf', text), ...more },
  })

describe('the contacts of a customer', () => {
  it('say who speaks for it, who may order and up to what, and who approves; the main contact stands first', async () => {
    await addContact(ben, { roles: ['billing'], orders: true, orderLimit: 'up to 500 €' })
    await addContact(ada, { roles: ['main', 'technical'], approves: true, note: 'Not on Fridays' })
    expect((await overview()).contacts).toMatchObject([
      { person: { id: ada.id, name: 'Ada' }, roles: ['main', 'technical'], orders: false, approves: true, note: 'Not on Fridays' },
      { person: { id: ben.id }, roles: ['billing'], orders: true, orderLimit: 'up to 500 €' },
    ])
  })

  it('are people of that customer, each once, and changed with the version that was seen', async () => {
    const stranger = await desk.person('requester')
    const refused = await desk.refused('validation_failed', 'POST /api/organisations/:id/contacts', {
      as: lead,
      ...of(),
      body: { personId: stranger.id },
    })
    expect(refused.issues?.[0]).toMatchObject({ path: 'personId', code: 'not_member' })
    const { id } = await addContact(ada)
    await desk.refused('already_exists', 'POST /api/organisations/:id/contacts', { as: lead, ...of(), body: { personId: ada.id } })
    const change = { as: lead, params: { id }, ifMatch: 1, body: { orders: true } }
    expect(await desk.call('PATCH /api/contacts/:id', change)).toMatchObject({ version: 2, orders: true })
    expect(await desk.refused('version_stale', 'PATCH /api/contacts/:id', change)).toMatchObject({ current: { orders: true } })
    await desk.refused('not_allowed', 'DELETE /api/contacts/:id', { as: agent, params: { id } })
    await desk.call('DELETE /api/contacts/:id', { as: lead, params: { id } })
    expect((await overview()).contacts).toEqual([])
  })

  it('count for nothing once they left, and are shown as gone', async () => {
    await addContact(ada, { roles: ['main'], orders: true })
    const ticket = await open(ben)
    expect((await standing(ticket.id)).order).toMatchObject({ answer: 'may-not', ask: [{ name: 'Ada' }] })
    await desk.call('POST /api/people/:id/archive', { as: agent, params: { id: ada.id } })
    expect((await overview()).contacts).toMatchObject([{ gone: true }])
    expect(await standing(ticket.id)).toMatchObject({ order: { answer: 'unsaid', ask: [] }, mainContact: null })
  })
})

describe('beside a ticket', () => {
  it('SD-4 stands what one must know: special handling of both, who may order, main contact, way in, pinned documents, who is in charge', async () => {
    const edit = async (path: 'PATCH /api/people/:id' | 'PATCH /api/organisations/:id', id: string, text: string) =>
      desk.call(path, { as: lead, params: { id }, ifMatch: 1, body: { specialHandling: text } })
    await edit('PATCH /api/people/:id', ada.id, 'Ring, never write.')
    await edit('PATCH /api/organisations/:id', org.id, 'Board is called back in 30 minutes.')
    const site = await desk.call('POST /api/organisations/:id/sites', {
      as: lead,
      ...of(),
      body: { name: 'Hamburg', address: 'Kai 1', opening: 'Mon to Fri, 8 to 16', accessNote: 'Key at the desk.' },
    })
    await addContact(ben, { roles: ['main'], orders: true, orderLimit: 'up to 500 €' })
    const document = await file({ title: 'Price list', pinned: true })
    await desk.call('PATCH /api/organisations/:id/customer', { as: lead, ...of(), ifMatch: 1, body: { inChargeId: agent.id } })
    const [mine, his] = [await open(ada, { siteId: site.id }), await open(ben)]
    expect(await standing(mine.id)).toMatchObject({
      person: { id: ada.id, specialHandling: 'Ring, never write.' },
      organisation: { id: org.id, specialHandling: 'Board is called back in 30 minutes.' },
      state: { level: 'green', reasons: [] },
      order: { answer: 'may-not', ask: [{ name: 'Ben' }] },
      approves: false,
      mainContact: { id: ben.id, email: ben.email },
      inCharge: { name: 'Ann' },
      documents: [{ id: document.id, title: 'Price list', fileId: document.files[0]!.id }],
      site: { opening: 'Mon to Fri, 8 to 16', accessNote: 'Key at the desk.' },
    })
    expect((await standing(his.id)).order).toEqual({ answer: 'may', limit: 'up to 500 €', ask: [] })
    for (const path of ['GET /api/tickets/:id/customer', 'GET /api/people/:id/customer'] as const) {
      const answer = await desk.ask(path, { as: ada, params: { id: path.includes('tickets') ? mine.id : ada.id } })
      expect(answer.status).toBe(403)
      expect(answer.text).not.toContain('Ring')
    }
  })

  it('SD-3 while a call is logged, the history of the caller is in view: what is open and how the last ones were solved', async () => {
    const first = await open(ada, { subject: 'No scan to mail' })
    await desk.call('POST /api/tickets/:id/resolve', {
      as: agent,
      params: { id: first.id },
      ifMatch: first.version,
      body: { code: 'solved', text: 'New certificate on the scanner.' },
    })
    const second = await open(ada, { subject: 'Scanner again' })
    const hidden = await open(ada, { subject: 'Personnel matter' })
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: hidden.id },
      body: { to: { personIds: [], teamIds: [] } },
    })
    const seen = await desk.call('GET /api/people/:id/customer', { as: agent, params: { id: ada.id } })
    expect(seen.open.map((one) => one.id)).toEqual([second.id])
    expect(seen.past).toMatchObject([
      { id: first.id, subject: 'No scan to mail', meaning: 'resolved', resolution: 'New certificate on the scanner.' },
    ])
    expect(seen.organisation?.name).toBe('Nordwind')
  })

  it('nothing is told of a customer that an agent is not there for', async () => {
    await addContact(ada, { roles: ['main'] })
    const other = await desk.organisation('Other')
    const limited = await desk.person('agent', { limitedTo: { organisationId: other.id } })
    const ticket = await open()
    await desk.refused('not_found', 'GET /api/tickets/:id/customer', { as: limited, params: { id: ticket.id } })
    await desk.refused('not_found', 'GET /api/organisations/:id/overview', { as: limited, ...of() })
    await desk.refused('not_found', 'GET /api/people/:id/customer', { as: limited, params: { id: ada.id } })
    await desk.refused('not_found', 'POST /api/organisations/:id/notes', { as: limited, ...of(), body: { body: 'x' } })
  })
})

describe('the page of a customer', () => {
  it('tells how it stands in a colour with reasons, and which ticket is the worst', async () => {
    const ticket = await open()
    await desk.call('POST /api/tickets/:id/replies', { as: ada, params: { id: ticket.id }, body: { body: 'Still nothing?' } })
    expect((await overview()).state).toEqual({ level: 'green', reasons: [] })
    desk.clock.advance({ hours: 30 })
    expect((await overview()).state).toMatchObject({
      level: 'amber',
      reasons: [{ code: 'unanswered', count: 1, hours: 30, ticket: { id: ticket.id, subject: 'Printer' } }],
    })
    desk.clock.advance({ hours: 50 })
    expect((await standing(ticket.id)).state).toMatchObject({ level: 'red', reasons: [{ hours: 80 }] })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: ticket.id }, body: { body: 'Now.' } })
    expect((await overview()).state.level).toBe('green')
  })

  it('counts what is open and what came in twelve months, by category, with topics that come again', async () => {
    const categories = (await desk.call('GET /api/categories', { as: agent })).items.filter((one) => !one.archived)
    for (const requester of [ada, ben, ben]) await open(requester, { categoryId: categories[0]!.id })
    await open(ada, { categoryId: categories[1]!.id, assigneeId: agent.id })
    const hidden = await open(ada, { categoryId: categories[1]!.id })
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: hidden.id },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    const { counts, activity } = await overview(lead)
    expect(counts).toMatchObject({ open: 4, unassigned: 3, created30: 4, resolved30: 0 })
    expect(activity.months).toHaveLength(12)
    expect(activity.months.at(-1)).toEqual({ month: desk.clock.now().toString().slice(0, 7), created: 4 })
    expect(activity.categories.map((one) => one.count)).toEqual([3, 1])
    expect(activity.repeats).toMatchObject([{ category: { id: categories[0]!.id }, count: 3, people: 2 }])
  })

  it('is read in the same few statements, however much the customer has', async () => {
    const { client } = desk.sandbox
    const ask = client.query.bind(client) as (...all: unknown[]) => unknown
    const counted = async () => {
      let statements = 0
      client.query = ((...all: unknown[]) => {
        statements++
        return ask(...all)
      }) as never
      const read = await overview()
      client.query = ask as never
      return { read, statements }
    }
    await overview()
    const empty = await counted()
    for (const person of [ada, ben]) await addContact(person, { orders: true })
    for (let n = 0; n < 12; n++) await desk.call('POST /api/organisations/:id/notes', { as: agent, ...of(), body: { body: `Note ${n}` } })
    for (let n = 0; n < 3; n++) await file({ title: `Paper ${n}` })
    for (let n = 0; n < 4; n++) await open()
    const full = await counted()
    expect(full.read).toMatchObject({ moreNotes: true, counts: { open: 4 } })
    expect(empty.statements).toBeGreaterThan(3)
    expect(full.statements).toBe(empty.statements)
  })

  it('holds dated notes with their authors: whoever wrote one may change it, and a lead', async () => {
    const note = await desk.call('POST /api/organisations/:id/notes', { as: agent, ...of(), body: { body: 'Moves in May.' } })
    expect(note).toMatchObject({ body: 'Moves in May.', author: { name: 'Ann' }, changedAt: null })
    const change = (as: TestPerson, version = 1) =>
      ({ as, params: { id: note.id }, ifMatch: version, body: { body: 'Moves in June.' } }) as const
    await desk.refused('not_allowed', 'PATCH /api/customer-notes/:id', change(await desk.person('agent')))
    expect(await desk.call('PATCH /api/customer-notes/:id', change(agent))).toMatchObject({ version: 2, body: 'Moves in June.' })
    await desk.refused('version_stale', 'PATCH /api/customer-notes/:id', change(lead))
    await desk.call('DELETE /api/customer-notes/:id', { as: lead, params: { id: note.id } })
    expect((await desk.call('GET /api/organisations/:id/notes', { as: agent, ...of() })).items).toEqual([])
  })

  it('goes through its notes page by page', async () => {
    for (let n = 0; n < 5; n++) await desk.call('POST /api/organisations/:id/notes', { as: agent, ...of(), body: { body: `${n}` } })
    const first = await desk.call('GET /api/organisations/:id/notes', { as: agent, ...of(), query: { limit: 3 } })
    const rest = await desk.call('GET /api/organisations/:id/notes', { as: agent, ...of(), query: { limit: 3, after: first.next } })
    expect([...first.items, ...rest.items].map((one) => one.body)).toEqual(['4', '3', '2', '1', '0'])
    expect(rest.next).toBeNull()
  })

  it('says who of the desk looks after it, and its numbers in other systems', async () => {
    const change = (body: object, version: number) =>
      ({ as: lead, ...of(), ifMatch: version, body: body as { inChargeId: string } }) as const
    const numbers = [{ system: 'ERP', number: 'D-1042', link: 'https://erp.example/d/1042' }]
    const made = await desk.call(
      'PATCH /api/organisations/:id/customer',
      change({ inChargeId: agent.id, deputyId: lead.id, otherNumbers: numbers }, 1),
    )
    expect(made).toMatchObject({ version: 2, inCharge: { name: 'Ann' }, deputy: { name: 'Lea' }, otherNumbers: numbers })
    expect(await desk.refused('version_stale', 'PATCH /api/organisations/:id/customer', change({ teamId: null }, 1))).toMatchObject({
      current: { version: 2 },
    })
    const unfit = await desk.refused(
      'validation_failed',
      'PATCH /api/organisations/:id/customer',
      change({ inChargeId: ada.id, teamId: '1' }, 2),
    )
    expect(unfit.issues?.map((one) => one.path)).toEqual(['inChargeId', 'teamId'])
    const link = [{ system: 'x', number: '1', link: 'javascript:alert(1)' }]
    await desk.refused('validation_failed', 'PATCH /api/organisations/:id/customer', change({ otherNumbers: link }, 2))
  })
})

describe('the path that adds a customer', () => {
  const path = (as = lead) => desk.call('GET /api/organisations/:id/path', { as, ...of() })
  const stateOf = async () => Object.fromEntries((await path()).steps.map((step) => [step.key, step.state]))

  it('sees by itself what is there, keeps what was set aside, and is taken up where it was left', async () => {
    await desk.call('POST /api/organisations/:id/path', { as: lead, ...of() })
    expect(await stateOf()).toMatchObject({ domains: 'done', sites: 'open', contacts: 'open', charge: 'open', routing: 'open' })
    await desk.call('POST /api/organisations/:id/sites', { as: lead, ...of(), body: { name: 'Hamburg' } })
    await addContact(ada, { roles: ['main'] })
    expect(await stateOf()).toMatchObject({ sites: 'done', contacts: 'open' })
    await addContact(ben, { orders: true })
    await desk.call('PATCH /api/organisations/:id/customer', { as: lead, ...of(), ifMatch: 1, body: { inChargeId: agent.id } })
    const skip = (needed: boolean) =>
      desk.call('PUT /api/organisations/:id/path/steps/:key', { as: lead, params: { id: org.id, key: 'routing' }, body: { needed } })
    await skip(false)
    expect(await stateOf()).toMatchObject({ contacts: 'done', charge: 'done', routing: 'not-needed' })
    await skip(true)
    expect(await stateOf()).toMatchObject({ routing: 'open' })
    await skip(false)
    const other = await desk.person('lead')
    expect((await desk.call('GET /api/customer-paths', { as: other })).items).toMatchObject([
      { organisation: { id: org.id }, begunBy: { name: 'Lea' }, left: 3 },
    ])
    expect((await overview()).path.open).toBe(true)
    await desk.call('POST /api/organisations/:id/path/finish', { as: other, ...of() })
    expect((await desk.call('GET /api/customer-paths', { as: lead })).items).toEqual([])
    expect((await path()).steps.filter((step) => step.state === 'open').map((step) => step.key)).toEqual([
      'documents',
      'viewers',
      'handling',
    ])
    const body = { needed: false }
    await desk.refused('not_found', 'PUT /api/organisations/:id/path/steps/:key', { as: lead, params: { id: org.id, key: 'x' }, body })
  })

  it('shows who would join by the domains before anybody does; others and colleagues stay where they are', async () => {
    const joiner = await desk.person('requester', { name: 'Jo', email: 'jo@nordwind.example' })
    const colleague = await desk.person('agent', { email: 'agent@nordwind.example' })
    const near = await desk.person('requester', { email: 'x@notnordwind.example' })
    const other = await desk.organisation('Other', ['other.example'])
    await desk.person('requester', { email: 'moved@nordwind.example', organisationId: other.id })
    const joining = await desk.call('GET /api/organisations/joining', {
      as: lead,
      query: { domains: 'nordwind.example,other.example', organisationId: org.id },
    })
    expect(joining).toMatchObject({
      joins: [{ id: joiner.id, name: 'Jo' }],
      more: false,
      elsewhere: [{ organisation: { name: 'Other' }, people: 1 }],
      taken: [{ domain: 'other.example', organisation: { name: 'Other' } }],
    })
    const join = (...people: TestPerson[]) => ({ as: lead, ...of(), body: { personIds: people.map((one) => one.id) } }) as const
    for (const unfit of [colleague, near]) await desk.refused('validation_failed', 'POST /api/organisations/:id/join', join(joiner, unfit))
    const at = async () => (await desk.call('GET /api/people/:id', { as: agent, params: { id: joiner.id } })).organisation
    expect(await at()).toBeNull()
    expect(await desk.call('POST /api/organisations/:id/join', join(joiner))).toEqual({ joined: 1 })
    expect(await at()).toMatchObject({ id: org.id })
  })
})
