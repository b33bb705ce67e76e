import { sql } from 'kysely'
import type { Meaning, Ticket } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { type DueRow, dueColumns, dueJoin, duesOf } from './access-due.ts'
import { messagesSeen, wireTimeOf } from './access-messages.ts'
import { eyes, may, ticketRights, visibleTo } from './access-visibility.ts'
import { type LinkKind, relationOf } from './rules-relations.ts'

/** One ticket as its reader may see it: two queries, whatever its size. */
type Ref = { id: string; name: string }
type Row = Omit<Ticket, 'number' | 'messages' | 'moreMessages' | 'lastMessageId' | 'can' | 'category' | 'due'> &
  DueRow & {
    last_message_id: string | null
    as_staff: boolean
    category: Ref | null
    can: Record<string, boolean>
  }

const ref = (id: string, name: string) =>
  sql.raw(`case when ${id} is null then null else json_build_object('id', ${id}::text, 'name', ${name}) end`)

/** Whether the resolution was meant for the requester's eyes: what the newest resolving said. */
const told = sql.raw(`coalesce((select (e.data ->> 'tell')::boolean from event e
  where t.resolution is not null and e.ticket_id = t.id and e.type = 'ticket.resolved' order by e.id desc limit 1), false)`)

/** Mostly it is what the ticket still has, and nothing more is read. */
const categoryKept = (column: string, language: string) =>
  sql.raw(`case when ${column} = t.category_id then json_build_object('id', c.id::text, 'name', c.name ->> '${language}')
    else (select json_build_object('id', k.id::text, 'name', k.name ->> '${language}') from category k where k.id = ${column}) end`)

/** By their keys; the requester's side reads what is meant for it. */
const ownFields = sql.raw(`case when t.fields = '{}' then '{}' else coalesce((select jsonb_object_agg(f.key, x.value)
  from jsonb_each(t.fields) x join field f on f.id = x.key::bigint where v.staff or f.audience <> 'staff'), '{}') end`)

export async function readTicket(context: Context, id: string): Promise<Ticket> {
  const { actor } = context
  const me = actor.id
  const can = sql.raw(
    ticketRights
      .filter((r) => r !== 'see')
      .map((r) => `'${r}', ${may(actor, `ticket.${r}`)}`)
      .join(', '),
  )
  const reading = sql<Row>`
    select t.id, t.version, t.kind, t.subject, json_build_object('id', s.id::text, 'name', s.name ->> ${actor.language}, 'meaning', t.meaning) as status,
      t.impact, t.urgency, t.priority, t.initial_priority as "initialPriority", ${ref('c.id', `c.name ->> '${actor.language}'`)} as category,
      ${categoryKept('t.category_at_open_id', actor.language)} as "categoryAtOpen", ${categoryKept('t.category_at_close_id', actor.language)} as "categoryAtClose", ${ownFields} as fields, t.channel,
      json_build_object('id', t.requester_id::text, 'name', coalesce(rq.name, firstline.name_of(t.requester_id)), 'email', rq.email) as requester, ${ref('b.id', 'b.name')} as "onBehalfOf",
      ${ref('o.id', 'o.name')} as organisation, ${ref('si.id', 'si.name')} as site,
      case when tm.id is null then null else json_build_object('id', tm.id::text, 'name', tm.name, 'tier', tm.tier) end as team,
      ${ref('a.id', 'a.name')} as assignee, ${ref('mb.id', 'mb.name')} as mailbox, t.language, t.tags,
      coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'email', p.email) order by p.id) from ticket_person tp
        join person p on p.id = tp.person_id where tp.ticket_id = t.id and tp.role = 'cc'), '[]') as cc,
      coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name) order by p.id) from ticket_person tp
        join person p on p.id = tp.person_id where tp.ticket_id = t.id and tp.role = 'watcher'), '[]') as watchers,
      exists (select 1 from ticket_person tp where tp.ticket_id = t.id and tp.role = 'watcher' and tp.person_id = ${me}) as watching,
      ${ref('cb.id', 'cb.name')} as "createdBy", t.created_at::text as "createdAt", t.changed_at::text as "changedAt",
      t.waiting_since::text as "waitingSince", t.first_answered_at::text as "firstAnsweredAt", t.resolved_at::text as "resolvedAt",
      t.resolution_code as "resolutionCode", t.resolution, ${told} as "resolutionTold", t.closed_at::text as "closedAt", t.reopened_count as "reopenedCount",
      t.passed_count as "passedCount", t.revisit_at::text as "revisitAt",
      (select z.until::text from ticket_snooze z where z.ticket_id = t.id and z.person_id = ${me}) as "snoozedUntil", t.merged_into_id as "mergedInto", t.deleted_at::text as "deletedAt",
      case when t.restricted_at is null then null else json_build_object(
        'people', coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name)) from ticket_restriction r join person p on p.id = r.person_id where r.ticket_id = t.id), '[]'),
        'teams', coalesce((select json_agg(json_build_object('id', x.id::text, 'name', x.name)) from ticket_restriction r join team x on x.id = r.team_id where r.ticket_id = t.id), '[]')) end as restricted,
      coalesce((select json_agg(json_build_object('kind', l.kind, 'forward', l.from_id = t.id, 'ticket', json_build_object('id', x.id::text, 'number', x.id, 'subject', x.subject, 'meaning', x.meaning)))
        from (select * from ticket_link l where l.from_id = t.id or (l.to_id = t.id and l.kind <> 'child') order by l.id limit 50) l
        join ticket x on x.id = case when l.from_id = t.id then l.to_id else l.from_id end), '[]') as "linksBeforeCheck",
      t.last_message_id, ${dueColumns}, v.staff as as_staff, json_build_object(${can}) as can
    from ticket t cross join lateral ${eyes(actor)} v join status s on s.id = t.status_id left join person rq on rq.id = t.requester_id
    left join person b on b.id = t.on_behalf_of_id left join organisation o on o.id = t.organisation_id left join site si on si.id = t.site_id
    left join team tm on tm.id = t.team_id left join person a on a.id = t.assignee_id left join person cb on cb.id = t.created_by_id
    left join mailbox mb on mb.id = t.mailbox_id left join category c on c.id = t.category_id ${dueJoin}
    where t.id = ${id} and (v.staff or v.requester)`
  const [found, messages] = await Promise.all([reading.execute(context.db), messagesSeen(context, id, 100)])
  const row = found.rows[0] as (Row & { linksBeforeCheck: LinkBefore[] }) | undefined
  if (!row) throw await whereItWent(context, id)
  const links = await visibleLinks(context, row.linksBeforeCheck)
  const { as_staff: asStaff, last_message_id, linksBeforeCheck: _, ...rest } = row
  const { due_target, due_state, due_at, due_paused_why, due_left_ms, due_calendar_id, due_revision, due_zone, ...fields } = rest
  const [due = null] = await duesOf(context, [row])
  const ticket: Ticket = {
    ...fields,
    ...inWire(fields),
    number: Number(row.id),
    links,
    messages: messages.items,
    moreMessages: messages.more,
    due,
    lastMessageId: asStaff ? last_message_id : (messages.items.at(-1)?.id ?? null),
    can: row.can as Ticket['can'],
  }
  return asStaff ? ticket : forRequester(ticket, (await companySettings(context.db)).whoHasIt)
}

/** Times leave PostgreSQL as its own text. */
const times = [
  'createdAt',
  'changedAt',
  'waitingSince',
  'firstAnsweredAt',
  'resolvedAt',
  'closedAt',
  'revisitAt',
  'snoozedUntil',
  'deletedAt',
] as const
type Times = Pick<Ticket, (typeof times)[number]>
const inWire = (row: Times) => Object.fromEntries(times.map((time) => [time, row[time] === null ? null : wireTimeOf(row[time])])) as Times

type LinkBefore = { kind: LinkKind; forward: boolean; ticket: Ticket['links'][number]['ticket'] }
async function visibleLinks(context: Context, links: LinkBefore[]): Promise<Ticket['links']> {
  if (links.length === 0) return []
  const ids = links.map((link) => link.ticket.id)
  const seen = await sql<{
    id: string
  }>`select t.id from ticket t where t.id = any(${ids}::bigint[]) and ${visibleTo(context.actor)}`.execute(context.db)
  const visible = new Set(seen.rows.map((row) => row.id))
  return links
    .filter((link) => visible.has(link.ticket.id))
    .map(({ kind, forward, ticket }) => ({ kind: relationOf(kind, forward), ticket }))
}

/** Whose ticket was merged into one that they may see is told where it went; to all others it is a ticket that does not exist. */
async function whereItWent(context: Context, id: string): Promise<Problem> {
  const me = context.actor.id
  if (me === null) return notFound()
  const found = await sql<{ id: string }>`select t.id from ticket a join ticket t on t.id = firstline.survivor(a.id)
    where a.id = ${id} and a.merged_into_id is not null and a.deleted_at is null and ${visibleTo(context.actor)}
      and (a.requester_id = ${me} or a.on_behalf_of_id = ${me} or exists (select 1 from ticket_person p where p.ticket_id = a.id and p.person_id = ${me} and p.role = 'cc'))`.execute(
    context.db,
  )
  const mergedInto = found.rows[0]?.id
  if (mergedInto === undefined) return notFound()
  return new Problem('ticket_merged', `This ticket was merged into ${mergedInto}.`, { details: { mergedInto } })
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
    categoryAtOpen: null,
    categoryAtClose: null,
    mailbox: null,
    tags: [],
    watchers: [],
    watching: false,
    createdBy: null,
    passedCount: 0,
    reopenedCount: 0,
    revisitAt: null,
    snoozedUntil: null,
    // Resolved without telling, the text is between colleagues, like a note.
    resolution: ticket.resolutionTold ? ticket.resolution : null,
    restricted: null,
    waitingSince: null,
    due: null,
    firstAnsweredAt: null,
    status: { ...ticket.status, meaning: shownMeaning(ticket.status.meaning) },
    links: ticket.links.map((link) => ({ ...link, ticket: { ...link.ticket, meaning: shownMeaning(link.ticket.meaning) } })),
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
