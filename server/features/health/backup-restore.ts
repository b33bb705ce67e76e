/**
 * Puts a backup in the place of the present data. Nothing is replaced before every byte of the backup was checked, and
 * the old database is set aside, not deleted. Then PostgreSQL is run once by itself (single-user mode): it repairs the
 * copy from its log, gets the passwords that this DATA_DIR keeps, and learns that it was restored, so that no mail goes
 * out a second time until somebody says so.
 */
import { spawnSync } from 'node:child_process'
import { chown, copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findPostgresBinaries } from '../../kernel/embedded-postgres-binaries.ts'
import { appRole, ownerRole, plainEnvironment, readPasswords } from '../../kernel/embedded-postgres-cluster.ts'
import { livingPostmaster, ownCluster } from '../../kernel/embedded-postgres-lock.ts'
import { choosePostgresUser, type PostgresUser } from '../../kernel/embedded-postgres-user.ts'
import { filesBelow, type Manifest, whatIsWrong } from './backup-files.ts'

export class RestoreRefused extends Error {}
export type Restored = { manifest: Manifest; aside: string | null }

export async function restoreBackup(folder: string, dataDir: string, now: string): Promise<Restored> {
  const { manifest, wrong } = await whatIsWrong(folder)
  if (!manifest || wrong.length > 0)
    throw new RestoreRefused(`This backup is not restored:\n${wrong.map((line) => `  ${line}`).join('\n')}`)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const letGo = ownCluster(dataDir)
  try {
    if (livingPostmaster(join(dataDir, 'postgres'))) throw new RestoreRefused('The database still runs. Stop Firstline first.')
    if (manifest.keys) await putBack(join(folder, 'secrets'), join(dataDir, 'secrets'))
    await putBack(join(folder, 'files'), join(dataDir, 'files'))
    const aside = manifest.database === 'embedded' ? await replaceCluster(folder, dataDir, now) : null
    return { manifest, aside }
  } finally {
    letGo()
  }
}

async function replaceCluster(folder: string, dataDir: string, now: string): Promise<string | null> {
  const [cluster, fresh] = [join(dataDir, 'postgres'), join(dataDir, 'postgres.restored')]
  await rm(fresh, { recursive: true, force: true })
  await copyTree(join(folder, 'postgres'), fresh)
  const old = await stat(cluster).catch(() => undefined)
  if (old && old.uid !== (process.getuid?.() ?? old.uid)) await giveTo(fresh, old.uid, old.gid)
  const user = choosePostgresUser({ dataDir, clusterDir: fresh, postgres: findPostgresBinaries().postgres })
  alone(user, fresh, 'postgres', passwordCommands(dataDir))
  alone(
    user,
    fresh,
    'firstline',
    `insert into setting (name, value, changed_at) values ('restored', jsonb_build_object('at', '${now}'), '${now}') on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at;\n`,
  )
  const aside = old ? join(dataDir, `postgres.before-${now.replace(/[-:]/g, '').replace(/\.\d+/, '')}`) : null
  if (aside !== null) await rename(cluster, aside)
  await rename(fresh, cluster)
  return aside
}

const passwordCommands = (dataDir: string): string => {
  const { owner, app } = readPasswords(dataDir, false)
  return `alter role ${ownerRole} password '${owner}';\nalter role ${appRole} password '${app}';\n`
}

/** PostgreSQL puts a copy on the disk before it repairs it; on Linux in one call rather than file by file. */
const syncAtOnce = process.platform === 'linux' ? ['-c', 'recovery_init_sync_method=syncfs'] : []

/** Each line is one command. It must not be `postgres` as root, hence the user's prefix. */
function alone(user: PostgresUser, cluster: string, database: string, commands: string): void {
  const { postgres } = findPostgresBinaries()
  const [command = postgres, ...rest] = [
    ...user.prefix,
    postgres,
    '--single',
    '-D',
    cluster,
    '-c',
    'exit_on_error=true',
    ...syncAtOnce,
    database,
  ]
  const done = spawnSync(command, rest, { input: commands, encoding: 'utf8', env: plainEnvironment })
  if (done.status !== 0)
    throw new RestoreRefused(
      `The restored database does not start; the present one is untouched. PostgreSQL says: ${(done.stderr || done.error?.message || '').trim().split('\n').slice(-3).join(' ')}`,
    )
}

async function copyTree(from: string, to: string): Promise<void> {
  const { files, folders } = await filesBelow(from)
  await mkdir(to, { recursive: true, mode: 0o700 })
  // Folders that are empty in a backup may have been lost on its way here (object stores keep none).
  const needed = [
    'pg_notify',
    'pg_replslot',
    'pg_dynshmem',
    'pg_serial',
    'pg_snapshots',
    'pg_stat',
    'pg_stat_tmp',
    'pg_subtrans',
    'pg_tblspc',
    'pg_twophase',
    'pg_commit_ts',
    'pg_wal/archive_status',
    'pg_logical/snapshots',
    'pg_logical/mappings',
  ]
  for (const folder of [...folders, ...needed]) await mkdir(join(to, folder), { recursive: true, mode: 0o700 })
  for (const path of files) await copyFile(join(from, path), join(to, path))
}

/** What is there already stays: files are named by their bytes, and keys of this DATA_DIR are not overwritten. */
async function putBack(from: string, to: string): Promise<void> {
  for (const path of (await filesBelow(from)).files) {
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 })
    const missing = (await stat(join(to, path)).catch(() => undefined)) === undefined
    if (missing) await link(join(from, path), join(to, path)).catch(() => copyFile(join(from, path), join(to, path)))
  }
}

async function giveTo(folder: string, uid: number, gid: number): Promise<void> {
  const { files, folders } = await filesBelow(folder)
  for (const path of ['', ...folders, ...files]) await chown(join(folder, path), uid, gid)
}
