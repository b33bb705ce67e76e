import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Actor, declareActor } from './actor.ts'
import type { Instant } from './clock.ts'
import { type Context, type Kernel, openContext } from './context.ts'
import type { NewEvent } from './events.ts'

/**
 * One transaction in which many people act one after another, each at a time of its own: how the sample company gets
 * its year. The actions and their `now` reactions are the real ones and events carry the moved time; but no job is
 * queued and nobody is told, so nothing of it is mailed.
 */
export type ActAs = (actor: Actor, now: Instant) => Context
/** A part that may fail alone: its rows and its events are taken back, and what came before stays. */
export type Attempt = <T>(part: () => Promise<T>) => Promise<T>
/** quiet: no reactions either, so that nothing is routed, rung or triggered (imports bring the past of another desk). */
export type PastChoices = { quiet?: boolean }

export async function inThePast<T>(
  kernel: Kernel,
  work: (actAs: ActAs, attempt: Attempt) => Promise<T>,
  { quiet = false }: PastChoices = {},
): Promise<T> {
  const requestId = randomUUID()
  const own: Kernel = quiet ? { ...kernel, reactions: new Map() } : kernel
  return kernel.transactor.transaction(async (db) => {
    const kept: { context: Context; event: NewEvent }[] = []
    let declared: Actor | undefined
    const actAs: ActAs = (actor, now) => {
      // Not awaited: it travels ahead of the action's first statement on the same wire. A failure fails the transaction.
      if (actor !== declared) declareActor(db, actor)
      declared = actor
      return openContext(own, db, actor, requestId, { now, keep: (context, event) => void kept.push({ context, event }) })
    }
    const attempt: Attempt = async (part) => {
      const before = kept.length
      await sql`savepoint part`.execute(db)
      try {
        const result = await part()
        await sql`release savepoint part`.execute(db)
        return result
      } catch (cause) {
        await sql`rollback to savepoint part`.execute(db)
        kept.length = before
        // Who acts was declared inside the part, perhaps, and then went with it.
        declared = undefined
        throw cause
      }
    }
    const result = await work(actAs, attempt)
    await writeEvents(kept, db)
    return result
  })
}

async function writeEvents(kept: { context: Context; event: NewEvent }[], db: Context['db']): Promise<void> {
  const rows = kept.map(({ context, event }) => ({
    at: context.now.toString(),
    type: event.type,
    subject_kind: event.subject.kind,
    subject_id: event.subject.id,
    ticket_id: event.ticketId ?? null,
    organisation_id: event.organisationId ?? null,
    actor_id: context.actor.id,
    on_behalf_of_id: event.onBehalfOfId ?? null,
    rule: event.rule ?? null,
    request_id: context.requestId,
    audience: event.audience,
    data: event.data,
  }))
  await sql`insert into event (at, type, subject_kind, subject_id, ticket_id, organisation_id, actor_id, on_behalf_of_id, rule, request_id, audience, data)
    select e.at, e.type, e.subject_kind, e.subject_id, e.ticket_id, e.organisation_id, e.actor_id, e.on_behalf_of_id, e.rule, e.request_id, e.audience, coalesce(e.data, '{}')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (at timestamptz, type text, subject_kind text, subject_id bigint, ticket_id bigint, organisation_id bigint,
      actor_id bigint, on_behalf_of_id bigint, rule text, request_id text, audience text, data jsonb)`.execute(db)
}
