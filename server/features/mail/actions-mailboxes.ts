import { sql } from 'kysely'
import type { z } from 'zod'
import type { mail } from '../../../contract/mail.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type MailboxFacts, secretPlace } from './access-mailboxes.ts'
import { noteExpiry } from './actions-tokens.ts'
import './events.ts'

/** Adding and changing mailboxes. Every change of where mail comes from is an event (C-039). */
type Editable = Granted<MailboxFacts, 'mailbox.edit'>
type Fields = z.output<(typeof mail)['PATCH /api/mailboxes/:id']['body']>

export async function addMailbox(context: Context, fields: Fields & { name: string; address: string }): Promise<string> {
  const address = await freeAddress(context, fields.address)
  const made = await sql<{
    id: string
  }>`insert into mailbox (name, address, created_at) values (${fields.name}, ${address}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  const { name: _, address: __, ...rest } = fields
  await writeFields(context, id, rest)
  await noteExpiry(context, id)
  await context.record({
    type: 'mailbox.created',
    subject: { kind: 'mailbox', id },
    audience: 'staff',
    data: { fields: Object.keys(fields) },
  })
  return id
}

export async function changeMailbox(context: Context, mailbox: Editable, version: number, fields: Fields): Promise<void> {
  if (mailbox.version !== version) throw new Problem('version_stale', 'Somebody changed this mailbox meanwhile.')
  const { address, ...rest } = fields
  const moved = address !== undefined && address.toLowerCase() !== mailbox.address.toLowerCase()
  if (moved)
    await sql`update mailbox set address = ${await freeAddress(context, address)}, proved_at = null where id = ${mailbox.id}`.execute(
      context.db,
    )
  await writeFields(context, mailbox.id, rest)
  await sql`update mailbox set version = version + 1 where id = ${mailbox.id}`.execute(context.db)
  await context.record({
    type: 'mailbox.changed',
    subject: { kind: 'mailbox', id: mailbox.id },
    audience: 'staff',
    data: { fields: changedFields(mailbox, fields) },
  })
  await noteExpiry(context, mailbox.id)
}

/** By name only, never with what was in them; of the connection each part by itself. */
function changedFields(before: MailboxFacts, { connection, ...fields }: Fields): string[] {
  const old = before as unknown as Record<string, unknown>
  const changed = Object.entries(fields).flatMap(([name, value]) =>
    ['name', 'address', 'way'].includes(name) && old[name] === value ? [] : [name],
  )
  if (connection === undefined) return changed
  const parts = new Set([...Object.keys(connection), ...Object.keys(before.connection)]) as Set<keyof typeof connection>
  return [...changed, ...[...parts].filter((part) => connection[part] !== before.connection[part]).map((part) => `connection.${part}`)]
}

/** An address is a person's or the desk's, never both: the desk would write to itself (C-034). Plus signs are ours. */
async function freeAddress(context: Context, address: string): Promise<string> {
  if (address.includes('+'))
    throw invalid('address', 'invalid_format', 'An address without a plus sign: what follows a plus finds the ticket.')
  const taken = await sql<{
    what: string
  }>`select 'mailbox' as what from mailbox where address = ${address}::citext union all select 'person' from person where email = ${address}::citext`.execute(
    context.db,
  )
  if (taken.rows.length > 0)
    throw new Problem('already_exists', 'This address belongs to somebody already.', {
      issues: [{ path: 'address', code: 'already_exists', message: 'This address belongs to somebody already.' }],
    })
  return address
}

async function writeFields(context: Context, id: string, fields: Omit<Fields, 'address'>): Promise<void> {
  const columns: Record<string, unknown> = {
    name: fields.name,
    way: fields.way,
    team_id: fields.teamId,
    organisation_id: fields.organisationId,
    language: fields.language,
    acknowledge: fields.acknowledge === undefined ? undefined : fields.acknowledge ? 'on' : 'off',
    wording: fields.wording && JSON.stringify(fields.wording),
    signature: fields.signature && JSON.stringify(fields.signature),
    connection: fields.connection && JSON.stringify(fields.connection),
    secret: fields.secret === undefined ? undefined : context.kernel.secrets.seal(fields.secret, secretPlace(id)),
  }
  const sets = Object.entries(columns)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  if (sets.length > 0) await sql`update mailbox set ${sql.join(sets)} where id = ${id}`.execute(context.db)
}

export async function archiveMailbox(context: Context, mailbox: Editable): Promise<void> {
  await sql`update mailbox set archived_at = ${context.now.toString()}, secret = null, grant_tokens = null, version = version + 1 where id = ${mailbox.id}`.execute(
    context.db,
  )
  await context.record({ type: 'mailbox.archived', subject: { kind: 'mailbox', id: mailbox.id }, audience: 'staff', data: {} })
}
