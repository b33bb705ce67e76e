import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clone, cloneDatabase } from '../../test/database.ts'
import { declareActor, nobody } from './actor.ts'
import { pooledTransactor, poolOf, runBeside, sendWithCommit, type Transactor } from './db.ts'

/** What nobody waits for one by one is still all or nothing. */
let clone: Clone
let transactor: Transactor
let looker: pg.Client
beforeAll(async () => {
  clone = await cloneDatabase()
  transactor = pooledTransactor(poolOf(clone.ownerUrl, 1, () => {}))
  looker = new pg.Client({ connectionString: clone.ownerUrl })
  await looker.connect()
})
afterAll(async () => {
  await looker.end()
  await transactor.close()
  await clone.drop()
})

const put = (name: string) => sql`insert into skill (name) values (${name})`
const skills = async () => (await looker.query<{ name: string }>('select name from skill order by id')).rows.map((row) => row.name)

describe('a transaction', () => {
  it('has written what was sent with its commit when it ends', async () => {
    await transactor.transaction(async (db) => {
      await put('network').execute(db)
      sendWithCommit(db, put('printers'))
    })
    expect(await skills()).toEqual(['network', 'printers'])
  })

  it('fails whole when a statement that travelled with the commit fails', async () => {
    const work = transactor.transaction(async (db) => {
      await put('phones').execute(db)
      sendWithCommit(db, put('network'))
    })
    await expect(work).rejects.toThrow(/skill_name/)
    expect(await skills()).toEqual(['network', 'printers'])
  })

  it('fails when nobody waited for a statement at all and it failed', async () => {
    const work = transactor.transaction(async (db) => {
      put('network')
        .execute(db)
        .catch(() => {})
      return put('screens')
        .execute(db)
        .catch(() => {})
    })
    await expect(work).rejects.toThrow('nobody waited')
    expect(await skills()).toEqual(['network', 'printers'])
  })

  it('that fails lets go of its connection only when the work beside it has ended', async () => {
    const work = transactor.transaction(async (db) => {
      runBeside(
        db,
        sql`select pg_sleep(0.05)`.execute(db).then(() => put('too late').execute(db)),
      )
      throw new Error('refused')
    })
    await expect(work).rejects.toThrow('refused')
    await transactor.transaction((db) => put('next').execute(db))
    expect(await skills()).toEqual(['network', 'printers', 'next'])
  })
})

describe('a job', () => {
  const spec = {
    identifier: 'mail.send',
    payload: { outboundMailId: '7' },
    queue_name: 'mail-out-1',
    run_at: '2031-01-01T00:00:00Z',
    priority: 2,
  }
  const columns = `j.payload, j.priority, j.run_at, j.max_attempts, j.attempts, j.revision, j.key, j.flags, j.is_available, t.identifier, q.queue_name`
  const jobs = async () =>
    (
      await looker.query(`select ${columns} from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        left join graphile_worker._private_job_queues q on q.id = j.job_queue_id order by j.id`)
    ).rows

  it('of ours is the same row as one of the library, the first of its name too', async () => {
    for (let n = 0; n < 2; n++) await looker.query('select firstline.add_jobs($1)', [JSON.stringify([spec])])
    await looker.query(
      `select graphile_worker.add_job('mail.send', '{"outboundMailId": "7"}', 'mail-out-1', '2031-01-01T00:00:00Z', null, null, 2)`,
    )
    const [first, second, library] = await jobs()
    expect(first).toEqual(library)
    expect(second).toEqual(library)
  })

  it('with a key replaces the waiting one', async () => {
    const keyed = { identifier: 'mail.judge', payload: { inboundMailId: '1' }, job_key: 'mail.judge:1' }
    for (let n = 0; n < 2; n++) await looker.query('select firstline.add_jobs($1)', [JSON.stringify([spec, keyed])])
    const all = (await jobs()).map((job) => job.identifier)
    expect(all.filter((name) => name === 'mail.judge')).toHaveLength(1)
    expect(all.filter((name) => name === 'mail.send')).toHaveLength(5)
  })

  it('that is due at once wakes the workers, and one for later does not', async () => {
    const woken: string[] = []
    looker.on('notification', ({ channel }) => woken.push(channel))
    await looker.query('listen "jobs:insert"')
    await looker.query('select firstline.add_jobs($1)', [JSON.stringify([spec])])
    await looker.query('select 1')
    expect(woken).toEqual([])
    await looker.query('select firstline.add_jobs($1)', [JSON.stringify([{ identifier: 'mail.send', payload: {} }])])
    await looker.query('select 1')
    expect(woken).toEqual(['jobs:insert'])
  })
})

it('finds a person by the address through an index, behind row-level security too', async () => {
  const asProgram = new pg.Client({ connectionString: clone.ownerUrl, options: '-c role=firstline -c enable_seqscan=off' })
  await asProgram.connect()
  const plan = await asProgram.query<{ 'QUERY PLAN': string }>(
    `explain select id from person where email = 'casey@customer.example'::citext`,
  )
  await asProgram.end()
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan using person_email /)
})

describe('who acts is declared', () => {
  it('before anything is read, also on a connection that was opened just now, however soon the first question comes', async () => {
    for (let steps = 0; steps < 40; steps++) {
      const fresh = pooledTransactor(poolOf(clone.ownerUrl, 1, () => {}))
      const scope = await fresh.transaction(async (db) => {
        declareActor(db, { ...nobody, organisations: 'all' })
        for (let n = 0; n < steps; n++) await undefined
        return (await sql<{ scope: string | null }>`select firstline.scope() as scope`.execute(db)).rows[0]?.scope
      })
      await fresh.close()
      expect(scope, `${steps} steps later`).toBe('all')
    }
  })
})
