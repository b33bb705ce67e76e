import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Where a program under test and its data lie. The data is made once for each state of the migrations, by the very
 * version that is measured, and every run works on a copy: one run's writes are not the next one's data.
 */
const own = dirname(import.meta.dirname)
type Say = (line: string) => void
type Modules = {
  postgres: typeof import('../server/kernel/embedded-postgres.ts')
  migrate: typeof import('../server/kernel/migrate.ts')
  data: typeof import('./data.ts')
}

/** A folder as it is, or a commit of this repository unpacked below bench/data. */
export function folderOf(name: string): string {
  if (existsSync(join(name, 'server/main.ts'))) return resolve(name)
  const commit = execFileSync('git', ['rev-parse', '--short', name], { cwd: own }).toString().trim()
  const folder = join(own, 'bench/data/commits', commit)
  if (existsSync(folder)) return folder
  mkdirSync(`${folder}.new`, { recursive: true })
  const packed = execFileSync('git', ['archive', commit], { cwd: own, maxBuffer: 1024 ** 3 })
  execFileSync('tar', ['-x', '-C', `${folder}.new`], { input: packed })
  symlinkSync(join(own, 'node_modules'), join(`${folder}.new`, 'node_modules'))
  renameSync(`${folder}.new`, folder)
  return folder
}

const modulesOf = async (folder: string): Promise<Modules> => {
  const from = (path: string) => import(pathToFileURL(join(folder, path)).href)
  const [postgres, migrate, data] = await Promise.all(
    ['server/kernel/embedded-postgres.ts', 'server/kernel/migrate.ts', 'bench/data.ts'].map(from),
  )
  return { postgres, migrate, data }
}

/** A data folder of this run alone, below bench/data of this checkout. */
export async function freshData(folder: string, name: string, say: Say): Promise<string> {
  const modules = await modulesOf(folder)
  const print = createHash('sha256')
  for (const { checksum } of modules.migrate.migrations()) print.update(checksum)
  print.update(readFileSync(join(folder, 'bench/data.ts')))
  const filled = join(own, 'bench/data/filled', print.digest('hex').slice(0, 12))
  if (!existsSync(filled)) await fillOnce(modules, filled, say)
  const copy = join(own, 'bench/data', name)
  rmSync(copy, { recursive: true, force: true })
  // cp keeps the owner, without which PostgreSQL refuses its folder, and shares blocks where the file system can.
  if (process.platform === 'linux') execFileSync('cp', ['-a', '--reflink=auto', filled, copy])
  else cpSync(filled, copy, { recursive: true, preserveTimestamps: true })
  return copy
}

async function fillOnce({ postgres, migrate, data }: Modules, filled: string, say: Say): Promise<void> {
  const unfinished = `${filled}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const cluster = await postgres.startEmbeddedPostgres({ dataDir: unfinished, say })
  try {
    await migrate.migrate(cluster.ownerUrl, 'firstline')
    say('Making the data ...')
    await data.fill(cluster.ownerUrl, data.full, say)
  } finally {
    await cluster.stop()
  }
  // Counts statements, buffers and log bytes; the options that the program gives PostgreSQL leave this one alone.
  writeFileSync(join(unfinished, 'postgres/postgresql.auto.conf'), "shared_preload_libraries = 'pg_stat_statements'\n")
  renameSync(unfinished, filled)
}
