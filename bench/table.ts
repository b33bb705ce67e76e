import { readFileSync, writeFileSync } from 'node:fs'
import type { StepRow } from './mail-steps.ts'
import type { Row } from './measure.ts'
import type { PageRow } from './pages.ts'
import type { Memory } from './sample.ts'

/** Puts the newest full run into docs/benchmarks.md, between its marks. */
export type Result = {
  at: string
  commit: string
  command: string
  machine: { cpu: string | undefined; cores: number; node: string; loadBefore: number }
  memory: { most: Memory; idle: Memory | null }
  pages: PageRow[]
  steps: StepRow[]
  rows: Row[]
}

const line = (...cells: (string | number | undefined)[]): string => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`

const requests = (rows: Row[]): string[] => [
  line(
    'what',
    'least requests/s',
    'requests/s, 16 connections',
    'p95 ms',
    'most p95 ms, one connection',
    'p95 ms, one connection',
    'wrong answers',
  ),
  '|---|---:|---:|---:|---:|---:|---:|',
  ...rows.map((r) => line(r.name, r.floor, r.many.perSecond, r.many.p95, r.ceiling, r.one.p95, r.many.wrong + r.one.wrong)),
]

const costs = (rows: Row[]): string[] => [
  line('of one request, with what it sets off', 'program, CPU ms', 'PostgreSQL, CPU ms', 'statements', 'buffers', 'log bytes'),
  '|---|---:|---:|---:|---:|---:|',
  ...rows.map(({ name, cost, settled }) =>
    line(
      `${name}${settled ? '' : ' (work was left over)'}`,
      cost.server,
      cost.database,
      cost.statements,
      Math.round(cost.buffers),
      Math.round(cost.logBytes),
    ),
  ),
]

const pages = (rows: PageRow[]): string[] => [
  line('whole page, headless Chromium, median (worst) of seven', 'most ms, cold', 'cold, ms', 'warm, ms', 'kB, cold'),
  '|---|---:|---:|---:|---:|',
  ...rows.map((r) => line(r.name, r.ceiling, `${r.cold.median} (${r.cold.worst})`, `${r.warm.median} (${r.warm.worst})`, r.kilobytes)),
]

const steps = (rows: StepRow[]): string[] => [
  line('step of reading a mail, a megabyte of what is hardest for it, median of seven', 'most CPU ms', 'CPU ms'),
  '|---|---:|---:|',
  ...rows.map((r) => line(`${r.step}: ${r.shape}`, r.ceiling, r.milliseconds)),
]

const memory = ({ most, idle }: Result['memory']): string[] => [
  `Memory of all processes (PSS) at most during the run: ${most.all} MB (program ${most.program}, PostgreSQL ${most.postgres}); bound 600 MB.`,
  ...(idle ? [`The sample company at rest: ${idle.all} MB (program ${idle.program}, PostgreSQL ${idle.postgres}).`] : []),
]

export function writeTable(result: Result, source: string): void {
  const path = 'docs/benchmarks.md'
  const { machine } = result
  const table = [
    `Run of ${result.at.slice(0, 10)}, commit ${result.commit}, \`${result.command}\`, ${machine.cores} cores (${machine.cpu}), Node ${machine.node}, load before it ${machine.loadBefore}; raw figures: [${source}](../${source}).`,
    ...[requests(result.rows), costs(result.rows), pages(result.pages), steps(result.steps), memory(result.memory)].map((part) =>
      part.join('\n'),
    ),
  ].join('\n\n')
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(/<!-- figures -->[\s\S]*<!-- \/figures -->/, () => `<!-- figures -->\n${table}\n<!-- /figures -->`),
  )
}
