import { randomUUID } from 'node:crypto'
import type { Right } from '../../contract/rights.ts'
import { type Actor, declareActor, systemActor } from './actor.ts'
import { type ActorMemory, mayChangeRights } from './actor-memory.ts'
import type { Clock, Instant } from './clock.ts'
import { besideDone, type Db, runBeside, type Transactor } from './db.ts'
import { type EventType, flush, type NewEvent, type QueuedJob } from './events.ts'
import type { Files } from './files.ts'
import type { Log } from './log.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

/** The outside world, as features merge it in: transports, DNS, random. Tests pass their own. */
// biome-ignore lint/suspicious/noEmptyInterface: features merge into it
export interface Outside {}

/** What the whole program stands on; made once by buildApp. */
export type Kernel = {
  settings: Settings
  clock: Clock
  log: Log
  files: Files
  secrets: Secrets
  outside: Outside
  transactor: Transactor
  reactions: ReactionTable
  actors: ActorMemory
  allRights: ReadonlySet<Right>
  /** One transaction as the program itself; events, reactions and jobs as in a request. */
  asSystem<T>(work: (context: Context) => Promise<T>, requestId?: string): Promise<T>
}

/** One request's or job's world: its transaction, who acts, and what time it is for all of it. */
export type Context = {
  kernel: Kernel
  db: Db
  actor: Actor
  now: Instant
  requestId: string
  /** Writes the event and runs the features' `now` reactions; `later` ones become jobs of this transaction. */
  record<T extends EventType>(event: NewEvent<T>): Promise<void>
  later(...jobs: QueuedJob[]): void
  /** Work that nothing after it needs: its statements go out with the next ones, and it is waited for before the commit. */
  alongside(work: Promise<unknown>): Promise<void>
  /** A change of many tickets at once: what may wait until its end is done there, once for all of them. */
  many?: true
  /** Before the end, when all else is done; of one key only the first. */
  atEnd(key: string, act: () => Promise<void>): void
  /** What to do once this transaction has committed; lost when it does not. */
  afterCommit(act: () => void): void
  /** Written after the fact (kernel/history.ts): nothing of it is mailed and nobody is called. */
  past?: true
}

/** A reaction whose event type is no longer known; kernel/reactions.ts has the typed one. */
export type Reaction = {
  now?: (context: Context, event: NewEvent) => Promise<void>
  later?: (context: Context, event: NewEvent) => QueuedJob | QueuedJob[] | undefined
}
export type ReactionTable = ReadonlyMap<string, readonly Reaction[]>

export type ContextEnd = { flush(): Promise<void>; committed(): void }

/** For history (kernel/history.ts): another time than the clock's, events kept for one write, no jobs and nobody told. */
export type Past = { now: Instant; keep(context: Context, event: NewEvent): void }

export function openContext(kernel: Kernel, db: Db, actor: Actor, requestId: string, past?: Past): Context & ContextEnd {
  const events: NewEvent[] = []
  const queued: QueuedJob[] = []
  const after: (() => void)[] = []
  const ends = new Map<string, () => Promise<void>>()
  let rightsChanged = false
  const context: Context & ContextEnd = {
    kernel,
    db,
    actor,
    now: writtenOnce(past?.now ?? kernel.clock.now()),
    requestId,
    ...(past ? { past: true as const } : {}),
    async record(event) {
      rightsChanged ||= mayChangeRights(event.type)
      if (past) past.keep(context, event as unknown as NewEvent)
      else events.push(event as unknown as NewEvent)
      for (const reaction of kernel.reactions.get(event.type) ?? []) {
        await reaction.now?.(context, event as never)
        const jobs = past ? undefined : reaction.later?.(context, event as never)
        if (jobs) queued.push(...(Array.isArray(jobs) ? jobs : [jobs]))
      }
    },
    later: (...jobs) => void (past ? 0 : queued.push(...jobs)),
    async alongside(work) {
      // History has no end of its own at which it could be waited for.
      if (past) return void (await work)
      runBeside(db, work)
    },
    atEnd: (key, act) => void (ends.has(key) || ends.set(key, act)),
    afterCommit: (act) => void after.push(act),
    async flush() {
      await besideDone(db)
      for (const [key, act] of ends) {
        ends.delete(key)
        await act()
      }
      flush(context, events.splice(0), queued.splice(0))
    },
    committed: () => {
      if (rightsChanged) kernel.actors.forgetAll()
      for (const act of after.splice(0)) act()
    },
  }
  return context
}

/** An action writes its moment into a dozen statements, and each time the calendar would be worked out anew. */
function writtenOnce(now: Instant): Instant {
  const text = now.toString()
  const written = (...choices: Parameters<Instant['toString']>) =>
    choices.length === 0 ? text : (Object.getPrototypeOf(now) as Instant).toString.apply(now, choices)
  return Object.defineProperty(now, 'toString', { value: written, configurable: true })
}

export function asSystem(kernel: Omit<Kernel, 'asSystem'> & Partial<Kernel>): Kernel['asSystem'] {
  const actor = systemActor(kernel.allRights)
  return async (work, requestId = randomUUID()) => {
    let end: ContextEnd | undefined
    const result = await kernel.transactor.transaction(async (db) => {
      declareActor(db, actor)
      const context = openContext(kernel as Kernel, db, actor, requestId)
      end = context
      const answer = await work(context)
      await context.flush()
      return answer
    })
    // A job may have changed rows that no event tells of.
    kernel.actors?.forgetAll()
    end?.committed()
    return result
  }
}
