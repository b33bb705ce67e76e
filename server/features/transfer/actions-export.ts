import { sql } from 'kysely'
import type { ExportRun } from '../../../contract/transfer.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { accessExport } from './access.ts'
import './events.ts'
import './job-types.ts'

/** Asks for a complete export; a job writes it. One that waits already is the one that is meant. */
export async function askForExport(context: Context): Promise<ExportRun> {
  const waiting = await sql<{
    id: string
  }>`select id from export_run where state in ('waiting', 'running') order by id desc limit 1`.execute(context.db)
  const known = waiting.rows[0]?.id
  if (known !== undefined) return accessExport(context, known)
  const made = await sql<{
    id: string
  }>`insert into export_run (at, by_id) values (${context.now.toString()}, ${context.actor.id}::bigint) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  context.later(job('transfer.export', { id }, { key: 'transfer.export', attempts: 3 }))
  await context.record({ type: 'export.asked', subject: { kind: 'export', id }, audience: 'staff', data: {} })
  return accessExport(context, id)
}

export async function removeExport(context: Context, { id }: Granted<ExportRun, 'setting.edit'>): Promise<void> {
  await sql`delete from export_run where id = ${id}`.execute(context.db)
  await context.record({ type: 'export.removed', subject: { kind: 'export', id }, audience: 'staff', data: {} })
}

export type ExportEnd = { state: 'running' | 'finished' | 'failed'; rows?: number; files?: number; bytes?: number; cause?: string | null }
export async function noteExport(context: Context, id: string, end: ExportEnd): Promise<void> {
  const at = end.state === 'running' ? null : context.now.toString()
  const { rows = 0, files = 0, bytes = 0, cause = null } = end
  await sql`update export_run set state = ${end.state}, ended_at = ${at}::timestamptz, rows = ${rows}, files = ${files}, bytes = ${bytes}, cause = ${cause}::text where id = ${id}`.execute(
    context.db,
  )
  await sql`select firstline.transfer_moved('export', ${id}::bigint)`.execute(context.db)
}
