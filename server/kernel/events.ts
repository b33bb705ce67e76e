import { sql } from 'kysely'
import type { Context } from './context.ts'
import type { QueuedJob } from './jobs.ts'

/**
 * Every state change is an event: at once the audit trail, the timeline, the outbox for reactions, the source of the
 * metrics and of the live stream. Features merge their types:
 *   declare module '../../kernel/events.ts' { interface EventTypes { 'ticket.replied': { messageId: string } } }
 * `data` holds ids, codes and numbers only; text that must be erasable lives in its own rows.
 */
// biome-ignore lint/suspicious/noEmptyInterface: features merge into it
export interface EventTypes {}
export type EventType = keyof EventTypes & string
/** What reactions need of the same moment and the event must not keep (text): passed along in memory only. */
// biome-ignore lint/suspicious/noEmptyInterface: features merge into it
export interface EventCarries {}

export type NewEvent<T extends EventType = EventType> = {
  type: T
  subject: { kind: string; id: string }
  ticketId?: string | null
  organisationId?: string | null
  onBehalfOfId?: string | null
  rule?: string | null
  /** everyone: the requester's side may see it in the timeline. */
  audience: 'staff' | 'everyone'
  data: EventTypes[T]
  carry?: T extends keyof EventCarries ? EventCarries[T] : never
}
export type RecordedEvent<T extends EventType = EventType> = NewEvent<T>

/**
 * What a feature does when something happened. now: own tables, in this transaction, so that the answer already
 * carries it. later: returns jobs, which the kernel adds in one call.
 */
export type Reaction<T extends EventType = EventType> = {
  now?: (context: Context, event: RecordedEvent<T>) => Promise<void>
  later?: (context: Context, event: RecordedEvent<T>) => QueuedJob | QueuedJob[] | undefined
}
export type Reactions = { [T in EventType]?: Reaction<T> }
export const reactions = (own: Reactions): Reactions => own

/** All features' reactions, in the order of app.ts. */
export type ReactionTable = Map<string, Reaction[]>
export function reactionTable(all: Reactions[]): ReactionTable {
  const table: ReactionTable = new Map()
  for (const own of all)
    for (const [type, reaction] of Object.entries(own)) table.set(type, [...(table.get(type) ?? []), reaction as Reaction])
  return table
}

/**
 * Ends a transaction's work in one round trip: event rows, jobs, and one NOTIFY with ids only. The audience of each
 * touched ticket goes with it, so that the live stream can filter in memory (kernel/live.ts).
 */
export async function flush(context: Context, events: NewEvent[], jobs: QueuedJob[]): Promise<void> {
  if (events.length === 0 && jobs.length === 0) return
  const rows = events.map((event) => ({
    type: event.type,
    subject_kind: event.subject.kind,
    subject_id: event.subject.id,
    ticket_id: event.ticketId ?? null,
    organisation_id: event.organisationId ?? null,
    on_behalf_of_id: event.onBehalfOfId ?? null,
    rule: event.rule ?? null,
    audience: event.audience,
    data: event.data,
  }))
  await sql`select firstline.flush(${context.now.toString()}, ${context.actor.id}, ${context.requestId}, ${JSON.stringify(rows)}, ${JSON.stringify(jobs)})`.execute(
    context.db,
  )
}
