import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Organisation, OrganisationRow, people, Site } from '../../../contract/people.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { cursorFrom, pageOf } from './paging.ts'

/** Organisations on someone's behalf: all, or those that an agent is limited to (alias `o`). */
type Condition = RawBuilder<SqlBool>

const visibleOrganisations = (actor: Actor): Condition =>
  actor.organisations === 'all' ? sql`true` : sql`o.id = any(${actor.organisations}::bigint[])`
const mayEdit = (actor: Actor): Condition => (actor.rights.has('organisation.edit') ? visibleOrganisations(actor) : sql`false`)

export type OrganisationFacts = { id: string; version: number; name: string; archived_at: Instant | null }

export async function accessOrganisation<R extends 'person.see' | 'organisation.edit'>(
  context: Context,
  id: string,
  right: R,
): Promise<Granted<OrganisationFacts, R>> {
  const { actor } = context
  const allowed = right === 'person.see' ? sql`true` : mayEdit(actor)
  const found = await sql<OrganisationFacts & { allowed: boolean }>`select o.id, o.version, o.name, o.archived_at, ${allowed} as allowed
    from organisation o where o.id = ${id} and ${visibleOrganisations(actor)} ${right === 'person.see' ? sql`` : sql`for no key update of o`}`.execute(
    context.db,
  )
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.allowed) throw notAllowed()
  return row as unknown as Granted<OrganisationFacts, R>
}

export type SiteFacts = { id: string; version: number; organisation_id: string }

export async function accessSite(context: Context, id: string): Promise<Granted<SiteFacts, 'organisation.edit'>> {
  const found = await sql<SiteFacts & { allowed: boolean }>`select s.id, s.version, s.organisation_id, ${mayEdit(context.actor)} as allowed
    from site s join organisation o on o.id = s.organisation_id
    where s.id = ${id} and ${visibleOrganisations(context.actor)} for no key update of s`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.allowed) throw notAllowed()
  return row as unknown as Granted<SiteFacts, 'organisation.edit'>
}

/** Open tickets per organisation or team. A restricted ticket is not counted: a number would tell of it. */
export function openTickets(actor: Actor, column: 'organisation_id' | 'team_id', of: string) {
  const limits: Condition[] = []
  if (actor.organisations !== 'all') limits.push(sql` and t.organisation_id = any(${actor.organisations}::bigint[])`)
  if (actor.teamsLimit !== 'all') limits.push(sql` and t.team_id = any(${actor.teamsLimit}::bigint[])`)
  return sql<number>`(select count(*)::int from ticket t where ${sql.ref(`t.${column}`)} = ${sql.raw(of)} and t.meaning not in ('resolved', 'closed', 'cancelled')
    and t.deleted_at is null and t.merged_into_id is null and t.restricted_at is null${limits.length > 0 ? sql.join(limits, sql``) : sql``})`
}

const columns = (actor: Actor) => sql`o.id, o.name, o.archived_at is not null as archived,
  coalesce((select json_agg(d.domain order by d.domain) from organisation_domain d where d.organisation_id = o.id), '[]') as domains,
  (select count(*)::int from person p where p.organisation_id = o.id and p.archived_at is null) as people, ${openTickets(actor, 'organisation_id', 'o.id')} as "openTickets"`

type Query = z.output<(typeof people)['GET /api/organisations']['query']>

export async function listOrganisations(context: Context, query: Query): Promise<{ items: OrganisationRow[]; next: string | null }> {
  const parts: Condition[] = [
    visibleOrganisations(context.actor),
    query.archived === true ? sql`o.archived_at is not null` : sql`o.archived_at is null`,
  ]
  if (query.q !== undefined && query.q.trim() !== '') {
    const pattern = `%${query.q.trim().replace(/[\\%_]/g, '\\$&')}%`
    parts.push(sql`(firstline.plain(o.name) like firstline.plain(${pattern}::text) or firstline.plain(${query.q.trim()}::text) <% firstline.plain(o.name)
      or exists (select 1 from organisation_domain d where d.organisation_id = o.id and d.domain ilike ${pattern}))`)
  }
  const after = cursorFrom(query.after)
  if (after) parts.push(sql`(o.name collate "und-x-icu", o.id) > (${after.name}::text collate "und-x-icu", ${after.id}::bigint)`)
  // The page first, its figures after: nothing is counted for rows that are not shown.
  const found = await sql<OrganisationRow>`with shown as materialized (
      select o.id from organisation o where ${sql.join(parts, sql` and `)} order by o.name collate "und-x-icu", o.id limit ${sql.lit(query.limit + 1)})
    select ${columns(context.actor)} from organisation o join shown on shown.id = o.id order by o.name collate "und-x-icu", o.id`.execute(
    context.db,
  )
  return pageOf(found.rows, query.limit)
}

export const siteJson = sql`json_build_object('id', s.id::text, 'version', s.version, 'organisationId', s.organisation_id::text, 'name', s.name,
  'address', s.address, 'opening', s.opening, 'accessNote', s.access_note, 'timeZone', s.time_zone)`

type SiteQuery = z.output<(typeof people)['GET /api/sites']['query']>
type FoundSite = { id: string; name: string; organisation: { id: string; name: string } }

/** To be chosen, those in use; by their ids, to be named, the others too. */
export async function findSites({ db, actor }: Context, { q = '', ids, limit }: SiteQuery): Promise<FoundSite[]> {
  const pattern = `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`
  const wanted = ids
    ? sql`s.id = any(${ids}::bigint[])`
    : sql`s.archived_at is null and o.archived_at is null
      and (firstline.plain(s.name) like firstline.plain(${pattern}::text) or firstline.plain(o.name) like firstline.plain(${pattern}::text))`
  const found = await sql<FoundSite>`select s.id, s.name, json_build_object('id', o.id::text, 'name', o.name) as organisation
    from site s join organisation o on o.id = s.organisation_id where ${wanted} and ${visibleOrganisations(actor)}
    order by o.name collate "und-x-icu", s.name, s.id limit ${sql.lit(ids ? 100 : limit)}`.execute(db)
  return found.rows
}

export async function readOrganisation(context: Context, id: string): Promise<Organisation> {
  const { actor } = context
  const found = await sql<Organisation>`
    select ${columns(actor)}, o.version, o.note, o.special_handling as "specialHandling", o.language, o.time_zone as "timeZone",
      coalesce((select json_agg(${siteJson} order by s.name, s.id) from site s where s.organisation_id = o.id and s.archived_at is null), '[]') as sites,
      json_build_object('edit', ${mayEdit(actor)}) as can
    from organisation o where o.id = ${id} and ${visibleOrganisations(actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export async function readSite(context: Context, id: string): Promise<Site> {
  const found = await sql<{ site: Site }>`select ${siteJson} as site from site s where s.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0].site
}

/** For imports, which name things as people do: case and accents do not matter. */
export async function organisationByName(db: Db, name: string): Promise<string | undefined> {
  const found = await sql<{
    id: string
  }>`select id from organisation where firstline.plain(name) = firstline.plain(${name}::text) and archived_at is null`.execute(db)
  return found.rows[0]?.id
}

export async function siteByName(db: Db, organisationId: string, name: string): Promise<string | undefined> {
  const found = await sql<{ id: string }>`select id from site
    where organisation_id = ${organisationId} and firstline.plain(name) = firstline.plain(${name}::text) and archived_at is null`.execute(
    db,
  )
  return found.rows[0]?.id
}
