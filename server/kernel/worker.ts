import { hostname } from 'node:os'
import { parseCronItems, type Runner, run, type TaskList } from 'graphile-worker'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Kernel } from './context.ts'
import type { JobRun, Jobs, Schedule } from './jobs.ts'

/**
 * Runs jobs with graphile-worker. After kill -9 its prefetched jobs would stay locked for four hours: so each node
 * renews a lease every 5 s, and whoever sees one lapsed for 20 s unlocks that node's jobs.
 */
export type Worker = { stop(): Promise<void> }

export async function startWorker(kernel: Kernel, pool: pg.Pool, own: Jobs, schedules: Schedule[], concurrency = 4): Promise<Worker> {
  const node = `${hostname()}-${process.pid}-${Date.now().toString(36)}`
  const runner: Runner = await run({
    pgPool: pool,
    concurrency,
    pollInterval: 1000,
    noHandleSignals: true,
    taskList: taskList(kernel, own),
    // Not as a crontab file: there a name may hold no dot.
    parsedCronItems: parseCronItems(schedules.map((s) => ({ task: s.name, match: s.cron }))),
    logger: quietLogger(kernel),
    preset: { worker: { localQueue: { size: 20 }, getQueueNameBatchDelay: 50 } },
  } as Parameters<typeof run>[0])
  const workerIds = runningWorkerIds(runner)
  await renew(kernel, node, workerIds())
  const beat = setInterval(() => {
    renew(kernel, node, workerIds())
      .then(() => unlockLapsed(kernel, pool))
      .catch((cause) => kernel.log.warn('worker lease not renewed', { cause: String(cause) }))
  }, 5000)
  return {
    async stop() {
      clearInterval(beat)
      await runner.stop()
      await kernel.transactor.transaction((db) => sql`delete from lease where name = ${`worker:${node}`}`.execute(db))
    },
  }
}

function taskList(kernel: Kernel, own: Jobs): TaskList {
  return Object.fromEntries(
    Object.entries(own).map(([name, run]) => [
      name,
      async (payload, { job }) => {
        try {
          await (run as JobRun<never>)(kernel, payload as never)
        } catch (cause) {
          kernel.log.error('job failed', cause, { job: name, attempt: job.attempts })
          if (job.attempts >= job.max_attempts) await keepFailed(kernel, name, payload, job.attempts, cause)
          throw cause
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

/** The ids under which this runner's workers lock jobs, as graphile-worker tells them by events. */
function runningWorkerIds(runner: Runner): () => string[] {
  const ids = new Set<string>()
  runner.events.on('worker:create', ({ worker }) => ids.add(worker.workerId))
  runner.events.on('pool:create', ({ workerPool }) => ids.add(workerPool.id))
  runner.events.on('worker:getJob:start', ({ worker }) => ids.add(worker.workerId))
  return () => [...ids]
}

async function renew(kernel: Kernel, node: string, workers: string[]): Promise<void> {
  await kernel.transactor.transaction((db) =>
    sql`insert into lease (name, holder, until) values (${`worker:${node}`}, ${JSON.stringify(workers)}, clock_timestamp() + interval '20 seconds')
      on conflict (name) do update set until = excluded.until, holder = excluded.holder`.execute(db),
  )
}

/** Jobs locked by anyone who holds no living lease go back to the queue. */
async function unlockLapsed(kernel: Kernel, pool: pg.Pool): Promise<void> {
  const lapsed = await pool.query<{ locked_by: string }>(`
    select distinct j.locked_by from graphile_worker.jobs j
    where j.locked_by is not null and j.locked_at < now() - interval '20 seconds'
      and not exists (select 1 from lease l where l.name like 'worker:%' and l.until > clock_timestamp() and l.holder::jsonb ? j.locked_by)`)
  const ids = lapsed.rows.map((row) => row.locked_by)
  if (ids.length === 0) return
  kernel.log.warn('unlocking jobs of a node that is gone', { workers: ids.length })
  await pool.query('select graphile_worker.force_unlock_workers($1::text[])', [ids])
  await pool.query(`delete from lease where name like 'worker:%' and until < clock_timestamp() - interval '1 hour'`)
}

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
