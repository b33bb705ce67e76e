import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { type Api, api } from '../contract/api.ts'
import type { Endpoint, ParamsOf, QueryOf } from '../contract/endpoint.ts'
import { allJobs, buildApp } from '../server/app.ts'
import { type MovedClock, movedClock, systemClock } from '../server/kernel/clock.ts'
import type { Kernel, Outside } from '../server/kernel/context.ts'
import type { JobRun } from '../server/kernel/jobs.ts'
import type { Live } from '../server/kernel/live.ts'
import { quietLog } from '../server/kernel/log.ts'
import { readSettings, type Settings } from '../server/kernel/settings.ts'
import { kernelOver } from '../server/program.ts'
import { type Lent, lendSandbox, type Sandbox } from './database.ts'
import { type Factories, factoriesOver } from './factories.ts'

/**
 * A desk in one rolled-back transaction on a real PostgreSQL, spoken to through the contract and HTTP:
 *   const desk = useDesk()
 *   const { body } = await desk.call('POST /api/tickets', { as: agent, body: { subject: 'Printer' } })
 *   await desk.work()   // runs the jobs
 */
type Names = keyof Api & string
type Input<N extends Names> = {
  as?: { token: string } | undefined
  headers?: Record<string, string>
  ifMatch?: number
} & (keyof ParamsOf<N> extends never ? { params?: undefined } : { params: ParamsOf<N> }) & {
    query?: Partial<Record<keyof QueryOf<Api[N] & Endpoint>, unknown>>
    // what is sent, before the contract's transforms
    body?: (Api[N] & Endpoint)['body'] extends z.ZodType ? z.input<NonNullable<(Api[N] & Endpoint)['body']>> : unknown
  }
type Returned<N extends Names> = Api[N] extends { returns: infer R } ? (R extends z.ZodType ? z.infer<R> : undefined) : undefined
export type Answered<T> = { status: number; body: T; headers: Record<string, unknown>; text: string }
export type Refused = {
  code: string
  status: number
  title: string
  issues?: { path: string; code: string; message: string }[]
  [more: string]: unknown
}

export type Desk = Factories & {
  kernel: Kernel
  app: FastifyInstance
  clock: MovedClock
  /** Calls and expects success; the answer is checked against the contract. */
  call<N extends Names>(name: N, input?: Input<N>): Promise<Returned<N>>
  /** Calls, whatever comes. */
  ask<N extends Names>(name: N, input?: Input<N>): Promise<Answered<Returned<N>>>
  /** Calls and expects a problem of this code. */
  refused<N extends Names>(code: string, name: N, input?: Input<N>): Promise<Refused>
  /** Runs the jobs that are due, and those that they add, until none is left. */
  work(): Promise<void>
  sandbox: Sandbox
}

/** Nobody listens. */
export const noLive: Live = {
  attach: (_, response) => response.end(),
  present: () => {},
  connections: () => 0,
  position: () => 'test.0',
  stop: async () => {},
}

export function testSettings(dataDir: string, more: Record<string, string> = {}): Settings {
  return readSettings({
    DATA_DIR: dataDir,
    PORT: '0',
    SMTP_PORT: '0',
    BASE_URL: 'http://localhost:8080',
    MAIL_DOMAIN: 'desk.example',
    ENCRYPTION_KEY: 'ab'.repeat(32),
    ...more,
  })
}

export function useDesk(choices: { settings?: Record<string, string>; outside?: Partial<Outside> } = {}): Desk {
  const desk = {} as Desk
  let lent: Lent
  const dataDir = mkdtempSync(join(tmpdir(), 'fl-desk-'))
  beforeAll(async () => {
    lent = await lendSandbox()
  })
  beforeEach(async () => {
    const { sandbox } = lent
    await sandbox.begin()
    const clock = movedClock(systemClock.now())
    const kernel = kernelOver(sandbox, testSettings(dataDir, choices.settings), clock, quietLog)
    Object.assign(kernel.outside, choices.outside ?? {})
    const app = buildApp(kernel, noLive)
    await app.ready()
    Object.assign(
      desk,
      { kernel, app, clock, sandbox, ...callers(app), work: () => drain(sandbox, kernel) },
      factoriesOver(() => desk.kernel),
    )
  })
  afterEach(async () => {
    await desk.app.close()
    await lent.sandbox.rollback()
  })
  afterAll(async () => {
    await lent.giveBack()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return desk
}

function callers(app: FastifyInstance) {
  // biome-ignore lint/suspicious/noExplicitAny: one implementation behind the typed calls
  const ask = async (name: Names, input: any = {}): Promise<Answered<any>> => {
    const [method, path] = name.split(' ') as [string, string]
    const url = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(input.params?.[key] ?? '')))
    const query = new URLSearchParams(Object.entries(input.query ?? {}).map(([k, v]): [string, string] => [k, String(v)])).toString()
    const response = await app.inject({
      method: method as 'GET',
      url: query ? `${url}?${query}` : url,
      headers: {
        ...(input.as ? { authorization: `Bearer ${input.as.token}` } : {}),
        ...(input.ifMatch === undefined ? {} : { 'if-match': `"${input.ifMatch}"` }),
        ...input.headers,
      },
      ...(input.body === undefined ? {} : { payload: input.body }),
    })
    const isJson = String(response.headers['content-type'] ?? '').includes('json')
    return {
      status: response.statusCode,
      body: isJson ? JSON.parse(response.body) : undefined,
      headers: response.headers,
      text: response.body,
    }
  }
  return {
    ask,
    call: async (name: Names, input: unknown) => {
      const answer = await ask(name, input)
      if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}: ${answer.text.slice(0, 800)}`)
      const returns = (api[name] as Endpoint).returns
      if (returns && !(api[name] as Endpoint).wire && answer.body !== undefined) z.parse(returns, answer.body)
      return answer.body
    },
    refused: async (code: string, name: Names, input: unknown) => {
      const answer = await ask(name, input)
      expect(answer.body?.code ?? `${answer.status} ${answer.text.slice(0, 200)}`).toBe(code)
      return answer.body
    },
  }
}

type Waiting = { id: string; name: string; payload: unknown }

async function drain(sandbox: Sandbox, kernel: Kernel): Promise<void> {
  for (let turns = 0; turns < 500; turns++) {
    const next = await sandbox.asOwner(() => nextJob(sandbox, kernel.clock.now().toString()))
    if (!next) return
    const run = allJobs[next.name as keyof typeof allJobs] as JobRun<never> | undefined
    if (!run) throw new Error(`No feature runs the job ${next.name}.`)
    await run(kernel, next.payload as never)
  }
  throw new Error('The jobs never end.')
}

async function nextJob(sandbox: Sandbox, now: string): Promise<Waiting | undefined> {
  const found = await sandbox.client.query<Waiting>(
    `with due as (select j.id from graphile_worker._private_jobs j where j.run_at <= greatest($1::timestamptz, clock_timestamp())
       order by j.priority, j.run_at, j.id limit 1),
     gone as (delete from graphile_worker._private_jobs j using due where j.id = due.id returning j.id, j.task_id, j.payload)
     select gone.id, t.identifier as name, gone.payload from gone join graphile_worker._private_tasks t on t.id = gone.task_id`,
    [now],
  )
  return found.rows[0]
}
