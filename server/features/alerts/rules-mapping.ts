import type { AlertMapping, AlertSource, Severity } from '../../../contract/alerts.ts'

/** What a source is given that says nothing else. */
export const usualMapping: AlertMapping = {
  key: '',
  device: 'device,host,hostname,instance,source',
  condition: 'condition,check,service,alertname,title',
  severity: 'severity,level,priority',
  summary: 'summary,message,text,title',
  state: 'state,status,event',
  link: 'link,url',
  cleared: 'ok,resolved,recovered,up,cleared,normal',
  critical: '',
  error: '',
  warning: '',
  info: '',
}
export const usualMailMapping: AlertMapping = {
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

/** What was given, and the usual for the rest. */
export function wholeMapping(kind: AlertSource['kind'], given: { [F in keyof AlertMapping]?: string | undefined } = {}): AlertMapping {
  const whole = { ...(kind === 'mail' ? usualMailMapping : usualMapping) }
  for (const field of Object.keys(whole) as (keyof AlertMapping)[]) whole[field] = given[field] ?? whole[field]
  return whole
}

export const listOf = (words: string): string[] =>
  words
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

export const severities = ['critical', 'error', 'warning', 'info'] as const satisfies readonly Severity[]
