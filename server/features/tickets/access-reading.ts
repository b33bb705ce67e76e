import { sql } from 'kysely'
import type { Meaning, Ticket } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { messagesOf, wireTime } from './access-messages.ts'
import { eyes, may, ticketRights, visibleTo } from './access-visibility.ts'

/** One ticket as its reader may see it: two queries, whatever its size. */
type Ref = { id: string; name: string }
type Row = Omit<Ticket, 'number' | 'messages' | 'moreMessages' | 'lastMessageId' | 'can' | 'category'> & {
  last_message_id: string | null
  as_staff: boolean
  category: Ref | null
  can: Record<string, boolean>
}

const ref = (id: string, name: string) =>
  sql.raw(`case when ${id} is null then null else json_build_object('id', ${id}::text, 'name', ${name}) end`)

export async function readTicket(context: Context, id: string): Promise<Ticket> {
  const { actor } = context
  const me = actor.id
  const can = sql.raw(
    ticketRights
      .filter((r) => r !== 'see')
      .map((r) => `'${r}', ${may(actor, `ticket.${r}`)}`)
      .join(', '),
  )
  const found = await sql<Row>`
    select t.id, t.version, t.kind, t.subject, json_build_object('id', s.id::text, 'name', s.name ->> ${actor.language}, 'meaning', t.meaning) as status,
      t.impact, t.urgency, t.priority, t.initial_priority as "initialPriority", ${ref('c.id', `c.name ->> '${actor.language}'`)} as category, t.channel,
      json_build_object('id', t.requester_id::text, 'name', coalesce(rq.name, firstline.name_of(t.requester_id)), 'email', rq.email) as requester, ${ref('b.id', 'b.name')} as "onBehalfOf",
      ${ref('o.id', 'o.name')} as organisation, ${ref('si.id', 'si.name')} as site,
      case when tm.id is null then null else json_build_object('id', tm.id::text, 'name', tm.name, 'tier', tm.tier) end as team,
      ${ref('a.id', 'a.name')} as assignee, ${ref('mb.id', 'mb.name')} as mailbox, t.language, t.tags,
      coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'email', p.email) order by p.id) from ticket_person tp
        join person p on p.id = tp.person_id where tp.ticket_id = t.id and tp.role = 'cc'), '[]') as cc,
      coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name) order by p.id) from ticket_person tp
        join person p on p.id = tp.person_id where tp.ticket_id = t.id and tp.role = 'watcher'), '[]') as watchers,
      exists (select 1 from ticket_person tp where tp.ticket_id = t.id and tp.role = 'watcher' and tp.person_id = ${me}) as watching,
      ${ref('cb.id', 'cb.name')} as "createdBy", ${wireTime('t.created_at')} as "createdAt", ${wireTime('t.changed_at')} as "changedAt",
      ${wireTime('t.waiting_since')} as "waitingSince", ${wireTime('t.first_answered_at')} as "firstAnsweredAt", ${wireTime('t.resolved_at')} as "resolvedAt",
      t.resolution_code as "resolutionCode", t.resolution, ${wireTime('t.closed_at')} as "closedAt", t.reopened_count as "reopenedCount",
      t.passed_count as "passedCount", ${wireTime('t.revisit_at')} as "revisitAt", t.merged_into_id as "mergedInto", ${wireTime('t.deleted_at')} as "deletedAt",
      case when t.restricted_at is null then null else json_build_object(
        'people', coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name)) from ticket_restriction r join person p on p.id = r.person_id where r.ticket_id = t.id), '[]'),
        'teams', coalesce((select json_agg(json_build_object('id', x.id::text, 'name', x.name)) from ticket_restriction r join team x on x.id = r.team_id where r.ticket_id = t.id), '[]')) end as restricted,
      coalesce((select json_agg(json_build_object('kind', l.kind, 'ticket', json_build_object('id', x.id::text, 'number', x.id, 'subject', x.subject, 'meaning', x.meaning)))
        from ticket_link l join ticket x on x.id = case when l.from_id = t.id then l.to_id else l.from_id end
        where l.from_id = t.id or l.to_id = t.id), '[]') as "linksBeforeCheck",
      t.last_message_id, v.staff as as_staff, json_build_object(${can}) as can
    from ticket t cross join lateral ${eyes(actor)} v join status s on s.id = t.status_id left join person rq on rq.id = t.requester_id
    left join person b on b.id = t.on_behalf_of_id left join organisation o on o.id = t.organisation_id left join site si on si.id = t.site_id
    left join team tm on tm.id = t.team_id left join person a on a.id = t.assignee_id left join person cb on cb.id = t.created_by_id
    left join mailbox mb on mb.id = t.mailbox_id left join category c on c.id = t.category_id
    where t.id = ${id} and (v.staff or v.requester)`.execute(context.db)
  const row = found.rows[0] as (Row & { linksBeforeCheck: Ticket['links'] }) | undefined
  if (!row) throw notFound()
  const [messages, links] = await Promise.all([messagesOf(context, id, row.as_staff, 100), visibleLinks(context, row.linksBeforeCheck)])
  const { as_staff: asStaff, last_message_id, linksBeforeCheck: _, ...fields } = row
  const ticket: Ticket = {
    ...fields,
    number: Number(row.id),
    links,
    messages: messages.items,
    moreMessages: messages.more,
    lastMessageId: asStaff ? last_message_id : (messages.items.at(-1)?.id ?? null),
    can: row.can as Ticket['can'],
  }
  return asStaff ? ticket : forRequester(ticket, (await companySettings(context.db)).whoHasIt)
}

async function visibleLinks(context: Context, links: Ticket['links']): Promise<Ticket['links']> {
  if (links.length === 0) return links
  const ids = links.map((link) => link.ticket.id)
  const seen = await sql<{
    id: string
  }>`select t.id from ticket t where t.id = any(${ids}::bigint[]) and ${visibleTo(context.actor)}`.execute(context.db)
  const visible = new Set(seen.rows.map((row) => row.id))
  return links.filter((link) => visible.has(link.ticket.id))
}

/** The customer's view: no internal field (E-056, Q-163), and of who has it only what the company lets them know. */
function forRequester(ticket: Ticket, whoHasIt: 'first-name' | 'team'): Ticket {
  return {
    ...ticket,
    ...shownHolder(ticket, whoHasIt),
    changedAt: ticket.messages.at(-1)?.at ?? ticket.createdAt,
    priority: 0,
    initialPriority: 0,
    category: null,
    mailbox: null,
    tags: [],
    watchers: [],
    watching: false,
    createdBy: null,
    passedCount: 0,
    reopenedCount: 0,
    revisitAt: null,
    restricted: null,
    waitingSince: null,
    firstAnsweredAt: null,
    status: { ...ticket.status, meaning: shownMeaning(ticket.status.meaning) },
  }
}
/** Who has it, as the company lets requesters know: a first name, or the team. */
export function shownHolder<T extends { id: string; name: string }>(
  { assignee, team }: { assignee: Ticket['assignee']; team: T | null },
  whoHasIt: 'first-name' | 'team',
): { assignee: Ticket['assignee']; team: T | null } {
  const plainTeam = team && { ...team, ...('tier' in team ? { tier: null } : {}) }
  if (whoHasIt === 'team') return { assignee: null, team: plainTeam }
  return { assignee: assignee && { ...assignee, name: firstName(assignee.name) }, team: assignee ? null : plainTeam }
}
const firstName = (name: string): string => name.split(' ')[0] ?? name

/** Requesters see that it waits, not for which internal reason. */
const shownMeaning = (meaning: Meaning): Meaning => (meaning === 'waiting-approval' || meaning === 'waiting-record' ? 'open' : meaning)
