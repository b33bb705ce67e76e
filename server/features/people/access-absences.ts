import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Absence } from '../../../contract/absences.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'

/** Absences are known to all staff; each edits their own, and whoever forms teams those of others. */
type AbsenceFacts = { id: string; version: number; person_id: string; from_on: string; to_on: string; substitute_id: string | null }
export type GrantedAbsence = Granted<AbsenceFacts, 'absence.edit'>

/** The day where the person `p` is. */
const today = ({ now }: Context): RawBuilder<unknown> =>
  sql`(${now.toString()}::timestamptz at time zone coalesce(p.time_zone, 'UTC'))::date`

export async function accessAbsence(context: Context, id: string): Promise<GrantedAbsence> {
  const found =
    await sql<AbsenceFacts>`select id, version, person_id, from_on::text as from_on, to_on::text as to_on, substitute_id from absence where id = ${id} for update`.execute(
      context.db,
    )
  const row = found.rows[0]
  if (!row) throw notFound()
  refuseOthers(context, row.person_id)
  return row as unknown as GrantedAbsence
}

export function refuseOthers({ actor }: Context, personId: string): void {
  if (personId !== actor.id && !actor.rights.has('team.edit')) throw notAllowed()
}

/** Who is away at this moment: a query for person_id. */
export const awayNow = (context: Context): RawBuilder<unknown> =>
  sql`select a.person_id from absence a join person p on p.id = a.person_id where a.to_on >= (${context.now.toString()}::timestamptz - interval '1 day')::date
    and ${today(context)} between a.from_on and a.to_on`

export async function listAbsences(context: Context, which: { id?: string; personId?: string | undefined }): Promise<Absence[]> {
  const where: RawBuilder<SqlBool>[] = [sql`p.archived_at is null`]
  if (which.id !== undefined) where.push(sql`a.id = ${which.id}`)
  else where.push(sql`a.to_on >= (${context.now.toString()}::timestamptz - interval '1 day')::date and a.to_on >= ${today(context)}`)
  if (which.personId !== undefined) where.push(sql`a.person_id = ${which.personId}`)
  const { actor } = context
  const found = await sql<
    Omit<Absence, 'can'>
  >`select a.id, a.version, json_build_object('id', p.id::text, 'name', p.name) as person, a.from_on::text as "fromOn", a.to_on::text as "toOn",
      ${today(context)} between a.from_on and a.to_on as now,
      case when s.id is null then null else json_build_object('id', s.id::text, 'name', s.name) end as substitute,
      (select count(*)::int from (select 1 from ticket t where t.assignee_id = p.id and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null
        and firstline.staff_sees(${actor.id}::bigint, t) limit 1000) x) as "openTickets"
    from absence a join person p on p.id = a.person_id left join person s on s.id = a.substitute_id
    where ${sql.join(where, sql` and `)} order by a.from_on, a.id limit 500`.execute(context.db)
  const lead = actor.rights.has('team.edit')
  return found.rows.map((row) => ({ ...row, can: { edit: lead || row.person.id === actor.id } }))
}
