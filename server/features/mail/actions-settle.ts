import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { type Inbound, referencesOf } from './access-facts.ts'
import type { Proof } from './authenticate.ts'
import type { ParsedMail } from './parsed-mail.ts'
import './events.ts'

/** Writes a mail's one verdict, and remembers its Message-ID and what it waits for. */
export type Outcome = {
  verdict: 'created' | 'followed-up' | 'ignored' | 'bounced' | 'quarantined' | 'alert'
  reason: string
  ticketId?: string | null
  /** The side conversation that it came to, beside that ticket. */
  sideId?: string
  /** Whose thread it came to, if that ticket was merged into the one where its message lies. */
  homeId?: string | null
  messageId?: string | null
  detail?: Record<string, unknown>
}

export async function settleInbound(
  context: Context,
  inbound: Inbound,
  outcome: Outcome,
  mail: ParsedMail | null,
  proof: Proof | null,
): Promise<void> {
  const ticketId = outcome.ticketId ?? null
  const homeId = outcome.homeId ?? ticketId
  const sideId = outcome.sideId ?? null
  // What came to a side conversation is not known as the ticket's: an answer to it would join the ticket.
  const joined = ticketId !== null && sideId === null && (outcome.verdict === 'created' || outcome.verdict === 'followed-up')
  const awaited = joined && mail ? referencesOf(mail).slice(0, 20) : []
  const said = mail?.from ?? { name: (mail?.headers.get('from')?.[0] ?? '').slice(0, 300), address: '' }
  const detail = { ...inbound.detail, ...outcome.detail }
  await sql`with k as (insert into known_message (message_id, ticket_id, created_message_id, ours, at)
      select ${mail?.messageId ?? ''}, ${homeId}::bigint, ${outcome.messageId ?? null}::bigint, 'no', ${context.now.toString()}::timestamptz where ${joined && mail?.messageId !== undefined}
      on conflict do nothing),
    ks as (insert into known_side_message (message_id, side_id, ours, at)
      select ${mail?.messageId ?? ''}, ${sideId}::bigint, 'no', ${context.now.toString()}::timestamptz where ${sideId !== null && mail?.messageId !== undefined} on conflict do nothing),
    w as (insert into awaited_message (message_id, ticket_id, at) select r, ${homeId}::bigint, ${context.now.toString()}::timestamptz from unnest(${awaited}::text[]) r
      where not exists (select 1 from known_message x where x.message_id = r) on conflict do nothing)
    update inbound_mail set verdict = ${outcome.verdict}, reason = ${outcome.reason}, detail = ${JSON.stringify(detail)}::jsonb, ticket_id = ${ticketId}::bigint, side_id = ${sideId}::bigint,
      created_message_id = ${outcome.messageId ?? null}::bigint, judged_at = ${context.now.toString()}, message_id = ${mail ? (mail.messageId ?? null) : sql`message_id`},
      content_hash = ${mail ? sql`decode(${mail.contentHash}, 'hex')` : sql`content_hash`}, from_address = ${said.address}, from_name = ${said.name},
      subject = ${mail?.subject ?? ''}, authentication = ${JSON.stringify(proof ?? {})}::jsonb
    where id = ${inbound.id}`.execute(context.db)
  await recordVerdict(context, inbound, outcome, ticketId)
}

/** Tickets tell of themselves; quarantine and what somebody judged anew are told here. */
async function recordVerdict(context: Context, inbound: Inbound, { verdict, reason }: Outcome, ticketId: string | null): Promise<void> {
  const subject = { kind: 'inbound-mail', id: inbound.id }
  if (verdict === 'quarantined') await context.record({ type: 'mail.quarantined', subject, audience: 'staff', data: { reason } })
  else if ('release' in inbound.detail || 'replayedAt' in inbound.detail)
    await context.record({ type: 'mail.judged', subject, ticketId, audience: 'staff', data: { verdict, reason } })
}

/** A try that failed for a reason of ours; how many there were. */
export async function countTry(context: Context, inboundMailId: string): Promise<number> {
  const counted = await sql<{
    attempts: number
  }>`update inbound_mail set attempts = attempts + 1 where id = ${inboundMailId} and verdict = 'pending' returning attempts`.execute(
    context.db,
  )
  return counted.rows[0]?.attempts ?? 0
}

/** The test mail of a mailbox came home. */
export async function settleProof(context: Context, tokenHash: Buffer): Promise<string | undefined> {
  const proved = await sql<{ id: string }>`with p as (delete from mailbox_proof where token_hash = ${tokenHash} returning mailbox_id)
    update mailbox set proved_at = ${context.now.toString()} from p where mailbox.id = p.mailbox_id returning mailbox.id`.execute(
    context.db,
  )
  const id = proved.rows[0]?.id
  if (id !== undefined) await context.record({ type: 'mailbox.proved', subject: { kind: 'mailbox', id }, audience: 'staff', data: {} })
  return id
}

export async function markArrived(context: Context, mailboxId: string): Promise<void> {
  await sql`update mailbox set arrived_at = ${context.now.toString()} where id = ${mailboxId} and arrived_at is null`.execute(context.db)
}

export async function markVerified(context: Context, personId: string): Promise<void> {
  await sql`update person set verified_at = ${context.now.toString()} where id = ${personId} and verified_at is null`.execute(context.db)
}
