import { beforeEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'

const desk = useDesk()
let agent: TestPerson
let colleague: TestPerson
let expert: TestPerson
let lead: TestPerson
let asker: TestPerson
let ticketId: string
beforeEach(async () => {
  agent = await desk.person('agent', { name: 'Ann' })
  colleague = await desk.person('agent', { name: 'Ben' })
  expert = await desk.person('agent', { name: 'Eva' })
  lead = await desk.person('lead', { name: 'Lea' })
  asker = await desk.person('requester')
  ticketId = (await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Mailbox rights', requesterId: asker.id } })).id
  await desk.call('POST /api/tickets/:id/take', { as: agent, params: { id: ticketId } })
})
const params = (id = ticketId) => ({ params: { id } })
const see = (as = agent) => desk.call('GET /api/tickets/:id', { as, ...params() })
const bell = async (as: TestPerson) => (await desk.call('GET /api/notices', { as })).items.map((notice) => notice.reason)
const restrict = (to: TestPerson[]) =>
  desk.call('PUT /api/tickets/:id/restriction', {
    as: lead,
    ...params(),
    body: { to: { personIds: to.map((one) => one.id), teamIds: [] } },
  })
async function skilled(name: string, ...people: TestPerson[]): Promise<string> {
  const { id } = await desk.call('POST /api/skills', { as: lead, body: { name } })
  const admin = await desk.person('administrator')
  for (const one of people) {
    const { version } = await desk.call('GET /api/people/:id', { as: admin, ...params(one.id) })
    await desk.call('PATCH /api/people/:id', { as: admin, ...params(one.id), ifMatch: version, body: { skillIds: [id] } })
  }
  return id
}

describe('help', () => {
  const ask = (body: Record<string, unknown>, as = agent) =>
    desk.call('POST /api/tickets/:id/help', { as, ...params(), body: { question: 'Which group is it?', ...body } })
  const asked = async (as: TestPerson) => (await desk.call('GET /api/help', { as })).items.map((one) => one.question)

  it('INC-16 help is asked for by skill, given in a thread and settled, and the ticket stays with who has it', async () => {
    const skillId = await skilled('Exchange', expert)
    const made = await ask({ skillId })
    expect(made).toMatchObject({ state: 'open', skill: { name: 'Exchange' }, can: { accept: false, withdraw: true } })
    expect([await bell(expert), await bell(colleague), await asked(expert), await asked(colleague)]).toEqual([
      ['help'],
      [],
      ['Which group is it?'],
      [],
    ])
    await desk.call('POST /api/help/:id/accept', { as: expert, ...params(made.id) })
    await desk.refused('help_taken', 'POST /api/help/:id/accept', { as: colleague, ...params(made.id) })
    await desk.call('POST /api/help/:id/notes', { as: expert, ...params(made.id), body: { body: 'MB-Sales-RW.' } })
    const done = await desk.call('POST /api/help/:id/done', { as: agent, ...params(made.id) })
    expect(done).toMatchObject({
      state: 'done',
      helper: { name: 'Eva' },
      notes: [{ author: { name: 'Eva' }, text: 'MB-Sales-RW.' }],
      can: { answer: false },
    })
    expect(await bell(agent)).toEqual(['help-answer'])
    expect((await see()).assignee?.id).toBe(agent.id)
    expect(await asked(expert)).toEqual([])
    const { items } = await desk.call('GET /api/tickets/:id/timeline', { as: agent, ...params() })
    expect(items.map((one) => one.type).filter((type) => type.startsWith('help.'))).toEqual([
      'help.asked',
      'help.accepted',
      'help.answered',
      'help.done',
    ])
    await desk.refused('help_over', 'POST /api/help/:id/notes', { as: expert, ...params(made.id), body: { body: 'More.' } })
  })

  it('is asked of exactly one person, team or skill, and of nobody who does not see the ticket', async () => {
    const team = await desk.team('Vault', 3, [expert])
    expect(
      (await desk.refused('validation_failed', 'POST /api/tickets/:id/help', { as: agent, ...params(), body: { question: 'x' } }))
        .issues?.[0]?.path,
    ).toBe('personId')
    await restrict([agent])
    for (const [body, path] of [
      [{ personId: expert.id }, 'personId'],
      [{ teamId: team.id }, 'teamId'],
    ] as const) {
      const refused = await desk.refused('validation_failed', 'POST /api/tickets/:id/help', {
        as: agent,
        ...params(),
        body: { question: 'x', ...body },
      })
      expect(refused.issues?.[0]?.path).toBe(path)
    }
    expect((await desk.call('GET /api/tickets/:id/help/candidates', { as: agent, ...params() })).items.map((one) => one.name)).toEqual([
      'Lea',
    ])
  })

  it('suggests who is here and has least to do first, and who is away last', async () => {
    const skillId = await skilled('Exchange', expert, colleague)
    const order = async () =>
      (await desk.call('GET /api/tickets/:id/help/candidates', { as: agent, ...params(), query: { skillId } })).items.map((one) => one.name)
    const second = await desk.call('POST /api/tickets', { as: colleague, body: { subject: 'Other', requesterId: asker.id } })
    await desk.call('POST /api/tickets/:id/take', { as: colleague, ...params(second.id) })
    expect(await order()).toEqual(['Eva', 'Ben'])
    const day = desk.clock.now().toString().slice(0, 10)
    await desk.call('POST /api/absences', { as: expert, body: { fromOn: day, toOn: day } })
    expect(await order()).toEqual(['Ben', 'Eva'])
  })

  it('reaches no requester, and no colleague who may not see the ticket', async () => {
    const made = await ask({ personId: expert.id, question: 'MARKER-HELP?' })
    await desk.refused('not_allowed', 'GET /api/tickets/:id/help', { as: asker, ...params() })
    await restrict([agent])
    await desk.refused('not_found', 'POST /api/help/:id/accept', { as: expert, ...params(made.id) })
    expect(await asked(expert)).toEqual([])
    const client = desk.sandbox.client
    await desk.sandbox.transaction(async () => {
      for (const staff of ['on', '']) {
        await client.query(`select set_config('firstline.scope', 'all', true), set_config('firstline.staff', '${staff}', true)`)
        expect((await client.query('select 1 from help')).rowCount).toBe(staff ? 1 : 0)
      }
    })
  })
})

describe('drafts that are offered', () => {
  const keep = (body: string, as = agent, files: unknown[] = []) =>
    desk.call('PUT /api/drafts', { as, body: { ticketId, kind: 'reply', content: { body, files } } })
  const offer = (offered: boolean, as = agent) =>
    desk.call('POST /api/tickets/:id/drafts/offer', { as, ...params(), body: { kind: 'reply', offered } })
  const offered = async (as: TestPerson) => (await desk.call('GET /api/tickets/:id/drafts', { as, ...params() })).items

  it('are seen by colleagues from then on, taken over with their files, and sent under the name of who sends them (B-029)', async () => {
    const payload =
      '--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nlines\r\n--x--\r\n'
    const headers = { authorization: `Bearer ${agent.token}`, 'content-type': 'multipart/form-data; boundary=x' }
    const file = (await desk.app.inject({ method: 'POST', url: '/api/uploads', headers, payload })).json().items[0]
    await keep('Half an answer', agent, [file])
    expect(await offered(colleague)).toEqual([])
    await offer(true)
    const [draft] = await offered(colleague)
    expect(draft).toMatchObject({ writer: { name: 'Ann' }, text: 'Half an answer', files: 1, mine: false })
    // Its file is nobody's but the writer's until then.
    const body = { body: 'Mine', uploadIds: [file.id] }
    await desk.refused('validation_failed', 'POST /api/tickets/:id/replies', { as: colleague, ...params(), body })
    expect(await desk.call('POST /api/drafts/:id/take', { as: colleague, ...params(draft!.id) })).toMatchObject({
      kind: 'reply',
      content: { body: 'Half an answer' },
    })
    expect((await desk.call('GET /api/drafts', { as: agent })).drafts).toEqual([])
    await desk.call('POST /api/tickets/:id/replies', { as: colleague, ...params(), body })
    expect((await see()).messages.at(-1)).toMatchObject({ author: { id: colleague.id }, attachments: [{ name: 'a.txt' }] })
  })

  it('are nobody else’s to write in, and taking one does not overwrite what one began oneself (B-029)', async () => {
    await keep('Ann’s')
    await offer(true)
    await keep('Ben’s', colleague)
    const [draft] = await offered(colleague)
    await desk.refused('already_exists', 'POST /api/drafts/:id/take', { as: colleague, ...params(draft!.id) })
    expect((await offered(agent))[0]).toMatchObject({ text: 'Ann’s', mine: true })
    await offer(false)
    await desk.refused('not_found', 'POST /api/drafts/:id/take', { as: expert, ...params(draft!.id) })
    await desk.refused('not_allowed', 'GET /api/tickets/:id/drafts', { as: asker, ...params() })
  })
})

describe('a mention', () => {
  it('of a team rings everybody of it who sees the ticket, and nobody else', async () => {
    const team = await desk.team('Mail', 1, [colleague, expert])
    await restrict([agent, colleague])
    const body = { body: '@Mail please look', internal: true, mentionTeamIds: [team.id] }
    await desk.call('POST /api/tickets/:id/replies', { as: agent, ...params(), body })
    expect([await bell(colleague), await bell(expert)]).toEqual([['mention'], []])
    await desk.refused('not_allowed', 'POST /api/tickets/:id/replies', {
      as: asker,
      ...params(),
      body: { body: 'x', mentionTeamIds: [team.id] },
    })
  })
})

describe('an absence', () => {
  const day = (plus: number) =>
    desk.clock
      .now()
      .add({ hours: 24 * plus })
      .toString()
      .slice(0, 10)
  const away = (body: Record<string, unknown> = {}, as = agent) =>
    desk.call('POST /api/absences', { as, body: { fromOn: day(0), toOn: day(3), ...body } })
  const write = () => desk.call('POST /api/tickets/:id/replies', { as: asker, ...params(), body: { body: 'Any news?' } })

  it('shows the tickets of who is away, to be taken or passed on, and ends by itself', async () => {
    await away({ substituteId: colleague.id })
    const list = async () =>
      (await desk.call('GET /api/tickets', { as: lead, query: { absent: true, open: true } })).items.map((one) => one.id)
    expect(await list()).toEqual([ticketId])
    const [one] = (await desk.call('GET /api/absences', { as: lead })).items
    expect(one).toMatchObject({ person: { name: 'Ann' }, now: true, substitute: { name: 'Ben' }, openTickets: 1, can: { edit: true } })
    desk.clock.advance({ hours: 24 * 5 })
    expect(await list()).toEqual([])
  })

  it('rings the substitute of who is away, else the team, when the requester writes', async () => {
    const made = await away({ substituteId: colleague.id })
    await write()
    expect([await bell(colleague), await bell(expert)]).toEqual([['reply'], []])
    const team = await desk.team('Mail', 1, [expert])
    const { version } = await see()
    await desk.call('PATCH /api/tickets/:id', { as: lead, ...params(), ifMatch: version, body: { teamId: team.id } })
    await desk.call('PATCH /api/absences/:id', { as: agent, ...params(made.id), ifMatch: 1, body: { substituteId: null } })
    await write()
    expect(await bell(expert)).toContain('reply')
  })

  it('is written by oneself, or by a lead for others; every wrong field is named', async () => {
    await desk.refused('not_allowed', 'POST /api/absences', { as: colleague, body: { personId: agent.id, fromOn: day(0), toOn: day(1) } })
    const made = await away({ personId: agent.id }, lead)
    await desk.refused('not_allowed', 'DELETE /api/absences/:id', { as: colleague, ...params(made.id) })
    const body = { personId: agent.id, fromOn: day(1), toOn: day(2), substituteId: asker.id }
    const { issues } = await desk.refused('validation_failed', 'POST /api/absences', { as: lead, body })
    expect(issues?.map((issue) => [issue.path, issue.code])).toEqual([
      ['fromOn', 'overlaps'],
      ['substituteId', 'no_staff'],
    ])
    await desk.refused('version_stale', 'PATCH /api/absences/:id', { as: agent, ...params(made.id), ifMatch: 9, body: { toOn: day(5) } })
    await desk.call('DELETE /api/absences/:id', { as: agent, ...params(made.id) })
    expect((await desk.call('GET /api/absences', { as: agent })).items).toEqual([])
  })
})
