import { createHmac, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { gatewayPlace, smsGateway } from '../verification/access-telephone.ts'
import { acknowledgePages } from './actions-acts.ts'
import { failMessage, noteDelivered } from './actions-settle.ts'
import { codeIn } from './rules.ts'

/**
 * What the SMS gateway tells us: an answer, or what became of a message. Twilio signs the address and all fields with
 * the account's token (HMAC-SHA1); a call that is not so signed is nobody's. A number alone is no identity either: the
 * answer must hold the code of the message that went there (L-136).
 */
type Form = Record<string, string | string[]>

export function signatureOf(token: string, url: string, form: Form): string {
  const text = Object.keys(form)
    .sort()
    .map((name) =>
      [form[name] ?? '']
        .flat()
        .map((value) => `${name}${value}`)
        .join(''),
    )
    .join('')
  return createHmac('sha1', token)
    .update(url + text)
    .digest('base64')
}

async function refuseUnsigned(kernel: Kernel, path: string, form: Form, signature: string | undefined): Promise<void> {
  const gateway = await kernel.asSystem(({ db }) => smsGateway(db))
  refuseBadSignature(gateway && kernel.secrets.open(gateway.secret, gatewayPlace), `${kernel.settings.baseUrl}${path}`, form, signature)
}

/** Without a token nothing is believed. */
export function refuseBadSignature(token: string | undefined, url: string, form: Form, signature: string | undefined): void {
  const right = Buffer.from(token === undefined ? '' : signatureOf(token, url, form))
  const given = Buffer.from(signature ?? '')
  if (token === undefined || right.length !== given.length || !timingSafeEqual(right, given))
    throw new Problem('sign_in_failed', 'The signature of this call is not right.')
}

const textOf = (form: Form, name: string): string => String([form[name] ?? ''].flat()[0])

export async function hearReply(
  kernel: Kernel,
  form: Form,
  signature: string | undefined,
): Promise<{ outcome: 'acknowledged' | 'not-understood' }> {
  await refuseUnsigned(kernel, '/api/paging/sms/reply', form, signature)
  const code = codeIn(textOf(form, 'Body'))
  if (code === undefined) return { outcome: 'not-understood' }
  return kernel.asSystem(async (context) => {
    const found = await messageByCode(context, code, textOf(form, 'From'))
    if (!found) return { outcome: 'not-understood' }
    // Its code is good once: what was signed and is sent again later acknowledges nothing.
    await sql`update page_message set code = '' where id = ${found.id}`.execute(context.db)
    await acknowledgePages(context, found.pageIds, found.person_id, 'sms')
    return { outcome: 'acknowledged' }
  })
}

/** The number must be the one that the message went to, and the code the message's: each alone is not enough. */
async function messageByCode(
  context: Context,
  code: string,
  from: string,
): Promise<{ id: string; person_id: string; pageIds: string[] } | undefined> {
  const found = await sql<{
    id: string
    person_id: string
    channel_id: string
    address: Buffer
    pageIds: string[]
  }>`select m.id, m.person_id, c.id as channel_id, c.address,
      array(select distinct a.page_id::text from page_attempt a join page p on p.id = a.page_id join ticket t on t.id = p.ticket_id
        where a.message_id = m.id and firstline.staff_sees(m.person_id, t)) as "pageIds"
    from page_message m join person q on q.id = m.person_id and q.archived_at is null join paging_channel c on c.id = m.channel_id and c.kind = 'sms' and c.address is not null
    where m.kind = 'sms' and m.code = ${code} and m.at > ${context.now.subtract({ hours: 24 }).toString()}::timestamptz and m.expires_at > ${context.now.toString()}::timestamptz
    order by m.id desc limit 20 for update of m`.execute(context.db)
  return found.rows.find((row) => {
    if (row.pageIds.length === 0) return false
    const place = { table: 'paging_channel', column: 'address', row: row.channel_id }
    const { number } = JSON.parse(context.kernel.secrets.open(row.address, place)) as { number?: string }
    return number === from.replace(/\s/g, '')
  })
}

export async function hearStatus(kernel: Kernel, form: Form, signature: string | undefined): Promise<void> {
  await refuseUnsigned(kernel, '/api/paging/sms/status', form, signature)
  const [sid, status] = [textOf(form, 'MessageSid'), textOf(form, 'MessageStatus')]
  await kernel.asSystem(async (context) => {
    const found = await sql<{ id: string }>`select id from page_message where provider_id = ${sid} and kind = 'sms'`.execute(context.db)
    const id = found.rows[0]?.id
    if (id === undefined) return
    if (status === 'delivered') await noteDelivered(context, id)
    if (status === 'failed' || status === 'undelivered')
      await failMessage(context, id, `SMS_${status.toUpperCase()} ${textOf(form, 'ErrorCode')}`.trim())
  })
}
