import { domainToASCII } from 'node:url'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { oidc } from '../../../contract/oidc.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { isLocalDesk } from '../../kernel/outbound.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type Provider, readOneProvider } from './access-oidc.ts'
import { sealSecret } from './actions-oidc-exchange.ts'
import { takeProviderGrant } from './actions-oidc-roles.ts'
import './events.ts'

type Input = z.output<(typeof oidc)['POST /api/oidc-providers']['body']>
type Change = z.output<(typeof oidc)['PATCH /api/oidc-providers/:id']['body']>
type Editable = Granted<Provider, 'setting.edit'>
const subjectOf = (id: string) => ({ kind: 'oidc-provider', id })

const columnOf = {
  name: 'name',
  labelEn: 'label_en',
  labelDe: 'label_de',
  issuer: 'issuer',
  clientId: 'client_id',
  scopes: 'scopes',
  joining: 'joining',
  domains: 'domains',
  linking: 'linking',
  passwords: 'passwords',
  groupsClaim: 'groups_claim',
  secondFactor: 'second_factor',
  acrValues: 'acr_values',
  signOut: 'sign_out',
  sessionHours: 'session_hours',
} as const

export async function addProvider(context: Context, input: Input): Promise<string> {
  await checkProvider(context, input)
  const made = await sql<{ id: string }>`insert into oidc_provider (name, issuer, client_id, place, created_at)
    values (${input.name}, ${input.issuer}, ${input.clientId}, (select coalesce(max(place), 0) + 1 from oidc_provider), ${context.now.toString()})
    on conflict on constraint oidc_provider_once do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) throw known()
  await write(context, id, input)
  await context.record({ type: 'oidc-provider.added', subject: subjectOf(id), audience: 'staff', data: {} })
  return id
}

const known = () =>
  new Problem('already_exists', 'Another provider has this issuer and client ID.', {
    issues: [{ path: 'clientId', code: 'already_exists', message: 'Another provider has this issuer and client ID.' }],
  })

export async function changeProvider(context: Context, provider: Editable, version: number, change: Change): Promise<void> {
  if (provider.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this provider meanwhile.', {
      details: { current: await readOneProvider(context, provider.id) },
    })
  await checkProvider(context, change)
  try {
    await write(context, provider.id, change)
  } catch (cause) {
    if ((cause as { constraint?: string }).constraint === 'oidc_provider_once') throw known()
    throw cause
  }
  await sql`update oidc_provider set version = version + 1 where id = ${provider.id}`.execute(context.db)
  if (change.passwords === 'refused') await needWayLeft(context)
  const fields = Object.keys(change)
  await context.record({ type: 'oidc-provider.changed', subject: subjectOf(provider.id), audience: 'staff', data: { fields } })
}

/** All that is wrong, beside its fields. */
async function checkProvider(context: Context, input: Change): Promise<void> {
  const issues: { path: string; code: string; message: string }[] = []
  const url = input.issuer === undefined ? undefined : new URL(input.issuer)
  if (url && url.protocol !== 'https:' && !isLocalDesk(context.kernel.settings))
    issues.push({ path: 'issuer', code: 'not_https', message: 'An https address: passwords and tokens go there.' })
  if (url && (url.username !== '' || url.search !== '' || url.hash !== ''))
    issues.push({ path: 'issuer', code: 'not_plain', message: 'The issuer alone, without name, question mark or hash.' })
  const organisations = (input.groups ?? []).flatMap(({ organisationId }) => organisationId ?? [])
  const teams = (input.groups ?? []).flatMap(({ teamId }) => teamId ?? [])
  const found = await sql<{ organisations: string[]; teams: string[] }>`select
    coalesce((select array_agg(id) from organisation where id = any(${organisations}::bigint[]) and archived_at is null), '{}') as organisations,
    coalesce((select array_agg(id) from team where id = any(${teams}::bigint[]) and archived_at is null), '{}') as teams`.execute(
    context.db,
  )
  const there = found.rows[0]
  for (const [at, row] of (input.groups ?? []).entries()) {
    if (row.organisationId != null && !there?.organisations.includes(row.organisationId))
      issues.push({ path: `groups.${at}.organisationId`, code: 'unknown', message: 'This organisation does not exist.' })
    if (row.teamId != null && !there?.teams.includes(row.teamId))
      issues.push({ path: `groups.${at}.teamId`, code: 'unknown', message: 'This team does not exist.' })
  }
  if (issues.length > 0) throw new Problem('validation_failed', 'Please correct the marked fields.', { issues })
  if (input.passwords === 'refused') await needWayLeft(context)
}

/** Should the provider be away, somebody must come in by a password: an administrator whose role was given by hand. */
async function needWayLeft(context: Context): Promise<void> {
  const found = await sql`select 1 from role_grant g join person p on p.id = g.person_id join password w on w.person_id = p.id
    where g.role = 'administrator' and g.organisation_id is null and g.team_id is null and g.provider_id is null and p.archived_at is null
      and p.email is not null limit 1`.execute(context.db)
  if (found.rows.length === 0)
    throw invalid('passwords', 'no_way_left', 'First give one administrator a password: it is the way in when the provider is away.')
}

async function write(context: Context, id: string, change: Change): Promise<void> {
  const value = (field: keyof typeof columnOf): RawBuilder<unknown> =>
    field === 'domains' ? sql`${(change.domains ?? []).map((domain) => domainToASCII(domain) || domain)}::text[]` : sql`${change[field]}`
  const sets = (Object.keys(columnOf) as (keyof typeof columnOf)[])
    .filter((field) => change[field] !== undefined)
    .map((field) => sql`${sql.ref(columnOf[field])} = ${value(field)}`)
  if (change.secret !== undefined) sets.push(sql`secret = ${change.secret === null ? null : sealSecret(context.kernel, id, change.secret)}`)
  if (sets.length > 0) await sql`update oidc_provider set ${sql.join(sets)} where id = ${id}`.execute(context.db)
  if (change.groups === undefined) return
  await sql`delete from oidc_group where provider_id = ${id}`.execute(context.db)
  await sql`insert into oidc_group (provider_id, place, group_name, role, organisation_id, team_id)
    select ${id}::bigint, x.place, x."group", x.role, x."organisationId", x."teamId"
    from jsonb_to_recordset(${JSON.stringify(change.groups.map((row, place) => ({ ...row, place })))}::jsonb)
      as x (place int, "group" text, role text, "organisationId" bigint, "teamId" bigint)`.execute(context.db)
}

export async function enableProvider(context: Context, provider: Editable): Promise<void> {
  if (provider.enabled) return
  await context.db.updateTable('oidc_provider').set({ enabled_at: context.now }).where('id', '=', provider.id).execute()
  await context.record({ type: 'oidc-provider.enabled', subject: subjectOf(provider.id), audience: 'staff', data: {} })
}

export async function disableProvider(context: Context, provider: Editable): Promise<void> {
  if (!provider.enabled) return
  await context.db.updateTable('oidc_provider').set({ enabled_at: null }).where('id', '=', provider.id).execute()
  await context.record({ type: 'oidc-provider.disabled', subject: subjectOf(provider.id), audience: 'staff', data: {} })
}

export async function orderProviders(context: Context, ids: readonly string[]): Promise<void> {
  await sql`update oidc_provider p set place = x.place from unnest(${[...ids]}::bigint[]) with ordinality as x (id, place) where p.id = x.id`.execute(
    context.db,
  )
  await context.record({ type: 'oidc-provider.ordered', subject: subjectOf('0'), audience: 'staff', data: { count: ids.length } })
}

/** Roles that came from it are taken one by one, so that each has its event, and the last administrator is seen. */
export async function removeProvider(context: Context, provider: Editable): Promise<void> {
  if (provider.enabled) throw new Problem('still_in_use', 'Switch this provider off first.')
  type Held = Parameters<typeof takeProviderGrant>[2] & { personId: string }
  const held = await sql<Held>`select id, person_id as "personId", role, organisation_id as "organisationId", team_id as "teamId"
    from role_grant where provider_id = ${provider.id} order by id for update`.execute(context.db)
  for (const { personId, ...grant } of held.rows)
    if (!(await takeProviderGrant(context, personId, grant)))
      throw new Problem('still_in_use', 'The last administrator is one by this provider: make somebody one by hand first.')
  const people = await sql`delete from person_identity where provider_id = ${provider.id}`.execute(context.db)
  await sql`delete from oidc_provider where id = ${provider.id}`.execute(context.db)
  const count = Number(people.numAffectedRows ?? 0n)
  await context.record({ type: 'oidc-provider.removed', subject: subjectOf(provider.id), audience: 'staff', data: { people: count } })
}
