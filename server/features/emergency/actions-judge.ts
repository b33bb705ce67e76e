import { sql } from 'kysely'
import type { SeverityTold } from '../../../contract/emergency.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { policyById, policyOfTeam } from '../paging/access-policies.ts'
import { beginPage } from '../paging/actions-begin.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { isFinished } from '../tickets/rules.ts'
import { accessSet, readSet } from './access-sets.ts'
import { type Severity, severityOf } from './rules.ts'
import { answersInWords, speech } from './words.ts'
import './events.ts'

/**
 * What was answered while somebody took the call: impact and urgency of the new ticket, or a higher one of the open one
 * that it was added to; and whoever is on call, when the answers say so. A call that was solved at once wakes nobody.
 */
export async function judgeCall(context: Context, ticketId: string, told: SeverityTold, added: boolean): Promise<void> {
  const set = await accessSet(context, told.setId)
  if (set.version !== told.version)
    throw new Problem('version_stale', 'The questions were changed meanwhile. Look at the answers once more.', {
      details: { current: await readSet(context, set.id) },
    })
  const severity = severityOf(set.questions, told.digits)
  if (told.digits.every((digit) => digit === null)) return
  const ticket = await accessTicket(context, ticketId, 'ticket.note')
  await addMessage(context, ticket, {
    kind: 'note',
    direction: 'inside',
    audience: 'staff',
    authorId: context.actor.id,
    from: { name: context.actor.name, email: context.actor.email ?? '' },
    body: `${speech[context.actor.language].answered}\n${answersInWords(set.questions, told.digits, context.actor.language)}`,
  })
  if (isFinished(ticket.meaning)) return
  await raise(context, ticketId, severity, added)
  const paged = severity.leadsTo === 'page' && (await wake(context, ticketId, null))
  await context.record({
    type: 'emergency.judged',
    subject: { kind: 'ticket', id: ticketId },
    ticketId,
    organisationId: ticket.organisation_id,
    audience: 'staff',
    data: { impact: severity.impact, urgency: severity.urgency, paged },
  })
}

/** What was said before stays where it was graver. */
export async function raise(context: Context, ticketId: string, { impact, urgency }: Severity, onlyUp: boolean): Promise<void> {
  const ticket = await accessTicket(context, ticketId, 'ticket.edit')
  const wanted = (told: number | null, now: number) => (told === null || (onlyUp && told <= now) ? now : told)
  const after = { impact: wanted(impact, ticket.impact), urgency: wanted(urgency, ticket.urgency) }
  if (after.impact !== ticket.impact || after.urgency !== ticket.urgency) await editTicket(context, ticket, after)
}

/** By this policy, else by that of the team that has the ticket by now; without one it falls to the administrators. False: it rings already. */
export async function wake(context: Context, ticketId: string, policyId: string | null): Promise<boolean> {
  const found = await sql<{ team_id: string | null; organisation_id: string | null }>`select team_id, organisation_id from ticket
    where id = ${ticketId}`.execute(context.db)
  const { team_id, organisation_id } = found.rows[0]!
  const own = policyId ? await policyById(context, policyId) : undefined
  const policy = own ?? (team_id ? await policyOfTeam(context, team_id) : undefined)
  const page = { ticketId, organisationId: organisation_id, why: 'call' as const, policy, byId: context.actor.id, urgency: 'high' as const }
  return (await beginPage(context, page)) !== null
}
