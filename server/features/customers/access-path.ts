import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { CustomerPath, Joining, pathSteps } from '../../../contract/customers.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { isStaff, visiblePeople } from '../people/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import type { GrantedOrganisation } from './access.ts'

/**
 * The path "add a customer". A step is done when what it asks for is there, whoever put it there and on which screen; so
 * nothing has to be told, and it is resumed wherever it was left. A feature that comes later adds its step by one line
 * here, one key in the contract, and one line in web/features/customers/steps.tsx. Conditions are on the organisation `o`.
 */
type Step = { key: (typeof pathSteps)[number]; needed: boolean; done: RawBuilder<SqlBool> }
export const steps: readonly Step[] = [
  { key: 'domains', needed: true, done: sql`exists (select 1 from organisation_domain x where x.organisation_id = o.id)` },
  { key: 'sites', needed: false, done: sql`exists (select 1 from site x where x.organisation_id = o.id and x.archived_at is null)` },
  {
    key: 'contacts',
    needed: true,
    done: sql`exists (select 1 from customer_contact x where x.organisation_id = o.id and 'main' = any(x.roles))
      and exists (select 1 from customer_contact x where x.organisation_id = o.id and x.orders = 'yes')`,
  },
  {
    key: 'charge',
    needed: true,
    done: sql`exists (select 1 from customer x where x.organisation_id = o.id and (x.in_charge_id is not null or x.team_id is not null))`,
  },
  {
    key: 'routing',
    needed: false,
    done: sql`exists (select 1 from routing_rule x where x.organisation_id = o.id) or exists (select 1 from mailbox x where x.organisation_id = o.id)`,
  },
  { key: 'documents', needed: false, done: sql`exists (select 1 from document x where x.organisation_id = o.id)` },
  {
    key: 'viewers',
    needed: false,
    done: sql`exists (select 1 from role_grant x where x.role = 'organisation-viewer' and x.organisation_id = o.id)`,
  },
  { key: 'handling', needed: false, done: sql`o.special_handling <> ''` },
]
export const isStep = (key: string): boolean => steps.some((step) => step.key === key)

const stepsJson = sql`json_build_array(${sql.join(
  steps.map(
    (step) => sql`json_build_object('key', ${step.key}::text, 'needed', ${step.needed}::boolean,
    'state', case when ${step.done} then 'done' when ${step.key}::text = any(coalesce(y.not_needed, '{}')) then 'not-needed' else 'open' end)`,
  ),
)})`

export async function readPath({ db }: Context, { id }: GrantedOrganisation): Promise<CustomerPath> {
  const found = await sql<CustomerPath>`select json_build_object('id', o.id::text, 'name', o.name) as organisation,
      y.organisation_id is not null as begun, coalesce(y.finished_at is not null, false) as finished, ${stepsJson} as steps,
      coalesce((select json_agg(distinct jsonb_build_object('id', g.person_id::text, 'name', firstline.name_of(g.person_id))) from role_grant g
        where g.role = 'organisation-viewer' and g.organisation_id = o.id), '[]') as viewers
    from organisation o left join customer_path y on y.organisation_id = o.id where o.id = ${id}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

type Unfinished = {
  organisation: { id: string; name: string }
  begunAt: string
  begunBy: { id: string; name: string } | null
  left: number
}
export async function unfinishedPaths({ db }: Context): Promise<Unfinished[]> {
  const found = await sql<
    Omit<Unfinished, 'left'> & { steps: CustomerPath['steps'] }
  >`select json_build_object('id', o.id::text, 'name', o.name) as organisation,
      ${wireTime('y.begun_at')} as "begunAt", case when y.begun_by_id is null then null else
      json_build_object('id', y.begun_by_id::text, 'name', firstline.name_of(y.begun_by_id)) end as "begunBy", ${stepsJson} as steps
    from (select * from customer_path x where x.finished_at is null order by x.begun_at desc, x.organisation_id desc limit 20) y
    join organisation o on o.id = y.organisation_id and o.archived_at is null order by y.begun_at desc, o.id desc`.execute(db)
  return found.rows.map(({ steps: all, ...row }) => ({ ...row, left: all.filter((step) => step.state === 'open').length }))
}

const ofDomains = (domains: readonly string[]) =>
  sql`(${
    domains.length === 0
      ? sql`false`
      : sql.join(
          domains.map((domain) => sql`p.email::text ilike ${`%@${domain.replace(/[\\%_]/g, '\\$&')}`}`),
          sql` or `,
        )
  })`

/** Colleagues of the desk never join a customer by their address. */
export const mayJoin = (context: Context, domains: readonly string[]) =>
  sql`p.archived_at is null and p.organisation_id is null and not ${isStaff} and ${visiblePeople(context.actor)} and ${ofDomains(domains)}`

const mostShown = 200
export async function whoWouldJoin(context: Context, typed: readonly string[], organisationId: string | undefined): Promise<Joining> {
  const domains = [...new Set(typed)].filter((domain) => domain !== '').slice(0, 50)
  if (domains.length === 0) return { joins: [], more: false, elsewhere: [], taken: [] }
  const other = sql`x.organisation_id is distinct from ${organisationId ?? null}::bigint`
  const found = await sql<Joining>`select
      coalesce((select json_agg(json_build_object('id', j.id::text, 'name', j.name, 'email', j.email) order by j.name, j.id)
        from (select p.id, p.name, p.email from person p where ${mayJoin(context, domains)} order by p.name, p.id limit ${sql.lit(mostShown + 1)}) j), '[]') as joins,
      coalesce((select json_agg(json_build_object('organisation', json_build_object('id', e.id::text, 'name', e.name), 'people', e.n) order by e.n desc, e.id)
        from (select x.organisation_id as id, o.name, count(*)::int as n from (select p.organisation_id from person p where p.archived_at is null and p.organisation_id is not null
          and ${visiblePeople(context.actor)} and ${ofDomains(domains)} limit 5000) x join organisation o on o.id = x.organisation_id where ${other} group by x.organisation_id, o.name order by n desc limit 10) e), '[]') as elsewhere,
      coalesce((select json_agg(json_build_object('domain', x.domain, 'organisation', json_build_object('id', o.id::text, 'name', o.name)) order by x.domain)
        from organisation_domain x join organisation o on o.id = x.organisation_id where x.domain = any(${domains}::text[]) and ${other}), '[]') as taken`.execute(
    context.db,
  )
  const row = found.rows[0]!
  return { ...row, joins: row.joins.slice(0, mostShown), more: row.joins.length > mostShown }
}

export async function domainsOf({ db }: Context, organisationId: string): Promise<string[]> {
  const found = await sql<{ domain: string }>`select domain from organisation_domain where organisation_id = ${organisationId}`.execute(db)
  return found.rows.map((row) => row.domain)
}
