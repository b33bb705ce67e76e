import { sql } from 'kysely'
import type { EmergencyQuestion } from '../../../contract/emergency.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { readSet, type SetFacts } from './access-sets.ts'
import './events.ts'

type Editable = Granted<SetFacts, 'setting.edit'>
const about = (id: string, organisationId: string | null) => ({
  subject: { kind: 'emergency-set', id },
  organisationId,
  audience: 'staff' as const,
})

export async function addSet(context: Context, organisationId: string, questions: EmergencyQuestion[]): Promise<string> {
  const there = await sql`select 1 from organisation where id = ${organisationId} and archived_at is null`.execute(context.db)
  if (there.rows.length === 0) throw invalid('organisationId', 'unknown', 'This organisation does not exist. Choose another.')
  const made = await sql<{ id: string }>`insert into emergency_set (organisation_id, questions, changed_at)
    values (${organisationId}, ${JSON.stringify(questions)}::jsonb, ${context.now.toString()}::timestamptz) on conflict (organisation_id) do nothing returning id`.execute(
    context.db,
  )
  const id = made.rows[0]?.id
  if (id === undefined) throw new Problem('already_exists', 'This organisation has questions of its own already. Change those.')
  await context.record({ type: 'emergency-set.added', ...about(id, organisationId), data: {} })
  return id
}

export async function changeSet(context: Context, set: Editable, version: number, questions: EmergencyQuestion[]): Promise<void> {
  if (set.version !== version)
    throw new Problem('version_stale', 'Somebody else changed these questions meanwhile.', {
      details: { current: await readSet(context, set.id) },
    })
  await sql`update emergency_set set questions = ${JSON.stringify(questions)}::jsonb, version = version + 1, changed_at = ${context.now.toString()}
    where id = ${set.id}`.execute(context.db)
  await context.record({
    type: 'emergency-set.changed',
    ...about(set.id, set.organisation_id),
    data: { questions: questions.length },
  })
}

export async function removeSet(context: Context, set: Editable): Promise<void> {
  if (set.organisation_id === null)
    throw new Problem('still_in_use', 'The questions of the desk stay. Take the single questions out if nothing is to be asked.')
  await sql`delete from emergency_set where id = ${set.id}`.execute(context.db)
  await context.record({ type: 'emergency-set.removed', ...about(set.id, set.organisation_id), data: {} })
}
