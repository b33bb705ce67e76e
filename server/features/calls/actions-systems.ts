import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { numberOf } from './access-callers.ts'
import { accessSystem, type PhoneSystem } from './access-systems.ts'
import './events.ts'

type WithKey = PhoneSystem & { address: string }
const about = (id: string) => ({ subject: { kind: 'phone-system', id }, audience: 'staff' as const, data: {} })
const withKey = async (context: Context, id: string, key: string): Promise<WithKey> => ({
  ...(await accessSystem(context, id)),
  address: `${context.kernel.settings.baseUrl}/api/cti/${key}`,
})

export async function addSystem(context: Context, name: string): Promise<WithKey> {
  const key = newToken()
  const made = await sql<{
    id: string
  }>`insert into phone_system (name, key_hash, created_at) values (${name}, ${hashOf(key)}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'phone-system.added', ...about(id) })
  return withKey(context, id, key)
}

export async function rotateKey(context: Context, system: Granted<PhoneSystem, 'setting.edit'>): Promise<WithKey> {
  const key = newToken()
  await sql`update phone_system set key_hash = ${hashOf(key)}, rotated_at = ${context.now.toString()}, version = version + 1 where id = ${system.id}`.execute(
    context.db,
  )
  await context.record({ type: 'phone-system.key-changed', ...about(system.id) })
  return withKey(context, system.id, key)
}

/** Its calls stay, and its name with them. */
export async function removeSystem(context: Context, system: Granted<PhoneSystem, 'setting.edit'>): Promise<void> {
  await sql`update phone_system set archived_at = ${context.now.toString()}, key_hash = ${hashOf(newToken())}, version = version + 1 where id = ${system.id}`.execute(
    context.db,
  )
  await context.record({ type: 'phone-system.removed', ...about(system.id) })
}

/** Where calls for me ring: a short extension, or a whole number. */
export async function keepExtension(context: Context, raw: string): Promise<void> {
  const me = context.actor.id
  if (raw === '') return void (await sql`delete from extension where person_id = ${me}`.execute(context.db))
  const number = await numberOf(context, raw)
  if (number === null) throw invalid('number', 'not_a_number', 'Write an extension like 214, or a whole number like +49 30 555 12 14.')
  const other = await sql<{
    name: string
  }>`select firstline.name_of(person_id) as name from extension where number = ${number} and person_id <> ${me}`.execute(context.db)
  if (other.rows[0]) throw invalid('number', 'taken', `This is ${other.rows[0].name}’s extension.`)
  await sql`insert into extension (person_id, number) values (${me}, ${number}) on conflict (person_id) do update set number = excluded.number`.execute(
    context.db,
  )
}
