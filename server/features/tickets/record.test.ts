import { beforeEach, describe, expect, it } from 'vitest'
import { kinds, meanings, resolutionCodes } from '../../../contract/tickets.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo, someMessageId } from '../mail/mail.testing.ts'

const desk = useDesk()
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  asker = await desk.person('requester', { name: 'Nora Nord' })
})
const open = (body: Record<string, unknown> = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer', requesterId: asker.id, ...body } })

describe('what each ticket says of itself', () => {
  it('GEN-10 INC-2 its number is given by itself, greater than each before, and never given again', async () => {
    const [first, second] = [await open(), await open()]
    expect(first.number).toBe(Number(first.id))
    expect(second.number).toBeGreaterThan(first.number)
    const lead = await desk.person('lead')
    await desk.call('POST /api/tickets/:id/remove', { as: lead, params: { id: second.id } })
    expect((await open()).number).toBeGreaterThan(second.number)
    await desk.refused('validation_failed', 'POST /api/tickets', { as: agent, body: { subject: 'x', number: 7 } as never })
  })

  it('GEN-10 INC-3 the moment of its creation and of each update is kept, and nobody can choose it', async () => {
    const made = await open()
    expect(made.createdAt).toBe(desk.clock.now().round('millisecond').toString({ fractionalSecondDigits: 3 }))
    desk.clock.advance({ minutes: 7 })
    const tagged = await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: made.version,
      body: { tags: ['a'] },
    })
    expect(Date.parse(tagged.changedAt) - Date.parse(made.changedAt)).toBe(7 * 60_000)
    desk.clock.advance({ minutes: 5 })
    await desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id: made.id }, body: { body: 'We look.' } })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: made.id } })
    expect(items.map((entry) => (Date.parse(entry.at) - Date.parse(made.createdAt)) / 60_000)).toEqual(expect.arrayContaining([0, 7, 12]))
    await desk.refused('validation_failed', 'POST /api/tickets', { as: agent, body: { subject: 'x', createdAt: made.createdAt } as never })
  })

  it('INC-1 staff record an incident for somebody, also one that is solved already', async () => {
    const made = await open({ kind: 'incident', channel: 'counter', resolve: { code: 'solved', text: 'Paper was out.' } })
    expect(made).toMatchObject({
      kind: 'incident',
      requester: { id: asker.id },
      createdBy: { id: agent.id },
      status: { meaning: 'resolved' },
    })
  })

  it('INC-4 where it came from is kept: the channel, the person, and on whose behalf', async () => {
    const boss = await desk.person('requester')
    expect(await open({ channel: 'phone', onBehalfOfId: boss.id })).toMatchObject({
      channel: 'phone',
      requester: { id: asker.id },
      onBehalfOf: { id: boss.id },
      createdBy: { id: agent.id },
    })
    const { address } = await desk.mailbox()
    await sendTo(desk.kernel, { to: [address], from: asker.email, messageId: someMessageId() })
    await desk.work()
    const byMail = (await desk.call('GET /api/tickets', { as: agent, query: { channel: 'mail' } })).items
    expect(byMail).toMatchObject([{ channel: 'mail', requester: { id: asker.id } }])
  })

  it('INC-6 the description stays as it was written, whatever follows', async () => {
    const words = 'Since this morning:\n  1. it blinks\n  2. nothing comes out\n'
    const made = await open({ body: words })
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: made.id },
      ifMatch: made.version,
      body: { subject: 'Printer on 2' },
    })
    const read = await desk.call('GET /api/tickets/:id', { as: agent, params: { id: made.id } })
    expect(read.messages[0]).toMatchObject({ text: words, kind: made.messages[0]?.kind })
  })

  it('INC-20 what was done stands on it: a code that says how far it helped, and a text', async () => {
    expect(resolutionCodes).toContain('workaround')
    const made = await open()
    const resolve = (body: Record<string, unknown>) =>
      ({ as: agent, params: { id: made.id }, ifMatch: made.version, body: body as never }) as const
    const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/resolve', resolve({ code: 'magic' }))
    expect(refused.issues?.[0]?.path).toBe('code')
    const done = await desk.call('POST /api/tickets/:id/resolve', resolve({ code: 'workaround', text: 'Print from tray 2.' }))
    expect(done).toMatchObject({ resolutionCode: 'workaround', resolution: 'Print from tray 2.' })
  })

  it('SD-4 special handling shows on the row and on the ticket, and never to those whom it is about', async () => {
    const manager = await desk.person('manager')
    const { version } = await desk.call('GET /api/people/:id', { as: manager, params: { id: asker.id } })
    await desk.call('PATCH /api/people/:id', {
      as: manager,
      params: { id: asker.id },
      ifMatch: version,
      body: { specialHandling: 'Call her, she is on the road.' },
    })
    const made = await open()
    const row = async (as: TestPerson) => (await desk.call('GET /api/tickets', { as })).items.find((one) => one.id === made.id)
    expect(await row(agent)).toMatchObject({ specialHandling: true })
    expect(await row(asker)).toMatchObject({ specialHandling: false })
    expect((await desk.call('GET /api/people/:id', { as: agent, params: { id: asker.id } })).specialHandling).toContain('on the road')
    const seen = await desk.ask('GET /api/tickets/:id', { as: asker, params: { id: made.id } })
    expect(seen.text).not.toContain('on the road')
  })
})

describe('words', () => {
  it('GEN-1 kinds and meanings are those of ITIL, and a new desk begins with them', async () => {
    expect(kinds.slice(0, 2)).toEqual(['incident', 'request'])
    const { items } = await desk.call('GET /api/statuses', { as: agent })
    const shown = new Set(items.map((status) => status.meaning))
    expect(meanings.filter((meaning) => !shown.has(meaning))).toEqual([])
    expect(await open()).toMatchObject({ kind: 'incident', status: { meaning: 'new' }, impact: 1, urgency: 1, priority: 5 })
  })
})
