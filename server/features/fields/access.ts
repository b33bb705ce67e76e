import { type RawBuilder, sql } from 'kysely'
import type { FieldValue } from '../../../contract/field-values.ts'
import type { Field, TicketField } from '../../../contract/fields.ts'
import type { Kind } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound } from '../../kernel/problem.ts'
import { type FieldFacts, isAsked, type Reference, type Values, valueAsked } from './rules.ts'

/** Definitions belong to the whole desk; row-level security hides from requesters those that are for staff. */
const withAllBelow = sql`case when f.category_ids = '{}' then null else array(with recursive below as (
  select c.id from category c where c.id = any(f.category_ids) union select c.id from category c join below b on c.parent_id = b.id)
  select id::text from below) end`

const columns = sql`f.id, f.version, f.key, f.label, f.help, f.type, f.choices, f.kinds, f.audience, f.mandatory_in as "mandatoryIn",
  f.position, f.archived_at is not null as archived, ${withAllBelow} as "categoryIds"`

export async function listFields(context: Context, only: RawBuilder<unknown> = sql`where f.archived_at is null`): Promise<Field[]> {
  const found =
    await sql<Field>`select ${columns}, coalesce((select json_agg(json_build_object('id', c.id::text, 'name', c.name ->> ${context.actor.language})
      order by c.position, c.id) from category c where c.id = any(f.category_ids)), '[]') as categories
    from field f ${only} order by f.position, f.id`.execute(context.db)
  return found.rows
}

export const listArchivedFields = (context: Context): Promise<Field[]> => listFields(context, sql`where f.archived_at is not null`)

export async function readField(context: Context, id: string): Promise<Field> {
  const [field] = await listFields(context, sql`where f.id = ${id}`)
  if (!field) throw notFound()
  return field
}

export async function accessField(context: Context, id: string): Promise<Granted<Field, 'category.edit'>> {
  if (!context.actor.rights.has('category.edit')) throw notAllowed()
  await sql`select 1 from field where id = ${id} for no key update`.execute(context.db)
  return (await readField(context, id)) as unknown as Granted<Field, 'category.edit'>
}

const asked = new WeakMap<Context, Promise<FieldFacts[]>>()
/** All definitions as the rules need them; asked once in a transaction, also where it changes a thousand tickets. */
export function fieldFacts(context: Context): Promise<FieldFacts[]> {
  const known =
    asked.get(context) ?? sql<FieldFacts>`select ${columns} from field f order by f.position, f.id`.execute(context.db).then((x) => x.rows)
  asked.set(context, known)
  return known
}

/** Whom a ticket's fields name; read under row-level security, so that nobody can be named whom one may not see. */
export async function unknownReferences(context: Context, references: readonly Reference[]): Promise<Reference[]> {
  if (references.length === 0) return []
  const of = (type: string) => references.filter((one) => one.type === type).map((one) => one.id)
  const found = await sql<{ type: string; id: string }>`
    select 'person' as type, id from person where id = any(${of('person')}::bigint[]) and archived_at is null
    union all select 'organisation', id from organisation where id = any(${of('organisation')}::bigint[]) and archived_at is null`.execute(
    context.db,
  )
  const known = new Set(found.rows.map((row) => `${row.type}:${row.id}`))
  return references.filter((one) => !known.has(`${one.type}:${one.id}`))
}

type Of = { kind: Kind; categoryId: string | null; values: Values; asStaff: boolean }
/** What this ticket is asked for, and what it holds from before; with the names of what it names. */
export async function fieldsOfTicket(context: Context, { kind, categoryId, values, asStaff }: Of): Promise<TicketField[]> {
  const all = await listFields(context, sql``)
  const shown = all.filter(
    (field) => (isAsked(field, { kind, categoryId }) || values[field.id] !== undefined) && (asStaff || field.audience !== 'staff'),
  )
  const names = await namesOf(context, shown, [values])
  const { language } = context.actor
  return shown.map((field) => {
    const value = values[field.id] ?? null
    return {
      ...(({ id, key, type }) => ({ id, key, type }))(field),
      label: field.label[language],
      help: field.help[language],
      choices: field.choices
        .filter((one) => !one.archived || one.key === value)
        .map((one) => ({ key: one.key, label: one.label[language] })),
      asked: isAsked(field, { kind, categoryId }),
      mandatoryIn: asStaff ? field.mandatoryIn : [],
      value,
      shown: value === null ? null : inWords(field, value, language, names),
    }
  })
}

function inWords(field: Field, value: FieldValue, language: 'en' | 'de', names: Map<string, string>): string {
  if (field.type === 'choice') return field.choices.find((one) => one.key === value)?.label[language] ?? String(value)
  if (field.type === 'person' || field.type === 'organisation') return names.get(`${field.type}:${value}`) ?? '…'
  return String(value)
}

/** What many tickets hold in these fields, in words; in the order of the fields. Whoever asks has seen the tickets. */
export async function heldInWords(
  context: Context,
  fields: readonly Field[],
  ticketIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = await sql<{
    id: string
    fields: Values
  }>`select id, fields from ticket where id = any(${[...ticketIds]}::bigint[])`.execute(context.db)
  const { rows } = found
  const names = await namesOf(
    context,
    fields,
    rows.map((row) => row.fields),
  )
  const said = (field: Field, value: FieldValue | undefined) =>
    value === undefined ? '' : inWords(field, value, context.actor.language, names)
  return new Map(rows.map((row) => [row.id, fields.map((field) => said(field, row.fields[field.id]))]))
}

async function namesOf(context: Context, fields: readonly Field[], held: readonly Values[]): Promise<Map<string, string>> {
  const of = (type: string) => {
    const ids = fields.filter((one) => one.type === type).map((one) => one.id)
    return [...new Set(held.flatMap((values) => ids.flatMap((id) => (values[id] === undefined ? [] : [String(values[id])]))))]
  }
  if (of('person').length + of('organisation').length === 0) return new Map()
  const found = await sql<{ key: string; name: string }>`
    select 'person:' || x as key, coalesce(firstline.name_of(x), '…') as name from unnest(${of('person')}::bigint[]) x
    union all select 'organisation:' || id, name from organisation where id = any(${of('organisation')}::bigint[])`.execute(context.db)
  return new Map(found.rows.map((row) => [row.key, row.name]))
}

const most = 1000
export type Use = { tickets: number; more: boolean; choices: { key: string; tickets: number; more: boolean }[] }
export async function fieldUse(context: Context, field: Field): Promise<Use> {
  const counted = (condition: RawBuilder<unknown>) =>
    sql`(select count(*)::int from (select 1 from ticket_field x where x.field_id = ${field.id} ${condition} limit ${sql.lit(most + 1)}) y)`
  const keys = field.choices.map((one) => one.key)
  const found = await sql<{ key: string | null; n: number }>`select null as key, ${counted(sql``)} as n
    union all select k, ${counted(sql`and x.value = k`)} from unnest(${keys}::text[]) k`.execute(context.db)
  const bounded = (n: number) => ({ tickets: Math.min(n, most), more: n > most })
  return {
    ...bounded(found.rows.find((row) => row.key === null)?.n ?? 0),
    choices: keys.map((key) => ({ key, ...bounded(found.rows.find((row) => row.key === key)?.n ?? 0) })),
  }
}

/**
 * `field.<key>=value` of a list's address as conditions on the alias `t`. What one may not see of a field one cannot ask
 * for: asStaff says of which tickets the actor, who may be the requester of others, sees what is for staff.
 */
export async function fieldConditions(
  context: Context,
  query: Readonly<Record<string, unknown>>,
  asStaff: RawBuilder<unknown>,
): Promise<RawBuilder<unknown>[]> {
  const wanted = Object.entries(query).filter(([name]) => name.startsWith('field.'))
  if (wanted.length === 0) return []
  const known = await fieldFacts(context)
  return wanted.map(([name, value]) => {
    const field = known.find((one) => one.key === name.slice('field.'.length) && (context.actor.staff || one.audience !== 'staff'))
    if (!field) throw invalid(`query.${name}`, 'unknown', 'There is no such field. GET /api/fields lists them.')
    const held = typeof value === 'string' ? valueAsked(field, value) : undefined
    if (held === undefined) throw invalid(`query.${name}`, field.type, `This field is a ${field.type}; give it one value of that form.`)
    return sql`(t.id in (select x.ticket_id from ticket_field x where x.field_id = ${field.id} and x.value = left(${String(held)}::text, 100))
      and t.fields ->> ${field.id} = ${String(held)} ${field.audience === 'staff' ? sql`and ${asStaff}` : sql``})`
  })
}
