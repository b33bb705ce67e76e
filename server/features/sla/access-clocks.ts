import { sql } from 'kysely'
import type { Clock } from '../../../contract/sla.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { calendarRef, compiledCalendar, dayNames } from '../calendars/access-compiled.ts'
import { openCalendar } from '../calendars/rules-days.ts'
import { accessTicket } from '../tickets/access.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { allowed, type ClockFacts, countedTo, isOver, type ReadyOf, settled, stepsOf, usedOf } from './rules-clock.ts'
import { clockOf, type Json, momentOf, written } from './rules-kept.ts'
import { accountOf, holdersOf, type Looking } from './rules-ledger.ts'
import { type KeptAgreement, keyOf, type World, worldOf } from './rules-terms.ts'

/** The clocks of a ticket for staff who see it, each with the terms that it runs or ran by. */
type Row = {
  clock: Json
  agreement: KeptAgreement & { name: string }
  cause: { id: string; name: string } | null
  cause_note: string
  last: Json | null
}
type Names = Map<string, string>

export async function clocksOf(context: Context, ticketId: string): Promise<Clock[]> {
  const ticket = await accessTicket(context, ticketId, 'ticket.see')
  // Whoever only asked for it reads nothing of agreements, staff elsewhere or not.
  if (!ticket.as_staff) throw notFound()
  const { language } = context.actor
  const found = await sql<Row>`select to_jsonb(c) as clock, c.cause_note,
      jsonb_build_object('id', a.id::text, 'version', v.version, 'kind', a.kind, 'name', v.terms ->> 'name', 'organisationId', v.terms ->> 'organisationId',
        'teamId', v.terms ->> 'teamId', 'startsOn', v.terms ->> 'startsOn', 'endsOn', v.terms ->> 'endsOn', 'terms', v.terms) as agreement,
      case when b.id is null then null else jsonb_build_object('id', b.id::text, 'name', b.name ->> ${language}) end as cause,
      (select to_jsonb(m) from sla_moment m where m.ticket_id = c.ticket_id order by m.id desc limit 1) as last
    from sla_clock c join agreement a on a.id = c.agreement_id join agreement_version v on v.agreement_id = a.id and v.version = c.version
    left join breach_cause b on b.id = c.cause_id
    where c.ticket_id = ${ticketId} order by c.ended_at is not null, a.kind = 'sla' desc, case when c.ended_at is null then c.due_at end, c.id desc limit 100`.execute(
    context.db,
  )
  const looking = await lookingAt(context, found.rows)
  const known = found.rows.map((row) => upToNow(context, row, looking))
  const names = await namesFor(context, known)
  return known.map((one) => asClock(one, looking, names))
}

type Known = { row: Row; clock: ClockFacts; world: World; ready: ReadyOf }
function upToNow({ now }: Context, row: Row, looking: Looking): Known {
  const calendar: World['calendar'] = (id, zone) => looking.calendar(id, zone ?? '')
  const world = worldOf([row.agreement], 'UTC', calendar)
  const kept = clockOf(row.clock)
  const ready = world.byKey.get(keyOf(kept.agreementId, kept.ruleKey))
  if (!ready) throw new Error(`Version ${kept.version} of agreement ${kept.agreementId} has no rule ${kept.ruleKey}.`)
  const clock = row.last && !isOver(kept) ? settled(world, ready, countedTo(world, kept, now.epochMilliseconds, momentOf(row.last))) : kept
  return { row, clock, world, ready }
}

async function lookingAt(context: Context, rows: readonly Row[]): Promise<Looking> {
  const ids = new Set(
    rows.map(({ clock }) => clockOf(clock)).flatMap((clock) => [clock.calendarId, ...clock.spans.map((span) => span.calendarId)]),
  )
  const open = new Map<string, Awaited<ReturnType<typeof compiledCalendar>>>()
  const days = new Map<string, Awaited<ReturnType<typeof dayNames>>>()
  for (const id of ids) {
    const ref = await calendarRef(context, id)
    open.set(id, await compiledCalendar(context, ref))
    days.set(id, await dayNames(context, ref))
  }
  return {
    calendar: (id, zone) => {
      const own = open.get(id)!
      return zone === '' || zone === own.form.tz ? own : openCalendar({ ...own.form, tz: zone })
    },
    dayName: (id, day) => days.get(id)?.get(day)?.[context.actor.language],
  }
}

async function namesFor({ db, actor }: Context, known: readonly Known[]): Promise<Names> {
  const spans = known.flatMap(({ clock }) => clock.spans)
  const ids = (list: (string | null)[]) => [...new Set(list.filter((id) => id !== null))]
  const found = await sql<{
    key: string
    name: string | null
  }>`select 'team:' || id as key, name from team where id = any(${ids(spans.map((s) => s.teamId))}::bigint[])
    union all select 'person:' || x, firstline.name_of(x) from unnest(${ids(spans.map((s) => s.assigneeId))}::bigint[]) x
    union all select 'status:' || id, name ->> ${actor.language} from status where id = any(${ids(spans.map((s) => s.statusId))}::bigint[])
    union all select 'calendar:' || id, name from calendar where id = any(${ids(known.map(({ clock }) => clock.calendarId))}::bigint[])`.execute(
    db,
  )
  return new Map(found.rows.map(({ key, name }) => [key, name ?? '']))
}

const wire = (at: number | null): string | null => (at === null ? null : written(at))
function asClock({ row, clock, world, ready }: Known, looking: Looking, names: Names): Clock {
  const named = (kind: string, id: string | null) => (id === null ? null : { id, name: names.get(`${kind}:${id}`) ?? '' })
  const whole = allowed(world, ready, clock)
  const used = usedOf(ready, clock)
  const share = (ms: number) => (whole > 0 ? Math.round((ms / whole) * 1000) / 10 : 0)
  const byCalendar = ready.rule.clock === 'calendar'
  const held = <T extends { teamId: string | null; assigneeId: string | null }>({ teamId, assigneeId, ...rest }: T) => ({
    ...rest,
    team: named('team', teamId),
    assignee: named('person', assigneeId),
  })
  return {
    id: clock.id!,
    agreement: { id: clock.agreementId, name: row.agreement.name, kind: clock.kind, version: clock.version },
    rule: { key: clock.ruleKey, name: ready.rule.name },
    target: clock.target,
    goal: ready.rule.goals[clock.goalAt]!.time,
    runsBy: ready.rule.clock,
    calendar: byCalendar ? null : named('calendar', clock.calendarId),
    timeZone: clock.zone,
    state: clock.state,
    from: written(clock.from),
    attachedAt: written(clock.attached),
    dueAt: wire(clock.dueAt),
    endedAt: wire(clock.endedAt),
    breachedAt: wire(clock.breachedAt),
    lateFromTheStart: clock.bornLate,
    pausedSince: wire(clock.pausedAt),
    pausedWhy: clock.pausedWhy,
    usedBusinessMs: clock.usedBusiness,
    usedCalendarMs: clock.usedCalendar,
    leftMs: whole - used,
    percent: share(used),
    holders: holdersOf(clock)
      .filter((one) => (byCalendar ? one.calendarMs : one.businessMs) > 0 || one.breached)
      .map((one) => ({ ...held(one), percent: share(byCalendar ? one.calendarMs : one.businessMs) })),
    thresholds: stepsOf(world, ready, clock)
      .filter(({ key }) => key !== 'due')
      .map((one) => ({
        percent: one.percent,
        minutesBefore: one.minutesBefore,
        at: wire(one.at),
        firedAt: wire(clock.fired[one.key] ?? null),
      })),
    account: accountOf(clock, ready.rule.clock, looking).map(({ statusId, ...line }) => ({
      ...held(line),
      from: written(line.from),
      to: wire(line.to),
      status: line.what === 'paused' || line.what === 'stopped' ? (names.get(`status:${statusId}`) ?? null) : null,
    })),
    cause: row.cause,
    causeNote: row.cause_note,
    causeAsked: clock.breachedAt !== null && row.cause === null && clock.state !== 'cancelled',
  }
}

export type OpenCause = { id: string; ticket_id: string; organisation_id: string | null; target: string; breached_at: string | null }
/** A clock whose ticket one sees as staff, to say why it was missed. */
export async function accessClock({ db, actor }: Context, id: string): Promise<Granted<OpenCause, 'ticket.edit'>> {
  const found =
    await sql<OpenCause>`select c.id, c.ticket_id, t.organisation_id, c.target, c.breached_at::text from sla_clock c join ticket t on t.id = c.ticket_id
    where c.id = ${id} and ${visibleAsStaff(actor)} for update of c`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<OpenCause, 'ticket.edit'>
}
