import { sql } from 'kysely'
import type { OidcProvider } from '../../../contract/oidc.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound, Problem } from '../../kernel/problem.ts'
import { domainOf } from '../people/actions-sender.ts'
import type { GroupRole, ProviderPolicy } from './rules-oidc.ts'

/** What a sign-in needs to know of its provider. The secret stays sealed until it is sent. */
export type Provider = ProviderPolicy & {
  id: string
  version: number
  name: string
  clientId: string
  secret: Buffer | null
  scopes: string[]
  signOut: 'here' | 'everywhere'
  sessionHours: number
  enabled: boolean
}

const groupRows = sql`coalesce((select json_agg(json_build_object('group', g.group_name, 'role', g.role, 'organisationId', g.organisation_id::text,
  'teamId', g.team_id::text) order by g.place) from oidc_group g where g.provider_id = p.id), '[]')`

export async function readProvider(db: Db, id: string): Promise<Provider | undefined> {
  const found = await sql<
    Provider & { groups: GroupRole[] }
  >`select p.id, p.version, p.name, p.issuer, p.client_id as "clientId", p.secret, p.scopes,
    p.joining, p.domains, p.linking, p.groups_claim as "groupsClaim", p.second_factor as "secondFactor", p.acr_values as "acrValues",
    p.sign_out as "signOut", p.session_hours as "sessionHours", p.enabled_at is not null as enabled, ${groupRows} as groups
    from oidc_provider p where p.id = ${id}`.execute(db)
  return found.rows[0]
}

/** For signing in: one that is switched off is not there. */
export async function accessEnabledProvider(db: Db, id: string): Promise<Provider> {
  const provider = await readProvider(db, id)
  if (!provider?.enabled) throw notFound()
  return provider
}

/** Who edits the table of groups gives roles: both rights are needed. */
export async function accessProvider(context: Context, id: string): Promise<Granted<Provider, 'setting.edit'>> {
  mayEditProviders(context)
  const provider = await readProvider(context.db, id)
  if (!provider) throw notFound()
  return provider as Granted<Provider, 'setting.edit'>
}

export function mayEditProviders({ actor }: Context): void {
  if (!actor.rights.has('setting.edit') || !actor.rights.has('grant.give'))
    throw notAllowed('Who sets up a provider decides who gets which role: that takes the right to give roles.')
}

export type Way = { id: string; name: string; labelEn: string; labelDe: string }
export async function readWays(db: Db): Promise<Way[]> {
  const found = await sql<Way>`select id, name, coalesce(nullif(label_en, ''), 'Sign in with ' || name) as "labelEn",
    coalesce(nullif(label_de, ''), 'Mit ' || name || ' anmelden') as "labelDe"
    from oidc_provider where enabled_at is not null order by place, id limit 100`.execute(db)
  return found.rows
}

/** What is registered at the provider. One address each, so that no answer is taken for another provider's (RFC 9700, 4.4). */
export const redirectUri = (kernel: Kernel, providerId: string): string => `${kernel.settings.baseUrl}/sign-in/back/${providerId}`
export const signOutUri = (kernel: Kernel): string => `${kernel.settings.baseUrl}/sign-in`

type Shown = Omit<OidcProvider, 'redirectUri' | 'signOutUri'>
export async function readProviders(context: Context, only: string | null = null): Promise<OidcProvider[]> {
  const found = await sql<Shown>`select p.id, p.version, p.name, p.label_en as "labelEn", p.label_de as "labelDe", p.issuer,
    p.client_id as "clientId", p.secret is not null as "hasSecret", p.scopes, p.joining, p.domains, p.linking, p.passwords,
    p.groups_claim as "groupsClaim", p.second_factor as "secondFactor", p.acr_values as "acrValues", p.sign_out as "signOut",
    p.session_hours as "sessionHours", p.enabled_at is not null as enabled,
    (select count(*)::int from person_identity i where i.provider_id = p.id) as people,
    coalesce((select json_agg(json_build_object('group', g.group_name, 'role', g.role,
      'organisation', (select json_build_object('id', o.id::text, 'name', o.name) from organisation o where o.id = g.organisation_id),
      'team', (select json_build_object('id', t.id::text, 'name', t.name) from team t where t.id = g.team_id)) order by g.place)
      from oidc_group g where g.provider_id = p.id), '[]') as groups
    from oidc_provider p where ${only}::bigint is null or p.id = ${only}::bigint order by p.place, p.id limit 100`.execute(context.db)
  const { kernel } = context
  return found.rows.map((row) => ({ ...row, redirectUri: redirectUri(kernel, row.id), signOutUri: signOutUri(kernel) }))
}

export async function readOneProvider(context: Context, id: string): Promise<OidcProvider> {
  const [provider] = await readProviders(context, id)
  if (!provider) throw notFound()
  return provider
}

type IdentityRow = { id: string; provider: { id: string; name: string }; account: string; connected_at: Instant; used_at: Instant | null }
export async function readIdentities({ db, actor }: Context) {
  const found =
    await sql<IdentityRow>`select i.id, json_build_object('id', p.id::text, 'name', p.name) as provider, i.account, i.connected_at, i.used_at
    from person_identity i join oidc_provider p on p.id = i.provider_id where i.person_id = ${actor.id} order by i.id limit 100`.execute(db)
  return found.rows.map(({ connected_at, used_at, ...row }) => ({
    ...row,
    connectedAt: onWire(connected_at),
    usedAt: used_at === null ? null : onWire(used_at),
  }))
}

/**
 * Passwords and mailed links are closed to people of a domain whose provider says so, known here or not. The way that is
 * always left: an administrator whose role was given by hand, should the provider be away.
 */
export async function providerOnly(db: Db, email: string, personId: string | undefined): Promise<string | undefined> {
  const found = await sql<{ name: string }>`select p.name from oidc_provider p
    where p.enabled_at is not null and p.passwords = 'refused' and ${domainOf(email)} = any(p.domains)
      and not exists (select 1 from role_grant g where g.person_id = ${personId ?? null}::bigint and g.role = 'administrator'
        and g.organisation_id is null and g.team_id is null and g.provider_id is null) limit 1`.execute(db)
  return found.rows[0]?.name
}

export async function refuseWhereProviderOnly(db: Db, email: string, personId: string | undefined): Promise<void> {
  const name = await providerOnly(db, email, personId)
  if (name !== undefined) throw new Problem('provider_only', `People of this domain sign in with ${name}.`, { details: { provider: name } })
}
