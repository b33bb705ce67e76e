import { sql } from 'kysely'
import type { Kernel } from '../../kernel/context.ts'
import { take } from '../../kernel/limits.ts'
import { Problem } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { accessTicket } from '../tickets/access.ts'
import { closeTicket, reopenTicket } from '../tickets/actions-life.ts'
import { actingAs, actorOfPerson } from './access-agent.ts'
import './events.ts'

/**
 * "Solved" and "Still broken" of a resolved mail. Opening the link only shows (programs open links too); the button acts,
 * once, as the person it was sent to and with that person's rights on that one ticket (E-054, E-067).
 */
export type AnswerPage = { number: number; subject: string; state: 'open' | 'answered'; language: 'en' | 'de'; company: string }
type Found = { ticketId: string; personId: string; page: AnswerPage; meaning: string }

const gone = () => new Problem('link_expired', 'This link has expired or was used already.')

export async function lookAtAnswer(kernel: Kernel, token: string, client: string): Promise<AnswerPage> {
  await take(kernel, `answers:${client}`, 60, 3600)
  return kernel.asSystem(async (context) => (await found(context.db, token)).page)
}

export async function giveAnswer(
  kernel: Kernel,
  token: string,
  answer: 'solved' | 'still-broken',
  text: string,
  client: string,
): Promise<AnswerPage> {
  await take(kernel, `answers:${client}`, 60, 3600)
  return kernel.asSystem(async (context) => {
    const { ticketId, personId, page } = await found(context.db, token)
    if (page.state !== 'open') throw gone()
    await sql`update answer_link set used_at = ${context.now.toString()} where ticket_id = ${ticketId} and used_at is null`.execute(
      context.db,
    )
    await actingAs(context, await actorOfPerson(context, personId), async (own) => {
      if (answer === 'solved') await closeTicket(own, await accessTicket(own, ticketId, 'ticket.see'), 'requester')
      else await reopenTicket(own, await accessTicket(own, ticketId, 'ticket.reopen'), text)
      await own.record({
        type: 'ticket.answered-by-link',
        subject: { kind: 'ticket', id: ticketId },
        ticketId,
        audience: 'everyone',
        data: { answer },
      })
    })
    return { ...page, state: 'answered' }
  })
}

/** Dead once used, or when the ticket went on: reopened, closed, merged, or another requester's (E-054). */
async function found(db: Parameters<Parameters<Kernel['transactor']['transaction']>[0]>[0], token: string): Promise<Found> {
  const rows = await sql<Omit<AnswerPage, 'number' | 'state'> & { ticketId: string; personId: string; meaning: string; used: boolean }>`
    select l.ticket_id as "ticketId", l.person_id as "personId", l.used_at is not null as used, t.meaning, t.subject, p.language,
      coalesce((select value ->> 'name' from setting where name = 'company'), 'Firstline') as company
    from answer_link l join ticket t on t.id = l.ticket_id join person p on p.id = l.person_id
    where l.token_hash = ${hashOf(token)} and t.requester_id = l.person_id and t.merged_into_id is null and t.deleted_at is null and p.archived_at is null for update of l`.execute(
    db,
  )
  const row = rows.rows[0]
  if (!row) throw gone()
  const { ticketId, personId, meaning, used, ...shown } = row
  return {
    ticketId,
    personId,
    meaning,
    page: { ...shown, number: Number(ticketId), state: used || meaning !== 'resolved' ? 'answered' : 'open' },
  }
}
