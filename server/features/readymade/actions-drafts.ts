import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/** A reply that does not go out becomes its writer's draft again; what they wrote meanwhile stays before it. */
type Kept = {
  ticket_id: string
  author_id: string
  body: string
  recipients: string[] | null
  copies: string[] | null
  upload_ids: string[]
}

export async function keepAsDraft(context: Context, row: Kept): Promise<void> {
  const files = await sql<{
    id: string
    name: string
    size: number
    mediaType: string
  }>`select id, name, size::float8 as size, media_type as "mediaType"
    from attachment where id = any(${row.upload_ids}::bigint[]) and message_id is null order by id`.execute(context.db)
  const content = { body: row.body, to: row.recipients, cc: row.copies, mentions: [], direction: 'in', number: '', files: files.rows }
  await sql`insert into draft (person_id, ticket_id, kind, content, changed_at)
    values (${row.author_id}, ${row.ticket_id}, 'reply', ${JSON.stringify(content)}, ${context.now.toString()})
    on conflict (person_id, ticket_id, kind) do update set changed_at = excluded.changed_at, content = draft.content || jsonb_build_object(
      'body', concat_ws(E'\n\n', nullif(draft.content ->> 'body', ''), excluded.content ->> 'body'),
      'files', coalesce(draft.content -> 'files', '[]') || (excluded.content -> 'files'))`.execute(context.db)
}
