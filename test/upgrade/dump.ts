import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import { makeSampleCompany } from '../../server/features/demo/actions-company.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { pooledTransactor, poolOf } from '../../server/kernel/db.ts'
import { startEmbeddedPostgres } from '../../server/kernel/embedded-postgres.ts'
import { quietLog } from '../../server/kernel/log.ts'
import { migrate, migrations } from '../../server/kernel/migrate.ts'
import { readSettings } from '../../server/kernel/settings.ts'
import { kernelOver } from '../../server/program.ts'

/**
 * Writes <name>.sql.gz: the rows of a small sample company as this version keeps them, for upgrade.test.ts of all later
 * versions, and the checksums that its migrations keep for ever. Run once for each release: node test/upgrade/dump.ts 2
 */
const name = process.argv[2]
if (!name) throw new Error('Say the name of the release: node test/upgrade/dump.ts 2')
const dataDir = mkdtempSync(join(tmpdir(), 'fl-dump-'))
const cluster = await startEmbeddedPostgres({ dataDir, fsync: false })
try {
  await migrate(cluster.ownerUrl, 'firstline')
  await fill(cluster.ownerUrl)
  const text = await dataOf(cluster.ownerUrl)
  const file = new URL(`${name}.sql.gz`, import.meta.url)
  writeFileSync(file, gzipSync(text, { level: 9 }))
} finally {
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function fill(ownerUrl: string): Promise<void> {
  const settings = readSettings({ DATA_DIR: dataDir, ENCRYPTION_KEY: 'ab'.repeat(32) })
  const transactor = pooledTransactor(poolOf(ownerUrl, 2, () => {}, 'firstline'))
  await makeSampleCompany(kernelOver(transactor, settings, systemClock, quietLog), () => {}, { tickets: 60 })
  await transactor.close()
}

type Column = { table: string; columns: string }

/** Only rows: what the tables look like is the migrations' business. Triggers and foreign keys wait until all is there. */
async function dataOf(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl, options: '-c TimeZone=UTC' })
  await client.connect()
  const tables =
    await client.query<Column>(`select c.relname as table, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migration' group by c.relname order by c.relname`)
  const lines = [
    ...migrations().map((m) => `-- ${m.name} ${m.checksum}`),
    'begin;',
    'set session_replication_role = replica;',
    `truncate ${tables.rows.map((t) => `"${t.table}"`).join(', ')} cascade;`,
  ]
  for (const { table, columns } of tables.rows) {
    const quoted = columns.split(', ').map((column) => `quote_nullable(${column}::text)`)
    const rows = await client.query<{ values: string }>(`select concat_ws(', ', ${quoted.join(', ')}) as values from "${table}" order by 1`)
    for (const row of rows.rows) lines.push(`insert into "${table}" (${columns}) overriding system value values (${row.values});`)
  }
  const sequences = await client.query<{
    line: string
  }>(`select format('select setval(%L, %s, true);', schemaname || '.' || sequencename, last_value) as line
    from pg_sequences where schemaname = 'public' and last_value is not null order by 1`)
  await client.end()
  return [...lines, ...sequences.rows.map((s) => s.line), 'set session_replication_role = origin;', 'commit;', ''].join('\n')
}
