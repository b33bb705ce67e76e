import { sql } from 'kysely'
import type { TimelineEntry } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { TicketFacts } from './access.ts'
import { wireTime } from './access-messages.ts'

/** The ticket's events as its history. Ids in `data` are given their names in one query, never one by one. */
type Row = {
  id: string
  at: string
  type: string
  actor_id: string | null
  actor_name: string | null
  rule: string | null
  data: Record<string, unknown>
}
const shownToRequester = ['ticket.created', 'ticket.resolved', 'ticket.reopened', 'ticket.closed', 'ticket.changed']

export async function timelineOf(context: Context, ticket: Granted<TicketFacts, 'ticket.see'>): Promise<TimelineEntry[]> {
  const { organisations, teamsLimit } = context.actor
  // A burst counts tickets of all customers, and what made the program choose somebody what they have of all (holdings tell it).
  const whole = organisations === 'all' && teamsLimit === 'all' ? sql`` : sql`and e.type <> 'radar.burst'`
  const mine = ticket.as_staff ? whole : sql`and e.audience = 'everyone' and e.type = any(${shownToRequester}::text[])`
  const found =
    await sql<Row>`select e.id, ${wireTime('e.at')} as at, e.type, e.actor_id, p.name as actor_name, e.rule, e.data - 'given' as data
    from event e left join person p on p.id = e.actor_id where e.ticket_id = ${ticket.id} ${mine} order by e.id desc limit 500`.execute(
      context.db,
    )
  const names = ticket.as_staff ? await namesIn(context, found.rows) : {}
  return found.rows.reverse().map((row) => ({
    id: row.id,
    at: row.at,
    type: row.type,
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name ?? '' },
    rule: ticket.as_staff ? row.rule : null,
    data: ticket.as_staff ? row.data : {},
    names,
  }))
}

const kinds = [
  'task',
  'team',
  'person',
  'status',
  'category',
  'site',
  'organisation',
  'readymade',
  'reason',
  'escalation',
  'again',
] as const
const kindOf: Record<string, (typeof kinds)[number]> = {
  taskId: 'task',
  escalationId: 'escalation',
  againId: 'again',
  teamId: 'team',
  fromTeamId: 'team',
  assigneeId: 'person',
  fromAssigneeId: 'person',
  fromPersonId: 'person',
  askedPersonId: 'person',
  personIds: 'person',
  byId: 'person',
  teamIds: 'team',
  added: 'person',
  removed: 'person',
  status_id: 'status',
  category_id: 'category',
  categoryId: 'category',
  reasonId: 'reason',
  requester_id: 'person',
  on_behalf_of_id: 'person',
  site_id: 'site',
  organisation_id: 'organisation',
  readymadeId: 'readymade',
}

/** Keys are `kind:id`, as the screen looks them up. */
async function namesIn(context: Context, rows: Row[]): Promise<Record<string, string>> {
  const wanted: Record<string, Set<string>> = Object.fromEntries(kinds.map((kind) => [kind, new Set<string>()]))
  const own: { id: string; value: string | null }[] = []
  const note = (key: string, value: unknown) => {
    const kind = kindOf[key]
    if (kind) for (const id of [value].flat(2)) if (typeof id === 'string' && /^\d+$/.test(id)) wanted[kind]?.add(id)
  }
  for (const { data } of rows)
    for (const [key, value] of Object.entries(data)) {
      if (key === 'changes')
        for (const [column, pair] of Object.entries(value as Record<string, unknown>)) {
          note(column, pair)
          if (column.startsWith('field.'))
            for (const one of [pair].flat()) own.push({ id: column.slice('field.'.length), value: one === null ? null : String(one) })
        }
      else note(key, value)
    }
  const language = context.actor.language
  const found = await sql<{ key: string; name: string }>`
    select 'team:' || id as key, name from team where id = any(${[...wanted.team!]}::bigint[])
    union all select 'task:' || id, title from firstline.task_names(${[...wanted.task!]}::bigint[])
    union all select 'readymade:' || id, name from firstline.readymade_names(${[...wanted.readymade!]}::bigint[], ${language})
    union all select key, name from firstline.escalation_words(${[...wanted.escalation!]}::bigint[], ${[...wanted.again!]}::bigint[])
    union all select 'reason:' || id, left(body, 500) from message where id = any(${[...wanted.reason!]}::bigint[]) and withdrawn_at is null
    union all select 'field:' || f.id, f.label ->> ${language} from field f where f.id = any(${own.map((one) => one.id)}::bigint[])
    union all ${ownValues(own, language)}
    union all select 'person:' || id, name from person where id = any(${[...wanted.person!]}::bigint[])
    union all select 'status:' || id, name ->> ${language} from status where id = any(${[...wanted.status!]}::bigint[])
    union all select 'category:' || id, name ->> ${language} from category where id = any(${[...wanted.category!]}::bigint[])
    union all select 'site:' || id, name from site where id = any(${[...wanted.site!]}::bigint[])
    union all select 'organisation:' || id, name from organisation where id = any(${[...wanted.organisation!]}::bigint[])`.execute(
    context.db,
  )
  return Object.fromEntries(found.rows.filter((row) => row.name !== null).map((row) => [row.key, row.name]))
}

/** Values of own fields in words, under `field:<id>=<value>`; a name that the reader may not see stays away. */
const ownValues = (own: { id: string; value: string | null }[], language: string) => sql`
  select 'field:' || f.id || '=' || x.value, case f.type
      when 'choice' then (select c -> 'label' ->> ${language} from jsonb_array_elements(f.choices) c where c ->> 'key' = x.value)
      when 'person' then (select p.name from person p where p.id = x.value::bigint)
      when 'organisation' then (select o.name from organisation o where o.id = x.value::bigint) else x.value end
  from (select distinct y.id, y.value from unnest(${own.map((one) => one.id)}::bigint[], ${own.map((one) => one.value)}::text[]) as y (id, value)
    where y.value is not null) x join field f on f.id = x.id`
