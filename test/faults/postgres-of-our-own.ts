import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/kernel/embedded-postgres.ts'
import { livingPostmaster } from '../../server/kernel/embedded-postgres-lock.ts'
import { until } from './program.ts'

/** A PostgreSQL that the program is only given the address of, so that the test may stop and start it. */
export type OwnPostgres = {
  settings: { DATABASE_URL: string; DATABASE_OWNER_URL: string }
  socketDir: string
  stop(how: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
  clean(): Promise<void>
}

export async function ownPostgres(more: { dataDir?: string; settings?: Record<string, string> } = {}): Promise<OwnPostgres> {
  const dataDir = more.dataDir ?? mkdtempSync(join(tmpdir(), 'fl-pg-'))
  const start = () => startEmbeddedPostgres({ dataDir, fsync: false, ...(more.settings ? { settings: more.settings } : {}) })
  let cluster: EmbeddedPostgres | undefined = await start()
  const settings = { DATABASE_URL: cluster.appUrl, DATABASE_OWNER_URL: cluster.ownerUrl }
  const stop = async (how: 'fast' | 'immediate') => {
    const living = livingPostmaster(join(dataDir, 'postgres'))
    // SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, the next start recovers from the log.
    if (how === 'immediate' && living) {
      process.kill(living.pid, 'SIGQUIT')
      await until('PostgreSQL is gone', () => livingPostmaster(join(dataDir, 'postgres')) === undefined)
    }
    await cluster?.stop()
    cluster = undefined
  }
  return {
    settings,
    socketDir: new URL(settings.DATABASE_URL).searchParams.get('host') ?? '',
    stop,
    start: async () => {
      cluster = await start()
    },
    clean: async () => {
      await stop('fast')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
