import { sql } from 'kysely'
import type { Role } from '../../../contract/rights.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound, Problem } from '../../kernel/problem.ts'
import type { PersonFacts } from './access.ts'
import './events.ts'

export type NewGrant = { role: Role; organisationId: string | null; teamId: string | null }

export async function giveGrant(context: Context, person: Granted<PersonFacts, 'grant.give'>, grant: NewGrant): Promise<void> {
  if (grant.organisationId !== null && !(await exists(context.db, 'organisation', grant.organisationId)))
    throw invalid('organisationId', 'unknown', 'This organisation does not exist.')
  if (grant.teamId !== null && !(await exists(context.db, 'team', grant.teamId)))
    throw invalid('teamId', 'unknown', 'This team does not exist.')
  await writeGrant(context, person.id, grant)
}

async function exists(db: Db, table: 'organisation' | 'team', id: string): Promise<boolean> {
  return (await sql`select 1 from ${sql.table(table)} where id = ${id} and archived_at is null`.execute(db)).rows.length > 0
}

/** For the first administrator, invitations and imports, which have no granted row; a role that is held already stays as it is. */
export async function writeGrant(context: Context, personId: string, grant: NewGrant): Promise<void> {
  const made = await sql<{ id: string }>`insert into role_grant (person_id, role, organisation_id, team_id, given_by_id, given_at)
    values (${personId}, ${grant.role}, ${grant.organisationId}, ${grant.teamId}, ${context.actor.id}, ${context.now.toString()})
    on conflict do nothing returning id`.execute(context.db)
  const grantId = made.rows[0]?.id
  if (grantId === undefined) return
  await context.record({
    type: 'grant.given',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, grantId, ...grant },
  })
}

export async function takeGrant(context: Context, person: Granted<PersonFacts, 'grant.give'>, grantId: string): Promise<void> {
  const taken = await sql<{ role: Role; organisationId: string | null; teamId: string | null }>`delete from role_grant
    where id = ${grantId} and person_id = ${person.id} and provider_id is null returning role, organisation_id as "organisationId", team_id as "teamId"`.execute(
    context.db,
  )
  const grant = taken.rows[0]
  if (!grant) {
    const byGroup = await sql`select 1 from role_grant where id = ${grantId} and person_id = ${person.id}`.execute(context.db)
    if (byGroup.rows.length > 0)
      throw notAllowed('This role comes from a group of the sign-in provider: take the person out of the group there.')
    throw notFound()
  }
  if (grant.role === 'administrator' && (await administrators(context.db)) === 0)
    throw new Problem('still_in_use', 'This is the last administrator: make somebody else one first.')
  await context.record({
    type: 'grant.taken',
    subject: { kind: 'person', id: person.id },
    audience: 'staff',
    data: { personId: person.id, grantId, ...grant },
  })
}

/** Administrators of the whole desk who are not archived. Those by a provider's group do not count: the provider may be away. */
export async function administrators(db: Db): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from role_grant g join person p on p.id = g.person_id
    where g.role = 'administrator' and g.organisation_id is null and g.team_id is null and g.provider_id is null and p.archived_at is null`.execute(
    db,
  )
  return found.rows[0]?.count ?? 0
}
