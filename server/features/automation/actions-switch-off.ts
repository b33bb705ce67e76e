import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { targetName } from './access.ts'
import { forgetAwaited } from './access-awaited.ts'
import './events.ts'

/** A rule that would fail, or that runs wild, is switched off, and its owner and the administrators are told. */
type Off = { id: string; owner_id: string; missing: string[] }

/** After something was archived; without a target: all that is broken (the hourly look, for what no event told of). */
export async function switchOffBroken(context: Context, kind?: string, id?: string): Promise<void> {
  const only = kind === undefined ? sql`` : sql`and f.kind = ${kind} and f.to_id = ${id}`
  const off = await sql<Off>`with broken as (
      select f.rule_id, array_agg(f.kind || ':' || f.to_id order by f.kind, f.to_id) as missing
      from automation_reference f join automation_rule x on x.id = f.rule_id
      where x.archived_at is null and x.switched_off_at is null and ${targetName(sql`f.kind`, sql`f.to_id`, 'en')} is null ${only} group by 1)
    update automation_rule r set switched_off_at = ${context.now.toString()}, switched_off_why = 'broken', version = r.version + 1
    from broken b where r.id = b.rule_id returning r.id, r.owner_id, b.missing`.execute(context.db)
  for (const row of off.rows) await told(context, row, 'broken', null)
}

/** It took more steps on one ticket within an hour than any rule has reason to. */
export async function pauseRule(context: Context, id: string, ticketId: string): Promise<void> {
  const off =
    await sql<Off>`update automation_rule set switched_off_at = ${context.now.toString()}, switched_off_why = 'loop', version = version + 1
    where id = ${id} and switched_off_at is null returning id, owner_id, '{}'::text[] as missing`.execute(context.db)
  for (const row of off.rows) await told(context, row, 'loop', ticketId)
}

/**
 * A macro that a rule runs was rewritten by somebody who may not write rules: it would act with the program's rights, which
 * are not theirs to use (F-081). An administrator looks at it and switches the rule on again.
 */
export async function switchOffRewritten(context: Context, readymadeId: string): Promise<void> {
  if (context.actor.rights.has('automation.edit')) return
  const off =
    await sql<Off>`update automation_rule r set switched_off_at = ${context.now.toString()}, switched_off_why = 'changed', version = r.version + 1
    from automation_reference f where f.rule_id = r.id and f.kind = 'readymade' and f.to_id = ${readymadeId}
      and r.archived_at is null and r.switched_off_at is null returning r.id, r.owner_id, array['readymade:' || ${readymadeId}] as missing`.execute(
      context.db,
    )
  for (const row of off.rows) await told(context, row, 'changed', null)
}

async function told(context: Context, row: Off, why: 'broken' | 'loop' | 'changed', ticketId: string | null): Promise<void> {
  await context.record({
    type: 'automation.switched-off',
    subject: { kind: 'automation', id: row.id },
    audience: 'staff',
    data: { personId: row.owner_id, why, missing: row.missing, ticketId },
  })
  forgetAwaited(context)
}
