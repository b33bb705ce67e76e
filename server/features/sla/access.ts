import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Agreement, AgreementForm, Cause, sla } from '../../../contract/sla.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import type { Vocabulary } from './rules-traps.ts'

/** Agreements as their readers may see them: row-level security leaves out those of customers that are not theirs. */
type Row = Omit<Agreement, 'calendar' | 'zone' | 'rules' | 'services' | 'penalties'> & { terms: AgreementForm }

const columns = (context: Context): RawBuilder<unknown> => sql`a.id, a.version, a.kind, a.name, a.vendor, a.position, a.terms,
  a.starts_on::text as "startsOn", a.ends_on::text as "endsOn", a.review_on::text as "reviewOn", ${wireTime('a.changed_at')} as "changedAt",
  a.archived_at is not null as archived, coalesce(a.starts_on, '-infinity') <= ${context.now.toString()}::timestamptz::date
    and coalesce(a.ends_on, 'infinity') >= ${context.now.toString()}::timestamptz::date and a.archived_at is null as active,
  case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation,
  case when t.id is null then null else json_build_object('id', t.id::text, 'name', t.name) end as team,
  (select count(*)::int from (select 1 from sla_clock c ${seen(context)} where c.agreement_id = a.id and c.ended_at is null limit 1000) x) as "openClocks"`
/** Whoever is limited to some teams counts only what they see; all others are spared the look at each ticket. */
const seen = ({ actor }: Context) =>
  actor.kind === 'system' || actor.teamsLimit === 'all' ? sql`` : sql`join ticket t on t.id = c.ticket_id and ${visibleAsStaff(actor)}`
const joins = sql`left join organisation o on o.id = a.organisation_id left join team t on t.id = a.team_id`
const asAgreement = ({ terms, ...row }: Row): Agreement => {
  const { calendar, zone, rules, services, penalties } = terms
  return { ...row, calendar, zone, rules, services, penalties }
}

export async function listAgreements(context: Context, archived: boolean): Promise<Agreement[]> {
  const found = await sql<Row>`select ${columns(context)} from agreement a ${joins}
    where (a.archived_at is not null) = ${archived} order by a.position, a.id limit 500`.execute(context.db)
  return found.rows.map(asAgreement)
}

export async function readAgreement(context: Context, id: string): Promise<Agreement> {
  const found = await sql<Row>`select ${columns(context)} from agreement a ${joins} where a.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asAgreement(found.rows[0])
}

export type AgreementFacts = { id: string; version: number; terms: AgreementForm; archived: boolean; position: number }
export async function accessAgreement({ db }: Context, id: string): Promise<Granted<AgreementFacts, 'setting.edit'>> {
  const found =
    await sql<AgreementFacts>`select id, version, terms, position, archived_at is not null as archived from agreement where id = ${id} for no key update`.execute(
      db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<AgreementFacts, 'setting.edit'>
}

type Version = z.input<NonNullable<(typeof sla)['GET /api/agreements/:id/versions']['returns']>>['items'][number]
export async function versionsOf(context: Context, id: string): Promise<Version[]> {
  await readAgreement(context, id)
  const found = await sql<Version>`select v.version, ${wireTime('v.at')} as at, v.terms,
      case when v.by_id is null then null else json_build_object('id', v.by_id::text, 'name', firstline.name_of(v.by_id)) end as by
    from agreement_version v where v.agreement_id = ${id} order by v.version desc limit 100`.execute(context.db)
  return found.rows
}

/** What overlaps is looked for among these. */
export type Neighbour = { id: string; name: string; position: number; terms: AgreementForm }
export async function neighboursOf({ db }: Context, id: string | null): Promise<Neighbour[]> {
  const found = await sql<Neighbour>`select id, name, position, terms from agreement
    where archived_at is null and id is distinct from ${id}::bigint order by position, id limit 500`.execute(db)
  return found.rows
}

export async function vocabulary({ db }: Context): Promise<Vocabulary> {
  const [statuses, categories] = await Promise.all([
    sql<Vocabulary['statuses'][number]>`select id, meaning from status`.execute(db),
    sql<Vocabulary['categories'][number]>`select id, parent_id as "parentId" from category`.execute(db),
  ])
  return { statuses: statuses.rows, categories: categories.rows }
}

/** Those that are not there to be used. */
export async function goneAmong({ db }: Context, refs: readonly { kind: string; id: string; path: string }[]): Promise<string[]> {
  if (refs.length === 0) return []
  const found = await sql<{
    n: number
  }>`select x.n::int as n from unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.id)}::bigint[])
    with ordinality as x (kind, id, n) where not case x.kind
      when 'calendar' then exists (select 1 from calendar c where c.id = x.id and c.archived_at is null)
      when 'organisation' then exists (select 1 from organisation o where o.id = x.id and o.archived_at is null)
      when 'team' then exists (select 1 from team t where t.id = x.id and t.archived_at is null)
      when 'person' then exists (select 1 from person p where p.id = x.id and p.archived_at is null)
      when 'status' then exists (select 1 from status s where s.id = x.id)
      when 'category' then exists (select 1 from category c where c.id = x.id)
      when 'site' then exists (select 1 from site s where s.id = x.id)
      else exists (select 1 from field f where f.id = x.id and 'field-' || f.type = x.kind) end`.execute(db)
  return found.rows.flatMap(({ n }) => refs[n - 1]?.path ?? [])
}

const causeColumns = ({ actor }: Context) => sql`id, name ->> ${actor.language} as name, name as names, archived_at is not null as archived`
export async function listCauses(context: Context): Promise<Cause[]> {
  return (
    await sql<Cause>`select ${causeColumns(context)} from breach_cause order by archived_at is not null, position, id limit 200`.execute(
      context.db,
    )
  ).rows
}
export async function readCause(context: Context, id: string): Promise<Cause> {
  const found = await sql<Cause>`select ${causeColumns(context)} from breach_cause where id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}
