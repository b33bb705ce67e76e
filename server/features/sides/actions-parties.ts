import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'

export type Parties = { to: string[]; cc: string[] }

/** Nobody who takes part in the ticket itself is written to beside it, and no mailbox of ours: each wrong address is named. */
export async function refuseUnfitParties(context: Context, ticket: TicketFacts, parties: Parties): Promise<void> {
  const all = [...parties.to, ...parties.cc]
  const found = await sql<{ address: string; why: 'customer' | 'own' }>`
    select p.email::text as address, 'customer' as why from person p where p.email = any(${all}::citext[])
      and (p.id in (${ticket.requester_id}::bigint, ${ticket.on_behalf_of_id}::bigint)
        or exists (select 1 from ticket_person tp where tp.ticket_id = ${ticket.id} and tp.person_id = p.id and tp.role = 'cc'))
    union all select x.address, 'own' from unnest(${all}::text[]) as x (address)
      where exists (select 1 from mailbox b where b.address = regexp_replace(x.address, '[+][^@]*@', '@')::citext)`.execute(context.db)
  if (found.rows.length === 0) return
  const why = new Map(found.rows.map((row) => [row.address.toLowerCase(), row.why]))
  const issues = (['to', 'cc'] as const).flatMap((field) =>
    parties[field].flatMap((address, n) => {
      const reason = why.get(address.toLowerCase())
      if (reason === undefined) return []
      const message =
        reason === 'own'
          ? `${address} is a mailbox of this desk. Name somebody else.`
          : `${address} takes part in the ticket. Write an ordinary answer to them; a side conversation never reaches them.`
      return [{ path: `${field}.${n}`, code: reason === 'own' ? 'own_mailbox' : 'takes_part', message }]
    }),
  )
  throw new Problem('validation_failed', issues[0]?.message ?? 'Name somebody else.', { issues })
}
