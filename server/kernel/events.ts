import { sql } from 'kysely'
import type { Instant } from './clock.ts'
import { type Db, sendWithCommit } from './db.ts'

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
/** As graphile_worker.job_spec takes it; made by kernel/jobs.ts. */
export type QueuedJob = {
  identifier: string
  payload: unknown
  queue_name?: string
  run_at?: string
  max_attempts?: number
  job_key?: string
  priority?: number
}

/**
 * Ends a transaction's work in the round trip of its commit: event rows, jobs, and one NOTIFY with ids only. The audience
 * of each touched ticket goes with it, so that the live stream can filter in memory (kernel/live.ts).
 */
export type Moment = { db: Db; now: Instant; actor: { id: string | null }; requestId: string }

export function flush(moment: Moment, events: NewEvent[], jobs: QueuedJob[]): void {
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
  const ending = sql`select firstline.flush(${moment.now.toString()}, ${moment.actor.id}, ${moment.requestId}, ${JSON.stringify(rows)}, ${JSON.stringify(lastOfEachKey(jobs))})`
  sendWithCommit(moment.db, ending)
}

/** A key replaces a waiting job: also one of this same moment, for one statement could not write a row twice. */
function lastOfEachKey(jobs: QueuedJob[]): QueuedJob[] {
  const last = new Map(jobs.map((one) => [one.job_key, one]))
  return jobs.filter((one) => one.job_key === undefined || last.get(one.job_key) === one)
}
