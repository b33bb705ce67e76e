import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { visibleAsStaff, visibleTo } from '../tickets/access-visibility.ts'
import type { Weighed } from './access-frequency.ts'
import { type Asked, choosers, formsOf } from './rules.ts'

/**
 * Tickets, messages and files by their text. The index gives rows, newest first, of which a thousand are ranked; the
 * best of them are read again through the tickets' visibility, and only then anything of them is told. Who is limited
 * to customers or teams gets the thousand newest of their own: for them visibility comes before the cut.
 */
export type TextHit = {
  ticketId: string
  messageId: string | null
  title: string
  text: string
  score: number
  query: string
  partial: boolean
}
export type Per = 'ticket' | 'message'

const ranked = 1000
/** So many times a page, because several rows of one ticket become one line, and some may be hidden. */
const kept = 5

const textKinds = sql.raw(`d.kind in ('ticket', 'tags', 'message', 'attachment')`)

const mayRead = (context: Context) =>
  sql<SqlBool>`${visibleTo(context.actor)} and t.deleted_at is null and (x.audience = 'everyone' or ${visibleAsStaff(context.actor)})`

type Choice = { matching: RawBuilder<unknown>; score: RawBuilder<unknown>; per: Per; limit: number }

async function choose(context: Context, { matching, score, per, limit }: Choice): Promise<TextHit[]> {
  const { actor } = context
  const limited = !actor.staff || actor.organisations !== 'all' || actor.teamsLimit !== 'all'
  const own = limited
    ? sql`and exists (select 1 from ticket t, (select d.audience) x where t.id = d.ticket_id and ${mayRead(context)})`
    : sql``
  const one = sql.ref(per === 'ticket' ? 'ticket_id' : 'message_id')
  const found = await sql<TextHit>`
    with asked as materialized (select ${matching} as q),
    newest as (select d.id, d.ticket_id, d.message_id, d.audience, d.vector from search_document d
      where ${textKinds} and d.vector @@ (select q from asked) ${own} order by d.id desc limit ${sql.raw(String(ranked + 1))}),
    scored as materialized (select n.id, n.ticket_id, n.message_id, n.audience, ${score} as score from newest n),
    best as (select * from scored order by score desc, id desc limit ${sql.raw(String(limit * kept))}),
    seen as (select x.*, t.subject from best x join ticket t on t.id = x.ticket_id where ${mayRead(context)}),
    single as (select distinct on (${one}) * from seen where ${one} is not null order by ${one}, score desc, id desc),
    top as (select * from single order by score desc, id desc limit ${sql.raw(String(limit))})
    select top.ticket_id as "ticketId", top.message_id as "messageId", top.subject as title, top.score,
      (select count(*) from scored) > ${sql.raw(String(ranked))} as partial, (select q::text from asked) as query,
      left(coalesce(m.body, ''), 20000) as text
    from top left join message m on m.id = top.message_id and m.ticket_id = top.ticket_id and m.withdrawn_at is null
    order by top.score desc, top.id desc`.execute(context.db)
  return found.rows
}

/** All that was asked for occurs. */
export function textsWithAll(context: Context, asked: Asked, weighed: Weighed | undefined, per: Per, limit: number): Promise<TextHit[]> {
  const matching = sql`firstline.search_query(${asked.words}::text[], ${asked.phrases}::text[], ${asked.without}::text[], ${asked.beginning})`
  return choose(context, { matching, score: weighed ? weight(weighed) : alone, per, limit })
}

/** Any of the words occurs: what has the more telling ones, and more of them, comes first. */
export async function textsWithAny(context: Context, weighed: Weighed, per: Per, limit: number): Promise<TextHit[]> {
  if (weighed.terms.length === 0) return []
  const matching = sql`${choosers(weighed.terms)
    .map((term) => `(${term.query})`)
    .join(' | ')}::tsquery`
  return choose(context, { matching, score: weight(weighed), per, limit })
}

/** One word, or a phrase: how often, in how long a text of a usual length of a hundred lexemes. */
const alone = sql`ts_rank('{0.5,0.6,1,1}', n.vector, (select q from asked)) / (1 + length(n.vector) / 100::float8)`

/**
 * BM25 over ts_rank, which grows with the number of occurrences up to one. A word has up to three forms (as typed, and
 * by both stemmers); half of what it brings is its best form's, half the mean of all: else an English word that the
 * German stemmer cuts elsewhere would count for less than one that both leave alone.
 */
type How = { fields: string; steep: number; long: number }
const asSearched: How = { fields: '{0.7,0.8,1,1}', steep: 1.4, long: 0.35 }
export function weight({ terms, collection }: Weighed, { fields, steep, long }: How = asSearched): RawBuilder<unknown> {
  const forms = terms.map((term) => formsOf(term.query))
  const nth = (n: number) => forms.map((of) => of[n] ?? null)
  const often = (form: string) => sql`ts_rank(${sql.lit(fields)}::float4[], n.vector, ${sql.ref(`u.${form}`)}) as ${sql.ref(form)}`
  // OFFSET keeps each rank from being worked out once for every place that names it.
  return sql`(select sum(w.telling * (greatest(w.plain, w.english, w.german) + (w.plain + coalesce(w.english, 0) + coalesce(w.german, 0)) / w.forms))
    from (select u.telling, u.forms, ${often('plain')}, ${often('english')}, ${often('german')}
      from unnest(${nth(0)}::text[]::tsquery[], ${nth(1)}::text[]::tsquery[], ${nth(2)}::text[]::tsquery[],
        ${terms.map((term) => term.telling ** steep)}::float8[], ${forms.map((of) => of.length)}::int[]) as u (plain, english, german, telling, forms)
      offset 0) w) / power(length(n.vector) / ${collection.length}::float8, ${sql.lit(long)})`
}
