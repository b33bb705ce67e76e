import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { wireTime } from './access-messages.ts'
import { accessAsStaff, accessOther } from './access-relations.ts'
import { atLeastAsRestricted, undoDays } from './rules-relations.ts'

/** Two tickets that are to become one: what it would do, and whether it may be done. */
type Editable = Granted<TicketFacts, 'ticket.edit'>
type Person = { id: string; name: string }
export type Refused = 'same-ticket' | 'restricted' | 'across-organisations' | 'parent-and-child'
export type MergeFacts = {
  sameRequester: boolean
  acrossOrganisations: boolean
  refused: Refused | null
  /** Of the merged ticket's people: who gets copies of the other from now on, and who will not see it any more. */
  gainsCopies: Person[]
  losesSight: Person[]
}

/** Both are locked in the order of their numbers: two people who merge them crosswise wait for each other, and the second is refused. */
export async function accessPair(context: Context, fromId: string, intoId: string): Promise<{ from: Editable; into: Editable }> {
  if (fromId === intoId) throw invalid('intoId', 'same', 'A ticket is not merged into itself. Choose another.')
  const accessFrom = () => accessTicket(context, fromId, 'ticket.edit')
  const accessInto = () => accessOther(context, intoId, 'ticket.edit', 'intoId')
  if (BigInt(fromId) < BigInt(intoId)) {
    const from = await accessFrom()
    return { from, into: await accessInto() }
  }
  const into = await accessInto()
  return { from: await accessFrom(), into }
}

export async function mergeFacts(context: Context, from: Editable, into: Editable): Promise<MergeFacts> {
  const { supports } = await companySettings(context.db)
  // In one's own house, whoever has no organisation belongs to it; a provider's people without one are strangers to each other.
  const sameHouse = from.organisation_id === into.organisation_id && (into.organisation_id !== null || supports === 'own-staff')
  const found = await sql<{
    people: (Person & { goes: boolean; known: boolean })[] | null
    from_only: string[] | null
    into_only: string[] | null
    family: boolean
  }>`select
      (select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'goes', p.organisation_id is not distinct from ${into.organisation_id}::bigint,
          'known', p.id in (t.requester_id, t.on_behalf_of_id) or exists (select 1 from ticket_person x where x.ticket_id = t.id and x.person_id = p.id and x.role = 'cc')) order by p.id)
        from ticket t, person p where t.id = ${into.id} and p.archived_at is null and p.id in (select unnest(${[from.requester_id, from.on_behalf_of_id].filter((id) => id !== null)}::bigint[])
          union select x.person_id from ticket_person x where x.ticket_id = ${from.id} and x.role = 'cc')) as people,
      ${namedIn(from)} as from_only, ${namedIn(into)} as into_only,
      exists (select 1 from firstline.ancestors(${from.id}) a where a = ${into.id}) or exists (select 1 from firstline.ancestors(${into.id}) a where a = ${from.id}) as family`.execute(
    context.db,
  )
  const row = found.rows[0]!
  const sameRequester = from.requester_id === into.requester_id
  const acrossOrganisations = !sameRequester && !sameHouse
  const people = (row.people ?? []).filter((one) => !one.known)
  const goes = (one: { id: string; goes: boolean }) => one.id === into.requester_id || (sameHouse && one.goes)
  const plain = ({ id, name }: Person) => ({ id, name })
  const refused = row.family
    ? 'parent-and-child'
    : !atLeastAsRestricted(row.from_only, row.into_only)
      ? 'restricted'
      : acrossOrganisations
        ? 'across-organisations'
        : null
  return {
    sameRequester,
    acrossOrganisations,
    refused,
    gainsCopies: people.filter(goes).map(plain),
    losesSight: people.filter((one) => !goes(one)).map(plain),
  }
}

const namedIn = (ticket: TicketFacts) =>
  ticket.restricted_at === null
    ? sql`null::text[]`
    : sql`(select coalesce(array_agg(coalesce('person:' || r.person_id, 'team:' || r.team_id)), '{}') from ticket_restriction r where r.ticket_id = ${ticket.id})`

/** Why not, in words; only the organisations can be overruled, by who has the right and says so. */
export function refuseMerge(context: Context, facts: MergeFacts, said: { acrossOrganisations: boolean }): void {
  const { refused } = facts
  if (refused === null) return
  if (refused === 'across-organisations' && said.acrossOrganisations && context.actor.rights.has('ticket.merge-across')) return
  const why: Record<Refused, string> = {
    'same-ticket': 'A ticket is not merged into itself.',
    restricted: 'The first is restricted, and the second is seen by others too. Restrict the second to the same people first.',
    'parent-and-child': 'One stands above the other as its parent. Take that link away first.',
    'across-organisations': context.actor.rights.has('ticket.merge-across')
      ? 'They belong to different organisations: people of one would read what the other wrote. Say that this is wanted.'
      : 'They belong to different organisations: people of one would read what the other wrote. Somebody with that right has to do it.',
  }
  throw new Problem('merge_refused', why[refused], { details: { reason: refused } })
}

type Side = {
  id: string
  number: number
  subject: string
  meaning: TicketFacts['meaning']
  status: string
  requester: Person
  organisation: Person | null
  team: Person | null
  assignee: Person | null
  createdAt: string
  messages: number
}

export async function mergePreview(context: Context, fromId: string, intoId: string): Promise<MergeFacts & { from: Side; into: Side }> {
  const { from, into } = await accessPair(context, fromId, intoId)
  const facts = await mergeFacts(context, from, into)
  const ref = (id: string, name: string) =>
    sql.raw(`case when ${id} is null then null else json_build_object('id', ${id}::text, 'name', ${name}) end`)
  const found = await sql<Side>`select t.id, t.id::int as number, t.subject, t.meaning, s.name ->> ${context.actor.language} as status,
      json_build_object('id', t.requester_id::text, 'name', firstline.name_of(t.requester_id)) as requester, ${ref('o.id', 'o.name')} as organisation,
      ${ref('tm.id', 'tm.name')} as team, ${ref('t.assignee_id', 'firstline.name_of(t.assignee_id)')} as assignee, ${wireTime('t.created_at')} as "createdAt",
      (select count(*)::int from message m where m.ticket_id = t.id and m.withdrawn_at is null) as messages
    from ticket t join status s on s.id = t.status_id left join organisation o on o.id = t.organisation_id left join team tm on tm.id = t.team_id
    where t.id in (${from.id}, ${into.id})`.execute(context.db)
  const side = (id: string) => found.rows.find((row) => row.id === id)!
  return { ...facts, from: side(from.id), into: side(into.id) }
}

export type MergeRow = { id: string; from_id: string; into_id: string; before: Before }
export type Before = {
  statusId: string
  meaning: TicketFacts['meaning']
  closedAt: string | null
  resolutionCode: string | null
  revisitAt: string | null
  people: { personId: string; role: 'cc' | 'watcher' }[]
  links: { from_id: string; to_id: string; kind: string; at: string; by_id: string | null }[]
  madeLinks: string[]
}

/** A merge that can still be undone, with the ticket that it closed and the one on which its messages lie now. */
export async function accessMerge(
  context: Context,
  id: string,
): Promise<{ merge: MergeRow; from: Granted<TicketFacts, 'ticket.see'>; holder: Granted<TicketFacts, 'ticket.note'> }> {
  const found = await sql<
    MergeRow & { survivor: string; over: boolean; undone: boolean }
  >`select g.id, g.from_id, g.into_id, g.before, g.undone_at is not null as undone,
      firstline.survivor(g.into_id) as survivor, g.at < ${context.now.toString()}::timestamptz - make_interval(days => ${sql.lit(undoDays)}) as over
    from ticket_merge g where g.id = ${id}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const holder = await accessTicket(context, row.survivor, 'ticket.note')
  const from = await accessAsStaff(context, row.from_id)
  if (row.undone) throw new Problem('undo_too_late', 'Somebody has undone this already.')
  if (row.over) throw new Problem('undo_too_late', `A merge can be undone for ${undoDays} days. Split the messages off instead.`)
  const locked = await sql`select 1 from ticket_merge where id = ${id} and undone_at is null for update`.execute(context.db)
  if (locked.rows.length === 0) throw new Problem('undo_too_late', 'Somebody has undone this already.')
  return { merge: row, from, holder }
}
