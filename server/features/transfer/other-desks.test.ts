import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { forbiddenAddress } from '../../../test/oracles.ts'
import { takeMails } from '../../../test/signing-in.ts'
import { type OtherDesk, startGlpi, startZammad, zammadArticles } from './other-desks.testing.ts'

const desk = useDesk({ outside: { importPause: 1 } })
const running: OtherDesk[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})
async function started(made: Promise<OtherDesk>): Promise<OtherDesk> {
  const other = await made
  running.push(other)
  return other
}

const at = (id: string, as: TestPerson) => ({ as, params: { id } })
async function act(admin: TestPerson, id: string, what: 'check' | 'start') {
  await desk.call(`POST /api/imports/:id/${what}`, at(id, admin))
  await desk.work()
  const run = await desk.call('GET /api/imports/:id', at(id, admin))
  const counts = Object.fromEntries(
    run.counts.map(({ thing, ...n }) => [thing, Object.fromEntries(Object.entries(n).filter(([, value]) => value > 0))]),
  )
  return { ...run, tally: counts }
}
const openOld = async (admin: TestPerson, number: string) => {
  const [hit] = (await desk.call('GET /api/search', { as: admin, query: { q: number } })).items
  const id = hit!.ticketId!
  const ticket = await desk.call('GET /api/tickets/:id', at(id, admin))
  const messages = await desk.kernel.asSystem(({ db }) =>
    sql<{
      id: string
      kind: string
      direction: string
      audience: string
      author: string | null
      body: string
      html: string | null
      at: unknown
      files: string | null
      to: unknown
    }>`
    select m.id, m.kind, m.direction, m.audience, firstline.name_of(m.author_id) as author, m.body, m.html, m.at, m.recipients -> 'to' as to,
      (select string_agg(a.name || ' ' || coalesce(a.content_id, '') || ' ' || a.shown_inline, ',') from attachment a where a.message_id = m.id) as files from message m where m.ticket_id = ${id} order by m.id`.execute(
      db,
    ),
  )
  return { ticket, messages: messages.rows }
}

describe('GEN-13 a Zammad moves in through its REST API', () => {
  const body = (other: OtherDesk) => ({ source: 'zammad' as const, address: other.url, token: 'good-token' })

  it('GEN-13 with organisations, teams, people, tickets, their messages and files, and every time; twice brings only what is new', async () => {
    const admin = await desk.person('administrator')
    await desk.person('agent', { email: 'agnes@old.example', name: 'Agnes Agent' })
    const articles = zammadArticles()
    const zammad = await started(startZammad(articles))
    const run = await desk.call('POST /api/imports', { as: admin, body: body(zammad) })
    expect(run).toMatchObject({
      state: 'draft',
      kind: null,
      values: {
        status: [
          { value: 'open', means: 'open' },
          { value: 'with the boss', means: null },
        ],
        priority: [{ value: '2 normal', means: 3 }],
        kind: [],
      },
    })
    const checked = await act(admin, run.id, 'check')
    expect(checked.tally).toEqual({
      organisations: { added: 1 },
      teams: { added: 2 },
      people: { added: 2, skipped: 1 },
      tickets: { added: 1, broken: 1 },
    })
    expect((await desk.call('GET /api/imports/:id/problems', at(run.id, admin))).items).toMatchObject([
      { column: 'state', code: 'unknown_value', value: 'with the boss' },
    ])
    expect((await desk.call('GET /api/tickets', { as: admin, query: { view: 'all-open' } })).items).toEqual([])
    await desk.call('PATCH /api/imports/:id', {
      ...at(run.id, admin),
      ifMatch: 1,
      body: { mapping: { ...run.mapping, status: { 'with the boss': 'waiting-approval' } } },
    })
    await act(admin, run.id, 'check')
    // Too many requests, and a passing trouble: it waits and asks again.
    zammad.fail(2, 429)
    const done = await act(admin, run.id, 'start')
    expect(done).toMatchObject({ state: 'finished', problems: 0 })
    expect(done.tally).toEqual({
      organisations: { added: 1 },
      teams: { added: 2 },
      people: { added: 2, skipped: 1 },
      tickets: { added: 2 },
      messages: { added: 4 },
      files: { added: 1 },
    })
    const { ticket, messages } = await openOld(admin, '22005')
    expect(ticket).toMatchObject({
      subject: 'Printer',
      status: { meaning: 'closed' },
      channel: 'mail',
      team: { name: 'Second Level' },
      assignee: { name: 'Agnes Agent' },
      organisation: { name: 'Acme' },
      createdAt: '2024-02-01T08:00:00.000Z',
      closedAt: '2024-02-02T10:00:00.000Z',
    })
    expect(messages.map(({ kind, direction, audience, author }) => [kind, direction, audience, author])).toEqual([
      ['mail', 'in', 'everyone', 'Ada Lovelace'],
      ['note', 'inside', 'staff', 'Agnes Agent'],
      ['mail', 'out', 'everyone', 'Agnes Agent'],
    ])
    expect(messages[0]).toMatchObject({ files: 'shot.png pic@zammad yes', html: expect.stringContaining('<b>jams</b>') })
    expect(messages[0]!.html).not.toContain('script')
    expect(messages[2]).toMatchObject({ to: [{ name: '', email: 'ada@acme.example' }] })
    expect(await takeMails(desk)).toEqual([])

    // Somebody went on working there: only the new article comes.
    articles.push({
      ...articles[2]!,
      id: 4,
      body: 'And it works.',
      message_id: '<third@old.example>',
      created_at: '2024-02-03T10:00:00.000Z',
    })
    const again = await act(admin, run.id, 'start')
    expect(again.tally).toEqual({
      organisations: { skipped: 1 },
      teams: { skipped: 2 },
      people: { skipped: 3 },
      tickets: { changed: 1, skipped: 1 },
      messages: { added: 1 },
    })
    expect((await openOld(admin, '22005')).messages.map(({ body }) => body).at(-1)).toBe('And it works.')
  })

  it('a wrong token, an address that is none, and a desk that stays silent are said in words', async () => {
    const admin = await desk.person('administrator')
    const zammad = await started(startZammad(zammadArticles()))
    const wrong = await desk.refused('source_unreachable', 'POST /api/imports', {
      as: admin,
      body: { ...body(zammad), token: 'bad-token' },
    })
    expect(wrong.title).toContain('refuses the token')
    const page = await started(startZammad([]))
    page.fail(1, 200)
    zammad.fail(99, 503)
    expect((await desk.refused('source_unreachable', 'POST /api/imports', { as: admin, body: body(zammad) })).title).toContain('503')
    await desk.refused('validation_failed', 'POST /api/imports', {
      as: admin,
      body: { source: 'zammad', address: 'file:///etc/passwd', token: 'good-token' },
    })
    // Behind a public address the program calls neither itself nor the cloud's own services, and nothing in plain text.
    const forbidden = await forbiddenAddress()
    desk.kernel.settings.baseUrl = 'https://desk.example'
    try {
      for (const address of [forbidden.url, forbidden.url.replace('http:', 'https:'), 'https://169.254.169.254/latest'])
        await desk.refused('source_unreachable', 'POST /api/imports', {
          as: admin,
          body: { source: 'zammad', address, token: 'good-token' },
        })
    } finally {
      desk.kernel.settings.baseUrl = 'http://localhost:8080'
      await forbidden.stop()
    }
    expect(forbidden.callers).toEqual([])
  })

  it('when the other desk goes away in the middle the run fails with the cause, and goes on from there', async () => {
    const admin = await desk.person('administrator')
    const zammad = await started(startZammad(zammadArticles()))
    const run = await desk.call('POST /api/imports', { as: admin, body: body(zammad) })
    await act(admin, run.id, 'check')
    await desk.call('POST /api/imports/:id/start', at(run.id, admin))
    await desk.kernel.asSystem(({ db }) =>
      sql`update import_run set place = '{"part": "users", "page": 1}' where id = ${run.id}`.execute(db),
    )
    zammad.fail(99, 502)
    await desk.work()
    expect(await desk.call('GET /api/imports/:id', at(run.id, admin))).toMatchObject({
      state: 'failed',
      cause: 'The other desk cannot be read. It answers 502.',
    })
    zammad.fail(0, 200)
    zammad.asked.length = 0
    expect(await act(admin, run.id, 'start')).toMatchObject({ state: 'finished' })
    expect(zammad.asked[0]).toBe('/api/v1/users?page=1&per_page=100')
  })

  it('its token is sealed, and shown to nobody', async () => {
    const admin = await desk.person('administrator')
    const zammad = await started(startZammad([]))
    const run = await desk.ask('POST /api/imports', { as: admin, body: body(zammad) })
    expect(run.text).not.toContain('good-token')
    const kept = await desk.kernel.asSystem(({ db }) => sql<{ row: string }>`select to_jsonb(r)::text as row from import_run r`.execute(db))
    expect(kept.rows[0]!.row).not.toContain('good-token')
    expect(kept.rows[0]!.row).not.toContain(Buffer.from('good-token').toString('hex'))
  })
})

it('GEN-13 a GLPI moves in through its REST API: entities, groups, people, tickets with follow-ups, tasks, solution and documents', async () => {
  const admin = await desk.person('administrator')
  const glpi = await started(startGlpi())
  const body = { source: 'glpi' as const, address: `${glpi.url}/apirest.php/`, token: 'good-token', appToken: 'app-token' }
  await desk.refused('source_unreachable', 'POST /api/imports', { as: admin, body: { ...body, appToken: null } })
  const run = await desk.call('POST /api/imports', { as: admin, body })
  await desk.call('PATCH /api/imports/:id', {
    ...at(run.id, admin),
    ifMatch: 1,
    body: { mapping: { ...run.mapping, timeZone: 'Europe/Berlin' } },
  })
  expect((await act(admin, run.id, 'check')).tally).toEqual({
    organisations: { added: 1 },
    teams: { added: 1 },
    people: { added: 2 },
    tickets: { added: 1 },
    messages: { added: 1 },
  })
  const done = await act(admin, run.id, 'start')
  expect(done.tally).toEqual({
    organisations: { added: 1 },
    teams: { added: 1 },
    people: { added: 2 },
    tickets: { added: 1 },
    messages: { added: 5 },
    files: { added: 1 },
  })
  const { ticket, messages } = await openOld(admin, 'MTU')
  // Solved years ago: here it comes closed, so that no survey and no reminder follows.
  expect(ticket).toMatchObject({
    subject: 'VPN & Wi-Fi',
    status: { meaning: 'closed' },
    kind: 'incident',
    priority: 2,
    team: { name: 'IT > Network' },
    organisation: { name: 'Acme' },
    requester: { name: 'Ada Lovelace' },
    createdAt: '2024-02-01T08:00:00.000Z',
    resolvedAt: '2024-02-03T08:00:00.000Z',
    tags: ['#31'],
  })
  expect(messages.map(({ direction, author, body, files }) => [direction, author, body, files])).toEqual([
    ['in', 'Ada Lovelace', 'No VPN', 'client.log  no'],
    ['out', 'Tom Tech', 'Which client?', null],
    ['inside', 'Tom Tech', 'Looks like MTU', null],
    ['inside', 'Tom Tech', 'Change MTU', null],
    ['out', 'Tom Tech', 'MTU 1400', null],
  ])
  const ada = (await desk.call('GET /api/people', { as: admin, query: { q: 'ada@acme' } })).items[0]!
  expect(await desk.call('GET /api/people/:id', at(ada.id, admin))).toMatchObject({
    language: 'de',
    organisation: { name: 'Acme' },
    grants: [],
  })
  expect((await act(admin, run.id, 'start')).tally).toEqual({
    organisations: { skipped: 1 },
    teams: { skipped: 1 },
    people: { skipped: 2 },
    tickets: { skipped: 1 },
  })
})
