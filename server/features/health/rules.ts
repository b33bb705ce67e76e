import type { HealthCheck } from '../../../contract/desk.ts'

/**
 * From figures to a judgement: what is wrong, in words, and what to do. Pure. Keys are stable, because the browser
 * translates by them; all that changes stands in `figures`.
 */
type State = HealthCheck['state']
type Figures = HealthCheck['figures']
const check = (key: string, state: State, message: string, remedy = '', figures: Figures = {}): HealthCheck => ({
  key,
  state,
  message,
  remedy,
  figures,
})

export type DatabaseFigures = {
  version: string
  megabytes: number
  connections: number
  most: number
  fsync: string
  readOnly: string
  /** When it last died and was started again, for a day. */
  died: string | null
}
export function judgeDatabase(f: DatabaseFigures): HealthCheck {
  if (f.readOnly === 'on')
    return check(
      'database.read-only',
      'bad',
      'The database takes no changes.',
      'It may be a standby: point DATABASE_URL at the primary. Or its disk is full: make room.',
      f,
    )
  if (f.fsync !== 'on')
    return check(
      'database.fsync',
      'bad',
      'The database may lose data in a power cut: fsync is off.',
      'Set fsync = on in its configuration and restart it.',
      f,
    )
  if (f.connections > f.most * 0.8)
    return check(
      'database.connections',
      'warning',
      'The database has few connections left.',
      'Raise max_connections, or run fewer copies of this program.',
      f,
    )
  if (f.died !== null)
    return check(
      'database.died',
      'warning',
      'The database stopped by itself and was started again; nothing that was saved is lost.',
      'Read postgres.log in the DATA_DIR. If memory was short, give the machine more.',
      f,
    )
  return check('database', 'good', 'The database answers.', '', f)
}

export function judgeJobs(f: { waiting: number; running: number; oldestSeconds: number }): HealthCheck {
  if (f.oldestSeconds > 600)
    return check(
      'jobs.stuck',
      'bad',
      'Jobs have waited for more than ten minutes.',
      'Start Firstline again. If it happens again, look for "job failed" in its log.',
      f,
    )
  if (f.oldestSeconds > 120)
    return check(
      'jobs.slow',
      'warning',
      'Jobs wait for more than two minutes.',
      'Wait a little; if it stays so, look at the failed jobs and at the log.',
      f,
    )
  return check('jobs', 'good', 'Jobs run at once.', '', f)
}

export function judgeFailed(f: { failed: number }): HealthCheck {
  if (f.failed > 0)
    return check(
      'failed-jobs',
      'warning',
      'Some jobs gave up.',
      'Read their cause below, repair it, then run them again or set them aside.',
      f,
    )
  return check('failed-jobs.none', 'good', 'No job gave up.', '', f)
}

export type MailInFigures = {
  lastReceived: string | null
  pending: number
  oldestPendingSeconds: number
  quarantined: number
  mailboxes: number
}
export function judgeMailIn(f: MailInFigures): HealthCheck {
  if (f.oldestPendingSeconds > 300)
    return check(
      'mail-in.stuck',
      'bad',
      'Mail has come in and is not judged.',
      'Look at the failed jobs and at the log. Nothing is lost: it stands in the mail journal.',
      f,
    )
  if (f.mailboxes === 0) return check('mail-in.no-mailbox', 'warning', 'There is no mailbox yet.', 'Add one under Mailboxes.', f)
  if (f.quarantined > 0)
    return check(
      'mail-in.quarantined',
      'warning',
      'Mail of the last seven days is in quarantine.',
      'Look through it in the mail journal: release it, or leave it.',
      f,
    )
  return check('mail-in', 'good', 'Mail comes in.', '', f)
}

export type MailOutFigures = {
  /** sample: the sample company, whose mail goes to the mailboxes of its own people. */
  configured: string
  held: number
  failed: number
  uncertain: number
  waiting: number
  oldestWaitingSeconds: number
  restored: string | null
}
export function judgeMailOut(f: MailOutFigures): HealthCheck {
  if (f.restored !== null)
    return check(
      'mail-out.restored',
      'bad',
      'A backup was restored: outgoing mail is held.',
      'Check in the outbox what was sent already, then run: npm run firstline -- restore --confirm',
      f,
    )
  if (f.configured === 'no')
    return check(
      'mail-out.not-set',
      'warning',
      'No mail goes out: SMTP_URL is not set.',
      'Set SMTP_URL, for example smtps://user:password@mail.example.com:465, and start again. The outbox holds all mail until then.',
      f,
    )
  if (f.oldestWaitingSeconds > 900)
    return check(
      'mail-out.delayed',
      'bad',
      'Mail has waited for more than fifteen minutes to go out.',
      'Read the answer of the mail server in the outbox.',
      f,
    )
  if (f.failed + f.uncertain > 0)
    return check(
      'mail-out.failed',
      'warning',
      'Some mail of the last seven days did not go out.',
      'Look at it in the outbox: correct the address, or try again.',
      f,
    )
  if (f.held > 0)
    return check('mail-out.held', 'warning', 'The outbox holds mail from before SMTP_URL was set.', 'Try it again in the outbox.', f)
  if (f.configured === 'sample')
    return check('mail-out.sample', 'good', 'Mail goes to the mailboxes of the sample people; none leaves this machine.', '', f)
  return check('mail-out', 'good', 'Mail goes out.', '', f)
}

export function judgeMailboxes(
  failing: { name: string; cause: string }[],
  expiring: { name: string; expiresAt: string }[],
  watched: number,
  fetched = watched,
): HealthCheck {
  const first = failing[0]
  if (first)
    return check(
      'mailboxes.failing',
      'bad',
      'A mailbox cannot be read.',
      'Check its connection under Mailboxes: the password may have changed, or a consent expired.',
      { mailbox: first.name, cause: first.cause, failing: failing.length, watched },
    )
  const soon = expiring[0]
  if (soon)
    return check(
      'mailboxes.expiring',
      'warning',
      'The sign-in of a mailbox ends soon.',
      'Make a new client secret, or connect it anew, under Mailboxes.',
      {
        mailbox: soon.name,
        expiresAt: soon.expiresAt,
      },
    )
  if (fetched === 0) return check('mailboxes.smtp-only', 'good', 'No mailbox is fetched: mail arrives by SMTP.', '', { watched })
  return check('mailboxes', 'good', 'All mailboxes are watched.', '', { watched })
}

export type BackupFigures = {
  wanted: string
  lastAt: string | null
  hours: number | null
  megabytes: number | null
  failure: string | null
  own: string
}
export function judgeBackup(f: BackupFigures): HealthCheck {
  const remedy = 'Look at the failed jobs, make room in BACKUP_DIR, or make one now with: npm run firstline -- backup DIR'
  if (f.wanted === 'off')
    return check('backup.off', 'warning', 'No nightly backup: BACKUP is off.', 'Set BACKUP=on, or see to it yourself.', f)
  if (f.own === 'no')
    return check(
      'backup.files-only',
      'warning',
      'The nightly backup holds the files only: the database is your own.',
      'Back the database up with its own tools (pg_dump, or a base backup).',
      f,
    )
  if (f.failure !== null) return check('backup.failed', 'bad', 'The last backup failed.', remedy, f)
  if (f.hours === null)
    return check('backup.none', 'warning', 'There is no backup yet.', 'The first one is made tonight; or make one now.', f)
  if (f.hours > 50) return check('backup.old', 'bad', 'The newest backup is older than two days.', remedy, f)
  if (f.hours > 26) return check('backup.late', 'warning', 'The newest backup is older than a day.', remedy, f)
  return check('backup', 'good', 'There is a recent backup.', '', f)
}

export type DiskFigures = { freeMegabytes: number; percentFree: number }
/** At 80 and 90 per cent (FT-04), but not while a large disk still has room for weeks. */
export function judgeDisk(f: DiskFigures): HealthCheck {
  const remedy = 'Make room, or move DATA_DIR to a larger disk.'
  if (f.freeMegabytes < 500 || (f.percentFree <= 10 && f.freeMegabytes < 20_000))
    return check('disk.full', 'bad', 'The disk of DATA_DIR is nearly full.', remedy, f)
  if (f.freeMegabytes < 2000 || (f.percentFree <= 20 && f.freeMegabytes < 50_000))
    return check('disk.low', 'warning', 'The disk of DATA_DIR runs low.', remedy, f)
  return check('disk', 'good', 'There is room on the disk.', '', f)
}

export function judgeClock(f: { differenceSeconds: number }): HealthCheck {
  const off = Math.abs(f.differenceSeconds)
  if (off > 30)
    return check(
      'clock.wrong',
      'bad',
      'The clocks of this machine and of the database differ.',
      'Switch on time synchronisation (NTP) on both.',
      f,
    )
  if (off > 2)
    return check(
      'clock.drift',
      'warning',
      'The clocks of this machine and of the database differ a little.',
      'Switch on time synchronisation (NTP) on both.',
      f,
    )
  return check('clock', 'good', 'The clocks agree.', '', f)
}

/** seconds: since the pager last ran; relied: there is a policy by which somebody is to be woken. */
export type PagerFigures = { seconds: number | null; relied: boolean; outside: string; unreached: number }
export function judgePager({ relied, ...f }: PagerFigures): HealthCheck {
  const figures = { ...f, seconds: f.seconds ?? 0 }
  if (relied && (f.seconds === null || f.seconds > 60))
    return check(
      'pager.silent',
      'bad',
      'The pager has not run for more than a minute: nobody is woken.',
      'Start Firstline again, and look for "pager" in its log.',
      figures,
    )
  if (f.unreached > 0)
    return check(
      'pager.unreached',
      'bad',
      'A page reaches nobody.',
      'Look at it under Pages, and at the ways of those on call in their profiles.',
      figures,
    )
  if (relied && f.outside === '')
    return check(
      'pager.no-outside',
      'warning',
      'Nobody outside would hear that all of this is down.',
      'Enter an address in Settings, Paging.',
      figures,
    )
  return check('pager', 'good', 'The pager runs.', '', figures)
}

export const judgeLive = (connections: number): HealthCheck => check('live', 'good', 'Screens are told of changes.', '', { connections })
