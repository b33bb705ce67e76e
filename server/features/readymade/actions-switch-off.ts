import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { RefKind } from './rules-references.ts'
import './events.ts'

/** What refers to something that is no longer there is switched off, and its owner is told: it would fail in somebody's hands. */
type Off = { id: string; kind: string; owner_id: string; missing: string[] }

const gone = sql`firstline.readymade_target(f.kind, f.to_id, 'en') is null`

/** After something was archived; without a target: all that is broken (the hourly look, for what no event told of). */
export async function switchOffBroken(context: Context, kind?: RefKind, id?: string): Promise<void> {
  const only = kind === undefined ? sql`` : sql`and f.kind = ${kind} and f.to_id = ${id}`
  const off = await sql<Off>`with broken as (
      select f.readymade_id, array_agg(f.kind || ':' || f.to_id order by f.kind, f.to_id) as missing
      from readymade_reference f join readymade x on x.id = f.readymade_id
      where x.archived_at is null and x.switched_off_at is null and ${gone} ${only} group by 1 limit 500)
    update readymade r set switched_off_at = ${context.now.toString()}, version = r.version + 1 from broken b where r.id = b.readymade_id
    returning r.id, r.kind, r.owner_id, b.missing`.execute(context.db)
  for (const row of off.rows)
    await context.record({
      type: 'readymade.switched-off',
      subject: { kind: 'readymade', id: row.id },
      audience: 'staff',
      data: { personId: row.owner_id, kind: row.kind, missing: row.missing },
    })
  await switchOffRecurring(context)
}

/** Tickets that come by calendar need their template, the person for whom they are opened, and the one in whose name. */
async function switchOffRecurring(context: Context): Promise<void> {
  const off = await sql<{
    id: string
    owner_id: string
  }>`update recurring_ticket c set switched_off_at = ${context.now.toString()}, version = c.version + 1
    from readymade r, person q, person o where c.switched_off_at is null and r.id = c.template_id and q.id = c.requester_id and o.id = c.owner_id
      and (r.archived_at is not null or r.switched_off_at is not null or q.archived_at is not null or o.archived_at is not null)
    returning c.id, c.owner_id`.execute(context.db)
  for (const row of off.rows)
    await context.record({
      type: 'recurring-ticket.switched-off',
      subject: { kind: 'recurring-ticket', id: row.id },
      audience: 'staff',
      data: { personId: row.owner_id },
    })
}
