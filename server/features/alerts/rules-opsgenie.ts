import { randomUUID } from 'node:crypto'
import type { Severity } from '../../../contract/alerts.ts'
import { clean, fieldsOf, keyOf, prose, type Told, valuesOf } from './rules-reading.ts'

/**
 * Opsgenie's alert API, as far as monitoring speaks it. What is too long is cut, not refused. Pure.
 * https://docs.opsgenie.com/docs/alert-api
 */
const severityOf: Record<string, Severity> = { P1: 'critical', P2: 'error', P3: 'warning', P4: 'info', P5: 'info' }

export function readOpsgenie(body: unknown): { told: Told } | { error: string } {
  const fields = fieldsOf(body)
  const message = clean(fields.message, 1024)
  if (message === '') return { error: 'Message can not be empty.' }
  const details = fieldsOf(fields.details)
  const tags = Array.isArray(fields.tags) ? fields.tags.map((tag) => clean(tag, 50)).filter(Boolean) : []
  const text = [prose(fields.description, 15_000), prose(fields.note, 4_000)].filter(Boolean).join('\n\n')
  return {
    told: {
      key: keyOf(clean(fields.alias, 2000) || randomUUID()),
      action: 'trigger',
      severity: severityOf[clean(fields.priority, 2).toUpperCase()] ?? 'warning',
      device: clean(fields.entity, 250) || clean(details.host ?? details.instance, 250),
      condition: clean(details.alertname, 250) || tags[0] || '',
      summary: message,
      beganAt: null,
      text,
      runbook: '',
      links: [],
      values: [...valuesOf(details), ...(tags.length > 0 ? [{ name: 'tags', value: tags.join(', ').slice(0, 1000) }] : [])].slice(0, 50),
    },
  }
}

/** What is only about an alert, not of it. */
export const actOn = (key: string, action: 'resolve' | 'acknowledge', summary: string): Told => ({
  key: keyOf(key),
  action,
  severity: 'warning',
  device: '',
  condition: '',
  summary,
  beganAt: null,
  text: '',
  runbook: '',
  links: [],
  values: [],
})
export const noteIn = (body: unknown): string => prose(fieldsOf(body).note, 25_000).trim()
export const userIn = (body: unknown): string => clean(fieldsOf(body).user, 100)
