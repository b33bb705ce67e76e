import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { wireTime } from '../tickets/access-messages.ts'

/**
 * A ticket as a webhook tells it: nothing that its requester may not know, so no notes, no tags and no internal fields.
 * Of restricted tickets and of spam nothing goes out at all.
 */
export type Snapshot = { id: string; url: string } & Record<string, unknown>

export async function snapshotOf(context: Context, ticketId: string): Promise<Snapshot | null> {
  const ref = (alias: string) =>
    sql`case when ${sql.ref(`${alias}.id`)} is null then null else json_build_object('id', ${sql.ref(`${alias}.id`)}::text, 'name', ${sql.ref(`${alias}.name`)}) end`
  const found = await sql<
    { id: string } & Record<string, unknown>
  >`select t.id::text as id, t.id as number, t.subject, t.kind, t.priority, t.channel, t.language,
      json_build_object('meaning', t.meaning, 'name', s.name) as status, case when c.id is null then null else json_build_object('id', c.id::text, 'name', c.name) end as category,
      json_build_object('id', r.id::text, 'name', r.name, 'email', r.email) as requester, ${ref('o')} as organisation, ${ref('tm')} as team, ${ref('a')} as assignee,
      ${wireTime('t.created_at')} as "createdAt", ${wireTime('t.changed_at')} as "changedAt", ${wireTime('t.resolved_at')} as "resolvedAt", ${wireTime('t.closed_at')} as "closedAt"
    from ticket t join status s on s.id = t.status_id join person r on r.id = t.requester_id left join category c on c.id = t.category_id
    left join organisation o on o.id = t.organisation_id left join team tm on tm.id = t.team_id left join person a on a.id = t.assignee_id
    where t.id = ${ticketId} and t.restricted_at is null and t.deleted_at is null`.execute(context.db)
  const row = found.rows[0]
  return row ? { ...row, number: Number(row.number), url: `${context.kernel.settings.baseUrl}/tickets/${row.id}` } : null
}
