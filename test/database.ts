import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { abandon, dbOver, type Transactor, takeLast } from '../server/kernel/db.ts'

/** Clones of the migrated template, about 60 ms each. */
export type Clone = { ownerUrl: string; name: string; drop(): Promise<void> }

export async function cloneDatabase(): Promise<Clone> {
  const templateUrl = inject('ownerUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = async (text: string) => {
    const client = new pg.Client({ connectionString: urlOf(templateUrl, 'postgres') })
    await client.connect()
    await client.query(text).finally(() => client.end())
  }
  await admin(`create database ${name} template firstline strategy file_copy`)
  return { ownerUrl: urlOf(templateUrl, name), name, drop: () => admin(`drop database if exists ${name} with (force)`) }
}

function urlOf(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}

/**
 * One connection whose only transaction is rolled back: each request and job is a savepoint in it, one after another.
 * It connects as the owner and steps down to the program's role, so that row-level security counts.
 */
export type Sandbox = Transactor & {
  client: pg.Client
  begin(): Promise<void>
  rollback(): Promise<void>
  asOwner<T>(work: () => Promise<T>): Promise<T>
}

export async function sandboxOn(ownerUrl: string): Promise<Sandbox> {
  const client = new pg.Client({ connectionString: ownerUrl, options: '-c TimeZone=UTC -c role=firstline' })
  await client.connect()
  let last: Promise<unknown> = Promise.resolve()
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    return mine
  }
  return {
    client,
    begin: async () => void (await client.query('begin')),
    rollback: async () => void (await inOrder(() => client.query('rollback'))),
    transaction: (work) =>
      inOrder(async () => {
        await client.query('savepoint request')
        try {
          const result = await work(dbOver(client))
          await Promise.all(takeLast(dbOver(client)))
          await client.query('release savepoint request')
          return result
        } catch (cause) {
          await abandon(dbOver(client))
          await client.query('rollback to savepoint request')
          throw cause
        }
      }),
    asOwner: (work) =>
      inOrder(async () => {
        await client.query('set local role none')
        try {
          return await work()
        } finally {
          await client.query('set local role firstline')
        }
      }),
    close: () => client.end(),
  }
}
