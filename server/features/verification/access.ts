import { sql } from 'kysely'
import type { Verification, VerificationStanding } from '../../../contract/verification.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { masked, mostTries, oldEnoughHours, otherTicketMinutes } from './rules.ts'

/** A verification is seen by the staff who see its ticket, and by nobody else. */
export type GrantedTicket = Granted<TicketFacts, 'ticket.edit'>
export type VerificationFacts = {
  id: string
  ticket_id: string
  person_id: string
  method: 'mail' | 'sms' | 'manager' | 'waived'
  state: Verification['state']
  code_hash: Buffer | null
  tries: number
  over: boolean
}
export type GrantedVerification = Granted<VerificationFacts, 'verification.try'> & { ticket: GrantedTicket }

export async function accessTicketAsStaff(context: Context, id: string): Promise<Granted<TicketFacts, 'ticket.see'>> {
  const ticket = await accessTicket(context, id, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  return ticket
}

/** Its row is locked: two tries at once are two tries. */
export async function accessVerification(context: Context, id: string): Promise<GrantedVerification> {
  const of = await sql<{ ticket_id: string }>`select ticket_id from verification where id = ${id}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  const ticket = await accessTicket(context, of.rows[0].ticket_id, 'ticket.edit')
  const found = await sql<VerificationFacts>`select id, ticket_id, person_id, method, state, code_hash, tries,
    coalesce(expires_at <= ${context.now.toString()}, false) as over from verification where id = ${id} for update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return { ...found.rows[0], ticket } as unknown as GrantedVerification
}

const name = (column: string) =>
  sql.raw(`case when ${column} is null then null else json_build_object('id', ${column}::text, 'name', firstline.name_of(${column})) end`)
const columns = (context: Context) => sql`v.id, v.ticket_id as "ticketId", ${name('v.person_id')} as person, v.method,
  case when v.state = 'pending' and v.expires_at <= ${context.now.toString()} then 'expired' else v.state end as state, v.target, v.reason,
  greatest(0, ${sql.lit(mostTries)} - v.tries) as "triesLeft", ${wireTime('v.created_at')} as "createdAt", ${name('v.created_by_id')} as "createdBy",
  ${wireTime('v.expires_at')} as "expiresAt", ${wireTime('v.settled_at')} as "settledAt"`

/** On `v` for the ticket `t`: made for this ticket and its present requester, or for another of theirs within the hour. */
export const counts = (context: Context) => sql<boolean>`(v.state = 'verified' and v.person_id = t.requester_id
  and (v.ticket_id = t.id or (v.method <> 'waived' and v.settled_at > ${context.now.subtract({ minutes: otherTicketMinutes }).toString()})))`

export async function readVerification(context: Context, id: string): Promise<Verification> {
  const found = await sql<Verification>`select ${columns(context)} from verification v where v.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

/** The category asks for a verified caller, and nothing that counts is there. */
export async function isLacking(context: Context, ticketId: string, unlessAsking: boolean): Promise<boolean> {
  const found = await sql`select 1 from ticket t join category c on c.id = t.category_id where t.id = ${ticketId} and c.verify = 'yes'
    ${unlessAsking ? sql`and t.meaning <> 'waiting-requester'` : sql``}
    and not exists (select 1 from verification v where v.person_id = t.requester_id and ${counts(context)})`.execute(context.db)
  return found.rows.length > 0
}

export type Way = VerificationStanding['ways'][number] & { value: string; language: 'en' | 'de'; managerId: string | null; name: string }

type Reach = {
  kind: 'mail' | 'mobile' | 'phone'
  value: string
  since: string | null
  old: boolean
}
type Person = {
  id: string
  name: string
  language: 'en' | 'de'
  manager: { id: string; name: string; email: string; language: 'en' | 'de' } | null
  reaches: Reach[]
  sms: boolean
}

/** Where the requester can be reached to prove themself; each way with why it cannot be used. */
export async function waysFor(context: Context, ticket: TicketFacts): Promise<Way[]> {
  const before = context.now.subtract({ hours: oldEnoughHours }).toString()
  const found = await sql<Person>`select p.id, p.name, case when p.language = 'de' then 'de' else 'en' end as language,
      (select json_build_object('id', m.id::text, 'name', m.name, 'email', m.email, 'language', case when m.language = 'de' then 'de' else 'en' end)
        from person m where m.id = p.line_manager_id and m.archived_at is null and m.email is not null) as manager,
      coalesce((select json_agg(json_build_object('kind', c.kind, 'value', c.value, 'since', ${wireTime('c.since')},
        'old', coalesce(c.since <= ${before}, false)) order by c.since nulls last, c.value) from contact_point c
        where c.person_id = p.id and c.kind in ('mail', 'mobile')), '[]') as reaches,
      exists (select 1 from sms_gateway) as sms
    from person p where p.id = ${ticket.requester_id} and p.archived_at is null`.execute(context.db)
  const person = found.rows[0]
  if (!person) return []
  const { manager } = person
  const common = { language: person.language, name: person.name, managerId: null }
  const reach = (method: 'mail' | 'sms', kind: string): Way => {
    const of = person.reaches.filter((r) => r.kind === kind)
    // One that is old enough before one that was entered since: the attack is to add a second.
    const best = of.find((r) => r.old) ?? of[0]
    const why = method === 'sms' && !person.sms ? 'not-set-up' : !best ? 'missing' : best.old ? null : 'too-new'
    return {
      ...common,
      method,
      target: best ? masked(best.value) : '',
      usable: why === null,
      why,
      since: best?.since ?? null,
      value: best?.value ?? '',
    }
  }
  const managerWhy = !manager ? 'missing' : manager.id === context.actor.id ? 'yourself' : null
  return [
    reach('mail', 'mail'),
    reach('sms', 'mobile'),
    {
      method: 'manager',
      target: manager?.name ?? '',
      usable: managerWhy === null,
      why: managerWhy,
      since: null,
      value: manager?.email ?? '',
      language: manager?.language ?? 'en',
      name: manager?.name ?? '',
      managerId: manager?.id ?? null,
    },
  ]
}

export async function standingOf(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<VerificationStanding> {
  const found = await sql<Verification & { counts: boolean }>`select ${columns(context)}, ${counts(context)} as counts
    from ticket t join verification v on v.ticket_id = t.id or (v.person_id = t.requester_id and ${counts(context)})
    where t.id = ${ticket.id} order by v.id desc limit 20`.execute(context.db)
  const flagged = await sql`select 1 from category where id = ${ticket.category_id} and verify = 'yes'`.execute(context.db)
  const ways = await waysFor(context, ticket)
  const edit = ticket.meaning !== 'closed' && ticket.deleted_at === null && ticket.merged_into_id === null
  const plain = ({ counts: _, ...row }: Verification & { counts: boolean }): Verification => row
  const standing = found.rows.find((row) => row.counts)
  return {
    needed: flagged.rows.length > 0,
    verified: standing ? plain(standing) : null,
    ways: ways.map(({ value: _v, language: _l, managerId: _m, name: _n, ...way }) => way),
    history: found.rows.map(plain),
    can: { verify: edit, waive: edit && context.actor.rights.has('verification.waive') },
  }
}
