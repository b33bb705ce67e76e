import { readFileSync, writeFileSync } from 'node:fs'
import type { Figures } from './measure.ts'

/** `cpu`: processor milliseconds a request takes in the server, in PostgreSQL and in the load generator. */
export type Row = {
  name: string
  floor?: number
  ceiling?: number
  many: Figures
  one: Figures
  cpu: { server: number; database: number; client: number }
}

/** Puts the newest full run into docs/benchmarks.md, between its marks. */
type Result = {
  at: string
  commit: string
  command: string
  machine: { cpu: string | undefined; cores: number; node: string }
  memoryMb: number
  rows: Row[]
}

export function writeTable(result: Result, source: string): void {
  const path = 'docs/benchmarks.md'
  const lines = result.rows.map(
    (r) =>
      `| ${r.name} | ${r.floor ?? ''} | ${r.many.perSecond} | ${r.many.p95} | ${r.ceiling ?? ''} | ${r.one.p95} | ${r.many.wrong + r.one.wrong} |`,
  )
  const table = [
    `Run of ${result.at.slice(0, 10)}, commit ${result.commit}, \`${result.command}\`, ${result.machine.cores} cores (${result.machine.cpu}), Node ${result.machine.node}; raw figures: [${source}](../${source}).`,
    '',
    '| what | least requests/s | requests/s, 16 connections | p95 ms | most p95 ms, one connection | p95 ms, one connection | wrong answers |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    `Memory of all processes with PostgreSQL after the run: ${result.memoryMb} MB (PSS), at most 600.`,
  ].join('\n')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/<!-- figures -->[\s\S]*<!-- \/figures -->/, `<!-- figures -->\n${table}\n<!-- /figures -->`))
}
