import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nodes, twoNodes } from './nodes.ts'
import { until } from './program.ts'

/**
 * Two nodes take alerts of one source and fold them; either is killed on either side of a fold's commit, and in a storm.
 * What was answered 2xx is stored and becomes an alert; each key has one ticket, and its count is what was told.
 */
let nodes: Nodes
beforeAll(async () => {
  nodes = await twoNodes()
})
afterAll(() => nodes?.stop())

type Source = { id: string; key: string; taken: Map<string, number>; unknown: Map<string, number> }
async function addSource(name: string): Promise<Source> {
  const made = await nodes.running[0]!.call('POST /api/alert-sources', { name, kind: 'pagerduty', stormAfter: 0 })
  if (made.status !== 201) throw new Error(JSON.stringify(made))
  return { id: String(made.body['id']), key: String(made.body['key']), taken: new Map(), unknown: new Map() }
}
/** As a machine does it: what got no answer may have been taken or not. */
async function tell(source: Source, which: 0 | 1, key: string): Promise<void> {
  const payload = { summary: `${key} is down`, source: key, severity: 'critical' }
  const body = { routing_key: source.key, event_action: 'trigger', dedup_key: key, payload }
  const answer = await nodes.running[which]!.call('POST /v2/enqueue', body).catch(() => undefined)
  const kept = answer?.status === 202 ? source.taken : source.unknown
  kept.set(key, (kept.get(key) ?? 0) + 1)
}
const unfolded = async ({ id }: Source) =>
  (await nodes.db.query('select 1 from alert_event where source_id = $1 and folded_at is null', [id])).rows.length
type Kept = { key: string; alerts: number; count: number; told: number; tickets: number }
const keptOf = async ({ id }: Source): Promise<Kept[]> =>
  (
    await nodes.db.query<Kept>(
      `select key, count(*)::int as alerts, sum(count)::int as count, count(distinct ticket_id)::int as tickets,
         (select count(*)::int from alert_event e where e.source_id = $1 and e.key = a.key) as told
       from alert a where source_id = $1 group by key order by key`,
      [id],
    )
  ).rows
const ticketsOf = async ({ id }: Source) =>
  (await nodes.db.query('select 1 from ticket t join alert_source s on s.person_id = t.requester_id where s.id = $1', [id])).rows.length

async function checkConservation(source: Source): Promise<void> {
  const kept = await keptOf(source)
  expect(kept.map((one) => one.key)).toEqual(expect.arrayContaining([...source.taken.keys()]))
  for (const { key, alerts, count, told, tickets } of kept) {
    const taken = source.taken.get(key) ?? 0
    expect({ key, alerts, count, tickets }).toEqual({ key, alerts: 1, count: told, tickets: 1 })
    expect(told, `${key}: nothing that was answered is lost`).toBeGreaterThanOrEqual(taken)
    expect(told, `${key}: nothing is there twice`).toBeLessThanOrEqual(taken + (source.unknown.get(key) ?? 0))
  }
  expect(await ticketsOf(source)).toBe(kept.length)
}

describe('FT-47: a job that always fails', () => {
  it('is put aside where it is seen, and holds up nothing behind it', async () => {
    const poison = `select graphile_worker.add_job('alerts.fold', '{"sourceId":"none"}'::json, queue_name := 'alerts:poison', max_attempts := 1)`
    await nodes.db.query(poison)
    const source = await addSource('beside')
    await nodes.db.query(
      `select graphile_worker.add_job('alerts.fold', json_build_object('sourceId', $1::text), queue_name := 'alerts:poison')`,
      [source.id],
    )
    await tell(source, 0, 'host-1')
    await until('the one behind it ran', async () => {
      const left = await nodes.db.query(`select 1 from graphile_worker.jobs where queue_name = 'alerts:poison' and attempts < max_attempts`)
      return left.rows.length === 0 && (await unfolded(source)) === 0
    })
    const failed = await nodes.running[0]!.call('GET /api/health/failed-jobs')
    expect(failed.body.items?.map((one) => one['job'])).toEqual(['alerts.fold'])
  })
})

describe('FT-45, FT-59: alerts and kill -9', () => {
  it.each(['alerts.before-fold-commit', 'alerts.after-fold-commit'])(
    'at %s: each key has one ticket and the right count, and nothing that was answered is lost',
    async (point) => {
      await nodes.running[1]?.kill9()
      const armed = await nodes.start(0, { FAILPOINT: `${point}:kill9` })
      const source = await addSource(point)
      for (let n = 0; armed.running(); n++) await tell(source, 0, `host-${n % 5}`)
      await armed.gone()
      expect(armed.signal()).toBe('SIGKILL')
      await nodes.unlock()
      await nodes.start(0)
      await Promise.all([0, 1, 2, 3, 4, 5].map((n) => tell(source, 0, `host-${n % 3}`)))
      await until('all is folded', async () => (await unfolded(source)) === 0, 45)
      await checkConservation(source)
    },
  )

  it('in a storm of two nodes, of which either is killed once', async () => {
    const source = await addSource('storm')
    await nodes.start(1)
    const killer = async () => {
      for (const [after, which] of [
        [100, 0],
        [200, 1],
      ] as const) {
        await until(`${after} were taken`, () => [...source.taken.values()].reduce((sum, n) => sum + n, 0) >= after)
        await nodes.start(which)
      }
    }
    let nth = 0
    const machine = async (which: 0 | 1) => {
      while (nth < 400) {
        await tell(source, which, `host-${nth++ % 20}`)
        // A machine whose words are not taken waits before it says them again.
        if (!nodes.running[which]!.running()) await new Promise((go) => setTimeout(go, 100))
      }
    }
    await Promise.all([machine(0), machine(1), machine(0), machine(1), killer()])
    await until('all is folded', async () => (await unfolded(source)) === 0, 45)
    expect(source.taken.size).toBe(20)
    await checkConservation(source)
  })
})
