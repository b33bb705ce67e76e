import { rm } from 'node:fs/promises'
import { sql } from 'kysely'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import { forgetTokens } from './actions.ts'
import { runImport } from './actions-run.ts'
import './job-types.ts'
import { exportFolder, runExport } from './jobs-export.ts'

export const transferJobs = jobs({
  'transfer.run': (kernel, { runId }) => runImport(kernel, runId),
  'transfer.export': (kernel, { id }) => runExport(kernel, id),
  /** Exports of a week ago, and tokens of desks that were left long ago. */
  'transfer.sweep': async (kernel) => {
    const gone = await kernel.asSystem(async (context) => {
      await forgetTokens(context)
      const old = await sql<{
        id: string
      }>`delete from export_run where at < ${context.now.toString()}::timestamptz - interval '7 days' returning id`.execute(context.db)
      return old.rows.map(({ id }) => id)
    })
    for (const id of gone) await rm(exportFolder(kernel, id), { recursive: true, force: true })
  },
})

export const transferSchedules: Schedule[] = [{ name: 'transfer.sweep', cron: '20 3 * * *' }]
