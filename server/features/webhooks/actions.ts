import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Webhook, webhooks } from '../../../contract/webhooks.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { isLocalDesk, whyNotCalled } from '../../kernel/outbound.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { readWebhook, type WebhookFacts } from './access.ts'
import { forgetAwaited } from './access-awaited.ts'
import { queueSending } from './actions-deliveries.ts'
import { secretText } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof webhooks)['POST /api/webhooks']['body']>
type Change = z.output<(typeof webhooks)['PATCH /api/webhooks/:id']['body']>
type Editable = Granted<WebhookFacts, 'automation.edit'>
type WithSecret = Webhook & { secret: string }

const about = (id: string) => ({ subject: { kind: 'webhook', id }, audience: 'staff' as const })
export const secretPlace = (id: string, column: 'secret' | 'secret_before' = 'secret') => ({ table: 'webhook', column, row: id })
const bothSignFor = { hours: 24 }

export async function addWebhook(context: Context, input: Input): Promise<WithSecret> {
  refuseAddress(context, input.url)
  const made = await sql<{ id: string }>`insert into webhook (name, url, types, owner_id, created_at)
    values (${input.name}, ${input.url}, ${[...new Set(input.types)]}, ${context.actor.id}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  const secret = await putSecret(context, id)
  await context.record({ type: 'webhook.created', ...about(id), data: {} })
  forgetAwaited(context)
  return { ...(await readWebhook(context, id)), secret }
}

export async function changeWebhook(context: Context, row: Editable, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this webhook meanwhile.', {
      details: { current: await readWebhook(context, row.id) },
    })
  if (change.url !== undefined) refuseAddress(context, change.url)
  const at = context.now.toString()
  if (change.on === true && row.secret === null) throw invalid('on', 'no_secret', 'It has no secret to sign with. Make a new one first.')
  const off =
    change.on === undefined
      ? sql``
      : change.on
        ? sql`, switched_off_at = null, switched_off_why = null, failing_since = null`
        : sql`, switched_off_at = coalesce(switched_off_at, ${at}::timestamptz), switched_off_why = coalesce(switched_off_why, 'hand')`
  await sql`update webhook set version = version + 1, name = ${change.name ?? row.name}, url = ${change.url ?? row.url},
    types = ${[...new Set(change.types ?? row.types)]} ${off} where id = ${row.id}`.execute(context.db)
  // What waits goes on at once, and is given its 72 hours anew.
  if (change.on === true && row.switched_off_at !== null) {
    await sql`update webhook_delivery set next_at = ${at}, tries = 0, first_tried_at = null where webhook_id = ${row.id} and state = 'waiting'`.execute(
      context.db,
    )
    queueSending(context, row.id)
  }
  await context.record({ type: 'webhook.changed', ...about(row.id), data: { fields: Object.keys(change) } })
  forgetAwaited(context)
}

export async function removeWebhook(context: Context, row: Editable): Promise<void> {
  await sql`update webhook set archived_at = ${context.now.toString()}, secret = null, secret_before = null, version = version + 1 where id = ${row.id}`.execute(
    context.db,
  )
  await sql`delete from webhook_delivery where webhook_id = ${row.id}`.execute(context.db)
  await context.record({ type: 'webhook.removed', ...about(row.id), data: {} })
  forgetAwaited(context)
}

/** The receiver is given the new one at its leisure: for a day both sign. */
export async function changeSecret(context: Context, row: Editable): Promise<WithSecret> {
  const { secrets } = context.kernel
  const before = row.secret === null ? null : secrets.open(row.secret, secretPlace(row.id))
  const sealed = before === null ? null : secrets.seal(before, secretPlace(row.id, 'secret_before'))
  await sql`update webhook set version = version + 1, secret_before = ${sealed}, secret_before_until = ${before === null ? null : context.now.add(bothSignFor).toString()}::timestamptz
    where id = ${row.id}`.execute(context.db)
  const secret = await putSecret(context, row.id)
  await context.record({ type: 'webhook.secret-changed', ...about(row.id), data: {} })
  return { ...(await readWebhook(context, row.id)), secret }
}

async function putSecret(context: Context, id: string): Promise<string> {
  const secret = secretText(randomBytes(32))
  await sql`update webhook set secret = ${context.kernel.secrets.seal(secret, secretPlace(id))} where id = ${id}`.execute(context.db)
  return secret
}

function refuseAddress(context: Context, address: string): void {
  if (!URL.canParse(address)) throw invalid('url', 'not_an_address', 'This is no address. Write it whole: https://example.com/hooks.')
  const url = new URL(address)
  if (url.username !== '' || url.password !== '')
    throw invalid('url', 'password_in_address', 'Leave name and password out of the address: what is sent is signed instead.')
  const why = whyNotCalled(address, isLocalDesk(context.kernel.settings))
  if (why === 'NOT_HTTPS') throw invalid('url', 'https_only', 'Only https:// addresses are called.')
  if (why !== null)
    throw invalid('url', 'address_refused', 'This address belongs to this machine or to nobody. Name one of another machine.')
}
