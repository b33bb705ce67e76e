import { createHash, randomUUID } from 'node:crypto'
import type { AlertMapping, Severity } from '../../../contract/alerts.ts'
import type { Action } from './rules.ts'
import { listOf, severities } from './rules-mapping.ts'

/**
 * What machines send, read into one form. Lenient where nothing is lost (types, lengths, unknown severities), strict
 * where it would not be known what is meant. Pure.
 * PagerDuty: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 * Alertmanager: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export type Told = {
  key: string
  action: Action
  severity: Severity
  device: string
  condition: string
  summary: string
  /** When the source says that this episode began; null: it does not tell episodes apart. */
  beganAt: string | null
  text: string
  runbook: string
  links: { href: string; text: string }[]
  values: { name: string; value: string }[]
}
export type ToldChange = { device: string; summary: string; links: Told['links'] }
type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value)
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are taken out
const controls = /[\u0000-\u001f\u007f]+/g
/** One line that PostgreSQL can store. */
export function clean(value: unknown, most: number): string {
  const raw = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  return raw.replace(controls, ' ').trim().slice(0, most)
}
export const prose = (value: unknown, most: number): string =>
  typeof value === 'string' ? value.replaceAll('\u0000', '').slice(0, most) : ''
export const webOnly = (value: unknown): string =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && value.length <= 2000 ? value : ''
/** A key that is too long is still a key: its beginning and its hash. */
export const keyOf = (raw: string): string =>
  raw.length <= 255 ? raw : `${raw.slice(0, 190)}:${createHash('sha256').update(raw).digest('hex')}`

const severityWords: Record<Severity, readonly string[]> = {
  critical: ['critical', 'crit', 'emergency', 'emerg', 'alert', 'fatal', 'disaster', 'down', 'p1', 'highest', 'page'],
  error: ['error', 'err', 'high', 'major', 'severe', 'p2'],
  warning: ['warning', 'warn', 'average', 'medium', 'minor', 'p3', 'problem', 'degraded'],
  info: ['info', 'information', 'informational', 'notice', 'low', 'lowest', 'debug', 'none', 'p4', 'p5'],
}
/** By the source's own words, then by the usual ones. */
export function severityIn(word: unknown, own?: AlertMapping): Severity {
  const said = clean(word, 50).toLowerCase()
  const named = own && severities.find((severity) => listOf(own[severity]).includes(said))
  if (named) return named
  return (Object.entries(severityWords) as [Severity, readonly string[]][]).find(([, words]) => words.includes(said))?.[0] ?? 'warning'
}

export function valuesOf(value: unknown): Told['values'] {
  return Object.entries(fieldsOf(value))
    .slice(0, 50)
    .map(([name, one]) => ({
      name: clean(name, 100),
      value: clean(typeof one === 'object' && one !== null ? JSON.stringify(one) : one, 1000),
    }))
    .filter((one) => one.value !== '')
}

function linksOf(value: unknown): Told['links'] {
  if (!Array.isArray(value)) return []
  return value
    .map(fieldsOf)
    .map((one) => ({ href: webOnly(one.href), text: clean(one.text, 200) || webOnly(one.href) }))
    .filter((one) => one.href !== '')
    .slice(0, 20)
}

/** Refusals in PagerDuty's own words, for its clients read them. */
export function readPagerDuty(body: unknown): { told: Told } | { errors: string[] } {
  if (!isFields(body)) return { errors: ['The body is not a JSON object'] }
  const payload = fieldsOf(body.payload)
  const action = clean(body.event_action, 20) as Action
  const key = clean(body.dedup_key, 2000)
  const errors: string[] = []
  if (!['trigger', 'acknowledge', 'resolve'].includes(action))
    errors.push("'event_action' is missing or is not one of trigger, acknowledge, resolve")
  if (action !== 'trigger' && key === '') errors.push("'dedup_key' is missing or blank")
  if (action === 'trigger') {
    for (const field of ['summary', 'source'] as const)
      if (clean(payload[field], 10) === '') errors.push(`'payload.${field}' is missing or blank`)
    if (!['critical', 'error', 'warning', 'info'].includes(clean(payload.severity, 20)))
      errors.push("'payload.severity' is missing or is not one of critical, error, warning, info")
  }
  if (errors.length > 0) return { errors }
  const client = webOnly(body.client_url)
  const details = payload.custom_details
  return {
    told: {
      key: keyOf(key === '' ? randomUUID().replaceAll('-', '') : key),
      action,
      severity: severityIn(payload.severity),
      device: clean(payload.source, 250),
      condition: clean(payload.class, 250) || clean(payload.component, 250),
      summary: clean(payload.summary, 1024),
      beganAt: null,
      text: prose(details, 20_000),
      runbook: '',
      links: [...linksOf(body.links), ...(client ? [{ href: client, text: clean(body.client, 200) || client }] : [])],
      values: [
        ...(['component', 'group', 'class'] as const)
          .map((name) => ({ name, value: clean(payload[name], 250) }))
          .filter((one) => one.value !== ''),
        ...valuesOf(details),
      ],
    },
  }
}

export function readPagerDutyChange(body: unknown): { change: ToldChange } | { errors: string[] } {
  const payload = fieldsOf(fieldsOf(body).payload)
  const summary = clean(payload.summary, 1024)
  if (summary === '') return { errors: ["'payload.summary' is missing or blank"] }
  return { change: { device: clean(payload.source, 250), summary, links: linksOf(fieldsOf(body).links) } }
}

/** The first version, which old scripts still speak. It knows neither device nor severity. */
export function readPagerDutyOne(body: unknown): { told: Told } | { errors: string[] } {
  const fields = fieldsOf(body)
  const details = fieldsOf(fields.details)
  return readPagerDuty({
    event_action: fields.event_type,
    dedup_key: fields.incident_key,
    client: fields.client,
    client_url: fields.client_url,
    payload: {
      summary: fields.description,
      source: details.HOSTNAME ?? details.host ?? details.source ?? fields.client ?? 'unknown',
      severity: 'error',
      class: details.SERVICEDESC ?? details.service,
      custom_details: fields.details,
    },
  })
}

/** Alertmanager's and Grafana's; each alert for itself. Undefined: it is none of theirs. */
export function readAlertmanager(body: unknown): Told[] | undefined {
  if (!isFields(body) || !Array.isArray(body.alerts)) return undefined
  return body.alerts.filter(isFields).map((alert) => alertOf(alert))
}

function alertOf(alert: Fields): Told {
  const labels = fieldsOf(alert.labels)
  const annotations = fieldsOf(alert.annotations)
  const name = clean(labels.alertname, 250)
  const device = clean(labels.instance ?? labels.host ?? labels.hostname ?? labels.node ?? labels.device, 250)
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  const fingerprint = clean(alert.fingerprint, 255) || createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
  const began = typeof alert.startsAt === 'string' && Number.isFinite(Date.parse(alert.startsAt)) ? new Date(alert.startsAt) : null
  const link = (href: unknown, text: string) => (webOnly(href) ? [{ href: webOnly(href), text }] : [])
  return {
    key: fingerprint,
    action: alert.status === 'resolved' ? 'resolve' : 'trigger',
    severity: severityIn(labels.severity ?? labels.priority),
    device: device.replace(/:\d{1,5}$/, ''),
    condition: name,
    summary:
      clean(annotations.summary ?? annotations.title ?? annotations.message, 1024) ||
      [name, device].filter(Boolean).join(' ') ||
      fingerprint,
    // The year 1 is Go's way to say nothing.
    beganAt: began && began.getUTCFullYear() > 1 ? began.toISOString() : null,
    text: prose(annotations.description, 20_000),
    runbook: webOnly(annotations.runbook_url ?? annotations.runbook),
    links: [
      ...link(alert.generatorURL, 'Source'),
      ...link(alert.dashboardURL, 'Dashboard'),
      ...link(alert.panelURL, 'Panel'),
      ...link(alert.silenceURL, 'Silence'),
    ],
    values: [
      ...valuesOf(labels),
      ...valuesOf(alert.values),
      ...valuesOf(annotations.value === undefined ? {} : { value: annotations.value }),
    ],
  }
}

/** Any JSON by the mapping of its source. A list is read one by one. Undefined: there is nothing that could be named. */
export function readGeneric(body: unknown, mapping: AlertMapping): Told[] | undefined {
  const all = Array.isArray(body) ? body : [body]
  const read = all.slice(0, 1000).map((one) => genericOf(one, mapping))
  return read.length > 0 && read.every((one) => one !== undefined) ? (read as Told[]) : undefined
}

function genericOf(body: unknown, mapping: AlertMapping): Told | undefined {
  if (!isFields(body)) return undefined
  const device = clean(at(body, mapping.device), 250)
  const condition = clean(at(body, mapping.condition), 250)
  const summary = clean(at(body, mapping.summary), 1024) || [condition, device].filter(Boolean).join(' ')
  const key = clean(at(body, mapping.key), 2000) || [device, condition].filter(Boolean).join(' | ') || summary
  if (key === '') return undefined
  const state = clean(at(body, mapping.state), 50).toLowerCase()
  const cleared = listOf(mapping.cleared)
  const href = webOnly(at(body, mapping.link))
  return {
    key: keyOf(key),
    action: state !== '' && cleared.includes(state) ? 'resolve' : /^ack/.test(state) ? 'acknowledge' : 'trigger',
    severity: severityIn(at(body, mapping.severity), mapping),
    device,
    condition,
    summary,
    beganAt: null,
    text: '',
    runbook: '',
    links: href ? [{ href, text: href }] : [],
    values: valuesOf(body),
  }
}

/** `a.b,c`: the first path that leads to something that is not empty. Only own names: no path leads to a prototype. */
function at(body: Fields, paths: string): unknown {
  for (const path of paths.split(',')) {
    let value: unknown = body
    for (const name of path.trim().split('.')) {
      if (name === '') break
      value = value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? (value as Fields)[name] : undefined
    }
    if (path.trim() !== '' && value !== undefined && value !== null && typeof value !== 'object' && value !== '') return value
  }
  return undefined
}
