import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { joinEmbeddedPostgres } from '../../kernel/embedded-postgres.ts'
import { jobs, type Schedule } from '../../kernel/jobs.ts'
import type { Settings } from '../../kernel/settings.ts'
import { diskFigures } from './access.ts'
import { endBackupLease, forgetOwnerless, lastBackupAt, noteBackup, noteDisk, takeBackupLease } from './actions.ts'
import { keepNewest, makeBackup } from './actions-backup.ts'
import './job-types.ts'

/** Looks every five minutes whether tonight's backup is still to be made, so a machine that slept makes it when it wakes. */
export const healthJobs = jobs({
  'health.backup': async (kernel, { asked }) => {
    const { settings } = kernel
    if (!asked && settings.BACKUP === 'off') return
    if (!asked && !(await kernel.asSystem(async (context) => isDue(settings.BACKUP_AT, context.now, await lastBackupAt(context))))) return
    const holder = `${process.pid} ${onWire(kernel.clock.now())}`
    if (!(await kernel.asSystem((context) => takeBackupLease(context, holder)))) return
    try {
      await backUp(kernel)
    } finally {
      await kernel.asSystem((context) => endBackupLease(context, holder))
    }
  },
  'health.watch-disk': async (kernel) => {
    const figures = await diskFigures(kernel.settings.DATA_DIR)
    if (figures) await kernel.asSystem((context) => noteDisk(context, figures))
  },
  'health.sweep-files': sweepFiles,
})

export const healthSchedules: Schedule[] = [
  { name: 'health.backup', cron: '*/5 * * * *' },
  { name: 'health.watch-disk', cron: '*/5 * * * *' },
  { name: 'health.sweep-files', cron: '41 * * * *' },
]

/** The last time that a backup was to begin has passed, and none was made since. */
export function isDue(at: string, now: Instant, lastAt: number | undefined): boolean {
  const [hour, minute] = at.split(':').map(Number)
  const today = now
    .toZonedDateTimeISO('UTC')
    .with({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
  const began = today.epochMilliseconds <= now.epochMilliseconds ? today : today.subtract({ days: 1 })
  return lastAt === undefined ? now.epochMilliseconds - began.epochMilliseconds < 3_600_000 : lastAt < began.epochMilliseconds
}

async function backUp(kernel: Kernel): Promise<void> {
  const { settings } = kernel
  const at = onWire(kernel.clock.now())
  try {
    const made = await backupOf(settings, at, backupDir(settings))
    await keepNewest(backupDir(settings), settings.BACKUP_KEEP)
    await kernel.asSystem((context) => noteBackup(context, { at, folder: made.folder, megabytes: made.megabytes, failure: null }))
    kernel.log.info('backup made', { megabytes: made.megabytes, files: made.files })
  } catch (cause) {
    await kernel.asSystem((context) =>
      noteBackup(context, { failure: cause instanceof Error ? cause.message.slice(0, 300) : String(cause) }),
    )
    throw cause
  }
}

export const backupDir = (settings: Settings): string => settings.BACKUP_DIR ?? join(settings.DATA_DIR, 'backups')

/** Of the running embedded database, or, where the database is not ours, of the files only. */
export async function backupOf(settings: Settings, at: string, into: string, withKeys = false) {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
  const own = settings.DATABASE_URL === undefined ? await joinEmbeddedPostgres(settings.DATA_DIR) : undefined
  if (settings.DATABASE_URL === undefined && !own) throw new Error('The database does not run, so it cannot be backed up.')
  return makeBackup({ dataDir: settings.DATA_DIR, into, ownerUrl: own?.ownerUrl, at, version, withKeys })
}

/**
 * Files without an owner for a day go: first their rows, then their bytes. A file that was written again meanwhile is
 * young, and is left alone.
 */
async function sweepFiles(kernel: Kernel): Promise<void> {
  const before = kernel.clock.now().subtract({ hours: 24 })
  const gone = await kernel.asSystem((context) => forgetOwnerless(context, before))
  for (const sha256 of gone) await kernel.files.removeOlder(sha256, before.epochMilliseconds)
}
