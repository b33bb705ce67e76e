import { sql } from 'kysely'
import type { Actor } from '../../kernel/actor.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { companySettings } from '../company/access.ts'
import { refuseStale } from './access-security.ts'
import { voidLinks } from './actions-links.ts'
import { limitPerson, signInFailed } from './actions-sign-in.ts'
import { hashPassword, isPassword, refuseWeak } from './passwords.ts'
import { isFresh } from './rules.ts'
import './events.ts'

/** Checks the strength and hashes; outside of any transaction. */
export async function prepareNewPassword(kernel: Kernel, password: string, own: readonly (string | null)[]): Promise<string> {
  const company = await kernel.asSystem((context) => companySettings(context.db))
  refuseWeak(password, [company.name, ...own.filter((word) => word !== null)])
  return hashPassword(password)
}

/** Changing a password needs the current one; the first one needs a fresh sign-in (ASVS 6.2.3). */
export async function prepareOwnPassword(
  kernel: Kernel,
  actor: Actor,
  input: { current?: string | undefined; password: string },
): Promise<string> {
  const personId = actor.id ?? ''
  await limitPerson(kernel, 'password-change', personId, 10, 900)
  const stored = await kernel.asSystem((context) => storedPassword(context.db, personId))
  if (stored === undefined && !isFresh(actor, kernel.clock.now())) refuseStale()
  if (stored !== undefined && !(await isPassword(stored, input.current ?? ''))) throw signInFailed('The current password is wrong.')
  return prepareNewPassword(kernel, input.password, [actor.name, actor.email])
}

async function storedPassword(db: Db, personId: string): Promise<string | undefined> {
  const found = await sql<{ hash: string }>`select hash from password where person_id = ${personId}`.execute(db)
  return found.rows[0]?.hash
}

export async function setPassword(context: Context, personId: string, hash: string): Promise<void> {
  await sql`insert into password (person_id, hash, set_at) values (${personId}, ${hash}, ${context.now.toString()})
    on conflict (person_id) do update set hash = excluded.hash, set_at = excluded.set_at`.execute(context.db)
  await voidLinks(context, personId)
  await context.record({ type: 'password.set', subject: { kind: 'person', id: personId }, audience: 'staff', data: { personId } })
}
