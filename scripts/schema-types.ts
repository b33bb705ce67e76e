// Writes server/kernel/schema.ts from the migrated schema. `--check` only says whether it is true.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/kernel/embedded-postgres.ts'
import { migrate } from '../server/kernel/migrate.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'fl-schema-'))
const cluster = await startEmbeddedPostgres({ dataDir, fsync: false })
try {
  await migrate(cluster.ownerUrl, 'firstline')
  const choices = ['--url', cluster.ownerUrl, '--dialect', 'postgres', '--out-file', 'server/kernel/schema.ts', '--log-level', 'error']
  const types = [
    '--type-mapping',
    '{"timestamptz":"Temporal.Instant","int8":"string","citext":"string"}',
    '--custom-imports',
    '{"Temporal":"temporal-polyfill"}',
  ]
  const check = process.argv.includes('--check') ? ['--verify'] : []
  execFileSync('node_modules/.bin/kysely-codegen', [...choices, ...types, '--exclude-pattern', 'graphile_worker.*', ...check], {
    stdio: 'inherit',
  })
} finally {
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
