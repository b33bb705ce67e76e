import { randomInt } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { smsGateway } from '../verification/access-telephone.ts'
import { sendSms } from '../verification/actions-sms.ts'
import { type ChannelFacts, openAddress, readWay, toldPages } from './access-message.ts'
import { vapidKeys } from './access-settings.ts'
import { later } from './actions-advance.ts'
import { mailPages } from './actions-mail.ts'
import { queueWays, type Way } from './actions-queue.ts'
import { settleMessage } from './actions-settle.ts'
import { foldSeconds, linkHours, staleSeconds } from './rules.ts'
import { causeOf, hand, type Outcome } from './senders.ts'
import { codeWords, saidOf, type ToldPage } from './words.ts'
import './events.ts'

/**
 * What waits for one person by one way goes out as one message. The message is a row before it is sent; whoever finds it
 * `sending` and its holder gone sends it again under the same key and with the same link: never not at all. The fence
 * keeps a holder that was only asleep from writing over what happened meanwhile.
 */
export type Message = {
  id: string
  personId: string
  fence: number
  key: string
  token: string
  code: string
  language: 'en' | 'de'
  urgency: 'high' | 'low'
  channel: ChannelFacts | null
  kind: string
  pages: ToldPage[]
  count: number
}
const most = 5000
export const tokenPlace = (id: string) => ({ table: 'page_message', column: 'token', row: id })

/** Its holder is gone, or took it by a clock that is back where it belongs. */
export const isStale = (claimedAt: RawBuilder<unknown>) =>
  sql<boolean>`abs(extract(epoch from clock_timestamp() - ${claimedAt})) > ${sql.lit(staleSeconds)}`

export async function sendWay(kernel: Kernel, way: Way): Promise<void> {
  const message = await kernel.asSystem((context) => gather(context, way))
  if (!message) return
  await failpoint('paging.before-send')
  const outcome = await handOver(kernel, message)
  await failpoint('paging.after-send')
  await kernel.asSystem((context) => settleMessage(context, message, outcome))
}

/** What is there to be sent, made into a message; null: nothing, or not yet. */
async function gather(context: Context, way: Way): Promise<Message | null> {
  const { personId, kind, channelId } = way
  await sql`select pg_advisory_xact_lock(31, hashtext(${`${personId}:${kind}:${channelId ?? ''}`}))`.execute(context.db)
  const last = await sql<{
    id: string
    state: string
    stale: boolean
    at: Instant
    recent: boolean
  }>`select id, state, at, ${isStale(sql`claimed_at`)} as stale,
      at > ${later(context.now)} - make_interval(secs => ${foldSeconds}) and at <= ${later(context.now)} as recent
    from page_message where person_id = ${personId} and kind = ${kind} and channel_id is not distinct from ${channelId}::bigint order by at desc, id desc limit 1`.execute(
    context.db,
  )
  const before = last.rows[0]
  if (before?.state === 'sending') {
    if (before.stale) return takeOver(context, way, before.id)
    queueWays(context, [{ ...way, at: context.now.add({ seconds: staleSeconds }) }])
    return null
  }
  if (before?.recent) {
    const waits = await sql`select 1 from page_attempt where state = 'waiting' and person_id = ${personId} and kind = ${kind}
      and channel_id is not distinct from ${channelId}::bigint limit 1`.execute(context.db)
    if (waits.rows.length > 0) queueWays(context, [{ ...way, at: before.at.add({ seconds: foldSeconds }) }])
    return null
  }
  return makeMessage(context, way)
}

/** Dropped: what rings no longer, and what is of a ticket that its person, who may have left since, no longer sees. */
async function makeMessage(context: Context, way: Way): Promise<Message | null> {
  const { personId, kind, channelId } = way
  const due = await sql<{
    id: string
    ringing: boolean
  }>`select a.id, p.state = 'ringing' and q.archived_at is null and firstline.staff_sees(a.person_id, t) as ringing
    from page_attempt a join page p on p.id = a.page_id join ticket t on t.id = p.ticket_id join person q on q.id = a.person_id
    where a.state = 'waiting' and a.person_id = ${personId} and a.kind = ${kind} and a.channel_id is not distinct from ${channelId}::bigint
      and a.due_at <= ${later(context.now)} order by a.id limit ${sql.lit(most)} for update of a skip locked`.execute(context.db)
  const [ringing, over] = [due.rows.filter((row) => row.ringing), due.rows.filter((row) => !row.ringing)]
  if (over.length > 0)
    await sql`update page_attempt set state = 'dropped' where id = any(${over.map((row) => row.id)}::bigint[])`.execute(context.db)
  if (ringing.length === 0) return null
  const token = newToken()
  const key = newToken()
  const code = String(randomInt(100_000, 1_000_000))
  const made = await sql<{
    id: string
  }>`insert into page_message (person_id, kind, channel_id, at, pages, state, key, token_hash, expires_at, code, claimed_at)
    values (${personId}, ${kind}, ${channelId}::bigint, ${context.now.toString()}, ${ringing.length}, 'sending', ${key}, ${hashOf(token)},
      ${context.now.add({ hours: linkHours }).toString()}, ${code}, clock_timestamp()) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await sql`update page_message set token = ${context.kernel.secrets.seal(token, tokenPlace(id))} where id = ${id}`.execute(context.db)
  await sql`update page_attempt set state = 'sending', message_id = ${id}, tried_at = ${context.now.toString()} where id = any(${ringing.map((row) => row.id)}::bigint[])`.execute(
    context.db,
  )
  return completed(context, way, { id, fence: 1, key, token, code })
}

/** Its holder is gone: it goes out again, the same. */
async function takeOver(context: Context, way: Way, id: string): Promise<Message | null> {
  const taken = await sql<{
    fence: number
    key: string
    token: Buffer
    code: string
  }>`update page_message set fence = fence + 1, claimed_at = clock_timestamp()
    where id = ${id} and state = 'sending' returning fence, key, token, code`.execute(context.db)
  const row = taken.rows[0]
  if (!row) return null
  return completed(context, way, { ...row, id, token: context.kernel.secrets.open(row.token, tokenPlace(id)) })
}

type Begun = Pick<Message, 'id' | 'fence' | 'key' | 'token' | 'code'>
async function completed(context: Context, way: Way, begun: Begun): Promise<Message | null> {
  const { person, channel } = await readWay(context, way)
  const told = await toldPages(context, begun.id)
  const message: Message = { ...begun, ...told, personId: way.personId, kind: way.kind, channel, language: person.language }
  if (way.kind !== 'mail') return message
  const outcome = await mailPages(context, message, person)
  await settleMessage(context, message, outcome)
  return null
}

async function handOver(kernel: Kernel, message: Message): Promise<Outcome> {
  const { channel, kind, language, urgency } = message
  const said = saidOf(message.pages, message.count, language)
  const url = `${kernel.settings.baseUrl}/page/${message.token}`
  if (!channel || channel.gone || channel.address === null) return { sent: false, cause: 'NO_ADDRESS' }
  try {
    const address = openAddress(kernel, channel)
    if (kind === 'sms') return await handSms(kernel, address.number ?? '', `${said.short} ${codeWords(language, message.code)} ${url}`)
    const vapid = kind === 'push' ? await kernel.asSystem(({ db }) => vapidKeys(kernel, db)) : null
    return await hand(
      kernel,
      { kind: kind as 'push' | 'webhook', format: channel.format, address, key: message.key, ...said, url, urgency, language },
      vapid,
    )
  } catch (cause) {
    return { sent: false, cause: causeOf(cause) }
  }
}

export async function handSms(kernel: Kernel, to: string, text: string): Promise<Outcome> {
  const gateway = await kernel.asSystem(({ db }) => smsGateway(db))
  if (!gateway) return { sent: false, cause: 'NOT_SET_UP' }
  try {
    const sid = await sendSms(kernel, gateway, to, text, `${kernel.settings.baseUrl}/api/paging/sms/status`)
    return sid === null ? { sent: false, cause: 'UNEXPECTED_ANSWER' } : { sent: true, providerId: sid }
  } catch (cause) {
    return { sent: false, cause: causeOf(cause) }
  }
}
