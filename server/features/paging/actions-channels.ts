import { sql } from 'kysely'
import type { z } from 'zod'
import type { NewChannel, paging } from '../../../contract/paging.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { isLocalDesk, whyNotCalled } from '../../kernel/outbound.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { accessChannel, type MyChannel } from './access-channels.ts'
import { channelPlace, openAddress, readWay } from './access-message.ts'
import { pagingSettings, vapidKeys } from './access-settings.ts'
import { mailTestPage } from './actions-mail.ts'
import { handSms } from './actions-sending.ts'
import { hostMatches, pushHosts } from './rules.ts'
import { hand, type Outcome } from './senders.ts'
import { testWords } from './words.ts'
import './events.ts'

/** Ways by which somebody is reached. The secret part of an address is sealed and never shown again. */
type Change = z.output<(typeof paging)['PATCH /api/me/paging/channels/:id']['body']>
type Mine = Granted<MyChannel, 'paging.own'>
const mostChannels = 20

export async function addChannel(context: Context, body: NewChannel): Promise<string> {
  const { actor, kernel } = context
  const counted = await sql<{ n: number }>`select count(*)::int as n from paging_channel where person_id = ${actor.id}`.execute(context.db)
  if ((counted.rows[0]?.n ?? 0) >= mostChannels) throw invalid('kind', 'too_many', 'You have twenty ways already. Remove one first.')
  const address = await addressOf(context, body)
  const identity =
    body.kind === 'mail'
      ? 'mail'
      : body.kind === 'push'
        ? body.endpoint
        : body.kind === 'sms'
          ? body.number
          : `${body.url} ${body.room ?? ''}`
  const made = await sql<{
    id: string
  }>`insert into paging_channel (person_id, kind, format, shown, address_hash, high_after, low_after, created_at)
    values (${actor.id}, ${body.kind}, ${body.kind === 'webhook' ? body.format : null}, ${shownOf(body, actor.email)}, ${hashOf(identity)}, ${body.highAfter}::int, ${body.lowAfter}::int,
      ${context.now.toString()})
    on conflict (person_id, kind, address_hash) do update set high_after = excluded.high_after, low_after = excluded.low_after, shown = excluded.shown, gone_at = null,
      version = paging_channel.version + 1 returning id`.execute(context.db)
  const id = made.rows[0]!.id
  if (address)
    await sql`update paging_channel set address = ${kernel.secrets.seal(JSON.stringify(address), channelPlace(id))} where id = ${id}`.execute(
      context.db,
    )
  await context.record({
    type: 'paging-channel.added',
    subject: { kind: 'paging-channel', id },
    audience: 'staff',
    data: { kind: body.kind },
  })
  return id
}

async function addressOf(context: Context, body: NewChannel): Promise<Record<string, string> | null> {
  if (body.kind === 'mail') {
    if (context.actor.email === null) throw invalid('kind', 'no_address', 'There is no mail address in your profile. Add one first.')
    return null
  }
  if (body.kind === 'sms') return { number: body.number }
  const { hosts } = await pagingSettings(context.db)
  if (body.kind === 'push') {
    refuseHost(context.kernel, 'endpoint', body.endpoint, [...pushHosts, ...hosts])
    return { endpoint: body.endpoint, ...body.keys }
  }
  refuseHost(context.kernel, 'url', body.url, hosts)
  if (body.format === 'matrix' && (!body.room || !body.token))
    throw invalid(body.room ? 'token' : 'room', 'missing', 'Matrix needs the room’s id and the access token of whoever writes there.')
  return { url: body.url, ...(body.token ? { token: body.token } : {}), ...(body.room ? { room: body.room } : {}) }
}

/** Colleagues name where the program calls to: so only hosts that an administrator allowed, and never this machine (D-044). */
function refuseHost(kernel: Kernel, field: string, address: string, allowed: readonly string[]): void {
  const url = new URL(address)
  const local = isLocalDesk(kernel.settings)
  const why = whyNotCalled(address, local)
  if (why === 'NOT_HTTPS') throw invalid(field, 'https_only', 'Only https:// addresses are called.')
  if (why !== null)
    throw invalid(field, 'address_refused', 'This address belongs to this machine or to nobody. Name one of another machine.')
  if (url.username !== '' || url.password !== '') throw invalid(field, 'password_in_address', 'Leave name and password out of the address.')
  const loopback = local && ['127.0.0.1', 'localhost'].includes(url.hostname)
  if (!loopback && !allowed.some((pattern) => hostMatches(url.hostname, pattern)))
    throw invalid(
      field,
      'host_not_allowed',
      `${url.hostname} is not among the hosts that may be called. Ask an administrator to allow it in Settings, Paging.`,
    )
}

function shownOf(body: NewChannel, email: string | null): string {
  if (body.kind === 'mail') return email ?? ''
  if (body.kind === 'sms') return `${body.number.slice(0, 3)} … ${body.number.slice(-2)}`
  return body.kind === 'push' ? body.name : new URL(body.url).hostname
}

export async function changeChannel(context: Context, row: Mine, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'It was changed elsewhere meanwhile.', { details: { version: row.version } })
  await sql`update paging_channel set version = version + 1, high_after = ${change.highAfter === undefined ? row.high_after : change.highAfter}::int,
    low_after = ${change.lowAfter === undefined ? row.low_after : change.lowAfter}::int where id = ${row.id}`.execute(context.db)
  await context.record({
    type: 'paging-channel.changed',
    subject: { kind: 'paging-channel', id: row.id },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}

export async function removeChannel(context: Context, row: Mine): Promise<void> {
  await sql`delete from paging_channel where id = ${row.id}`.execute(context.db)
  await context.record({
    type: 'paging-channel.removed',
    subject: { kind: 'paging-channel', id: row.id },
    audience: 'staff',
    data: { kind: row.kind },
  })
}

/** Goes the same way as a page would, and says at once what came of it. */
export async function testChannel(kernel: Kernel, personId: string, id: string): Promise<Outcome> {
  const { person, channel } = await kernel.asSystem((context) => readWay(context, { personId, kind: '', channelId: id }))
  if (!channel) return { sent: false, cause: 'NO_ADDRESS' }
  if (channel.kind === 'mail') return kernel.asSystem((context) => mailTestPage(context, person))
  const address = openAddress(kernel, channel)
  const said = testWords(person.language)
  if (channel.kind === 'sms') return handSms(kernel, address.number ?? '', said.short)
  const vapid = channel.kind === 'push' ? await kernel.asSystem(({ db }) => vapidKeys(kernel, db)) : null
  const message = { kind: channel.kind as 'push' | 'webhook', format: channel.format, address, key: newToken(), ...said, url: null }
  return hand(kernel, { ...message, urgency: 'high', language: person.language }, vapid)
}

export async function noteTest(context: Context, id: string, outcome: Outcome): Promise<{ outcome: 'sent' | 'failed'; cause: string }> {
  const row = await accessChannel(context, id)
  if (outcome.sent) await sql`update paging_channel set proved_at = ${context.now.toString()} where id = ${row.id}`.execute(context.db)
  else if (outcome.gone) await sql`update paging_channel set gone_at = ${context.now.toString()} where id = ${row.id}`.execute(context.db)
  return outcome.sent ? { outcome: 'sent', cause: '' } : { outcome: 'failed', cause: outcome.cause }
}
