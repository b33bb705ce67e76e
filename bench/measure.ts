import { openConnection, type Request, type Response } from './client.ts'
import { type Cost, costInWords, costOfEach, spentSoFar } from './counters.ts'
import { type Program, quiet } from './programs.ts'

/** Runs one scenario: a closed loop over n connections for a number of seconds, every answer checked. */
export type Scenario = {
  name: string
  /** Least requests a second at 16 connections; most milliseconds (p95) at one. Absent: told, not demanded. */
  floor?: number
  ceiling?: number
  /** It sets work off that runs later, whose cost belongs to it. */
  follows?: true
  drive(program: Program, connections: number, seconds: number): Promise<Figures>
}
export type Figures = {
  connections: number
  requests: number
  seconds: number
  perSecond: number
  p50: number
  p95: number
  p99: number
  max: number
  wrong: number
  firstWrong?: string
}

/** A conversation of one connection: takes a turn, says what was wrong. */
export type Talk = { turn(nth: number): Promise<string | undefined>; close(): void }

let turns = 0

export async function loop(talks: Talk[], seconds: number): Promise<Figures> {
  const times: number[] = []
  const faults: string[] = []
  const began = performance.now()
  const until = began + seconds * 1000
  await Promise.all(
    talks.map(async (talk) => {
      while (performance.now() < until) {
        const at = performance.now()
        const fault = await talk.turn(turns++)
        times.push(performance.now() - at)
        if (fault) faults.push(fault)
      }
    }),
  )
  for (const talk of talks) talk.close()
  return figuresOf(times, performance.now() - began, talks.length, faults)
}

export function figuresOf(times: number[], took: number, connections: number, faults: string[]): Figures {
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100) / 100
  return {
    connections,
    requests: times.length,
    seconds: Math.round(took / 10) / 100,
    perSecond: Math.round((times.length / took) * 10_000) / 10,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    wrong: faults.length,
    ...(faults[0] === undefined ? {} : { firstWrong: faults[0] }),
  }
}

export type Asking = { request(nth: number): Request; wrong(response: Response, nth: number): string | undefined }

export const overHttp =
  (asking: Asking): Scenario['drive'] =>
  async (program, connections, seconds) => {
    const open = await Promise.all(Array.from({ length: connections }, () => openConnection(program.port, program.token)))
    const talks = open.map((connection) => ({
      turn: async (nth: number) => asking.wrong(await connection.send(asking.request(nth)), nth),
      close: connection.close,
    }))
    return loop(talks, seconds)
  }

/** `cost`: of one request, what it set off included. */
export type Row = { name: string; floor?: number; ceiling?: number; many: Figures; one: Figures; cost: Cost; settled: boolean }

export async function measure(scenario: Scenario, program: Program, seconds: number): Promise<Row> {
  await scenario.drive(program, 16, 2)
  const { many, cost, settled } = await driveAndSettle(scenario, program, seconds)
  const one = await scenario.drive(program, 1, Math.min(4, seconds))
  const { name, floor, ceiling } = scenario
  return { name, ...(floor === undefined ? {} : { floor }), ...(ceiling === undefined ? {} : { ceiling }), many, one, cost, settled }
}

export async function driveAndSettle(scenario: Scenario, program: Program, seconds: number) {
  if (scenario.follows) await quiet(program, 20)
  const before = await spentSoFar(program)
  const many = await scenario.drive(program, 16, seconds)
  const settled = scenario.follows ? await quiet(program, 20) : true
  const cost = costOfEach(before, await spentSoFar(program), many.requests)
  return { many, cost, settled }
}

export const inWords = ({ name, many, one, cost, settled }: Row): string =>
  `${name}: ${many.perSecond}/s at 16 (p95 ${many.p95} ms), p95 ${one.p95} ms at 1; ${costInWords(cost)}${settled ? '' : '; work was left over'}` +
  (many.wrong + one.wrong > 0 ? `; WRONG ${many.wrong + one.wrong}: ${many.firstWrong ?? one.firstWrong}` : '')
