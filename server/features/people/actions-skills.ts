import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import type { SkillFacts } from './access-teams.ts'
import './events.ts'

type Skill = Granted<SkillFacts, 'team.edit'>
type Named = { id: string; name: string }

const nameTaken = () =>
  new Problem('already_exists', 'Another skill has this name.', {
    issues: [{ path: 'name', code: 'already_exists', message: 'Another skill has this name.' }],
  })

export async function addSkill(context: Context, name: string): Promise<Named> {
  const made = await sql<Named>`insert into skill (name) values (${name}) on conflict do nothing returning id, name`.execute(context.db)
  const skill = made.rows[0]
  if (!skill) throw nameTaken()
  await context.record({ type: 'skill.created', subject: { kind: 'skill', id: skill.id }, audience: 'staff', data: {} })
  return skill
}

export async function renameSkill(context: Context, { id }: Skill, name: string): Promise<Named> {
  await sql`update skill set name = ${name} where id = ${id}`.execute(context.db).catch((cause: { code?: string }) => {
    throw cause.code === '23505' ? nameTaken() : cause
  })
  await context.record({ type: 'skill.renamed', subject: { kind: 'skill', id }, audience: 'staff', data: {} })
  return { id, name }
}

/** Whoever has it has it no more. */
export async function removeSkill(context: Context, { id }: Skill): Promise<void> {
  const had = await sql`delete from person_skill where skill_id = ${id}`.execute(context.db)
  await sql`delete from skill where id = ${id}`.execute(context.db)
  const people = Number(had.numAffectedRows ?? 0)
  await context.record({ type: 'skill.removed', subject: { kind: 'skill', id }, audience: 'staff', data: { people } })
}
