import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Person, PersonRow, people } from '../../../contract/people.ts'
import { staffRoles } from '../../../contract/rights.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { cursorFrom, pageOf } from './paging.ts'

/**
 * The only place where people are fetched on someone's behalf. One condition on the alias `p` for one, many and search,
 * and one for each right, which is both the check and the column behind `can`.
 */
type Condition = RawBuilder<SqlBool>

export const isStaff: Condition = sql`exists (select 1 from role_grant g where g.person_id = p.id and g.role = any(${[...staffRoles]}::text[]))`

const inOrganisations = (ids: readonly string[]): Condition => sql`(p.organisation_id = any(${ids}::bigint[])
  or exists (select 1 from person_organisation m where m.person_id = p.id and m.organisation_id = any(${ids}::bigint[])))`

export function visiblePeople(actor: Actor): Condition {
  if (!actor.rights.has('person.see')) return sql`p.id = ${actor.id}`
  if (actor.organisations === 'all') return sql`true`
  return sql`(p.id = ${actor.id} or ${isStaff} or ${inOrganisations(actor.organisations)})`
}

export type PersonRight = 'person.see' | 'person.edit' | 'grant.give'

/** F-070: colleagues are changed only by those who give roles; nobody is lifted by editing the address of somebody higher. */
function mayPerson(actor: Actor, right: PersonRight): Condition {
  if (!actor.rights.has(right)) return sql`false`
  if (right === 'person.see' || actor.rights.has('grant.give')) return sql`true`
  const mine = actor.organisations === 'all' ? sql<SqlBool>`true` : inOrganisations(actor.organisations)
  return sql`(not ${isStaff} and ${mine})`
}

export type PersonFacts = {
  id: string
  version: number
  name: string
  email: string | null
  organisation_id: string | null
  language: string
  archived_at: Instant | null
  staff: boolean
}

export async function accessPerson<R extends PersonRight>(context: Context, id: string, right: R): Promise<Granted<PersonFacts, R>> {
  const { actor } = context
  const found = await sql<
    PersonFacts & { allowed: boolean }
  >`select p.id, p.version, p.name, p.email::text as email, p.organisation_id, p.language,
      p.archived_at, ${isStaff} as staff, ${mayPerson(actor, right)} as allowed
    from person p where p.id = ${id} and ${visiblePeople(actor)} ${right === 'person.see' ? sql`` : sql`for no key update of p`}`.execute(
    context.db,
  )
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.allowed) throw notAllowed()
  return row as unknown as Granted<PersonFacts, R>
}

type Query = z.output<(typeof people)['GET /api/people']['query']>

export async function listPeople(context: Context, query: Query): Promise<{ items: PersonRow[]; next: string | null }> {
  const parts: Condition[] = [
    visiblePeople(context.actor),
    query.archived === true ? sql`p.archived_at is not null` : sql`p.archived_at is null`,
  ]
  if (query.organisationId !== undefined) parts.push(inOrganisations([query.organisationId]))
  if (query.staff !== undefined) parts.push(query.staff ? isStaff : sql`not ${isStaff}`)
  if (query.q !== undefined && query.q.trim() !== '') parts.push(matches(query.q))
  const after = cursorFrom(query.after)
  if (after) parts.push(sql`(p.name collate "und-x-icu", p.id) > (${after.name}::text collate "und-x-icu", ${after.id}::bigint)`)
  const found = await sql<PersonRow>`
    select p.id, p.name, p.email::text as email, case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation,
      p.department, ${isStaff} as staff, p.special_handling <> '' as "specialHandling", p.archived_at is not null as archived
    from person p left join organisation o on o.id = p.organisation_id
    where ${sql.join(parts, sql` and `)} order by p.name collate "und-x-icu", p.id limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  return pageOf(found.rows, query.limit)
}

/** Each word stands in the name or the address; or the whole is nearly the name (a typing error). */
function matches(q: string): Condition {
  const words = q.trim().split(/\s+/).slice(0, 8)
  const each = words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    return sql<SqlBool>`(firstline.plain(p.name) like firstline.plain(${pattern}::text) or p.email::text ilike ${pattern})`
  })
  return sql`((${sql.join(each, sql` and `)}) or firstline.plain(${q.trim()}::text) <% firstline.plain(p.name))`
}

const named = (table: 'organisation' | 'site' | 'person', id: string) =>
  sql`(select json_build_object('id', x.id::text, 'name', x.name) from ${sql.table(table)} x where x.id = ${sql.raw(id)})`

/** `from` has the rows x(id, name). */
const list = (from: string) =>
  sql`coalesce((select json_agg(json_build_object('id', x.id::text, 'name', x.name) order by x.name, x.id) from ${sql.raw(from)}), '[]')`

type FullRow = Omit<Person, 'createdAt' | 'verified' | 'archived' | 'grants'> & {
  created_at: Instant
  verified_at: Instant | null
  archived_at: Instant | null
  grants: Person['grants']
}

/** One person with all that hangs on them, in one query. */
export async function readPerson(context: Context, id: string): Promise<Person> {
  const { actor } = context
  const found = await sql<FullRow>`
    select p.id, p.version, p.name, p.email::text as email, p.department, ${isStaff} as staff, p.phones, p.language, p.time_zone as "timeZone",
      p.special_handling as "specialHandling", p.state, p.created_at, p.verified_at, p.archived_at,
      ${named('organisation', 'p.organisation_id')} as organisation, ${named('site', 'p.site_id')} as site, ${named('person', 'p.line_manager_id')} as "lineManager",
      ${list('person_organisation m join organisation x on x.id = m.organisation_id where m.person_id = p.id')} as "memberOf",
      ${list('team_member m join team x on x.id = m.team_id where m.person_id = p.id and x.archived_at is null')} as teams,
      ${list('person_skill m join skill x on x.id = m.skill_id where m.person_id = p.id')} as skills,
      coalesce((select json_agg(json_build_object('id', g.id::text, 'role', g.role, 'organisation', ${named('organisation', 'g.organisation_id')},
        'team', (select json_build_object('id', t.id::text, 'name', t.name) from team t where t.id = g.team_id),
        'provider', (select json_build_object('id', i.id::text, 'name', i.name) from oidc_provider i where i.id = g.provider_id)) order by g.id)
        from role_grant g where g.person_id = p.id), '[]') as grants,
      json_build_object('edit', ${mayPerson(actor, 'person.edit')}, 'grant', ${mayPerson(actor, 'grant.give')}) as can
    from person p where p.id = ${id} and ${visiblePeople(actor)}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const { created_at, verified_at, archived_at, ...rest } = row
  return { ...rest, createdAt: onWire(created_at), verified: verified_at !== null, archived: archived_at !== null }
}
