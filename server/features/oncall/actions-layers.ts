import { sql } from 'kysely'
import type { RotaInput } from '../../../contract/oncall.ts'
import type { Context } from '../../kernel/context.ts'

/**
 * Layers are written so that the past stays: what is changed or taken out is kept with the moment until which it held,
 * and who was on call then is worked out from that. Under a layer's id stands how it is now.
 */
type LayerInput = RotaInput['layers'][number]

/** `since`: null for a rota that begins with them. */
export async function putLayers(context: Context, rotaId: string, layers: readonly LayerInput[], since: string | null): Promise<void> {
  const kept = layers.flatMap((layer) => layer.id ?? [])
  await takeOut(context, rotaId, kept)
  for (const [position, layer] of layers.entries()) {
    if (layer.id === undefined) await addLayer(context, rotaId, position, layer, since)
    else await changeLayer(context, layer.id, position, layer)
  }
}

const hoursOf = (layer: LayerInput) => (layer.hours === null ? null : JSON.stringify(layer.hours))
const names = sql`position, time_zone, unit, every, handover, weekday, starts_on, ends_on, hours`
const values = (position: number, layer: LayerInput) =>
  sql`${position}::int, ${layer.timeZone}::text, ${layer.rotation.unit}::text, ${layer.rotation.every}::int, ${layer.handover}::text, ${layer.weekday}::int,
    ${layer.startsOn}::date, ${layer.endsOn}::date, ${hoursOf(layer)}::jsonb`

/** What never held for a moment leaves nothing behind. */
async function takeOut({ db, now }: Context, rotaId: string, kept: readonly string[]): Promise<void> {
  const at = now.toString()
  await sql`delete from rota_layer where rota_id = ${rotaId} and held_to is null and not (id = any(${[...kept]}::bigint[])) and held_from >= ${at}::timestamptz`.execute(
    db,
  )
  await sql`update rota_layer set held_to = ${at}::timestamptz where rota_id = ${rotaId} and held_to is null and not (id = any(${[...kept]}::bigint[]))`.execute(
    db,
  )
}

async function addLayer({ db }: Context, rotaId: string, position: number, layer: LayerInput, since: string | null): Promise<void> {
  const made = await sql<{ id: string }>`insert into rota_layer (rota_id, name, held_from, ${names})
    values (${rotaId}, ${layer.name}, ${since}::timestamptz, ${values(position, layer)}) returning id`.execute(db)
  await putPeople(db, made.rows[0]!.id, layer.peopleIds)
}

async function changeLayer(context: Context, id: string, position: number, layer: LayerInput): Promise<void> {
  const { db, now } = context
  const same =
    await sql`select 1 from rota_layer l where l.id = ${id} and row(${names}) is not distinct from row(${values(position, layer)})
    and array(select k.person_id from rota_layer_person k where k.layer_id = l.id order by k.position) = ${layer.peopleIds}::bigint[]`.execute(
      db,
    )
  if (same.rows.length > 0) return void (await sql`update rota_layer set name = ${layer.name} where id = ${id}`.execute(db))
  await keepFormer(context, id)
  await sql`update rota_layer set name = ${layer.name}, held_from = ${now.toString()}::timestamptz, (${names}) = row(${values(position, layer)}) where id = ${id}`.execute(
    db,
  )
  await sql`delete from rota_layer_person where layer_id = ${id}`.execute(db)
  await putPeople(db, id, layer.peopleIds)
}

/** As it was until now, beside it. */
async function keepFormer({ db, now }: Context, id: string): Promise<void> {
  const at = now.toString()
  const made = await sql<{ id: string }>`insert into rota_layer (rota_id, name, held_from, held_to, former_of, ${names})
    select rota_id, name, held_from, ${at}::timestamptz, id, ${names} from rota_layer
    where id = ${id} and (held_from is null or held_from < ${at}::timestamptz) returning id`.execute(db)
  const former = made.rows[0]?.id
  if (former === undefined) return
  await sql`insert into rota_layer_person (layer_id, position, person_id)
    select ${former}::bigint, position, person_id from rota_layer_person where layer_id = ${id}`.execute(db)
}

async function putPeople(db: Context['db'], layerId: string, ids: readonly string[]): Promise<void> {
  await sql`insert into rota_layer_person (layer_id, position, person_id) select ${layerId}::bigint, x.n - 1, x.id
    from unnest(${[...ids]}::bigint[]) with ordinality x (id, n)`.execute(db)
}
