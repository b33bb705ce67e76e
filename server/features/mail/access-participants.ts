import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { domainOf } from '../people/actions-sender.ts'
import type { OwnMailbox } from './access-addresses.ts'
import type { MailAddress, ParsedMail } from './parsed-mail.ts'
import { isNoReply, splitAddress } from './reply-address.ts'

/**
 * Whom a mail's To and Cc bring along (abuse case B-022): people of the requester's own organisation, or known people
 * who belong to none; never the desk's own addresses, staff, robots or another customer's people.
 */
export const mostNamed = 50

export function namedBeside(mail: ParsedMail, mailboxes: readonly OwnMailbox[]): MailAddress[] {
  const own = new Set(mailboxes.map((one) => splitAddress(one.address).base))
  const seen = new Set([mail.from?.address.toLowerCase() ?? ''])
  return [...mail.to, ...mail.cc]
    .filter(({ address }) => {
      const key = address.toLowerCase()
      if (seen.has(key) || own.has(splitAddress(address).base) || isNoReply(address)) return false
      seen.add(key)
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)
    })
    .slice(0, mostNamed)
}

export type Companion = MailAddress & { personId: string | null }

export async function companionsOf(context: Context, named: readonly MailAddress[], organisationId: string | null): Promise<Companion[]> {
  if (named.length === 0) return []
  const found = await sql<{
    n: number
    id: string | null
    organisation_id: string | null
    staff: boolean
    archived: boolean
    by_domain: string | null
  }>`
    select a.n::int as n, p.id, p.organisation_id, p.archived_at is not null as archived, d.organisation_id as by_domain,
      exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator')) as staff
    from unnest(${named.map((one) => one.address)}::text[], ${named.map((one) => domainOf(one.address))}::text[]) with ordinality a (address, domain, n)
    left join person p on p.email = a.address::citext left join organisation_domain d on d.domain = a.domain`.execute(context.db)
  return found.rows
    .filter((row) =>
      row.id === null
        ? row.by_domain !== null && row.by_domain === organisationId
        : !row.staff && !row.archived && (row.organisation_id === null || row.organisation_id === organisationId),
    )
    .map((row) => ({ ...(named[row.n - 1] as MailAddress), personId: row.id }))
}

/** To whom an agent's answer by mail goes: as from the screen. */
export async function answerGoesTo(
  context: Context,
  ticketId: string,
): Promise<{ to: { name: string; email: string }[]; cc: { name: string; email: string }[] }> {
  const found = await sql<{
    name: string
    email: string
    cc: boolean
  }>`select p.name, p.email::text as email, p.id is distinct from t.requester_id and p.id is distinct from t.on_behalf_of_id as cc
    from ticket t join person p on p.id in (t.requester_id, t.on_behalf_of_id) or p.id in (select tp.person_id from ticket_person tp where tp.ticket_id = t.id and tp.role = 'cc')
    where t.id = ${ticketId} and p.email is not null order by p.id`.execute(context.db)
  const plain = (rows: typeof found.rows) => rows.map(({ name, email }) => ({ name, email }))
  return { to: plain(found.rows.filter((row) => !row.cc)), cc: plain(found.rows.filter((row) => row.cc)) }
}
