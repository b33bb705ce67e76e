import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { generateSync } from 'otplib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../../test/database.ts'
import { noLive, testSettings } from '../../../test/harness.ts'
import { buildApp } from '../../app.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { pooledTransactor, poolOf } from '../../kernel/db.ts'
import { quietLog } from '../../kernel/log.ts'
import { kernelOver } from '../../program.ts'
import { addPerson } from '../people/actions-people.ts'
import { makeLink } from './actions-links.ts'
import { startSession } from './actions-sessions.ts'
import { firstSetUp } from './actions-set-up.ts'

/** Two at the same moment, on real connections: outside of the one rolled-back transaction that other tests live in. */
const dataDir = mkdtempSync(join(tmpdir(), 'fl-races-'))
let clone: Clone
let kernel: Kernel
let app: FastifyInstance

beforeAll(async () => {
  clone = await cloneDatabase()
  kernel = kernelOver(pooledTransactor(poolOf(clone.ownerUrl, 12, () => {}, 'firstline')), testSettings(dataDir), systemClock, quietLog)
  app = buildApp(kernel, noLive)
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await kernel.transactor.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const client = { address: '127.0.0.1', name: 'test', origin: 'http://localhost:8080' }
const post = (url: string, payload: object, token?: string) =>
  app.inject({ method: 'POST', url, payload, ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }) })

async function atOnce(times: number, ask: () => Promise<{ statusCode: number }>): Promise<number[]> {
  return (await Promise.all(Array.from({ length: times }, ask))).map((answer) => answer.statusCode).sort()
}
const person = (name: string) => kernel.asSystem((context) => addPerson(context, { name, email: `${name}@x.example` }))

it('of ten who open one link at the same moment one comes in', async () => {
  const id = await person('ada')
  const { token } = await kernel.asSystem((context) => makeLink(context, 'sign-in', id))
  expect(await atOnce(10, () => post('/api/sign-in/link/use', { token }))).toEqual([200, ...Array(9).fill(410)])
})

it('of four who use one set-up link at the same moment one becomes the administrator', async () => {
  const token = (await firstSetUp(kernel))?.replace('/set-up/', '')
  let n = 0
  const use = () => post('/api/sign-in/link/use', { token, name: 'Admin', email: `admin${n++}@x.example`, password: 'kkk-llm-rgt-77' })
  expect((await atOnce(4, use)).filter((status) => status === 200)).toHaveLength(1)
  const admins = await kernel.asSystem(({ db }) => db.selectFrom('role_grant').select('id').where('role', '=', 'administrator').execute())
  expect(admins).toHaveLength(1)
})

it('G-088 of four who give one code at the same moment one comes in', async () => {
  const id = await person('bob')
  const start = () => kernel.asSystem((context) => startSession(context, id, 'password', client))
  const first = await start()
  const { secret } = (await post('/api/me/totp/start', {}, first.token)).json()
  const now = Math.floor(Date.now() / 1000)
  expect((await post('/api/me/totp', { code: generateSync({ secret, epoch: now - 30 }) }, first.token)).statusCode).toBe(200)
  const halves = await Promise.all([start(), start(), start(), start()])
  const code = generateSync({ secret, epoch: now })
  const answers = await Promise.all(halves.map(({ token }) => post('/api/sign-in/second-factor', { code }, token)))
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 401, 401, 401])
})

it('many requests of one session at the same moment all pass, though each would note its use', async () => {
  const id = await person('cleo')
  const { token } = await kernel.asSystem((context) => startSession(context, id, 'password', client))
  await kernel.asSystem(({ db, now }) =>
    db
      .updateTable('session')
      .set({ seen_at: now.subtract({ minutes: 5 }) })
      .where('person_id', '=', id)
      .execute(),
  )
  const statuses = await atOnce(20, () => app.inject({ method: 'GET', url: '/api/me', headers: { authorization: `Bearer ${token}` } }))
  expect(new Set(statuses)).toEqual(new Set([200]))
})
