import { sql } from 'kysely'
import type { z } from 'zod'
import type { customers } from '../../../contract/customers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { GrantedOrganisation } from './access.ts'
import { type DocumentFacts, readDocument } from './access-documents.ts'
import { about } from './actions.ts'
import './events.ts'

type NewDocument = z.output<(typeof customers)['POST /api/organisations/:id/documents']['body']>
type Change = z.output<(typeof customers)['PATCH /api/documents/:id']['body']>
type GrantedDocument = Granted<DocumentFacts, 'organisation.edit'>
export type KeptUpload = { name: string; media_type: string; size: string; sha256: string }

/** Only one's own upload that no message has taken (D-044); it belongs to the document from now on. */
export async function takeUpload(context: Context, uploadId: string): Promise<KeptUpload> {
  const found =
    await sql<KeptUpload>`delete from attachment where id = ${uploadId} and message_id is null and uploaded_by_id = ${context.actor.id}
    returning name, media_type, size, sha256`.execute(context.db)
  if (!found.rows[0]) throw invalid('uploadId', 'unknown', 'The file is no longer there. Upload it again.')
  return found.rows[0]
}

async function addFile(context: Context, documentId: string, file: KeptUpload): Promise<number> {
  const made = await sql<{
    number: number
  }>`insert into document_file (document_id, number, name, media_type, size, sha256, added_at, added_by_id)
    select ${documentId}::bigint, coalesce(max(f.number), 0) + 1, ${file.name}, ${file.media_type}, ${file.size}::bigint, ${file.sha256}, ${context.now.toString()}, ${context.actor.id}::bigint
    from document_file f where f.document_id = ${documentId} returning number`.execute(context.db)
  return made.rows[0]!.number
}

const titleOf = (name: string) => name.replace(/\.[a-z0-9]{1,5}$/i, '').slice(0, 200) || name.slice(0, 200)

export async function addDocument(
  context: Context,
  organisation: GrantedOrganisation,
  { title, audience, pinned }: Omit<NewDocument, 'uploadId'>,
  file: KeptUpload,
): Promise<string> {
  const made = await sql<{ id: string }>`insert into document (organisation_id, title, audience, pinned, created_at)
    values (${organisation.id}, ${title ?? titleOf(file.name)}, ${audience}, ${pinned ? 'yes' : 'no'}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await addFile(context, id, file)
  await context.record({ type: 'document.added', ...about(organisation.id), data: { documentId: id } })
  return id
}

export async function addVersion(context: Context, document: GrantedDocument, file: KeptUpload): Promise<void> {
  const number = await addFile(context, document.id, file)
  await context.record({ type: 'document.version-added', ...about(document.organisation_id), data: { documentId: document.id, number } })
}

export async function changeDocument(context: Context, document: GrantedDocument, version: number, change: Change): Promise<void> {
  if (document.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this document meanwhile.', {
      details: { current: await readDocument(context, document.id) },
    })
  const sets = [
    ...(change.title === undefined ? [] : [sql`title = ${change.title}`]),
    ...(change.audience === undefined ? [] : [sql`audience = ${change.audience}`]),
    ...(change.pinned === undefined ? [] : [sql`pinned = ${change.pinned ? 'yes' : 'no'}`]),
  ]
  if (sets.length === 0) return
  await sql`update document set ${sql.join([sql`version = version + 1`, ...sets])} where id = ${document.id}`.execute(context.db)
  const data = { documentId: document.id, fields: Object.keys(change) }
  await context.record({ type: 'document.changed', ...about(document.organisation_id), data })
}

/** With its bytes, which the sweep takes when nothing else names them. */
export async function removeDocument(context: Context, document: GrantedDocument): Promise<void> {
  const gone = await sql<{
    versions: number
  }>`select count(*)::int as versions from document_file where document_id = ${document.id}`.execute(context.db)
  await sql`delete from document where id = ${document.id}`.execute(context.db)
  const data = { documentId: document.id, versions: gone.rows[0]!.versions }
  await context.record({ type: 'document.removed', ...about(document.organisation_id), data })
}
