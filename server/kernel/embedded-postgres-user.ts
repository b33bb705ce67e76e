/**
 * PostgreSQL refuses to run as root, and many small servers run everything as root. This file finds the command prefix
 * under which it may run, and proves it by running `postgres --version` under it.
 *
 * - Not root: as ourselves.
 * - Root, first choice: a user namespace in which our files belong to uid 65534. Outside it the files stay root's, so it
 *   works below /root and in private temporary folders, and creates no user.
 * - Root, second choice (containers often forbid namespaces): a system user of our own.
 *
 * Whoever owns an existing cluster decides between the two: a cluster made by one is unreadable to the other.
 * All of them run under `setpriv --pdeathsig INT`: when the program is killed, the kernel asks PostgreSQL for a fast,
 * clean shutdown. (The signal follows the death of the thread that started it: start it from the main thread.)
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, statSync } from 'node:fs'

export type PostgresUser = {
  /** Goes before the program's own path: `[...prefix, postgres, ...]`. */
  prefix: string[]
  /** Gives a file or folder that root made to whoever PostgreSQL runs as. */
  own(path: string): void
}

const systemUser = 'firstline'
/** useradd lies where a path of an ordinary user, as in a small chroot or a service, does not reach. */
const administrators = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
const dieWithUs = ['setpriv', '--pdeathsig', 'INT']
const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534', ...dieWithUs]
const asOurselves = (prefix: string[]): PostgresUser => ({ prefix, own: () => {} })

type Where = { dataDir: string; clusterDir: string; postgres: string; namespaces?: boolean }

/** Who runs PostgreSQL here; throws a sentence for the operator when nobody can. */
export function choosePostgresUser(where: Where): PostgresUser {
  if (process.platform !== 'linux') return asOurselves([])
  const owner = statSync(where.clusterDir, { throwIfNoEntry: false })
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) {
    if (owner && owner.uid !== uid) throw cannotRun(where, `it belongs to user ${owner.uid} and this is user ${uid}`)
    return asOurselves(runs([...dieWithUs, where.postgres]) ? dieWithUs : [])
  }
  const namespaces = where.namespaces ?? runs([...namespace, where.postgres])
  if (owner ? owner.uid === 0 : namespaces) {
    if (!namespaces) throw cannotRun(where, 'it belongs to root, and this machine allows root no user namespace')
    return asOurselves(namespace)
  }
  return asUser(where, owner ?? createSystemUser(where))
}

function runs(command: string[]): boolean {
  return spawnSync(command[0] as string, [...command.slice(1), '--version'], { stdio: 'ignore' }).status === 0
}

function asUser(where: Where, user: { uid: number; gid: number }): PostgresUser {
  const prefix = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--pdeathsig', 'INT']
  if (!runs([...prefix, where.postgres])) throw cannotRun(where, `user ${user.uid} cannot run ${where.postgres}`)
  // The folder's own contents stay closed; the user only has to get through it to the cluster.
  chmodSync(where.dataDir, statSync(where.dataDir).mode | 0o011)
  const enters = spawnSync(prefix[0] as string, [...prefix.slice(1), 'sh', '-c', 'cd "$1"', 'sh', where.dataDir])
  if (enters.status !== 0) throw cannotRun(where, `user ${user.uid} cannot enter it: a folder above it is private`)
  return { prefix, own: (path) => chownSync(path, user.uid, user.gid) }
}

function createSystemUser(where: Where): { uid: number; gid: number } {
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir=/nonexistent', '--shell=/usr/sbin/nologin']
  const known = systemUserIds()
  if (known) return known
  const created = spawnSync('useradd', [...flags, systemUser], { encoding: 'utf8', env: administrators })
  const made = systemUserIds()
  if (!made) throw cannotRun(where, `no user namespace, and no system user: ${created.stderr || created.error?.message}`)
  return made
}

function systemUserIds(): { uid: number; gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, systemUser], { encoding: 'utf8' }).stdout)
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

function cannotRun(where: Where, why: string): Error {
  return new Error(
    `The PostgreSQL that Firstline looks after cannot run in ${where.clusterDir}: ${why.trim()}. ` +
      'Start Firstline as an ordinary user, set DATA_DIR to a folder that user owns, or set DATABASE_URL to a PostgreSQL 17 or newer.',
  )
}
