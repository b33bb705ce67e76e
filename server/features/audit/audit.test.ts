import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { readAudit } from './access.ts'

const desk = useDesk()
let manager: TestPerson
let lead: TestPerson
let agent: TestPerson
beforeEach(async () => {
  manager = await desk.person('manager')
  lead = await desk.person('lead')
  agent = await desk.person('agent')
})
type Query = Parameters<typeof readAudit>[1]
const look = (query: Partial<Query> = {}, as = manager) => desk.call('GET /api/audit', { as, query: query as never })
const types = async (query: Partial<Query> = {}, as = manager) => (await look(query, as)).items.map((one) => one.type)
const openTicket = (subject = 'Mouse') => desk.call('POST /api/tickets', { as: agent, body: { subject, requesterId: agent.id } })

describe('GEN-6: what was done', () => {
  it('names who did what to whom and when, newest first', async () => {
    const ticket = await openTicket()
    desk.clock.advance({ minutes: 5 })
    const team = await desk.call('POST /api/teams', { as: lead, body: { name: 'Network' } })
    const { items } = await look()
    expect(items[0]).toMatchObject({
      type: 'team.created',
      at: desk.clock.now().toString({ smallestUnit: 'millisecond' }),
      actor: { id: lead.id, name: lead.name },
      subject: { kind: 'team', id: team.id, name: 'Network' },
      ticketId: null,
    })
    expect(items.find((one) => one.type === 'ticket.created')).toMatchObject({
      actor: { id: agent.id },
      subject: { kind: 'ticket', id: ticket.id, name: 'Mouse' },
      ticketId: ticket.id,
    })
  })

  it('is chosen by area, by kind, by who did it and by time', async () => {
    await openTicket()
    desk.clock.advance({ hours: 1 })
    const between = desk.clock.now().toString()
    await desk.call('POST /api/teams', { as: lead, body: { name: 'Network' } })
    await desk.call('POST /api/people', { as: agent, body: { name: 'Ada' } })
    expect(await types({ area: 'people' })).toEqual(['person.created', 'team.created'])
    expect(await types({ area: 'tickets' })).toContain('ticket.created')
    expect(await types({ type: 'team.created' })).toEqual(['team.created'])
    expect(await types({ actorId: lead.id })).toEqual(['team.created'])
    expect(await types({ from: between })).toEqual(['person.created', 'team.created'])
    expect(await types({ until: between })).toContain('ticket.created')
    expect(await types({ until: between })).not.toContain('team.created')
    expect(await types({ area: 'system' })).toEqual([])
    expect(await types({ actorId: manager.id })).toEqual([])
  })

  it('goes on page by page, without a gap or a repetition, also where a page looks at few entries only', async () => {
    for (let n = 0; n < 7; n++) await desk.call('POST /api/teams', { as: lead, body: { name: `Team ${n}` } })
    await desk.call('POST /api/people', { as: agent, body: { name: 'Ada' } })
    const whole = (await look({ limit: 200 })).items.map((one) => one.id)
    const pages: string[] = []
    let [after, turns]: [string | null, number] = [null, 0]
    do {
      const page = await look({ limit: 3, ...(after ? { after } : {}) })
      pages.push(...page.items.map((one) => one.id))
      after = page.next
    } while (after && ++turns < 50)
    expect(pages).toEqual(whole)
    const [found, looks]: [string[], (string | null)[]] = [[], []]
    after = null
    await desk.kernel.asSystem(async (context) => {
      do {
        const page = await readAudit(context, { limit: 50, area: 'people', ...(after ? { after } : {}) } as Query, 4)
        found.push(...page.items.map((one) => one.type))
        looks.push(page.lookedBackTo)
        after = page.next
      } while (after)
    })
    expect(found).toEqual(['person.created', ...Array(7).fill('team.created')])
    expect(looks.length).toBeGreaterThan(1)
    expect(looks.at(-1)).toBeNull()
    expect(looks[0]).toMatch(/^\d{4}-/)
  })

  it('tells nothing of a ticket that the reader may not see', async () => {
    const ticket = await openTicket('Secret matter')
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: ticket.id },
      body: { to: { personIds: [], teamIds: [] } },
    })
    const of = async (as: TestPerson) => (await look({ limit: 200 }, as)).items.filter((one) => one.ticketId === ticket.id).length
    expect(await of(manager)).toBe(0)
    await desk.call('PUT /api/tickets/:id/restriction', { as: lead, params: { id: ticket.id }, body: { to: null } })
    expect(await of(manager)).toBeGreaterThan(1)
  })

  it('is for those with the right to it, and not for whoever is limited to a customer', async () => {
    await desk.refused('not_allowed', 'GET /api/audit', { as: lead })
    const limited = await desk.person('manager', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.refused('not_allowed', 'GET /api/audit', { as: limited })
    await desk.refused('validation_failed', 'GET /api/audit', { as: manager, query: { after: 'x' } as never })
  })
})
