import type { Query } from '@tanstack/react-query'
import { type Change, onLive } from '../../kernel/live.ts'
import { isFirstOnItsWay, lookAgain, queries } from '../../kernel/query.ts'
import { isLongList, refreshRows } from '../tickets/refresh-lists.ts'

/** Which kept answers grow old when a subject of a kind changes: by the beginning of their call's name. */
const paths: Record<string, string[]> = {
  person: ['GET /api/people', 'GET /api/me', 'GET /api/absences', 'GET /api/queues'],
  organisation: ['GET /api/organisations', 'GET /api/customer-paths', 'GET /api/tickets/:id/customer', 'GET /api/people/:id/customer'],
  site: ['GET /api/organisations'],
  team: ['GET /api/teams', 'GET /api/queues', 'GET /api/handoff-parts'],
  skill: ['GET /api/skills'],
  notice: ['GET /api/notices'],
  mailbox: ['GET /api/mailboxes'],
  'blocked-sender': ['GET /api/blocked-senders'],
  'inbound-mail': ['GET /api/mail/journal'],
  'outbound-mail': ['GET /api/mail/outbox'],
  'routing-rule': ['GET /api/routing-rules'],
  category: ['GET /api/categories', 'GET /api/category-skills'],
  status: ['GET /api/statuses', 'GET /api/status-moves'],
  field: ['GET /api/fields'],
  import: ['GET /api/imports'],
  export: ['GET /api/exports'],
  company: ['GET /api/company', 'GET /api/set-up'],
  calendar: ['GET /api/calendars'],
  agreement: ['GET /api/agreements'],
  setting: ['GET /api/company', 'GET /api/set-up', 'GET /api/time/settings', 'GET /api/surveys/settings'],
  survey: ['GET /api/surveys'],
  task: ['GET /api/tasks'],
  visit: ['GET /api/visits'],
  side: ['GET /api/sides'],
  help: ['GET /api/help'],
  call: ['GET /api/calls'],
  'task-template': ['GET /api/task-templates'],
  readymade: ['GET /api/readymade'],
  'recurring-ticket': ['GET /api/recurring-tickets'],
  view: ['GET /api/views'],
  webhook: ['GET /api/webhooks'],
  automation: ['GET /api/automation'],
  radar: ['GET /api/radar'],
  page: ['GET /api/pages', 'GET /api/tickets/:id/pages'],
  'paging-policy': ['GET /api/paging/policies'],
  alert: ['GET /api/alert', 'GET /api/tickets/:id/alerts'],
  'alert-source': ['GET /api/alert-sources'],
  'alert-silence': ['GET /api/alert'],
  'paging-rule': ['GET /api/paging/rules'],
  rota: ['GET /api/on-call', 'GET /api/rotas', 'GET /api/shift-swaps'],
}
/** What may put something into somebody's bell. */
const telling = new Set([
  'ticket.created',
  'ticket.assigned',
  'ticket.replied',
  'ticket.mentioned',
  'ticket.passed',
  'ticket.unclaimed',
  'ticket.escalated',
  'mail.undelivered',
  'task.added',
  'task.changed',
  'task.done',
  'visit.planned',
  'visit.changed',
  'visit.cancelled',
  'visit.declined',
  'side.answered',
  'side.chase-due',
  'help.asked',
  'help.accepted',
  'help.answered',
  'help.done',
  'call-back.asked',
  'call-back.due',
  'readymade.switched-off',
  'automation.notified',
  'automation.switched-off',
  'radar.burst',
  'webhook.switched-off',
  'ticket.scheduled-dropped',
  'view.ticket-appeared',
])

function isOld(query: Query, changes: readonly Change[]): boolean {
  const [name, options] = query.queryKey as [string, { params?: { id?: string } } | undefined]
  return changes.some((change) => {
    if (name === 'GET /api/notices' && (telling.has(change.type) || change.type.startsWith('oncall.'))) return true
    if (change.type === 'ticket.snooze-over' && name.startsWith('GET /api/tickets')) return true
    if (change.ticketId !== null && name.startsWith('GET /api/views/')) return true
    if (change.ticketId !== null && name === 'GET /api/queues') return true
    if (change.ticketId !== null && name.startsWith('GET /api/tickets')) return isOldOfTickets(name, options?.params?.id, query, change)
    return (paths[change.subject?.kind ?? ''] ?? []).some((path) => name.startsWith(path))
  })
}

function isOldOfTickets(name: string, id: string | undefined, query: Query, { type, ticketId }: Change): boolean {
  if (name === 'GET /api/tickets/views') return true
  if (name === 'GET /api/tickets/:id/links' && id !== ticketId) return hangsOn(query, ticketId)
  if (name !== 'GET /api/tickets') return id === ticketId && !name.endsWith('/similar')
  // The long lists look after themselves, page by page; a short one is old when it shows the ticket, or may have to.
  if (isLongList(query)) return false
  const kept = query.state.data as { items: { id: string }[] } | undefined
  return type === 'ticket.created' || (kept?.items.some((row) => row.id === ticketId) ?? false)
}

/** A child that is finished moves its parent's progress. */
function hangsOn(query: Query, ticketId: string | null): boolean {
  const kept = query.state.data as { links: { ticket: { id: string } }[]; children: { ticket: { id: string } }[] } | undefined
  return [...(kept?.links ?? []), ...(kept?.children ?? [])].some((link) => link.ticket.id === ticketId)
}

/** Home looks at all tickets to say what is next: it follows each change, but not more often than this. */
const homeEvery = 5000

function renewHome(): { soon(): void; stop(): void } {
  let last = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const renew = () => {
    timer = undefined
    last = Date.now()
    void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('GET /api/home/') })
  }
  return {
    soon: () => {
      timer ??= setTimeout(renew, Math.max(0, last + homeEvery - Date.now()))
    },
    stop: () => clearTimeout(timer),
  }
}

/** Changes come in bursts (a reply is four events): answers are renewed once for all of a third of a second. */
export function renewOnChanges(): () => void {
  let waiting: Change[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const home = renewHome()
  const flush = () => {
    const changes = waiting
    waiting = []
    timer = undefined
    for (const query of queries.getQueryCache().findAll({ predicate: (query) => isFirstOnItsWay(query) && isOld(query, changes) }))
      lookAgain(query)
    void queries.invalidateQueries({ predicate: (query) => isOld(query, changes) })
    const tickets = new Set(changes.flatMap(({ ticketId }) => (ticketId === null ? [] : [ticketId])))
    if (tickets.size > 0) {
      refreshRows([...tickets])
      home.soon()
    }
  }
  const stop = onLive((event) => {
    if (event.kind !== 'change') return
    waiting.push(event.change)
    timer ??= setTimeout(flush, 300)
  })
  return () => {
    clearTimeout(timer)
    home.stop()
    stop()
  }
}
