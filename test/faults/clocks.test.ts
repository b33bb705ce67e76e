import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nodes, twoNodes } from './nodes.ts'
import { type Program, until } from './program.ts'

/**
 * Two nodes look at the clocks of agreements; either is killed, or sleeps, on either side of a threshold's commit: each
 * threshold acts once, and none not at all. And a node whose own clock is wrong.
 */
let nodes: Nodes
let agentId: string
const room = mkdtempSync(join(tmpdir(), 'fl-clock-'))
const clockFile = join(room, 'ahead')
beforeAll(async () => {
  nodes = await twoNodes()
  await nodes.db.query(
    `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
      values ('sla.look', now(), date_trunc('minute', now()) + interval '1 hour')
      on conflict (identifier) do update set last_execution = excluded.last_execution`,
  )
  agentId = (await nodes.db.query<{ id: string }>('select id from person order by id limit 1')).rows[0]!.id
  const acts = [{ do: 'raise-priority' }, { do: 'notify', whom: [], personIds: [agentId] }]
  const rule = { key: 'r', name: 'Resolution', target: 'resolution', clock: 'calendar', goals: [{ time: { minutes: 5 } }] }
  const made = await nodes.running[0]!.call('POST /api/agreements', {
    kind: 'sla',
    name: 'Quick',
    rules: [{ ...rule, thresholds: [{ percent: 1, acts }] }],
  })
  if (made.status !== 201) throw new Error(JSON.stringify(made))
})
const ticksAhead = async () =>
  (await nodes.db.query(`select 1 from graphile_worker._private_known_crontabs where last_execution > now() + interval '1 minute'`)).rows
    .length
afterAll(async () => {
  await nodes?.stop()
  rmSync(room, { recursive: true, force: true })
})

async function open(node: Program, many: number): Promise<string[]> {
  const made = await Promise.all(
    Array.from({ length: many }, () =>
      node.call('POST /api/tickets', { subject: 'Line is down', kind: 'incident', impact: 1, urgency: 1, acknowledge: false }),
    ),
  )
  expect(made.map((one) => one.status)).toEqual(made.map(() => 201))
  return made.map((one) => String(one.body.id))
}
const look = () => nodes.queue('sla.look', { again: 'no' })
/** How often each threshold acted on each ticket: told, raised, and by how much its priority differs from the first. */
const actedOn = async (ids: string[]): Promise<string[]> =>
  (
    await nodes.db.query<{ acted: string }>(
      `select concat((select count(*) from event e where e.ticket_id = t.id and e.type = 'sla.warned'), ' ',
         (select count(*) from event e where e.ticket_id = t.id and e.type = 'sla.escalated'), ' ', 5 - t.priority) as acted
       from ticket t where t.id = any($1::bigint[])`,
      [ids],
    )
  ).rows.map((row) => row.acted)
const waiting = async (ids: string[]) =>
  (await nodes.db.query(`select 1 from sla_clock where ended_at is null and fired = '{}' and ticket_id = any($1::bigint[])`, [ids])).rows
    .length
const due = async (ids: string[]) =>
  (await nodes.db.query('select 1 from sla_clock where ended_at is null and next_at <= now() and ticket_id = any($1::bigint[])', [ids]))
    .rows.length
const allLookedAt = (ids: string[]) =>
  until(
    'every clock was looked at',
    async () => {
      await look()
      return (await waiting(ids)) === 0
    },
    60,
  )
const once = (ids: string[]) => ids.map(() => '1 1 1')

describe('FT-45, FT-46: a threshold, and the node that passes it', () => {
  it.each(['sla.before-threshold-commit:kill9', 'sla.after-threshold-commit:kill9'])(
    'ends at %s: the next one finds what is left, each threshold acts once, none not at all',
    async (failpoint) => {
      await nodes.running[1]?.kill9()
      const armed = await nodes.start(0, { FAILPOINT: failpoint })
      const ids = await open(armed, 6)
      await until('all are due', async () => (await due(ids)) === 6 || !armed.running())
      if (armed.running()) await look()
      await armed.gone()
      expect(armed.signal()).toBe('SIGKILL')
      const acted = (await actedOn(ids)).filter((one) => one === '1 1 1').length
      expect(acted).toBe(failpoint.includes('before') ? 0 : 1)
      await nodes.start(0)
      await Promise.all([look(), look()])
      await allLookedAt(ids)
      expect(await actedOn(ids)).toEqual(once(ids))
    },
  )

  it('FT-46 falls asleep before its commit: the other does it, and what the sleeper writes when it wakes is refused', async () => {
    const armed = await nodes.start(0, { FAILPOINT: 'sla.before-threshold-commit:stop' })
    await nodes.running[1]?.kill9()
    const ids = await open(armed, 6)
    await until('all are due', async () => (await due(ids)) === 6 || armed.asleep())
    if (!armed.asleep()) await look()
    await until('it sleeps', () => armed.asleep())
    await nodes.start(1)
    await look()
    // The look itself may be the sleeper's job: it is free once that node's lease of twenty seconds has lapsed.
    await until('the other did the rest', async () => (await waiting(ids)) <= 1, 60)
    // What the database does by itself after thirty seconds without a word: the sleeper's transaction ends.
    await nodes.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`,
    )
    await allLookedAt(ids)
    armed.wake()
    await until('it goes on', async () => (await armed.call('GET /api/tickets')).status === 200)
    await look()
    expect(await actedOn(ids)).toEqual(once(ids))
    expect(armed.running()).toBe(true)
  })

  it('both look at many clocks, and one is killed among them', async () => {
    await nodes.start(0)
    const ids = await open(nodes.running[1]!, 40)
    await until('all are due', async () => (await due(ids)) + 40 - (await waiting(ids)) >= 40)
    await Promise.all([look(), look(), look(), look()])
    await until('some were looked at', async () => (await waiting(ids)) < 40)
    await nodes.running[0]!.kill9()
    await allLookedAt(ids)
    expect(await actedOn(ids)).toEqual(once(ids))
  })
})

describe('FT-51: a node whose own clock is wrong', () => {
  const wrong = () => ({ NODE_OPTIONS: `--import=${join(import.meta.dirname, 'wrong-clock.ts')}`, CLOCK_FILE: clockFile })
  const hour = 3_600_000
  const secondsOff = async (ids: string[]): Promise<number> =>
    Number(
      (
        await nodes.db.query<{ off: string }>(
          'select max(abs(extract(epoch from now() - created_at))) as off from ticket where id = any($1::bigint[])',
          [ids],
        )
      ).rows[0]?.off,
    )

  it('ahead, back or ten years off, also when it is set while it runs: it acts at the right time, and nothing is escalated early', async () => {
    await nodes.running[0]?.kill9()
    if (!nodes.running[1]?.running()) await nodes.start(1)
    const rule = { key: 'slow', name: 'Slow', target: 'resolution', clock: 'calendar', goals: [{ time: { minutes: 60 } }] }
    const { body } = await nodes.running[1]!.call('GET /api/agreements')
    const id = String(body.items?.[0]?.['id'])
    expect((await nodes.running[1]!.call(`POST /api/agreements/${id}/archive`)).status).toBe(200)
    const acts = [{ do: 'notify', whom: [], personIds: [agentId] }]
    await nodes.running[1]!.call('POST /api/agreements', {
      kind: 'sla',
      name: 'Slow',
      rules: [{ ...rule, thresholds: [{ percent: 50, acts }] }],
    })
    writeFileSync(clockFile, String(hour))
    const node = await nodes.start(0, wrong())
    await nodes.running[1]!.kill9()
    for (const ahead of [hour, -hour, 10 * 365 * 24 * hour, 0]) {
      writeFileSync(clockFile, String(ahead))
      await new Promise((go) => setTimeout(go, 300))
      const ids = await open(node, 3)
      expect(await secondsOff(ids), `with a clock that is ${ahead / hour} hours ahead`).toBeLessThan(60)
      await look()
      await until(
        'it looked',
        async () =>
          (await nodes.db.query('select 1 from graphile_worker.jobs where task_identifier = $1 and run_at <= now()', ['sla.look'])).rows
            .length === 0,
      )
      expect(await actedOn(ids)).toEqual(ids.map(() => '0 0 0'))
    }
  })

  it('what the database wrote while its own clock was ahead holds nothing up: leases, jobs and ticks', async () => {
    await nodes.db.query(
      `select graphile_worker.add_job('sla.look', '{"again":"no"}', job_key := 'ahead', run_at := now() + interval '1 hour')`,
    )
    await nodes.db.query(`update graphile_worker._private_jobs set updated_at = now() + interval '1 hour' where key = 'ahead'`)
    await nodes.db.query(`insert into lease (name, holder, until) values ('mailbox:999', 'gone', clock_timestamp() + interval '1 hour')`)
    await until(
      'the job ran',
      async () => (await nodes.db.query(`select 1 from graphile_worker.jobs where key = 'ahead'`)).rows.length === 0,
    )
    const lease = await nodes.db.query<{ seconds: number }>(
      `select extract(epoch from until - clock_timestamp())::int as seconds from lease where name = 'mailbox:999'`,
    )
    expect(lease.rows[0]!.seconds).toBeLessThanOrEqual(45)
    // Set an hour ahead when this file began: the minutes since have ticked all the same.
    await until('the minute ticks', async () => (await ticksAhead()) === 0, 65)
  })
})
