import { type Connection, openConnection, type Request, type Response } from './client.ts'

/** Runs one scenario: a closed loop over n connections for a number of seconds, every answer checked. */
export type Scenario = {
  name: string
  /** Least requests a second at 16 connections; most milliseconds (p95) at one. Absent: told, not demanded. */
  floor?: number
  ceiling?: number
  request(turn: number): Request
  /** Says what is wrong with an answer. */
  wrong(response: Response, turn: number): string | undefined
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

export async function run(scenario: Scenario, port: number, token: string, connections: number, seconds: number): Promise<Figures> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port, token)))
  let turn = 0
  const times: number[] = []
  let wrong = 0
  let firstWrong: string | undefined
  const until = performance.now() + seconds * 1000
  const loop = async (connection: Connection) => {
    while (performance.now() < until) {
      const mine = turn++
      const began = performance.now()
      const response = await connection.send(scenario.request(mine))
      times.push(performance.now() - began)
      const fault = scenario.wrong(response, mine)
      if (fault) {
        wrong++
        firstWrong ??= fault
      }
    }
  }
  const began = performance.now()
  await Promise.all(open.map(loop))
  const took = (performance.now() - began) / 1000
  for (const connection of open) connection.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100) / 100
  return {
    connections,
    requests: times.length,
    seconds: Math.round(took * 100) / 100,
    perSecond: Math.round((times.length / took) * 10) / 10,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    wrong,
    ...(firstWrong === undefined ? {} : { firstWrong }),
  }
}
