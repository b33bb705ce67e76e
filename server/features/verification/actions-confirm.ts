import { sql } from 'kysely'
import type { z } from 'zod'
import type { verifications } from '../../../contract/verification.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import './events.ts'

/** The link in a manager's mail: looking changes nothing, because mail scanners open links; a button answers, once. */
type Page = z.output<(typeof verifications)['POST /api/confirmations']['returns']>
type Found = Page & { id: string; ticketId: string; organisationId: string | null }
const gone = () => new Problem('link_expired', 'This link has expired or was used already.')

async function found({ db, now }: Context, token: string): Promise<Found> {
  const rows = await sql<
    Omit<Found, 'number'>
  >`select v.id, v.ticket_id as "ticketId", t.organisation_id as "organisationId", p.name as person,
      coalesce(a.name, '') as agent, case when m.language = 'de' then 'de' else 'en' end as language,
      coalesce((select value ->> 'name' from setting where name = 'company'), 'Firstline') as company,
      case when v.state = 'pending' then 'open' else 'answered' end as state
    from verification v join ticket t on t.id = v.ticket_id join person p on p.id = v.person_id join person m on m.id = v.manager_id left join person a on a.id = v.created_by_id
    where v.token_hash = ${hashOf(token)} and v.state <> 'expired' and v.expires_at > ${now.toString()} and m.archived_at is null
      and t.requester_id = v.person_id and t.deleted_at is null for update of v`.execute(db)
  const row = rows.rows[0]
  if (!row) throw gone()
  return { ...row, number: Number(row.ticketId) }
}
const shown = ({ id: _i, ticketId: _t, organisationId: _o, ...page }: Found): Page => page

export const lookAtConfirmation = (kernel: Kernel, token: string): Promise<Page> =>
  kernel.asSystem(async (context) => shown(await found(context, token)))

export const confirm = (kernel: Kernel, token: string, answer: 'yes' | 'no'): Promise<Page> =>
  kernel.asSystem(async (context) => {
    const page = await found(context, token)
    if (page.state === 'answered') return shown(page)
    await sql`update verification set state = ${answer === 'yes' ? 'verified' : 'refused'}, settled_at = ${context.now.toString()} where id = ${page.id}`.execute(
      context.db,
    )
    const about = {
      subject: { kind: 'ticket', id: page.ticketId },
      ticketId: page.ticketId,
      organisationId: page.organisationId,
      audience: 'staff' as const,
    }
    const data = { verificationId: page.id, method: 'manager' }
    if (answer === 'yes') await context.record({ type: 'verification.passed', ...about, data })
    else await context.record({ type: 'verification.failed', ...about, data: { ...data, why: 'refused' } })
    return shown({ ...page, state: 'answered' })
  })
