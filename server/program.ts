import { mkdirSync } from 'node:fs'
import { rights } from '../contract/rights.ts'
import { allReactions, mergeOutside } from './app.ts'
import { noteDatabaseDied } from './features/health/actions.ts'
import { actorMemory } from './kernel/actor-memory.ts'
import type { Clock } from './kernel/clock.ts'
import { commonClock, followDatabase } from './kernel/common-clock.ts'
import { asSystem, type Kernel } from './kernel/context.ts'
import { pooledTransactor, poolOf, type Transactor } from './kernel/db.ts'
import { serversIn, withServer } from './kernel/db-servers.ts'
import { joinEmbeddedPostgres, type StartOptions, startEmbeddedPostgres } from './kernel/embedded-postgres.ts'
import { filesBelow } from './kernel/files.ts'
import { jsonLog, type Log } from './kernel/log.ts'
import { migrate } from './kernel/migrate.ts'
import { reactionTable } from './kernel/reactions.ts'
import { keysOf, secretsWith } from './kernel/secrets.ts'
import type { Settings } from './kernel/settings.ts'

/** The program without its doors: database, files, keys. `npm start` and every `firstline` command begin here. */
export type Program = {
  kernel: Kernel
  /** For migrations, backups and the worker's own tables. */
  ownerUrl: string
  /** The program's role, and the options that make a connection take it. */
  appUrl: string
  appOptions: string | undefined
  /** This call started PostgreSQL (and stops it); false: it joined a running one, or it is not ours. */
  startedDatabase: boolean
  stop(): Promise<void>
}
export type Say = (line: string) => void
export type ProgramChoices = { clock?: Clock; log?: Log; say?: Say; poolSize?: number }

const programRole = 'firstline'

export async function openProgram(
  settings: Settings,
  { clock: ownClock, log, say = () => {}, poolSize = 6 }: ProgramChoices = {},
): Promise<Program> {
  mkdirSync(settings.DATA_DIR, { recursive: true, mode: 0o750 })
  const common = commonClock()
  const clock = ownClock ?? common
  const ownLog =
    log ??
    jsonLog(
      (line) => process.stderr.write(line),
      () => clock.now().toString(),
    )
  const database = await openDatabase(settings, say, {
    warn: (line) => ownLog.warn('database', { message: line }),
    onRestarted: (died) => void noteRestart(died),
  })
  let opened: Kernel | undefined
  const noteRestart = (died: Date) =>
    opened?.asSystem((context) => noteDatabaseDied(context, died)).catch((cause) => ownLog.error('database restart not noted', cause))
  try {
    const began = performance.now()
    const applied = await migrate(database.ownerUrl, database.role)
    if (applied.length > 0) say(`Database brought up to date: ${applied.length} steps (${Math.round(performance.now() - began)} ms).`)
    const pool = poolOf(
      database.appUrl,
      poolSize,
      (cause) => ownLog.warn('database connection lost', { cause: cause.message }),
      database.stepDown,
    )
    const kernel = kernelOver(pooledTransactor(pool), settings, clock, ownLog)
    opened = kernel
    const following = await followDatabase(common, kernel.transactor)
    return {
      kernel,
      ownerUrl: database.ownerUrl,
      appUrl: database.appUrl,
      appOptions: database.stepDown ? `-c role=${database.stepDown}` : undefined,
      startedDatabase: database.started,
      async stop() {
        following.stop()
        await kernel.transactor.close()
        await database.stop()
      },
    }
  } catch (cause) {
    await database.stop()
    throw cause
  }
}

/** The same kernel over any transactor: tests pass one that rolls back. */
export function kernelOver(transactor: Transactor, settings: Settings, clock: Clock, log: Log): Kernel {
  const base = {
    settings,
    clock,
    log,
    transactor,
    files: filesBelow(settings.DATA_DIR),
    secrets: secretsWith(keysOf(settings)),
    outside: mergeOutside(settings),
    reactions: reactionTable(allReactions),
    actors: actorMemory(() => clock.now().epochMilliseconds),
    allRights: new Set(rights),
  }
  const kernel: Kernel = Object.assign(base, { asSystem: asSystem(base as unknown as Kernel) })
  return kernel
}

type Database = { ownerUrl: string; appUrl: string; role: string; stepDown: string | undefined; started: boolean; stop(): Promise<void> }

type Watching = Pick<StartOptions, 'warn' | 'onRestarted'>

async function openDatabase(settings: Settings, say: Say, watching: Watching): Promise<Database> {
  if (settings.DATABASE_URL !== undefined) {
    // With one address only, the program steps down to a role of its own on each connection.
    const ownerUrl = settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL
    const alone = settings.DATABASE_OWNER_URL === undefined
    const role = alone
      ? 'firstline_app'
      : decodeURIComponent(new URL(withServer(settings.DATABASE_URL, serversIn(settings.DATABASE_URL)[0]!)).username)
    return { ownerUrl, appUrl: settings.DATABASE_URL, role, stepDown: alone ? role : undefined, started: false, stop: async () => {} }
  }
  const running = await joinEmbeddedPostgres(settings.DATA_DIR)
  const cluster = running ?? (await startEmbeddedPostgres({ dataDir: settings.DATA_DIR, say, ...watching }))
  return {
    ownerUrl: cluster.ownerUrl,
    appUrl: cluster.appUrl,
    role: programRole,
    stepDown: undefined,
    started: !running,
    stop: () => cluster.stop(),
  }
}
