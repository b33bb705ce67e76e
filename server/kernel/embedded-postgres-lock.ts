/**
 * One program a cluster. `postgres.owner` beside the cluster names the program that started PostgreSQL; PostgreSQL's own
 * `postmaster.pid` names PostgreSQL. Together they tell three situations apart:
 *
 *   owner lives                       somebody else runs this cluster: refuse, or join it
 *   owner is gone, PostgreSQL lives   ours was killed: ask PostgreSQL to stop (SIGINT), wait, take over
 *   both are gone                     take over; PostgreSQL recovers from its log by itself
 *
 * Process ids are used again, in containers at once, so a process is known by its id and its start time.
 */
import { spawnSync } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Linux gives out ids below this one: as a process it never lives. */
const nobody = 4194304

export type Postmaster = { pid: number; port: number; socketDir: string; ready: boolean }

/** What `postmaster.pid` says, if that process is really this cluster's PostgreSQL. */
export function livingPostmaster(clusterDir: string): Postmaster | undefined {
  const lines = readIfThere(join(clusterDir, 'postmaster.pid'))?.split('\n')
  const pid = Number(lines?.[0])
  if (!lines || !pid || !isPostgresOf(pid, clusterDir)) return undefined
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}

/** Makes this process the owner, or throws when a living one already is. Returns how to let go. */
export function ownCluster(dataDir: string): () => void {
  const path = join(dataDir, 'postgres.owner')
  const mine = join(dataDir, `postgres.owner.${process.pid}`)
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}\n`, { mode: 0o600 })
  try {
    // A link is made or refused in one step, so of two programs that start together one is refused.
    while (!linked(mine, path)) {
      const owner = readIfThere(path)
      if (owner !== undefined && isAlive(owner)) throw alreadyRunning(dataDir, owner)
      if (owner !== undefined) removeDead(path, owner)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  return () => rmSync(path, { force: true })
}

/** Waits until no PostgreSQL runs on the cluster; call it as the owner only. */
export async function stopOrphan(clusterDir: string, say: (line: string) => void): Promise<void> {
  let orphan = livingPostmaster(clusterDir)
  if (orphan) say(`PostgreSQL (process ${orphan.pid}) outlived the program that started it; waiting for it to stop.`)
  while (orphan) {
    signal(orphan.pid, 'SIGINT')
    await sleep(100)
    orphan = livingPostmaster(clusterDir)
  }
  disownReusedPid(clusterDir)
}

/**
 * After a crash the id in postmaster.pid may belong to a stranger, and PostgreSQL would refuse to start. The file is
 * changed, not deleted: its other lines let PostgreSQL notice processes of the crashed server that still write.
 */
function disownReusedPid(clusterDir: string): void {
  const path = join(clusterDir, 'postmaster.pid')
  const content = readIfThere(path)
  if (content === undefined || process.platform === 'win32') return
  if (!/^\d+\n/.test(content)) rmSync(path, { force: true })
  else if (signal(Number.parseInt(content, 10), 0)) writeFileSync(path, content.replace(/^\d+/, String(nobody)))
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Two starters may both find the dead owner; the second must not remove what the first has just written. */
function removeDead(path: string, dead: string): void {
  const aside = `${path}.dead.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (readIfThere(aside) !== dead) linked(aside, path)
  rmSync(aside, { force: true })
}

function isAlive(owner: string): boolean {
  const [pid, start] = owner.trim().split(' ')
  return Number(pid) > 0 && signal(Number(pid), 0) && startOf(Number(pid)) === (start ?? '')
}

/** When a process started, in the kernel's ticks; empty where the system has no /proc. */
function startOf(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`)
  // The second field is the program's name in brackets and may hold spaces: proc_pid_stat(5), starttime is field 22.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function isPostgresOf(pid: number, clusterDir: string): boolean {
  if (!signal(pid, 0)) return false
  if (process.platform === 'win32') return printed('tasklist', ['/NH', '/FI', `PID eq ${pid}`]).includes('postgres')
  if (process.platform !== 'linux') return printed('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]).includes(clusterDir)
  const words = readIfThere(`/proc/${pid}/cmdline`)?.split('\0') ?? []
  return words.includes('-D') && words[words.indexOf('-D') + 1] === clusterDir
}

function printed(command: string, args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? ''
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function alreadyRunning(dataDir: string, owner: string): Error {
  return new Error(
    `Firstline is already running on ${dataDir} (process ${owner.split(' ')[0]}). ` +
      'Stop it first, or give this one a DATA_DIR of its own.',
  )
}
