import type { ClockState } from '../../../contract/sla.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { ClockFacts, Span } from './rules-clock.ts'
import type { Mark, Moment } from './rules-terms.ts'

/** Between rows as PostgreSQL's to_jsonb writes them and the facts that the fold reads. */
export type Json = Record<string, unknown>
const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
const sure = (value: unknown): string => String(value)
const ms = (value: unknown): number => Temporal.Instant.from(sure(value)).epochMilliseconds
const msOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : ms(value))
export const written = (at: number): string => new Date(at).toISOString()
const writtenOrNull = (at: number | null): string | null => (at === null ? null : written(at))

export const momentOf = (row: Json): Moment => ({
  at: ms(row.at),
  kind: sure(row.kind),
  meaning: sure(row.meaning),
  status_id: sure(row.status_id),
  priority: sure(row.priority),
  impact: sure(row.impact),
  urgency: sure(row.urgency),
  channel: sure(row.channel),
  category_ids: (row.category_ids as unknown[]).map(String),
  organisation_id: text(row.organisation_id),
  site_id: text(row.site_id),
  team_id: text(row.team_id),
  assignee_id: text(row.assignee_id),
  tags: row.tags as string[],
  fields: row.fields as Moment['fields'],
  marks: row.marks as Mark[],
  caller_calendar_id: sure(row.caller_calendar_id),
  team_calendar_id: sure(row.team_calendar_id),
  caller_zone: text(row.caller_zone),
  site_zone: text(row.site_zone),
})
export const momentRow = (ticketId: string, moment: Moment): Json => ({ ...moment, ticket_id: ticketId, at: written(moment.at) })

/** What counts of a moment for the clocks; that an answer goes out counts each time. */
export function sameMoment(a: Moment, b: Moment): boolean {
  if (b.marks.includes('replied')) return false
  const plain = (one: Moment) => JSON.stringify({ ...one, at: 0, marks: one.marks.filter((mark) => mark !== 'replied') })
  return plain(a) === plain(b)
}

const spanKeys = [
  'from',
  'to',
  'what',
  'calendarId',
  'zone',
  'teamId',
  'assigneeId',
  'statusId',
  'meaning',
  'business',
  'retroactive',
] as const
/** Spans are kept as lists of values: a clock of a long ticket has many. */
const spanRow = (span: Span): unknown[] => spanKeys.map((key) => span[key])
const spanOf = (values: unknown[]): Span => Object.fromEntries(spanKeys.map((key, n) => [key, values[n]])) as Span

export const clockOf = (row: Json): ClockFacts => ({
  id: sure(row.id),
  ticketId: sure(row.ticket_id),
  kind: row.kind as ClockFacts['kind'],
  target: row.target as ClockFacts['target'],
  agreementId: sure(row.agreement_id),
  version: Number(row.version),
  ruleKey: sure(row.rule_key),
  goalAt: Number(row.goal_at),
  state: row.state as ClockState,
  from: ms(row.from_at),
  attached: ms(row.attached_at),
  countedTo: ms(row.counted_to),
  usedBusiness: Number(row.used_business_ms),
  usedCalendar: Number(row.used_calendar_ms),
  dueAt: msOrNull(row.due_at),
  nextAt: msOrNull(row.next_at),
  pausedAt: msOrNull(row.paused_at),
  pausedWhy: text(row.paused_why),
  endedAt: msOrNull(row.ended_at),
  breachedAt: msOrNull(row.breached_at),
  bornLate: row.born_late === 'yes',
  spans: (row.spans as unknown[][]).map(spanOf),
  fired: row.fired as Record<string, number>,
  calendarId: sure(row.calendar_id),
  zone: sure(row.time_zone),
})

export const clockRow = (clock: ClockFacts): Json => ({
  id: clock.id,
  ticket_id: clock.ticketId,
  kind: clock.kind,
  target: clock.target,
  agreement_id: clock.agreementId,
  version: clock.version,
  rule_key: clock.ruleKey,
  goal_at: clock.goalAt,
  state: clock.state,
  from_at: written(clock.from),
  attached_at: written(clock.attached),
  counted_to: written(clock.countedTo),
  used_business_ms: clock.usedBusiness,
  used_calendar_ms: clock.usedCalendar,
  due_at: writtenOrNull(clock.dueAt),
  next_at: writtenOrNull(clock.nextAt),
  paused_at: writtenOrNull(clock.pausedAt),
  paused_why: clock.pausedWhy,
  ended_at: writtenOrNull(clock.endedAt),
  breached_at: writtenOrNull(clock.breachedAt),
  born_late: clock.bornLate ? 'yes' : 'no',
  calendar_id: clock.calendarId,
  time_zone: clock.zone,
  spans: clock.spans.map(spanRow),
  fired: clock.fired,
})

/** The ticket's next target as lists show it; without one the row is taken away. */
export function dueRow(ticketId: string, next: ClockFacts | null, left: number | null, byCalendar: boolean): Json {
  if (!next) return { ticket_id: ticketId, target: null }
  const paused = next.state === 'paused'
  return {
    ticket_id: ticketId,
    target: next.target,
    state: next.state === 'breached' || paused ? next.state : 'running',
    due_at: writtenOrNull(next.dueAt),
    paused_why: next.pausedWhy,
    left_ms: paused ? left : null,
    calendar_id: byCalendar ? null : next.calendarId,
    time_zone: next.zone,
  }
}
