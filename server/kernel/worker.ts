import { EventEmitter } from 'node:events'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Kernel } from './context.ts'
import type { JobRun, Jobs, Schedule } from './jobs.ts'
import { startTicks } from './ticks.ts'

/**
 * Runs jobs with graphile-worker. After kill -9 its prefetched jobs would stay locked for four hours: so each node
 * renews a lease every 5 s, and whoever sees one lapsed for 20 s unlocks that node's jobs. A runner gives up when it
 * cannot tell the database that a job is done (its own retries end at the first lost connection): another one is
 * started in its place, and the jobs of the one that gave up are free at once, for it is known to have ended. Its own
 * shutdown is not waited for: without a database it may never come to an end (graphile-worker 0.18).
 */
export type Worker = { stop(): Promise<void> }

export async function startWorker(kernel: Kernel, pool: pg.Pool, own: Jobs, schedules: Schedule[], concurrency = 4): Promise<Worker> {
  const node = `${hostname()}-${process.pid}-${Date.now().toString(36)}`
  let stopping = false
  let running = await startRunner(kernel, pool, own, concurrency)
  const replaceWhenOver = (): void => {
    void running.over.then(async () => {
      if (stopping) return
      kernel.log.warn('the job runner gave up; another one is started')
      await sleep(1000)
      const gone = running.lockedBy()
      running = await startRunner(kernel, pool, own, concurrency).catch(() => ({ ...running, over: sleep(1000) }))
      // Should this fail as well, the lease does not name them any more and they are free after 20 s.
      await unlock(pool, gone).catch(() => {})
      if (stopping) await running.runner.stop().catch(() => {})
      replaceWhenOver()
    })
  }
  replaceWhenOver()
  let first = true
  const keep = async () => {
    first = await bringBack(pool, first)
    await renew(kernel, node, running.lockedBy())
    await unlockLapsed(kernel, pool)
  }
  await keep()
  const ticks = startTicks(kernel, pool, schedules)
  const beat = setInterval(() => {
    keep().catch((cause) => kernel.log.warn('worker lease not renewed', { cause: String(cause) }))
  }, 5000)
  return {
    async stop() {
      stopping = true
      clearInterval(beat)
      ticks.stop()
      await running.runner.stop().catch(() => {})
      await kernel.transactor.transaction((db) => sql`delete from lease where name = ${`worker:${node}`}`.execute(db))
    },
  }
}

/** `lockedBy`: the names under which it locks jobs; `over` resolves when it has ended, for whatever reason. */
type Running = { runner: Runner; lockedBy: () => string[]; over: Promise<unknown> }

async function startRunner(kernel: Kernel, pool: pg.Pool, own: Jobs, concurrency: number): Promise<Running> {
  const ids = new Set<string>()
  const events: WorkerEvents = new EventEmitter()
  let atWork = 0
  const gaveUp = new Promise<void>((resolve) => {
    events.on('pool:gracefulShutdown', () => resolve())
  }).then(async () => {
    while (atWork > 0) await sleep(100)
  })
  // Heard from before the start: the pool, which locks what is fetched in advance, tells its name only then.
  events.on('pool:create', ({ workerPool }) => ids.add(workerPool.id))
  events.on('worker:create', ({ worker }) => ids.add(worker.workerId))
  const runner = await run({
    pgPool: pool,
    concurrency,
    // Of each queue one job is fetched at a time, and the next one by the next poll: this is the queues' pace.
    pollInterval: 200,
    noHandleSignals: true,
    taskList: taskList(kernel, own, (change) => {
      atWork += change
    }),
    // Ticks are ours (ticks.ts); without this a file named crontab in the working directory would be read.
    parsedCronItems: [],
    logger: quietLogger(kernel),
    events,
    // Without batches a job whose end cannot be written is an unhandled rejection, and ends the process.
    preset: { worker: { localQueue: { size: 20 }, getQueueNameBatchDelay: 50, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  } as Parameters<typeof run>[0])
  const ended = runner.promise.catch((cause) => kernel.log.warn('worker', { cause: String(cause) }))
  return { runner, lockedBy: () => [...ids], over: Promise.race([ended, gaveUp]) }
}

function taskList(kernel: Kernel, own: Jobs, count: (change: 1 | -1) => void): TaskList {
  return Object.fromEntries(
    Object.entries(own).map(([name, run]) => [
      name,
      async (payload, { job }) => {
        count(1)
        try {
          await (run as JobRun<never>)(kernel, payload as never)
        } catch (cause) {
          kernel.log.error('job failed', cause, { job: name, attempt: job.attempts })
          if (job.attempts >= job.max_attempts) await keepFailed(kernel, name, payload, job.attempts, cause)
          throw cause
        } finally {
          count(-1)
        }
      },
    ]),
  )
}

/** A job that gave up is visible in the product, with its cause and a button. */
export async function keepFailed(kernel: Kernel, name: string, payload: unknown, attempts: number, cause: unknown): Promise<void> {
  const text = cause instanceof Error ? cause.message : String(cause)
  await kernel.transactor.transaction((db) =>
    sql`insert into failed_job (at, job, payload, attempts, cause)
      values (${kernel.clock.now().toString()}, ${name}, ${JSON.stringify(payload)}, ${attempts}, ${text.slice(0, 2000)})`.execute(db),
  )
}

async function renew(kernel: Kernel, node: string, workers: string[]): Promise<void> {
  await kernel.transactor.transaction((db) =>
    sql`insert into lease (name, holder, until) values (${`worker:${node}`}, ${JSON.stringify(workers)}, clock_timestamp() + interval '20 seconds')
      on conflict (name) do update set until = excluded.until, holder = excluded.holder`.execute(db),
  )
}

/**
 * What the database wrote while its clock was ahead would hold things up until then: a lease is given its time
 * anew (whoever lives renews it, whoever does not loses it), and a job moves back by as much as the clock did. Jobs may
 * be many: they are looked at when a lease says that there is cause, and at the start. Returns false.
 */
export async function bringBack(pool: Pick<pg.Pool, 'query'>, always: boolean): Promise<false> {
  const leases =
    await pool.query(`with given as (select l.name, case when l.name = 'backup' then interval '6 hours' else interval '45 seconds' end as time from lease l)
    update lease l set until = clock_timestamp() + g.time from given g where g.name = l.name and l.until > clock_timestamp() + g.time + interval '1 minute'`)
  if (always || leases.rowCount !== 0)
    await pool.query(`update graphile_worker._private_jobs set run_at = run_at - (updated_at - now()), updated_at = now()
      where updated_at > now() + interval '1 minute'`)
  return false
}

/** Jobs locked by anyone who holds no living lease go back to the queue. */
async function unlockLapsed(kernel: Kernel, pool: pg.Pool): Promise<void> {
  const lapsed = await pool.query<{ locked_by: string }>(`
    select distinct j.locked_by from graphile_worker.jobs j
    where j.locked_by is not null and (j.locked_at < now() - interval '20 seconds' or j.locked_at > now() + interval '20 seconds')
      and not exists (select 1 from lease l where l.name like 'worker:%' and l.until > clock_timestamp() and l.holder::jsonb ? j.locked_by)`)
  const ids = lapsed.rows.map((row) => row.locked_by)
  if (ids.length === 0) return
  kernel.log.warn('unlocking jobs of a node that is gone', { workers: ids.length })
  await unlock(pool, ids)
  await pool.query(`delete from lease where name like 'worker:%' and until < clock_timestamp() - interval '1 hour'`)
}

const unlock = (pool: pg.Pool, workers: string[]) => pool.query('select graphile_worker.force_unlock_workers($1::text[])', [workers])

function quietLogger(kernel: Kernel) {
  return new (class {
    scope() {
      return this
    }
    error(message: string) {
      kernel.log.warn('worker', { message })
    }
    warn(message: string) {
      kernel.log.warn('worker', { message })
    }
    info() {}
    debug() {}
  })() as never
}
