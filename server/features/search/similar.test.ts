import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let agent: TestPerson
let nora: TestPerson
let nordwind: { id: string; name: string }
beforeEach(async () => {
  nordwind = await desk.organisation('Nordwind')
  agent = await desk.person('agent')
  nora = await desk.person('requester', { name: 'Nora', organisationId: nordwind.id })
})
const open = async (subject: string, body = '', more = {}) =>
  (await desk.call('POST /api/tickets', { as: agent, body: { subject, body, requesterId: nora.id, ...more } })).id
const solve = (id: string, text: string) =>
  desk.call('POST /api/tickets/:id/resolve', { as: agent, params: { id }, ifMatch: 1, body: { code: 'solved', text } })
const like = (id: string, as = agent) => desk.call('GET /api/tickets/:id/similar', { as, params: { id } })
const typed = (body: { subject?: string; body?: string; requesterId?: string; categoryId?: string }, as = agent) =>
  desk.call('POST /api/similar', { as, body })

/** A desk with other matters, so that common words are common. */
const others = async () => {
  for (const subject of [
    'Printer paper jam',
    'Printer out of toner',
    'Password forgotten',
    'Laptop slow',
    'Laptop battery empty',
    'Phone broken',
  ])
    await open(subject)
}

describe('similar tickets', () => {
  it('INC-15 an open one and a solved one with its resolution stand beside a new incident, and say what they share', async () => {
    await others()
    const first = await open('VPN gateway does not answer', 'The client says certificate expired')
    const old = await open('VPN: certificate expired on the gateway')
    await solve(old, 'Renewed certificate loaded on the gateway, the service was restarted.')
    const id = await open('VPN certificate error since this morning')
    const { open: alike, solved } = await like(id)
    expect(alike.map((one) => one.id)).toEqual([first])
    expect(alike[0]).toMatchObject({ same: ['requester', 'organisation'], requester: { name: 'Nora' }, meaning: 'new' })
    expect(alike[0]?.words.map((word) => word.toLowerCase())).toEqual(expect.arrayContaining(['vpn', 'certificate']))
    expect(solved).toMatchObject([{ id: old, resolutionCode: 'solved', resolution: expect.stringContaining('Renewed certificate') }])
  })

  it('INC-15 while it is being logged, before it is a ticket, and nothing of it is kept', async () => {
    await others()
    const known = await open('Fileserver FS02 unreachable', 'Drive S: is gone')
    expect((await typed({ subject: 'Drive S: gone, FS02?' })).open.map((one) => one.id)).toEqual([known])
    expect(await typed({ subject: 'Coffee machine' })).toEqual({ open: [], solved: [] })
    expect(await typed({})).toEqual({ open: [], solved: [] })
    expect((await desk.call('GET /api/tickets', { as: agent })).items).toHaveLength(7)
  })

  it('rare words weigh more than frequent ones, and a subject more than a text', async () => {
    await others()
    for (const n of [1, 2, 3]) await open(`Printer ${['left', 'right', 'upper'][n - 1]} tray`)
    const rare = await open('Kyocera shows C7120')
    const inText = await open('Strange message', 'It was about the printer, a Kyocera, I think')
    const found = (await typed({ subject: 'Printer Kyocera C7120' })).open.map((one) => one.id)
    expect(found[0]).toBe(rare)
    expect(found.indexOf(inText)).toBeGreaterThan(0)
  })

  it('finds other forms of a word, in English and in German, with and without accents', async () => {
    await others()
    const english = await open('Monitors flicker')
    const german = await open('Bildschirme flackern in Köln')
    expect((await typed({ subject: 'My monitor is flickering' })).open.map((one) => one.id)).toEqual([english])
    expect((await typed({ subject: 'Bildschirm flackert Koln' })).open.map((one) => one.id)).toEqual([german])
  })

  it('of two alike the one of the same category comes first', async () => {
    await others()
    const categories = (await desk.call('GET /api/categories', { as: agent })).items
    const [a, b] = categories.filter((one) => one.parentId !== null)
    const ids = [
      await open('Scanner sends no mail', '', { categoryId: a!.id }),
      await open('Scanner sends no mail', '', { categoryId: b!.id }),
    ]
    const first = async (categoryId: string) => (await typed({ subject: 'Scanner sends no mail', categoryId })).open[0]
    expect(await first(a!.id)).toMatchObject({ id: ids[0], same: ['category'] })
    expect(await first(b!.id)).toMatchObject({ id: ids[1], same: ['category'] })
  })

  it('leaves out itself, what is merged into it, what is linked already, and what was set aside as spam', async () => {
    await others()
    const id = await open('Docking station loses network')
    const same = await open('Docking station loses network')
    const merged = await open('Docking station loses network')
    const spam = await open('Docking station loses network')
    const left = await open('Docking station loses network')
    await desk.call('POST /api/tickets/:id/children', { as: agent, params: { id }, body: { ticketIds: [same] } })
    await desk.call('POST /api/tickets/:id/merge', { as: agent, params: { id: merged }, body: { intoId: id } })
    await desk.call('POST /api/tickets/:id/remove', { as: agent, params: { id: spam } })
    expect((await like(id)).open.map((one) => one.id)).toEqual([left])
  })
})

describe('who is told of similar tickets', () => {
  it('nobody of a ticket that they may not see: restricted, of another customer, or as a requester', async () => {
    await others()
    const lead = await desk.person('lead')
    const secret = await open('Payroll export AMBER fails')
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      params: { id: secret },
      body: { to: { personIds: [lead.id], teamIds: [] } },
    })
    expect((await typed({ subject: 'Payroll export AMBER fails' })).open).toEqual([])
    expect((await typed({ subject: 'Payroll export AMBER fails' }, lead)).open.map((one) => one.id)).toEqual([secret])
    const elsewhere = await desk.organisation('Elsewhere')
    const limited = await desk.person('agent', { limitedTo: { organisationId: elsewhere.id } })
    await open('Turbine control CRIMSON stopped')
    expect((await typed({ subject: 'Turbine control CRIMSON stopped' }, limited)).open).toEqual([])
    await desk.refused('not_allowed', 'POST /api/similar', { as: nora, body: { subject: 'CRIMSON' } })
    const mine = await open('CRIMSON again')
    await desk.refused('not_allowed', 'GET /api/tickets/:id/similar', { as: nora, params: { id: mine } })
    await desk.refused('not_found', 'GET /api/tickets/:id/similar', { as: limited, params: { id: mine } })
  })
})
