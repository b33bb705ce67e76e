import { type Cost, costInWords } from './counters.ts'
import { folderOf } from './folders.ts'
import { driveAndSettle, type Scenario } from './measure.ts'
import { type Program, startProgram } from './programs.ts'
import { memoryNow } from './sample.ts'
import { groundOf, scenarios } from './scenarios.ts'

/**
 * `--pair <commit or folder>`: that version and this one side by side, each on data of its own, the same rows in turn:
 * before, after, after, before ... The medians of seven runs are compared. What swings with the machine (requests a
 * second) stands beside what does not (processor time, statements, buffers).
 */
export type Side = { perSecond: number; p95: number; cost: Cost }
export type PairRow = {
  name: string
  before: Side
  after: Side
  change: Record<'perSecond' | 'cpu' | 'statements' | 'buffers' | 'logBytes', number>
}
const runs = 7

export async function pair(against: string, chosen: (s: Scenario) => boolean, seconds: number, port: number, say: (line: string) => void) {
  const before = await startProgram({ folder: folderOf(against), name: 'before', port }, say)
  const after = await startProgram({ folder: folderOf('.'), name: 'after', port: port + 10 }, say).catch(async (cause) => {
    await before.stop()
    throw cause
  })
  try {
    const rows: PairRow[] = []
    const own = { before: scenarios(await groundOf(before.db)), after: scenarios(await groundOf(after.db)) }
    for (const [nth, scenario] of own.after.entries()) {
      if (!chosen(scenario)) continue
      const row = await compare(before, after, own.before[nth]!, scenario, seconds)
      say(inWords(row))
      rows.push(row)
    }
    return {
      rows,
      memory: {
        before: memoryNow(before.pid, before.dataDir, before.watcher),
        after: memoryNow(after.pid, after.dataDir, after.watcher),
      },
    }
  } finally {
    await Promise.all([before.stop(), after.stop()])
  }
}

async function compare(before: Program, after: Program, first: Scenario, second: Scenario, seconds: number): Promise<PairRow> {
  const sides: Record<'before' | 'after', Side[]> = { before: [], after: [] }
  const turn = async (side: 'before' | 'after') => {
    const { many, cost } = await driveAndSettle(side === 'before' ? first : second, side === 'before' ? before : after, seconds)
    if (many.wrong > 0) throw new Error(`${first.name}, ${side}: ${many.wrong} wrong answers: ${many.firstWrong}`)
    sides[side].push({ perSecond: many.perSecond, p95: many.p95, cost })
  }
  await first.drive(before, 16, 2)
  await second.drive(after, 16, 2)
  for (let n = 0; n < runs; n++)
    for (const side of n % 2 ? (['after', 'before'] as const) : (['before', 'after'] as const)) await turn(side)
  const [a, b] = [medianOf(sides.before), medianOf(sides.after)]
  const change = (of: (side: Side) => number) => (of(a) === 0 ? 0 : Math.round((of(b) / of(a) - 1) * 1000) / 10)
  return {
    name: first.name,
    before: a,
    after: b,
    change: {
      perSecond: change((s) => s.perSecond),
      cpu: change((s) => s.cost.server + s.cost.database),
      statements: change((s) => s.cost.statements),
      buffers: change((s) => s.cost.buffers),
      logBytes: change((s) => s.cost.logBytes),
    },
  }
}

const median = (values: number[]): number => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0

function medianOf(sides: Side[]): Side {
  const names = Object.keys(sides[0]?.cost ?? {}) as (keyof Cost)[]
  const cost = Object.fromEntries(names.map((name) => [name, median(sides.map((s) => s.cost[name]))])) as Cost
  return { perSecond: median(sides.map((s) => s.perSecond)), p95: median(sides.map((s) => s.p95)), cost }
}

const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${percent} %`

const inWords = ({ name, before, after, change }: PairRow): string =>
  `${name}: ${before.perSecond} -> ${after.perSecond}/s (${signed(change.perSecond)}), cpu ${signed(change.cpu)}, statements ${signed(change.statements)}, buffers ${signed(change.buffers)}
    before: ${costInWords(before.cost)}
    after:  ${costInWords(after.cost)}`
