import { type Bound, call } from './bounds-measure.ts'
import { type Connection, openConnection } from './client.ts'
import type { Program } from './programs.ts'

/**
 * A storm of 10,000 pages: from the moment that each began until the first message that tells of it was taken by a mail
 * server. One person is on call; what comes within fifteen seconds goes together, so that few messages tell of all.
 */
const pages = 10_000
const connections = 16

export async function pageBounds(connection: Connection, program: Program): Promise<Bound[]> {
  const { db } = program
  const me = await call<{ id: string }>(connection, 'GET', '/api/me')
  await call(connection, 'POST', '/api/paging/policies', {
    name: 'Bench',
    teamIds: [],
    steps: [{ targets: [{ kind: 'person', id: me.id }], wait: 60 }],
  })
  const policyId = (await db.query<{ id: string }>(`select id::text from paging_policy where name = 'Bench'`)).rows[0]!.id
  const ids = (
    await db.query<{ id: string }>(`select id::text from ticket where meaning = 'open' order by id desc limit ${pages}`)
  ).rows.map((row) => row.id)
  if (ids.length < pages) throw new Error(`Only ${ids.length} tickets are open.`)
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(program.port, program.token)))
  await Promise.all(
    open.map(async (one) => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await call(one, 'POST', `/api/tickets/${id}/pages`, { policyId })
    }),
  )
  for (const one of open) one.close()
  const times = await told(program)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!
  return [{ name: `the first message of a page, p99 of ${pages} at once`, most: 30_000, times: [at(0.99)] }]
}

/** Milliseconds from each page's beginning to its first message, shortest first. */
async function told({ db }: Program): Promise<number[]> {
  for (const until = performance.now() + 300_000; performance.now() < until; ) {
    const found = await db.query<{ ms: number }>(
      `select /* bench */ extract(epoch from min(a.tried_at) - p.began_at)::float8 * 1000 as ms from page p join page_attempt a on a.page_id = p.id
       where a.state in ('sent', 'delivered') group by p.id order by ms`,
    )
    if (found.rows.length >= pages) return found.rows.map((row) => row.ms)
    await new Promise((go) => setTimeout(go, 1000))
  }
  throw new Error('Not every page was told of within five minutes.')
}
