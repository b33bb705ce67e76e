import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { linkIn, person, step, usePagingDesk } from '../../../test/paging-desk.ts'
import { beat, watch } from './actions-watch.ts'

/** Somebody is woken: over real sockets, with the clock moved. */
const { desk, here, addPolicy, open, page, see, ntfy, mailTo } = usePagingDesk()
let { outside, lead, anna, ben, team } = here
beforeEach(() => {
  ;({ outside, lead, anna, ben, team } = here)
})

const rung = async (id: string) => (await see(id)).rings.map((one) => one.person?.name ?? one.nobodyWhy)
const minutes = async (n: number) => {
  desk.clock.advance({ minutes: n })
  await desk.work()
}
const click = (who: TestPerson) => linkIn(String(outside.of(`/ntfy-${who.id}`).at(-1)?.headers.click))

/** One policy: Anna first, ten minutes later Ben. */
async function pagedTicket(more: object = {}) {
  await ntfy(anna)
  await ntfy(ben)
  await addPolicy([step([person(anna.id)]), step([person(ben.id)])], more)
  const ticket = await open()
  const made = await page(ticket.id)
  await desk.work()
  return { ticket, id: made.id }
}

describe('a page', () => {
  it('rings one step after another until somebody acknowledges, each step once', async () => {
    const { id } = await pagedTicket()
    expect(await rung(id)).toEqual(['Anna'])
    expect(outside.of(`/ntfy-${anna.id}`)).toHaveLength(1)
    expect(outside.heard[0]!.headers).toMatchObject({ priority: '5' })
    expect(outside.heard[0]!.text).toContain('Line is down')
    await minutes(9)
    expect(await rung(id)).toEqual(['Anna'])
    await minutes(2)
    expect(await rung(id)).toEqual(['Anna', 'Ben'])
    await desk.call('POST /api/pages/:id/acknowledge', { as: ben, params: { id }, body: {} })
    await minutes(60)
    expect(await rung(id)).toEqual(['Anna', 'Ben'])
    expect(await see(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: 'Ben' }, acknowledgedVia: 'app', nextAt: null })
    expect(outside.heard).toHaveLength(2)
  })

  it('rings the same step as often as its policy says, begins again, and falls to the catch-all at the end', async () => {
    const chief = await desk.person('manager', { name: 'Mia' })
    await addPolicy([step([person(anna.id)], { repeat: 1, wait: 5 })], { loops: 1, catchAllId: chief.id })
    const { id } = await page((await open()).id)
    await desk.work()
    for (let n = 0; n < 5; n++) await minutes(6)
    expect(await rung(id)).toEqual(['Anna', 'Anna', 'Anna', 'Anna', 'Mia'])
    await minutes(16)
    expect((await rung(id)).at(-1)).toBe('Mia')
    expect((await see(id)).rings.at(-1)).toMatchObject({ target: 'catch-all', round: 1 })
  })

  it('rings all of a step, or one of them in turn', async () => {
    await addPolicy([step([person(anna.id), person(ben.id)], { mode: 'in-turn' })])
    const first = await page((await open()).id)
    const second = await page((await open()).id)
    await desk.work()
    expect([await rung(first.id), await rung(second.id)]).toEqual([['Anna'], ['Ben']])
    await addPolicy([step([person(anna.id), person(ben.id)])], { name: 'All', teamIds: [] })
    const all = await page((await open()).id, { policyId: (await desk.call('GET /api/paging/policies', { as: lead })).items[0]!.id })
    await desk.work()
    expect((await rung(all.id)).sort()).toEqual(['Anna', 'Ben'])
  })

  it('rings again when whoever acknowledged it has not ended it in time; resolving ends it', async () => {
    const { id, ticket } = await pagedTicket({ acknowledgedMinutes: 30 })
    await desk.call('POST /api/pages/:id/acknowledge', { as: anna, params: { id }, body: {} })
    await minutes(29)
    expect((await see(id)).state).toBe('acknowledged')
    await minutes(2)
    expect(await see(id)).toMatchObject({ state: 'ringing', acknowledgedBy: null })
    expect(await rung(id)).toEqual(['Anna', 'Anna'])
    const { version } = await desk.call('GET /api/tickets/:id', { as: lead, params: { id: ticket.id } })
    await desk.call('POST /api/tickets/:id/resolve', {
      as: lead,
      params: { id: ticket.id },
      ifMatch: version,
      body: { code: 'solved', text: 'Plugged in.', tell: false },
    })
    await minutes(60)
    expect(await see(id)).toMatchObject({ state: 'ended', endedWhy: 'resolved' })
    expect(await rung(id)).toEqual(['Anna', 'Anna'])
  })

  it('ends when the ticket is handed to a team without the policy, and stays with one that has it', async () => {
    const sister = await desk.team('Network south', 2, [ben])
    const other = await desk.team('Desk', 1, [lead])
    const { id, ticket } = await pagedTicket()
    const policy = (await desk.call('GET /api/paging/policies', { as: lead })).items[0]!
    await desk.call('PATCH /api/paging/policies/:id', {
      as: lead,
      params: { id: policy.id },
      ifMatch: policy.version,
      body: { teamIds: [team.id, sister.id] },
    })
    const hand = async (teamId: string) => {
      const { version } = await desk.call('GET /api/tickets/:id', { as: lead, params: { id: ticket.id } })
      await desk.call('POST /api/tickets/:id/pass', {
        as: lead,
        params: { id: ticket.id },
        ifMatch: version,
        body: { teamId, note: 'Yours.' } as never,
      })
    }
    await hand(sister.id)
    expect((await see(id)).state).toBe('ringing')
    await hand(other.id)
    expect(await see(id)).toMatchObject({ state: 'ended', endedWhy: 'handed' })
    await minutes(30)
    expect(await rung(id)).toEqual(['Anna'])
  })

  it('is one for each ticket; who takes the ticket has acknowledged it', async () => {
    const { id, ticket } = await pagedTicket()
    await desk.refused('already_exists', 'POST /api/tickets/:id/pages', { as: lead, params: { id: ticket.id }, body: {} })
    await desk.call('POST /api/tickets/:id/take', { as: anna, params: { id: ticket.id } })
    expect(await see(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: 'Anna' }, acknowledgedVia: 'ticket' })
  })

  it('is neither seen nor rung where the ticket is not seen', async () => {
    const { id, ticket } = await pagedTicket()
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await desk.refused('not_found', 'GET /api/pages/:id', { as: limited, params: { id } })
    await desk.refused('not_found', 'GET /api/tickets/:id/pages', { as: limited, params: { id: ticket.id } })
    await desk.refused('not_found', 'POST /api/pages/:id/acknowledge', { as: limited, params: { id }, body: {} })
    expect((await desk.call('GET /api/pages', { as: limited })).items).toEqual([])
    expect((await desk.call('GET /api/pages', { as: anna, query: { mine: 'true' } })).items.map((one) => one.id)).toEqual([id])
    await desk.refused('validation_failed', 'POST /api/pages/:id/help', { as: lead, params: { id }, body: { personId: limited.id } })
  })

  it('FT-51 does no harm when the clock is set forward for three days and back: at worst it rings too early', async () => {
    const { id } = await pagedTicket({ loops: 1 })
    const before = desk.clock.now()
    desk.clock.advance({ hours: 72 })
    await desk.work()
    expect(await rung(id)).toEqual(['Anna', 'Ben'])
    desk.clock.moveTo(before)
    await watch(desk.kernel)
    expect((await see(id)).rings.length).toBeGreaterThan(2)
  })
})

describe('rules', () => {
  it('page the tickets that they ask for, once each; and once more when one is opened again', async () => {
    await addPolicy([step([person(anna.id)])])
    await desk.call('POST /api/paging/rules', {
      as: lead,
      body: { name: 'Priority 1', query: { all: [{ field: 'priority', values: [1] }] } },
    })
    const calm = await open()
    const bad = await open({ impact: 3, urgency: 3 })
    await desk.work()
    const pagesOf = async (id: string) => (await desk.call('GET /api/tickets/:id/pages', { as: lead, params: { id } })).items
    expect(await pagesOf(calm.id)).toEqual([])
    expect(await pagesOf(bad.id)).toMatchObject([{ why: 'rule', rule: { name: 'Priority 1' }, rung: [{ name: 'Anna' }] }])
    const { version } = await desk.call('GET /api/tickets/:id', { as: lead, params: { id: bad.id } })
    await desk.call('POST /api/tickets/:id/resolve', {
      as: lead,
      params: { id: bad.id },
      ifMatch: version,
      body: { code: 'solved', text: 'Up again.', tell: false },
    })
    await desk.call('POST /api/tickets/:id/reopen', { as: lead, params: { id: bad.id }, body: {} })
    await desk.work()
    expect((await pagesOf(bad.id)).map((one) => one.state)).toEqual(['ringing', 'ended'])
  })

  it('look once at a ticket to which several things happen in one moment', async () => {
    await addPolicy([step([person(anna.id)])])
    await desk.call('POST /api/paging/rules', {
      as: lead,
      body: { name: 'Priority 1', query: { all: [{ field: 'priority', values: [1] }] } },
    })
    const { id, version } = await open({ teamId: (await desk.team('Desk')).id })
    const body = { teamId: team.id, assigneeId: ben.id, impact: 3, urgency: 3 }
    await desk.call('PATCH /api/tickets/:id', { as: lead, params: { id }, ifMatch: version, body } as never)
    await desk.work()
    expect((await desk.call('GET /api/tickets/:id/pages', { as: lead, params: { id } })).items.map((one) => one.why)).toEqual(['rule'])
  })

  it('that ask for nothing, or for whoever reads, are refused with the field', async () => {
    const refuse = async (query: object) =>
      (await desk.refused('validation_failed', 'POST /api/paging/rules', { as: lead, body: { name: 'All', query } as never })).issues?.[0]
        ?.path
    expect(await refuse({})).toBe('query')
    expect(await refuse({ all: [{ field: 'assignee', values: ['me'] }] })).toBe('query.all.0')
  })
})

describe('the link of a page', () => {
  it('shows what is the matter to whoever was rung, acts only when a button is pressed, and each thing once', async () => {
    const { id, ticket } = await pagedTicket()
    const token = click(anna)
    const look = () => desk.call('POST /api/page-links/look', { body: { token } })
    expect(await look()).toMatchObject({
      name: 'Anna',
      count: 1,
      open: ['acknowledge', 'pass-on', 'help'],
      pages: [{ number: Number(ticket.id), subject: 'Line is down' }],
    })
    await look()
    expect((await see(id)).state).toBe('ringing')
    const acted = await desk.call('POST /api/page-links/act', { body: { token, do: 'acknowledge' } })
    expect(acted.pages[0]).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Anna' })
    expect(await see(id)).toMatchObject({ acknowledgedBy: { name: 'Anna' }, acknowledgedVia: 'link' })
    await desk.refused('link_expired', 'POST /api/page-links/act', { body: { token, do: 'acknowledge' } })
    const told = await desk.kernel.asSystem(
      async ({ db }) =>
        (await sql<{ type: string }>`select type from event where ticket_id = ${ticket.id} and type like 'page.%' order by id`.execute(db))
          .rows,
    )
    expect(told.map((one) => one.type)).toEqual(['page.begun', 'page.acknowledged'])
    // Passing on rings the next step at once; the link of yesterday opens nothing.
    await desk.call('POST /api/page-links/act', { body: { token, do: 'pass-on' } })
    await desk.work()
    expect(await rung(id)).toEqual(['Anna', 'Ben'])
    desk.clock.advance({ hours: 25 })
    await desk.refused('link_expired', 'POST /api/page-links/look', { body: { token } })
    await desk.refused('link_expired', 'POST /api/page-links/look', { body: { token: 'x'.repeat(22) } })
  })

  it('calls for help beside, while the first keeps the page', async () => {
    const { id, ticket } = await pagedTicket()
    await desk.call('POST /api/paging/policies', { as: lead, body: { name: 'Major', steps: [step([person(lead.id)])] } as never })
    const token = click(anna)
    const { helpers } = await desk.call('POST /api/page-links/look', { body: { token } })
    await desk.call('POST /api/page-links/act', { body: { token, do: 'acknowledge' } })
    await desk.call('POST /api/page-links/act', { body: { token, do: 'help', policyId: helpers.find((one) => one.name === 'Major')!.id } })
    await desk.work()
    const [help, first] = (await desk.call('GET /api/tickets/:id/pages', { as: lead, params: { id: ticket.id } })).items
    expect(help).toMatchObject({ why: 'help', by: { name: 'Anna' }, rung: [{ name: 'Lea' }] })
    expect(first).toMatchObject({ id, state: 'acknowledged' })
  })

  it('tells nothing of a restricted ticket outside, and nothing at all to who no longer sees it', async () => {
    const { id, ticket } = await pagedTicket()
    const token = click(anna)
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: ticket.id },
      body: { to: { personIds: [lead.id, ben.id], teamIds: [] } },
    })
    await desk.refused('link_expired', 'POST /api/page-links/look', { body: { token } })
    await minutes(11)
    expect(await rung(id)).toEqual(['Anna', 'Ben'])
    expect(outside.of(`/ntfy-${ben.id}`).at(-1)!.text).not.toContain('Line is down')
  })
})

describe('nobody there', () => {
  it('FT-64 an empty rota, who left and who has no way fall to the next step and the catch-all; when that fails too, it is told', async () => {
    const chief = await desk.person('administrator', { name: 'Chief' })
    const gone = await desk.person('agent', { name: 'Gone' })
    const rota = await desk.call('POST /api/rotas', {
      as: lead,
      body: {
        name: 'Empty',
        teamId: team.id,
        timeZone: 'Europe/Berlin',
        layers: [
          {
            name: 'L',
            timeZone: 'Europe/Berlin',
            rotation: { unit: 'weeks', every: 1 },
            handover: '09:00',
            startsOn: '2099-01-01',
            peopleIds: [ben.id],
          },
        ],
      } as never,
    })
    await addPolicy([
      step([{ kind: 'rota', id: rota.id }]),
      step([person(gone.id)]),
      step([{ kind: 'leads', id: team.id }]),
      step([person(anna.id)]),
    ])
    await desk.kernel.asSystem(({ db, now }) =>
      sql`with a as (update person set archived_at = ${now.toString()} where id = ${gone.id}) update person set email = null where id = ${anna.id}`.execute(
        db,
      ),
    )
    const { id } = await page((await open()).id)
    await desk.work()
    expect((await see(id)).rings.map((one) => [one.target, one.nobodyWhy])).toEqual([
      ['rota', 'nobody-on-call'],
      ['person', 'gone'],
      ['leads', 'no-lead'],
      ['person', 'no-channel'],
      ['catch-all', null],
    ])
    expect(mailTo(chief)).toHaveLength(1)
    // With the catch-all out of reach as well, an alarm stands where people look.
    await desk.kernel.asSystem(({ db }) => sql`update person set email = null where id = ${chief.id}`.execute(db))
    const second = await page((await open()).id)
    await desk.work()
    expect((await see(second.id)).unreachedAt).not.toBeNull()
    expect((await desk.call('GET /api/notices', { as: chief })).items.map((one) => one.about)).toContain('page-unreached')
    expect((await see(second.id)).state).toBe('ringing')
  })
})

describe('the pager itself', () => {
  it('FT-45 goes on without its jobs: the round finds what is due, once', async () => {
    const { id } = await pagedTicket()
    await desk.sandbox.asOwner(() => desk.sandbox.client.query('delete from graphile_worker._private_jobs'))
    desk.clock.advance({ minutes: 11 })
    await desk.work()
    expect(await rung(id)).toEqual(['Anna'])
    await watch(desk.kernel)
    desk.clock.advance({ seconds: 11 })
    await desk.sandbox.asOwner(() => desk.sandbox.client.query('delete from graphile_worker._private_jobs'))
    await watch(desk.kernel)
    await watch(desk.kernel)
    expect(await rung(id)).toEqual(['Anna', 'Ben'])
    expect(outside.of(`/ntfy-${ben.id}`)).toHaveLength(1)
  })

  it('FT-65 tells who looks after it when it stood still, and a service outside each minute that it runs', async () => {
    const chief = await desk.person('administrator')
    await addPolicy([step([person(anna.id)])])
    await desk.kernel.asSystem(beat)
    desk.clock.advance({ seconds: 50 })
    await desk.kernel.asSystem(beat)
    const bells = async () => (await desk.call('GET /api/notices', { as: chief })).items.map((one) => one.about)
    expect(await bells()).not.toContain('pager-silent')
    await desk.call('PATCH /api/paging/settings', { as: chief, body: { outsideUrl: `${outside.url}/ping/1` } })
    desk.clock.advance({ minutes: 5 })
    await watch(desk.kernel)
    expect(await bells()).toContain('pager-silent')
    expect(outside.of('/ping')).toHaveLength(1)
    expect(await desk.call('GET /api/paging/settings', { as: chief })).toMatchObject({
      outsideAnswer: 'HTTP 200',
      outsideAt: expect.any(String),
    })
  })
})
