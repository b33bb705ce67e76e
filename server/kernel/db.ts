import { createHash } from 'node:crypto'
import {
  type CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type RawBuilder,
} from 'kysely'
import pg from 'pg'
import { Temporal } from './clock.ts'
import { connectionTo } from './db-servers.ts'
import type { DB } from './schema.ts'

/**
 * PostgreSQL, through Kysely for words and pg for the wire. Statements are named by a hash of their text (716 -> 1973
 * ticket lists a second), and a connection keeps at most 400 of them. Every connection speaks UTC.
 */
export type Db = Kysely<DB>

pg.types.setTypeParser(1184, (text) => Temporal.Instant.from(text))
pg.types.setTypeParser(1082, (text) => Temporal.PlainDate.from(text))

const names = new Map<string, string>()
function nameOf(sql: string): string | undefined {
  let name = names.get(sql)
  if (name === undefined && names.size < 400) {
    name = createHash('sha256').update(sql).digest('base64url').slice(0, 20)
    names.set(sql, name)
  }
  return name
}

/** Counts statements and can be read by the benchmark and by tests that keep an N+1 away. */
export const statements = { sent: 0 }

const asParameter = (value: unknown): unknown =>
  value instanceof Temporal.Instant || value instanceof Temporal.PlainDate ? value.toString() : value

type Corkable = { cork(): void; uncork(): void }
const gathering = new WeakSet<Corkable>()

/** Queries of the same moment share one write to the socket: waking PostgreSQL costs more than most of them. */
function gather(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Corkable } }).connection
  if (gathering.has(stream)) return
  gathering.add(stream)
  stream.cork()
  setImmediate(() => {
    gathering.delete(stream)
    stream.uncork()
  })
}

async function run<R>(client: pg.ClientBase, query: CompiledQuery): Promise<QueryResult<R>> {
  statements.sent++
  gather(client)
  const name = nameOf(query.sql)
  const result = await client.query({ ...(name === undefined ? {} : { name }), text: query.sql, values: query.parameters.map(asParameter) })
  const changes = result.command === 'SELECT' ? {} : { numAffectedRows: BigInt(result.rowCount ?? 0) }
  return { rows: result.rows ?? [], ...changes }
}

const bound = new WeakMap<pg.ClientBase, Db>()
const clientOf = new WeakMap<Db, pg.ClientBase>()

/** The query builder over one connection; transactions are the caller's (`transactor` below), never Kysely's. */
export function dbOver(client: pg.ClientBase): Db {
  const known = bound.get(client)
  if (known) return known
  const refuse = () => Promise.reject(new Error('Transactions belong to the kernel: see kernel/db.ts.'))
  const connection = {
    executeQuery: <R>(query: CompiledQuery) => run<R>(client, query),
    async *streamQuery(): AsyncGenerator<never> {
      yield* []
      throw new Error('Streaming is not used here.')
    },
  }
  const db = new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: () => Promise.resolve(),
        acquireConnection: () => Promise.resolve(connection),
        releaseConnection: () => Promise.resolve(),
        destroy: () => Promise.resolve(),
        beginTransaction: refuse,
        commitTransaction: refuse,
        rollbackTransaction: refuse,
      }),
    },
  })
  bound.set(client, db)
  clientOf.set(db, client)
  return db
}

/**
 * What runs in a transaction without being waited for one by one. `beside`: work that nothing after it needs, done before
 * the end. `last`: writes that travel together with the commit. A transaction ends only when nothing of it is under way.
 */
type Loose = { beside: Promise<unknown>[]; last: Promise<unknown>[] }
const looseIn = new WeakMap<Db, Loose>()

function add(db: Db, where: keyof Loose, work: Promise<unknown>): void {
  work.catch(() => {})
  const loose = looseIn.get(db) ?? { beside: [], last: [] }
  loose[where].push(work)
  looseIn.set(db, loose)
}
export const runBeside = (db: Db, work: Promise<unknown>): void => add(db, 'beside', work)

/**
 * Handed to the wire before this returns. The query builder takes a number of steps that differs (on a new connection its
 * first statement takes more than its second), so there a later statement may come before an earlier one.
 */
export function sendNow(db: Db, statement: RawBuilder<unknown>): Promise<unknown> {
  const client = clientOf.get(db)
  if (!client) throw new Error('This is no transaction.')
  return run(client, statement.compile(db))
}

/** Through the query builder it would come out behind the commit. */
export const sendWithCommit = (db: Db, statement: RawBuilder<unknown>): void => add(db, 'last', sendNow(db, statement))

export async function besideDone(db: Db): Promise<void> {
  const { beside = [] } = looseIn.get(db) ?? {}
  // What failed stays in the list until `abandon` has seen the rest of it end.
  for (let done = 0; done < beside.length; ) {
    const now = beside.slice(done)
    await Promise.all(now)
    done += now.length
  }
  beside.length = 0
}

/** For whoever commits. */
export function takeLast(db: Db): Promise<unknown>[] {
  return looseIn.get(db)?.last.splice(0) ?? []
}

/** For whoever rolls back: a statement that is still to come would find itself in somebody else's transaction. */
export async function abandon(db: Db): Promise<void> {
  const { beside = [], last = [] } = looseIn.get(db) ?? {}
  while (beside.length + last.length > 0) await Promise.allSettled([...beside.splice(0), ...last.splice(0)])
}

/** Opens transactions. The kernel's routes and jobs use it; features only ever see the `Db` inside. */
export type Transactor = {
  /** `reads`: nothing was written, so the answer need not wait for the commit. */
  transaction<T>(work: (db: Db) => Promise<T>, choices?: { reads?: boolean }): Promise<T>
  close(): Promise<void>
}

/** The connection went after COMMIT was sent: nobody knows. The caller repeats with the same Idempotency-Key (FT-03). */
export class OutcomeUnknown extends Error {}

export function poolOf(url: string, max: number, onIdleError: (cause: Error) => void, role?: string, pipeline = true): pg.Pool {
  const pool = new pg.Pool({
    ...connectionTo(url),
    max,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'firstline',
    // Planning a ticket's ten joins takes longer than running them; a named statement is planned once.
    // The workers read queues, which are empty whenever they are analysed: a plan made then would read thousands through.
    options: `-c TimeZone=UTC -c plan_cache_mode=force_generic_plan${pipeline ? '' : ' -c enable_seqscan=off'}${role ? ` -c role=${role}` : ''}`,
    // begin, the settings of row-level security and the first query travel together
    pipeline,
  } as pg.PoolConfig)
  pool.on('error', (cause) => {
    if (!pool.ending) onIdleError(cause)
  })
  // A client that breaks while it is checked out rejects its query; without a listener its error would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export function pooledTransactor(pool: pg.Pool): Transactor {
  return {
    async transaction(work, { reads = false } = {}) {
      const client = await pool.connect()
      // Not awaited: the first query of the work goes out together with it.
      gather(client)
      const begun = client.query('begin')
      begun.catch(() => {})
      try {
        const result = await work(dbOver(client))
        await begun
        const last = takeLast(dbOver(client))
        if (reads && last.length === 0) void finish(client, 'commit')
        else await commit(client, last)
        return result
      } catch (cause) {
        await abandon(dbOver(client))
        if (cause instanceof OutcomeUnknown) client.release(cause)
        else await finish(client, 'rollback')
        throw cause
      }
    },
    close: () => pool.end(),
  }
}

/** `last` was sent and not answered yet. When one of them fails, PostgreSQL makes a rollback of the commit behind it. */
async function commit(client: pg.PoolClient, last: Promise<unknown>[]): Promise<void> {
  gather(client)
  const committing = client.query('commit')
  const answers = await Promise.allSettled([...last, committing])
  const failure = answers.find((one) => one.status === 'rejected')?.reason as (Error & { severity?: string }) | undefined
  // An answer with a severity came from the server: it did not commit. Without one the wire broke.
  if (failure && failure.severity === undefined) throw new OutcomeUnknown('The connection was lost while committing.', { cause: failure })
  if (failure) throw failure
  if ((await committing).command !== 'COMMIT') throw new Error('A statement whose answer nobody waited for failed.')
  client.release()
}

async function finish(client: pg.PoolClient, how: 'commit' | 'rollback'): Promise<void> {
  await client.query(how).then(
    () => client.release(),
    (cause: Error) => client.release(cause),
  )
}
