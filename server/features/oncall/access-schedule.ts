import { sql } from 'kysely'
import type { OnCallShift, RotaProblem, Schedule } from '../../../contract/oncall.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { compiledCalendar } from '../calendars/access-compiled.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { namesOf } from './access.ts'
import { factsWith, loadRotas } from './access-facts.ts'
import { finalOf, layerShifts, type RotaFacts, type Shift } from './rules-final.ts'
import { type Problem, problemsOf } from './rules-problems.ts'
import { asInstant, claim, type LayerFacts, openSpans, type Span } from './rules-turns.ts'

/** Holes and double bookings are looked for this far ahead. */
export const ahead = { hours: 24 * 56 }
const longestDays = 100

export function refuseRange(from: Instant, to: Instant, path: string): void {
  const days = (to.epochMilliseconds - from.epochMilliseconds) / 86_400_000
  if (days <= 0) throw invalid(`${path}to`, 'before_start', 'The end is not after the beginning. Choose a later one.')
  if (days > longestDays) throw invalid(`${path}to`, 'too_long', `At most ${longestDays} days are shown at once. Choose an earlier end.`)
}

type Names = Map<string, { id: string; name: string }>
export const wireShift = (shift: Shift, names: Names): OnCallShift => ({
  from: onWire(shift.from),
  to: onWire(shift.to),
  person: shift.personId === null ? null : (names.get(shift.personId) ?? null),
  why: shift.why,
  layerId: shift.layerId,
  overrideId: shift.overrideId,
  insteadOf: shift.insteadOfId === null ? null : (names.get(shift.insteadOfId) ?? null),
})
export const idsIn = (shifts: readonly Shift[]): (string | null)[] => shifts.flatMap((one) => [one.personId, one.insteadOfId])

/** `trial`: how the rota would be, in place of how it is. */
export type Trial = {
  layers: readonly LayerFacts[]
  teamId: string
  needed: 'always' | 'within' | 'outside'
  calendarId: string | null
  name: string
}

export async function readSchedule(
  context: Context,
  rotaId: string | null,
  from: Instant,
  to: Instant,
  trial: Trial | null = null,
): Promise<Schedule> {
  const rota = await factsWith(context, rotaId, trial?.layers ?? null, from, to)
  const items = finalOf(rota, from, to)
  const layers = rota.layers.filter(isKept).map(({ id }) => ({ layerId: id, items: laneOf(rota, id, from, to) }))
  const names = await namesOf(context, [...idsIn(items), ...layers.flatMap((one) => idsIn(one.items))])
  return {
    items: items.map((one) => wireShift(one, names)),
    layers: layers.map((one) => ({ layerId: one.layerId, items: one.items.map((shift) => wireShift(shift, names)) })),
    overrides: rotaId === null ? [] : await overridesOf(context, rotaId, from, to),
    problems: await readProblems(context, { rotaId, trial }),
  }
}

const isKept = (layer: LayerFacts): boolean => (layer.heldTo ?? null) === null
/** A layer as it is, and before that as it was. */
const laneOf = (rota: RotaFacts, id: string, from: Instant, to: Instant): Shift[] =>
  rota.layers
    .filter((layer) => layer.id === id)
    .flatMap((layer) => layerShifts(layer, from, to))
    .toSorted((a, b) => a.from.epochMilliseconds - b.from.epochMilliseconds)

export const overrideColumns = sql`o.id, ${wireTime('o.starts_at')} as from, ${wireTime('o.ends_at')} as to, o.reason, o.swap_id is not null as "bySwap",
  case when o.person_id is null then null else json_build_object('id', o.person_id::text, 'name', coalesce(firstline.name_of(o.person_id), '')) end as person,
  case when o.made_by_id is null then null else json_build_object('id', o.made_by_id::text, 'name', coalesce(firstline.name_of(o.made_by_id), '')) end as "madeBy"`

async function overridesOf({ db }: Context, rotaId: string, from: Instant, to: Instant): Promise<Schedule['overrides']> {
  const found = await sql<Schedule['overrides'][number]>`select ${overrideColumns} from rota_override o where o.rota_id = ${rotaId}
    and o.ends_at > ${from.toString()}::timestamptz and o.starts_at < ${to.toString()}::timestamptz order by o.starts_at, o.id limit 500`.execute(
    db,
  )
  return found.rows
}

type RotaRow = { id: string; name: string; needed: 'always' | 'within' | 'outside'; calendar_id: string | null; team_id: string }

/** Of the eight weeks from now, in one rota or in all; double bookings need all of them. */
export async function readProblems(
  context: Context,
  which: { rotaId: string | null; trial?: Trial | null } | 'all',
): Promise<RotaProblem[]> {
  const [from, to] = [context.now, context.now.add(ahead)]
  const one = which === 'all' ? null : which
  const rows = (
    await sql<RotaRow>`select id, name, needed, calendar_id, team_id from rota where archived_at is null or id = ${one?.rotaId ?? null}::bigint order by id limit 500`.execute(
      context.db,
    )
  ).rows
  const facts = await loadRotas(
    context,
    rows.map((row) => row.id),
    from,
    to,
  )
  const own = one?.rotaId ?? ''
  if (one) facts.set(own, await factsWith(context, one.rotaId, one.trial?.layers ?? null, from, to))
  if (one?.trial) withTrial(rows, own, one.trial)
  const planned = await Promise.all(
    [...facts].map(async ([id, rota]) => {
      const row = rows.find((candidate) => candidate.id === id)!
      return {
        rotaId: id,
        shifts: finalOf(rota, from, to),
        needed: await neededOf(context, row, from, to),
        timeOff: rota.timeOff,
        blind: new Set(await blindOf(context, row.team_id, rota)),
      }
    }),
  )
  const found = problemsOf(planned).filter((problem) => !one || problem.rotaId === own || problem.otherRotaId === own)
  return wireProblems(context, found.slice(0, 500), new Map(rows.map((row) => [row.id, row.name])))
}

function withTrial(rows: RotaRow[], id: string, trial: Trial): void {
  const at = rows.findIndex((row) => row.id === id)
  const row = { id, name: trial.name, needed: trial.needed, calendar_id: trial.calendarId, team_id: trial.teamId }
  rows.splice(at < 0 ? rows.length : at, at < 0 ? 0 : 1, row)
}

/** When somebody has to be on call; null: always. */
async function neededOf(context: Context, row: RotaRow, from: Instant, to: Instant): Promise<Span[] | null> {
  if (row.needed === 'always' || row.calendar_id === null) return null
  const range = { from: from.epochMilliseconds, to: to.epochMilliseconds }
  const open = openSpans(await compiledCalendar(context, row.calendar_id), range)
  return row.needed === 'within' ? open : claim([range], open).left
}

/** Who stands in the rota and could not see the tickets of its team: no longer of the staff, or limited to other teams. */
async function blindOf({ db }: Context, teamId: string, rota: RotaFacts): Promise<string[]> {
  const ids = [
    ...new Set([...rota.layers.filter(isKept).flatMap((layer) => layer.personIds), ...rota.overrides.flatMap((one) => one.personId ?? [])]),
  ]
  if (ids.length === 0) return []
  const found = await sql<{
    id: string
  }>`select x.id::text as id from unnest(${ids}::bigint[]) x (id) where not exists (select 1 from role_grant g
    where g.person_id = x.id and g.role in ('agent', 'lead', 'manager', 'administrator') and (g.team_id is null or g.team_id = ${teamId}::bigint))`.execute(
    db,
  )
  return found.rows.map((row) => row.id)
}

async function wireProblems(context: Context, found: readonly Problem[], rotas: Map<string, string>): Promise<RotaProblem[]> {
  const names = await namesOf(
    context,
    found.map((one) => one.personId),
  )
  const rotaRef = (id: string) => ({ id: id === '' ? '0' : id, name: rotas.get(id) ?? '' })
  return found.map((one) => ({
    from: onWire(asInstant(one.from)),
    to: onWire(asInstant(one.to)),
    kind: one.kind,
    rota: rotaRef(one.rotaId),
    person: one.personId === null ? null : (names.get(one.personId) ?? null),
    otherRota: one.otherRotaId === null ? null : rotaRef(one.otherRotaId),
  }))
}
