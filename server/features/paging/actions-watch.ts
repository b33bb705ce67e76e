import { sql } from 'kysely'
import type { z } from 'zod'
import type { paging } from '../../../contract/paging.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import { callOutside, isLocalDesk, whyNotCalled } from '../../kernel/outbound.ts'
import { invalid } from '../../kernel/problem.ts'
import { type PagingSettings, pagingSettings } from './access-settings.ts'
import { advanceDue, isDue } from './actions-advance.ts'
import { checkMail } from './actions-mail.ts'
import type { Way } from './actions-queue.ts'
import { isStale, sendWay } from './actions-sending.ts'
import { causeOf } from './senders.ts'
import './events.ts'

/**
 * The pager's round, every fifteen seconds on each node and once a minute as a job: what is due goes on and out even
 * where its own job was lost, or where no job runs at all. Each round leaves its mark; a mark of more than a minute ago
 * means that nobody was paged meanwhile, and that is told.
 */
const silentAfter = 60
const mostInRound = 1000

export async function round(kernel: Kernel): Promise<void> {
  // Each in a transaction of its own: one that cannot go on holds up no other.
  for (const id of await kernel.asSystem(dueIds))
    await kernel
      .asSystem((context) => advanceDue(context, id))
      .catch((cause: unknown) => kernel.log.error('a page cannot go on', cause, { page: id }))
  for (const way of await kernel.asSystem(forgottenWays))
    await sendWay(kernel, way).catch((cause: unknown) => kernel.log.error('a way cannot be used', cause, { person: way.personId }))
  await kernel.asSystem(checkForgottenMail)
  await kernel.asSystem(beat)
}

const dueIds = async (context: Context): Promise<string[]> =>
  (
    await sql<{ id: string }>`select p.id from page p where ${isDue(context.now)} order by p.next_at limit ${sql.lit(mostInRound)}`.execute(
      context.db,
    )
  ).rows.map((row) => row.id)

/** What is due for longer than its job takes, and what was left by a holder that is gone. */
async function forgottenWays({ db, now }: Context): Promise<Way[]> {
  const found = await sql<Way>`select distinct a.person_id as "personId", a.kind, a.channel_id as "channelId" from page_attempt a
      where a.state = 'waiting' and a.due_at < greatest(${now.toString()}::timestamptz, clock_timestamp()) - interval '10 seconds'
    union select m.person_id, m.kind, m.channel_id from page_message m
      where m.state = 'sending' and ${isStale(sql`m.claimed_at`)} limit 500`.execute(db)
  return found.rows
}

async function checkForgottenMail(context: Context): Promise<void> {
  const found = await sql<{ id: string }>`select distinct m.id from page_message m join outbound_mail o on o.page_message_id = m.id
    where m.kind = 'mail' and m.state = 'sent' and o.state <> 'sent' and o.created_at > ${context.now.subtract({ hours: 1 }).toString()}::timestamptz
      and o.created_at < ${context.now.subtract({ seconds: 30 }).toString()}::timestamptz limit 100`.execute(context.db)
  for (const { id } of found.rows) await checkMail(context, id)
}

/** Says that it runs; when it had not for a while, and somebody relied on it, that is an event. */
export async function beat(context: Context): Promise<void> {
  const before = await sql<{ seconds: number | null; relied: boolean }>`with old as (select beat_at from paging_desk for update),
      now_on as (update paging_desk set beat_at = greatest(${context.now.toString()}::timestamptz, clock_timestamp()))
    select extract(epoch from greatest(${context.now.toString()}::timestamptz, clock_timestamp()) - old.beat_at)::int as seconds,
      exists (select 1 from paging_policy where archived_at is null) as relied from old`.execute(context.db)
  const { seconds, relied } = before.rows[0] ?? { seconds: null, relied: false }
  if (seconds !== null && seconds > silentAfter && relied)
    await context.record({ type: 'pager.silent', subject: { kind: 'pager', id: '0' }, audience: 'staff', data: { seconds } })
}

/** From the jobs' side: whether the rounds run. They are taken over here, so that at worst a page is a minute late. */
export async function watch(kernel: Kernel): Promise<void> {
  await round(kernel)
  await tellOutside(kernel)
}

/** A service elsewhere that raises the alarm when these calls stop (FT-65): nothing here can tell that all of this is down. */
async function tellOutside(kernel: Kernel): Promise<void> {
  const { outsideUrl } = await kernel.asSystem(({ db }) => pagingSettings(db))
  if (outsideUrl === '') return
  const answer = await callOutside(outsideUrl, { loopback: isLocalDesk(kernel.settings), seconds: 8 }).then(
    ({ status }) => `HTTP ${status}`,
    (cause: unknown) => causeOf(cause),
  )
  await kernel.asSystem(
    async ({ db, now }) =>
      void (await sql`update paging_desk set outside_answer = ${answer}, outside_at = case when ${answer} like 'HTTP 2%' then ${now.toString()}::timestamptz else outside_at end`.execute(
        db,
      )),
  )
}

type Change = z.output<(typeof paging)['PATCH /api/paging/settings']['body']>
export async function changePagingSettings(context: Context, change: Change): Promise<void> {
  if (change.outsideUrl) {
    const why = whyNotCalled(change.outsideUrl, isLocalDesk(context.kernel.settings))
    if (why === 'NOT_HTTPS') throw invalid('outsideUrl', 'https_only', 'Only https:// addresses are called.')
    if (why !== null)
      throw invalid('outsideUrl', 'address_refused', 'This address belongs to this machine or to nobody. Name one of another machine.')
  }
  const before = await pagingSettings(context.db)
  const value: PagingSettings = { outsideUrl: change.outsideUrl ?? before.outsideUrl, hosts: change.hosts ?? before.hosts }
  await sql`insert into setting (name, value, changed_at, changed_by_id) values ('paging', ${JSON.stringify(value)}, ${context.now.toString()}, ${context.actor.id})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id`.execute(
    context.db,
  )
  await context.record({
    type: 'paging.changed',
    subject: { kind: 'paging', id: '0' },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}

/** Messages hold what people wrote as a note, and hashes of links: a year is enough to answer for. */
export async function forgetOld(context: Context): Promise<number> {
  const gone =
    await sql`delete from page where id in (select id from page where state = 'ended' and ended_at < ${context.now.subtract({ hours: 24 * 365 }).toString()}::timestamptz limit 1000)`.execute(
      context.db,
    )
  await sql`delete from page_message m where m.id in (select x.id from page_message x where x.expires_at < ${context.now.subtract({ hours: 24 * 365 }).toString()}::timestamptz limit 5000)`.execute(
    context.db,
  )
  return Number(gone.numAffectedRows ?? 0n)
}
