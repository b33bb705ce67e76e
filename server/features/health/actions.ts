import { sql } from 'kysely'
import type { HealthCheck } from '../../../contract/desk.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { tellAdministrators } from '../notices/actions.ts'
import type { FailedJob, KeptBackup } from './access.ts'
import './events.ts'
import './job-types.ts'
import { type DiskFigures, judgeDisk } from './rules.ts'

type State = HealthCheck['state']
const worseness: readonly State[] = ['good', 'warning', 'bad']
type Failed = Granted<FailedJob, 'health.see'>

/** The same job once more, from the beginning. */
export async function retryJob(context: Context, failed: Failed): Promise<void> {
  await settle(context, failed)
  context.later({ identifier: failed.job, payload: failed.payload })
  await context.record({
    type: 'failed-job.retried',
    subject: { kind: 'failed-job', id: failed.id },
    audience: 'staff',
    data: { job: failed.job },
  })
}

export async function setJobAside(context: Context, failed: Failed): Promise<void> {
  await settle(context, failed)
  await context.record({
    type: 'failed-job.settled',
    subject: { kind: 'failed-job', id: failed.id },
    audience: 'staff',
    data: { job: failed.job },
  })
}

const settle = (context: Context, { id }: Failed) =>
  sql`update failed_job set settled_at = ${context.now.toString()}, settled_by_id = ${context.actor.id}::bigint where id = ${id}`.execute(
    context.db,
  )

export async function askForBackup(context: Context): Promise<void> {
  context.later(job('health.backup', { asked: true }, { key: 'health.backup', attempts: 1 }))
  await context.record({ type: 'backup.asked', subject: { kind: 'backup', id: '0' }, audience: 'staff', data: {} })
}

/** What the health page knows of backups. A failure keeps the time of the last good one. */
export async function noteBackup(context: Context, backup: KeptBackup | { failure: string }): Promise<void> {
  await sql`insert into setting (name, value, changed_at) values ('backup', ${JSON.stringify(backup)}::jsonb, ${context.now.toString()})
    on conflict (name) do update set value = setting.value || excluded.value, changed_at = excluded.changed_at`.execute(context.db)
}

/** The embedded database died and is back; the health page tells it for a day. */
export async function noteDatabaseDied(context: Context, at: Date): Promise<void> {
  const value = JSON.stringify({ at: at.toISOString() })
  await sql`insert into setting (name, value, changed_at) values ('database-died', ${value}::jsonb, ${context.now.toString()})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`.execute(context.db)
}

export async function lastBackupAt(context: Context): Promise<number | undefined> {
  const found = await sql<{ at: string | null }>`select value ->> 'at' as at from setting where name = 'backup'`.execute(context.db)
  const at = found.rows[0]?.at
  return at ? Date.parse(at) : undefined
}

/** One backup at a time, whatever the number of nodes. The lease outlives a killed node by at most six hours. */
export async function takeBackupLease(context: Context, holder: string): Promise<boolean> {
  const taken = await sql`insert into lease (name, holder, until) values ('backup', ${holder}, clock_timestamp() + interval '6 hours')
    on conflict (name) do update set holder = excluded.holder, until = excluded.until, fence = lease.fence + 1 where lease.until < clock_timestamp() returning 1`.execute(
    context.db,
  )
  return taken.rows.length > 0
}

export async function endBackupLease(context: Context, holder: string): Promise<void> {
  await sql`delete from lease where name = 'backup' and holder = ${holder}`.execute(context.db)
}

/** After a restore: whoever looked at the outbox says that mail may go out again. */
export async function confirmRestore(context: Context): Promise<void> {
  await sql`delete from setting where name = 'restored'`.execute(context.db)
}

/** Tells the administrators when the disk became worse since it was last looked at; better is only remembered. */
export async function noteDisk(context: Context, figures: DiskFigures): Promise<void> {
  const { state } = judgeDisk(figures)
  const found = await sql<{ state: State }>`with before as (select value from setting where name = 'disk'),
    kept as (insert into setting (name, value, changed_at) values ('disk', ${JSON.stringify({ state })}::jsonb, ${context.now.toString()})
      on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at)
    select coalesce((select value ->> 'state' from before), 'good') as state`.execute(context.db)
  if (worseness.indexOf(state) <= worseness.indexOf(found.rows[0]?.state ?? 'good')) return
  const data = { percentUsed: 100 - figures.percentFree }
  await context.record({ type: 'disk.filled', subject: { kind: 'disk', id: '0' }, audience: 'staff', data })
  await tellAdministrators(context)
}

/** Files that no attachment, no side conversation, no document, no mail and no sample mailbox names any more. */
export async function forgetOwnerless(context: Context, before: Instant): Promise<string[]> {
  const gone = await sql<{
    sha256: string
  }>`delete from file f where f.sha256 in (select x.sha256 from file x where x.created_at < ${before.toString()}::timestamptz
      and not exists (select 1 from attachment a where a.sha256 = x.sha256) and not exists (select 1 from inbound_mail i where i.sha256 = x.sha256)
      and not exists (select 1 from demo_mail d where d.sha256 = x.sha256) and not exists (select 1 from import_run r where r.sha256 = x.sha256)
      and not exists (select 1 from side_file s where s.sha256 = x.sha256) and not exists (select 1 from document_file y where y.sha256 = x.sha256) limit 1000) returning f.sha256`.execute(
    context.db,
  )
  return gone.rows.map((row) => row.sha256)
}
