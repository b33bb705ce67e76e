import { beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { content } from '../../../contract/readymade.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { readymadeJobs } from './jobs.ts'

const desk = useDesk()
let agent: TestPerson
let lead: TestPerson
let asker: TestPerson
let team: { id: string; name: string }
let statusOf: (meaning: string) => string
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Anna Agent' })
  lead = await desk.person('lead', { name: 'Lena Lead' })
  asker = await desk.person('requester', { name: 'Jana Weber' })
  team = await desk.team('Field', 2, [agent])
  const { items } = await desk.call('GET /api/statuses', { as: agent })
  statusOf = (meaning) => items.find((s) => s.meaning === meaning)!.id
})
type Content = z.input<typeof content>
const keep = (as: TestPerson, body: Content, more: Record<string, unknown> = {}) =>
  desk.call('POST /api/readymade', { as, body: { name: { en: 'Ready' }, scope: 'private', content: body, ...more } as never })
const open = (more: Record<string, unknown> = {}) =>
  desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer', requesterId: asker.id, ...more } as never })
const read = (id: string) => desk.call('GET /api/tickets/:id', { as: agent, params: { id } })
const run = (id: string, readymadeId: string, more = {}) =>
  desk.call('POST /api/tickets/:id/run', { as: agent, params: { id }, body: { readymadeId, ...more } })
const taskTemplate = () =>
  desk.call('POST /api/task-templates', {
    as: lead,
    body: { name: { en: 'Swap' }, tasks: [{ title: { en: 'Order the part' } }, { title: { en: 'Fit it' } }] },
  })
const category = async (key: string) => (await desk.call('GET /api/categories', { as: agent })).items.find((c) => c.key === key)!.id

describe('macros', () => {
  const steps = (): Extract<Content, { kind: 'macro' }> => ({
    kind: 'macro',
    steps: [
      { do: 'status', statusId: statusOf('open') },
      { do: 'priority', priority: 2, reason: 'Printing stands still.' },
      { do: 'team', teamId: team.id },
      { do: 'assignee', assigneeId: 'me' },
      { do: 'tags', add: ['printer'] },
      {
        do: 'reply',
        text: { en: 'Dear {{requester.firstName}}, we look at {{ticket.number}}.', de: 'Guten Tag {{requester.firstName}}.' },
      },
      { do: 'note', text: { en: 'Team: {{ticket.team}}' } },
      { do: 'time', minutes: 5, note: 'Call' },
    ],
  })

  it('previews every step with its text, changes nothing, then does all of them at once with the runner’s rights', async () => {
    const macro = await keep(agent, steps())
    const ticket = await open({ tags: ['old'] })
    const preview = await desk.call('POST /api/tickets/:id/preview-run', {
      as: agent,
      params: { id: ticket.id },
      body: { readymadeId: macro.id },
    })
    expect(preview.possible).toBe(true)
    expect(preview.steps.map((s) => s.outcome)).toEqual(Array(8).fill('done'))
    expect(preview.steps[5]).toMatchObject({ text: `Dear Jana, we look at ${ticket.number}.`, missing: [] })
    const untouched = await read(ticket.id)
    expect(untouched).toMatchObject({ version: ticket.version, tags: ['old'], team: null })
    expect(untouched.messages).toHaveLength(1)
    const done = await run(ticket.id, macro.id)
    expect(done.steps.every((s) => s.outcome === 'done')).toBe(true)
    const after = await read(ticket.id)
    expect(after).toMatchObject({
      priority: 2,
      team: { id: team.id },
      assignee: { id: agent.id },
      tags: ['old', 'printer'],
      status: { meaning: 'open' },
    })
    expect(after.messages.map((m) => [m.internal, m.text])).toEqual([
      [false, ''],
      [true, 'Printing stands still.'],
      [false, `Dear Jana, we look at ${ticket.number}.`],
      [true, 'Team: Field'],
    ])
    expect((await desk.call('GET /api/tickets/:id/time', { as: agent, params: { id: ticket.id } })).totals.minutes).toBe(5)
    expect((await desk.call('GET /api/readymade/:id', { as: agent, params: { id: macro.id } })).used).toBe(1)
  })

  it('is taken back within the undo time: the reply never leaves, fields go back unless somebody changed them since', async () => {
    const macro = await keep(agent, steps())
    const ticket = await open({ tags: ['old'], kind: 'incident' })
    await desk.call('PATCH /api/tickets/:id', {
      as: agent,
      params: { id: ticket.id },
      ifMatch: 1,
      body: { statusId: statusOf('waiting-vendor') },
    })
    const done = await run(ticket.id, macro.id)
    const now = await read(ticket.id)
    await desk.call('PATCH /api/tickets/:id', { as: lead, params: { id: ticket.id }, ifMatch: now.version, body: { tags: ['mine'] } })
    const back = await desk.call('POST /api/macro-runs/:id/undo', { as: agent, params: { id: done.id } })
    expect(back).toEqual({ body: `Dear Jana, we look at ${ticket.number}.`, kept: ['note', 'time'] })
    expect(await read(ticket.id)).toMatchObject({
      priority: 5,
      team: null,
      assignee: null,
      tags: ['mine'],
      status: { meaning: 'waiting-vendor' },
    })
    await desk.work()
    const seen = await desk.call('GET /api/tickets/:id', { as: asker, params: { id: ticket.id } })
    expect(seen.messages).toHaveLength(1)
    await desk.refused('not_found', 'POST /api/macro-runs/:id/undo', { as: agent, params: { id: done.id } })
    const again = await run(ticket.id, macro.id)
    await desk.refused('not_found', 'POST /api/macro-runs/:id/undo', { as: lead, params: { id: again.id } })
    desk.clock.advance({ minutes: 5 })
    await desk.refused('undo_too_late', 'POST /api/macro-runs/:id/undo', { as: agent, params: { id: again.id } })
  })

  it('solves and says so; taken back, the ticket is open as before', async () => {
    const macro = await keep(agent, {
      kind: 'macro',
      steps: [
        { do: 'reply', text: { en: 'Done.' } },
        { do: 'resolve', code: 'solved', text: { en: 'Reset the password.' } },
      ],
    })
    const ticket = await open()
    const done = await run(ticket.id, macro.id)
    expect(await read(ticket.id)).toMatchObject({ status: { meaning: 'resolved' }, resolution: 'Reset the password.' })
    const { kept } = await desk.call('POST /api/macro-runs/:id/undo', { as: agent, params: { id: done.id } })
    expect(kept).toEqual(['status'])
    expect(await read(ticket.id)).toMatchObject({ status: { meaning: 'open' }, resolution: null })
  })

  it('does all or nothing: a step that is refused takes the ones before it back, and is named', async () => {
    const macro = await keep(agent, {
      kind: 'macro',
      steps: [
        { do: 'tags', add: ['a'] },
        { do: 'reply', text: { en: 'Hello' } },
        { do: 'status', statusId: statusOf('closed') },
      ],
    })
    const ticket = await open()
    const preview = await desk.call('POST /api/tickets/:id/preview-run', {
      as: agent,
      params: { id: ticket.id },
      body: { readymadeId: macro.id },
    })
    expect(preview).toMatchObject({ possible: false, steps: [{ outcome: 'done' }, { outcome: 'done' }, { outcome: 'refused' }] })
    const refused = await desk.refused('status_move_refused', 'POST /api/tickets/:id/run', {
      as: agent,
      params: { id: ticket.id },
      body: { readymadeId: macro.id },
    })
    expect(refused).toMatchObject({ step: 2 })
    expect(refused.title).toContain('Step 3')
    expect(await read(ticket.id)).toMatchObject({ tags: [], version: ticket.version })
  })

  it('warns before ___ goes out for a missing value; and of an answer that came meanwhile', async () => {
    const macro = await keep(agent, { kind: 'macro', steps: [{ do: 'reply', text: { en: 'We come to {{site.name}}.' } }] })
    const ticket = await open()
    const body = { readymadeId: macro.id }
    const warned = await desk.refused('validation_failed', 'POST /api/tickets/:id/run', { as: agent, params: { id: ticket.id }, body })
    expect(warned.issues?.[0]).toMatchObject({ path: 'anyway', code: 'blanks' })
    const seen = ticket.lastMessageId
    await desk.call('POST /api/tickets/:id/replies', { as: asker, params: { id: ticket.id }, body: { body: 'It works again.' } })
    await desk.refused('newer_message', 'POST /api/tickets/:id/run', {
      as: agent,
      params: { id: ticket.id },
      body: { ...body, anyway: true, seenMessageId: seen },
    })
    await run(ticket.id, macro.id, { anyway: true })
    expect((await read(ticket.id)).messages.at(-1)?.text).toBe('We come to ___.')
  })

  it('F-081 reaches no further than whoever runs it: no internal field in a reply, no ticket that they do not see', async () => {
    const internal = {
      kind: 'macro',
      steps: [{ do: 'reply', text: { en: '{{organisation.specialHandling}} {{ticket.nonsense}}' } }],
    } as const
    const bad = await desk.refused('validation_failed', 'POST /api/readymade', {
      as: agent,
      body: { name: { en: 'Spy' }, scope: 'private', content: internal } as never,
    })
    expect(bad.issues).toMatchObject([
      { path: 'content.steps.0.text.en', code: 'internal_variable' },
      { path: 'content.steps.0.text.en', code: 'unknown_variable' },
    ])
    expect(bad.issues?.[1]?.message).toContain('{{ticket.nonsense}}')
    const macro = await keep(
      lead,
      { kind: 'macro', steps: [{ do: 'note', text: { en: '{{requester.specialHandling}}' } }] },
      { scope: 'everyone' },
    )
    const ours = await desk.organisation('Ours')
    const limited = await desk.person('agent', { limitedTo: { organisationId: ours.id } })
    const ticket = await open()
    const body = { readymadeId: macro.id }
    await desk.refused('not_found', 'POST /api/tickets/:id/run', { as: limited, params: { id: ticket.id }, body })
    await desk.refused('not_found', 'POST /api/tickets/:id/preview-run', { as: limited, params: { id: ticket.id }, body })
    await desk.refused('not_allowed', 'POST /api/tickets/:id/run', { as: asker, params: { id: ticket.id }, body })
    // Written past the check, it still says nothing: the public list has no such name.
    const note = await run(ticket.id, macro.id)
    expect(note.steps[0]?.missing).toEqual(['requester.specialHandling'])
    const { sql } = await import('kysely')
    await desk.kernel.asSystem(({ db }) => sql`update person set special_handling = 'SECRET' where id = ${asker.id}`.execute(db))
    expect((await run(ticket.id, macro.id)).steps[0]?.text).toBe('SECRET')
    await desk.kernel.asSystem(({ db }) =>
      sql`update readymade set content = jsonb_set(content, '{steps,0,do}', '"reply"') where id = ${macro.id}`.execute(db),
    )
    expect((await run(ticket.id, macro.id, { anyway: true })).steps[0]?.text).toBe('___')
  })
})

describe('who keeps and sees what is ready-made', () => {
  const snippet = { kind: 'snippet', text: { en: 'Hello' } } as const

  it('private is one’s own, a team’s is its members’, everybody’s needs a lead', async () => {
    const other = await desk.person('agent')
    const mine = await keep(agent, snippet)
    await desk.refused('not_found', 'GET /api/readymade/:id', { as: other, params: { id: mine.id } })
    await desk.refused('not_found', 'GET /api/readymade/:id', { as: lead, params: { id: mine.id } })
    const body = (more: object) => ({ name: { en: 'A' }, content: snippet, ...more }) as never
    await desk.refused('not_allowed', 'POST /api/readymade', { as: agent, body: body({ scope: 'everyone' }) })
    await desk.refused('not_allowed', 'POST /api/readymade', { as: agent, body: body({ scope: 'team', teamId: team.id }) })
    await desk.refused('not_allowed', 'POST /api/readymade', { as: lead, body: body({ scope: 'team', teamId: team.id }) })
    await desk.refused('validation_failed', 'POST /api/readymade', { as: lead, body: body({ scope: 'team' }) })
    const manager = await desk.person('manager')
    const theirs = await keep(manager, snippet, { scope: 'team', teamId: team.id })
    expect((await desk.call('GET /api/readymade', { as: agent })).items.map((r) => [r.id, r.can.edit])).toEqual([
      [mine.id, true],
      [theirs.id, false],
    ])
    expect((await desk.call('GET /api/readymade', { as: other })).items).toEqual([])
    await desk.refused('not_allowed', 'PATCH /api/readymade/:id', {
      as: agent,
      params: { id: theirs.id },
      ifMatch: 1,
      body: { folder: 'X' },
    })
    await desk.refused('version_stale', 'PATCH /api/readymade/:id', {
      as: agent,
      params: { id: mine.id },
      ifMatch: 7,
      body: { folder: 'X' },
    })
    await desk.refused('not_allowed', 'GET /api/readymade', { as: asker })
  })

  it('lists by folder and place, page by page', async () => {
    for (const [folder, position] of [
      ['B', 1],
      ['A', 2],
      ['A', 1],
    ] as const)
      await keep(agent, snippet, { folder, position })
    const first = await desk.call('GET /api/readymade', { as: agent, query: { limit: 2 } })
    expect(first.items.map((r) => [r.folder, r.position])).toEqual([
      ['A', 1],
      ['A', 2],
    ])
    const rest = await desk.call('GET /api/readymade', { as: agent, query: { limit: 2, after: first.next } })
    expect(rest).toMatchObject({ items: [{ folder: 'B' }], next: null })
  })

  it('a snippet comes in the ticket’s language with its values, most used first, and one for notes never in a reply', async () => {
    const hello = await keep(
      agent,
      { kind: 'snippet', text: { en: 'Hello {{requester.firstName}}', de: 'Hallo {{requester.firstName}}' }, words: 'greeting' },
      { name: { en: 'Welcome' } },
    )
    await keep(
      agent,
      { kind: 'snippet', text: { en: 'Handling: {{requester.specialHandling}}' }, audience: 'staff' },
      { name: { en: 'Handling' } },
    )
    const ticket = await open({ language: 'de' })
    const ask = (query: object) => desk.call('GET /api/tickets/:id/snippets', { as: agent, params: { id: ticket.id }, query })
    expect((await ask({ q: 'greet' })).items).toMatchObject([{ id: hello.id, text: 'Hallo Jana', missing: [] }])
    expect((await ask({ q: '' })).items.map((s) => s.name)).toEqual(['Welcome'])
    expect((await ask({ audience: 'staff' })).items.map((s) => s.name)).toEqual(['Welcome', 'Handling'])
    expect((await ask({ q: 'nothing like it' })).items).toEqual([])
    await desk.call('POST /api/readymade/:id/used', { as: agent, params: { id: hello.id } })
    expect((await ask({})).items[0]?.id).toBe(hello.id)
  })
})

describe('templates, incident models and guides', () => {
  it('a template fills in the form and brings its tasks with the ticket', async () => {
    const tasks = await taskTemplate()
    const template = await keep(
      lead,
      {
        kind: 'template',
        subject: { en: 'New starter {{requester.name}}' },
        body: { en: 'For {{organisation.name}}' },
        ticketKind: 'request',
        tags: ['starter'],
        taskTemplateId: tasks.id,
        teamId: team.id,
      },
      { scope: 'everyone' },
    )
    const begun = await desk.call('GET /api/readymade/:id/prefill', {
      as: agent,
      params: { id: template.id },
      query: { requesterId: asker.id },
    })
    expect(begun).toMatchObject({
      subject: 'New starter Jana Weber',
      body: 'For ___',
      kind: 'request',
      teamId: team.id,
      tasks: { name: 'Swap' },
      missing: ['organisation.name'],
    })
    const made = await desk.call('POST /api/readymade/:id/tickets', {
      as: agent,
      params: { id: template.id },
      body: { subject: '{{ticket.tags}}', requesterId: asker.id, tags: begun.tags },
    })
    expect(made).toMatchObject({ subject: '{{ticket.tags}}', tags: ['starter'] })
    const { items } = await desk.call('GET /api/tickets/:id/tasks', { as: agent, params: { id: made.id } })
    expect(items.map((t) => t.title)).toEqual(['Order the part', 'Fit it'])
  })

  it('INC-23 an incident model is offered by category and gives a ticket that is there its category, team and tasks', async () => {
    const printer = await category('hardware.printer')
    const tasks = await taskTemplate()
    const guide = await keep(
      lead,
      { kind: 'guide', categoryId: await category('hardware'), questions: [{ text: { en: 'Which light blinks?' } }] },
      { scope: 'everyone' },
    )
    const model = await keep(
      lead,
      {
        kind: 'model',
        subject: { en: 'Printer stands still' },
        categoryId: printer,
        teamId: team.id,
        tags: ['printer'],
        taskTemplateId: tasks.id,
        guideId: guide.id,
      },
      { scope: 'everyone' },
    )
    const offered = (categoryId: string) => desk.call('GET /api/readymade', { as: agent, query: { kind: 'model', categoryId } })
    expect((await offered(printer)).items.map((m) => m.id)).toEqual([model.id])
    expect((await offered(await category('software'))).items).toEqual([])
    const ticket = await open()
    const done = await run(ticket.id, model.id)
    expect(done.steps.map((s) => [s.do, s.outcome])).toEqual([
      ['kind', 'nothing'],
      ['category', 'done'],
      ['team', 'done'],
      ['tags', 'done'],
      ['tasks', 'done'],
    ])
    expect(await read(ticket.id)).toMatchObject({ category: { id: printer }, team: { id: team.id }, tags: ['printer'] })
    expect((await desk.call('GET /api/tickets/:id/tasks', { as: agent, params: { id: ticket.id } })).total).toBe(2)
  })

  it('SD-5 a guide asks its questions by category, and its answers stay on the ticket as a note that no requester reads', async () => {
    const guide = await keep(
      lead,
      {
        kind: 'guide',
        categoryId: await category('network'),
        questions: [
          { text: { en: 'Since when?', de: 'Seit wann?' }, required: true },
          { text: { en: 'Cable or Wi-Fi?' }, answer: 'choice', choices: [{ en: 'Cable' }, { en: 'Wi-Fi' }] },
          { text: { en: 'Others too?' }, answer: 'yes-no' },
        ],
      },
      { scope: 'everyone', name: { en: 'No network' } },
    )
    await keep(lead, { kind: 'guide', questions: [{ text: { en: 'Anything?' } }] }, { scope: 'everyone', name: { en: 'Any' } })
    const ticket = await open({ categoryId: await category('network.wlan') })
    const params = { id: ticket.id }
    const { items } = await desk.call('GET /api/tickets/:id/guides', { as: agent, params })
    expect(items.map((g) => [g.name, g.suggested])).toEqual([
      ['No network', true],
      ['Any', false],
    ])
    const gaps = await desk.refused('validation_failed', 'POST /api/tickets/:id/guide-answers', {
      as: agent,
      params,
      body: { guideId: guide.id, answers: ['', 'Radio'] },
    })
    expect(gaps.issues?.map((i) => i.path)).toEqual(['answers.0', 'answers.1'])
    await desk.call('POST /api/tickets/:id/guide-answers', {
      as: agent,
      params,
      body: { guideId: guide.id, answers: ['Monday', 'Wi-Fi', ''] },
    })
    expect((await read(ticket.id)).messages.at(-1)).toMatchObject({
      internal: true,
      text: 'No network\n\nSince when?\nMonday\n\nCable or Wi-Fi?\nWi-Fi',
    })
    expect((await desk.call('GET /api/tickets/:id', { as: asker, params })).messages).toHaveLength(1)
  })
})

describe('what refers to something that is gone', () => {
  const bell = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((n) => n.reason)

  it('is switched off at once, its owner is told, and mended it is on again', async () => {
    const manager = await desk.person('manager')
    const macro = await keep(agent, {
      kind: 'macro',
      steps: [
        { do: 'team', teamId: team.id },
        { do: 'category', categoryId: await category('data') },
      ],
    })
    const ticket = await open()
    await desk.call('POST /api/teams/:id/archive', { as: manager, params: { id: team.id } })
    const off = await desk.call('GET /api/readymade/:id', { as: agent, params: { id: macro.id } })
    expect(off).toMatchObject({ on: false, broken: [`team:${team.id}`] })
    expect(await bell(agent)).toContain('switched-off')
    await desk.refused('validation_failed', 'POST /api/tickets/:id/run', {
      as: agent,
      params: { id: ticket.id },
      body: { readymadeId: macro.id },
    })
    const change = (body: object, ifMatch = off.version) => ({ as: agent, params: { id: macro.id }, ifMatch, body }) as never
    const still = await desk.refused('validation_failed', 'PATCH /api/readymade/:id', change({ on: true }))
    expect(still.issues?.[0]).toMatchObject({ path: 'content.steps.0.teamId', code: 'unknown' })
    const mended = await desk.call(
      'PATCH /api/readymade/:id',
      change({ content: { kind: 'macro', steps: [{ do: 'category', categoryId: await category('data') }] } }),
    )
    expect(mended).toMatchObject({ on: true, broken: [] })
  })

  it('is found by category, person, task template and guide as well, and by the hourly look', async () => {
    const manager = await desk.person('manager')
    const tasks = await taskTemplate()
    const guide = await keep(agent, { kind: 'guide', questions: [{ text: { en: 'A?' } }] })
    const data = await category('data')
    const made = {
      category: await keep(agent, { kind: 'macro', steps: [{ do: 'category', categoryId: data }] }),
      tasks: await keep(agent, { kind: 'macro', steps: [{ do: 'tasks', templateId: tasks.id }] }),
      guide: await keep(agent, { kind: 'model', subject: { en: 'M' }, guideId: guide.id }),
      status: await keep(agent, { kind: 'macro', steps: [{ do: 'status', statusId: statusOf('open') }] }),
    }
    await desk.call('PATCH /api/categories/:id', { as: manager, params: { id: data }, body: { archived: true } })
    await desk.call('DELETE /api/task-templates/:id', { as: manager, params: { id: tasks.id } })
    await desk.call('DELETE /api/readymade/:id', { as: agent, params: { id: guide.id } })
    const on = async (id: string) => (await desk.call('GET /api/readymade/:id', { as: agent, params: { id } })).on
    expect(await Promise.all([on(made.category.id), on(made.tasks.id), on(made.guide.id), on(made.status.id)])).toEqual([
      false,
      false,
      false,
      true,
    ])
    const { sql } = await import('kysely')
    await desk.kernel.asSystem(({ db }) => sql`update status set archived_at = now() where id = ${statusOf('open')}`.execute(db))
    for (let twice = 0; twice < 2; twice++) await readymadeJobs['readymade.look-after']?.(desk.kernel, {})
    expect(await on(made.status.id)).toBe(false)
  })
})
