import { createHash } from 'node:crypto'
import { emailAddress } from '../../../contract/endpoint.ts'
import type { ImportField, ImportKind, ImportMapping, RowProblemCode } from '../../../contract/transfer.ts'
import type { Instant } from '../../kernel/clock.ts'
import { bodyText, oneLine } from '../../kernel/plain-words.ts'
import { priorityOf } from '../tickets/rules.ts'
import type { CsvRecord } from './csv.ts'
import type { ImportRecord, Item, MessageRecord, RowFault, Whom } from './records.ts'
import { guessChannel, guessKind, guessLanguage, guessLevel, guessMeaning, guessPriority, readDate } from './rules-values.ts'

/** A row of a CSV file as a record of ours, or all that is wrong with it: pure, one column after the other. */
export type RowReading = { kind: ImportKind; headers: readonly string[]; mapping: ImportMapping; now: Instant }
type Row = {
  text(field: ImportField): string
  line(field: ImportField, longest: number): string
  fault(field: ImportField, code: RowProblemCode, message: string): void
  reading: RowReading
}

export function itemOf(record: CsvRecord, reading: RowReading): Item {
  const faults: RowFault[] = []
  const columnOf = (field: ImportField) => reading.mapping.columns[field]
  const text = (field: ImportField) => {
    const at = columnOf(field)
    return at === undefined ? '' : (record.fields[at] ?? '').trim()
  }
  const row: Row = {
    reading,
    text,
    line(field, longest) {
      const value = oneLine(text(field), longest + 1)
      if (value.length > longest) row.fault(field, 'too_long', `Longer than ${longest} characters.`)
      return value
    },
    fault(field, code, message) {
      const at = columnOf(field)
      faults.push({ column: at === undefined ? field : (reading.headers[at] ?? field), code, message, value: text(field).slice(0, 200) })
    },
  }
  if (record.broken) return { line: record.line, thing: reading.kind, faults: [brokenFault(record, reading.headers)] }
  const made = read[reading.kind](row, record)
  return faults.length > 0 ? { line: record.line, thing: reading.kind, faults } : { line: record.line, thing: reading.kind, record: made }
}

function brokenFault({ broken, fields }: CsvRecord, headers: readonly string[]): RowFault {
  const at = broken?.column ?? 0
  const message =
    broken?.code === 'open_quote'
      ? 'A quotation mark is opened and not closed, or text follows a closed one.'
      : 'More than a thousand cells.'
  return { column: headers[at] ?? String(at + 1), code: broken?.code ?? 'unreadable', message, value: (fields[at] ?? '').slice(0, 200) }
}

/** Without a number of its own a row is known by what it says: the same file again changes nothing. */
const digest = (parts: readonly string[]): string =>
  `row:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}`

function addressIn(row: Row, field: ImportField): string | null {
  const value = row.text(field)
  if (value === '') return null
  const read = emailAddress.safeParse(value)
  if (read.success) return read.data
  row.fault(field, 'not_an_address', 'Not a mail address like name@example.com.')
  return null
}

const read: Record<ImportKind, (row: Row, record: CsvRecord) => ImportRecord> = {
  people(row, record) {
    const name = row.line('name', 200) || [row.line('firstName', 100), row.line('lastName', 100)].filter((part) => part !== '').join(' ')
    const email = addressIn(row, 'email')
    if (name === '' && email === null && row.text('email') === '')
      row.fault(mappedOf(row, ['name', 'lastName', 'email']), 'missing', 'A person needs a name.')
    const organisation = row.line('organisation', 200)
    const site = row.line('site', 200)
    if (site !== '' && organisation === '') row.fault('organisation', 'missing', 'A site needs an organisation.')
    const language = row.text('language')
    if (language !== '' && guessLanguage(language) === undefined)
      row.fault('language', 'unknown_value', 'Only English and German are known.')
    const phones = (['phone', 'mobile'] as const).flatMap((field) => {
      const number = row.line(field, 50)
      return number === '' ? [] : [{ kind: field === 'phone' ? ('work' as const) : ('mobile' as const), number }]
    })
    return {
      thing: 'people',
      externalId: row.line('externalId', 100) || (email === null ? digest(record.fields) : `mail:${email.toLowerCase()}`),
      name: name || (email ?? '').split('@')[0] || '',
      email,
      organisation: organisation === '' ? null : { externalId: null, name: organisation },
      site: site || null,
      department: row.line('department', 200),
      phones,
      language: guessLanguage(language) ?? row.reading.mapping.language,
      archived: false,
    }
  },
  organisations(row) {
    const name = row.line('name', 200)
    if (name === '') row.fault('name', 'missing', 'An organisation needs a name.')
    const domains = row
      .text('domains')
      .split(/[\s,;]+/)
      .filter((part) => part !== '')
      .map((part) => part.replace(/^@/, '').toLowerCase())
    if (domains.some((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain) || domain.length > 253))
      row.fault('domains', 'not_a_domain', 'Not a mail domain like example.com.')
    const site = row.line('site', 200)
    return {
      thing: 'organisations',
      externalId: row.line('externalId', 100) || `name:${name.toLowerCase()}`,
      name,
      domains,
      note: bodyText(row.text('note')).slice(0, 10_000),
      specialHandling: bodyText(row.text('specialHandling')).slice(0, 4000),
      language: guessLanguage(row.text('language')) ?? null,
      site:
        site === '' && row.text('address') === '' ? null : { name: site || name, address: bodyText(row.text('address')).slice(0, 1000) },
    }
  },
  tickets(row, record) {
    const { mapping, now } = row.reading
    const subject = oneLine(row.text('subject'), 250)
    if (subject === '') row.fault('subject', 'missing', 'A ticket needs a subject.')
    const requester = requesterOf(row)
    const meaning = meantBy(row, 'status', mapping.status, guessMeaning) ?? 'closed'
    const [impact, urgency] = [levelOf(row, 'impact') ?? 1, levelOf(row, 'urgency') ?? 1]
    const priority = meantBy(row, 'priority', mapping.priority, guessPriority) ?? priorityOf(impact, urgency)
    const createdAt = dateOf(row, 'createdAt') ?? now
    const resolution = bodyText(row.text('resolution')).slice(0, 100_000)
    const externalId = row.line('number', 100) || digest(record.fields)
    const channel = guessChannel(row.text('channel'))
    const text = bodyText(row.text('description')).slice(0, 500_000) || subject
    return {
      thing: 'tickets',
      externalId,
      number: row.text('number').slice(0, 50),
      subject,
      kind: meantBy(row, 'kind', mapping.kind, guessKind) ?? 'incident',
      meaning,
      priority,
      impact,
      urgency,
      channel,
      requester,
      organisation: namedIn(row, 'organisation'),
      team: namedIn(row, 'team'),
      assignee: whomIn(row.line('assignee', 200)),
      category: row.line('category', 300) || null,
      tags: row
        .text('tags')
        .split(/[,;|]/)
        .map((tag) => oneLine(tag, 50))
        .filter((tag) => tag !== '')
        .slice(0, 20),
      createdAt,
      resolvedAt: dateOf(row, 'resolvedAt'),
      closedAt: dateOf(row, 'closedAt'),
      resolution,
      messages: [firstMessage(externalId, createdAt, channel, requester, subject, text)],
    }
  },
}

/** The first of these that is a column of the file. */
const mappedOf = (row: Row, fields: readonly [ImportField, ...ImportField[]]): ImportField =>
  fields.find((field) => row.reading.mapping.columns[field] !== undefined) ?? fields[0]

function requesterOf(row: Row): Whom | null {
  const name = row.line('requesterName', 200)
  // Some exports have the address where the name should be.
  const field: ImportField = row.text('requesterEmail') !== '' || !name.includes('@') ? 'requesterEmail' : 'requesterName'
  const email = addressIn(row, field)
  if (email !== null) return { externalId: null, email, name: field === 'requesterName' ? '' : name }
  if (row.text(field) !== '' && field === 'requesterEmail') return null
  if (name !== '' && !name.includes('@')) return { externalId: null, email: null, name }
  if (row.reading.mapping.requester === null)
    row.fault(
      mappedOf(row, ['requesterEmail', 'requesterName']),
      'missing',
      'Nobody is named who asked. Name a column, or a person for all such rows.',
    )
  return null
}

export const whomIn = (text: string): Whom | null =>
  text === '' ? null : text.includes('@') ? { externalId: null, email: text, name: '' } : { externalId: null, email: null, name: text }

function namedIn(row: Row, field: 'organisation' | 'team'): { externalId: null; name: string } | null {
  const name = row.line(field, field === 'team' ? 100 : 200)
  return name === '' ? null : { externalId: null, name }
}

/** By the mapping, else by what such a word usually means; a word that nobody knows is a fault, never a guess. */
function meantBy<V>(
  row: Row,
  field: 'status' | 'priority' | 'kind',
  chosen: Record<string, V>,
  guess: (value: string) => V | undefined,
): V | undefined {
  const value = row.text(field)
  if (value === '') return undefined
  const found = chosen[value.toLowerCase().slice(0, 200)] ?? guess(value)
  if (found === undefined) row.fault(field, 'unknown_value', 'Say in the mapping what this value means.')
  return found
}

function levelOf(row: Row, field: 'impact' | 'urgency'): number | undefined {
  const value = row.text(field)
  const found = value === '' ? undefined : guessLevel(value)
  if (value !== '' && found === undefined) row.fault(field, 'unknown_value', 'Not one of low, medium, high.')
  return found
}

function dateOf(row: Row, field: 'createdAt' | 'resolvedAt' | 'closedAt'): Instant | null {
  const value = row.text(field)
  if (value === '') return null
  const { dateOrder, timeZone } = row.reading.mapping
  const found = readDate(value, { order: dateOrder, timeZone })
  if (found === undefined) row.fault(field, 'not_a_date', 'Not a date like 2026-03-31 14:05 or 31.03.2026 14:05.')
  return found ?? null
}

function firstMessage(
  externalId: string,
  at: Instant,
  channel: string,
  requester: Whom | null,
  subject: string,
  body: string,
): MessageRecord {
  const kind = channel === 'mail' || channel === 'phone' || channel === 'portal' || channel === 'chat' ? channel : 'api'
  return {
    externalId: `${externalId}/1`,
    at,
    kind,
    side: 'in',
    author: requester,
    from: { name: requester?.name ?? '', email: requester?.email ?? '' },
    to: [],
    cc: [],
    subject,
    body,
    html: null,
    messageId: null,
    files: [],
  }
}
