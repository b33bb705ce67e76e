import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/kernel/embedded-postgres.ts'
import { migrate } from '../server/kernel/migrate.ts'

/** One cluster for the whole run, fsync off; its database `firstline`, migrated, is the template of every clone. */
export default async function setup(project: { provide(key: 'ownerUrl', value: string): void }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'fl-test-'))
  const cluster = await startEmbeddedPostgres({ dataDir, fsync: false, settings: { max_connections: '100', synchronous_commit: 'off' } })
  await migrate(cluster.ownerUrl, 'firstline')
  project.provide('ownerUrl', cluster.ownerUrl)
  return async () => {
    await cluster.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    ownerUrl: string
  }
}
