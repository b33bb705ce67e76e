import { sql } from 'kysely'
import type { Content } from '../../../contract/readymade.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { visibleReadymade } from './access.ts'
import { valuesOfTicket } from './access-values.ts'
import { type Audience, fill, inLanguage } from './rules-variables.ts'

/** Snippets for the composer: found by name, folder and words while one types, and already filled in for this ticket. */
type Snippet = { id: string; name: string; folder: string; text: string; missing: string[]; audience: Audience }
type Row = { id: string; name: string; folder: string; content: Extract<Content, { kind: 'snippet' }> }

export async function snippetsFor(
  context: Context,
  ticket: Granted<TicketFacts, 'ticket.note'>,
  query: { q: string; audience: Audience },
): Promise<Snippet[]> {
  const { language } = ticket
  const words = query.q.trim().split(/\s+/).filter(Boolean).slice(0, 6)
  const each = words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    return sql`and firstline.plain(concat_ws(' ', r.name ->> 'en', r.name ->> 'de', r.folder, r.content ->> 'words')) like firstline.plain(${pattern}::text)`
  })
  const eyes = query.audience === 'staff' ? sql`` : sql`and r.content ->> 'audience' = 'everyone'`
  const found = await sql<Row>`select r.id, firstline.said(r.name, ${context.actor.language}) as name, r.folder, r.content from readymade r
    where r.kind = 'snippet' and r.archived_at is null and r.switched_off_at is null and ${visibleReadymade(context.actor)} ${eyes} ${sql.join(each, sql` `)}
    order by r.used_count desc, r.folder, r.position, r.id limit 20`.execute(context.db)
  if (found.rows.length === 0) return []
  const values = await valuesOfTicket(context, ticket.id, language)
  return found.rows.map(({ content, ...row }) => ({
    ...row,
    ...fill(inLanguage(content.text, language), values, query.audience),
    audience: content.audience,
  }))
}
