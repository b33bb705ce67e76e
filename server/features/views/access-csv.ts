import { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { Field } from '../../../contract/fields.ts'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { SavedView } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { heldInWords, listFields } from '../fields/access.ts'
import { csvLine } from '../timekeeping/rules.ts'
import type { ViewFacts } from './access.ts'
import { ticketsOfView } from './access-list.ts'

/** The whole view, page by page; its columns in its order. What is sent is bounded, because the answer waits in memory. */
const most = 50_000
const pageSize = 1000
type AnyColumn = SavedView['columns'][number]['key']
type Column = Exclude<AnyColumn, `own:${string}`>

const heads: Record<'en' | 'de', Record<Column, string>> = {
  en: {
    number: 'Number',
    subject: 'Subject',
    requester: 'Requester',
    organisation: 'Customer',
    status: 'Status',
    priority: 'Priority',
    team: 'Team',
    assignee: 'Assignee',
    kind: 'Kind',
    channel: 'Channel',
    tags: 'Tags',
    created: 'Created',
    changed: 'Changed',
    lastMessage: 'Last message',
    waiting: 'Waiting since',
  },
  de: {
    number: 'Nummer',
    subject: 'Betreff',
    requester: 'Anfragende Person',
    organisation: 'Kunde',
    status: 'Status',
    priority: 'Priorität',
    team: 'Team',
    assignee: 'Zuständig',
    kind: 'Art',
    channel: 'Kanal',
    tags: 'Schlagwörter',
    created: 'Erstellt',
    changed: 'Geändert',
    lastMessage: 'Letzte Nachricht',
    waiting: 'Wartet seit',
  },
}
const cellOf: Record<Column, (row: TicketRow) => string | number> = {
  number: (row) => row.number,
  subject: (row) => row.subject,
  requester: (row) => row.requester.name,
  organisation: (row) => row.organisation?.name ?? '',
  status: (row) => row.status.name,
  priority: (row) => row.priority,
  team: (row) => row.team?.name ?? '',
  assignee: (row) => row.assignee?.name ?? '',
  kind: (row) => row.kind,
  channel: (row) => row.channel,
  tags: (row) => row.tags.join(', '),
  created: (row) => row.createdAt,
  changed: (row) => row.changedAt,
  lastMessage: (row) => row.lastMessageAt ?? '',
  waiting: (row) => row.waitingSince ?? '',
}
const usual: AnyColumn[] = [
  'number',
  'subject',
  'requester',
  'organisation',
  'status',
  'priority',
  'team',
  'assignee',
  'created',
  'changed',
]

export async function csvOfView(context: Context, view: ViewFacts): Promise<{ content: Readable; name: string; mediaType: string }> {
  const columns = columnsOf(view)
  const { language } = context.actor
  const own = await ownFieldsOf(context, columns)
  const parts = [`\ufeff${csvLine(columns.map((key) => headOf(key, own, language)))}\r\n`]
  let after: string | undefined
  for (let rows = 0; rows < most; ) {
    const page = await ticketsOfView(context, view, { limit: pageSize, after })
    const ids = page.items.map((row) => row.id)
    const held = own.length > 0 ? await heldInWords(context, own, ids) : undefined
    const cell = (row: TicketRow, key: AnyColumn) => {
      const at = own.findIndex((one) => isColumnOf(one, key))
      if (at < 0) return cellOf[key as Column]?.(row) ?? ''
      const said = held?.get(row.id)?.[at] ?? ''
      return own[at]?.type === 'number' && said !== '' ? Number(said) : said
    }
    parts.push(page.items.map((row) => `${csvLine(columns.map((key) => cell(row, key)))}\r\n`).join(''))
    rows += page.items.length
    if (page.next === null) break
    after = page.next
  }
  return { content: Readable.from(parts), name: `${view.name}.csv`, mediaType: 'text/csv' }
}

export const columnsOf = (view: Pick<ViewFacts, 'columns'>): AnyColumn[] =>
  view.columns.length > 0 ? view.columns.map((one) => one.key) : usual

export const headOf = (key: AnyColumn, own: readonly Field[], language: 'en' | 'de'): string =>
  own.find((one) => isColumnOf(one, key))?.label[language] ?? heads[language][key as Column] ?? ''

const isColumnOf = (field: Field, key: AnyColumn) => key === `own:${field.id}`

export async function ownFieldsOf(context: Context, columns: readonly AnyColumn[]): Promise<Field[]> {
  const ids = columns.flatMap((key) => (key.startsWith('own:') ? [key.slice(4)] : []))
  return ids.length > 0 ? listFields(context, sql`where f.id = any(${ids}::bigint[])`) : []
}
