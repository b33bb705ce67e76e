import { sql } from 'kysely'
import { Temporal } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { callOutside, isLocalDesk } from '../../kernel/outbound.ts'
import { secretPlace } from './actions.ts'
import { laneOf, queueSending } from './actions-deliveries.ts'
import { isGone, isTaken, signatures, waitAfter } from './rules.ts'
import './events.ts'

/**
 * Sends what is due to one webhook. Of a ticket's deliveries only the oldest that waits is sent: one that fails holds up
 * those behind it, never those of other tickets. The lane of its own keeps one slow receiver from delaying others.
 * A delivery is sent at least once: whoever dies between the answer and its row sends it again under the same key.
 */
type Due = {
  id: string
  key: string
  type: string
  body: string
  tries: number
  url: string
  secret: Uint8Array
  secret_before: Uint8Array | null
  withheld: boolean
}
type Answer = { status: number | null; ms: number; cause: string; text: string }
const mostAtOnce = 50
const longestTurn = 20_000
const kilobyte = 1024

export async function sendDue(kernel: Kernel, webhookId: string): Promise<void> {
  const began = performance.now()
  for (let sent = 0; sent < mostAtOnce && performance.now() - began < longestTurn; sent++) {
    const due = await kernel.asSystem((context) => nextDue(context, webhookId))
    if (!due) return
    if (due.withheld) {
      await kernel.asSystem((context) => withhold(context, due.id))
      continue
    }
    const answer = await post(kernel, webhookId, due)
    await kernel.asSystem((context) => settle(context, webhookId, due, answer))
  }
  await kernel.asSystem(async (context) => queueSending(context, webhookId))
}

async function nextDue({ db, now }: Context, webhookId: string): Promise<Due | undefined> {
  const found = await sql<Due>`select d.id, d.key, d.type, d.body::text as body, d.tries, w.url, w.secret,
      case when w.secret_before_until > ${now.toString()}::timestamptz then w.secret_before end as secret_before,
      t.restricted_at is not null or t.deleted_at is not null as withheld
    from webhook w join webhook_delivery d on d.webhook_id = w.id left join ticket t on t.id = d.ticket_id
    where w.id = ${webhookId} and w.archived_at is null and w.switched_off_at is null and w.secret is not null
      and d.state = 'waiting' and d.next_at <= ${now.toString()}::timestamptz
      and (d.ticket_id is null or not exists (select 1 from webhook_delivery b
        where b.webhook_id = d.webhook_id and b.ticket_id = d.ticket_id and b.state = 'waiting' and b.id < d.id))
    order by d.next_at, d.id limit 1`.execute(db)
  return found.rows[0]
}

async function post(kernel: Kernel, webhookId: string, due: Due): Promise<Answer> {
  const began = performance.now()
  const passed = () => Math.round(performance.now() - began)
  const secrets = [kernel.secrets.open(due.secret, secretPlace(webhookId))]
  if (due.secret_before) secrets.push(kernel.secrets.open(due.secret_before, secretPlace(webhookId, 'secret_before')))
  const timestamp = Math.floor(kernel.clock.now().epochMilliseconds / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Firstline-Webhooks',
    'webhook-id': due.key,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures(secrets, due.key, timestamp, due.body),
  }
  try {
    const loopback = isLocalDesk(kernel.settings)
    const answer = await callOutside(due.url, { method: 'POST', headers, body: due.body, loopback, most: 100_000 })
    const text = Buffer.from(await answer.arrayBuffer())
      .subarray(0, kilobyte)
      .toString('utf8')
      .replaceAll('\0', '')
    return { status: answer.status, ms: passed(), cause: '', text }
  } catch (cause) {
    const { code, name, message } = cause as Error & { code?: string }
    return { status: null, ms: passed(), cause: String(code ?? (name === 'TimeoutError' ? 'TIMEOUT' : message)).slice(0, 200), text: '' }
  }
}

/** What was told when it happened may be secret by now: its ticket was restricted, or set aside as spam. */
async function withhold({ db, now }: Context, deliveryId: string): Promise<void> {
  const at = now.toString()
  await sql`insert into webhook_try (delivery_id, at, ms, cause) select id, ${at}, 0, 'WITHHELD' from webhook_delivery where id = ${deliveryId}`.execute(
    db,
  )
  await sql`update webhook_delivery set state = 'failed', settled_at = ${at}::timestamptz where id = ${deliveryId}`.execute(db)
}

async function settle(context: Context, webhookId: string, due: Due, answer: Answer): Promise<void> {
  const at = context.now.toString()
  const taken = isTaken(answer.status)
  const tries = due.tries + 1
  const wait = taken || isGone(answer.status) ? null : waitAfter(tries, due.id)
  const next = wait === null ? null : context.now.add({ milliseconds: Math.round(wait * 1000) })
  const state = taken ? 'delivered' : next === null ? 'failed' : 'waiting'
  await sql`insert into webhook_try (delivery_id, at, status, ms, cause, answer)
    select id, ${at}, ${answer.status}::int, ${answer.ms}::int, ${answer.cause}, ${answer.text} from webhook_delivery where id = ${due.id}`.execute(
    context.db,
  )
  const told = await sql<{
    first_tried_at: Temporal.Instant
  }>`update webhook_delivery set tries = ${tries}, state = ${state}, first_tried_at = coalesce(first_tried_at, ${at}::timestamptz),
    next_at = coalesce(${next?.toString() ?? null}::timestamptz, next_at), settled_at = ${next === null ? at : null}::timestamptz where id = ${due.id} returning first_tried_at`.execute(
    context.db,
  )
  if (taken)
    return void (await sql`update webhook set failing_since = null where id = ${webhookId} and failing_since is not null`.execute(
      context.db,
    ))
  const since = await sql<{
    failing_since: Temporal.Instant
  }>`update webhook set failing_since = coalesce(failing_since, ${at}::timestamptz) where id = ${webhookId} returning failing_since`.execute(
    context.db,
  )
  if (next !== null) return context.later(job('webhooks.send', { webhookId }, { queue: laneOf(webhookId), at: next }))
  const [first, failing] = [told.rows[0]?.first_tried_at, since.rows[0]?.failing_since]
  // For as long as this one was tried, none other got through either.
  const always = first && failing && Temporal.Instant.compare(failing, first) <= 0
  if (isGone(answer.status)) await switchOff(context, webhookId, 'gone')
  else if (always) await switchOff(context, webhookId, 'failing')
}

async function switchOff(context: Context, id: string, why: 'gone' | 'failing'): Promise<void> {
  const off = await sql<{
    owner_id: string
  }>`update webhook set switched_off_at = ${context.now.toString()}, switched_off_why = ${why}, version = version + 1
    where id = ${id} and switched_off_at is null returning owner_id`.execute(context.db)
  const row = off.rows[0]
  if (row)
    await context.record({
      type: 'webhook.switched-off',
      subject: { kind: 'webhook', id },
      audience: 'staff',
      data: { personId: row.owner_id, why },
    })
}

/** Whose own job was lost, in a restored backup perhaps. */
export async function queueForgotten(context: Context): Promise<void> {
  const found = await sql<{ id: string }>`select w.id from webhook w where w.archived_at is null and w.switched_off_at is null and exists (
    select 1 from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting' and d.next_at < ${context.now.subtract({ minutes: 1 }).toString()}::timestamptz)`.execute(
    context.db,
  )
  for (const { id } of found.rows) queueSending(context, id)
}

/** Bodies hold what people wrote as a subject: they are kept for seven days. */
export async function sweepDeliveries(context: Context): Promise<number> {
  const gone = await sql`delete from webhook_delivery where id in (select id from webhook_delivery
    where at < ${context.now.subtract({ hours: 7 * 24 }).toString()}::timestamptz limit 5000)`.execute(context.db)
  return Number(gone.numAffectedRows ?? 0n)
}
