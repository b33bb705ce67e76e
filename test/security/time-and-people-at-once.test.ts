import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { advanceDue } from '../../server/features/paging/actions-advance.ts'
import { sendWay } from '../../server/features/paging/actions-sending.ts'
import { type Receiver, startReceiver } from '../../server/features/paging/paging.testing.ts'
import { lookAtClocks } from '../../server/features/sla/actions-escalate.ts'
import { type MovedClock, movedClock, systemClock } from '../../server/kernel/clock.ts'
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
let outside: Receiver
let [boss, anna, ben] = [{}, {}, {}] as [TestPerson, TestPerson, TestPerson]
let team = { id: '' }
const dataDir = mkdtempSync(join(tmpdir(), 'fl-at-once-'))
beforeAll(async () => {
  clone = await cloneDatabase()
  outside = await startReceiver()
  clock = movedClock(systemClock.now())
  kernel = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 10, () => {}, 'firstline')), testSettings(dataDir), clock, quietLog)
  app = buildApp(kernel, noLive)
  await app.ready()
  const make = factoriesOver(() => kernel)
  ;[boss, anna, ben] = [await make.person('administrator'), await make.person('agent'), await make.person('agent')]
  team = await make.team('Network', 2, [anna, ben])
  for (const who of [anna, ben])
    await tell('POST /api/me/paging/channels', { kind: 'webhook', format: 'ntfy', url: `${outside.url}/${who.id}` }, who)
  const step = (who: TestPerson) => ({ targets: [{ kind: 'person', id: who.id }], wait: 10 })
  await tell('POST /api/paging/policies', { name: 'Night', teamIds: [team.id], steps: [step(anna), step(ben)] })
})
afterAll(async () => {
  await app.close()
  await kernel.transactor.close()
  await outside.stop()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
type Told = { status: number; body: Record<string, unknown> }
async function tell(call: string, payload?: object, as: TestPerson | null = boss): Promise<Told> {
  const [method, url] = call.split(' ') as ['POST', string]
  const headers = as === null ? {} : { authorization: `Bearer ${as.token}` }
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? {} : (answer.json() as Told['body']) }
}
const rows = <T>(text: ReturnType<typeof sql<T>>) => kernel.asSystem(async ({ db }) => (await text.execute(db)).rows)
const open = async () =>
  String((await tell('POST /api/tickets', { subject: 'Line', teamId: team.id, kind: 'incident', acknowledge: false })).body.id)
const paged = async () => String((await tell(`POST /api/tickets/${await open()}/pages`, {})).body.id)
const advance = (id: string) => kernel.asSystem((context) => advanceDue(context, id))
const times = <T>(n: number, work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: n }, (_, i) => work(i)))
const way = async (personId: string) => {
  const [row] = await rows(sql<{ id: string }>`select id from paging_channel where person_id = ${personId}`)
  return { personId, kind: 'webhook', channelId: row!.id }
}

it('a ticket that is paged by five at once rings as one page; each step and each message goes once, whoever takes it up', async () => {
  const ticket = await open()
  const made = await times(5, () => tell(`POST /api/tickets/${ticket}/pages`, {}))
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409])
  const id = String(made.find(({ status }) => status === 201)!.body.id)
  await times(6, () => advance(id))
  expect(await rows(sql`select person_id from page_ring where page_id = ${id}`)).toEqual([{ person_id: anna.id }])
  const to = await way(anna.id)
  await times(6, () => sendWay(kernel, to))
  expect(outside.of(`/${anna.id}`)).toHaveLength(1)
  clock.advance({ minutes: 11 })
  await times(6, () => advance(id))
  expect(
    (await rows(sql`select person_id from page_ring where page_id = ${id} order by id`)).map(
      (row) => (row as { person_id: string }).person_id,
    ),
  ).toEqual([anna.id, ben.id])
  const token = /\/page\/([\w-]{22})/.exec(String(outside.of(`/${anna.id}`)[0]!.headers.click))![1]
  const clicked = await times(4, () => tell('POST /api/page-links/act', { token, do: 'help' }, null))
  expect(clicked.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410])
  expect(await rows(sql`select 1 from page where parent_id = ${id}`)).toHaveLength(1)
})

it('whoever acknowledges or ends it in the moment in which it goes on is asked no more', async () => {
  for (const what of ['acknowledge', 'end', 'acknowledge', 'end', 'pass-on']) {
    const id = await paged()
    await advance(id)
    clock.advance({ minutes: 11 })
    const [, told] = await Promise.all([advance(id), tell(`POST /api/pages/${id}/${what}`, {}, anna)])
    expect(told.status).toBe(200)
    await times(2, () => advance(id))
    const [state] = await rows(sql<{
      state: string
      rings: number
      waiting: number
    }>`select state, (select count(*)::int from page_ring where page_id = p.id) as rings,
      (select count(*)::int from page_attempt where page_id = p.id and state = 'waiting') as waiting from page p where id = ${id}`)
    if (what === 'pass-on') expect(state!.rings).toBeLessThanOrEqual(3)
    else expect(state).toMatchObject({ state: what === 'end' ? 'ended' : 'acknowledged', waiting: 0 })
  }
})

it('two nodes that look at the clocks at once escalate each threshold once', async () => {
  const thresholds = [{ percent: 50, acts: [{ do: 'page' }, { do: 'raise-priority' }] }]
  const rule = { key: 'r', name: 'R', target: 'resolution', clock: 'calendar', goals: [{ time: { minutes: 60 } }], thresholds }
  expect((await tell('POST /api/agreements', { kind: 'sla', name: 'All', rules: [rule] })).status).toBe(201)
  const tickets = await times(8, open)
  clock.advance({ minutes: 31 })
  const other = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 4, () => {}, 'firstline')), testSettings(dataDir), clock, quietLog)
  await Promise.all([lookAtClocks(kernel), lookAtClocks(other), lookAtClocks(kernel), lookAtClocks(other)])
  for (let n = 0; n < 2; n++) await lookAtClocks(other)
  await other.transactor.close()
  const found = await rows(sql<{ type: string; n: number }>`select type, count(*)::int as n from event
    where type in ('sla.page-asked', 'sla.escalated', 'page.begun') and ticket_id = any(${tickets}::bigint[]) group by 1 order by 1`)
  expect(found).toEqual([
    { type: 'page.begun', n: 8 },
    { type: 'sla.escalated', n: 8 },
    { type: 'sla.page-asked', n: 8 },
  ])
})

it('a swap that two accept at once is one’s', async () => {
  const [day, end] = [clock.now().toString().slice(0, 10), clock.now().add({ hours: 24 }).toString()]
  const layer = {
    name: 'L',
    timeZone: 'UTC',
    rotation: { unit: 'weeks', every: 1000 },
    handover: '00:00',
    startsOn: day,
    peopleIds: [anna.id],
  }
  const { body } = await tell('POST /api/rotas', { name: 'Network', teamId: team.id, timeZone: 'UTC', layers: [layer] })
  const cara = await factoriesOver(() => kernel).person('agent')
  await rows(sql`insert into team_member (team_id, person_id, since) values (${team.id}, ${cara.id}, now())`)
  const from = clock.now().add({ hours: 1 }).toString()
  const offered = await tell(`POST /api/rotas/${body.id}/swaps`, { from, to: end }, anna)
  const answered = await times(4, (n) =>
    tell(`POST /api/shift-swaps/${offered.body.id}/answer`, { answer: 'accept' }, n % 2 === 0 ? ben : cara),
  )
  expect(answered.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await rows(sql`select 1 from rota_override where rota_id = ${String(body.id)}`)).toHaveLength(1)
})
