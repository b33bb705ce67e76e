import { readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { api } from '../../contract/api.ts'
import type { Endpoint } from '../../contract/endpoint.ts'
import { type Right, type Role, roles } from '../../contract/rights.ts'
import { rightsOfRole } from '../../server/features/people/rules.ts'
import type { TestPerson } from '../factories.ts'
import { useDesk } from '../harness.ts'

/**
 * The table of docs/permissions.md is made of the contract and the roles, and each cell is tried: who may not call gets
 * 401 or 403 whatever the body; who may gets anything else. A new call is in the table by itself.
 */
type Name = keyof typeof api & string
const calls = Object.entries(api).sort(([a], [b]) => a.localeCompare(b)) as [Name, Endpoint][]
const columns = ['nobody', ...roles] as const
type Column = (typeof columns)[number]

function mayCall(endpoint: Endpoint, column: Column): boolean {
  if (endpoint.who === 'anyone') return true
  if (column === 'nobody') return false
  return endpoint.who === 'person' || endpoint.who === 'first-factor' || rightsOfRole[column as Role].includes(endpoint.who as Right)
}

const desk = useDesk()
let people: Record<string, TestPerson>
beforeEach(async () => {
  people = {}
  for (const role of roles) people[role] = await desk.person(role)
})

/** The calls of one area of the product share a desk; what a cell wrote is taken back before the next. */
const areas = Map.groupBy(calls, ([name]) => name.split('/').slice(0, 3).join('/').split(' ')[1]!)
const params = new Proxy({}, { get: (_, key) => (/id$/i.test(String(key)) ? '999999999' : 'x'.repeat(22)) })

async function cell([name, endpoint]: [Name, Endpoint], column: Column): Promise<string | undefined> {
  const mayWrite = mayCall(endpoint, column) && !name.startsWith('GET')
  if (mayWrite) await desk.sandbox.client.query('savepoint cell')
  const answer = await desk.ask(name, { as: people[column], params, body: name.startsWith('GET') ? undefined : {} } as never)
  if (mayWrite) await desk.sandbox.client.query('rollback to savepoint cell')
  const { code, title = '' } = (answer.body ?? {}) as { code?: string; title?: string }
  const told = `${name} as ${column}: ${answer.status} ${code ?? ''} ${title}`
  if (!mayCall(endpoint, column)) return answer.status === (column === 'nobody' ? 401 : 403) ? undefined : told
  const isAdmitted = code !== 'sign_in_needed' && title !== 'Your role does not include this.' && answer.status < 500
  return isAdmitted ? undefined : told
}

describe('every call, as every role', () => {
  it.each([...areas])('%s', async (_, ofArea) => {
    const wrong: string[] = []
    for (const call of ofArea)
      for (const column of columns) {
        if (call[1].wire === 'stream') continue
        const told = await cell(call, column)
        if (told !== undefined) wrong.push(told)
      }
    expect(wrong).toEqual([])
  })
})

describe('docs/permissions.md', () => {
  it('says what the contract says (write it anew with UPDATE_DOCS=1)', () => {
    const path = `${import.meta.dirname}/../../docs/permissions.md`
    const lines = calls.map(
      ([name, endpoint]) => `| \`${name}\` | ${endpoint.who} | ${columns.map((c) => (mayCall(endpoint, c) ? 'yes' : '')).join(' | ')} |`,
    )
    const text = [
      '# Who may call what',
      '',
      'Made of the contract and the roles; `test/security/permissions.test.ts` tries every cell. What is seen and changed within a call is decided row by row (`server/features/tickets/access-visibility.ts` and its like).',
      '',
      `| call | needs | ${columns.join(' | ')} |`,
      `|---|---|${columns.map(() => '---').join('|')}|`,
      ...lines,
      '',
    ].join('\n')
    if (process.env.UPDATE_DOCS) writeFileSync(path, text)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
