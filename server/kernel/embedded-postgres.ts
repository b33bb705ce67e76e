/**
 * The PostgreSQL that comes with the package, for everyone who sets no DATABASE_URL. It lives in `<DATA_DIR>/postgres`.
 *
 * Start: own the cluster, wait for a server that outlived a killed program, make the cluster if there is none, run
 * `postgres` in a session of its own (Ctrl-C reaches only the program, which stops PostgreSQL last), wait until it says
 * it is ready. It listens on a Unix socket in a private folder, never on the network; on Windows, on loopback.
 */
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseAddress, clearAddress, leaveAddress } from './embedded-postgres-address.ts'
import { findPostgresBinaries } from './embedded-postgres-binaries.ts'
import {
  type Address,
  appRole,
  connectionUrl,
  ensureDatabase,
  initCluster,
  ownerRole,
  type Passwords,
  readPasswords,
  serverSettings,
} from './embedded-postgres-cluster.ts'
import { livingPostmaster, ownCluster, stopOrphan } from './embedded-postgres-lock.ts'
import { runServer, stopServer } from './embedded-postgres-server.ts'
import { keepRunning, usualPauses } from './embedded-postgres-supervision.ts'
import { choosePostgresUser } from './embedded-postgres-user.ts'

export type EmbeddedPostgres = {
  /** Superuser: migrations and backups. */
  ownerUrl: string
  /** The program's own role, bound by row-level security. */
  appUrl: string
  joined: boolean
  /** Stops PostgreSQL cleanly; for a joined cluster it does nothing. */
  stop(): Promise<void>
}

export type StartOptions = {
  dataDir: string
  /** Off only in tests: a power cut then costs the cluster. */
  fsync?: boolean
  settings?: Record<string, string>
  say?: (line: string) => void
  /** What an operator must hear of: PostgreSQL died, or cannot be kept running. */
  warn?: (line: string) => void
  onRestarted?: (died: Date) => void
  restartPauses?: readonly number[]
}

/** Starts PostgreSQL on `<dataDir>/postgres`, making it first where there is none. Call it from the main thread. */
export async function startEmbeddedPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, settings = {}, say = () => {}, warn = say, onRestarted = () => {}, restartPauses = usualPauses } = options
  const dataDir = openDataDir(options.dataDir)
  const clusterDir = join(dataDir, 'postgres')
  const began = performance.now()
  const letGo = ownCluster(dataDir)
  const logFile = join(dataDir, 'postgres.log')
  let server: ChildProcess | undefined
  try {
    await stopOrphan(clusterDir, say)
    const { initdb, postgres } = findPostgresBinaries()
    const isNew = !existsSync(join(clusterDir, 'PG_VERSION'))
    const passwords = readPasswords(dataDir, !isNew)
    const user = choosePostgresUser({ dataDir, clusterDir, postgres })
    if (isNew) initCluster({ initdb, dataDir, clusterDir, user, password: passwords.owner, fsync })
    const at = await chooseAddress(dataDir, user)
    const command = [...user.prefix, postgres, '-D', clusterDir]
    const run = () => runServer({ command, settings: serverSettings(at, fsync, settings), clusterDir, logFile, say })
    const runAgain = async () => {
      await stopOrphan(clusterDir, say)
      clearAddress(at)
      return run()
    }
    server = await run()
    await ensureDatabase(passwords, at)
    const stopServing = keepRunning({ first: server, start: runAgain, pauses: restartPauses, warn, onRestarted })
    const stop = once(async () => {
      await stopServing()
      leaveAddress(at, dataDir)
      letGo()
    })
    const took = Math.round(performance.now() - began)
    say(`PostgreSQL is ready in ${clusterDir} (${isNew ? 'made and started' : 'started'} in ${took} ms).`)
    return { ...urls(passwords, at), joined: false, stop }
  } catch (error) {
    if (server) await stopServer(server)
    letGo()
    throw error
  }
}

function openDataDir(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK | constants.X_OK)
    return realpathSync(path)
  } catch (error) {
    const advice = 'Set DATA_DIR to a folder that this user owns, or set DATABASE_URL to a PostgreSQL 17 or newer.'
    throw new Error(`Firstline may not write in ${path}. ${advice}`, { cause: error })
  }
}

/** The running cluster of this DATA_DIR, for a command beside the program; undefined when none runs. */
export async function joinEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres | undefined> {
  if (!existsSync(join(dataDir, 'postgres', 'PG_VERSION'))) return undefined
  const real = realpathSync(dataDir)
  const clusterDir = join(real, 'postgres')
  let server = livingPostmaster(clusterDir)
  while (server && !server.ready) {
    await sleep(50)
    server = livingPostmaster(clusterDir)
  }
  return server && { ...urls(readPasswords(real, true), server), joined: true, stop: async () => {} }
}

function urls(passwords: Passwords, at: Address): { ownerUrl: string; appUrl: string } {
  return { ownerUrl: connectionUrl(ownerRole, passwords.owner, at), appUrl: connectionUrl(appRole, passwords.app, at) }
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= act())
}
