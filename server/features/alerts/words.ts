import type { Instant } from '../../kernel/clock.ts'
import type { Row } from './access-folding.ts'

/** What the program writes into tickets, in the company's language. Pure. */
type Language = 'en' | 'de'
const clock = (at: Instant, zone: string) =>
  at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')

const words = {
  en: {
    device: 'Device',
    condition: 'Condition',
    severity: 'Severity',
    source: 'Told by',
    runbook: 'Runbook',
    storm: (source: string) => `Many alerts at once from ${source}`,
    stormText: (source: string) =>
      `${source} told of more alerts within five minutes than it does one by one. They are gathered in this ticket: the panel “Alerts” lists them.`,
    told: (count: number, at: string) => `Told ${count} times so far, last at ${at}.`,
    again: (at: string) => `It is back since ${at}, and goes on in this ticket.`,
    cleared: (at: string) => `Condition cleared at ${at}, says the monitoring.`,
  },
  de: {
    device: 'Gerät',
    condition: 'Bedingung',
    severity: 'Schwere',
    source: 'Gemeldet von',
    runbook: 'Handlungsanleitung',
    storm: (source: string) => `Viele Meldungen auf einmal von ${source}`,
    stormText: (source: string) =>
      `${source} hat in fünf Minuten mehr gemeldet, als einzeln bearbeitet werden. Sie sind in diesem Ticket gesammelt; der Bereich „Meldungen“ zählt sie auf.`,
    told: (count: number, at: string) => `Bisher ${count}-mal gemeldet, zuletzt um ${at}.`,
    again: (at: string) => `Seit ${at} ist es wieder da und läuft in diesem Ticket weiter.`,
    cleared: (at: string) => `Laut Überwachung seit ${at} behoben.`,
  },
}

export type Speech = { language: Language; zone: string }
export const stormSubject = ({ language }: Speech, source: string): string => words[language].storm(source)
export const stormBody = ({ language }: Speech, source: string): string => words[language].stormText(source)
export const repeatedLine = ({ language, zone }: Speech, count: number, at: Instant): string => words[language].told(count, clock(at, zone))
export const returnedText = ({ language, zone }: Speech, at: Instant): string => words[language].again(clock(at, zone))
export const clearedText = ({ language, zone }: Speech, at: Instant): string => words[language].cleared(clock(at, zone))

export const subjectFor = ({ summary, device }: Pick<Row, 'summary' | 'device'>): string =>
  (device === '' || summary.toLowerCase().includes(device.toLowerCase()) ? summary : `${device}: ${summary}`).slice(0, 250)

export function bodyFor(
  { language }: Speech,
  row: Pick<Row, 'summary' | 'device' | 'condition' | 'severity' | 'details'>,
  source: string,
): string {
  const say = words[language]
  const facts = [
    [say.device, row.device],
    [say.condition, row.condition],
    [say.severity, row.severity],
    [say.source, source],
    [say.runbook, row.details.runbook],
  ].filter(([, value]) => value !== '')
  const links = row.details.links.map(({ href, text }) => (text === href ? href : `${text}: ${href}`))
  return [row.summary, row.details.text, facts.map(([name, value]) => `${name}: ${value}`).join('\n'), links.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
}
