import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { CustomerDocument } from '../../../contract/customers.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import type { FileOut } from '../../kernel/routes.ts'
import { accessOrganisation } from '../people/access-organisations.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { personJson } from './access.ts'

/**
 * One condition for a document, its versions and its bytes (alias `d`): staff see those of the organisations they see; of
 * others only its viewers, and only what is meant for them. To everybody else it does not exist (D-043).
 */
export function visibleDocuments(actor: Actor): RawBuilder<SqlBool> {
  const mine: RawBuilder<SqlBool> =
    actor.organisations === 'all' ? sql`true` : sql`d.organisation_id = any(${actor.organisations}::bigint[])`
  if (actor.staff) return actor.rights.has('person.see') ? mine : sql`false`
  return sql`(${mine} and d.audience = 'customer')`
}

const fileJson = sql`json_build_object('id', f.id::text, 'number', f.number, 'name', f.name, 'mediaType', f.media_type, 'size', f.size,
  'addedAt', ${wireTime('f.added_at')}, 'addedBy', ${personJson('f.added_by_id')})`
export const documentJson = sql`json_build_object('id', d.id::text, 'version', d.version, 'organisationId', d.organisation_id::text, 'title', d.title, 'audience', d.audience,
  'pinned', d.pinned = 'yes', 'files', coalesce((select json_agg(${fileJson} order by f.number desc) from document_file f where f.document_id = d.id), '[]'))`

export type DocumentFacts = { id: string; version: number; organisation_id: string }
export async function accessDocument(context: Context, id: string): Promise<Granted<DocumentFacts, 'organisation.edit'>> {
  const found = await sql<DocumentFacts>`select d.id, d.version, d.organisation_id from document d
    where d.id = ${id} and ${visibleDocuments(context.actor)} for no key update of d`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  await accessOrganisation(context, row.organisation_id, 'organisation.edit')
  return row as unknown as Granted<DocumentFacts, 'organisation.edit'>
}

export async function readDocument(context: Context, id: string): Promise<CustomerDocument> {
  const found = await sql<{ document: CustomerDocument }>`select ${documentJson} as document from document d
    where d.id = ${id} and ${visibleDocuments(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0].document
}

/** For the portal: staff look at the customer's page instead. A viewer sees the version in force, and not who filed it. */
export async function documentsForMe(context: Context): Promise<Omit<CustomerDocument, 'version' | 'pinned' | 'audience'>[]> {
  const { actor } = context
  if (actor.staff || actor.organisations === 'all' || actor.organisations.length === 0) return []
  const found = await sql<{ document: CustomerDocument }>`select ${documentJson} as document from document d
    where ${visibleDocuments(actor)} order by d.title, d.id limit 200`.execute(context.db)
  return found.rows.map(({ document: { id, organisationId, title, files } }) => ({
    id,
    organisationId,
    title,
    files: files.slice(0, 1).map((file) => ({ ...file, addedBy: null })),
  }))
}

type File = { name: string; media_type: string; size: string; sha256: string }
export async function documentFileOut(context: Context, id: string): Promise<FileOut> {
  const newestOnly = context.actor.staff
    ? sql`true`
    : sql`f.number = (select max(n.number) from document_file n where n.document_id = d.id)`
  const found = await sql<File>`select f.name, f.media_type, f.size, f.sha256 from document_file f join document d on d.id = f.document_id
    where f.id = ${id} and ${visibleDocuments(context.actor)} and ${newestOnly}`.execute(context.db)
  const file = found.rows[0]
  if (!file) throw notFound()
  return {
    content: context.kernel.files.stream(file.sha256),
    name: file.name,
    mediaType: file.media_type,
    size: Number(file.size),
    inline: true,
  }
}
