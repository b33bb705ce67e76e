import { type RawBuilder, sql } from 'kysely'
import type { Near } from '../../../contract/similar.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { countedUpTo, type Term, weighTerms } from './access-frequency.ts'
import { weight } from './access-texts.ts'
import { choosers } from './rules.ts'
import { type Candidate, ranked, type Word, wordsOf } from './rules-similar.ts'

/**
 * Tickets that are like one, or like what is being typed. Its rarest words choose candidates from the index, of which the
 * newest are ranked by all its telling words; the best are read again as tickets that the reader may see. So the cost
 * does not grow with the desk.
 */
type About = {
  subject: string
  body: string
  exceptId: string | null
  requesterId: string | null
  organisationId: string | null
  siteId: string | null
  categoryId: string | null
}
type Lists = { open: Near[]; solved: Near[] }

/** So many words are looked at in each candidate, so many rows they may bring, and so many of those are ranked. */
const mostTerms = 12
const crowd = 1500
const mostChoosing = 5
const mostRanked = 300
const readAgain = 60
const how = { fields: '{0.6,0.7,0.9,1}', steep: 1.2, long: 0.3 }

export async function similarTo(context: Context, about: About): Promise<Lists> {
  const words = wordsOf(about.subject, about.body)
  if (words.length === 0) return { open: [], solved: [] }
  const { terms, collection } = await weighTerms(
    context,
    words.map(({ word }) => word),
  )
  // What only the ticket itself says finds nothing, and is no lack in the others.
  const others = terms.filter((term) => about.exceptId === null || term.having > 1 || collection.documents > countedUpTo)
  const weighed = byShare(others, words).slice(0, mostTerms)
  if (weighed.length === 0) return { open: [], solved: [] }
  return ranked(await candidates(context, about, weighed, collection))
}

/** What a word tells, by how rare it is and where it stands. The most telling first. */
const byShare = (terms: readonly Term[], words: readonly Word[]): Term[] =>
  terms
    .map((term) => ({ ...term, telling: term.telling * (words.find(({ word }) => word === term.word)?.share ?? 0) }))
    .sort((a, b) => b.telling - a.telling || a.query.localeCompare(b.query))

/** Where even the rarest word is frequent, the newest part of a large desk brings enough of them. */
function lately(chosen: readonly Term[], { documents }: { documents: number }): RawBuilder<unknown> {
  const having = chosen[0]?.having ?? 0
  if (documents <= countedUpTo || having <= crowd) return sql``
  return sql`and d.ticket_id > (select max(id) from ticket) - ${Math.ceil((documents * crowd * 2) / having)}::bigint`
}

type Row = Omit<Candidate, 'same' | 'covered' | 'number' | 'words'> & { nth: number[]; same: (string | null)[] }

async function candidates(
  context: Context,
  about: About,
  terms: Term[],
  collection: { documents: number; length: number },
): Promise<Candidate[]> {
  const { actor } = context
  // How often a rare word stands in a large desk is not known exactly: few of them, or they bring a crowd after all.
  const chosen = choosers(terms, crowd).slice(0, collection.documents > countedUpTo ? mostChoosing : undefined)
  const matching = chosen.map((term) => `(${term.query})`).join(' | ')
  const limited = actor.organisations !== 'all' || actor.teamsLimit !== 'all'
  const own = limited ? sql`and exists (select 1 from ticket t where t.id = d.ticket_id and ${visibleAsStaff(actor)})` : sql``
  const { requesterId, organisationId, siteId, categoryId, exceptId } = about
  // || makes a vector whole once; else each look at one of its words would unpack it again.
  const found = await sql<Row>`
    with asked as materialized (select ${matching}::tsquery as q),
    newest as materialized (select d.id from search_document d
      where d.kind = 'ticket' and d.vector @@ (select q from asked) and d.ticket_id is distinct from ${exceptId}::bigint ${own} ${lately(chosen, collection)}
      order by d.id desc limit ${sql.lit(mostRanked)}),
    whole as materialized (select d.id, d.ticket_id, d.vector || ''::tsvector as vector from newest join search_document d on d.id = newest.id),
    best as materialized (select n.id, n.ticket_id, n.vector, ${weight({ terms, collection }, how)} as score from whole n order by score desc, n.id desc limit ${sql.lit(readAgain)}),
    mine as (select p.organisation_id, p.site_id from person p where p.id = ${requesterId}::bigint)
    select t.id, t.subject, t.meaning, t.resolution, t.resolution_code as "resolutionCode", ${wireTime('t.created_at')} as "createdAt",
      json_build_object('id', t.requester_id::text, 'name', firstline.name_of(t.requester_id)) as requester,
      case when o.id is null then null else json_build_object('id', o.id::text, 'name', o.name) end as organisation,
      b.score, extract(epoch from ${context.now.toString()}::timestamptz - t.created_at)::float8 / 86400 as "ageInDays",
      array[case when t.requester_id = ${requesterId}::bigint then 'requester' end,
        case when t.organisation_id = coalesce(${organisationId}::bigint, (select organisation_id from mine)) then 'organisation' end,
        case when t.site_id = coalesce(${siteId}::bigint, (select site_id from mine)) then 'site' end,
        case when t.category_id = ${categoryId}::bigint then 'category' end] as same,
      coalesce(c.parent_id = (select coalesce(x.parent_id, x.id) from category x where x.id = ${categoryId}::bigint), false) as "categoryNear",
      array(select u.n::int from unnest(${terms.map((term) => term.query)}::text[]::tsquery[]) with ordinality u (q, n) where b.vector @@ u.q) as nth
    from best b join ticket t on t.id = b.ticket_id
      left join organisation o on o.id = t.organisation_id left join category c on c.id = t.category_id
    where t.deleted_at is null and t.merged_into_id is null and ${visibleAsStaff(actor)}
      and not exists (select 1 from ticket_link l where (l.from_id = t.id and l.to_id = ${exceptId}::bigint) or (l.to_id = t.id and l.from_id = ${exceptId}::bigint))`.execute(
    context.db,
  )
  const all = terms.reduce((sum, term) => sum + term.telling, 0)
  return found.rows.map(({ nth, same, ...row }) => {
    const shared = nth.map((n) => terms[n - 1]!).sort((a, b) => b.telling - a.telling)
    return {
      ...row,
      number: Number(row.id),
      words: shared.map((term) => term.word).slice(0, 8),
      same: same.filter((what) => what !== null) as Candidate['same'],
      covered: shared.reduce((sum, term) => sum + term.telling, 0) / all,
    }
  })
}

/** Of a ticket: by its subject and what was written first, so far as the requester may read it. */
export async function similarTickets(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<Lists> {
  const first = await sql<{ body: string }>`select left(m.visible_body, 4000) as body from message m
    where m.ticket_id = ${ticket.id} and m.audience = 'everyone' and m.withdrawn_at is null order by m.id limit 1`.execute(context.db)
  return similarTo(context, {
    subject: ticket.subject,
    body: first.rows[0]?.body ?? '',
    exceptId: ticket.id,
    requesterId: ticket.requester_id,
    organisationId: ticket.organisation_id,
    siteId: ticket.site_id,
    categoryId: ticket.category_id,
  })
}
