import { sql } from 'kysely'
import type { Chosen } from '../../../contract/notices.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { chosenBy } from './access-choices.ts'
import { once, type Preset, waysOf } from './rules-choices.ts'
import { isAlwaysQuiet } from './rules-hours.ts'

/** A person's own bell only: some, those of a ticket, or all; what is one line is read as one. The other windows of that person hear of it. */
export async function markNoticesRead(
  context: Context,
  which: { ids?: string[] | undefined; ticketId?: string | undefined },
): Promise<void> {
  const me = context.actor.id
  const ids = which.ids ?? []
  const some = which.ids
    ? sql`and (id = any(${ids}::bigint[]) or ticket_id in (select x.ticket_id from notice x where x.id = any(${ids}::bigint[]) and x.person_id = ${me} and x.read_at is null))`
    : which.ticketId
      ? sql`and ticket_id = ${which.ticketId}`
      : sql``
  await sql`with done as (update notice set read_at = ${context.now.toString()} where person_id = ${me} and read_at is null ${some} returning person_id)
    select firstline.ring(array(select distinct person_id from done))`.execute(context.db)
}

type Change = { [K in keyof Chosen]?: Chosen[K] | undefined } & { preset?: Preset | undefined }

/** A preset first, then what is named; the rest stays. What waits to be mailed is planned anew. */
export async function keepChoices(context: Context, { preset, ...named }: Change): Promise<void> {
  const { actor, db, now } = context
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
  const next: Chosen = once({ ...(await chosenBy(context)), ...(preset ? waysOf[preset] : {}), ...given })
  if (isAlwaysQuiet(next.quiet))
    throw invalid('quiet', 'always_quiet', 'These are quiet hours all week, and nothing would ever be sent. Leave some hours free.')
  await sql`insert into notice_choice (person_id, by_mail, hourly, daily, daily_at, by_browser, by_push, not_in_app, quiet, mentions_in_quiet)
    values (${actor.id}, ${next.byMail}, ${next.hourly}, ${next.daily}, ${next.dailyAt}::time, ${next.byBrowser}, ${next.byPush}, ${next.notInApp},
      ${JSON.stringify(next.quiet)}::jsonb, ${next.mentionsInQuiet})
    on conflict (person_id) do update set by_mail = excluded.by_mail, hourly = excluded.hourly, daily = excluded.daily, daily_at = excluded.daily_at,
      by_browser = excluded.by_browser, by_push = excluded.by_push, not_in_app = excluded.not_in_app, quiet = excluded.quiet, mentions_in_quiet = excluded.mentions_in_quiet`.execute(
    db,
  )
  await sql`update notice set mail_planned = null, mail_due_at = ${now.toString()}::timestamptz
    where person_id = ${actor.id} and mail_planned is not null and mailed_at is null and read_at is null`.execute(db)
}
