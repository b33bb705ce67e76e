import { sql } from 'kysely'
import type { z } from 'zod'
import type { people } from '../../../contract/people.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, Problem } from '../../kernel/problem.ts'
import { type OrganisationFacts, readOrganisation, readSite, type SiteFacts } from './access-organisations.ts'
import { isFreeMail } from './free-mail.ts'
import './events.ts'

type Input = z.output<(typeof people)['POST /api/organisations']['body']>
type Change = z.output<(typeof people)['PATCH /api/organisations/:id']['body']>
type SiteInput = z.output<(typeof people)['POST /api/organisations/:id/sites']['body']>
type SiteChange = z.output<(typeof people)['PATCH /api/sites/:id']['body']>

export async function addOrganisation(context: Context, input: Input): Promise<string> {
  if (context.actor.organisations !== 'all') throw notAllowed('Who is limited to some customers adds no others.')
  const made = await sql<{ id: string }>`insert into organisation (name, note, special_handling, language, time_zone, created_at)
    values (${input.name}, ${input.note ?? ''}, ${input.specialHandling ?? ''}, ${input.language ?? null}, ${input.timeZone ?? null}, ${context.now.toString()})
    on conflict do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) throw nameTaken()
  if (input.domains) await setDomains(context, id, input.domains)
  await context.record({
    type: 'organisation.created',
    subject: { kind: 'organisation', id },
    organisationId: id,
    audience: 'staff',
    data: {},
  })
  return id
}

const nameTaken = () =>
  new Problem('already_exists', 'Another organisation has this name.', {
    issues: [{ path: 'name', code: 'already_exists', message: 'Another organisation has this name.' }],
  })

/** One domain belongs to one organisation, or an unknown sender could not be placed; a free-mail domain belongs to none. */
async function setDomains(context: Context, id: string, wanted: string[]): Promise<void> {
  const domains = [...new Set(wanted)]
  const free = domains.find(isFreeMail)
  if (free !== undefined) throw invalid('domains', 'free_mail', `${free} is open to anybody: its users would all join this organisation.`)
  await sql`delete from organisation_domain where organisation_id = ${id} and domain <> all(${domains}::text[])`.execute(context.db)
  await sql`insert into organisation_domain (domain, organisation_id) select x, ${id}::bigint from unnest(${domains}::text[]) x on conflict do nothing`.execute(
    context.db,
  )
  const others = await sql<{
    domain: string
  }>`select domain from organisation_domain where domain = any(${domains}::text[]) and organisation_id <> ${id} limit 1`.execute(context.db)
  const taken = others.rows[0]?.domain
  if (taken !== undefined) {
    const message = `${taken} belongs to another organisation.`
    throw new Problem('already_exists', message, { issues: [{ path: 'domains', code: 'already_exists', message }] })
  }
}

function namedAlready(cause: unknown): never {
  throw (cause as { code?: string }).code === '23505' ? nameTaken() : cause
}

const columnOf = { name: 'name', note: 'note', specialHandling: 'special_handling', language: 'language', timeZone: 'time_zone' } as const

export async function changeOrganisation(
  context: Context,
  organisation: Granted<OrganisationFacts, 'organisation.edit'>,
  version: number,
  change: Change,
): Promise<void> {
  const { id } = organisation
  if (organisation.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this organisation meanwhile.', {
      details: { current: await readOrganisation(context, id) },
    })
  const fields = Object.keys(change).filter((field) => change[field as keyof Change] !== undefined)
  if (fields.length === 0) return
  const sets = Object.entries(columnOf).flatMap(([field, column]) => {
    const value = change[field as keyof typeof columnOf]
    return value === undefined ? [] : [sql`, ${sql.ref(column)} = ${value}`]
  })
  await sql`update organisation set version = version + 1${sql.join(sets, sql``)} where id = ${id}`.execute(context.db).catch(namedAlready)
  if (change.domains) await setDomains(context, id, change.domains)
  await context.record({
    type: 'organisation.changed',
    subject: { kind: 'organisation', id },
    organisationId: id,
    audience: 'staff',
    data: { fields },
  })
}

export async function archiveOrganisation(
  context: Context,
  { id, archived_at }: Granted<OrganisationFacts, 'organisation.edit'>,
): Promise<void> {
  if (archived_at !== null) return
  await context.db.updateTable('organisation').set({ archived_at: context.now }).where('id', '=', id).execute()
  await context.record({
    type: 'organisation.archived',
    subject: { kind: 'organisation', id },
    organisationId: id,
    audience: 'staff',
    data: {},
  })
}

/** Refused while another one has taken its name meanwhile. */
export async function restoreOrganisation(
  context: Context,
  { id, archived_at }: Granted<OrganisationFacts, 'organisation.edit'>,
): Promise<void> {
  if (archived_at === null) return
  await sql`update organisation set archived_at = null where id = ${id}`.execute(context.db).catch(namedAlready)
  await context.record({
    type: 'organisation.restored',
    subject: { kind: 'organisation', id },
    organisationId: id,
    audience: 'staff',
    data: {},
  })
}

export async function addSite(
  context: Context,
  organisation: Granted<OrganisationFacts, 'organisation.edit'>,
  input: SiteInput,
): Promise<string> {
  const { id } = await context.db
    .insertInto('site')
    .values({
      organisation_id: organisation.id,
      name: input.name,
      address: input.address ?? '',
      opening: input.opening ?? '',
      access_note: input.accessNote ?? '',
      time_zone: input.timeZone ?? null,
      created_at: context.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const data = { organisationId: organisation.id }
  await context.record({ type: 'site.created', subject: { kind: 'site', id }, organisationId: organisation.id, audience: 'staff', data })
  return id
}

const siteColumnOf = { name: 'name', address: 'address', opening: 'opening', accessNote: 'access_note', timeZone: 'time_zone' } as const

export async function changeSite(
  context: Context,
  site: Granted<SiteFacts, 'organisation.edit'>,
  version: number,
  change: SiteChange,
): Promise<void> {
  if (site.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this site meanwhile.', {
      details: { current: await readSite(context, site.id) },
    })
  const sets = Object.entries(siteColumnOf).flatMap(([field, column]) => {
    const value = change[field as keyof typeof siteColumnOf]
    return value === undefined ? [] : [sql`, ${sql.ref(column)} = ${value}`]
  })
  if (sets.length === 0) return
  await sql`update site set version = version + 1${sql.join(sets, sql``)} where id = ${site.id}`.execute(context.db)
  const data = { organisationId: site.organisation_id, fields: Object.keys(change) }
  await context.record({
    type: 'site.changed',
    subject: { kind: 'site', id: site.id },
    organisationId: site.organisation_id,
    audience: 'staff',
    data,
  })
}
