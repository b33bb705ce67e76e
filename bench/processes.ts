import { readdirSync, readFileSync } from 'node:fs'

/** What the server and every PostgreSQL process on this data folder take (Linux). */
export type Processes = { server: number[]; database: number[] }

export function processesOf(pid: number, dataDir: string): Processes {
  const postmaster = Number(readFileSync(`${dataDir}/postgres/postmaster.pid`, 'utf8').split('\n')[0])
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    const parent = Number(/\nPPid:\s+(\d+)/.exec(read(`/proc/${name}/status`))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const all = (root: number): number[] => [root, ...(children.get(root) ?? []).flatMap(all)]
  const database = all(postmaster)
  return { server: all(pid).filter((p) => !database.includes(p)), database }
}

/** Proportional set size in megabytes. */
export const memoryOf = (pids: number[]): number =>
  Math.round(pids.reduce((sum, p) => sum + Number(/\nPss:\s+(\d+)/.exec(read(`/proc/${p}/smaps_rollup`))?.[1] ?? 0), 0) / 1024)

/** Processor milliseconds used so far: unlike wall time it says the same on a busy machine. */
export const processorOf = (pids: number[]): number =>
  pids.reduce((sum, p) => {
    const fields = read(`/proc/${p}/stat`).split(') ')[1]?.split(' ') ?? []
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10
  }, 0)

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
