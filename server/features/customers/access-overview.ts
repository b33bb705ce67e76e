import { sql } from 'kysely'
import type { CustomerState, Overview } from '../../../contract/customers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { OrganisationFacts } from '../people/access-organisations.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { chargeJson, contactJson, contactOrder, noteJson } from './access.ts'
import { documentJson } from './access-documents.ts'
import { monthsUpTo, type StateFacts, stateOf, unansweredAfterHours } from './rules.ts'

/**
 * The page of a customer: four statements, however much it has. Restricted tickets are in no number, for nobody: a number
 * would tell of them.
 */
const counted = (context: Context) =>
  sql`${visibleAsStaff(context.actor)} and t.deleted_at is null and t.merged_into_id is null and t.restricted_at is null`
const at = (context: Context) => sql`${context.now.toString()}::timestamptz`
/**
 * A range of one, in the order of the index (organisation_id, id desc): with `=` the planner may walk all tickets by their
 * key instead, and for a small customer among large ones it would come to the end of the table.
 */
const ofOrganisation = (id: string) => sql`t.organisation_id >= ${id}::bigint and t.organisation_id <= ${id}::bigint`
const newestFirst = sql`order by t.organisation_id, t.id desc`
const isOpen = sql`t.meaning not in ('resolved', 'closed', 'cancelled')`

/** Read beside each ticket, so it never walks all tickets of a customer: who waits has an index, and what came back is looked for among the newest 500. */
export async function customerState(context: Context, organisationId: string): Promise<CustomerState> {
  const ref = (alias: string) => sql.raw(`json_build_object('id', ${alias}.id::text, 'subject', ${alias}.subject)`)
  const found = await sql<StateFacts>`with late as materialized (
      select t.id, t.subject, t.waiting_since from (select * from ticket x where x.deleted_at is null
          and x.waiting_since < ${at(context)} - interval '${sql.raw(String(unansweredAfterHours))} hours' offset 0) t
        where t.organisation_id = ${organisationId} and ${isOpen} and ${counted(context)}),
    newest as materialized (
      select t.id, t.subject, t.created_at, t.reopened_count from ticket t where ${ofOrganisation(organisationId)} and ${counted(context)} ${newestFirst} limit 500),
    back as (select * from newest where reopened_count > 0 and created_at >= ${at(context)} - interval '30 days')
    select (select count(*)::int from late) as unanswered,
      coalesce((select extract(epoch from ${at(context)} - min(waiting_since))::float8 / 3600 from late), 0) as "longestHours",
      (select ${ref('l')} from late l order by l.waiting_since, l.id limit 1) as longest,
      (select count(*)::int from back) as reopened,
      (select ${ref('b')} from back b order by b.reopened_count desc, b.id desc limit 1) as "reopenedTicket"`.execute(context.db)
  return stateOf(found.rows[0]!)
}

type Standing = Pick<Overview, 'charge' | 'contacts' | 'documents' | 'notes' | 'path' | 'counts'>
const shownNotes = 10

async function standingOf(context: Context, organisationId: string): Promise<Standing> {
  const found = await sql<Standing>`select ${chargeJson} as charge,
      coalesce((select json_agg(${contactJson} order by ${contactOrder}) from customer_contact c join person p on p.id = c.person_id where c.organisation_id = o.id), '[]') as contacts,
      coalesce((select json_agg(${documentJson} order by d.pinned desc, d.title, d.id) from (select * from document y where y.organisation_id = o.id order by y.id desc limit 200) d), '[]') as documents,
      coalesce((select json_agg(${noteJson(context.actor)} order by n.id desc) from (select * from customer_note y where y.organisation_id = o.id order by y.id desc limit ${sql.lit(shownNotes + 1)}) n), '[]') as notes,
      json_build_object('open', exists (select 1 from customer_path y where y.organisation_id = o.id and y.finished_at is null)) as path
    from organisation o where o.id = ${organisationId}`.execute(context.db)
  return found.rows[0]!
}

async function openCounts(context: Context, organisationId: string): Promise<Omit<Overview['counts'], 'created30' | 'resolved30'>> {
  const found = await sql<
    Overview['counts']
  >`select count(*)::int as open, count(*) filter (where t.assignee_id is null)::int as unassigned,
      count(*) filter (where t.waiting_since is not null)::int as "waitingForUs"
    from ticket t where t.organisation_id = ${organisationId} and ${isOpen} and ${counted(context)}`.execute(context.db)
  return found.rows[0]!
}

const most = 20_000
type Activity = {
  now: string
  months: Record<string, number> | null
  categories: Overview['activity']['categories']
  repeats: Overview['activity']['repeats']
  seen: number
  created30: number
  resolved30: number
}

async function activityOf(context: Context, organisationId: string): Promise<Activity> {
  const language = context.actor.language === 'de' ? 'de' : 'en'
  const category = (id: string) =>
    sql`(select json_build_object('id', k.id::text, 'name', firstline.said(k.name, ${language})) from category k where k.id = ${sql.raw(id)})`
  const found =
    await sql<Activity>`with zone as (select coalesce(o.time_zone, 'UTC') as name from organisation o where o.id = ${organisationId}),
    newest as materialized (select t.requester_id, t.category_id, t.created_at, t.resolved_at from ticket t
      where ${ofOrganisation(organisationId)} and ${counted(context)} ${newestFirst} limit ${sql.lit(most)}),
    year as materialized (select n.*, to_char(n.created_at at time zone zone.name, 'YYYY-MM') as month from newest n, zone
      where n.created_at at time zone zone.name >= date_trunc('month', ${at(context)} at time zone zone.name) - interval '11 months'),
    fresh as (select * from year where created_at >= ${at(context)} - interval '30 days')
    select to_char(${at(context)} at time zone (select name from zone), 'YYYY-MM') as now,
      (select json_object_agg(x.month, x.n) from (select month, count(*)::int as n from year group by month) x) as months,
      coalesce((select json_agg(json_build_object('category', ${category('x.category_id')}, 'count', x.n) order by x.n desc, x.category_id)
        from (select category_id, count(*)::int as n from year group by category_id order by n desc, category_id limit 5) x), '[]') as categories,
      coalesce((select json_agg(json_build_object('category', ${category('x.category_id')}, 'count', x.n, 'people', x.people) order by x.n desc, x.category_id)
        from (select category_id, count(*)::int as n, count(distinct requester_id)::int as people from fresh where category_id is not null
          group by category_id having count(*) >= 3 order by n desc, category_id limit 5) x), '[]') as repeats,
      (select count(*)::int from newest) as seen,
      (select count(*)::int from fresh) as created30,
      (select count(*)::int from newest where resolved_at >= ${at(context)} - interval '30 days') as resolved30`.execute(context.db)
  return found.rows[0]!
}

export async function readOverview(context: Context, organisation: Granted<OrganisationFacts, 'person.see'>): Promise<Overview> {
  const { id } = organisation
  const { notes, ...standing } = await standingOf(context, id)
  const state = await customerState(context, id)
  const open = await openCounts(context, id)
  const activity = await activityOf(context, id)
  const { created30, resolved30 } = activity
  return {
    id,
    ...standing,
    state,
    counts: { ...open, created30, resolved30 },
    notes: notes.slice(0, shownNotes),
    moreNotes: notes.length > shownNotes,
    activity: {
      months: monthsUpTo(activity.now).map((month) => ({ month, created: activity.months?.[month] ?? 0 })),
      categories: activity.categories,
      repeats: activity.repeats,
      cut: activity.seen >= most,
    },
    can: { edit: context.actor.rights.has('organisation.edit') },
  }
}
