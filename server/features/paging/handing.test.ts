import { describe, expect, it } from 'vitest'
import { person, step, usePagingDesk } from '../../../test/paging-desk.ts'

/** A page that goes from one to another: passed on to a colleague, helped with, and handed over at the end of a shift. */
const { desk, here, addPolicy, open, page, see } = usePagingDesk()
const rung = async (id: string) => (await see(id)).rings.map((one) => one.person?.name ?? one.nobodyWhy)
const minutes = async (n: number) => {
  desk.clock.advance({ minutes: n })
  await desk.work()
}
const passOn = (id: string, body: { personId?: string } = {}) =>
  desk.call('POST /api/pages/:id/pass-on', { as: here.anna, params: { id }, body })

describe('a page passed on to a colleague', () => {
  it('rings them at once; where they do not answer, the policy goes on where it stood', async () => {
    const cleo = await desk.person('agent', { name: 'Cleo' })
    await addPolicy([step([person(here.anna.id)]), step([person(here.ben.id)])])
    const { id } = await page((await open()).id)
    await desk.work()
    await desk.call('POST /api/pages/:id/acknowledge', { as: here.anna, params: { id }, body: {} })
    await passOn(id, { personId: cleo.id })
    await desk.work()
    expect(await rung(id)).toEqual(['Anna', 'Cleo'])
    expect(await see(id)).toMatchObject({ state: 'ringing', acknowledgedBy: null })
    await minutes(11)
    expect(await rung(id)).toEqual(['Anna', 'Cleo', 'Ben'])
  })

  it('rings them before the catch-all too, and again when it is passed to them twice', async () => {
    await addPolicy([step([person(here.anna.id)])], { catchAllId: here.lead.id })
    const { id } = await page((await open()).id)
    await desk.work()
    await minutes(11)
    expect(await rung(id)).toEqual(['Anna', 'Lea'])
    for (let n = 0; n < 2; n++) {
      await passOn(id, { personId: here.ben.id })
      await desk.work()
    }
    expect(await rung(id)).toEqual(['Anna', 'Lea', 'Ben', 'Ben'])
    await minutes(11)
    expect((await rung(id)).at(-1)).toBe('Lea')
  })

  it('is refused where the colleague may not see the ticket, and rings on as before', async () => {
    const limited = await desk.person('agent', { limitedTo: { organisationId: (await desk.organisation()).id } })
    await addPolicy([step([person(here.anna.id)])])
    const { id } = await page((await open()).id)
    await desk.work()
    await desk.refused('validation_failed', 'POST /api/pages/:id/pass-on', {
      as: here.anna,
      params: { id },
      body: { personId: limited.id },
    })
    expect(await rung(id)).toEqual(['Anna'])
  })
})

describe('at the end of a shift', () => {
  const addRota = () =>
    desk.call('POST /api/rotas', {
      as: here.lead,
      body: {
        name: 'Nights',
        teamId: here.team.id,
        timeZone: 'Europe/Berlin',
        layers: [
          {
            name: 'First',
            timeZone: 'Europe/Berlin',
            rotation: { unit: 'days', every: 1 },
            handover: '08:00',
            startsOn: '2027-01-01',
            peopleIds: [here.anna.id, here.ben.id],
          },
        ],
      } as never,
    })
  const openPages = async (as: typeof here.anna, id: string) =>
    (await desk.call('GET /api/rotas/:id/open-pages', { as, params: { id } })).items.map((one) => [one.ticket.subject, one.state])

  it('the note begins with what still rings and with what whoever leaves has acknowledged and not settled', async () => {
    const rota = await addRota()
    await addPolicy([step([person(here.anna.id)])])
    const [mine, settled, ringing] = [await open({ subject: 'Mine' }), await open({ subject: 'Settled' }), await open({ subject: 'Rings' })]
    for (const ticket of [mine, settled]) {
      const { id } = await page(ticket.id)
      await desk.work()
      await desk.call('POST /api/pages/:id/acknowledge', { as: here.anna, params: { id }, body: {} })
    }
    await page(ringing.id)
    await desk.work()
    await desk.call('POST /api/tickets/:id/resolve', {
      as: here.lead,
      params: { id: settled.id },
      ifMatch: (await desk.call('GET /api/tickets/:id', { as: here.lead, params: { id: settled.id } })).version,
      body: { code: 'solved', text: 'Done.' } as never,
    })
    expect(await openPages(here.anna, rota.id)).toEqual([
      ['Rings', 'ringing'],
      ['Mine', 'acknowledged'],
    ])
    expect(await openPages(here.ben, rota.id)).toEqual([['Rings', 'ringing']])
  })
})
