import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { abandon, dbOver, type Transactor, takeLast } from '../server/kernel/db.ts'

/** Clones of the migrated template. */
export type Clone = { ownerUrl: string; name: string; drop(): Promise<void> }

let clones = 0

export async function cloneDatabase(): Promise<Clone> {
  const templateUrl = inject('ownerUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const ownerUrl = urlOf(templateUrl, name)
  const once = async (url: string, text: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(text).finally(() => client.end())
  }
  await once(urlOf(templateUrl, 'postgres'), `create database ${name} template firstline strategy file_copy`)
  // A process keeps compiled calendars by their revision, and knows one database only; here it meets several.
  await once(ownerUrl, `alter sequence calendar_revision restart with ${++clones * 1_000_000}`)
  return { ownerUrl, name, drop: () => once(urlOf(templateUrl, 'postgres'), `drop database if exists ${name} with (force)`) }
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

/** A desk's own, until it is given back: a database and a connection as good as new, as all that was done is rolled back. */
export type Lent = { sandbox: Sandbox; giveBack(): Promise<void> }
type Kept = { clone: Clone; sandbox: Sandbox; sizeAtFirst: number }

const idle: Kept[] = []
/** What was rolled back still lies in the tables, and slows down who reads them. */
const mayGrow = 24 * 1024 * 1024

/** Files that run in the same process go on with the database that the one before gave back. */
export async function lendSandbox(): Promise<Lent> {
  const kept = idle.pop() ?? (await freshlyKept())
  socketOf(kept).ref()
  return {
    sandbox: kept.sandbox,
    giveBack: async () => {
      await kept.sandbox.client.query('reset all; unlisten *; select pg_advisory_unlock_all()')
      if ((await sizeOf(kept.sandbox)) - kept.sizeAtFirst < mayGrow) {
        // It waits for the next file, and keeps no process from ending.
        socketOf(kept).unref()
        return void idle.push(kept)
      }
      await kept.sandbox.close()
      await kept.clone.drop()
    },
  }
}

/** pg has them, its types do not. */
const socketOf = ({ sandbox }: Kept) => sandbox.client as unknown as { ref(): void; unref(): void }

async function freshlyKept(): Promise<Kept> {
  const clone = await cloneDatabase()
  const sandbox = await sandboxOn(clone.ownerUrl)
  return { clone, sandbox, sizeAtFirst: await sizeOf(sandbox) }
}

async function sizeOf({ client }: Sandbox): Promise<number> {
  const { rows } = await client.query<{ size: number }>('select pg_database_size(current_database())::float8 as size')
  return rows[0]!.size
}
