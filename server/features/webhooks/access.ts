import { sql } from 'kysely'
import type { Delivery, Webhook } from '../../../contract/webhooks.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleTo } from '../tickets/access-visibility.ts'

/** Webhooks and their log, for those who look after them. Of a secret only that there is one. */
export type WebhookFacts = {
  id: string
  version: number
  name: string
  url: string
  types: string[]
  secret: Uint8Array | null
  owner_id: string
  switched_off_at: Instant | null
}

const columns = sql`w.id, w.version, w.name, w.url, w.types, json_build_object('id', w.owner_id::text, 'name', coalesce(firstline.name_of(w.owner_id), '')) as owner,
  ${wireTime('w.created_at')} as "createdAt", w.switched_off_at is null as on, w.switched_off_why as "offWhy", ${wireTime('w.failing_since')} as "failingSince",
  w.secret is not null as "hasSecret", ${wireTime('w.secret_before_until')} as "secretBeforeUntil",
  (select count(*)::int from (select 1 from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting' limit 1000) x) as waiting`

export const listWebhooks = async ({ db }: Context): Promise<Webhook[]> =>
  (await sql<Webhook>`select ${columns} from webhook w where w.archived_at is null order by w.name, w.id limit 200`.execute(db)).rows

export async function readWebhook({ db }: Context, id: string): Promise<Webhook> {
  const found = await sql<Webhook>`select ${columns} from webhook w where w.id = ${id} and w.archived_at is null`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export async function accessWebhook({ db }: Context, id: string): Promise<Granted<WebhookFacts, 'automation.edit'>> {
  const found = await sql<WebhookFacts>`select id, version, name, url, types, secret, owner_id, switched_off_at from webhook
    where id = ${id} and archived_at is null for update`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<WebhookFacts, 'automation.edit'>
}

const deliveryColumns = sql`d.id, d.key, d.type, ${wireTime('d.at')} as at, d.state, d.tries, d.ticket_id as "ticketId",
  case when d.state = 'waiting' then ${wireTime('d.next_at')} end as "nextAt", l.status as "lastStatus", coalesce(l.cause, '') as "lastCause"`
const withLast = sql`webhook_delivery d left join ticket t on t.id = d.ticket_id
  left join lateral (select y.status, y.cause from webhook_try y where y.delivery_id = d.id order by y.id desc limit 1) l on true`
const seen = (context: Context) => sql`(d.ticket_id is null or (t.id is not null and ${visibleTo(context.actor)}))`

type Query = { limit: number; after?: string | undefined; state?: Delivery['state'] | undefined }

export async function listDeliveries(
  context: Context,
  webhookId: string,
  query: Query,
): Promise<{ items: Delivery[]; next: string | null }> {
  await readWebhook(context, webhookId)
  if (query.after !== undefined && !/^\d{1,19}$/.test(query.after))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  const found = await sql<Delivery>`select ${deliveryColumns} from ${withLast} where d.webhook_id = ${webhookId} and ${seen(context)}
    ${query.after === undefined ? sql`` : sql`and d.id < ${query.after}::bigint`} ${query.state === undefined ? sql`` : sql`and d.state = ${query.state}`}
    order by d.id desc limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  const items = found.rows.slice(0, query.limit)
  return { items, next: found.rows.length > query.limit ? (items.at(-1)?.id ?? null) : null }
}

type Try = { at: string; status: number | null; ms: number; cause: string; answer: string }
export async function readDelivery(context: Context, id: string): Promise<Delivery & { body: string; allTries: Try[] }> {
  const found = await sql<Delivery & { body: string }>`select ${deliveryColumns}, jsonb_pretty(d.body) as body from ${withLast}
    where d.id = ${id} and ${seen(context)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  const tries =
    await sql<Try>`select ${wireTime('at')} as at, status, ms, cause, answer from webhook_try where delivery_id = ${id} order by id`.execute(
      context.db,
    )
  return { ...found.rows[0], allTries: tries.rows }
}
