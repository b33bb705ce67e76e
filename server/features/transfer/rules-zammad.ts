import type { ImportMapping } from '../../../contract/transfer.ts'
import { Temporal } from '../../kernel/clock.ts'
import { bodyText, oneLine } from '../../kernel/plain-words.ts'
import type { FileRecord, MessageRecord, OrganisationRecord, PersonRecord, RowFault, TeamRecord, TicketRecord, Whom } from './records.ts'
import { guessMeaning, guessPriority } from './rules-values.ts'

/** What Zammad's REST API says (docs.zammad.org/en/latest/api), as records of ours. Pure. */
export type ZammadOrganisation = { id: number; name: string; domain?: string | null; note?: string | null; active?: boolean }
export type ZammadGroup = { id: number; name: string; active?: boolean }
export type ZammadUser = {
  id: number
  login: string
  firstname?: string | null
  lastname?: string | null
  email?: string | null
  organization_id?: number | null
  phone?: string | null
  mobile?: string | null
  department?: string | null
  active?: boolean
}
export type ZammadTicket = {
  id: number
  number: string
  title: string
  state: string
  priority: string
  group_id: number | null
  customer_id: number | null
  owner_id: number | null
  organization_id: number | null
  create_article_type?: string | null
  close_at?: string | null
  created_at: string
  updated_at: string
}
export type ZammadArticle = {
  id: number
  from?: string | null
  to?: string | null
  cc?: string | null
  subject?: string | null
  message_id?: string | null
  content_type: string
  body: string
  internal: boolean
  type: string
  sender: string
  created_by_id: number
  origin_by_id?: number | null
  created_at: string
  attachments?: { id: number; filename: string; size: string | number; preferences?: Record<string, string> }[]
}
/** HTML comes in sanitised and with its text beside it; how, is the mail feature's. */
export type Reading = { mapping: ImportMapping; html(source: string): { text: string; html: string | null } }

const text = (value: string | null | undefined): string => value ?? ''
const at = (value: string) => Temporal.Instant.from(value)
export const whomById = (id: number | null | undefined): Whom | null =>
  id === null || id === undefined ? null : { externalId: String(id), email: null, name: '' }

export const organisationOf = (o: ZammadOrganisation): OrganisationRecord => ({
  thing: 'organisations',
  externalId: String(o.id),
  name: oneLine(o.name, 200),
  domains: text(o.domain)
    .split(/[\s,;]+/)
    .map((part) => part.toLowerCase())
    .filter((part) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(part)),
  note: bodyText(text(o.note)).slice(0, 10_000),
  specialHandling: '',
  language: null,
  site: null,
})
export const teamOf = (group: ZammadGroup): TeamRecord => ({ thing: 'teams', externalId: String(group.id), name: oneLine(group.name, 100) })

export function personOf(user: ZammadUser, { mapping }: Pick<Reading, 'mapping'>): PersonRecord {
  const email = text(user.email).trim()
  const name = oneLine(`${text(user.firstname)} ${text(user.lastname)}`, 200)
  const numbers = [
    ['work', user.phone],
    ['mobile', user.mobile],
  ] as const
  return {
    thing: 'people',
    externalId: String(user.id),
    name: name || email.split('@')[0] || oneLine(user.login, 200),
    email: /^[^@\s]+@[^@\s]+$/.test(email) ? email : null,
    organisation: user.organization_id ? { externalId: String(user.organization_id), name: null } : null,
    site: null,
    department: oneLine(text(user.department), 200),
    phones: numbers.flatMap(([kind, number]) => (text(number).trim() === '' ? [] : [{ kind, number: oneLine(text(number), 50) }])),
    language: mapping.language,
    archived: user.active === false,
  }
}

export function ticketOf(
  ticket: ZammadTicket,
  parts: { articles: ZammadArticle[]; tags: string[]; files: Map<number, FileRecord[]> },
  reading: Reading,
): { record: TicketRecord } | { faults: RowFault[] } {
  const meaning = reading.mapping.status[ticket.state.toLowerCase()] ?? guessMeaning(ticket.state)
  const priority = reading.mapping.priority[ticket.priority.toLowerCase()] ?? guessPriority(ticket.priority)
  const faults: RowFault[] = []
  const unknown = (column: string, value: string) =>
    faults.push({ column, code: 'unknown_value', message: `Ticket ${ticket.number}: say in the mapping what this value means.`, value })
  if (meaning === undefined) unknown('state', ticket.state)
  if (priority === undefined) unknown('priority', ticket.priority)
  if (meaning === undefined || priority === undefined) return { faults }
  const closedAt = ticket.close_at ? at(ticket.close_at) : null
  const finished = meaning === 'closed' || meaning === 'resolved' || meaning === 'cancelled'
  const record: TicketRecord = {
    thing: 'tickets',
    externalId: String(ticket.id),
    number: ticket.number,
    subject: oneLine(ticket.title, 250) || '…',
    kind: 'incident',
    meaning,
    priority,
    impact: priority <= 2 ? 2 : 1,
    urgency: priority <= 2 ? 3 : priority === 3 ? 2 : 1,
    channel: channelOf(ticket.create_article_type ?? parts.articles[0]?.type ?? ''),
    requester: whomById(ticket.customer_id),
    organisation: ticket.organization_id ? { externalId: String(ticket.organization_id), name: null } : null,
    team: ticket.group_id ? { externalId: String(ticket.group_id), name: null } : null,
    // User 1 is nobody: Zammad's "-".
    assignee: ticket.owner_id === 1 ? null : whomById(ticket.owner_id),
    category: null,
    tags: parts.tags
      .map((tag) => oneLine(tag, 50))
      .filter((tag) => tag !== '')
      .slice(0, 20),
    createdAt: at(ticket.created_at),
    resolvedAt: finished ? (closedAt ?? at(ticket.updated_at)) : null,
    closedAt: meaning === 'closed' ? (closedAt ?? at(ticket.updated_at)) : null,
    resolution: '',
    messages: parts.articles.map((article) => messageOf(article, parts.files.get(article.id) ?? [], ticket, reading)),
  }
  return { record }
}

function channelOf(type: string): TicketRecord['channel'] {
  if (type === 'email') return 'mail'
  if (type === 'phone' || type === 'web' || type === 'chat') return type === 'web' ? 'portal' : type
  return 'api'
}

function messageOf(article: ZammadArticle, files: FileRecord[], ticket: ZammadTicket, reading: Reading): MessageRecord {
  const isHtml = /html/i.test(article.content_type)
  const shown = isHtml ? reading.html(article.body) : { text: bodyText(article.body), html: null }
  const inside = article.internal || (article.type === 'note' && article.sender === 'System')
  const kinds: Record<string, MessageRecord['kind']> = { email: 'mail', phone: 'phone', web: 'portal', chat: 'chat' }
  const side = inside ? 'inside' : article.sender === 'Customer' ? 'in' : 'out'
  // What an agent wrote on the phone for a caller counts as the caller's; the API names them in origin_by_id.
  const author = side === 'in' ? (article.origin_by_id ?? ticket.customer_id) : (article.origin_by_id ?? article.created_by_id)
  return {
    externalId: `${ticket.id}/${article.id}`,
    at: at(article.created_at),
    kind: inside ? 'note' : (kinds[article.type] ?? 'api'),
    side,
    author: author === 1 ? null : whomById(author),
    from: addressesIn(text(article.from))[0] ?? { name: oneLine(text(article.from), 200), email: '' },
    to: addressesIn(text(article.to)),
    cc: addressesIn(text(article.cc)),
    subject: oneLine(text(article.subject), 250),
    body: shown.text.slice(0, 500_000),
    html: shown.html,
    messageId: messageIdIn(text(article.message_id)),
    files,
  }
}

/** Without angle brackets, as the mail feature keeps them. */
export const messageIdIn = (value: string): string | null => /<?([^<>\s]{3,500}@[^<>\s]+)>?/.exec(value)?.[1] ?? null

/** `Ada Example <ada@x.example>, bob@x.example`; names in quotes may hold commas. */
export function addressesIn(value: string): { name: string; email: string }[] {
  const parts = value.slice(0, 20_000).match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []
  return parts.flatMap((part) => {
    const named = /^\s*(.*?)\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(part)
    if (named) return [{ name: oneLine((named[1] ?? '').replace(/^"|"$/g, '').replaceAll('\\"', '"'), 200), email: named[2] ?? '' }]
    const plain = part.trim()
    return /^[^@\s]+@[^@\s]+$/.test(plain) ? [{ name: '', email: plain }] : []
  })
}
