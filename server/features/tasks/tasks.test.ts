import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { accessTicket } from '../tickets/access.ts'
import { addTasksFromTemplate } from './actions-templates.ts'

const desk = useDesk()
let agent: TestPerson
let colleague: TestPerson
let lead: TestPerson
let asker: TestPerson
let ticketId: string
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Ann' })
  colleague = await desk.person('agent', { name: 'Ben' })
  lead = await desk.person('lead')
  asker = await desk.person('requester')
  ticketId = (await desk.call('POST /api/tickets', { as: agent, body: { subject: 'New starter', requesterId: asker.id } })).id
})
const params = (id = ticketId) => ({ params: { id } })
const add = (title: string, more: Record<string, unknown> = {}, as = agent) =>
  desk.call('POST /api/tickets/:id/tasks', { as, ...params(), body: { title, ...more } })
const tasksOf = (as = agent) => desk.call('GET /api/tickets/:id/tasks', { as, ...params() })
const settle = (id: string, state: 'done' | 'not-needed' = 'done', as = agent) =>
  desk.call('POST /api/tasks/:id/settle', { as, ...params(id), body: { state } })
const resolve = (version: number) => ({ as: agent, ...params(), ifMatch: version, body: { code: 'solved' as const, text: 'All there.' } })
const versionOf = async () => (await desk.call('GET /api/tickets/:id', { as: agent, ...params() })).version

describe('tasks of a ticket', () => {
  it('are several, each with its person or team, own due time and text, and tell how far they are', async () => {
    const network = await desk.team('Network', 2, [colleague])
    const account = await add('Create the account', { assigneeId: colleague.id, dueAt: '2030-01-02T09:00:00Z', text: 'In both domains.' })
    await add('Patch the socket', { teamId: network.id })
    expect(account).toMatchObject({
      state: 'open',
      assignee: { id: colleague.id, name: 'Ben' },
      dueAt: '2030-01-02T09:00:00.000Z',
      text: 'In both domains.',
      createdBy: { name: 'Ann' },
    })
    expect(await settle(account.id, 'done', colleague)).toMatchObject({ state: 'done', settledBy: { id: colleague.id } })
    expect(await tasksOf()).toMatchObject({ settled: 1, total: 2, items: [{ title: 'Create the account' }, { team: { name: 'Network' } }] })
  })

  it('stand in the timeline by their titles, whoever did what', async () => {
    const { id } = await add('Order the laptop')
    await settle(id, 'not-needed', colleague)
    await desk.call('POST /api/tasks/:id/reopen', { as: agent, ...params(id) })
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, ...params() })
    expect(items.filter((e) => e.type.startsWith('task.')).map((e) => [e.type, e.actor?.name, e.names[`task:${id}`]])).toEqual([
      ['task.added', 'Ann', 'Order the laptop'],
      ['task.done', 'Ben', 'Order the laptop'],
      ['task.reopened', 'Ann', 'Order the laptop'],
    ])
  })

  it('that are mandatory and open keep the ticket from being resolved, by name, and nothing is half done', async () => {
    const wipe = await add('Wipe the disk', { mandatory: true })
    await add('Tell the neighbours')
    const version = await versionOf()
    const problem = await desk.refused('tasks_open', 'POST /api/tickets/:id/resolve', resolve(version))
    expect(problem).toMatchObject({ status: 409, names: ['Wipe the disk'] })
    expect(await desk.call('GET /api/tickets/:id', { as: agent, ...params() })).toMatchObject({ version, resolvedAt: null })
    await settle(wipe.id, 'not-needed')
    expect((await desk.call('POST /api/tickets/:id/resolve', resolve(version))).status.meaning).toBe('resolved')
  })

  it('are changed with the version that was seen, and show what somebody else made of them', async () => {
    const { id } = await add('Call back')
    const change = { as: agent, ...params(id), ifMatch: 1, body: { title: 'Call back before noon', mandatory: true } }
    expect(await desk.call('PATCH /api/tasks/:id', change)).toMatchObject({ version: 2, title: 'Call back before noon', mandatory: true })
    expect(await desk.refused('version_stale', 'PATCH /api/tasks/:id', change)).toMatchObject({
      current: { title: 'Call back before noon' },
    })
  })

  it('wait for one another where somebody says so, never in a circle', async () => {
    const first = await add('Unplug')
    const second = await add('Carry away', { afterId: first.id })
    expect(second.after).toEqual({ id: first.id, title: 'Unplug', open: true })
    const refused = await desk.refused('task_waits', 'POST /api/tasks/:id/settle', { as: agent, ...params(second.id), body: {} })
    expect(refused['names']).toEqual(['Unplug'])
    const circle = { as: agent, ...params(first.id), ifMatch: 1, body: { afterId: second.id } }
    expect((await desk.refused('validation_failed', 'PATCH /api/tasks/:id', circle)).issues?.[0]).toMatchObject({
      path: 'afterId',
      code: 'circle',
    })
    await settle(first.id)
    expect(await settle(second.id)).toMatchObject({ state: 'done' })
  })

  it('are put into another order, and an order made from an old list is refused', async () => {
    const [a, b] = [await add('A'), await add('B')]
    const { items } = await desk.call('PUT /api/tickets/:id/tasks/order', { as: agent, ...params(), body: { ids: [b.id, a.id] } })
    expect(items.map((task) => task.title)).toEqual(['B', 'A'])
    await desk.refused('validation_failed', 'PUT /api/tickets/:id/tasks/order', { as: agent, ...params(), body: { ids: [a.id] } })
  })

  it('hold check items, each ticked by somebody at a time', async () => {
    const { id, items } = await add('Prepare the laptop', { items: ['Image', 'Encrypt'] })
    const ticked = await desk.call('PATCH /api/task-items/:id', { as: colleague, ...params(items[0]!.id), body: { ticked: true } })
    expect(ticked.items.map((item) => [item.title, item.ticked?.by?.name ?? null])).toEqual([
      ['Image', 'Ben'],
      ['Encrypt', null],
    ])
    await desk.call('POST /api/tasks/:id/items', { as: agent, ...params(id), body: { title: 'Label' } })
    const after = await desk.call('DELETE /api/task-items/:id', { as: agent, ...params(items[1]!.id) })
    expect(after).toMatchObject({ version: 1, items: [{ title: 'Image' }, { title: 'Label', ticked: null }] })
  })

  it('of a closed ticket are read and not changed; a removed one is gone', async () => {
    const [kept, gone] = [await add('Keep'), await add('Remove')]
    await desk.call('DELETE /api/tasks/:id', { as: agent, ...params(gone.id) })
    await desk.call('POST /api/tickets/:id/resolve', resolve(await versionOf()))
    await desk.call('POST /api/tickets/:id/close', { as: agent, ...params() })
    expect(await tasksOf()).toMatchObject({ total: 1, can: { edit: false } })
    await desk.refused('ticket_closed', 'POST /api/tasks/:id/settle', { as: agent, ...params(kept.id), body: {} })
  })
})

describe('who sees and gets a task', () => {
  it('requesters see none, and an agent who may not see the ticket finds none', async () => {
    const { id } = await add('Check the MARKER-7 log')
    await desk.refused('not_allowed', 'GET /api/tickets/:id/tasks', { as: asker, ...params() })
    const theirs = await desk.organisation()
    const limited = await desk.person('agent', { limitedTo: { organisationId: theirs.id } })
    await desk.refused('not_found', 'GET /api/tickets/:id/tasks', { as: limited, ...params() })
    await desk.refused('not_found', 'POST /api/tasks/:id/settle', { as: limited, ...params(id), body: {} })
    expect((await desk.call('GET /api/tasks', { as: limited })).items).toEqual([])
    for (const path of ['GET /api/tickets/:id', 'GET /api/tickets/:id/timeline'] as const)
      expect((await desk.ask(path, { as: asker, ...params() })).text).not.toContain('MARKER-7')
  })

  it('another team gets one, unless nobody of it sees the ticket: that is refused and says so', async () => {
    const [network, vault] = [await desk.team('Network', 2, [colleague]), await desk.team('Vault', 3, [lead])]
    expect(await add('Open the port', { teamId: network.id })).toMatchObject({ team: { name: 'Network' } })
    await desk.call('PUT /api/tickets/:id/restriction', {
      as: lead,
      ...params(),
      body: { to: { personIds: [agent.id], teamIds: [vault.id] } },
    })
    const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/tasks', {
      as: agent,
      ...params(),
      body: { title: 'x', teamId: network.id, assigneeId: colleague.id },
    })
    expect(refused.issues?.map((issue) => [issue.path, issue.code])).toEqual([
      ['assigneeId', 'sees_not'],
      ['teamId', 'team_sees_not'],
    ])
    expect(refused.issues?.[1]?.message).toContain('Network')
    expect(await add('Look', { teamId: vault.id })).toMatchObject({ team: { name: 'Vault' } })
    // What Network was given before is out of its sight, too.
    expect((await desk.call('GET /api/tasks', { as: colleague, query: { team: 'mine' } })).items).toEqual([])
  })

  it('the database itself shows none, and no time, to whoever is not staff', async () => {
    await add('Look', { items: ['Here'] })
    await desk.call('POST /api/tickets/:id/time', { as: agent, ...params(), body: { minutes: 5 } })
    await desk.call('POST /api/tickets/:id/timer/start', { as: agent, ...params(), body: {} })
    const client = desk.sandbox.client
    const seen = async (table: string) => (await client.query(`select 1 from ${table}`)).rowCount
    await desk.sandbox.transaction(async () => {
      for (const staff of ['on', '']) {
        await client.query(`select set_config('firstline.scope', 'all', true), set_config('firstline.staff', '${staff}', true)`)
        for (const table of ['task', 'task_item', 'time_entry', 'timer']) expect(await seen(table), table).toBe(staff ? 1 : 0)
      }
    })
  })

  it('requesters are given none', async () => {
    const body = { title: 'x', assigneeId: asker.id }
    await desk.refused('validation_failed', 'POST /api/tickets/:id/tasks', { as: agent, ...params(), body })
  })

  it('rings the bell of its person, else of its team, and of who has the ticket when it is done', async () => {
    const network = await desk.team('Network', 2, [colleague])
    await desk.call('POST /api/tickets/:id/take', { as: agent, ...params() })
    const { id } = await add('Open the port', { teamId: network.id }, lead)
    const reasons = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((notice) => notice.reason)
    expect(await reasons(colleague)).toEqual(['task'])
    await settle(id, 'done', colleague)
    expect(await reasons(agent)).toEqual(['task-done'])
    await add('Mine', { assigneeId: lead.id })
    expect(await reasons(lead)).toEqual(['task'])
  })
})

describe('my tasks', () => {
  it('are listed by due time, mine and my teams’, page by page, the done ones apart', async () => {
    const network = await desk.team('Network', 2, [agent])
    await add('Whenever', { assigneeId: agent.id })
    const soon = await add('Soon', { assigneeId: agent.id, dueAt: '2030-01-01T08:00:00Z' })
    await add('Later', { assigneeId: agent.id, dueAt: '2030-01-01T09:00:00Z' })
    await add('For the team', { teamId: network.id })
    const mine = { as: agent, query: { assignee: 'me', limit: 2 } }
    const first = await desk.call('GET /api/tasks', mine)
    const second = await desk.call('GET /api/tasks', { as: agent, query: { ...mine.query, after: first.next } })
    expect([...first.items, ...second.items].map((task) => task.title)).toEqual(['Soon', 'Later', 'Whenever'])
    expect([second.next, first.items[0]?.ticket.subject]).toEqual([null, 'New starter'])
    expect((await desk.call('GET /api/tasks', { as: agent, query: { team: 'mine' } })).items.map((task) => task.title)).toEqual([
      'For the team',
    ])
    await settle(soon.id)
    const done = await desk.call('GET /api/tasks', { as: agent, query: { assignee: 'me', open: false } })
    expect(done.items.map((task) => task.title)).toEqual(['Soon'])
    await desk.refused('validation_failed', 'GET /api/tasks', { as: agent, query: { after: 'nonsense' } })
  })

  it('of a cancelled ticket ask for nothing any more', async () => {
    await add('Order', { assigneeId: agent.id })
    const { items } = await desk.call('GET /api/statuses', { as: agent })
    const cancelled = items.find((status) => status.meaning === 'cancelled')!
    await desk.call('PATCH /api/tickets/:id', { as: agent, ...params(), ifMatch: await versionOf(), body: { statusId: cancelled.id } })
    expect((await desk.call('GET /api/tasks', { as: agent, query: { assignee: 'me' } })).items).toEqual([])
  })
})

describe('templates', () => {
  const words = (en: string, de = '') => ({ en, de })
  const starter = (teamId: string) => ({
    name: words('New starter', 'Neuer Mitarbeiter'),
    tasks: [
      { title: words('Create the account', 'Konto anlegen'), mandatory: true, dueHours: 24, items: [words('Mail'), words('VPN')] },
      { title: words('Hand out the laptop'), teamId, after: 0 },
    ],
  })

  it('INC-23 a template puts its tasks, check items, teams, due times and order on a ticket in one act, and several templates add up', async () => {
    const hardware = await desk.team('Hardware', 1)
    const { id } = await desk.call('POST /api/task-templates', { as: lead, body: starter(hardware.id) })
    const other = await desk.call('POST /api/task-templates', {
      as: lead,
      body: { name: words('', 'Zutritt'), tasks: [{ title: words('', 'Karte') }] },
    })
    await desk.call('POST /api/tickets/:id/tasks/from-template', { as: agent, ...params(), body: { templateId: id } })
    const { items, total } = await desk.call('POST /api/tickets/:id/tasks/from-template', {
      as: agent,
      ...params(),
      body: { templateId: other.id },
    })
    expect([total, items.map((task) => task.title)]).toEqual([3, ['Create the account', 'Hand out the laptop', 'Karte']])
    expect(items[0]).toMatchObject({ mandatory: true, items: [{ title: 'Mail' }, { title: 'VPN' }] })
    expect(items[0]?.dueAt).toBe(desk.clock.now().add({ hours: 24 }).toString({ fractionalSecondDigits: 3 }))
    expect(items[1]).toMatchObject({ team: { name: 'Hardware' }, after: { title: 'Create the account' } })
  })

  it('INC-23 an incident model applies a template in the name of the program', async () => {
    const { id } = await desk.call('POST /api/task-templates', {
      as: lead,
      body: { name: words('Outage'), tasks: [{ title: words('Tell everybody') }] },
    })
    await desk.kernel.asSystem(async (context) => addTasksFromTemplate(context, await accessTicket(context, ticketId, 'ticket.edit'), id))
    expect((await tasksOf()).items).toMatchObject([{ title: 'Tell everybody', createdBy: null }])
  })

  it('are changed with the version that was seen, removed, and edited by leads only', async () => {
    const hardware = await desk.team('Hardware', 1)
    const made = await desk.call('POST /api/task-templates', { as: lead, body: starter(hardware.id) })
    await desk.refused('not_allowed', 'POST /api/task-templates', { as: agent, body: starter(hardware.id) })
    const edit = { as: lead, ...params(made.id), ifMatch: 1, body: { tasks: [{ title: words('Only this') }] } }
    expect(await desk.call('PATCH /api/task-templates/:id', edit)).toMatchObject({
      version: 2,
      name: { de: 'Neuer Mitarbeiter' },
      tasks: [{ title: { en: 'Only this' } }],
    })
    await desk.refused('version_stale', 'PATCH /api/task-templates/:id', edit)
    await desk.call('DELETE /api/task-templates/:id', { as: lead, ...params(made.id) })
    expect((await desk.call('GET /api/task-templates', { as: agent })).items).toEqual([])
    await desk.refused('validation_failed', 'POST /api/tickets/:id/tasks/from-template', {
      as: agent,
      ...params(),
      body: { templateId: made.id },
    })
  })

  it('name every wrong field at once', async () => {
    const body = {
      name: words('x'),
      tasks: [
        { title: words('a'), after: 0 },
        { title: words('b'), teamId: '999999' },
      ],
    }
    const { issues } = await desk.refused('validation_failed', 'POST /api/task-templates', { as: lead, body })
    expect(issues?.map((issue) => issue.path)).toEqual(['tasks.0.after', 'tasks.1.teamId'])
    const empty = await desk.refused('validation_failed', 'POST /api/task-templates', {
      as: lead,
      body: { name: words(''), tasks: [{ title: words('a') }] },
    })
    expect(empty.issues?.[0]?.path).toBe('name')
  })
})
