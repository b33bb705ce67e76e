import type { Connection } from './client.ts'

/** What the bounds are made of: a name, the most that is allowed, and the times that were taken, in milliseconds. */
export type Bound = { name: string; most: number; times: number[] }

export async function call<T>(connection: Connection, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const answer = await connection.send({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.subarray(0, 400).toString()}`)
  return JSON.parse(answer.body.toString()) as T
}

export async function timed(many: number, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < many; n++) {
    const began = performance.now()
    await act()
    times.push(performance.now() - began)
  }
  return times
}
