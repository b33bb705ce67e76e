import { parseCronItems } from 'graphile-worker'
import type pg from 'pg'
import type { Instant } from './clock.ts'
import type { Kernel } from './context.ts'
import type { Schedule } from './jobs.ts'

/**
 * Work by the clock: of all nodes the first to write the row of a task and its minute queues it. The runner's own
 * schedule follows each node's clock: one that is an hour ahead silences all nodes for an hour after it is right again,
 * and one that is set back waits for the hour. This one follows the kernel's, and goes on from wherever time is.
 */
const lookEvery = 1000
/** After a standstill a task whose minute went by in it is done once. */
const mostBehind = 60

export function startTicks(kernel: Kernel, pool: pg.Pool, schedules: readonly Schedule[]): { stop(): void } {
  // Not as a crontab file: there a name may hold no dot.
  const items = parseCronItems(schedules.map(({ name, cron }) => ({ task: name, match: cron })))
  let done: number | undefined
  let busy = false
  const look = async () => {
    const minute = minuteOf(kernel.clock.now())
    if (busy || minute === done) return
    busy = true
    await tick(done, minute).then(
      () => {
        done = minute
      },
      (cause: unknown) => kernel.log.warn('tick not queued; tried again', { cause: String(cause) }),
    )
    busy = false
  }
  const tick = async (before: number | undefined, minute: number) => {
    const minutes = minutesBetween(before ?? (await lastTick(pool, minute)), minute)
    const names = items.filter(({ match }) => minutes.some((one) => match(digestOf(one)))).map(({ identifier }) => identifier)
    await queueTicks(pool, names, new Date(minute * 60_000))
  }
  const timer = setInterval(look, lookEvery)
  return { stop: () => clearInterval(timer) }
}

const minuteOf = (at: Instant): number => Math.floor(at.epochMilliseconds / 60_000)

/** The last minute at which any node ticked; this one where none ever did. */
export async function lastTick(pool: Pick<pg.Pool, 'query'>, minute: number): Promise<number> {
  const found = await pool.query<{ minute: number | null }>(
    `select floor(extract(epoch from max(last_execution)) / 60)::int as minute from graphile_worker._private_known_crontabs where last_execution <= $1`,
    [new Date(minute * 60_000).toISOString()],
  )
  return found.rows[0]?.minute ?? minute
}

/** After the one and up to the other; of a time that was set back only the minute that it is now. */
export function minutesBetween(done: number, now: number): number[] {
  const first = now > done ? Math.max(done + 1, now - mostBehind + 1) : now + (now === done ? 1 : 0)
  return Array.from({ length: now - first + 1 }, (_, n) => first + n)
}

function digestOf(minute: number) {
  const at = new Date(minute * 60_000)
  return { min: at.getUTCMinutes(), hour: at.getUTCHours(), date: at.getUTCDate(), month: at.getUTCMonth() + 1, dow: at.getUTCDay() }
}

/** A minute that lies far ahead was written by a clock that is back where it belongs: it holds nothing up. */
export async function queueTicks(pool: Pick<pg.Pool, 'query'>, names: readonly string[], minute: Date): Promise<void> {
  await pool.query(
    `with ticked as (
       insert into graphile_worker._private_known_crontabs as k (identifier, known_since, last_execution)
         select name, $2::timestamptz, $2::timestamptz from unnest($1::text[]) as name
       on conflict (identifier) do update set last_execution = excluded.last_execution
         where k.last_execution is null or k.last_execution < excluded.last_execution
           or k.last_execution > excluded.last_execution + interval '2 minutes'
       returning identifier)
     select graphile_worker.add_job(identifier, '{}'::json) from ticked`,
    [names, minute.toISOString()],
  )
}
