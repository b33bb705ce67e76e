import { sql } from 'kysely'
import type { Chosen, Notice, NoticeChoices, NoticePreview } from '../../../contract/notices.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import { mailMoment, presetOf, untouched, usual } from './rules-choices.ts'
import { isZone, quietUntil } from './rules-hours.ts'

/** What somebody chose, `c` being the row that they may not have. */
export const choiceColumns = sql`c.by_mail as "byMail", c.hourly, c.daily, to_char(c.daily_at, 'HH24:MI') as "dailyAt", c.by_browser as "byBrowser", c.by_push as "byPush",
  c.not_in_app as "notInApp", c.quiet, c.mentions_in_quiet as "mentionsInQuiet"`

/** Where the person `p` is, as far as anybody said. */
export const zoneOf = sql`coalesce(p.time_zone, (select s.time_zone from site s where s.id = p.site_id), (select o.time_zone from organisation o where o.id = p.organisation_id),
  (select w.value ->> 'timeZone' from setting w where w.name = 'company'), 'UTC')`

type Row = { [K in keyof Chosen]: Chosen[K] | null } & { zone: string; devices: number }

export const chosenOf = (row: { [K in keyof Chosen]: Chosen[K] | null }): Chosen =>
  row.byMail === null
    ? { ...usual, ...untouched }
    : ({
        byMail: row.byMail,
        hourly: row.hourly,
        daily: row.daily,
        dailyAt: row.dailyAt,
        byBrowser: row.byBrowser,
        byPush: row.byPush,
        notInApp: row.notInApp,
        quiet: row.quiet,
        mentionsInQuiet: row.mentionsInQuiet,
      } as Chosen)

async function mine({ db, actor }: Context): Promise<{ chosen: Chosen; zone: string; devices: number }> {
  const found = await sql<Row>`select ${choiceColumns}, ${zoneOf} as zone,
      (select count(*)::int from paging_channel h where h.person_id = p.id and h.kind = 'push' and h.gone_at is null and h.address is not null) as devices
    from person p left join notice_choice c on c.person_id = p.id where p.id = ${actor.id}`.execute(db)
  const row = found.rows[0]
  if (!row) return { chosen: { ...usual, ...untouched }, zone: 'UTC', devices: 0 }
  return { chosen: chosenOf(row), zone: isZone(row.zone) ? row.zone : 'UTC', devices: row.devices }
}

export const chosenBy = async (context: Context): Promise<Chosen> => (await mine(context)).chosen

export async function readChoices(context: Context): Promise<NoticeChoices> {
  const { chosen, zone, devices } = await mine(context)
  const until = quietUntil(chosen.quiet, zone, context.now)
  return { ...chosen, preset: presetOf(chosen), timeZone: zone, quietUntil: until && onWire(until), pushDevices: devices }
}

type Happened = Pick<Notice, 'id' | 'reason' | 'ticket' | 'about'> & { at: Instant; count: number }

/** Yesterday as it would be told now; of tickets that one may not see any more, nothing. */
export async function previewYesterday(context: Context): Promise<NoticePreview> {
  const { actor, db, now } = context
  const { chosen, zone } = await mine(context)
  const today = now.toZonedDateTimeISO(zone).startOfDay()
  const day = today.subtract({ days: 1 })
  const found =
    await sql<Happened>`select n.id, n.at, n.reason, n.about, n.times as count, case when t.id is null then null else json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) end as ticket
    from notice n left join ticket t on t.id = n.ticket_id where n.person_id = ${actor.id} and n.at >= ${day.toInstant().toString()}::timestamptz
      and n.at < ${today.toInstant().toString()}::timestamptz and (n.ticket_id is null or (t.id is not null and ${visibleTo(actor)})) order by n.at, n.id limit 500`.execute(
      db,
    )
  const items = found.rows.map(({ at, ...one }) => {
    const mail = mailMoment(one.reason, at.add({ minutes: 2 }), { ...chosen, zone })
    const bell = chosen.notInApp.includes(one.reason) ? ('silent' as const) : ('rings' as const)
    return { ...one, at: onWire(at), bell, mailAt: mail && onWire(mail.at), why: mail?.why ?? ('off' as const) }
  })
  const folded = (some: typeof items) => new Set(some.map((one) => one.ticket?.id ?? `about ${one.about ?? one.id}`)).size
  const among = (reasons: readonly string[]) => folded(items.filter((one) => reasons.includes(one.reason)))
  const gathered = new Set(items.filter((one) => one.mailAt !== null && one.why !== 'at-once').map((one) => one.mailAt))
  return {
    date: day.toPlainDate().toString(),
    happened: items.reduce((sum, one) => sum + one.count, 0),
    bell: folded(items.filter((one) => one.bell === 'rings')),
    mails: gathered.size + folded(items.filter((one) => one.why === 'at-once')),
    browser: among(chosen.byBrowser),
    push: among(chosen.byPush),
    items: items.slice(0, 100),
  }
}
