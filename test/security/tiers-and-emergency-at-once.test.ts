import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { emergencyJobs } from '../../server/features/emergency/jobs.ts'
import { signatureOf } from '../../server/features/paging/actions-sms.ts'
import { type MovedClock, movedClock, Temporal } from '../../server/kernel/clock.ts'
import type { Kernel } from '../../server/kernel/context.ts'
import { pooledTransactor, poolOf } from '../../server/kernel/db.ts'
import { quietLog } from '../../server/kernel/log.ts'
import { kernelOver } from '../../server/program.ts'
import { type Clone, cloneDatabase } from '../database.ts'
import { factoriesOver, type TestPerson } from '../factories.ts'
import { noLive, testSettings } from '../harness.ts'

/** What only happens between several connections: committed data, a database of its own. */
let clone: Clone
let kernel: Kernel
let app: FastifyInstance
let clock: MovedClock
let [boss, anna, ben] = [{}, {}, {}] as [TestPerson, TestPerson, TestPerson]
let team = { id: '' }
let line = { id: '', address: '' }
const token = 'the-token-of-the-provider'
const dataDir = mkdtempSync(join(tmpdir(), 'fl-tiers-at-once-'))
beforeAll(async () => {
  clone = await cloneDatabase()
  // A Wednesday, three in the night.
  clock = movedClock(Temporal.Instant.from('2027-01-13T02:00:00Z'))
  kernel = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 10, () => {}, 'firstline')), testSettings(dataDir), clock, quietLog)
  app = buildApp(kernel, noLive)
  await app.ready()
  const make = factoriesOver(() => kernel)
  ;[boss, anna, ben] = [await make.person('administrator'), await make.person('agent'), await make.person('agent')]
  team = await make.team('Network', 2, [anna, ben])
  await tell('PATCH /api/telephone/settings', { country: 'DE' })
  const made = await tell('POST /api/emergency/lines', { name: 'Hotline', teamId: team.id, token, pagesPerHour: 2 })
  line = made.body as typeof line
})
afterAll(async () => {
  await app.close()
  await kernel.transactor.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
type Told = { status: number; body: Record<string, unknown>; text: string }
async function tell(call: string, payload?: object, as: TestPerson | null = boss, headers: Record<string, string> = {}): Promise<Told> {
  const [method, url] = call.split(' ') as ['POST', string]
  const signed = as === null ? headers : { authorization: `Bearer ${as.token}`, ...headers }
  const answer = await app.inject({ method, url, headers: signed, ...(payload ? { payload } : {}) })
  const body = String(answer.headers['content-type']).includes('json') ? (answer.json() as Told['body']) : {}
  return { status: answer.statusCode, body, text: answer.body }
}
const rows = <T>(text: ReturnType<typeof sql<T>>) => kernel.asSystem(async ({ db }) => (await text.execute(db)).rows)
const times = <T>(n: number, work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: n }, (_, i) => work(i)))
const hear = (sid: string, from: string, step: string, form: Record<string, string> = {}) => {
  const body = { CallSid: sid, From: from, ...form }
  const url = step === '' ? line.address : `${line.address}/${step}`
  return tell(`POST ${new URL(url).pathname}`, body, null, { 'x-twilio-signature': signatureOf(token, url, body) })
}
const told = (number: string) =>
  rows(sql<{
    tickets: number
    messages: string[]
    pages: number
  }>`with its as (select distinct ticket_id from voice_call where number = ${number} and ticket_id is not null)
    select (select count(*)::int from its) as tickets, (select count(*)::int from page p join its using (ticket_id)) as pages,
      coalesce((select array_agg(m.body) from message m join its using (ticket_id)), '{}') as messages`).then(([row]) => row!)

it('a call that the provider tells of five times at each step, all at once, is one ticket and one page', async () => {
  const number = '+491715550001'
  const steps: [string, Record<string, string>][] = [
    ['', {}],
    ['q0-0', { Digits: '1' }],
    ['q1-0', { Digits: '1' }],
    ['q2-0', { Digits: '1' }],
    ['said', { RecordingUrl: 'https://voice.example/r/1' }],
  ]
  for (const [step, form] of steps) {
    const answers = await times(5, () => hear('CA1', number, step, form))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map(({ text }) => text)).size, step).toBe(1)
  }
  const { tickets, pages, messages } = await told(number)
  expect([tickets, pages, messages.filter((text) => text.includes('/r/1')).length]).toEqual([1, 1, 1])
})

it('nothing that was said is lost when it is told in the moment in which the call ends', async () => {
  for (let n = 0; n < 6; n++) {
    const [sid, number] = [`CB${n}`, `+49171555100${n}`]
    await hear(sid, number, '')
    for (const nth of [0, 1, 2]) await hear(sid, number, `q${nth}-0`, { Digits: '1' })
    const all = [
      () => hear(sid, number, 'said', { RecordingUrl: 'https://voice.example/r/2' }),
      () => hear(sid, number, 'status', { CallStatus: 'completed' }),
      () => hear(sid, number, 'text', { TranscriptionText: 'The cellar burns.' }),
    ]
    await Promise.all([...all.slice(n % 3), ...all.slice(0, n % 3)].map((act) => act()))
    const { tickets, pages, messages } = await told(number)
    const with_ = (what: string) => messages.filter((text) => text.includes(what)).length
    expect([tickets, pages, with_('/r/2'), with_('The cellar burns.')], sid).toEqual([1, 1, 1, 1])
  }
})

it('six calls of one number that end at once wake somebody twice', async () => {
  const number = '+491715550003'
  for (let n = 0; n < 6; n++) {
    await hear(`CC${n}`, number, '')
    await hear(`CC${n}`, number, 'q0-0', { Digits: '1' })
  }
  const ended = await times(6, (n) => hear(`CC${n}`, number, 'status', { CallStatus: 'completed' }))
  expect(ended.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
  expect(await told(number)).toMatchObject({ tickets: 2, pages: 2 })
})

it('three nodes that look for calls that broke off, while the provider tells of their end, open each once', async () => {
  const numbers = [0, 1, 2, 3].map((n) => `+49171555200${n}`)
  for (const [n, number] of numbers.entries()) {
    await hear(`CD${n}`, number, '')
    await hear(`CD${n}`, number, 'q0-0', { Digits: '1' })
  }
  clock.advance({ minutes: 6 })
  const sweep = () => emergencyJobs['emergency.sweep']!(kernel, {} as never)
  await Promise.all([
    sweep(),
    sweep(),
    sweep(),
    ...numbers.map((number, n) => hear(`CD${n}`, number, 'status', { CallStatus: 'completed' })),
  ])
  for (const number of numbers) expect(await told(number)).toMatchObject({ tickets: 1, pages: 1 })
})

it('of five who tell the manager at once one opens it and four add to it; it is dealt with once', async () => {
  const made = await tell('POST /api/tickets', { subject: 'Line', teamId: team.id, kind: 'incident', acknowledge: false })
  const ticket = String(made.body.id)
  const all = await times(5, (n) => tell(`POST /api/tickets/${ticket}/tell-manager`, { why: `why ${n}` }, n % 2 ? anna : ben))
  expect(new Set(all.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
  const [one] = await rows(sql<{
    id: string
    again: number
  }>`select id, (select count(*)::int from escalation_again where escalation_id = e.id) as again
    from escalation e where ticket_id = ${ticket}`)
  expect(one!.again).toBe(4)
  const settled = await times(4, () => tell(`POST /api/escalations/${one!.id}/settle`, undefined, boss))
  expect(settled.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(await rows(sql`select 1 from event where ticket_id = ${ticket} and type = 'ticket.escalation-settled'`)).toHaveLength(1)
  // Told, dealt with and resolved in one moment: whatever comes last, none is left open on a resolved ticket that was told before.
  for (let n = 0; n < 4; n++) {
    const [open] = (await tell(`POST /api/tickets/${ticket}/tell-manager`, { why: 'more' }, anna)).body.id ? [1] : []
    expect(open).toBe(1)
    const [row] = await rows(sql<{ id: string }>`select id from escalation where ticket_id = ${ticket} and settled_at is null`)
    const met = await Promise.all([
      tell(`POST /api/escalations/${row!.id}/settle`, undefined, boss),
      tell(`POST /api/tickets/${ticket}/tell-manager`, { why: 'again' }, ben),
    ])
    expect(met.map(({ status }) => status)).toEqual([200, 200])
  }
})

it('what a team settles is set for the first time by one of two', async () => {
  const set = { settles: [], kinds: ['incident'], takes: [], asksFor: [] }
  const both = await times(4, () => tell(`PUT /api/teams/${team.id}/duties`, set, boss, { 'if-match': '"1"' }))
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409])
})
