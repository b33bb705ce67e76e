import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { take } from '../../kernel/limits.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import { type SourceFacts, sourceByKey } from './access-sources.ts'
import { secretOf } from './actions-sources.ts'
import { readMachineMail } from './rules-mail.ts'
import { listOf } from './rules-mapping.ts'
import { readOpsgenie } from './rules-opsgenie.ts'
import { readAlertmanager, readGeneric, readPagerDuty, readPagerDutyChange, readPagerDutyOne, type Told } from './rules-reading.ts'
import { isSigned, signatureHeader } from './rules-signature.ts'
import './events.ts'

/**
 * What a machine told is stored before it is answered, in one statement whatever its number; a job of the same transaction
 * makes alerts and tickets of it. So a storm costs its senders nothing, and what was answered 2xx is never lost.
 */
type Teller = Granted<SourceFacts, 'alert.tell'>
export type Client = { address: string; authorization?: string; signed?: { body: string; header(name: string): string } }
/** Three hundred a second, counted over ten. */
const most = 3000
const windowSeconds = 10

const foldJob = (sourceId: string) =>
  job('alerts.fold', { sourceId }, { queue: `alerts:${sourceId}`, key: `alerts.fold:${sourceId}`, priority: -10 })

export async function keepTold(context: Context, source: Teller, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return
  const rows = told.map(({ key, action, severity, summary, ...body }) => ({ key, action, severity, summary, body }))
  await sql`insert into alert_event (source_id, organisation_id, at, key, action, severity, summary, body)
    select ${source.id}::bigint, ${source.organisation_id}::bigint, ${context.now.toString()}::timestamptz, x.key, x.action, x.severity, x.summary, x.body
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (key text, action text, severity text, summary text, body jsonb))
      with ordinality as x (key, action, severity, summary, body, nth) order by x.nth`.execute(context.db)
  context.later(foldJob(source.id))
}

/** Who tells; whoever tries keys is slowed down before anything is looked up twice. */
export async function tellerOf(kernel: Kernel, key: string, { address }: Client): Promise<Teller | undefined> {
  const source = key === '' ? undefined : await kernel.asSystem(({ db }) => sourceByKey(db, key))
  if (source) await take(kernel, `alerts:${source.id}`, most, windowSeconds)
  else await take(kernel, `alert-key:${address}`, 60, 3600)
  return source
}

export const keep = (kernel: Kernel, source: Teller, told: readonly Told[]) => kernel.asSystem((context) => keepTold(context, source, told))

export type PagerDutyAnswer = {
  code: number
  body: { status: string; message: string; dedup_key?: string; incident_key?: string; errors?: string[] }
}
const refusal = (errors: string[]): PagerDutyAnswer => ({
  code: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
})
const wordIn = (body: unknown, name: string): string => {
  const value = (body as Record<string, unknown> | null)?.[name]
  return typeof value === 'string' ? value.trim() : ''
}

export async function hearPagerDuty(kernel: Kernel, body: unknown, client: Client, version: 1 | 2): Promise<PagerDutyAnswer> {
  const field = version === 2 ? 'routing_key' : 'service_key'
  const key = wordIn(body, field)
  if (key === '') return refusal([`'${field}' is missing or blank`])
  const source = await tellerOf(kernel, key, client)
  if (source?.kind !== 'pagerduty') return refusal([`'${field}' is invalid`])
  const read = version === 2 ? readPagerDuty(body) : readPagerDutyOne(body)
  if ('errors' in read) return refusal(read.errors)
  await keep(kernel, source, [read.told])
  const names = version === 2 ? { dedup_key: read.told.key } : { incident_key: read.told.key }
  return { code: version === 2 ? 202 : 200, body: { status: 'success', message: 'Event processed', ...names } }
}

export async function hearChange(kernel: Kernel, body: unknown, client: Client): Promise<PagerDutyAnswer> {
  const source = await tellerOf(kernel, wordIn(body, 'routing_key'), client)
  if (source?.kind !== 'pagerduty') return refusal(["'routing_key' is invalid"])
  const read = readPagerDutyChange(body)
  if ('errors' in read) return refusal(read.errors)
  const { device, summary, links } = read.change
  await kernel.asSystem(({ db, now }) =>
    sql`insert into alert_change (source_id, organisation_id, at, device, summary, links)
      values (${source.id}, ${source.organisation_id}, ${now.toString()}, ${device}, ${summary}, ${JSON.stringify(links)}::jsonb)`.execute(
      db,
    ),
  )
  return { code: 202, body: { status: 'success', message: 'Change event processed' } }
}

/**
 * Alertmanager repeats what is answered 5xx and drops for ever what is answered 4xx: so even "too many" is a 503 to it.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export async function hearAlertmanager(kernel: Kernel, key: string, body: unknown, client: Client): Promise<number> {
  const source = await tellerOf(kernel, key, client).catch((cause: unknown) => {
    if (cause instanceof Problem && cause.code === 'too_many_requests')
      throw new Problem('unavailable', 'Too many alerts at once. Send this again.', { details: cause.details })
    throw cause
  })
  if (source?.kind !== 'alertmanager') throw notFound()
  refuseUnsigned(kernel, source, client)
  const told = readAlertmanager(body)
  if (!told) throw invalid('alerts', 'missing', 'This is no notification of Alertmanager or Grafana: it has no list named alerts.')
  await keep(kernel, source, told)
  return told.length
}

/** Where a source has a secret, its key alone is not enough. */
function refuseUnsigned(kernel: Kernel, source: Teller, { signed }: Client): void {
  const secret = secretOf(kernel, source)
  if (secret === null) return
  const timestamp = source.timestamp_header === '' ? null : (signed?.header(source.timestamp_header) ?? '')
  const given = { body: signed?.body ?? '', signature: signed?.header(signatureHeader) ?? '', timestamp }
  if (!isSigned(given, secret, kernel.clock.now().epochMilliseconds))
    throw new Problem('sign_in_failed', 'The signature of this call is not right.')
}

/** Bearer, or the password of Basic, whatever the name. */
export function keyIn(authorization: string | undefined): string {
  const [scheme = '', value = ''] = (authorization ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return ''
  const pair = Buffer.from(value, 'base64').toString()
  return pair.slice(pair.indexOf(':') + 1)
}

export async function hearGeneric(kernel: Kernel, key: string, body: unknown, client: Client): Promise<number> {
  const source = await tellerOf(kernel, key, client)
  if (source?.kind !== 'webhook' && source?.kind !== 'alertmanager') throw notFound()
  if (source.kind === 'alertmanager') refuseUnsigned(kernel, source, client)
  const told = (source.kind === 'alertmanager' ? readAlertmanager(body) : undefined) ?? readGeneric(body, source.mapping)
  if (!told)
    throw invalid(
      'body',
      'unreadable',
      'Send a JSON object in which the mapping of the source finds a key, a device, a condition or a summary.',
    )
  await keep(kernel, source, told)
  return told.length
}

/** An example in the words of the machine itself, so that a test goes the same way as the real thing. */
export function exampleOf(kind: SourceFacts['kind'], mapping: SourceFacts['mapping'], action: 'trigger' | 'resolve', at: string): Told[] {
  const summary = 'Test: disk space on example-host is low'
  const payload = { summary, source: 'example-host', severity: 'warning', class: 'Disk space' }
  if (kind === 'pagerduty') {
    const read = readPagerDuty({ event_action: action, dedup_key: 'firstline-test', payload })
    return 'told' in read ? [read.told] : []
  }
  if (kind === 'alertmanager') {
    const status = action === 'trigger' ? 'firing' : 'resolved'
    const labels = { alertname: 'Disk space', instance: 'example-host:9100', severity: 'warning' }
    return readAlertmanager({ alerts: [{ status, labels, annotations: { summary }, startsAt: at, fingerprint: 'firstline-test' }] }) ?? []
  }
  if (kind === 'opsgenie') {
    const read = readOpsgenie({ message: summary, alias: 'firstline-test', entity: 'example-host', priority: 'P3', tags: ['Disk space'] })
    return 'told' in read ? [{ ...read.told, action }] : []
  }
  if (kind === 'mail') {
    const text = `${listOf(mapping.device)[0] ?? 'Host'}: example-host`
    const word = listOf(action === 'trigger' ? mapping.warning : mapping.cleared)[0] ?? (action === 'trigger' ? 'Warning' : 'OK')
    return [readMachineMail({ subject: `[${word}] Test: disk space`, text, from: '' }, mapping)]
  }
  const first = (paths: string) => paths.split(',')[0]?.trim() ?? ''
  const over = first(mapping.cleared) || 'ok'
  const said = {
    device: 'example-host',
    condition: 'Disk space',
    severity: 'warning',
    summary,
    state: action === 'trigger' ? 'firing' : over,
  }
  const sample: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(said)) put(sample, first(mapping[name as keyof typeof said]), value)
  return readGeneric(sample, mapping) ?? []
}

function put(into: Record<string, unknown>, path: string, value: string): void {
  const names = path.split('.').filter(Boolean)
  let here = into
  for (const [n, name] of names.entries()) {
    const last = n === names.length - 1
    // Own properties only: a path of a mapping must not lead to what all objects share.
    if (last || !Object.hasOwn(here, name))
      Object.defineProperty(here, name, { value: last ? value : {}, enumerable: true, configurable: true })
    here = here[name] as Record<string, unknown>
  }
}
