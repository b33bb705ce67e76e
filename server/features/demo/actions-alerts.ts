import type { AlertMapping } from '../../../contract/alerts.ts'
import { rights } from '../../../contract/rights.ts'
import { systemActor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { ActAs } from '../../kernel/history.ts'
import { sourceToFold } from '../alerts/access-sources.ts'
import { foldSome } from '../alerts/actions-fold.ts'
import { keepTold } from '../alerts/actions-hear.ts'
import { beginSilence } from '../alerts/actions-silences.ts'
import { addSource } from '../alerts/actions-sources.ts'
import { readMachineMail } from '../alerts/rules-mail.ts'
import { readAlertmanager, readGeneric, type Told } from '../alerts/rules-reading.ts'
import type { Happening } from './actions-history.ts'
import type { House } from './actions-house.ts'

/**
 * A night of the machines: a disk that filled up and was cleared by itself, a switch that could not make up its mind, the
 * wireless of a warehouse that went down all at once, a storage box whose alarms wait for the end of planned work, and a
 * backup that can only write mail: one job went well, one did not.
 */
const program = systemActor(new Set(rights))
const severities = { critical: 1, error: 2, warning: 3, info: 4 }
const opening = { delaySeconds: 0, consecutive: 1, intervalMinutes: 60, flapAfter: 3, resolves: true, priorities: severities }
const usual = { ...opening, secret: null, timestampHeader: '', mailboxId: null }
const mapping = {
  key: '',
  device: 'host',
  condition: 'job',
  severity: 'level',
  summary: 'message',
  state: 'result',
  link: 'url',
  cleared: 'ok',
}

export function nightOfMachines(actAs: ActAs, house: House, now: Instant): Happening[] {
  const night = nightBefore(now)
  let sources = { monitoring: '', backup: '', reports: '' }
  const happening = (after: number, act: (at: Instant) => Promise<unknown>): Happening => {
    const at = night.add({ minutes: after })
    return { at: at.epochMilliseconds, act: () => act(at) }
  }
  const replication = {
    host: 'nas-01',
    job: 'Replication',
    level: 'error',
    message: 'nas-01: replication failed, target not reachable',
    result: 'failed',
  }
  return [
    happening(0, async (at) => {
      sources = await connect(actAs(house.person('administrator').actor, at), house)
    }),
    ...watched.map(({ after, alerts }) =>
      happening(after, (at) => tell(actAs(program, at), sources.monitoring, () => readAlertmanager({ alerts: alerts(night) }))),
    ),
    happening(200, (at) =>
      beginSilence(actAs(house.person('agent-helena').actor, at), {
        sourceId: sources.backup,
        device: 'nas-01',
        reason: 'Firmware, nas-01',
        untilAt: null,
      }),
    ),
    happening(230, (at) => tell(actAs(program, at), sources.backup, (mapping) => readGeneric(replication, mapping))),
    ...reported.map(({ after, ...mail }) =>
      happening(after, (at) =>
        tell(actAs(program, at), sources.reports, (mapping) => [readMachineMail({ ...mail, from: veeam }, mapping)]),
      ),
    ),
  ].sort((a, b) => a.at - b.at)
}

async function connect(context: Context, house: House): Promise<{ monitoring: string; backup: string; reports: string }> {
  const place = { organisationId: null, siteId: null, mapping, teamId: house.teams.get('network')! }
  const prometheus = { ...usual, ...place, name: 'Prometheus', kind: 'alertmanager' as const, stormAfter: 3, heartbeatMinutes: null }
  const backup = { ...usual, ...place, name: 'Backup', kind: 'webhook' as const, stormAfter: 10, heartbeatMinutes: 1440 }
  const reports = {
    ...usual,
    ...place,
    name: 'Veeam',
    kind: 'mail' as const,
    stormAfter: 10,
    heartbeatMinutes: 1440,
    mapping: {},
    mailboxId: [...house.mailboxes.values()][0]!,
  }
  const [monitoring, hook, mails] = [
    await addSource(context, prometheus),
    await addSource(context, backup),
    await addSource(context, reports),
  ]
  return { monitoring: monitoring.id, backup: hook.id, reports: mails.id }
}

/** Half past one of the last night that is over. */
export function nightBefore(now: Instant): Instant {
  const today = now.toZonedDateTimeISO('Europe/Berlin').startOfDay().add({ hours: 1, minutes: 30 })
  const last = today.add({ hours: 5 }).toInstant().epochMilliseconds > now.epochMilliseconds ? today.subtract({ days: 1 }) : today
  return last.toInstant()
}

type Fired = { name: string; device: string; severity: string; summary: string; since: number; over?: boolean; runbook?: string }
const fired = (night: Instant, { name, device, severity, summary, since, over, runbook }: Fired) => ({
  status: over ? 'resolved' : 'firing',
  labels: { alertname: name, instance: `${device}:9100`, severity, site: 'Hamburg' },
  annotations: { summary, ...(runbook ? { runbook_url: runbook } : {}) },
  startsAt: night.add({ minutes: since }).toString(),
  fingerprint: `${name}-${device}`.toLowerCase(),
})

const disk = {
  name: 'DiskFull',
  device: 'srv-file-02',
  severity: 'warning',
  summary: 'srv-file-02: /var is 93 % full',
  runbook: 'https://wiki.halyard.example/runbooks/disk-full',
}
const switchPort = { name: 'LinkDown', device: 'sw-hall-07', severity: 'error', summary: 'sw-hall-07: uplink port 24 is down' }
const wireless = (n: number) => ({
  name: 'WirelessDown',
  device: `ap-hall-${String(n).padStart(2, '0')}`,
  severity: 'critical',
  summary: `ap-hall-${String(n).padStart(2, '0')} does not answer`,
})
const all = Array.from({ length: 15 }, (_, n) => n + 1)

const watched: { after: number; alerts: (night: Instant) => unknown[] }[] = [
  { after: 10, alerts: (night) => [fired(night, { ...disk, since: 10 })] },
  { after: 52, alerts: (night) => [fired(night, { ...disk, since: 10, over: true })] },
  ...[0, 1, 2, 3, 4].flatMap((n) => [
    { after: 60 + 4 * n, alerts: (night: Instant) => [fired(night, { ...switchPort, since: 60 + 4 * n })] },
    { after: 62 + 4 * n, alerts: (night: Instant) => [fired(night, { ...switchPort, since: 60 + 4 * n, over: true })] },
  ]),
  // The recovery has held for ten minutes.
  { after: 95, alerts: () => [] },
  { after: 170, alerts: (night) => all.map((n) => fired(night, { ...wireless(n), since: 170 })) },
  { after: 204, alerts: (night) => all.slice(0, 14).map((n) => fired(night, { ...wireless(n), since: 170, over: true })) },
]

const veeam = 'veeam@halyard.example'
const reported = [
  {
    after: 240,
    subject: '[Success] Backup Job Mail (2 objects)',
    text: 'Host: srv-backup-01\nJob: Mail\nStatus: Success\n\n2 of 2 machines, 214 GB read, 6.1 GB transferred.',
  },
  {
    after: 244,
    subject: '[Failed] Backup Job Warehouse (3 objects) 1 failed',
    text: 'Host: srv-backup-01\nJob: Warehouse\nStatus: Failed\n\nsrv-wms-01: Not enough space on the backup repository: 11 GB free, 48 GB needed.',
  },
]

async function tell(context: Context, sourceId: string, read: (mapping: AlertMapping) => Told[] | undefined): Promise<void> {
  const source = await sourceToFold(context.db, sourceId)
  if (source) await keepTold(context, source, read(source.mapping) ?? [])
  await foldSome(context, sourceId)
}
