import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid } from '../../kernel/problem.ts'
import type { SilenceFacts } from './access.ts'
import './events.ts'

/** Planned work: alerts are kept as suppressed meanwhile, and open at its end if they still hold. */
type Wanted = { sourceId: string | null; device: string; reason: string; fromAt?: string | undefined; untilAt: string | null }

export async function beginSilence(context: Context, wanted: Wanted): Promise<string> {
  const fromAt = wanted.fromAt ?? context.now.toString()
  if (wanted.untilAt !== null && Date.parse(wanted.untilAt) <= Math.max(Date.parse(fromAt), context.now.epochMilliseconds))
    throw invalid('untilAt', 'past', 'The end must lie after the beginning, and still be to come.')
  if (wanted.sourceId !== null) {
    const found = await sql`select 1 from alert_source where id = ${wanted.sourceId} and archived_at is null`.execute(context.db)
    if (found.rows.length === 0) throw invalid('sourceId', 'unknown', 'This source is no longer there. Choose another.')
  }
  if (wanted.sourceId === null && wanted.device === '')
    throw invalid('device', 'missing', 'Name a source or a device: all alerts of all sources are never silenced.')
  const made = await sql<{ id: string }>`insert into alert_silence (source_id, device, reason, from_at, until_at, by_id, created_at)
    values (${wanted.sourceId}::bigint, ${wanted.device}, ${wanted.reason}, ${fromAt}::timestamptz, ${wanted.untilAt}::timestamptz, ${context.actor.id}::bigint,
      ${context.now.toString()}::timestamptz) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({ type: 'alert-silence.begun', ...about(id), data: { sourceId: wanted.sourceId } })
  return id
}
const about = (id: string) => ({ subject: { kind: 'alert-silence', id }, audience: 'staff' as const })

export async function endSilence(context: Context, silence: Granted<SilenceFacts, 'routing.edit'>): Promise<void> {
  await sql`update alert_silence set ended_at = ${context.now.toString()} where id = ${silence.id}`.execute(context.db)
  await context.record({ type: 'alert-silence.ended', ...about(silence.id), data: {} })
  for (const sourceId of await withSuppressed(context, silence.source_id))
    context.later(job('alerts.fold', { sourceId }, { queue: `alerts:${sourceId}`, key: `alerts.fold:${sourceId}`, priority: -10 }))
}

async function withSuppressed({ db }: Context, sourceId: string | null): Promise<string[]> {
  const found = await sql<{ id: string }>`select distinct source_id as id from alert where state = 'suppressed'
    and (${sourceId}::bigint is null or source_id = ${sourceId}::bigint)`.execute(db)
  return found.rows.map((row) => row.id)
}
