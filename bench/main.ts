import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWebIfChanged } from '../scripts/web-build.ts'
import { measureBounds, writeBounds } from './bounds.ts'
import { full } from './data.ts'
import { folderOf } from './folders.ts'
import { measureMailSteps } from './mail-steps.ts'
import { inWords, measure, type Row, type Scenario } from './measure.ts'
import { measurePages, type PageRow } from './pages.ts'
import { pair } from './pair.ts'
import { startProgram } from './programs.ts'
import { type Memory, memoryNow, sampleCompanyMemory } from './sample.ts'
import { groundOf, scenarios } from './scenarios.ts'
import { measureSimilar, writeSimilar } from './similar.ts'
import { type Result, writeTable } from './table.ts'

/**
 * `npm run bench [-- words of a row's name] [--seconds 8]`: makes the data once, starts the real program on a copy of it,
 * loads it from this process, writes bench/results/<time>.json and, after a full run, docs/benchmarks.md.
 * `page` alone: the whole pages; `steps`: reading of a mail, step by step; `similar`: how good similar tickets are;
 * `bounds`: what somebody waits for once. `--pair <commit or folder>` compares with another version instead. `--port` when 18080 is taken.
 */
process.chdir(dirname(import.meta.dirname))
const say = (line: string) => process.stdout.write(`${line}\n`)
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, pair: { type: 'string' }, port: { type: 'string', default: '18080' } },
})
const seconds = Number(values.seconds) || (values.pair ? 4 : 8)
const port = Number(values.port)
const chosen = ({ name }: Pick<Scenario, 'name'>) => positionals.every((word) => name.includes(word))
const everything = positionals.length === 0

const facts = () => ({
  at: new Date().toISOString(),
  commit: existsSync('.git') ? execFileSync('git', ['describe', '--always', '--dirty']).toString().trim() : 'unknown',
  command: `npm run bench ${process.argv.length > 2 ? `-- ${process.argv.slice(2).join(' ')}` : ''}`.trim(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10 },
  amounts: full,
})

function keep<R extends { at: string; commit: string }>(result: R, kind = ''): string {
  mkdirSync('bench/results', { recursive: true })
  const name = `bench/results/${result.at.replaceAll(':', '').slice(0, 15)}-${result.commit}${kind}.json`
  writeFileSync(name, `${JSON.stringify(result, null, 2)}\n`)
  say(`written: ${relative('.', name)}`)
  return name
}

async function runAll(): Promise<Result> {
  const about = facts()
  await buildWebIfChanged(say)
  const program = await startProgram({ folder: folderOf('.'), name: 'run', port }, say)
  const rows: Row[] = []
  let most: Memory = { all: 0, program: 0, postgres: 0 }
  let pages: PageRow[] = []
  try {
    const ground = await groundOf(program.db)
    if (everything || positionals[0] === 'page') pages = await measurePages(program, ground)
    for (const page of pages) say(`${page.name}: cold ${page.cold.median} ms, warm ${page.warm.median} ms, ${page.kilobytes} kB`)
    for (const scenario of scenarios(ground).filter(chosen)) {
      rows.push(await measure(scenario, program, seconds))
      say(inWords(rows.at(-1)!))
      const now = memoryNow(program.pid, program.dataDir, program.watcher)
      say(`  memory: ${now.all} MB (program ${now.program}, PostgreSQL ${now.postgres})`)
      if (now.all > most.all) most = now
    }
  } finally {
    await program.stop()
  }
  const steps = everything || positionals[0] === 'steps' ? measureMailSteps() : []
  for (const row of steps) say(`mail step ${row.step}, a megabyte of ${row.shape}: ${row.milliseconds} ms`)
  const idle = everything ? await sampleCompanyMemory(folderOf('.'), port) : null
  say(`memory at most: ${JSON.stringify(most)}; sample company at rest: ${JSON.stringify(idle)}`)
  return { ...about, memory: { most, idle }, pages, steps, rows }
}

if (values.pair) {
  const about = facts()
  keep({ ...about, ...(await pair(values.pair, chosen, seconds, port, say)) }, '-pair')
} else if (positionals[0] === 'bounds') {
  const about = facts()
  const rows = await measureBounds(folderOf('.'), port, say)
  const name = keep({ ...about, rows }, '-bounds')
  const { cpu, cores, loadBefore } = about.machine
  writeBounds(
    rows,
    `Run of ${about.at.slice(0, 10)}, commit ${about.commit}, \`${about.command}\`, ${cores} cores (${cpu}), load before it ${loadBefore}; raw figures: [${name}](../${name}).`,
  )
} else if (positionals[0] === 'similar') {
  writeSimilar(await measureSimilar(folderOf('.'), port, say))
} else {
  const result = await runAll()
  const name = keep(result)
  if (everything) writeTable(result, name)
}
