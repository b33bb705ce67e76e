import { sql } from 'kysely'
import type { BulkAction } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { fieldFacts } from '../fields/access.ts'
import { accessTickets, type TicketFacts } from '../tickets/access.ts'
import type { TicketRight } from '../tickets/access-visibility.ts'
import { type Beside, type Effect, effectOfRefused, effectOn } from './rules-bulk.ts'

type BesideRow = { id: string; watching: boolean; blocked: boolean; tasks_open: boolean }

/** What the action does to each of these; what may not be seen is not among them. Three statements for all. */
export async function effectsOn<R extends TicketRight>(
  context: Context,
  ids: readonly string[],
  action: BulkAction,
  right: R,
  how: { lock: boolean },
): Promise<{ effects: Map<string, Effect>; granted: Map<string, Granted<TicketFacts, R>> }> {
  const { granted, refused } = await accessTickets(context, ids, right, how)
  const effects = new Map<string, Effect>(refused.map(({ ticket, code }) => [ticket.id, effectOfRefused(ticket, code, action)]))
  const statusId = action.do === 'set' ? action.fields.statusId : undefined
  const status = statusId
    ? (await sql<{ meaning: string }>`select meaning from status where id = ${statusId}`.execute(context.db)).rows[0]
    : undefined
  const own = action.do === 'set' && action.fields.fields ? await fieldFacts(context) : []
  const beside = new Map((await besideOf(context, ids, action)).map((row) => [row.id, row]))
  for (const ticket of granted) {
    const row = beside.get(ticket.id)
    const known: Beside = {
      statusMeaning: status?.meaning ?? null,
      watching: row?.watching ?? false,
      blocked: row?.blocked ?? false,
      tasksOpen: row?.tasks_open ?? false,
      own,
    }
    effects.set(ticket.id, effectOn(ticket, action, context.actor.id, known))
  }
  return { effects, granted: new Map(granted.map((ticket) => [ticket.id, ticket])) }
}

async function besideOf(context: Context, ids: readonly string[], action: BulkAction): Promise<BesideRow[]> {
  if (action.do !== 'follow' && action.do !== 'resolve') return []
  const found = await sql<BesideRow>`select t.id,
      exists (select 1 from ticket_person f where f.ticket_id = t.id and f.role = 'watcher' and f.person_id = ${context.actor.id}) as watching,
      exists (select 1 from ticket_link l join ticket b on b.id = l.from_id where l.to_id = t.id and l.kind = 'blocks'
        and b.meaning not in ('resolved', 'closed', 'cancelled') and b.deleted_at is null and b.merged_into_id is null) as blocked,
      exists (select 1 from task k where k.ticket_id = t.id and k.mandatory = 'yes' and k.state = 'open') as tasks_open
    from ticket t where t.id = any(${[...ids]}::bigint[])`.execute(context.db)
  return found.rows
}
