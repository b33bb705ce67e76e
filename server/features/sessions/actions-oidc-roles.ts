import { sql } from 'kysely'
import type { Role } from '../../../contract/rights.ts'
import type { Context } from '../../kernel/context.ts'
import type { Provider } from './access-oidc.ts'
import { type Account, rolesOf } from './rules-oidc.ts'

type Held = { id: string; role: Role; organisationId: string | null; teamId: string | null }
const keyOf = ({ role, organisationId, teamId }: Omit<Held, 'id'>): string => `${role}/${organisationId}/${teamId}`

/**
 * The roles that this provider's groups give, worked out anew at each sign-in: what is no longer reached is taken, what is
 * new is given. Only rows with its mark are touched; roles given by hand, or by another provider, are none of its business.
 */
export async function grantByGroups(context: Context, provider: Provider, account: Account, personId: string): Promise<void> {
  if (account.groups === null) return
  const wanted = new Map(rolesOf(account.groups, provider.groups).map((row) => [keyOf(row), row]))
  for (const grant of await heldBy(context, provider.id, personId))
    if (!wanted.has(keyOf(grant))) await takeProviderGrant(context, personId, grant)
  for (const row of wanted.values()) await giveProviderGrant(context, provider.id, personId, row)
}

async function heldBy(context: Context, providerId: string, personId: string): Promise<Held[]> {
  const held = await sql<Held>`select id, role, organisation_id as "organisationId", team_id as "teamId" from role_grant
    where person_id = ${personId} and provider_id = ${providerId} for update`.execute(context.db)
  return held.rows
}

/** Whoever has no account there any more keeps no role from there: nothing would ever work it out anew. */
export async function takeWithoutAccount(context: Context, providerId: string, personId: string): Promise<void> {
  const left = await sql`select 1 from person_identity where person_id = ${personId} and provider_id = ${providerId}`.execute(context.db)
  if (left.rows.length > 0) return
  for (const grant of await heldBy(context, providerId, personId)) await takeProviderGrant(context, personId, grant)
}

async function giveProviderGrant(
  context: Context,
  providerId: string,
  personId: string,
  { role, organisationId, teamId }: Omit<Held, 'id'>,
) {
  const made = await sql<{ id: string }>`insert into role_grant (person_id, role, organisation_id, team_id, given_at, provider_id)
    values (${personId}, ${role}, ${organisationId}, ${teamId}, ${context.now.toString()}, ${providerId}) on conflict do nothing returning id`.execute(
    context.db,
  )
  const grantId = made.rows[0]?.id
  if (grantId === undefined) return
  const data = { personId, grantId, role, organisationId, teamId }
  await context.record({ type: 'grant.given', subject: { kind: 'person', id: personId }, audience: 'staff', data })
}

/** Somebody must be left who can repair it: the last administrator stays one, whatever the groups say. */
export async function takeProviderGrant(context: Context, personId: string, grant: Held): Promise<boolean> {
  if (grant.role === 'administrator' && grant.organisationId === null && grant.teamId === null) {
    await sql`select pg_advisory_xact_lock(1179210318)`.execute(context.db)
    const others = await sql`select 1 from role_grant g join person p on p.id = g.person_id where g.role = 'administrator'
      and g.organisation_id is null and g.team_id is null and p.archived_at is null and g.id <> ${grant.id} limit 1`.execute(context.db)
    if (others.rows.length === 0) {
      context.kernel.log.warn('last administrator kept', { person: personId })
      return false
    }
  }
  await sql`delete from role_grant where id = ${grant.id}`.execute(context.db)
  const { id: grantId, ...role } = grant
  await context.record({
    type: 'grant.taken',
    subject: { kind: 'person', id: personId },
    audience: 'staff',
    data: { personId, grantId, ...role },
  })
  return true
}
