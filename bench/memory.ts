import { readdirSync, readFileSync } from 'node:fs'

/** Proportional set size of the server and of every PostgreSQL process on this data folder, in megabytes (Linux). */
export function proportionalMemory(pid: number, dataDir: string): number {
  const postmaster = Number(readFileSync(`${dataDir}/postgres/postmaster.pid`, 'utf8').split('\n')[0])
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const parent = Number(/\nPPid:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    } catch {}
  }
  const all = (root: number): number[] => [root, ...(children.get(root) ?? []).flatMap(all)]
  const kilobytes = [...new Set([...all(pid), ...all(postmaster)])].map((p) => {
    try {
      return Number(/\nPss:\s+(\d+)/.exec(readFileSync(`/proc/${p}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  })
  return Math.round(kilobytes.reduce((a, b) => a + b, 0) / 1024)
}
