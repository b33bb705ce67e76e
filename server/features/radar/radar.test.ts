import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { Temporal } from '../../kernel/clock.ts'
import { radarJobs } from './jobs.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let nora: TestPerson
let people: TestPerson[]
let category: string
beforeEach(async () => {
  desk.clock.moveTo(Temporal.Instant.from('2026-11-20T08:00:00Z'))
  agent = await desk.person('agent')
  lead = await desk.person('lead')
  nora = await desk.person('requester', { name: 'Nora' })
  people = [nora]
  for (let n = 0; n < 5; n++) people.push(await desk.person('requester'))
  category = (await desk.call('GET /api/categories', { as: agent })).items.find((one) => one.parentId !== null)!.id
})
const open = async (subject: string, more: Record<string, unknown> = {}) =>
  (await desk.call('POST /api/tickets', { as: agent, body: { subject, requesterId: nora.id, body: '', ...more } })).id
const collect = () => radarJobs['radar.collect']!(desk.kernel, {})
const look = () => radarJobs['radar.look']!(desk.kernel, {})
const issues = async (query: Record<string, unknown> = {}, as = lead) => (await desk.call('GET /api/radar', { as, query })).items
const only = async () => {
  const found = await issues({ state: 'all' })
  expect(found).toHaveLength(1)
  return found[0]!
}
const behind = async (id: string, as = lead) =>
  (await desk.call('GET /api/radar/:id/tickets', { as, params: { id } })).items.map((row) => row.id).sort()
const settle = (id: string, version: number, state: 'new' | 'watching' | 'explained' | 'done', why = '') =>
  desk.call('PATCH /api/radar/:id', { as: lead, params: { id }, ifMatch: version, body: { state, why } })
const book = (ticketId: string, minutes: number) =>
  desk.call('POST /api/tickets/:id/time', { as: agent, params: { id: ticketId }, body: { minutes } })

describe('what is collected', () => {
  it('the same person with the same category three times, with first and last, and the tickets behind it', async () => {
    const ids: string[] = []
    for (const subject of ['Paper jam', 'Stripes on each page', 'Does not print']) {
      ids.push(await open(subject, { categoryId: category }))
      desk.clock.advance({ hours: 24 * 5 })
    }
    await open('Something else')
    await collect()
    const issue = await only()
    expect(issue).toMatchObject({ kind: 'person', person: { name: 'Nora' }, tickets: 3, open: 3, people: 1, state: 'new' })
    expect([issue.firstAt.slice(0, 10), issue.lastAt.slice(0, 10)]).toEqual(['2026-11-20', '2026-11-30'])
    expect(await behind(issue.id)).toEqual(ids.sort())
    expect(issue.weeks.slice(-3)).toEqual([1, 1, 1])
  })

  it('the same words by different people, in other forms of them and in either language', async () => {
    const ids: string[] = []
    const subjects = ['Kyocera shows C7120', 'Error C7120, Kyocera again', 'kyocera: c7120!', 'The KYOCERA says C7120', 'Headset broken']
    for (const [n, subject] of subjects.entries()) ids.push(await open(subject, { requesterId: people[n]!.id }))
    await collect()
    const issue = await only()
    expect(issue).toMatchObject({ kind: 'words', tickets: 4, people: 4 })
    expect(issue.words.map((word) => word.toLowerCase()).sort()).toEqual(['c7120', 'kyocera'])
    expect(await behind(issue.id)).toEqual(ids.slice(0, 4).sort())
  })

  it('many of one category at one site within a week', async () => {
    const site = await desk.kernel.asSystem(async ({ db, now }) => {
      const made = await sql<{
        id: string
      }>`with o as (insert into organisation (name, created_at) values ('N', ${now.toString()}) returning id)
        insert into site (organisation_id, name, time_zone, created_at) select id, 'Köln', 'Europe/Berlin', ${now.toString()} from o returning id`.execute(
        db,
      )
      return made.rows[0]!.id
    })
    await desk.kernel.asSystem(({ db }) =>
      sql`update person set organisation_id = (select organisation_id from site where id = ${site}) where id = any(${people.map((p) => p.id)}::bigint[])`.execute(
        db,
      ),
    )
    const words = ['Screen', 'Mouse', 'Wires', 'Dock', 'Lamp']
    for (const [n, subject] of words.entries()) await open(subject, { requesterId: people[n]!.id, siteId: site, categoryId: category })
    await collect()
    expect(await only()).toMatchObject({ kind: 'site', site: { name: 'Köln' }, tickets: 5, people: 5 })
  })

  it('neither spam nor what was merged, restricted or is older than ninety days', async () => {
    const old = await open('Old one', { categoryId: category })
    desk.clock.advance({ hours: 24 * 91 })
    const ids = []
    for (const n of [1, 2, 3, 4]) ids.push(await open(`Number ${n}`, { categoryId: category }))
    await desk.call('POST /api/tickets/:id/remove', { as: agent, params: { id: ids[0]! } })
    await collect()
    const issue = await only()
    expect(await behind(issue.id)).toEqual(ids.slice(1).sort())
    expect(await behind(issue.id)).not.toContain(old)
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: ids[1]! },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    await collect()
    expect(await issues()).toEqual([])
  })

  it('done twice it is the same, and an issue keeps its number and its state when it grows', async () => {
    for (const n of [0, 1, 2, 3]) await open('Kyocera shows C7120', { requesterId: people[n]!.id })
    await collect()
    const first = await only()
    await settle(first.id, first.version, 'watching')
    await collect()
    for (const n of [4, 5]) await open('Kyocera C7120 once more', { requesterId: people[n]!.id })
    await collect()
    expect(await only()).toMatchObject({ id: first.id, state: 'watching', tickets: 6 })
  })
})

describe('what it cost', () => {
  it('is the time that was written down, and for the other tickets an estimate that says so', async () => {
    const ids = []
    for (const n of [1, 2, 3]) ids.push(await open(`Number ${n}`, { categoryId: category }))
    await book(ids[0]!, 45)
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: ids[1]! }, body: { body: 'One' } })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: ids[1]! }, body: { body: 'Two', internal: true } })
    await collect()
    const { minutes, estimated } = await only()
    expect(minutes - estimated).toBe(45)
    expect(estimated).toBeGreaterThanOrEqual(12 + 6)
  })

  it('the estimate is what a ticket usually takes, once ten have time written down', async () => {
    const minutes = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]
    for (const [n, each] of minutes.entries()) await book(await open(`Other ${n}`, { requesterId: people[(n % 5) + 1]!.id }), each)
    for (const n of [1, 2, 3]) await open(`Same ${n}`, { categoryId: category })
    await collect()
    const person = (await issues()).find((one) => one.kind === 'person')
    expect(person).toMatchObject({ minutes: 90, estimated: 90 })
  })
})

describe('a burst', () => {
  const outage = async (count: number) => {
    const said = ['VPN down', 'No VPN at all', 'VPN?', 'The VPN hangs', 'Nothing goes: VPN', 'VPN gone']
    const ids: string[] = []
    for (let n = 0; n < count; n++) {
      ids.push(await open(said[n]!, { requesterId: people[n]!.id }))
      desk.clock.advance({ minutes: 4 })
    }
    return ids
  }
  const bell = async (as: TestPerson) =>
    (await desk.call('GET /api/notices', { as })).items.filter((one) => one.reason === 'burst').map((one) => one.ticket?.id)

  it('of five in an hour with the same word rings once at the leads, and the ticket offers to be the parent of the others', async () => {
    const ids = await outage(4)
    await look()
    expect(await bell(lead)).toEqual([])
    ids.push(await open('VPN gone', { requesterId: people[5]!.id }))
    await look()
    await look()
    expect(await bell(lead)).toEqual([ids[0]])
    expect(await bell(agent)).toEqual([])
    const issue = await only()
    expect(issue).toMatchObject({ kind: 'words', words: ['VPN'], tickets: 5, burst: { tickets: 5 } })
    const { repeated } = await desk.call('GET /api/tickets/:id/similar', { as: agent, params: { id: ids[0]! } })
    expect(repeated).toMatchObject([{ id: issue.id, burst: true, tickets: 5, open: ids.slice(1) }])
    await desk.call('POST /api/tickets/:id/children', { as: agent, params: { id: ids[0]! }, body: { ticketIds: repeated[0]!.open } })
    const after = await desk.call('GET /api/tickets/:id/similar', { as: agent, params: { id: ids[0]! } })
    expect(after.repeated[0]?.open).toEqual([])
  })

  it('is none when they come over a day, or from one person', async () => {
    for (const n of [0, 1, 2, 3, 4]) {
      await open('VPN down', { requesterId: people[n]!.id })
      desk.clock.advance({ minutes: 61 })
      await look()
    }
    desk.clock.advance({ hours: 24 })
    for (let n = 0; n < 6; n++) await open('Mailbox full')
    await look()
    expect(await bell(lead)).toEqual([])
  })

  it('a new ticket with the words of a known issue joins it within a minute', async () => {
    for (const n of [0, 1, 2, 3]) await open('Kyocera shows C7120', { requesterId: people[n]!.id })
    await collect()
    desk.clock.advance({ hours: 30 })
    const id = await open('Again C7120 on the Kyocera', { requesterId: people[4]!.id })
    await look()
    expect(await behind((await only()).id)).toContain(id)
  })
})

describe('what is decided about it', () => {
  const three = async () => {
    for (const n of [1, 2, 3]) await open(`Number ${n}`, { categoryId: category })
    await collect()
    return only()
  }
  it('has a state, who said so, when and why; explained and done want a reason', async () => {
    const issue = await three()
    const refused = await desk.refused('validation_failed', 'PATCH /api/radar/:id', {
      as: lead,
      params: { id: issue.id },
      ifMatch: issue.version,
      body: { state: 'explained' },
    })
    expect(refused.issues).toMatchObject([{ path: 'why', code: 'needed' }])
    const done = await settle(issue.id, issue.version, 'explained', 'Her old dock; a new one is ordered.')
    expect(done).toMatchObject({ state: 'explained', why: 'Her old dock; a new one is ordered.', setBy: { id: lead.id } })
    await desk.refused('version_stale', 'PATCH /api/radar/:id', {
      as: lead,
      params: { id: issue.id },
      ifMatch: issue.version,
      body: { state: 'watching' },
    })
    expect([(await issues()).length, (await issues({ state: 'explained' })).length]).toEqual([0, 1])
  })

  it('what is done comes back by itself with the next ticket', async () => {
    const issue = await three()
    await settle(issue.id, issue.version, 'done', 'Dock exchanged')
    await collect()
    expect(await only()).toMatchObject({ state: 'done' })
    desk.clock.advance({ hours: 2 })
    await open('And again', { categoryId: category })
    await look()
    expect(await only()).toMatchObject({ state: 'new', cameBack: true, why: 'Dock exchanged', tickets: 4 })
  })
})

describe('who sees it', () => {
  it('leads, counted among the tickets that they see; with fewer than three there is nothing', async () => {
    const [ours, theirs] = [await desk.organisation(), await desk.organisation()]
    const subject = 'Kyocera shows C7120'
    const asker = async (organisationId: string) => (await desk.person('requester', { organisationId })).id
    for (let n = 0; n < 3; n++) await open(subject, { requesterId: await asker(ours.id) })
    for (let n = 0; n < 2; n++) await open(subject, { requesterId: await asker(theirs.id) })
    await collect()
    const issue = await only()
    expect(issue).toMatchObject({ tickets: 5, organisations: 2 })
    const one = await desk.person('lead', { limitedTo: { organisationId: ours.id } })
    const two = await desk.person('lead', { limitedTo: { organisationId: theirs.id } })
    expect(await issues({}, one)).toMatchObject([{ id: issue.id, tickets: 3, organisations: 1 }])
    expect(await behind(issue.id, one)).toHaveLength(3)
    expect(await issues({}, two)).toEqual([])
    const said = await settle(issue.id, issue.version, 'watching', 'Belongs to both of them.')
    expect(said).toMatchObject({ why: 'Belongs to both of them.', can: { settle: true } })
    expect(await desk.call('GET /api/radar/:id', { as: one, params: { id: issue.id } })).toMatchObject({
      state: 'watching',
      why: '',
      can: { settle: false },
    })
    await desk.refused('not_found', 'GET /api/radar/:id', { as: two, params: { id: issue.id } })
    await desk.refused('not_found', 'GET /api/radar/:id/tickets', { as: two, params: { id: issue.id } })
    await desk.refused('not_allowed', 'GET /api/radar', { as: agent })
    await desk.refused('not_allowed', 'GET /api/radar', { as: nora })
  })

  it('pages by tickets, by cost or by the newest, without a gap or a double', async () => {
    for (const person of people.slice(0, 4)) for (let n = 0; n < 3; n++) await open('x', { requesterId: person.id, categoryId: category })
    await collect()
    const all = await issues({ state: 'all' })
    for (const order of ['tickets', 'minutes', 'last']) {
      const seen: string[] = []
      let after: string | null | undefined
      do {
        const page: { items: { id: string }[]; next: string | null } = await desk.call('GET /api/radar', {
          as: lead,
          query: { order, limit: 1, state: 'all', ...(after ? { after } : {}) },
        })
        seen.push(...page.items.map((one) => one.id))
        after = page.next
      } while (after)
      expect(seen.sort(), order).toEqual(all.map((one) => one.id).sort())
    }
    await desk.refused('validation_failed', 'GET /api/radar', { as: lead, query: { after: 'nonsense' } })
  })
})
