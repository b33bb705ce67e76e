import { sql } from 'kysely'
import type { ViewQuery } from '../../../contract/views.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import { visibleView } from './access.ts'
import { inViews, matching, viewerOf } from './access-query.ts'
import { movesByItself } from './rules.ts'
import './events.ts'

/**
 * Who asked to be told of what is new in a view. New is what is in it now and was not when it was last looked at; what
 * left the view may come again. What only oneself did to a ticket since is no news.
 */
type Alert = { view_id: string; person_id: string; at_once: 'yes' | 'no'; looked_at: Temporal.Instant; query: ViewQuery }
const atATime = 200
const mostNews = 50
const hourOfDigest = 7
const mostChanged = 5000

/** Those told at once, each minute; those told once a day, from seven o'clock on where they live. */
export async function lookForNews(context: Context): Promise<void> {
  const due =
    await sql<Alert>`select a.view_id, a.person_id, a.at_once, a.looked_at, w.query from view_alert a join ticket_view w on w.id = a.view_id
    join person p on p.id = a.person_id and p.archived_at is null
    where a.at_once = 'yes' or a.looked_at < ${context.now.subtract({ hours: 12 }).toString()}
    order by a.at_once desc, a.looked_at limit ${sql.lit(atATime)} for update of a skip locked`.execute(context.db)
  for (const alert of due.rows) {
    const actor = await actorOfPerson(context, alert.person_id)
    // Who works here no more is told nothing more.
    if (!actor.rights.has('ticket.work')) continue
    const news = await actingAs(context, actor, (own) => look(own, alert))
    // Told by the program: of one's own acts nobody is told.
    for (const one of news) await appeared(context, alert, one.id)
  }
}

const appeared = (context: Context, { view_id: viewId, person_id: personId }: Alert, ticketId: string): Promise<void> =>
  context.record({ type: 'view.ticket-appeared', subject: { kind: 'view', id: viewId }, audience: 'staff', data: { ticketId, personId } })

type News = { id: string; told: boolean }
async function look(context: Context, alert: Alert): Promise<News[]> {
  const viewer = viewerOf(context)
  const local = context.now.toZonedDateTimeISO(viewer.timeZone)
  const last = Temporal.Instant.from(alert.looked_at.toString()).toZonedDateTimeISO(viewer.timeZone)
  const begins = local.with({ hour: hourOfDigest, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
  const isTime = Temporal.ZonedDateTime.compare(local, begins) >= 0 && Temporal.ZonedDateTime.compare(last, begins) < 0
  if (alert.at_once === 'no' && !isTime) return []
  const key = sql`${alert.view_id}::bigint, ${alert.person_id}::bigint`
  // A minute more: a transaction that was still under way wrote an earlier time.
  const since = alert.looked_at.subtract({ minutes: 1 }).toString()
  const changed = movesByItself(alert.query) ? sql`true` : sql`t.changed_at > ${since}::timestamptz`
  const may = sql`exists (select 1 from ticket_view w where w.id = ${alert.view_id} and ${visibleView(context.actor)})`
  const inIt = sql`${inViews(context)} and ${matching(alert.query, viewer)}`
  const found = await sql<News>`with fresh as (
      select t.id from ticket t where ${changed} and ${may} and ${inIt}
        and not exists (select 1 from view_alert_seen s where (s.view_id, s.person_id) = (${key}) and s.ticket_id = t.id)
      order by t.id desc limit ${sql.lit(mostNews * 4)}),
    kept as (insert into view_alert_seen (view_id, person_id, ticket_id) select ${key}, id from fresh on conflict do nothing),
    looked as (update view_alert set looked_at = ${context.now.toString()} where (view_id, person_id) = (${key}))
    select fresh.id, exists (select 1 from event e where e.ticket_id = fresh.id and e.at > ${since}::timestamptz
        and e.actor_id is distinct from ${alert.person_id}::bigint) as told from fresh order by fresh.id desc`.execute(context.db)
  // What left the view since: it may be news again.
  await sql`delete from view_alert_seen s using (select t.id from ticket t where t.changed_at > ${since}::timestamptz and not coalesce(${inIt}, false)
      limit ${sql.lit(mostChanged)}) gone where (s.view_id, s.person_id) = (${key}) and s.ticket_id = gone.id`.execute(context.db)
  return found.rows.filter((row) => row.told || movesByItself(alert.query)).slice(0, mostNews)
}
