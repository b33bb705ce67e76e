import type { Meaning } from '../../../contract/tickets.ts'
import type { ImportThing, RowProblemCode } from '../../../contract/transfer.ts'
import type { Instant } from '../../kernel/clock.ts'

/** What every source is turned into before anything is written: people, organisations, teams, tickets of another desk. */
export type Named = { externalId: string; name: string | null } | { externalId: null; name: string }
export type PersonRecord = {
  thing: 'people'
  externalId: string
  name: string
  email: string | null
  organisation: Named | null
  site: string | null
  department: string
  phones: { kind: 'work' | 'mobile'; number: string }[]
  language: 'en' | 'de'
  archived: boolean
}
export type OrganisationRecord = {
  thing: 'organisations'
  externalId: string
  name: string
  domains: string[]
  note: string
  specialHandling: string
  language: 'en' | 'de' | null
  site: { name: string; address: string } | null
}
export type TeamRecord = { thing: 'teams'; externalId: string; name: string }
export type Whom = { externalId: string | null; email: string | null; name: string }
export type FileRecord = { name: string; mediaType: string; contentId: string | null; inline: boolean; sha256: string; size: number }
export type MessageRecord = {
  externalId: string
  at: Instant
  kind: 'mail' | 'note' | 'phone' | 'portal' | 'api' | 'chat'
  side: 'in' | 'out' | 'inside'
  author: Whom | null
  from: { name: string; email: string }
  to: { name: string; email: string }[]
  cc: { name: string; email: string }[]
  subject: string
  body: string
  html: string | null
  messageId: string | null
  files: FileRecord[]
}
export type TicketRecord = {
  thing: 'tickets'
  externalId: string
  /** As people know it there; becomes a tag, so that the old number finds the ticket. */
  number: string
  subject: string
  kind: 'incident' | 'request'
  meaning: Meaning
  priority: number
  impact: number
  urgency: number
  channel: 'mail' | 'portal' | 'phone' | 'counter' | 'chat' | 'api'
  requester: Whom | null
  organisation: Named | null
  team: Named | null
  assignee: Whom | null
  category: string | null
  tags: string[]
  createdAt: Instant
  resolvedAt: Instant | null
  closedAt: Instant | null
  resolution: string
  messages: MessageRecord[]
}
export type ImportRecord = PersonRecord | OrganisationRecord | TeamRecord | TicketRecord

/** Wrong with a row: which column, why, and what stands there. */
export type RowFault = { column: string; code: RowProblemCode; message: string; value: string }
export type Item =
  | { line: number | null; thing: ImportThing; record: ImportRecord }
  | { line: number | null; thing: ImportThing; faults: RowFault[] }
/** A bounded part of the source; `place` is where to go on after it. */
export type Batch = { items: Item[]; place: Record<string, unknown> }

/** Thrown by a write that finds out what no reading could. */
export class RowRefused extends Error {
  readonly faults: RowFault[]
  constructor(faults: RowFault[]) {
    super(faults[0]?.message ?? 'refused')
    this.faults = faults
  }
}
export const refuse = (column: string, code: RowProblemCode, message: string, value: string): RowRefused =>
  new RowRefused([{ column, code, message, value: value.slice(0, 200) }])
