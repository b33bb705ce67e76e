import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import type { Asked } from './rules.ts'

/** People and organisations by name, address, phone, department; and titles and names that are nearly as typed. */
export type NameHit = { kind: 'ticket' | 'person' | 'organisation'; id: string; title: string; text: string; score: number; query: string }
type Kind = 'person' | 'organisation' | undefined

const people = sql`select 'person' as kind, p.id, coalesce(nullif(p.name, ''), p.email::text, '') as title, concat_ws(' · ', p.email::text, nullif(p.department, ''), o.name) as text, f.score
  from found f join person p on p.id = f.row_id and f.kind = 'person' left join organisation o on o.id = p.organisation_id where p.archived_at is null`
const organisations = sql`select 'organisation' as kind, o.id, o.name as title,
    coalesce((select string_agg(x.domain, ', ') from organisation_domain x where x.organisation_id = o.id), '') as text, f.score
  from found f join organisation o on o.id = f.row_id and f.kind = 'organisation' where o.archived_at is null`

export async function namesWithAll(context: Context, asked: Asked, kind: Kind, limit: number): Promise<NameHit[]> {
  if (!context.actor.rights.has('person.see')) return []
  const found = await sql<NameHit>`
    with asked as materialized (select firstline.search_query(${asked.words}::text[], ${asked.phrases}::text[], ${asked.without}::text[], ${asked.beginning}) as q),
    found as materialized (select d.kind, d.row_id, ts_rank('{0.2,0.4,0.3,1}', d.vector, (select q from asked)) as score from search_document d
      where d.kind in ('person', 'organisation') ${kind === undefined ? sql`` : sql`and d.kind = ${kind}`} and d.vector @@ (select q from asked)
      order by score desc, d.id limit 300)
    select x.*, (select q::text from asked) as query from (${people} union all ${organisations}) x order by x.score desc, x.title, x.id limit ${sql.raw(String(limit))}`.execute(
    context.db,
  )
  return found.rows
}

/** By the likeness of their trigrams; only asked when nothing was found as typed. */
export async function nearlyNamed(context: Context, typed: string, kind: NameHit['kind'] | undefined, limit: number): Promise<NameHit[]> {
  const who = context.actor.rights.has('person.see') ? ['person', 'organisation', 'ticket'] : ['ticket']
  const kinds = who.filter((one) => kind === undefined || one === kind)
  await sql`select set_config('pg_trgm.word_similarity_threshold', '0.5', true)`.execute(context.db)
  const found = await sql<NameHit>`
    with found as materialized (select d.kind, d.row_id, word_similarity(firstline.plain(${typed}), d.words)::float8 as score from search_document d
      where d.words <> '' and firstline.plain(${typed}) <% d.words and d.kind = any(${kinds}::text[]) order by score desc, d.id desc limit 300)
    select x.*, '' as query from (${people} union all ${organisations}
      union all select 'ticket', t.id, t.subject, '', f.score from found f join ticket t on t.id = f.row_id and f.kind = 'ticket' where t.deleted_at is null and ${visibleTo(context.actor)}) x
    order by x.score desc, x.id desc limit ${sql.raw(String(limit))}`.execute(context.db)
  return found.rows
}

/** A ticket's number, or an address: straight there, if it may be seen. */
export async function jumpFor(context: Context, asked: Asked): Promise<{ kind: 'ticket' | 'person'; id: string; title: string } | null> {
  if (asked.ticketId !== null && BigInt(asked.ticketId) <= 9223372036854775807n) {
    const found = await sql<{
      id: string
      title: string
    }>`select t.id, t.subject as title from ticket t where t.id = ${asked.ticketId} and ${visibleTo(context.actor)}`.execute(context.db)
    if (found.rows[0]) return { kind: 'ticket', ...found.rows[0] }
  }
  if (asked.address !== null && context.actor.rights.has('person.see')) {
    const found = await sql<{
      id: string
      title: string
    }>`select id, name as title from person where email = ${asked.address} and archived_at is null`.execute(context.db)
    if (found.rows[0]) return { kind: 'person', ...found.rows[0] }
  }
  return null
}
