import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { tagIn } from '../tickets/rules.ts'
import type { OwnMailbox } from './access-addresses.ts'
import type { ParsedMail } from './parsed-mail.ts'
import { splitAddress, tokenInMessageId } from './reply-address.ts'
import { sideTagIn } from './rules.ts'
import type { Candidate, Standing, Via } from './threading.ts'
import type { SideCandidate } from './threading-sides.ts'

/** Everything that is decided about one mail is decided on these facts: two statements, whatever the mail refers to. */
export type Inbound = {
  id: string
  receivedAt: string
  source: string
  mailboxId: string | null
  envelopeFrom: string
  envelopeTo: string[]
  clientAddress: string
  clientName: string
  sha256: string
  size: number
  verdict: string
  attempts: number
  detail: Record<string, unknown>
}
export type SenderFacts = {
  id: string
  name: string
  email: string
  organisationId: string | null
  siteId: string | null
  language: 'en' | 'de'
  verified: boolean
  staff: boolean
}
export type Facts = {
  person: SenderFacts | null
  candidates: Candidate[]
  /** Side conversations that the mail names: what belongs to one never reaches a ticket's conversation. */
  sides: SideCandidate[]
  /** The journal entry and ticket of the same mail, judged before. */
  duplicate: { id: string; ticketId: string | null } | null
  blocked: boolean
  mailboxes: OwnMailbox[]
  automaticBefore: number
  demo: boolean
  instance: string
}

const inboundColumns = sql`id, received_at::text as "receivedAt", source, mailbox_id as "mailboxId", envelope_from as "envelopeFrom", envelope_to as "envelopeTo",
  client_address as "clientAddress", client_name as "clientName", sha256, size::int as size, verdict, attempts, detail`

export async function inboundById(db: Db, id: string): Promise<Inbound | undefined> {
  return (await sql<Inbound>`select ${inboundColumns} from inbound_mail where id = ${id}`.execute(db)).rows[0]
}

/** The same mail brought five times at once is judged one after the other (FT-23). Undefined: judged already. */
export async function lockInbound(db: Db, id: string, mail: ParsedMail): Promise<{ id: string } | undefined> {
  const found = await sql<{ id: string }>`select id, pg_advisory_xact_lock(hashtextextended(${mail.messageId ?? mail.contentHash}, 7))
    from inbound_mail where id = ${id} and verdict = 'pending' for update`.execute(db)
  return found.rows[0]
}

export async function factsOf(context: Context, inbound: Inbound, mail: ParsedMail): Promise<Facts> {
  const refs = referencesOf(mail)
  const tokens = tokensOf(inbound, mail, refs)
  const from = mail.from?.address ?? ''
  const domain = from.slice(from.lastIndexOf('@'))
  const found = await sql<Row>`
    with sender as (select p.id, p.name, p.email, p.organisation_id, p.site_id, p.language, p.verified_at,
        exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator')) as staff
        from person p where p.email = ${from}::citext),
      named as (
        select k.ticket_id, k.created_message_id, k.inside, case k.ours when 'yes' then 'message-id' else 'foreign-message-id' end as via, r.n
          from unnest(${refs}::text[]) with ordinality r (id, n) join known_message k on k.message_id = r.id
        union all select m.ticket_id, m.created_message_id, m.inside, x.via, x.n
          from unnest(${tokens.map((one) => one.hash)}::text[], ${tokens.map((one) => one.via)}::text[]) with ordinality x (h, via, n)
          join mail_token m on m.token_hash = decode(x.h, 'hex') where m.ticket_id is not null
        union all select a.ticket_id, null, false, 'awaited', 1 from awaited_message a where a.message_id = ${mail.messageId ?? ''}
        union all select t.id, null, false, 'subject-tag', 1 from ticket t where t.id = ${tagIn(mail.subject) ?? null}::bigint),
      seen as (select n.via, n.n, n.ticket_id as first_id, t.id, t.meaning, t.deleted_at is not null as removed, (n.inside or coalesce(m.audience = 'staff', false)) as internal,
          case when s.id in (t.requester_id, o.requester_id) then 'requester' when s.id in (t.on_behalf_of_id, o.on_behalf_of_id) then 'on-behalf'
            when exists (select 1 from ticket_person tp where tp.person_id = s.id and tp.role = 'cc' and tp.ticket_id in (t.id, o.id)) then 'participant' else 'none' end as standing
        from named n join ticket o on o.id = n.ticket_id join ticket t on t.id = firstline.survivor(n.ticket_id)
        left join message m on m.id = n.created_message_id left join sender s on true),
      beside as (
        select k.side_id, case k.ours when 'yes' then 'message-id' else 'foreign-message-id' end as via
          from unnest(${refs}::text[]) r join known_side_message k on k.message_id = r
        union select m.side_id, x.via from unnest(${tokens.map((one) => one.hash)}::text[], ${tokens.map((one) => one.via)}::text[]) x (h, via)
          join mail_token m on m.token_hash = decode(x.h, 'hex') where m.side_id is not null
        union select id, 'subject-tag' from side where id = ${sideTagIn(mail.subject) ?? null}::bigint)
    select (select json_build_object('id', id::text, 'name', name, 'email', email, 'organisationId', organisation_id::text, 'siteId', site_id::text,
        'language', language, 'verified', verified_at is not null, 'staff', staff) from sender) as person,
      (select json_agg(json_build_object('ticketId', id::text, 'namedId', first_id::text, 'via', via, 'n', n, 'standing', standing, 'meaning', meaning, 'removed', removed, 'internal', internal)) from seen) as candidates,
      (select json_agg(json_build_object('sideId', d.id::text, 'ticketId', t.id::text, 'via', b.via, 'removed', t.deleted_at is not null, 'standing',
          case when exists (select 1 from side_party y where y.side_id = d.id and y.address = ${from}::citext) then 'party'
            when s.id in (t.requester_id, t.on_behalf_of_id) or exists (select 1 from ticket_person tp where tp.ticket_id = t.id and tp.person_id = s.id and tp.role = 'cc') then 'customer'
            else 'none' end) order by array_position(array['message-id', 'reply-address', 'foreign-message-id', 'subject-tag'], b.via), d.id desc)
        from beside b join side d on d.id = b.side_id join ticket t on t.id = d.ticket_id left join sender s on true) as sides,
      (select json_build_object('id', d.id::text, 'ticketId', d.ticket_id::text) from inbound_mail d
        where d.id <> ${inbound.id} and d.verdict <> 'pending' and d.content_hash = decode(${mail.contentHash}, 'hex')
          and d.message_id ${mail.messageId === undefined ? sql`is null` : sql`= ${mail.messageId}`} order by d.id limit 1) as duplicate,
      exists (select 1 from blocked_sender b where b.pattern in (${from}::citext, ${domain}::citext)) as blocked,
      (select json_agg(json_build_object('id', id::text, 'address', address, 'way', way, 'teamId', team_id::text, 'organisationId', organisation_id::text,
        'language', language, 'archived', archived_at is not null, 'arrived', arrived_at is not null)) from mailbox) as mailboxes,
      ${mail.automatic ? sql`(select count(*)::int from inbound_mail x where x.from_address = ${from} and x.received_at > ${inbound.receivedAt}::timestamptz - interval '1 hour' and x.verdict = 'created')` : sql`0`} as "automaticBefore",
      exists (select 1 from setting where name = 'demo') as demo, (select value ->> 'id' from setting where name = 'instance') as instance`.execute(
    context.db,
  )
  const row = found.rows[0]!
  return {
    ...row,
    candidates: inOrder(row.candidates ?? []),
    sides: row.sides ?? [],
    mailboxes: row.mailboxes ?? [],
    instance: row.instance ?? '',
  }
}
type Row = Omit<Facts, 'candidates' | 'sides' | 'mailboxes' | 'instance'> & {
  candidates: (Candidate & { n: number })[] | null
  sides: SideCandidate[] | null
  mailboxes: OwnMailbox[] | null
  instance: string | null
}

const worth: Record<Via, number> = { 'message-id': 0, 'reply-address': 1, 'foreign-message-id': 2, awaited: 3, 'subject-tag': 4 }
type Numbered = Candidate & { n: number }
export function inOrder(candidates: Numbered[]): Candidate[] {
  const sorted = candidates.sort((a, b) => worth[a.via] - worth[b.via] || a.n - b.n)
  // After a split the thread names both parts; what is answered itself then says more than an older mail of ours.
  const direct = sorted.find((one) => one.via === 'foreign-message-id' && one.n === 1)
  const first = direct && direct.namedId !== sorted[0]?.namedId ? [direct, ...sorted.filter((one) => one !== direct)] : sorted
  return first.map(({ n: _, ...one }) => one)
}

/** What is answered first, then the thread from its end to its beginning. */
export function referencesOf(mail: ParsedMail): string[] {
  return [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])].slice(0, 60)
}

/** Wherever an address of ours may stand: on the envelope, in the head, in what a relay wrote into it. */
export const addressedIn = (inbound: Inbound, mail: ParsedMail): string[] =>
  [...inbound.envelopeTo, ...mail.to.map((one) => one.address), ...mail.cc.map((one) => one.address), ...mail.originalRecipients].slice(
    0,
    300,
  )

type Token = { hash: string; via: Via }
function tokensOf(inbound: Inbound, mail: ParsedMail, refs: string[]): Token[] {
  const asToken =
    (via: Via) =>
    (token: string | undefined): Token[] =>
      token ? [{ hash: hashOf(token).toString('hex'), via }] : []
  return [
    ...refs.map(tokenInMessageId).flatMap(asToken('message-id')),
    ...addressedIn(inbound, mail)
      .map((one) => splitAddress(one).token)
      .flatMap(asToken('reply-address')),
  ].slice(0, 100)
}

/** For an agent's own mail: which of the candidates this agent may see as staff. */
export const asStaffCandidate = (one: Candidate, visible: ReadonlySet<string>): Candidate =>
  one.standing === 'requester' || one.standing === 'on-behalf' || !visible.has(one.ticketId)
    ? one
    : { ...one, standing: 'staff' satisfies Standing }
