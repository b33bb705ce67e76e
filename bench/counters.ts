import { processesOf, processorOf } from './processes.ts'
import type { Program } from './programs.ts'

/**
 * What a request costs in things that a busy machine cannot fake: processor time of each side, statements, buffers
 * and log bytes (pg_stat_statements). Of what a request sets off later, as much as ran before the second look.
 */
export type Cost = { server: number; database: number; client: number; statements: number; buffers: number; logBytes: number }

type Counts = { statements: number; buffers: number; logBytes: number }
const asked = `select /* bench */ coalesce(sum(calls), 0)::float8 as statements, coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 as buffers,
  coalesce(sum(wal_bytes), 0)::float8 as "logBytes" from pg_stat_statements where query not like '%/* bench */%'`

export async function spentSoFar(program: Program): Promise<Cost> {
  const found = await program.db.query<Counts>(asked)
  const { server, database } = processesOf(program.pid, program.dataDir)
  const own = process.cpuUsage()
  return { server: processorOf(server), database: processorOf(database), client: (own.user + own.system) / 1000, ...found.rows[0]! }
}

export function costOfEach(before: Cost, after: Cost, requests: number): Cost {
  const names = Object.keys(before) as (keyof Cost)[]
  return Object.fromEntries(names.map((name) => [name, rounded((after[name] - before[name]) / Math.max(1, requests))])) as Cost
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

export const costInWords = (c: Cost): string =>
  `cpu ms: server ${c.server}, PostgreSQL ${c.database}, client ${c.client}; ${c.statements.toFixed(1)} statements, ${Math.round(c.buffers)} buffers, ${Math.round(c.logBytes)} log bytes`
