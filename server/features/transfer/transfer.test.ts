import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { ImportDetail } from '../../../contract/transfer.ts'
import type { TestPerson } from '../../../test/factories.ts'
import { useDesk } from '../../../test/harness.ts'
import { takeMails } from '../../../test/signing-in.ts'
import type { PersonRecord } from './records.ts'
import { exported, left } from './tables.ts'

const desk = useDesk()

async function upload(admin: TestPerson, kind: string, text: string | Buffer, name = 'old.csv'): Promise<ImportDetail> {
  const head = `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n`
  const answer = await desk.app.inject({
    method: 'POST',
    url: `/api/imports/files?kind=${kind}`,
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'multipart/form-data; boundary=b' },
    payload: Buffer.concat([Buffer.from(head), Buffer.from(text), Buffer.from('\r\n--b--\r\n')]),
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return JSON.parse(answer.body) as ImportDetail
}
const at = (id: string, as: TestPerson) => ({ as, params: { id } })
async function check(admin: TestPerson, id: string) {
  await desk.call('POST /api/imports/:id/check', at(id, admin))
  await desk.work()
  return desk.call('GET /api/imports/:id', at(id, admin))
}
async function start(admin: TestPerson, id: string) {
  await desk.call('POST /api/imports/:id/start', at(id, admin))
  await desk.work()
  return desk.call('GET /api/imports/:id', at(id, admin))
}
const counts = (run: Pick<ImportDetail, 'counts'>) =>
  Object.fromEntries(run.counts.map(({ thing, ...n }) => [thing, Object.fromEntries(Object.entries(n).filter(([, value]) => value > 0))]))
const problems = async (admin: TestPerson, id: string) =>
  (await desk.call('GET /api/imports/:id/problems', at(id, admin))).items.map(({ line, column, code }) => [line, column, code])
const count = async (table: string) =>
  (await desk.kernel.asSystem(({ db }) => sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db))).rows[0]!.n

const peopleFile = [
  'Nachname;Vorname;E-Mail-Adresse;Firma;Standort;Telefon',
  'Lovelace;Ada;ada@acme.example;Acme;Berlin;+49 30 1',
  'Boole;George;not-an-address;Acme;;',
  'Babbage;Charles;charles@acme.example;Acme;;',
  'Hopper;"Grace;grace@acme.example;Acme;;',
  ';;;Acme;;',
  'Again;Ada;ADA@acme.example;Acme;;',
  'Turing;Alan;alan@beta.example;Beta;;',
].join('\r\n')

describe('GEN-13 an import of a CSV file', () => {
  it('GEN-13 is previewed first: what would be done is counted, each broken row is named by line and column, and nothing is changed', async () => {
    const admin = await desk.person('administrator')
    const run = await upload(admin, 'people', peopleFile)
    expect(run).toMatchObject({
      state: 'draft',
      rows: 7,
      layout: { charset: 'utf-8', delimiter: ';' },
      mapping: { columns: { lastName: 0, firstName: 1, email: 2, organisation: 3, site: 4, phone: 5 } },
    })
    expect(run.layout?.columns[3]).toEqual({ name: 'Firma', samples: ['Acme', 'Beta'], values: ['Acme', 'Beta'] })
    await desk.refused('import_state', 'POST /api/imports/:id/start', at(run.id, admin))
    const before = [await count('person'), await count('organisation')]
    const checked = await check(admin, run.id)
    expect(checked).toMatchObject({ state: 'checked', dry: true, done: 7, problems: 4 })
    expect(counts(checked)).toEqual({ people: { added: 3, broken: 4 }, organisations: { added: 2 } })
    expect(await problems(admin, run.id)).toEqual([
      [3, 'E-Mail-Adresse', 'not_an_address'],
      [5, 'Vorname', 'open_quote'],
      [6, 'Nachname', 'missing'],
      [7, 'E-Mail-Adresse', 'twice'],
    ])
    expect([await count('person'), await count('organisation')]).toEqual(before)
  })

  it('GEN-13 a broken row stops nothing else, the same file again changes nothing, and the report says why', async () => {
    const admin = await desk.person('administrator')
    const run = await upload(admin, 'people', peopleFile)
    await check(admin, run.id)
    const done = await start(admin, run.id)
    expect(done).toMatchObject({ state: 'finished', dry: false, problems: 4 })
    expect(counts(done)).toEqual({ people: { added: 3, broken: 4 }, organisations: { added: 2 } })
    const [ada] = (await desk.call('GET /api/people', { as: admin, query: { q: 'ada@acme.example' } })).items
    expect(ada).toMatchObject({ name: 'Ada Lovelace', organisation: { name: 'Acme' } })
    expect(await desk.call('GET /api/people/:id', at(ada!.id, admin))).toMatchObject({
      site: { name: 'Berlin' },
      phones: [{ kind: 'work', number: '+49 30 1' }],
    })
    expect((await desk.call('GET /api/search', { as: admin, query: { q: 'Turing' } })).items.map((hit) => hit.title)).toContain(
      'Alan Turing',
    )
    const report = await desk.ask('GET /api/imports/:id/report', at(run.id, admin))
    expect(report.text).toContain('"3","E-Mail-Adresse","not_an_address"')
    const again = await upload(admin, 'people', peopleFile)
    await check(admin, again.id)
    expect(counts(await start(admin, again.id))).toEqual({ people: { skipped: 3, broken: 4 } })
  })

  it('updates people only when told to, never whoever has a role, and gives nobody one', async () => {
    const admin = await desk.person('administrator', { email: 'chief@acme.example', name: 'Chief' })
    await desk.person('requester', { email: 'ada@acme.example', name: 'Ada' })
    const file = 'name,email,department\nAda L.,ada@acme.example,Research\nEvil,chief@acme.example,None\n'
    for (const existing of ['keep', 'update'] as const) {
      const run = await upload(admin, 'people', file)
      const { mapping } = run
      await desk.call('PATCH /api/imports/:id', { ...at(run.id, admin), ifMatch: run.version, body: { mapping: { ...mapping, existing } } })
      await check(admin, run.id)
      expect(counts(await start(admin, run.id))).toEqual({ people: existing === 'keep' ? { skipped: 2 } : { changed: 1, skipped: 1 } })
    }
    const names = (await desk.call('GET /api/people', { as: admin, query: { q: 'acme.example' } })).items.map(({ name, department }) => [
      name,
      department,
    ])
    expect(names).toEqual([
      ['Ada L.', 'Research'],
      ['Chief', ''],
    ])
  })

  const ticketFile = (more = '') =>
    [
      'Number,Title,Customer,Customer Email,State,Priority,Group,Owner,Created at,Solved at,Closed at,Description,Resolution,Category',
      '4711,Printer jams,Ada,ada@acme.example,closed,2 normal,First Line,agent@desk.example,2024-03-01 10:00,2024-03-01 12:00,2024-03-02 12:00,"It jams\nagain",New rollers,Hardware > Printer and scanner',
      '4712,VPN is slow,Bob,bob@acme.example,open,3 high,First Line,,2026-01-05 09:00,,,Since Monday,,Quantum',
      '4713,Mystery,Cleo,cleo@acme.example,weird,2 normal,,,2026-01-05 09:00,,,x,,',
      '4714,No date,Cleo,cleo@acme.example,open,2 normal,,,tomorrow,,,x,,',
      `4715,Solved long ago,Bob,bob@acme.example,solved,1 low,,,2024-01-05 09:00,2024-01-06 09:00,,x,done,${more}`,
    ].join('\n')

  it('tickets keep their times, their numbers are found, and nobody hears of them', async () => {
    const admin = await desk.person('administrator')
    const agent = await desk.person('agent', { email: 'agent@desk.example', name: 'Agent' })
    await desk.mailbox()
    const run = await upload(admin, 'tickets', ticketFile())
    const newest = () => desk.sandbox.asOwner(async () => (await desk.sandbox.client.query('select last_value from ticket_id_seq')).rows[0])
    const before = await newest()
    const checked = await check(admin, run.id)
    expect(counts(checked)).toMatchObject({ tickets: { added: 3, broken: 2 }, people: { added: 2 }, teams: { added: 1 } })
    expect(await problems(admin, run.id)).toEqual([
      [5, 'State', 'unknown_value'],
      [6, 'Created at', 'not_a_date'],
    ])
    // The dry run uses no ticket number up.
    expect(await newest()).toEqual(before)
    await desk.call('PATCH /api/imports/:id', {
      ...at(run.id, admin),
      ifMatch: run.version,
      body: { mapping: { ...run.mapping, status: { weird: 'waiting-vendor' } } },
    })
    await check(admin, run.id)
    const done = await start(admin, run.id)
    expect(counts(done)).toEqual({ tickets: { added: 4, broken: 1 }, people: { added: 3 }, teams: { added: 1 }, messages: { added: 4 } })
    const [hit] = (await desk.call('GET /api/search', { as: agent, query: { q: '4711' } })).items
    const ticket = await desk.call('GET /api/tickets/:id', at(hit!.ticketId!, agent))
    expect(ticket).toMatchObject({
      subject: 'Printer jams',
      status: { meaning: 'closed' },
      priority: 3,
      createdAt: '2024-03-01T10:00:00.000Z',
      resolvedAt: '2024-03-01T12:00:00.000Z',
      closedAt: '2024-03-02T12:00:00.000Z',
      assignee: { name: 'Agent' },
      team: { name: 'First Line' },
      tags: ['#4711'],
    })
    const open = (await desk.call('GET /api/tickets', { as: agent, query: { view: 'all-open' } })).items
    expect(open.map(({ subject, status }) => [subject, status.meaning]).sort()).toEqual([
      ['Mystery', 'waiting-vendor'],
      ['VPN is slow', 'open'],
    ])
    const old = await desk.kernel.asSystem(({ db }) =>
      sql<{
        meaning: string
        tags: string[]
      }>`select meaning, tags from ticket where subject in ('Solved long ago', 'VPN is slow') order by subject`.execute(db),
    )
    expect(old.rows).toEqual([
      { meaning: 'closed', tags: ['#4715'] },
      { meaning: 'open', tags: ['#4712', 'Quantum'] },
    ])
    // Not now, and not when the nightly jobs run.
    await desk.work()
    expect(await takeMails(desk)).toEqual([])
    expect((await desk.call('GET /api/notices', { as: agent })).unread).toBe(0)
    const again = await upload(admin, 'tickets', ticketFile())
    await check(admin, again.id)
    expect(counts(await start(admin, again.id)).tickets).toEqual({ skipped: 3, broken: 2 })
  })

  it('UTF-16 and Windows-1252 are read, and other signs may be chosen', async () => {
    const admin = await desk.person('administrator')
    const excel = await upload(admin, 'people', Buffer.from('\ufeffName\tE-Mail\nJürgen\tj@x.example\n', 'utf16le'))
    expect(excel.layout).toMatchObject({ charset: 'utf-16le', delimiter: '\t' })
    const western = await upload(admin, 'people', Buffer.from('Name;E-Mail\nJ\xfcrgen;j@x.example\n', 'latin1'))
    expect(western.layout?.columns[0]).toMatchObject({ samples: ['Jürgen'] })
    const changed = await desk.call('PATCH /api/imports/:id', {
      ...at(western.id, admin),
      ifMatch: western.version,
      body: { delimiter: ',' },
    })
    expect(changed.layout?.columns).toHaveLength(1)
    await desk.refused('version_stale', 'PATCH /api/imports/:id', {
      ...at(western.id, admin),
      ifMatch: western.version,
      body: { delimiter: ';' },
    })
    await desk.refused('validation_failed', 'PATCH /api/imports/:id', {
      ...at(western.id, admin),
      ifMatch: changed.version,
      body: { mapping: { ...changed.mapping, columns: { name: 9 } } },
    })
  })

  it('is paused after the batch that is under way, goes on where it was, and a cancelled one keeps what is there', async () => {
    const admin = await desk.person('administrator')
    const rows = Array.from({ length: 120 }, (_, i) => `Person ${i},p${i}@big.example`)
    const run = await upload(admin, 'people', `name,email\n${rows.join('\n')}\n`)
    expect(counts(await check(admin, run.id))).toEqual({ people: { added: 120 } })
    await desk.call('POST /api/imports/:id/start', at(run.id, admin))
    await desk.call('POST /api/imports/:id/pause', at(run.id, admin))
    await desk.work()
    expect(await desk.call('GET /api/imports/:id', at(run.id, admin))).toMatchObject({ state: 'paused', done: 0 })
    const { importBatch } = await import('./actions-batch.ts')
    const { accessImport } = await import('./access.ts')
    const facts = () => desk.kernel.asSystem((context) => accessImport(context, run.id))
    await desk.call('POST /api/imports/:id/start', at(run.id, admin))
    const [one, other] = [await facts(), await facts()]
    const record = {
      thing: 'people',
      externalId: 'x',
      name: 'X',
      email: null,
      organisation: null,
      site: null,
      department: '',
      phones: [],
      language: 'en',
      archived: false,
    } satisfies PersonRecord
    const batch = { items: [{ line: 2, thing: 'people' as const, record }], place: { line: 2, rows: 1 } }
    const work = (facts: Awaited<ReturnType<typeof accessImport>>) => ({
      kernel: desk.kernel,
      run: facts,
      dry: false,
      noted: new Set<string>(),
    })
    // Two nodes with the same batch: the second sees that the first was here.
    expect([await importBatch(work(one), batch), await importBatch(work(other), batch)]).toEqual([true, false])
    await desk.work()
    expect(counts(await desk.call('GET /api/imports/:id', at(run.id, admin)))).toEqual({ people: { added: 120 } })
    await desk.call('POST /api/imports/:id/cancel', at(run.id, admin))
    expect((await desk.call('GET /api/people', { as: admin, query: { q: 'big.example' } })).items.length).toBeGreaterThan(40)
  })

  it('is the administrators’ alone, and takes no file without rows', async () => {
    const [admin, manager] = [await desk.person('administrator'), await desk.person('manager')]
    await desk.refused('not_allowed', 'GET /api/imports', { as: manager })
    await desk.refused('not_allowed', 'POST /api/exports', { as: manager })
    await desk.refused('not_found', 'GET /api/imports/:id', at('999999', admin))
    await expect(upload(admin, 'people', 'name,email\n')).rejects.toThrow(/no rows/)
  })
})

it('GEN-13 every table is exported, or is on the list of those that are not, with a reason', async () => {
  const found = await desk.kernel.asSystem(({ db }) =>
    sql<{
      name: string
    }>`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`.execute(
      db,
    ),
  )
  const listed = [...exported.map(({ table }) => table), ...Object.keys(left)]
  expect(new Set(listed).size).toBe(listed.length)
  expect(listed.sort()).toEqual(found.rows.map(({ name }) => name))
  // A hash of something unguessable may leave; what is sealed or could be used may not.
  const bytes = await desk.kernel.asSystem(({ db }) =>
    sql<{ table: string; column: string }>`select a.attrelid::regclass::text as "table", a.attname as "column" from pg_attribute a
    join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'bytea'::regtype and a.attnum > 0`.execute(
      db,
    ),
  )
  const leaving = bytes.rows.filter(({ table, column }) =>
    exported.some((one) => one.table === table && !(one.omit ?? []).includes(column)),
  )
  expect(leaving.map(({ table, column }) => `${table}.${column}`).sort()).toEqual([
    'answer_link.token_hash',
    'inbound_mail.content_hash',
    'mail_token.token_hash',
    'phone_system.key_hash',
    'survey.token_hash',
    'visit_report.signature',
  ])
  expect(Object.values(left).every((reason) => reason.length > 10)).toBe(true)
})
