import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { OverrideFacts, RotaFacts, TimeOff } from './rules-final.ts'
import type { LayerFacts } from './rules-turns.ts'

/** What the final schedule is made of, many rotas in one statement; archived ones are not among them. */
export async function loadRotas(context: Context, ids: readonly string[], from: Instant, to: Instant): Promise<Map<string, RotaFacts>> {
  if (ids.length === 0) return new Map()
  const { rotas, timeOff, gone } = await factsOf(context, ids, from, to)
  const left = new Set(gone)
  const living = rotas.filter((one) => !one.archived)
  return new Map(living.map(({ id, layers, overrides }) => [id, { id, layers, overrides, timeOff, gone: left }]))
}

/** As loadRotas, of one that may be archived or is not kept yet; `layers` in place of its own. */
export async function factsWith(
  context: Context,
  rotaId: string | null,
  layers: readonly LayerFacts[] | null,
  from: Instant,
  to: Instant,
): Promise<RotaFacts> {
  const known = await factsOf(context, rotaId === null ? [] : [rotaId], from, to)
  const own = known.rotas[0]
  const people = layers === null ? { timeOff: known.timeOff, gone: known.gone } : await awayOf(context, layers, from, to)
  return {
    id: rotaId ?? '',
    layers: layers === null ? (own?.layers ?? []) : fromNow(context, layers, own?.layers ?? []),
    overrides: own?.overrides ?? [],
    timeOff: [...known.timeOff, ...people.timeOff.filter((one) => !known.timeOff.some((other) => sameTime(one, other)))],
    gone: new Set([...known.gone, ...people.gone]),
  }
}

/** What is tried out begins now; before it stands what was. Its layers are told apart by their place, which is no id. */
function fromNow({ now }: Context, layers: readonly LayerFacts[], were: readonly LayerFacts[]): LayerFacts[] {
  if (were.length === 0) return [...layers]
  const at = now.epochMilliseconds
  const before = were.map((layer) => ({ ...layer, id: `before-${layer.id}`, heldTo: Math.min(layer.heldTo ?? at, at) }))
  return [...layers.map((layer) => ({ ...layer, heldFrom: at })), ...before]
}

const sameTime = (a: TimeOff, b: TimeOff): boolean => a.personId === b.personId && a.from === b.from

type Facts = {
  rotas: { id: string; archived: boolean; layers: LayerFacts[]; overrides: OverrideFacts[] }[]
  timeOff: TimeOff[]
  gone: string[]
}

async function factsOf({ db }: Context, ids: readonly string[], from: Instant, to: Instant): Promise<Facts> {
  const found = await sql<{
    facts: Facts
  }>`select firstline.rota_facts(${[...ids]}::bigint[], ${from.toString()}::timestamptz, ${to.toString()}::timestamptz) as facts`.execute(
    db,
  )
  return found.rows[0]!.facts
}

/** For layers that are only being tried out. */
async function awayOf(
  { db }: Context,
  layers: readonly LayerFacts[],
  from: Instant,
  to: Instant,
): Promise<{ timeOff: TimeOff[]; gone: string[] }> {
  const ids = [...new Set(layers.flatMap((layer) => layer.personIds))]
  const found = await sql<TimeOff>`select a.person_id as "personId", a.substitute_id as "substituteId",
      (extract(epoch from a.from_on::timestamp at time zone coalesce(p.time_zone, 'UTC')) * 1000)::float8 as from,
      (extract(epoch from (a.to_on + 1)::timestamp at time zone coalesce(p.time_zone, 'UTC')) * 1000)::float8 as to
    from absence a join person p on p.id = a.person_id
    where (a.person_id = any(${ids}::bigint[]) or a.person_id in (select x.substitute_id from absence x where x.person_id = any(${ids}::bigint[])))
      and a.to_on >= (${from.toString()}::timestamptz)::date - 1 and a.from_on <= (${to.toString()}::timestamptz)::date + 1`.execute(db)
  const gone = await sql<{ id: string }>`select id from person where id = any(${ids}::bigint[]) and archived_at is not null`.execute(db)
  return {
    timeOff: found.rows.map((one) => ({ ...one, from: Number(one.from), to: Number(one.to) })),
    gone: gone.rows.map((one) => one.id),
  }
}
