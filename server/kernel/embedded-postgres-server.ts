/** The running `postgres`: start it, wait until it answers, stop it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainEnvironment } from './embedded-postgres-cluster.ts'
import { livingPostmaster } from './embedded-postgres-lock.ts'

type Run = {
  command: string[]
  settings: Record<string, string>
  clusterDir: string
  logFile: string
  say: (line: string) => void
}

const tries = 100

/** Returns when PostgreSQL is ready. Processes of a server that crashed a moment ago may hold it up for a while. */
export async function runServer(run: Run): Promise<ChildProcess> {
  if (sizeOf(run.logFile) > 10_000_000) renameSync(run.logFile, `${run.logFile}.1`)
  for (let attempt = 1; ; attempt++) {
    const logged = sizeOf(run.logFile)
    const server = spawnServer(run)
    const failure = await readyOrFailure(server, run)
    if (failure === undefined) return server
    const lines = failure?.message ?? readFileSync(run.logFile).subarray(logged).toString().trim()
    if (attempt === tries || !lines.includes('shared memory block')) {
      throw new Error(`PostgreSQL did not start. ${lines.split('\n').slice(-5).join('\n')}`)
    }
    await sleep(100)
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it ends the sessions, writes a checkpoint and leaves. */
export async function stopServer(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return
  const gone = once(server, 'exit')
  server.ref()
  server.kill('SIGINT')
  await gone
}

function spawnServer({ command, settings, logFile }: Run): ChildProcess {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...rest] = [...command, ...flags]
  // A file and not a pipe: PostgreSQL must be able to write its log while it stops after us.
  const log = openSync(logFile, 'a', 0o600)
  const server = spawn(program, rest, { detached: true, stdio: ['ignore', log, log], env: plainEnvironment, cwd: '/' })
  closeSync(log)
  server.unref()
  return server
}

/** Recovery after a crash may take minutes, so this waits as long as PostgreSQL lives; null: the log says why not. */
async function readyOrFailure(server: ChildProcess, { clusterDir, say }: Run): Promise<Error | null | undefined> {
  let failure: Error | null = null
  server.once('error', (error) => {
    failure = error
  })
  for (let waited = 10; ; waited += 10) {
    const running = livingPostmaster(clusterDir)
    if (running?.ready && running.pid === server.pid) return undefined
    if (failure || hasEnded(server)) return failure
    if (waited % 10_000 === 0) say('PostgreSQL is still starting; after a crash it first recovers from its log.')
    await sleep(10)
  }
}

export function hasEnded(server: ChildProcess): boolean {
  return server.pid === undefined || server.exitCode !== null || server.signalCode !== null
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
