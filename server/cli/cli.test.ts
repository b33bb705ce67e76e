import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { useDesk } from '../../test/harness.ts'
import { readCsv } from '../features/transfer/csv.ts'
import type { Tools } from './command.ts'
import { commandOf, help, runCommand } from './main.ts'

const desk = useDesk()
const folder = mkdtempSync(join(tmpdir(), 'fl-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...words: string[]) {
  const out: string[] = []
  const notes: string[] = []
  const tools: Tools = {
    settings: desk.kernel.settings,
    say: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    program: () => Promise.reject(new Error('This test has no program.')),
    kernel: async () => desk.kernel,
  }
  const code = await runCommand(words, tools)
  return { code, out, notes: notes.join('\n'), last: out.at(-1) ?? '' }
}

function csv(text: string | Buffer): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.csv`)
  writeFileSync(path, text)
  return path
}

describe('help', () => {
  it('names every command with a sentence, and each command its usage', async () => {
    for (const words of [[], ['--help'], ['help']]) expect(await run(...words)).toMatchObject({ code: 0, out: [help()] })
    for (const name of ['token create', 'person create', 'people import']) {
      expect(help()).toContain(name)
      const { code, out } = await run(...name.split(' '), '--help')
      expect([code, out[0]]).toEqual([0, expect.stringContaining(`Usage: npm run firstline -- ${name}`)])
    }
    expect(await run('no', 'such')).toMatchObject({ code: 2, notes: expect.stringContaining('There is no command "no such"') })
    expect(commandOf(['token'])).toBeUndefined()
  })

  it('comes in place of a guess when the words are wrong', async () => {
    for (const words of [
      ['token', 'create'],
      ['token', 'create', '--nonsense'],
      ['token', 'create', '--admin', '--scopes', 'all'],
      ['person', 'create', '--name', 'x'],
      ['people', 'import'],
    ])
      expect(await run(...words), words.join(' ')).toMatchObject({ code: 2, out: [], notes: expect.stringContaining('Usage:') })
  })
})

describe('token create', () => {
  it('--admin gives a token of the first administrator, alone on the last line', async () => {
    const admin = await desk.person('administrator')
    const { code, last, out } = await run('token', 'create', '--admin')
    expect([code, out.length]).toEqual([0, 1])
    expect((await desk.call('GET /api/me', { as: { token: last } })).id).toBe(admin.id)
    await desk.call('GET /api/company/settings', { as: { token: last } })
  })

  it('--admin makes the first administrator where there is none, and leaves the set-up open', async () => {
    const { last } = await run('token', 'create', '--admin')
    expect((await desk.call('GET /api/me', { as: { token: last } })).roles).toEqual(['administrator'])
    expect((await desk.call('GET /api/sign-in')).setUpDone).toBe(false)
    const again = await run('token', 'create', '--admin')
    expect((await desk.call('GET /api/me', { as: { token: again.last } })).id).toBe(
      (await desk.call('GET /api/me', { as: { token: last } })).id,
    )
  })

  it('--person gives a token of that person, with no more than the scopes named', async () => {
    const agent = await desk.person('agent')
    const { last } = await run('token', 'create', '--person', agent.email, '--scopes', 'read', '--name', 'Report')
    expect((await desk.call('GET /api/me', { as: { token: last } })).id).toBe(agent.id)
    await desk.refused('not_allowed', 'PATCH /api/me', { as: { token: last }, body: { name: 'x' } })
    expect(await run('token', 'create', '--person', 'nobody@x.example')).toMatchObject({ code: 2, out: [] })
  })
})

describe('person create', () => {
  it('adds a person with a role, once', async () => {
    const words = ['person', 'create', '--email', 'ada@x.example', '--name', 'Ada', '--role', 'lead']
    const { code, last } = await run(...words)
    expect(code).toBe(0)
    const admin = await desk.person('administrator')
    expect(await desk.call('GET /api/people/:id', { as: admin, params: { id: last } })).toMatchObject({
      name: 'Ada',
      email: 'ada@x.example',
      grants: [{ role: 'lead' }],
    })
    expect(await run(...words)).toMatchObject({ code: 1, out: [], notes: 'Another person has this address.' })
    expect((await run('person', 'create', '--email', 'nonsense', '--name', 'x')).code).toBe(2)
    expect((await run('person', 'create', '--email', 'b@x.example', '--name', 'x', '--role', 'king')).code).toBe(2)
  })
})

describe('people import', () => {
  const people = async () => {
    const agent = await desk.person('agent', { name: 'Zz Agent' })
    return (await desk.call('GET /api/people', { as: agent, query: { staff: false } })).items
  }
  const file = () =>
    csv(
      [
        'name;email;organisation;department;site;phone;language',
        'Ada;ada@acme.example;Acme;Sales;;+49 30 1;de',
        '"Bob ""B"" Big";bob@acme.example;ACME;;;;',
        'Nobody;not-an-address;;;;;',
        ';empty@acme.example;;;;;',
        'Cleo;cleo@acme.example;Unknown;;;;',
        'Ada again;ADA@acme.example;;;;;',
        'Dee;;;;;;fr',
        'Eve;eve@acme.example;;;;;',
      ].join('\r\n'),
    )

  it('shows first, changes nothing, and names each broken line and column', async () => {
    await desk.organisation('Acme')
    const { code, out } = await run('people', 'import', file())
    expect(code).toBe(1)
    expect(out.map((line) => line.slice(0, 28))).toEqual([
      expect.stringMatching(/^line 4, email: /),
      expect.stringMatching(/^line 5, name: /),
      expect.stringMatching(/^line 6, organisation: /),
      expect.stringMatching(/^line 7, email: /),
      expect.stringMatching(/^line 8, language: /),
      expect.stringMatching(/^3 people would be added/),
      expect.stringMatching(/^Nothing was changed/),
    ])
    expect(await people()).toEqual([])
  })

  it('adds what is right with --apply, and may be repeated', async () => {
    const acme = await desk.organisation('Acme')
    const path = file()
    expect((await run('people', 'import', path, '--apply')).last).toBe('3 people were added, 0 are known already, 5 lines are broken.')
    expect((await people()).map((p) => [p.name, p.organisation, p.department])).toEqual([
      ['Ada', acme, 'Sales'],
      ['Bob "B" Big', acme, ''],
      ['Eve', null, ''],
    ])
    expect((await run('people', 'import', path, '--apply')).last).toBe('0 people were added, 3 are known already, 5 lines are broken.')
  })

  it('makes organisations and sites only when told to', async () => {
    const path = csv('name,organisation,site\nAda,Acme,Berlin\nBob,Acme,Berlin\n')
    expect((await run('people', 'import', path, '--apply')).last).toMatch(/^0 people were added.* 2 lines are broken/)
    expect((await run('people', 'import', path, '--apply', '--make-organisations')).code).toBe(0)
    const agent = await desk.person('agent')
    const { items } = await desk.call('GET /api/organisations', { as: agent })
    expect(items).toMatchObject([{ name: 'Acme', people: 2 }])
    expect((await desk.call('GET /api/organisations/:id', { as: agent, params: { id: items[0]!.id } })).sites.map((s) => s.name)).toEqual([
      'Berlin',
    ])
  })

  it('H-104 takes formulas and markup as text, and shows no control signs of a file on the terminal', async () => {
    const path = csv(
      'name,email\n=HYPERLINK("http://evil.example"),a@x.example\n<script>alert(1)</script>,b@x.example\nX,"\u001b[31mred\u001b]0;x\u0007@"\n',
    )
    const { out } = await run('people', 'import', path, '--apply')
    expect((await people()).map((p) => p.name).sort()).toEqual(['<script>alert(1)</script>', '=HYPERLINK("http://evil.example")'])
    expect(out.join('')).not.toMatch(/\p{Cc}/u)
  })

  it('reads Windows-1252, byte order marks and line breaks in fields', async () => {
    await run('people', 'import', csv(Buffer.from('name;email\nJ\xfcrgen;j@x.example\n', 'latin1')), '--apply')
    await run('people', 'import', csv('\ufeffname\tdepartment\nÄnne\t"Sales\nNorth"\n'), '--apply')
    expect((await people()).map((p) => [p.name, p.department])).toEqual([
      ['Änne', 'Sales\nNorth'],
      ['Jürgen', ''],
    ])
  })

  it('refuses a file that is none, or has no names', async () => {
    expect((await run('people', 'import', join(folder, 'none.csv'))).notes).toContain('There is no file')
    expect((await run('people', 'import', csv('email\na@x.example\n'))).notes).toContain('"name" is not among them')
    expect((await run('people', 'import', csv('name,password\na,b\n'))).notes).toContain('"password" is no column')
  })
})

it('a record of CSV knows the line that it began on', () => {
  expect([...readCsv('a,b\n"x\ny",1\n\n2,"3,4"')]).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['x\ny', '1'] },
    { line: 5, fields: ['2', '3,4'] },
  ])
})
