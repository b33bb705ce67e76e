import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../test/database.ts'
import { commonClock } from './common-clock.ts'
import { lastTick, minutesBetween, queueTicks } from './ticks.ts'
import { bringBack } from './worker.ts'

describe('FT-51 the time that all nodes have in common', () => {
  it('is the database’s, carried on by a timer that nobody can set; small differences move nothing', () => {
    let timer = 1000
    const hour = 3_600_000
    const clock = commonClock(5 * hour, () => timer)
    expect(clock.now().epochMilliseconds).toBe(5 * hour)
    clock.heard(2 * hour, 990, 1010)
    expect(clock.now().epochMilliseconds).toBe(2 * hour)
    timer += 60_000
    clock.heard(2 * hour + 60_200, 61_000, 61_000)
    expect(clock.now().epochMilliseconds).toBe(2 * hour + 60_000)
    clock.heard(3 * hour, 61_000, 61_000)
    expect(clock.now().epochMilliseconds).toBe(3 * hour)
    // An answer that was long under way proves little.
    clock.heard(3 * hour + 900, 60_000, 62_000)
    expect(clock.now().epochMilliseconds).toBe(3 * hour)
  })
})

describe('ticks', () => {
  let clone: Clone
  let pool: pg.Pool
  beforeAll(async () => {
    clone = await cloneDatabase()
    pool = new pg.Pool({ connectionString: clone.ownerUrl, max: 3 })
  })
  afterAll(async () => {
    await pool.end()
    await clone.drop()
  })
  const queued = async (name: string) =>
    Number((await pool.query('select count(*) from graphile_worker.jobs where task_identifier = $1', [name])).rows[0].count)
  const noon = new Date('2027-01-13T12:00:00Z')
  const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

  it('FT-48 of three nodes at one minute one queues the task, also when one of them asks again', async () => {
    await Promise.all([0, 0, 0].map(() => queueTicks(pool, ['once'], noon)))
    await queueTicks(pool, ['once'], noon)
    expect(await queued('once')).toBe(1)
    await Promise.all([1, 1, 1].map((n) => queueTicks(pool, ['once'], later(n))))
    expect(await queued('once')).toBe(2)
    // A node that is a minute behind adds nothing.
    await queueTicks(pool, ['once'], noon)
    expect(await queued('once')).toBe(2)
  })

  it('FT-51 go on at once after the clock was set forward by an hour and back', async () => {
    await queueTicks(pool, ['moved'], noon)
    await queueTicks(pool, ['moved'], later(60))
    await queueTicks(pool, ['moved'], later(1))
    await queueTicks(pool, ['moved'], later(2))
    expect(await queued('moved')).toBe(4)
  })

  it('FT-49 after a standstill each minute of the last hour is looked at, and none when the clock was set back', () => {
    expect(minutesBetween(100, 101)).toEqual([101])
    expect(minutesBetween(100, 103)).toEqual([101, 102, 103])
    expect(minutesBetween(100, 50)).toEqual([50])
    expect(minutesBetween(100, 100)).toEqual([])
    const years = minutesBetween(100, 5_000_000)
    expect([years.length, years[0], years.at(-1)]).toEqual([60, 4_999_941, 5_000_000])
  })

  it('FT-49 a node that starts goes on after the last minute at which any ticked', async () => {
    const minute = later(500).getTime() / 60_000
    await queueTicks(pool, ['daily'], later(480))
    expect(await lastTick(pool, minute)).toBe(minute - 20)
    expect(await lastTick(pool, noon.getTime() / 60_000 - 10_000)).toBe(noon.getTime() / 60_000 - 10_000)
  })

  it('FT-51 a lease and a job that were written while the clock was ahead are moved back, others stay', async () => {
    await pool.query(`insert into lease (name, holder, until) values ('worker:ahead', '[]', clock_timestamp() + interval '10 years'),
      ('worker:lives', '[]', clock_timestamp() + interval '20 seconds'), ('backup', 'x', clock_timestamp() + interval '6 hours')`)
    await pool.query(
      `select graphile_worker.add_job('ahead', run_at := now() + interval '70 minutes'), graphile_worker.add_job('planned', run_at := now() + interval '70 minutes')`,
    )
    await pool.query(
      `update graphile_worker._private_jobs j set updated_at = now() + interval '1 hour' from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = 'ahead'`,
    )
    await bringBack(pool, false)
    const leases = await pool.query(
      `select name, round(extract(epoch from until - clock_timestamp()) / 60)::int as minutes from lease order by name`,
    )
    expect(leases.rows).toEqual([
      { name: 'backup', minutes: 360 },
      { name: 'worker:ahead', minutes: 1 },
      { name: 'worker:lives', minutes: 0 },
    ])
    const jobs = await pool.query(
      `select task_identifier as name, round(extract(epoch from run_at - now()) / 60)::int as minutes from graphile_worker.jobs where task_identifier in ('ahead', 'planned') order by 1`,
    )
    expect(jobs.rows).toEqual([
      { name: 'ahead', minutes: 10 },
      { name: 'planned', minutes: 70 },
    ])
  })
})
