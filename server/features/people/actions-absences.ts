import { sql } from 'kysely'
import type { z } from 'zod'
import type { absences } from '../../../contract/absences.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { type GrantedAbsence, listAbsences, refuseOthers } from './access-absences.ts'
import './events.ts'

type Input = z.output<(typeof absences)['POST /api/absences']['body']>
type Change = z.output<(typeof absences)['PATCH /api/absences/:id']['body']>
type Days = { personId: string; fromOn: string; toOn: string; substituteId: string | null }

const about = (personId: string) => ({ subject: { kind: 'person', id: personId }, audience: 'staff' as const })

export async function addAbsence(context: Context, input: Input): Promise<string> {
  const days = { ...input, personId: input.personId ?? context.actor.id ?? '' }
  refuseOthers(context, days.personId)
  await refuseUnfit(context, days, null)
  const made = await sql<{ id: string }>`insert into absence (person_id, from_on, to_on, substitute_id, created_at, created_by_id)
    values (${days.personId}, ${days.fromOn}, ${days.toOn}, ${days.substituteId}, ${context.now.toString()}, ${context.actor.id}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'absence.added', ...about(days.personId), data: { absenceId: id, substituteId: days.substituteId } })
  return id
}

export async function changeAbsence(context: Context, absence: GrantedAbsence, version: number, change: Change): Promise<void> {
  if (absence.version !== version)
    throw new Problem('version_stale', 'Somebody changed this absence meanwhile.', {
      details: { current: (await listAbsences(context, { id: absence.id }))[0] },
    })
  const days = {
    personId: absence.person_id,
    fromOn: change.fromOn ?? absence.from_on,
    toOn: change.toOn ?? absence.to_on,
    substituteId: change.substituteId === undefined ? absence.substitute_id : change.substituteId,
  }
  await refuseUnfit(context, days, absence.id)
  await sql`update absence set from_on = ${days.fromOn}, to_on = ${days.toOn}, substitute_id = ${days.substituteId}, version = version + 1 where id = ${absence.id}`.execute(
    context.db,
  )
  await context.record({
    type: 'absence.changed',
    ...about(days.personId),
    data: { absenceId: absence.id, substituteId: days.substituteId },
  })
}

export async function removeAbsence(context: Context, absence: GrantedAbsence): Promise<void> {
  await context.db.deleteFrom('absence').where('id', '=', absence.id).execute()
  await context.record({ type: 'absence.removed', ...about(absence.person_id), data: { absenceId: absence.id } })
}

/** Names every wrong field at once. */
async function refuseUnfit(context: Context, days: Days, own: string | null): Promise<void> {
  const staff = (id: string | null) =>
    sql`exists (select 1 from person p join role_grant g on g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator') where p.id = ${id}::bigint and p.archived_at is null)`
  const found = await sql<{
    person: boolean
    substitute: boolean
    taken: boolean
    away: boolean
  }>`select ${staff(days.personId)} as person, ${staff(days.substituteId)} as substitute,
    exists (select 1 from absence a where a.person_id = ${days.personId}::bigint and a.id is distinct from ${own}::bigint and a.from_on <= ${days.toOn}::date and a.to_on >= ${days.fromOn}::date) as taken,
    exists (select 1 from absence a where a.person_id = ${days.substituteId}::bigint and a.from_on <= ${days.fromOn}::date and a.to_on >= ${days.toOn}::date) as away`.execute(
    context.db,
  )
  const is = found.rows[0]!
  const issues: { path: string; code: string; message: string }[] = []
  const add = (path: string, code: string, message: string) => issues.push({ path, code, message })
  if (!is.person) add('personId', 'no_staff', 'Only somebody of the staff is marked as away.')
  if (days.fromOn > days.toOn) add('toOn', 'before_start', 'The last day is before the first. Choose a later one.')
  else if (is.taken) add('fromOn', 'overlaps', 'Another absence covers some of these days. Change that one.')
  if (days.substituteId !== null && days.substituteId === days.personId)
    add('substituteId', 'same', 'Nobody stands in for themselves. Choose a colleague.')
  else if (days.substituteId !== null && !is.substitute)
    add('substituteId', 'no_staff', 'Only somebody of the staff can stand in. Choose a colleague.')
  else if (is.away) add('substituteId', 'away', 'This colleague is away all that time, too. Choose another.')
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}
