import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { sendTo, someMessageId } from '../mail/mail.testing.ts'

const desk = useDesk()
let agent: TestPerson
let asker: TestPerson
beforeEach(async () => {
  agent = await desk.person('agent')
  asker = await desk.person('requester')
})

describe('priority and waiting by hand', () => {
  const timeline = async (id: string) =>
    (await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id } })).items.map((e) => e.data.changes)

  it('INC-14 a priority set by hand needs a reason, which the colleagues read; impact and urgency give it back', async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
    const edit = (ifMatch: number, body: Record<string, unknown>) => ({ as: agent, params: { id: made.id }, ifMatch, body }) as const
    const refused = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', edit(1, { priority: 1 }))
    expect(refused.issues?.[0]).toMatchObject({ path: 'priorityReason' })
    const byHand = await desk.call('PATCH /api/tickets/:id', edit(1, { priority: 1, priorityReason: 'The board meets at nine.' }))
    expect(byHand).toMatchObject({ priority: 1, impact: 1, urgency: 1 })
    expect(byHand.messages.at(-1)).toMatchObject({ internal: true, text: 'The board meets at nine.' })
    const back = await desk.call('PATCH /api/tickets/:id', edit(byHand.version, { impact: 1, urgency: 1 }))
    expect(back).toMatchObject({ priority: 5, initialPriority: 5 })
    expect((await timeline(made.id)).slice(1)).toEqual([{ priority: [5, 1] }, { priority: [1, 5] }])
  })

  it('INC-12 INC-13 the history shows who changed the priority, from what to what and why; the first priority is kept beside it', async () => {
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id, impact: 2, urgency: 2 } })
    const edit = (ifMatch: number, body: Record<string, unknown>) => ({ as: agent, params: { id: made.id }, ifMatch, body }) as const
    const raised = await desk.call('PATCH /api/tickets/:id', edit(1, { priority: 1, priorityReason: 'Pay day.' }))
    expect(raised).toMatchObject({ priority: 1, initialPriority: 3 })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, params: { id: made.id } })
    const event = items.at(-1)!
    expect(event).toMatchObject({ actor: { id: agent.id }, data: { changes: { priority: [3, 1] } } })
    expect(event.names[`reason:${event.data['reasonId']}`]).toBe('Pay day.')
    // The text is in its own row alone, which can be erased.
    expect(JSON.stringify(items.map((e) => e.data))).not.toContain('Pay day')
  })

  it('INC-9 the category is kept as it was at the start, as it is, and as it turned out to be', async () => {
    const all = (await desk.call('GET /api/categories', { as: agent })).items
    const [hardware, network, software] = ['hardware', 'network', 'software'].map((key) => all.find((c) => c.key === key)!)
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
    const call = (ifMatch: number, body: Record<string, unknown>) => ({ as: agent, params: { id: made.id }, ifMatch, body }) as const
    expect(made).toMatchObject({ categoryAtOpen: null })
    const first = await desk.call('PATCH /api/tickets/:id', call(1, { categoryId: hardware!.id }))
    const second = await desk.call('PATCH /api/tickets/:id', call(first.version, { categoryId: network!.id }))
    const done = await desk.call(
      'POST /api/tickets/:id/resolve',
      call(second.version, { code: 'solved', categoryId: software!.id }) as never,
    )
    const names = { categoryAtOpen: { name: 'Hardware' }, category: { name: 'Network' } }
    expect(done).toMatchObject({ ...names, categoryAtClose: { name: 'Software' } })
    expect(await desk.call('GET /api/tickets/:id', { as: asker, params: { id: made.id } })).toMatchObject({
      categoryAtOpen: null,
      categoryAtClose: null,
    })
    const again = await desk.call('POST /api/tickets/:id/reopen', { as: agent, params: { id: made.id }, body: {} })
    expect(again).toMatchObject({ ...names, categoryAtClose: null })
    const plain = await desk.call('POST /api/tickets/:id/resolve', call(again.version, { code: 'solved' }) as never)
    expect(plain.categoryAtClose).toMatchObject({ name: 'Network' })
    const unknown = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', call(plain.version, { categoryId: '999999999' }))
    expect(unknown.issues?.[0]).toMatchObject({ path: 'categoryId' })
  })

  it('INC-18 what waits has a reason and a day on which it comes back by itself; moving on by hand drops the day', async () => {
    const { items } = await desk.call('GET /api/statuses', { as: agent })
    const statusId = (meaning: string) => items.find((s) => s.meaning === meaning)!.id
    const made = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'A', requesterId: asker.id } })
    const edit = (ifMatch: number, body: Record<string, unknown>) => ({ as: agent, params: { id: made.id }, ifMatch, body }) as const
    const over = await desk.refused('validation_failed', 'PATCH /api/tickets/:id', edit(1, { revisitAt: '2020-01-01T09:00:00Z' }))
    expect(over.issues?.[0]).toMatchObject({ path: 'revisitAt', code: 'past' })
    const revisitAt = desk.clock.now().add({ hours: 48 }).toString()
    const wait = { statusId: statusId('waiting-vendor'), revisitAt, waitingReason: 'The part comes on Friday.' }
    const waiting = await desk.call('PATCH /api/tickets/:id', edit(1, wait))
    expect(waiting).toMatchObject({ status: { meaning: 'waiting-vendor' } })
    expect(waiting.messages.at(-1)).toMatchObject({ internal: true, text: 'The part comes on Friday.' })
    expect(waiting.revisitAt).not.toBeNull()
    const open = await desk.call('PATCH /api/tickets/:id', edit(waiting.version, { statusId: statusId('open') }))
    expect(open.revisitAt).toBeNull()
    const holder = await desk.person('agent')
    await desk.call('PATCH /api/tickets/:id', edit(open.version, { ...wait, assigneeId: holder.id }))
    desk.clock.advance({ hours: 49 })
    const { ticketJobs } = await import('./jobs.ts')
    await ticketJobs['tickets.wake-waiting']?.(desk.kernel, {})
    await ticketJobs['tickets.wake-waiting']?.(desk.kernel, {})
    const late = await desk.person('agent')
    const history = (await desk.call('GET /api/tickets/:id/timeline', { as: late, params: { id: made.id } })).items
    expect(history.filter((e) => e.rule === 'revisit').length).toBe(1)
    expect((await desk.call('GET /api/notices', { as: holder })).items.filter((n) => n.reason === 'back')).toMatchObject([
      { ticket: { id: made.id } },
    ])
    const woken = await desk.call('GET /api/tickets/:id', { as: late, params: { id: made.id } })
    expect(woken).toMatchObject({ status: { meaning: 'open' }, revisitAt: null })
    expect((await desk.call('GET /api/tickets/:id/timeline', { as: late, params: { id: made.id } })).items.at(-1)).toMatchObject({
      rule: 'revisit',
      data: { changes: { status_id: [statusId('waiting-vendor'), statusId('open')], meaning: ['waiting-vendor', 'open'] } },
    })
  })
})

describe('spam', () => {
  it('an agent reports it and may take that back; to other agents it does not exist meanwhile, a lead sees it', async () => {
    const [other, lead] = [await desk.person('agent'), await desk.person('lead')]
    const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'You won', body: 'x' } })
    const of = (as: TestPerson) => ({ as, params: { id: made.id } })
    await desk.refused('not_allowed', 'POST /api/tickets/:id/remove', of(asker))
    await desk.call('POST /api/tickets/:id/remove', of(agent))
    for (const person of [agent, other, asker]) await desk.refused('not_found', 'GET /api/tickets/:id', of(person))
    expect((await desk.call('GET /api/tickets/:id', of(lead))).deletedAt).not.toBeNull()
    await desk.refused('not_found', 'POST /api/tickets/:id/bring-back', of(other))
    expect(await desk.call('POST /api/tickets/:id/bring-back', of(agent))).toMatchObject({ deletedAt: null })
    await desk.call('POST /api/tickets/:id/remove', of(lead))
    await desk.refused('not_found', 'POST /api/tickets/:id/bring-back', of(agent))
    expect(await desk.call('POST /api/tickets/:id/bring-back', of(lead))).toMatchObject({ deletedAt: null })
  })
})

describe('the resolution', () => {
  it('is read by the requester when they were told it, and stays between colleagues when not', async () => {
    const see = async (tell: boolean) => {
      const made = await desk.call('POST /api/tickets', { as: asker, body: { subject: 'A', body: 'x' } })
      await desk.call('POST /api/tickets/:id/resolve', {
        as: agent,
        params: { id: made.id },
        ifMatch: 1,
        body: { code: 'solved', text: 'Spoke with payroll.', tell },
      })
      const read = (as: TestPerson) => desk.call('GET /api/tickets/:id', { as, params: { id: made.id } })
      return { theirs: await read(asker), ours: await read(agent) }
    }
    const told = await see(true)
    expect([told.theirs.resolution, told.theirs.resolutionTold]).toEqual(['Spoke with payroll.', true])
    const silent = await see(false)
    expect([silent.theirs.resolution, silent.theirs.status.meaning]).toEqual([null, 'resolved'])
    expect([silent.ours.resolution, silent.ours.resolutionTold]).toEqual(['Spoke with payroll.', false])
  })
})

describe('taking back an answer', () => {
  const open = () => desk.call('POST /api/tickets', { as: asker, body: { subject: 'Mouse', body: 'Dead' } })
  const reply = (id: string) => desk.call('POST /api/tickets/:id/replies', { as: agent, params: { id }, body: { body: 'Oops' } })

  it('makes a ticket new again whose first answer it was, unless somebody did something with it since', async () => {
    const see = async (id: string) => (await desk.call('GET /api/tickets/:id', { as: agent, params: { id } })).status.meaning
    const made = await open()
    const sent = await reply(made.id)
    expect(await see(made.id)).toBe('open')
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: sent.id } })
    expect(await see(made.id)).toBe('new')
    const taken = await open()
    const again = await reply(taken.id)
    await desk.call('POST /api/tickets/:id/take', { as: await desk.person('agent'), params: { id: taken.id } })
    await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: again.id } })
    expect(await see(taken.id)).toBe('open')
  })

  it('can be done for as long as its writer chose; colleagues keep the time of the desk', async () => {
    const me = await desk.call('GET /api/me', { as: agent })
    expect([me.undoSeconds, me.deskUndoSeconds]).toEqual([null, 10])
    await desk.refused('validation_failed', 'PATCH /api/me', { as: agent, body: { undoSeconds: 3600 as never } })
    expect(await desk.call('PATCH /api/me', { as: agent, body: { undoSeconds: 60 } })).toMatchObject({ undoSeconds: 60 })
    const made = await open()
    const mine = await reply(made.id)
    const colleague = await desk.person('agent')
    const theirs = await desk.call('POST /api/tickets/:id/replies', { as: colleague, params: { id: made.id }, body: { body: 'Hm' } })
    desk.clock.advance({ seconds: 45 })
    await desk.refused('undo_too_late', 'POST /api/messages/:id/undo', { as: colleague, params: { id: theirs.id } })
    expect(await desk.call('POST /api/messages/:id/undo', { as: agent, params: { id: mine.id } })).toMatchObject({ body: 'Oops' })
  })
})

describe('shortcuts', () => {
  it('are kept with the person: switched off, or another key; two on one key are refused by the name of the field', async () => {
    expect((await desk.call('GET /api/me', { as: agent })).keyboard).toEqual({ letters: true, keys: {} })
    const keyboard = { letters: false, keys: { r: 'alt+r', j: 'n' } }
    expect((await desk.call('PATCH /api/me', { as: agent, body: { keyboard } })).keyboard).toEqual(keyboard)
    const other = await desk.person('agent')
    expect((await desk.call('GET /api/me', { as: other })).keyboard.letters).toBe(true)
    const twice = { letters: true, keys: { r: 'x', j: 'x' } }
    const refused = await desk.refused('validation_failed', 'PATCH /api/me', { as: agent, body: { keyboard: twice } })
    expect(refused.issues?.[0]).toMatchObject({ path: 'keyboard.keys', code: 'taken' })
    await desk.refused('validation_failed', 'PATCH /api/me', { as: agent, body: { keyboard: { letters: true, keys: { r: 'two words' } } } })
  })
})

describe('the bell', () => {
  it('says who answered by mail: the person, not the program that brought the mail in', async () => {
    const mailbox = await desk.mailbox()
    const first = someMessageId()
    await sendTo(desk.kernel, { from: asker.email, to: [mailbox.address], subject: 'Mouse', body: 'Dead.', messageId: first })
    await desk.work()
    const [ticket] = (await desk.call('GET /api/tickets', { as: agent })).items
    await desk.call('POST /api/tickets/:id/take', { as: agent, params: { id: ticket!.id } })
    const headers = [`In-Reply-To: <${first}>`]
    await sendTo(desk.kernel, { from: asker.email, to: [mailbox.address], subject: `Re: Mouse [#${ticket!.id}]`, body: 'Still.', headers })
    await desk.work()
    const { items } = await desk.call('GET /api/notices', { as: agent })
    expect(items.find((n) => n.reason === 'reply')).toMatchObject({ actor: { id: asker.id } })
  })
})
