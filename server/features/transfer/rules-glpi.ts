import type { Meaning } from '../../../contract/tickets.ts'
import type { Instant } from '../../kernel/clock.ts'
import { bodyText, oneLine } from '../../kernel/plain-words.ts'
import type { FileRecord, MessageRecord, OrganisationRecord, PersonRecord, TeamRecord, TicketRecord, Whom } from './records.ts'
import { readDate } from './rules-values.ts'
import { type Reading, whomById } from './rules-zammad.ts'

/** What GLPI's REST API says (apirest.php, version 1), as records of ours. Pure. Its numbers are fixed in its source. */
export type GlpiEntity = {
  id: number
  name: string
  completename?: string
  mail_domain?: string | null
  comment?: string | null
  address?: string | null
  town?: string | null
  postcode?: string | null
}
export type GlpiGroup = { id: number; name: string; completename?: string }
export type GlpiUser = {
  id: number
  name: string
  realname?: string | null
  firstname?: string | null
  phone?: string | null
  phone2?: string | null
  mobile?: string | null
  language?: string | null
  entities_id?: number
  is_active?: number
  is_deleted?: number
}
export type GlpiTicket = {
  id: number
  name: string
  content: string | null
  status: number
  urgency: number
  impact: number
  priority: number
  type: number
  entities_id: number
  itilcategories_id: number
  requesttypes_id: number
  users_id_recipient: number
  date: string
  solvedate: string | null
  closedate: string | null
  is_deleted?: number
}
export type GlpiFollowup = {
  id: number
  content: string | null
  users_id: number
  is_private: number
  date: string | null
  date_creation?: string | null
  requesttypes_id?: number
}
export type GlpiSolution = { id: number; content: string | null; users_id: number; date_creation: string | null }
export type GlpiTask = {
  id: number
  content: string | null
  users_id: number
  is_private: number
  date: string | null
  date_creation?: string | null
}
export type GlpiTicketUser = { users_id: number; type: number; alternative_email?: string }
export type GlpiTicketGroup = { groups_id: number; type: number }
export type GlpiParts = {
  followups: GlpiFollowup[]
  solutions: GlpiSolution[]
  tasks: GlpiTask[]
  users: GlpiTicketUser[]
  groups: GlpiTicketGroup[]
  files: FileRecord[]
  category: string | null
}

/** Ticket.php: INCOMING 1, ASSIGNED 2, PLANNED 3, WAITING 4, SOLVED 5, CLOSED 6; 10 is a ticket that waits for validation. */
export const glpiStatus: Record<string, Meaning> = {
  '1': 'new',
  '2': 'open',
  '3': 'scheduled',
  '4': 'waiting-requester',
  '5': 'resolved',
  '6': 'closed',
  '10': 'waiting-approval',
}
/** 1 very low to 5 very high, 6 major. */
export const glpiPriority: Record<string, number> = { '6': 1, '5': 1, '4': 2, '3': 3, '2': 4, '1': 5 }
const level = (five: number): number => (five >= 4 ? 3 : five === 3 ? 2 : 1)
const channels: Record<number, TicketRecord['channel']> = { 1: 'portal', 2: 'mail', 3: 'phone', 4: 'counter' }

export const entityOf = (entity: GlpiEntity): OrganisationRecord => ({
  thing: 'organisations',
  externalId: String(entity.id),
  name: oneLine(entity.name, 200),
  domains: (entity.mail_domain ?? '')
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^@/, '').toLowerCase())
    .filter((part) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(part)),
  note: bodyText(entity.comment ?? '').slice(0, 10_000),
  specialHandling: '',
  language: null,
  site: entity.address
    ? {
        name: oneLine(entity.town || entity.name, 200),
        address: bodyText(
          [entity.address, `${entity.postcode ?? ''} ${entity.town ?? ''}`.trim()].filter((part) => part !== '').join('\n'),
        ),
      }
    : null,
})
export const groupOf = (group: GlpiGroup): TeamRecord => ({
  thing: 'teams',
  externalId: String(group.id),
  name: oneLine(group.completename || group.name, 100),
})

export function glpiPerson(user: GlpiUser, email: string | null, { mapping }: Pick<Reading, 'mapping'>): PersonRecord {
  const name = oneLine(`${user.firstname ?? ''} ${user.realname ?? ''}`, 200)
  const numbers = [
    ['work', user.phone],
    ['work', user.phone2],
    ['mobile', user.mobile],
  ] as const
  return {
    thing: 'people',
    externalId: String(user.id),
    name: name || oneLine(user.name, 200) || (email ?? ''),
    email: email !== null && /^[^@\s]+@[^@\s]+$/.test(email) ? email : null,
    // Entity 0 is the root: the desk itself, no customer.
    organisation: user.entities_id ? { externalId: String(user.entities_id), name: null } : null,
    site: null,
    department: '',
    phones: numbers.flatMap(([kind, number]) => ((number ?? '').trim() === '' ? [] : [{ kind, number: oneLine(number ?? '', 50) }])),
    language: (user.language ?? '').startsWith('de') ? 'de' : (user.language ?? '').startsWith('en') ? 'en' : mapping.language,
    archived: user.is_active === 0 || user.is_deleted === 1,
  }
}

export function glpiTicket(ticket: GlpiTicket, parts: GlpiParts, reading: Reading, now: Instant): TicketRecord {
  const time = (value: string | null | undefined): Instant | null =>
    value ? (readDate(value, { order: 'dmy', timeZone: reading.mapping.timeZone }) ?? null) : null
  const createdAt = time(ticket.date) ?? now
  const requester = parts.users.find((one) => one.type === 1)
  const assigned = parts.users.find((one) => one.type === 2)
  const group = parts.groups.find((one) => one.type === 2)
  const solution = parts.solutions.at(-1)
  const asks: Whom = requester
    ? requester.users_id > 0
      ? whomById(requester.users_id)!
      : { externalId: null, email: requester.alternative_email ?? null, name: '' }
    : whomById(ticket.users_id_recipient)!
  return {
    thing: 'tickets',
    externalId: String(ticket.id),
    number: String(ticket.id),
    subject: oneLine(unescaped(ticket.name), 250) || '…',
    kind: ticket.type === 2 ? 'request' : 'incident',
    meaning: reading.mapping.status[String(ticket.status)] ?? glpiStatus[String(ticket.status)] ?? 'open',
    priority: reading.mapping.priority[String(ticket.priority)] ?? glpiPriority[String(ticket.priority)] ?? 4,
    impact: level(ticket.impact),
    urgency: level(ticket.urgency),
    channel: channels[ticket.requesttypes_id] ?? 'api',
    requester: asks,
    organisation: ticket.entities_id ? { externalId: String(ticket.entities_id), name: null } : null,
    team: group ? { externalId: String(group.groups_id), name: null } : null,
    assignee: assigned && assigned.users_id > 0 ? whomById(assigned.users_id) : null,
    category: parts.category,
    tags: [],
    createdAt,
    resolvedAt: time(ticket.solvedate),
    closedAt: time(ticket.closedate),
    resolution: solution ? shown(solution.content, reading).text.slice(0, 100_000) : '',
    messages: messagesOf(ticket, parts, asks, reading, time, createdAt),
  }
}

function messagesOf(
  ticket: GlpiTicket,
  parts: GlpiParts,
  asks: Whom,
  reading: Reading,
  time: (value: string | null | undefined) => Instant | null,
  createdAt: Instant,
): MessageRecord[] {
  const sides = (userId: number): 'in' | 'out' => (String(userId) === asks.externalId ? 'in' : 'out')
  const made = (
    key: string,
    at: Instant | null,
    side: MessageRecord['side'],
    author: Whom | null,
    content: string | null,
    files: FileRecord[] = [],
  ): MessageRecord => {
    const { text, html } = shown(content, reading)
    const nobody = { name: '', email: '' }
    const kind = side === 'inside' ? 'note' : 'portal'
    return {
      externalId: `${ticket.id}/${key}`,
      at: at ?? createdAt,
      kind,
      side,
      author,
      from: nobody,
      to: [],
      cc: [],
      subject: '',
      body: text.slice(0, 500_000),
      html,
      messageId: null,
      files,
    }
  }
  const rest = [
    ...parts.followups.map((f) =>
      made(`f${f.id}`, time(f.date ?? f.date_creation), f.is_private ? 'inside' : sides(f.users_id), whomById(f.users_id), f.content),
    ),
    ...parts.tasks.map((f) => made(`t${f.id}`, time(f.date ?? f.date_creation), 'inside', whomById(f.users_id), f.content)),
    ...parts.solutions.map((f) => made(`s${f.id}`, time(f.date_creation), 'out', whomById(f.users_id), f.content)),
  ].sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds)
  return [made('0', createdAt, 'in', asks, ticket.content, parts.files), ...rest]
}

/** Up to GLPI 9.5 rich text is stored with its markup escaped; from 10 on it is markup. */
function shown(content: string | null, reading: Reading): { text: string; html: string | null } {
  const raw = content ?? ''
  const source = /&lt;\/?[a-z][^&]{0,200}&gt;/i.test(raw) && !/<\/?[a-z][^>]*>/i.test(raw) ? unescaped(raw) : raw
  return /<\/?[a-z][^>]*>/i.test(source) ? reading.html(source) : { text: bodyText(unescaped(source)), html: null }
}

const signs: Record<string, string> = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#039': "'",
  '#38': '&',
  '#60': '<',
  '#62': '>',
  nbsp: ' ',
  amp: '&',
}
const unescaped = (text: string): string =>
  text.replace(/&(lt|gt|quot|#0?39|#38|#60|#62|nbsp|amp);/g, (_, name: string) => signs[name] ?? '')
