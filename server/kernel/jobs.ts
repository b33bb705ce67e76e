import type { Instant } from './clock.ts'
import type { Kernel } from './context.ts'
import type { QueuedJob } from './events.ts'

/**
 * Slow or outside work. A job exists exactly when the change that it follows does, because both are rows of one
 * transaction. Features merge their payloads:
 *   declare module '../../kernel/jobs.ts' { interface JobTypes { 'mail.send': { outboundId: string } } }
 */
// biome-ignore lint/suspicious/noEmptyInterface: features merge into it
export interface JobTypes {}
export type JobName = keyof JobTypes & string

export type JobChoices = { queue?: string; at?: Instant; attempts?: number; key?: string; priority?: number }

/** Jobs of one queue run one after another; a key replaces a waiting job of the same key. Smaller priority runs first. */
export function job<N extends JobName>(name: N, payload: JobTypes[N], choices: JobChoices = {}): QueuedJob {
  return {
    identifier: name,
    payload,
    ...(choices.queue === undefined ? {} : { queue_name: choices.queue }),
    ...(choices.at === undefined ? {} : { run_at: choices.at.toString() }),
    ...(choices.attempts === undefined ? {} : { max_attempts: choices.attempts }),
    ...(choices.key === undefined ? {} : { job_key: choices.key }),
    ...(choices.priority === undefined ? {} : { priority: choices.priority }),
  }
}

/** Idempotent: it may run twice. Opens its own transactions through `kernel.asSystem`. */
export type JobRun<N extends JobName = JobName> = (kernel: Kernel, payload: JobTypes[N]) => Promise<void>
export type Jobs = { [N in JobName]?: JobRun<N> }
export const jobs = (own: Jobs): Jobs => own

/** Work by the clock: each tick runs once whatever the number of nodes. `cron` in UTC, five fields. */
export type Schedule = { name: JobName; cron: string }
