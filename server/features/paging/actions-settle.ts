import { sql } from 'kysely'
import type { PolicyStep } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import { later, nobodyReached } from './actions-advance.ts'
import { advanceJob } from './actions-begin.ts'
import { queueWays, type Way } from './actions-queue.ts'
import { following, type Place } from './rules.ts'
import type { Outcome } from './senders.ts'
import './events.ts'

/** What became of a message; and, when it failed, who or what is tried now instead of after the wait. */
export async function settleMessage(context: Context, message: { id: string; fence: number }, outcome: Outcome): Promise<void> {
  const state = outcome.sent ? 'sent' : 'failed'
  const settled = await sql<{
    channel_id: string | null
  }>`update page_message set state = ${state}, token = null, provider_id = ${outcome.sent ? outcome.providerId : null}
    where id = ${message.id} and fence = ${message.fence} and state = 'sending' returning channel_id`.execute(context.db)
  const row = settled.rows[0]
  if (!row) return
  if (outcome.sent) {
    await sql`update page_attempt set state = 'sent' where message_id = ${message.id} and state = 'sending'`.execute(context.db)
    return
  }
  if (outcome.gone && row.channel_id)
    await sql`update paging_channel set gone_at = ${context.now.toString()} where id = ${row.channel_id} and gone_at is null`.execute(
      context.db,
    )
  await failAttempts(context, message.id, outcome.cause)
}

/** Its provider took it and says later that it did not arrive. */
export async function failMessage(context: Context, messageId: string, cause: string): Promise<void> {
  await sql`update page_message set state = 'failed', token = null where id = ${messageId}`.execute(context.db)
  await failAttempts(context, messageId, cause)
}

export async function noteDelivered(context: Context, messageId: string): Promise<void> {
  await sql`update page_attempt set state = 'delivered', delivered_at = ${context.now.toString()} where message_id = ${messageId} and state in ('sending', 'sent')`.execute(
    context.db,
  )
}

async function failAttempts(context: Context, messageId: string, cause: string): Promise<void> {
  const failed = await sql<{ ring_id: string; page_id: string }>`update page_attempt set state = 'failed', cause = ${cause.slice(0, 200)}
    where message_id = ${messageId} and state in ('sending', 'sent') returning ring_id, page_id`.execute(context.db)
  if (failed.rows.length === 0) return
  const rings = failed.rows.map((row) => row.ring_id)
  // The next way of the same person at once.
  const next =
    await sql<Way>`with next as (select distinct on (a.ring_id) a.id from page_attempt a where a.ring_id = any(${rings}::bigint[]) and a.state = 'waiting'
      order by a.ring_id, a.place)
    update page_attempt a set due_at = least(a.due_at, ${context.now.toString()}::timestamptz) from next where a.id = next.id
    returning a.person_id as "personId", a.kind, a.channel_id as "channelId"`.execute(context.db)
  queueWays(context, next.rows)
  await hasten(context, [...new Set(failed.rows.map((row) => row.page_id))])
}

type Hopeless = Place & {
  id: string
  ticket_id: string
  organisation_id: string | null
  steps: PolicyStep[]
  loops: number
  last: string
  reached: boolean
}

/** Where of the newest step nobody can be told any more, its wait and its repeats are for nothing: the next step rings now. */
async function hasten(context: Context, pageIds: readonly string[]): Promise<void> {
  const hopeless =
    await sql<Hopeless>`select p.id, p.ticket_id, t.organisation_id, p.steps, p.loops, l.step, l.loop, l.round, l.target as last,
      exists (select 1 from page_attempt a join page_ring r on r.id = a.ring_id where r.page_id = p.id and r.episode = l.episode
        and a.state in ('waiting', 'sending', 'sent', 'delivered')) as reached
    from page p join ticket t on t.id = p.ticket_id
    join lateral (select r.episode, r.step, r.loop, r.round, r.target from page_ring r where r.page_id = p.id order by r.id desc limit 1) l on true
    where p.id = any(${[...pageIds]}::bigint[]) and p.state = 'ringing'
      and not exists (select 1 from page_ring r join page_attempt a on a.ring_id = r.id where r.page_id = p.id and r.episode = l.episode and r.step = l.step
        and r.loop = l.loop and r.round = l.round and a.state in ('waiting', 'sending', 'sent', 'delivered'))
    order by p.id for update of p`.execute(context.db)
  for (const page of hopeless.rows) await goOn(context, page)
}

async function goOn(context: Context, page: Hopeless): Promise<void> {
  // Behind the catch-all stands nobody: it is told, and rings again in its own time.
  if (page.last === 'catch-all') return nobodyReached(context, page)
  const to = following(page.steps, page.loops, page, true)
  // From the beginning only after the wait: what failed a moment ago fails again.
  const again = to.loop > page.loop
  if (again && !page.reached) await nobodyReached(context, page)
  await sql`update page set step = ${to.step}, loop = ${to.loop}, round = ${to.round}, fence = fence + 1
    ${again ? sql`` : sql`, next_at = ${later(context.now)}, wait_minutes = 0`} where id = ${page.id}`.execute(context.db)
  if (!again) context.later(advanceJob(page.id))
}
