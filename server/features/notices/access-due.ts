import { sql } from 'kysely'
import type { Chosen, Notice } from '../../../contract/notices.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { choiceColumns, chosenOf, zoneOf } from './access-choices.ts'
import type { Hours, Wait } from './rules-choices.ts'
import { isZone } from './rules-hours.ts'

/** What waits to go out beyond the bell, with all that decides whether it goes now. Taken by one worker at a time. */
export type DueRow = Pick<Notice, 'id' | 'reason' | 'about'> & {
  personId: string
  name: string
  email: string | null
  language: 'en' | 'de'
  dueAt: Instant
  planned: Wait | null
  times: number
  ticketId: string | null
  messageId: string | null
  sideId: string | null
  subject: string | null
  actor: string | null
  /** Of the ticket as it is now; whoever left sees nothing. */
  seen: boolean
  /** Mails to this person in the last minute. */
  lately: number
  chosen: Chosen & Hours
}
type Row = Omit<DueRow, 'chosen'> & { [K in keyof Chosen]: Chosen[K] | null } & { zone: string }

const atOnce = 2000

export async function dueNotices(context: Context, way: 'mail' | 'push'): Promise<DueRow[]> {
  const now = context.now.toString()
  const due =
    way === 'mail'
      ? sql`n.mail_due_at <= ${now}::timestamptz and n.mailed_at is null`
      : sql`n.push_due_at <= ${now}::timestamptz and n.pushed_at is null`
  const found =
    await sql<Row>`with lately as materialized (select n.person_id, count(distinct (n.mailed_at, coalesce(n.ticket_id, 0)))::int as mails from notice n
      where n.mailed_at > ${now}::timestamptz - interval '1 minute' and n.mailed_at <= ${now}::timestamptz group by 1)
    select n.id, n.reason, n.about, n.person_id as "personId", n.${sql.raw(`${way}_due_at`)} as "dueAt", n.mail_planned as planned, n.times, t.id as "ticketId",
      n.message_id as "messageId", n.side_id as "sideId", t.subject, a.name as actor, p.name, p.email::text as email, case when p.language = 'de' then 'de' else 'en' end as language,
      p.archived_at is null and (n.ticket_id is null or (t.id is not null and firstline.staff_sees(p.id, t))) as seen, coalesce(l.mails, 0) as lately,
      ${choiceColumns}, ${zoneOf} as zone
    from notice n join person p on p.id = n.person_id left join ticket t on t.id = n.ticket_id left join person a on a.id = n.actor_id
      left join notice_choice c on c.person_id = n.person_id left join lately l on l.person_id = n.person_id
    where ${due} and n.read_at is null order by n.${sql.raw(`${way}_due_at`)}, n.id limit ${sql.lit(atOnce)} for update of n skip locked`.execute(
      context.db,
    )
  return found.rows.map((row) => ({ ...row, chosen: { ...chosenOf(row), zone: isZone(row.zone) ? row.zone : 'UTC' } }))
}
