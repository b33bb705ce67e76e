import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type Clone, cloneDatabase } from '../database.ts'
import { type Home, newHome, openDatabase, type Program, startProgram } from './program.ts'

/** Two nodes on one database, each with a home of its own. */
export type Nodes = {
  db: pg.Client
  /** Kills one, if it runs, and starts it again. */
  start(which: 0 | 1, more?: Record<string, string>): Promise<Program>
  running: Program[]
  /** Queues a job as its schedule would, now. */
  queue(name: string, payload: object): Promise<void>
  /** The jobs and queues of a node that was killed are free at once: not each test waits for the lease. */
  unlock(): Promise<void>
  stop(): Promise<void>
}

export async function twoNodes(more: Record<string, string> = {}): Promise<Nodes> {
  const clone: Clone = await cloneDatabase()
  const settings = { DATABASE_URL: clone.ownerUrl, ENCRYPTION_KEY: randomBytes(32).toString('hex'), ...more }
  const homes: [Home, Home] = [newHome(settings), newHome(settings)]
  const running: Program[] = [await startProgram(homes[0])]
  homes[1].token = homes[0].token
  const db = await openDatabase(homes[0])
  return {
    db,
    running,
    async start(which, settingsMore) {
      await running[which]?.kill9()
      running[which] = await startProgram(homes[which], settingsMore)
      return running[which]
    },
    queue: async (name, payload) => void (await db.query('select graphile_worker.add_job($1, $2::json)', [name, JSON.stringify(payload)])),
    unlock: async () =>
      void (await db.query(
        `select graphile_worker.force_unlock_workers(array(select locked_by from graphile_worker._private_jobs where locked_by is not null
          union select locked_by from graphile_worker._private_job_queues where locked_by is not null))`,
      )),
    async stop() {
      await db.end()
      for (const node of running) await node?.stop()
      for (const home of homes) home.clean()
      await clone.drop()
    },
  }
}
