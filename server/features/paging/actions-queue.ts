import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import './events.ts'

/** To one person by one way. What waits there goes out together: one job however many pages wait. */
export type Way = { personId: string; kind: string; channelId: string | null; at?: Instant | undefined }

export function queueWays({ later }: Pick<Context, 'later'>, ways: readonly Way[]): void {
  const told = new Set<string>()
  for (const { personId, kind, channelId, at } of ways) {
    // A job of the same key would take over the time of one that waits: each time has a key of its own.
    const key = `paging.send:${personId}:${kind}:${channelId ?? ''}:${at ? Math.floor(at.epochMilliseconds / 1000) : ''}`
    if (told.has(key)) continue
    told.add(key)
    later(job('paging.send', { personId, kind, channelId }, { key, priority: -20, attempts: 5, ...(at ? { at } : {}) }))
  }
}
