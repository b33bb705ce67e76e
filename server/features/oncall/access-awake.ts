import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { compiledCalendar } from '../calendars/access-compiled.ts'
import { isOpen, nextOpen, stretchesFrom } from '../calendars/rules.ts'
import { companySettings } from '../company/access.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { onCallAt } from './access-now.ts'

/** Who of the staff is awake: their clock, their state, whether they work now, and whether they are on call. */
type Ref = { id: string; name: string }
type Row = {
  person: Ref
  timeZone: string | null
  state: 'available' | 'busy' | 'away'
  absent: boolean
  teams: Ref[]
  skills: string[]
  openTickets: number
  calendar: { id: string; revision: string } | null
}
export type Awake = Omit<Row, 'calendar' | 'timeZone'> & { timeZone: string; working: boolean; until: string | null; onCall: Ref[] }

export async function awakeNow(context: Context, teamId: string | undefined): Promise<Awake[]> {
  const rows = await staffOf(context, teamId)
  const onCall = await shiftsNow(context)
  const { timeZone } = await companySettings(context.db)
  const found: Awake[] = []
  for (const { calendar, ...row } of rows) {
    const open = calendar === null ? null : await compiledCalendar(context, calendar)
    const working = open !== null && isOpen(open, context.now)
    const until = open === null ? null : working ? stretchesFrom(open, context.now, 1)[0]?.to : nextOpen(open, context.now)
    found.push({
      ...row,
      timeZone: row.timeZone ?? timeZone,
      working,
      until: until ? onWire(until) : null,
      onCall: onCall.get(row.person.id) ?? [],
    })
  }
  return found.toSorted((a, b) => rank(a) - rank(b) || left(context, b) - left(context, a) || a.person.name.localeCompare(b.person.name))
}

/** Whoever can answer stands above whoever cannot; among those who work now, who has the most of the day before them. */
const rank = (one: Awake): number => (one.absent ? 3 : one.onCall.length > 0 ? 0 : one.working && one.state !== 'away' ? 1 : 2)
const left = ({ now }: Context, one: Awake): number => {
  const ms = one.until === null ? Number.MAX_SAFE_INTEGER : Date.parse(one.until) - now.epochMilliseconds
  return one.working ? ms : -ms
}

async function staffOf(context: Context, teamId: string | undefined): Promise<Row[]> {
  const { actor, now } = context
  const where: RawBuilder<SqlBool>[] = [sql`p.archived_at is null`]
  where.push(sql`exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))`)
  if (teamId !== undefined) where.push(sql`exists (select 1 from team_member m where m.person_id = p.id and m.team_id = ${teamId})`)
  const found = await sql<Row>`select json_build_object('id', p.id::text, 'name', p.name) as person, p.state,
      coalesce(p.time_zone, (select s.time_zone from site s where s.id = p.site_id)) as "timeZone",
      (firstline.absence_of(p.id, ${now.toString()}::timestamptz)).id is not null as absent,
      coalesce((select json_agg(json_build_object('id', x.id::text, 'name', x.name) order by x.tier nulls last, x.name) from team_member m join team x on x.id = m.team_id where m.person_id = p.id and x.archived_at is null), '[]') as teams,
      coalesce((select json_agg(k.name order by k.name) from person_skill y join skill k on k.id = y.skill_id where y.person_id = p.id), '[]') as skills,
      (select count(*)::int from (select 1 from ticket t where t.assignee_id = p.id and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null
        and ${visibleAsStaff(actor)} limit 1000) z) as "openTickets",
      (select json_build_object('id', c.id::text, 'revision', c.revision::text) from firstline.calendar_of(null, p.site_id,
        (select m.team_id from team_member m join calendar_use u on u.team_id = m.team_id where m.person_id = p.id order by m.team_id limit 1)) c) as calendar
    from person p where ${sql.join(where, sql` and `)} order by p.id limit 500`.execute(context.db)
  return found.rows
}

async function shiftsNow(context: Context): Promise<Map<string, Ref[]>> {
  const rotas = await sql<Ref>`select id::text as id, name from rota where archived_at is null order by name limit 200`.execute(context.db)
  const held = await onCallAt(
    context,
    rotas.rows.map((row) => row.id),
    context.now,
  )
  const found = new Map<string, Ref[]>()
  for (const rota of rotas.rows) {
    const shift = held.get(rota.id)
    if (shift) found.set(shift.personId, [...(found.get(shift.personId) ?? []), rota])
  }
  return found
}
