/**
 * An online backup of the embedded database and of the files, in one folder.
 *
 * PostgreSQL is told that a backup begins, its files are copied while it writes on, and it is told that it ends; the log
 * between the two makes the copy whole again when it is started. A replication slot of this session keeps that log from
 * being recycled meanwhile. Files come last: whatever the copied rows name was on disk before they were committed.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 *
 * The folder has another name until its last byte is on disk. Keys (DATA_DIR/secrets) are left out unless asked for:
 * whoever gets a backup without them cannot read the mailboxes' passwords in it.
 */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import {
  copyFile,
  filesBelow,
  type Listed,
  linkOrCopy,
  type Manifest,
  manifestName,
  syncOne,
  syncTree,
  writeListed,
} from './backup-files.ts'

export type BackupChoices = {
  dataDir: string
  /** The folder below which the backup gets a folder of its own. */
  into: string
  /** A superuser's address of the embedded database; undefined: the database is not ours, files only. */
  ownerUrl: string | undefined
  at: string
  version: string
  withKeys?: boolean
}
export type Made = { folder: string; megabytes: number; files: number }

/** Not copied: what PostgreSQL makes anew, or what would be wrong elsewhere. */
const leftOut =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/|^(postmaster\.(pid|opts)|current_logfiles|backup_label.*|tablespace_map.*)$|(^|\/)(pgsql_tmp[^/]*|pg_internal\.init.*)$/

export async function makeBackup(choices: BackupChoices): Promise<Made> {
  const name = `firstline-${choices.at.replace(/[-:]/g, '').replace(/\.\d+/, '')}`
  const folder = join(choices.into, name)
  const unfinished = `${folder}.unfinished`
  await mkdir(choices.into, { recursive: true, mode: 0o700 })
  for (const old of (await readdir(choices.into)).filter((one) => /^firstline-.*\.unfinished$/.test(one)))
    await rm(join(choices.into, old), { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  try {
    const database =
      choices.ownerUrl === undefined
        ? { files: [], postgres: '' }
        : await copyCluster(choices.ownerUrl, join(choices.dataDir, 'postgres'), unfinished)
    const files = [
      ...database.files,
      ...(await copyFiles(choices.dataDir, unfinished)),
      ...(choices.withKeys ? await copyKeys(choices.dataDir, unfinished) : []),
    ]
    const manifest: Manifest = {
      format: 'firstline-backup-1',
      version: choices.version,
      at: choices.at,
      database: choices.ownerUrl === undefined ? 'not-ours' : 'embedded',
      postgres: database.postgres,
      keys: choices.withKeys === true,
      files,
    }
    await writeListed(unfinished, manifestName, JSON.stringify(manifest, null, 1))
    await syncTree(unfinished)
    await rename(unfinished, folder)
    await syncOne(choices.into)
    return { folder, megabytes: Math.ceil(files.reduce((sum, file) => sum + file.size, 0) / 1_048_576), files: files.length }
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true })
    throw cause
  }
}

async function copyCluster(ownerUrl: string, cluster: string, to: string): Promise<{ files: Listed[]; postgres: string }> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'firstline backup', keepAlive: true })
  await client.connect()
  try {
    const one = async <R extends object>(text: string, values: unknown[] = []) => (await client.query<R>(text, values)).rows[0]!
    await client.query(`select pg_create_physical_replication_slot('firstline_backup_' || pg_backend_pid(), true, true)`)
    const began = await one<{
      segment: string
      postgres: string
    }>(`with begun as materialized (select pg_backup_start('firstline', true) as lsn)
      select pg_walfile_name(lsn) as segment, current_setting('server_version') as postgres from begun`)
    const files = await copyTree(cluster, to)
    const ended = await one<{ segment: string; labelfile: string; spcmapfile: string }>(
      `select pg_walfile_name(s.lsn) as segment, s.labelfile, s.spcmapfile from pg_backup_stop(false) s`,
    )
    files.push(await writeListed(to, 'postgres/backup_label', ended.labelfile))
    if (ended.spcmapfile !== '') throw new Error('The database has tablespaces of its own: back it up with pg_basebackup.')
    files.push(...(await copyLog(cluster, to, began.segment, ended.segment)))
    return { files, postgres: began.postgres }
  } finally {
    await client.end()
  }
}

async function copyTree(cluster: string, to: string): Promise<Listed[]> {
  const { files, folders } = await filesBelow(cluster, (path) => leftOut.test(path))
  for (const folder of folders) await mkdir(join(to, 'postgres', folder), { recursive: true, mode: 0o700 })
  const copied: Listed[] = []
  for (const path of files) {
    const file = await copyFile(join(cluster, path), to, `postgres/${path}`)
    if (file) copied.push(file)
  }
  return copied
}

/** The log from the first to the last segment of the backup. Names sort as the log runs (timeline, then position). */
async function copyLog(cluster: string, to: string, first: string, last: string): Promise<Listed[]> {
  await mkdir(join(to, 'postgres', 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 })
  const names = (await readdir(join(cluster, 'pg_wal'))).filter(
    (name) => (/^[0-9A-F]{24}$/.test(name) && name >= first && name <= last) || /^[0-9A-F]{8}\.history$/.test(name),
  )
  if (!names.includes(first) || !names.includes(last)) throw new Error('A part of the log that the backup needs is gone. Try again.')
  const copied = await Promise.all(names.map((name) => copyFile(join(cluster, 'pg_wal', name), to, `postgres/pg_wal/${name}`)))
  return copied.filter((file) => file !== undefined)
}

async function copyFiles(dataDir: string, to: string): Promise<Listed[]> {
  const { files } = await filesBelow(join(dataDir, 'files'), (path) => path === 'new' || path.startsWith('new/'))
  const copied: Listed[] = []
  for (const path of files) {
    const file = await linkOrCopy(join(dataDir, 'files', path), to, `files/${path}`)
    if (file) copied.push(file)
  }
  return copied
}

async function copyKeys(dataDir: string, to: string): Promise<Listed[]> {
  const { files } = await filesBelow(join(dataDir, 'secrets'))
  const copied: Listed[] = []
  for (const path of files) copied.push(await writeListed(to, `secrets/${path}`, await readFile(join(dataDir, 'secrets', path), 'utf8')))
  return copied
}

/** The newest `keep` stay; what is not finished or not ours is never touched. */
export async function keepNewest(into: string, keep: number): Promise<void> {
  const names = (await readdir(into)).filter((name) => /^firstline-\d{8}T\d{6}Z$/.test(name)).sort()
  for (const name of names.slice(0, -keep)) await rm(join(into, name), { recursive: true, force: true })
}
