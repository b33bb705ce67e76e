import { sql } from 'kysely'
import type { CustomerCharge, CustomerContact, CustomerNote } from '../../../contract/customers.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { accessOrganisation, type OrganisationFacts } from '../people/access-organisations.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** What stands on a customer's page belongs to its organisation: who sees that sees this, who may edit that may edit this. */
export type GrantedOrganisation = Granted<OrganisationFacts, 'organisation.edit'>

export const personJson = (column: string) =>
  sql.raw(`case when ${column} is null then null else json_build_object('id', ${column}::text, 'name', firstline.name_of(${column})) end`)

/** On `c` with its person `p`. Who was archived or went elsewhere is shown as gone, and counts for nothing. */
export const contactGone = sql`(p.archived_at is not null or not (p.organisation_id is not distinct from c.organisation_id
  or exists (select 1 from person_organisation m where m.person_id = p.id and m.organisation_id = c.organisation_id)))`
export const contactJson = sql`json_build_object('id', c.id::text, 'version', c.version,
  'person', json_build_object('id', p.id::text, 'name', p.name, 'email', p.email, 'phones', p.phones, 'department', p.department),
  'roles', to_json(c.roles), 'orders', c.orders = 'yes', 'orderLimit', c.order_limit, 'approves', c.approves = 'yes', 'note', c.note, 'gone', ${contactGone})`
/** The main contact first, then who may order, then by name. */
export const contactOrder = sql`${contactGone}, not 'main' = any(c.roles), c.orders = 'no', p.name, c.id`

export type ContactFacts = { id: string; version: number; organisation_id: string; person_id: string }
export async function accessContact(context: Context, id: string): Promise<Granted<ContactFacts, 'organisation.edit'>> {
  const found = await sql<ContactFacts>`select id, version, organisation_id, person_id from customer_contact where id = ${id}`.execute(
    context.db,
  )
  const row = found.rows[0]
  if (!row) throw notFound()
  await accessOrganisation(context, row.organisation_id, 'organisation.edit')
  // Read again: the lock on the organisation is what keeps two changes apart.
  const now = await sql<ContactFacts>`select id, version, organisation_id, person_id from customer_contact where id = ${id}`.execute(
    context.db,
  )
  if (!now.rows[0]) throw notFound()
  return now.rows[0] as unknown as Granted<ContactFacts, 'organisation.edit'>
}

export async function readContact({ db }: Context, id: string): Promise<CustomerContact> {
  const found = await sql<{ contact: CustomerContact }>`select ${contactJson} as contact
    from customer_contact c join person p on p.id = c.person_id where c.id = ${id}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0].contact
}

/** One's own note, or any for who may edit the organisation. */
const mayEditNote = (actor: Actor) => (actor.rights.has('organisation.edit') ? sql`true` : sql`coalesce(n.author_id = ${actor.id}, false)`)
export const noteJson = (actor: Actor) => sql`json_build_object('id', n.id::text, 'version', n.version, 'body', n.body,
  'createdAt', ${wireTime('n.created_at')}, 'changedAt', ${wireTime('n.changed_at')}, 'author', ${personJson('n.author_id')}, 'can', json_build_object('edit', ${mayEditNote(actor)}))`

export type NoteFacts = { id: string; version: number; organisation_id: string; body: string }
export async function accessNote(context: Context, id: string): Promise<Granted<NoteFacts, 'note.edit'>> {
  const found = await sql<
    NoteFacts & { allowed: boolean }
  >`select n.id, n.version, n.organisation_id, n.body, ${mayEditNote(context.actor)} as allowed
    from customer_note n where n.id = ${id} for no key update of n`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  await accessOrganisation(context, row.organisation_id, 'person.see')
  if (!row.allowed) throw notAllowed('Only its author changes this note, or who may edit the organisation.')
  return row as unknown as Granted<NoteFacts, 'note.edit'>
}

export async function readNote(context: Context, id: string): Promise<CustomerNote> {
  const found = await sql<{
    note: CustomerNote
  }>`select ${noteJson(context.actor)} as note from customer_note n where n.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0].note
}

export async function listNotes(
  context: Context,
  organisation: Granted<OrganisationFacts, 'person.see'>,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ items: CustomerNote[]; next: string | null }> {
  const before = after !== undefined && /^\d{1,18}$/.test(after) ? sql`and n.id < ${after}::bigint` : sql``
  const found = await sql<{ note: CustomerNote }>`select ${noteJson(context.actor)} as note from customer_note n
    where n.organisation_id = ${organisation.id} ${before} order by n.id desc limit ${sql.lit(limit + 1)}`.execute(context.db)
  const items = found.rows.slice(0, limit).map((row) => row.note)
  return { items, next: found.rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** On the organisation `o`. What nobody has written yet counts as version 1. */
export const chargeJson = sql`(select json_build_object('version', coalesce(u.version, 1), 'inCharge', ${personJson('u.in_charge_id')}, 'deputy', ${personJson('u.deputy_id')},
    'team', case when m.id is null then null else json_build_object('id', m.id::text, 'name', m.name) end, 'otherNumbers', coalesce(u.other_numbers, '[]'))
  from (select o.id) x left join customer u on u.organisation_id = o.id left join team m on m.id = u.team_id)`

export async function readCharge({ db }: Context, organisationId: string): Promise<CustomerCharge> {
  const found = await sql<{
    charge: CustomerCharge
  }>`select ${chargeJson} as charge from organisation o where o.id = ${organisationId}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0].charge
}
