import type { TimelineEntry } from '../../../contract/tickets.ts'
import { formatsOf } from '../../kernel/formats.ts'
import { lookUp } from '../../kernel/i18n.ts'
import { language } from '../../kernel/language.ts'
import { uiTexts } from '../../ui/texts.ts'
import { talkTexts } from './conversation-texts.ts'
import { eventTexts } from './event-texts.ts'

/** What happened, in sentences. Messages speak for themselves, so their events say nothing. */
const silent = new Set([
  'ticket.replied',
  'ticket.mentioned',
  'mail.delivery-changed',
  'mail.judged',
  'mail.retried',
  'task.item-changed',
  'tasks.ordered',
])
/** Steps of a rule that leave nothing else behind in the ticket. */
const tellers = new Set(['notify', 'mail-staff', 'webhook'])
const say = (key: string, values: Record<string, string> = {}) => lookUp(eventTexts, key, values)

const kinds: Record<string, string> = {
  status_id: 'status',
  category_id: 'category',
  requester_id: 'person',
  on_behalf_of_id: 'person',
  site_id: 'site',
}
function nameOf(column: string, value: unknown, names: Record<string, string>): string {
  if (value === null || value === undefined) return say('nothing') ?? ''
  const named = names[`${kinds[column]}:${value}`]
  if (named) return named
  if (column === 'revisit_at') return formatsOf(language()).dateTime(String(value))
  if (column === 'priority') return lookUp(uiTexts, `priority${value}`) ?? String(value)
  return say(String(value)) ?? String(value)
}

export function wordsOf(entry: TimelineEntry): string[] {
  if (silent.has(entry.type)) return []
  // A rule that acted while somebody did something else is named itself, not that person.
  const rule = entry.rule && (say(`rule-${entry.rule}`) ?? lookUp(talkTexts, 'byRule', { name: entry.rule }) ?? entry.rule)
  const who = rule || entry.actor?.name || (say('system') ?? '')
  const { data, names } = entry
  const name = (kind: string, id: unknown) => (typeof id === 'string' ? (names[`${kind}:${id}`] ?? '') : '')
  // Its other steps are events of their own, which name the rule too.
  if (entry.type === 'ticket.automated' && !(data.steps as string[]).some((step) => tellers.has(step))) return []
  if (entry.type === 'ticket.changed') return changes(entry, who)
  if (entry.type === 'ticket.assigned') return [assigned(entry, who)]
  // That it went up to a team is told by its being passed on.
  if (entry.type === 'ticket.escalated' && data.how === 'functional') return []
  if (entry.type.startsWith('task.')) return [task(entry, who)]
  const code = typeof data.code === 'string' ? (lookUp(talkTexts, `code-${data.code}`) ?? data.code) : ''
  const how = howOf(entry)
  const key = how === undefined ? entry.type : `${entry.type}-${how}`
  return [
    say(key, {
      who,
      code,
      team: name('team', data.teamId),
      people: [data.personIds ?? []]
        .flat()
        .map((id) => name('person', id))
        .join(', '),
      by: name('person', data.byId) || who,
      reason: name('again', data.againId) || name('escalation', data.escalationId),
      readymade: name('readymade', data.readymadeId),
      ticket: String(data.toId ?? ''),
      score: String(data.score ?? ''),
      from: name('person', data.fromPersonId) || String(data.fromId ?? ''),
      into: String(data.intoId ?? ''),
    }) ??
      say('other', { who, type: entry.type }) ??
      '',
  ]
}

/** Some events have a sentence for each way in which they may happen. */
function howOf({ type, data }: TimelineEntry): string | undefined {
  if (type === 'call-back.done') return String(data.result)
  if (type === 'visit.stepped') return String(data.state)
  return type === 'ticket.closed' && data.how === 'time' ? 'time' : undefined
}

/** An own field by its name; of a text only that it changed. */
function ownField(column: string, from: unknown, to: unknown, who: string, names: Record<string, string>): string {
  const id = column.slice('field.'.length)
  const field = names[`field:${id}`] ?? ''
  if (from === null && to === null) return say('column-field-text', { who, field }) ?? ''
  return say(to === null ? 'column-field-none' : 'column-field', { who, field, to: names[`field:${id}=${to}`] ?? String(to) }) ?? ''
}

/** Why stands with what it explains: a priority by hand, a status that waits. */
const explained = ['priority', 'status_id', 'revisit_at']
const withReason = (said: string, column: string, { data, names }: TimelineEntry): string => {
  const reason = typeof data.reasonId === 'string' && explained.includes(column) ? names[`reason:${data.reasonId}`] : undefined
  return reason ? (say('why', { said, reason }) ?? said) : said
}

function changes(entry: TimelineEntry, who: string): string[] {
  const told = (entry.data.changes ?? {}) as Record<string, [unknown, unknown]>
  // The status's own name says more than its meaning.
  return (
    Object.entries(told)
      .filter(([column]) => !(column === 'meaning' && 'status_id' in told))
      // What moves on need not come back: that goes without saying.
      .filter(([column, [, to]]) => !(column === 'revisit_at' && to === null && 'meaning' in told))
      .filter(([column]) => !(['impact', 'urgency'].includes(column) && 'priority' in told))
      .map(
        ([column, [from, to]]) =>
          (column.startsWith('field.') ? ownField(column, from, to, who, entry.names) : undefined) ??
          say(to === null ? `column-${column}-none` : `column-${column}`, {
            who,
            from: nameOf(column, from, entry.names),
            to: nameOf(column, to, entry.names),
          }) ??
          say(`column-${column}`, { who, from: nameOf(column, from, entry.names), to: nameOf(column, to, entry.names) }) ??
          say('other', { who, type: column }) ??
          '',
      )
      .map((said, n) => (n === 0 ? withReason(said, Object.keys(told).find((c) => explained.includes(c)) ?? '', entry) : said))
  )
}

/** A removed task has lost its title. */
function task({ type, data, names }: TimelineEntry, who: string): string {
  const key = type === 'task.done' && data.state === 'not-needed' ? 'task.not-needed' : type
  const title = names[`task:${data.taskId}`] ?? say('task.gone') ?? ''
  return say(key, { who, title }) ?? say('other', { who, type }) ?? ''
}

function assigned({ data, names, actor }: TimelineEntry, who: string): string {
  const { assigneeId, fromAssigneeId, teamId, fromTeamId } = data as Record<string, string | null>
  if (assigneeId !== fromAssigneeId && assigneeId) {
    const key = actor?.id === assigneeId ? 'ticket.taken' : 'ticket.assigned'
    return say(key, { who, assignee: names[`person:${assigneeId}`] ?? '' }) ?? ''
  }
  if (teamId !== fromTeamId && teamId) return say('ticket.assigned-team', { who, team: names[`team:${teamId}`] ?? '' }) ?? ''
  return say('ticket.assigned-nobody', { who, before: names[`person:${fromAssigneeId}`] ?? '' }) ?? ''
}
