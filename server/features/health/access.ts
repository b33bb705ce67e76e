import { sql } from 'kysely'
import type { HealthCheck } from '../../../contract/desk.ts'
import type { Context } from '../../kernel/context.ts'
import { roomOn } from '../../kernel/disk.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { demoCards } from '../people/access-me.ts'
import * as judge from './rules.ts'

/** How the desk itself is: figures of the database and of this machine, judged by rules.ts. */
export async function allChecks(context: Context, liveConnections: number): Promise<HealthCheck[]> {
  const { settings } = context.kernel
  const [database, jobs, mail, boxes, kept, disk] = [
    await databaseFigures(context),
    await jobFigures(context),
    await mailFigures(context),
    await mailboxFigures(context),
    await keptFigures(context),
    await diskFigures(settings.DATA_DIR),
  ]
  const { differenceSeconds, ...figures } = database
  const sample = (await demoCards(context.db, settings)) !== null
  return [
    judge.judgeDatabase(figures),
    judge.judgeJobs(jobs),
    judge.judgeFailed({ failed: jobs.failed }),
    judge.judgeMailIn(mail.in),
    judge.judgeMailOut({
      ...mail.out,
      restored: kept.restored,
      configured: sample ? 'sample' : settings.SMTP_URL === undefined && !boxes.sending ? 'no' : 'yes',
    }),
    judge.judgeMailboxes(boxes.failing, boxes.expiring, boxes.watched, boxes.fetched),
    judge.judgeBackup(kept.backup),
    ...(disk ? [judge.judgeDisk(disk)] : []),
    judge.judgeClock({ differenceSeconds }),
    judge.judgePager(await pagerFigures(context)),
    judge.judgeLive(liveConnections),
  ]
}

async function databaseFigures(context: Context) {
  const asked = Date.now()
  const found = await sql<
    judge.DatabaseFigures & { clock: number }
  >`select current_setting('server_version') as version, (pg_database_size(current_database()) / 1048576)::int as megabytes,
    (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections, current_setting('max_connections')::int as most,
    current_setting('fsync') as fsync, current_setting('transaction_read_only') as "readOnly",
    (select value ->> 'at' from setting where name = 'database-died' and changed_at > ${context.now.toString()}::timestamptz - interval '1 day') as died, extract(epoch from clock_timestamp())::float8 * 1000 as clock`.execute(
    context.db,
  )
  const { clock, ...figures } = found.rows[0]!
  // The answer was under way for a while: the middle of that is the fairest guess.
  const differenceSeconds = Math.round((clock - (asked + Date.now()) / 2) / 100) / 10
  return { ...figures, differenceSeconds }
}

async function jobFigures(context: Context) {
  const found = await sql<{ waiting: number; running: number; oldestSeconds: number; failed: number }>`select waiting::int, running::int,
    coalesce(extract(epoch from clock_timestamp() - oldest), 0)::int as "oldestSeconds", (select count(*)::int from failed_job where settled_at is null) as failed from firstline.waiting_jobs()`.execute(
    context.db,
  )
  const { waiting, running, oldestSeconds, failed } = found.rows[0]!
  return { waiting, running, oldestSeconds, failed }
}

async function pagerFigures(context: Context): Promise<judge.PagerFigures> {
  const found =
    await sql<judge.PagerFigures>`select extract(epoch from greatest(${context.now.toString()}::timestamptz, clock_timestamp()) - d.beat_at)::int as seconds,
      exists (select 1 from paging_policy where archived_at is null) as relied, coalesce((select value ->> 'outsideUrl' from setting where name = 'paging'), '') as outside,
      (select count(*)::int from page where state = 'ringing' and unreached_at is not null) as unreached
    from paging_desk d`.execute(context.db)
  const { outside, ...row } = found.rows[0]!
  return { ...row, outside: outside === '' ? '' : 'set' }
}

type MailFigures = { in: judge.MailInFigures; out: Omit<judge.MailOutFigures, 'configured' | 'restored'> }

async function mailFigures(context: Context): Promise<MailFigures> {
  const now = context.now.toString()
  const week = sql`${now}::timestamptz - interval '7 days'`
  const incoming =
    await sql<judge.MailInFigures>`select to_char(max(received_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastReceived",
    count(*) filter (where verdict = 'pending')::int as pending, coalesce(max(extract(epoch from ${now}::timestamptz - received_at)) filter (where verdict = 'pending'), 0)::int as "oldestPendingSeconds",
    count(*) filter (where verdict = 'quarantined')::int as quarantined, (select count(*)::int from mailbox where archived_at is null) as mailboxes
    from inbound_mail where received_at > ${week} or verdict = 'pending'`.execute(context.db)
  const outgoing = await sql<
    MailFigures['out']
  >`select count(*) filter (where state = 'held')::int as held, count(*) filter (where state in ('failed', 'partly') and created_at > ${week})::int as failed,
    count(*) filter (where state = 'uncertain' and created_at > ${week})::int as uncertain, count(*) filter (where state in ('ready', 'sending'))::int as waiting,
    coalesce(max(extract(epoch from ${now}::timestamptz - created_at)) filter (where state in ('ready', 'sending')), 0)::int as "oldestWaitingSeconds"
    from outbound_mail where state <> 'sent'`.execute(context.db)
  return { in: incoming.rows[0]!, out: outgoing.rows[0]! }
}

async function mailboxFigures(context: Context) {
  const found = await sql<{
    name: string
    way: string
    state: string
    cause: string
    expiresAt: string | null
    soon: boolean | null
    sends: boolean
  }>`select name, way, coalesce(condition ->> 'state', '') as state,
    coalesce(nullif(condition ->> 'detail', ''), condition ->> 'cause', '') as cause,
    (way in ('microsoft', 'google') and grant_tokens is not null and coalesce(connection ->> 'sends', 'itself') = 'itself') as sends, condition ->> 'expiresAt' as "expiresAt", (condition ->> 'expiresAt')::timestamptz < ${context.now.toString()}::timestamptz + interval '30 days' as soon
    from mailbox where archived_at is null order by id`.execute(context.db)
  return {
    failing: found.rows.filter((row) => row.way !== 'smtp' && (row.state === 'failing' || row.state === 'not-connected')),
    expiring: found.rows.flatMap(({ name, expiresAt, soon }) => (soon && expiresAt ? [{ name, expiresAt }] : [])),
    watched: found.rows.length,
    sending: found.rows.some((row) => row.sends),
    fetched: found.rows.filter((row) => row.way !== 'smtp').length,
  }
}

export type KeptBackup = { at: string; folder: string; megabytes: number; failure: string | null }

async function keptFigures(context: Context): Promise<{ backup: judge.BackupFigures; restored: string | null }> {
  const { settings } = context.kernel
  const found = await sql<{
    backup: KeptBackup | null
    restored: string | null
  }>`select (select value from setting where name = 'backup') as backup,
    (select value ->> 'at' from setting where name = 'restored') as restored`.execute(context.db)
  const { backup, restored } = found.rows[0]!
  const hours = backup?.at ? Math.floor((context.now.epochMilliseconds - Date.parse(backup.at)) / 3_600_000) : null
  const own = settings.DATABASE_URL === undefined ? 'yes' : 'no'
  return {
    restored,
    backup: {
      wanted: settings.BACKUP,
      lastAt: backup?.at ?? null,
      hours,
      megabytes: backup?.megabytes ?? null,
      failure: backup?.failure ?? null,
      own,
    },
  }
}

export async function diskFigures(dataDir: string): Promise<judge.DiskFigures | undefined> {
  const room = await roomOn(dataDir)
  return room && { freeMegabytes: Math.floor(room.free / 1_048_576), percentFree: Math.floor((room.free / Math.max(1, room.size)) * 100) }
}

export type FailedJob = { id: string; job: string; payload: unknown }

export async function accessFailedJob(context: Context, id: string): Promise<Granted<FailedJob, 'health.see'>> {
  if (!context.actor.rights.has('health.see')) throw notAllowed()
  const found = await sql<FailedJob>`select id, job, payload from failed_job where id = ${id} and settled_at is null for update`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<FailedJob, 'health.see'>
}

type FailedRow = { id: string; at: string; job: string; attempts: number; cause: string }

export async function listFailedJobs(
  context: Context,
  query: { limit: number; after?: string | undefined },
): Promise<{ items: FailedRow[]; next: string | null }> {
  const mark = query.after !== undefined && /^\d{1,18}$/.test(query.after) ? sql`and id < ${query.after}` : sql``
  const found =
    await sql<FailedRow>`select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, job, attempts, cause from failed_job
    where settled_at is null ${mark} order by id desc limit ${sql.raw(String(query.limit + 1))}`.execute(context.db)
  const items = found.rows.slice(0, query.limit)
  return { items, next: found.rows.length > query.limit ? (items.at(-1)?.id ?? null) : null }
}

/** The domains that our mail comes from, without those that never are in the world's DNS (RFC 2606, RFC 6761). */
export async function sendingDomains(context: Context): Promise<string[]> {
  const found = await sql<{
    domain: string
  }>`select distinct lower(split_part(address::text, '@', 2)) as domain from mailbox where archived_at is null order by 1`.execute(
    context.db,
  )
  return found.rows
    .map((row) => row.domain)
    .filter((domain) => domain.includes('.') && !/(^|\.)(example|test|invalid|localhost|local)$|(^|\.)example\.(com|net|org)$/.test(domain))
}
