import { sql } from 'kysely'
import type { z } from 'zod'
import type { webhooks } from '../../../contract/webhooks.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { type JobTypes, job } from '../../kernel/jobs.ts'
import { notFound } from '../../kernel/problem.ts'
import { newToken } from '../../kernel/secrets.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import { readWebhook, type WebhookFacts } from './access.ts'
import { snapshotOf } from './access-snapshot.ts'
import './events.ts'

/** Deliveries come into being: from events, from a rule, as a test, and again. */
type Editable = Granted<WebhookFacts, 'automation.edit'>
type New = { webhookId: string; ticketId: string | null; key: string; type: string; at: string; data: Record<string, unknown> }

export const laneOf = (webhookId: string) => `webhook-${webhookId}`
export function queueSending({ later }: Pick<Context, 'later'>, webhookId: string): void {
  later(job('webhooks.send', { webhookId }, { queue: laneOf(webhookId), key: `webhooks.send:${webhookId}` }))
}

async function insertDeliveries(context: Context, all: readonly New[]): Promise<string[]> {
  const rows = all.map(({ webhookId, ticketId, key, type, at, data }, n) => ({
    n,
    webhook_id: webhookId,
    ticket_id: ticketId,
    key,
    type,
    at,
    body: { type, timestamp: at, data },
  }))
  const made = await sql<{
    id: string
    webhook_id: string
  }>`insert into webhook_delivery (webhook_id, ticket_id, key, type, at, body, next_at)
    select x.webhook_id, x.ticket_id, x.key, x.type, x.at, x.body, ${context.now.toString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (webhook_id bigint, ticket_id bigint, key text, type text, at timestamptz, body jsonb, n int)
    order by x.n on conflict (webhook_id, key) do nothing returning id, webhook_id`.execute(context.db)
  for (const id of new Set(made.rows.map((row) => row.webhook_id))) queueSending(context, id)
  return made.rows.map((row) => row.id)
}

/** From what happened to a ticket. The keys come from the job, so that running it twice adds nothing twice. */
export async function noteEvents(context: Context, { ticketId, events, key }: JobTypes['webhooks.note']): Promise<void> {
  const ticket = await snapshotOf(context, ticketId)
  if (ticket === null) return
  const waiting = await sql<{ id: string; types: string[] }>`select id, types from webhook
    where archived_at is null and switched_off_at is null and types && ${events.map((one) => one.type)}::text[] order by id`.execute(
    context.db,
  )
  const all = events.flatMap((event, n) =>
    waiting.rows
      .filter(({ types }) => types.includes(event.type))
      .map(({ id }) => ({
        webhookId: id,
        ticketId,
        key: `msg_${key}-${n}`,
        type: event.type,
        at: event.at,
        data: { ...event.data, ticketId, ticket },
      })),
  )
  if (all.length > 0) await insertDeliveries(context, all)
}

/** What a rule sends. False: there is nothing that may be told, or nowhere to. */
export async function sendByRule(
  context: Context,
  webhookId: string,
  ticketId: string,
  rule: { id: string; name: string },
): Promise<boolean> {
  const ticket = await snapshotOf(context, ticketId)
  const open = await sql`select 1 from webhook where id = ${webhookId} and archived_at is null and switched_off_at is null`.execute(
    context.db,
  )
  if (ticket === null || open.rows.length === 0) return false
  const data = { rule, ticketId, ticket }
  await insertDeliveries(context, [{ webhookId, ticketId, key: `msg_${newToken()}`, type: 'rule.matched', at: onWire(context.now), data }])
  return true
}

export async function sendTest(context: Context, row: Editable): Promise<string> {
  const at = onWire(context.now)
  const data = { webhookId: row.id, message: 'This is a test from Firstline.' }
  const [id] = await insertDeliveries(context, [{ webhookId: row.id, ticketId: null, key: `msg_${newToken()}`, type: 'test', at, data }])
  if (id === undefined) throw notFound()
  return id
}

type Replay = z.output<(typeof webhooks)['POST /api/webhooks/:id/replay']['body']>
const most = 1000

/** Oldest first, as they came; under the same webhook-id, so that a receiver which had one already can tell. */
export async function replay(context: Context, row: Editable, which: Replay): Promise<{ count: number; more: boolean }> {
  await readWebhook(context, row.id)
  const parts = [
    sql`d.webhook_id = ${row.id}`,
    sql`d.state <> 'waiting'`,
    sql`(d.ticket_id is null or (t.id is not null and ${visibleTo(context.actor)}))`,
    ...(which.ids ? [sql`d.id = any(${which.ids}::bigint[])`] : []),
    ...(which.from ? [sql`d.at >= ${which.from}::timestamptz`] : []),
    ...(which.until ? [sql`d.at < ${which.until}::timestamptz`] : []),
    ...(which.state ? [sql`d.state = ${which.state}`] : []),
  ]
  const again = await sql<{ n: number }>`with chosen as (select d.id from webhook_delivery d left join ticket t on t.id = d.ticket_id
      where ${sql.join(parts, sql` and `)} order by d.id limit ${sql.lit(most + 1)}),
    again as (update webhook_delivery set state = 'waiting', settled_at = null, tries = 0, first_tried_at = null, next_at = ${context.now.toString()}::timestamptz
      where id in (select id from chosen order by id limit ${sql.lit(most)}) returning 1)
    select count(*)::int as n from chosen`.execute(context.db)
  const found = again.rows[0]?.n ?? 0
  const count = Math.min(found, most)
  if (count > 0) {
    queueSending(context, row.id)
    await context.record({ type: 'webhook.replayed', subject: { kind: 'webhook', id: row.id }, audience: 'staff', data: { count } })
  }
  return { count, more: found > most }
}
