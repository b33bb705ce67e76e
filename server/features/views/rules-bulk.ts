import type { Kind } from '../../../contract/tickets.ts'
import type { BulkAction } from '../../../contract/views.ts'
import { type FieldFacts, judgeFields } from '../fields/rules.ts'
import type { TicketFacts } from '../tickets/access.ts'
import type { TicketRight } from '../tickets/access-visibility.ts'
import { mayMove, priorityOf } from '../tickets/rules.ts'

/** What an action does to one ticket, told before it is done. The right comes from the effect, not from the list it was chosen in. */
export type Effect = { outcome: 'will' | 'same' } | { outcome: 'cannot'; code: string }
/** What is known of a ticket beside its own row. */
export type Beside = { statusMeaning: string | null; watching: boolean; blocked: boolean; tasksOpen: boolean; own: readonly FieldFacts[] }

const will: Effect = { outcome: 'will' }
const same: Effect = { outcome: 'same' }
const cannot = (code: string): Effect => ({ outcome: 'cannot', code })

export const rightFor = (action: BulkAction): TicketRight => {
  if (action.do === 'close') return 'ticket.see'
  if (action.do === 'follow') return 'ticket.note'
  return action.do === 'spam' ? 'ticket.remove' : 'ticket.edit'
}

/** Why a right that is missing need not stop it: what it would bring about is so already. */
export function effectOfRefused(ticket: TicketFacts, code: string, action: BulkAction): Effect {
  if (action.do === 'spam' && ticket.deleted_at !== null) return same
  return cannot(code)
}

export function effectOn(ticket: TicketFacts, action: BulkAction, me: string | null, beside: Beside): Effect {
  switch (action.do) {
    case 'set':
      return effectOfFields(ticket, action.fields, beside)
    case 'assign': {
      const assignee = action.assigneeId === 'me' ? me : action.assigneeId
      const isSo =
        (assignee === undefined || assignee === ticket.assignee_id) && (action.teamId === undefined || action.teamId === ticket.team_id)
      return isSo ? same : will
    }
    case 'pass':
      return ticket.team_id === action.teamId ? same : will
    case 'tags': {
      const tags = tagsAfter(ticket.tags, action)
      if (tags.length > 20) return cannot('too_many_tags')
      return tags.join('\n') === ticket.tags.join('\n') ? same : will
    }
    case 'resolve':
      if (ticket.meaning === 'resolved') return same
      if (ticket.meaning === 'cancelled') return cannot('status_move_refused')
      if (beside.blocked) return cannot('ticket_blocked')
      return beside.tasksOpen ? cannot('tasks_open') : will
    case 'close':
      if (!ticket.as_staff) return cannot('not_allowed')
      if (ticket.meaning === 'closed') return same
      return ticket.meaning === 'resolved' ? will : cannot('status_move_refused')
    case 'follow':
      return beside.watching === action.watching ? same : will
    case 'spam':
      return ticket.deleted_at === null ? will : same
  }
}

type Fields = Extract<BulkAction, { do: 'set' }>['fields']
function effectOfFields(ticket: TicketFacts, fields: Fields, { statusMeaning, own }: Beside): Effect {
  if (fields.statusId !== undefined && fields.statusId !== ticket.status_id && statusMeaning !== null)
    if (!mayMove(ticket.meaning, statusMeaning as TicketFacts['meaning'])) return cannot('status_move_refused')
  const judged = judgeFields(own, {
    ticket: {
      kind: fields.kind ?? (ticket.kind as Kind),
      categoryId: fields.categoryId === undefined ? ticket.category_id : fields.categoryId,
    },
    before: ticket.fields,
    given: fields.fields ?? {},
    by: 'staff',
    entering: null,
    present: ticket.meaning,
  })
  if (judged.issues.length > 0) return cannot('validation_failed')
  const changed = [
    judged.changes.length > 0,
    fields.kind !== undefined && fields.kind !== ticket.kind,
    fields.statusId !== undefined && fields.statusId !== ticket.status_id,
    fields.impact !== undefined && fields.impact !== ticket.impact,
    fields.urgency !== undefined && fields.urgency !== ticket.urgency,
    fields.categoryId !== undefined && fields.categoryId !== ticket.category_id,
    fields.priority !== undefined && fields.priority !== ticket.priority,
    fields.priority === undefined &&
      (fields.impact !== undefined || fields.urgency !== undefined) &&
      priorityOf(fields.impact ?? ticket.impact, fields.urgency ?? ticket.urgency) !== ticket.priority,
  ]
  return changed.includes(true) ? will : same
}

export const tagsAfter = (tags: readonly string[], { add, remove }: { add: string[]; remove: string[] }): string[] => [
  ...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add]),
]
