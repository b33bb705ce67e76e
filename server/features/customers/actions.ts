import { sql } from 'kysely'
import type { z } from 'zod'
import type { customers } from '../../../contract/customers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { OrganisationFacts } from '../people/access-organisations.ts'
import { type ContactFacts, type GrantedOrganisation, type NoteFacts, readCharge, readContact, readNote } from './access.ts'
import './events.ts'

type Contact = z.output<(typeof customers)['POST /api/organisations/:id/contacts']['body']>
type ContactChange = z.output<(typeof customers)['PATCH /api/contacts/:id']['body']>
type ChargeChange = z.output<(typeof customers)['PATCH /api/organisations/:id/customer']['body']>

/** All of it is told as a change of the organisation: screens that show it look anew. */
export const about = (organisationId: string) => ({
  subject: { kind: 'organisation', id: organisationId },
  organisationId,
  audience: 'staff' as const,
})
const yesNo = (value: boolean | undefined) => (value === true ? 'yes' : 'no')

export async function addContact(context: Context, organisation: GrantedOrganisation, input: Contact): Promise<string> {
  const of = await sql<{ theirs: boolean }>`select (p.organisation_id is not distinct from ${organisation.id}::bigint
      or exists (select 1 from person_organisation m where m.person_id = p.id and m.organisation_id = ${organisation.id})) as theirs
    from person p where p.id = ${input.personId} and p.archived_at is null`.execute(context.db)
  if (!of.rows[0]?.theirs)
    throw invalid('personId', 'not_member', 'A contact belongs to the organisation. Add the person to it first, then choose them here.')
  const made = await sql<{
    id: string
  }>`insert into customer_contact (organisation_id, person_id, roles, orders, order_limit, approves, note, created_at)
    values (${organisation.id}, ${input.personId}, ${[...new Set(input.roles ?? [])]}, ${yesNo(input.orders)}, ${input.orderLimit ?? ''}, ${yesNo(input.approves)},
      ${input.note ?? ''}, ${context.now.toString()}) on conflict do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) {
    const message = 'This person is a contact already. Change the one that stands there.'
    throw new Problem('already_exists', message, { issues: [{ path: 'personId', code: 'already_exists', message }] })
  }
  await context.record({ type: 'contact.added', ...about(organisation.id), data: { contactId: id, contactPersonId: input.personId } })
  return id
}

export async function changeContact(
  context: Context,
  contact: Granted<ContactFacts, 'organisation.edit'>,
  version: number,
  change: ContactChange,
): Promise<void> {
  if (contact.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this contact meanwhile.', {
      details: { current: await readContact(context, contact.id) },
    })
  const sets = [
    ...(change.roles === undefined ? [] : [sql`roles = ${[...new Set(change.roles)]}`]),
    ...(change.orders === undefined ? [] : [sql`orders = ${yesNo(change.orders)}`]),
    ...(change.orderLimit === undefined ? [] : [sql`order_limit = ${change.orderLimit}`]),
    ...(change.approves === undefined ? [] : [sql`approves = ${yesNo(change.approves)}`]),
    ...(change.note === undefined ? [] : [sql`note = ${change.note}`]),
  ]
  if (sets.length === 0) return
  await sql`update customer_contact set ${sql.join([sql`version = version + 1`, ...sets])} where id = ${contact.id}`.execute(context.db)
  const data = { contactId: contact.id, contactPersonId: contact.person_id, fields: Object.keys(change) }
  await context.record({ type: 'contact.changed', ...about(contact.organisation_id), data })
}

export async function removeContact(context: Context, contact: Granted<ContactFacts, 'organisation.edit'>): Promise<void> {
  await sql`delete from customer_contact where id = ${contact.id}`.execute(context.db)
  await context.record({
    type: 'contact.removed',
    ...about(contact.organisation_id),
    data: { contactId: contact.id, contactPersonId: contact.person_id },
  })
}

export async function addNote(context: Context, organisation: Granted<OrganisationFacts, 'person.see'>, body: string): Promise<string> {
  const made = await sql<{ id: string }>`insert into customer_note (organisation_id, body, created_at, author_id)
    values (${organisation.id}, ${body}, ${context.now.toString()}, ${context.actor.id}) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({ type: 'customer.noted', ...about(organisation.id), data: { noteId: id } })
  return id
}

export async function changeNote(context: Context, note: Granted<NoteFacts, 'note.edit'>, version: number, body: string): Promise<void> {
  if (note.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this note meanwhile.', {
      details: { current: await readNote(context, note.id) },
    })
  if (body === note.body) return
  await sql`update customer_note set body = ${body}, version = version + 1, changed_at = ${context.now.toString()} where id = ${note.id}`.execute(
    context.db,
  )
  await context.record({ type: 'customer.note-changed', ...about(note.organisation_id), data: { noteId: note.id } })
}

export async function removeNote(context: Context, note: Granted<NoteFacts, 'note.edit'>): Promise<void> {
  await sql`delete from customer_note where id = ${note.id}`.execute(context.db)
  await context.record({ type: 'customer.note-removed', ...about(note.organisation_id), data: { noteId: note.id } })
}

const chargeColumn = { inChargeId: 'in_charge_id', deputyId: 'deputy_id', teamId: 'team_id' } as const

/** Who looks after a customer is somebody of the desk, or nobody could be asked. */
async function refuseUnfit(context: Context, change: ChargeChange): Promise<void> {
  const people = [change.inChargeId, change.deputyId].filter((id) => typeof id === 'string')
  const found = await sql<{ staff: string[]; team: boolean }>`select
      coalesce((select array_agg(p.id) from person p where p.id = any(${people}::bigint[]) and p.archived_at is null
        and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))), '{}') as staff,
      exists (select 1 from team where id = ${change.teamId ?? null}::bigint and archived_at is null) as team`.execute(context.db)
  const { staff, team } = found.rows[0]!
  const issues = (['inChargeId', 'deputyId'] as const)
    .filter((field) => typeof change[field] === 'string' && !staff.includes(change[field]))
    .map((path) => ({ path: path as string, code: 'unknown', message: 'Choose somebody of the desk.' }))
  if (change.teamId && !team)
    issues.push({ path: 'teamId', code: 'unknown', message: 'This team does not exist any more. Choose another.' })
  if (issues.length > 0) throw new Problem('validation_failed', 'Something here is not right.', { issues })
}

export async function changeCharge(
  context: Context,
  organisation: GrantedOrganisation,
  version: number,
  change: ChargeChange,
): Promise<void> {
  const current = await readCharge(context, organisation.id)
  if (current.version !== version) throw new Problem('version_stale', 'Somebody else changed this meanwhile.', { details: { current } })
  await refuseUnfit(context, change)
  const fields = Object.keys(change)
  if (fields.length === 0) return
  if (change.deputyId && change.deputyId === (change.inChargeId === undefined ? current.inCharge?.id : change.inChargeId))
    throw invalid('deputyId', 'same', 'The deputy is another person than the one in charge.')
  const sets = (Object.keys(chargeColumn) as (keyof typeof chargeColumn)[])
    .filter((field) => change[field] !== undefined)
    .map((field) => sql`${sql.ref(chargeColumn[field])} = ${change[field]}::bigint`)
  if (change.otherNumbers !== undefined) sets.push(sql`other_numbers = ${JSON.stringify(change.otherNumbers)}::jsonb`)
  await sql`insert into customer (organisation_id, changed_at) values (${organisation.id}, ${context.now.toString()}) on conflict do nothing`.execute(
    context.db,
  )
  await sql`update customer set ${sql.join([sql`version = version + 1`, sql`changed_at = ${context.now.toString()}`, ...sets])} where organisation_id = ${organisation.id}`.execute(
    context.db,
  )
  await context.record({ type: 'customer.changed', ...about(organisation.id), data: { fields } })
}
