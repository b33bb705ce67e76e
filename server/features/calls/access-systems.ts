import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** Telephone systems. Of a key only its hash is kept. */
export type PhoneSystem = { id: string; version: number; name: string; createdAt: string; rotatedAt: string | null; heardAt: string | null }
const columns = sql`id, version, name, ${wireTime('created_at')} as "createdAt", ${wireTime('rotated_at')} as "rotatedAt", ${wireTime('heard_at')} as "heardAt"`

export const listSystems = async ({ db }: Context): Promise<PhoneSystem[]> =>
  (await sql<PhoneSystem>`select ${columns} from phone_system where archived_at is null order by name, id`.execute(db)).rows

export async function accessSystem(context: Context, id: string): Promise<Granted<PhoneSystem, 'setting.edit'>> {
  const found = await sql<PhoneSystem>`select ${columns} from phone_system where id = ${id} and archived_at is null for update`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<PhoneSystem, 'setting.edit'>
}

export async function systemByKey(db: Db, key: string): Promise<{ id: string } | undefined> {
  return (await sql<{ id: string }>`select id from phone_system where key_hash = ${hashOf(key)} and archived_at is null`.execute(db))
    .rows[0]
}

export const extensionOf = async ({ db, actor }: Context): Promise<string> =>
  (await sql<{ number: string }>`select number from extension where person_id = ${actor.id}`.execute(db)).rows[0]?.number ?? ''
