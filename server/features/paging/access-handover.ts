import { sql } from 'kysely'
import type { OpenPage } from '../../../contract/paging.ts'
import type { Context } from '../../kernel/context.ts'
import { readRota } from '../oncall/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** What whoever leaves a shift hands over: pages of this rota or its team that still ring, and those that they have. */
export async function pagesToHandOver(context: Context, rotaId: string): Promise<OpenPage[]> {
  const { team } = await readRota(context, rotaId)
  const ofRota = sql`(t.team_id = ${team.id} or p.steps @> ${JSON.stringify([{ targets: [{ kind: 'rota', id: rotaId }] }])}::jsonb)`
  const found = await sql<OpenPage>`select x.ticket, x.state, x.since from (
      select distinct on (t.id) t.id, t.priority, p.state, json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject, 'priority', t.priority) as ticket,
        case p.state when 'ringing' then ${wireTime('p.began_at')} else ${wireTime('p.acknowledged_at')} end as since
      from page p join ticket t on t.id = p.ticket_id
      where p.state <> 'ended' and (p.acknowledged_by_id = ${context.actor.id}::bigint or (p.state = 'ringing' and ${ofRota}))
        and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null and t.merged_into_id is null and ${visibleAsStaff(context.actor)}
      order by t.id, p.state <> 'ringing', p.id) x
    order by x.state <> 'ringing', x.priority, x.id limit 50`.execute(context.db)
  return found.rows
}
