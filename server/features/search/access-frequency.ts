import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { tellingOf } from './rules.ts'

/**
 * How many documents have a word, for its weight. A small desk is counted; of a large one PostgreSQL's own statistics
 * know the frequent words, and what they do not name is rare.
 */
export type Term = { word: string; query: string; having: number; telling: number }
export type Collection = { documents: number; length: number }

export const countedUpTo = 20_000
type Known = { at: number; collection: Collection; frequent: Map<string, number> }
const known = new WeakMap<Kernel, Known>()

export type Weighed = { terms: Term[]; collection: Collection }

export async function weighTerms(context: Context, words: readonly string[]): Promise<Weighed> {
  const { collection, frequent } = await collectionOf(context)
  const counted = collection.documents <= countedUpTo
  const found = await sql<{
    word: string
    query: string
    having: number
  }>`select word, q::text as query, ${counted ? sql`(select count(*)::int from search_document d where d.ticket_id is not null and d.vector @@ q)` : sql`0`} as having
    from (select distinct on (q) q, word from unnest(${[...words]}::text[]) with ordinality w (word, n), firstline.word_query(w.word, false) q order by q, n) x
    where numnode(q) > 0`.execute(context.db)
  const terms = found.rows.map(({ word, query, having }) => {
    const share = Math.max(
      0,
      ...[...query.matchAll(/'((?:[^']|'')+)'/g)].map(([, lexeme]) => frequent.get((lexeme ?? '').replaceAll("''", "'")) ?? 0),
    )
    const estimated = counted ? having : Math.max(1, Math.round(share * collection.documents))
    return { word, query, having: estimated, telling: tellingOf(collection.documents, estimated) }
  })
  return { terms: terms.filter((term) => term.having > 0), collection }
}

async function collectionOf(context: Context): Promise<Known> {
  const now = context.kernel.clock.now().epochMilliseconds
  const before = known.get(context.kernel)
  if (before && Math.abs(now - before.at) < 600_000) return before
  const estimate = await sql<{
    documents: number
  }>`select reltuples::int as documents from pg_class where oid = 'search_document'::regclass`.execute(context.db)
  const large = (estimate.rows[0]?.documents ?? 0) > countedUpTo
  const sample = sql`(select length(vector) as n from search_document where ticket_id is not null order by id desc limit 500)`
  const size = await sql<{ documents: number; length: number }>`select coalesce(avg(x.n), 1)::float8 as length,
    ${large ? sql`${estimate.rows[0]?.documents}::int` : sql`(select count(*)::int from search_document where ticket_id is not null)`} as documents from ${sample} x`.execute(
    context.db,
  )
  const found = {
    at: now,
    collection: size.rows[0] ?? { documents: 0, length: 1 },
    frequent: large ? await frequentWords(context) : new Map(),
  }
  if (large) known.set(context.kernel, found)
  return found
}

async function frequentWords(context: Context): Promise<Map<string, number>> {
  const found = await sql<{ word: string; share: number }>`select e.word, f.share from pg_stats s,
      unnest(s.most_common_elems::text::text[]) with ordinality as e (word, n), unnest(s.most_common_elem_freqs) with ordinality as f (share, n)
    where s.schemaname = 'public' and s.tablename = 'search_document' and s.attname = 'vector' and e.n = f.n`.execute(context.db)
  return new Map(found.rows.map((row) => [row.word, row.share]))
}
