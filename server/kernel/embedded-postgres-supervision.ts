/**
 * PostgreSQL may die while the program lives: killed for its memory, or by hand. Then it is started again on the same
 * address, so that pool, listener and worker find it by their own retries.
 *
 *   running ── dies ──> pause ── starts ──> running       the pauses grow while it keeps dying within a minute
 *                         └─── no pause left ──> given up  the program stays, and answers that the database is away
 *
 * A backend that is killed is not seen here: PostgreSQL ends the others and recovers by itself.
 */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded, stopServer } from './embedded-postgres-server.ts'

export type Supervision = {
  first: ChildProcess
  /** Starts it again; rejects when it cannot run. */
  start: () => Promise<ChildProcess>
  /** Milliseconds before each further try; the last one failing, nobody tries again. */
  pauses: readonly number[]
  warn: (line: string) => void
  onRestarted: (died: Date) => void
}

export const usualPauses = [1000, 2000, 5000, 10_000, 10_000, 10_000, 10_000, 10_000]
/** Who ran for so long was well: the next death begins with the shortest pause. */
const wellAfter = 60_000

/** Returns how to stop it for good. */
export function keepRunning({ first, start, pauses, warn, onRestarted }: Supervision): () => Promise<void> {
  const stopping = new AbortController()
  let server = first
  let tries = 0
  let restarting: Promise<void> = Promise.resolve()

  function watch(): void {
    const since = Date.now()
    const died = () => {
      if (stopping.signal.aborted) return
      if (Date.now() - since > wellAfter) tries = 0
      const how = server.signalCode ?? `exit code ${server.exitCode}`
      warn(`PostgreSQL stopped by itself (${how}); postgres.log in the DATA_DIR says why. It is started again.`)
      restarting = restart(new Date())
    }
    if (hasEnded(server)) died()
    else server.once('exit', died)
  }

  async function restart(died: Date): Promise<void> {
    while (!stopping.signal.aborted) {
      const pause = pauses[tries++]
      if (pause === undefined) return warn(givenUp(pauses.length))
      try {
        await sleep(pause, undefined, { signal: stopping.signal })
        server = await start()
      } catch (cause) {
        if (!stopping.signal.aborted) warn(cause instanceof Error ? cause.message : String(cause))
        continue
      }
      onRestarted(died)
      return watch()
    }
  }

  watch()
  return async () => {
    stopping.abort()
    await restarting
    await stopServer(server)
  }
}

const givenUp = (times: number) =>
  `PostgreSQL could not be kept running: ${times} tries failed, and it is not started again. ` +
  'Read postgres.log in the DATA_DIR, repair the cause, then start Firstline again.'
