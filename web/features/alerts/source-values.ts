import type { AlertSource } from '../../../contract/alerts.ts'
import type { Option } from '../../ui/Fields.tsx'
import { optionOf } from '../people/picks.tsx'

/** A source as its form holds it, flat, and back. */
export const severities = ['critical', 'error', 'warning', 'info'] as const
export const mappingFields = ['device', 'condition', 'state', 'severity', 'summary', 'link', 'key'] as const
export const wordFields = ['cleared', ...severities] as const
export type Mapping = Record<(typeof mappingFields)[number] | (typeof wordFields)[number], string>

const usualMapping: Mapping = {
  key: '',
  device: 'device,host,hostname,instance,source',
  condition: 'condition,check,service,alertname,title',
  severity: 'severity,level,priority',
  summary: 'summary,message,text,title',
  state: 'state,status,event',
  cleared: 'ok,resolved,recovered,up,cleared,normal',
  link: 'link,url',
  critical: '',
  error: '',
  warning: '',
  info: '',
}
const usualMailMapping: Mapping = {
  key: '',
  device: 'host,hostname,host name,device,computer,server,node,rechner,gerät',
  condition: 'service,check,job,job name,condition,trigger,dienst,auftrag',
  severity: 'severity,priority,level,schweregrad,schwere',
  summary: '',
  state: 'state,status,result,ergebnis,zustand',
  link: 'link,url',
  cleared: 'ok,recovery,resolved,up,recovered,cleared,closed,success,successful,successfully,completed,erfolgreich,abgeschlossen,behoben',
  critical: 'critical,down,disaster,fatal,emergency,kritisch,ausgefallen',
  error: 'error,errors,failed,failure,high,unreachable,fehler,fehlgeschlagen,nicht erreichbar',
  warning: 'warning,warnings,problem,problems,average,unknown,warnung',
  info: 'info,information,notice,hinweis',
}
export const mappingFor = (kind: AlertSource['kind']): Mapping => (kind === 'mail' ? usualMailMapping : usualMapping)

export const valuesOf = (source: AlertSource | undefined) => ({
  name: source?.name ?? '',
  kind: source?.kind ?? ('alertmanager' as AlertSource['kind']),
  teamId: optionOf(source?.team) as Option | null,
  organisationId: optionOf(source?.organisation) as Option | null,
  delaySeconds: (source?.delaySeconds ?? 0) as number | null,
  consecutive: (source?.consecutive ?? 1) as number | null,
  intervalMinutes: (source?.intervalMinutes ?? 60) as number | null,
  flapAfter: (source?.flapAfter ?? 3) as number | null,
  stormAfter: (source?.stormAfter ?? 10) as number | null,
  critical: (source?.priorities.critical ?? 1) as number | null,
  error: (source?.priorities.error ?? 2) as number | null,
  warning: (source?.priorities.warning ?? 3) as number | null,
  info: (source?.priorities.info ?? 4) as number | null,
  resolves: source?.resolves ?? true,
  heartbeatMinutes: (source?.heartbeatMinutes ?? null) as number | null,
  mapping: source ? { ...source.mapping } : usualMapping,
  mailboxId: source?.mailbox?.id ?? (null as string | null),
  secret: '',
  timestampHeader: source?.timestampHeader ?? '',
})

export const bodyOf = (v: ReturnType<typeof valuesOf>) => ({
  name: v.name,
  kind: v.kind,
  teamId: v.teamId?.value ?? null,
  organisationId: v.organisationId?.value ?? null,
  delaySeconds: v.delaySeconds ?? 0,
  consecutive: v.consecutive ?? 1,
  intervalMinutes: v.intervalMinutes ?? 60,
  flapAfter: v.flapAfter ?? 0,
  stormAfter: v.stormAfter ?? 0,
  priorities: { critical: v.critical ?? 1, error: v.error ?? 2, warning: v.warning ?? 3, info: v.info ?? 4 },
  resolves: v.resolves,
  heartbeatMinutes: v.heartbeatMinutes,
  mapping: v.mapping,
  mailboxId: v.kind === 'mail' ? v.mailboxId : null,
  timestampHeader: v.timestampHeader.trim(),
  // An empty field leaves what is there.
  ...(v.secret.trim() === '' ? {} : { secret: v.secret.trim() }),
})
