import type { Query } from '@tanstack/react-query'
import { type Change, onLive } from '../../kernel/live.ts'
import { queries } from '../../kernel/query.ts'

/** Which kept answers grow old when a subject of a kind changes: by the beginning of their call's name. */
const paths: Record<string, string[]> = {
  person: ['GET /api/people', 'GET /api/me'],
  organisation: ['GET /api/organisations'],
  site: ['GET /api/organisations'],
  team: ['GET /api/teams'],
  skill: ['GET /api/skills'],
  notice: ['GET /api/notices'],
  mailbox: ['GET /api/mailboxes'],
  'blocked-sender': ['GET /api/blocked-senders'],
  'inbound-mail': ['GET /api/mail/journal'],
  'outbound-mail': ['GET /api/mail/outbox'],
  'routing-rule': ['GET /api/routing-rules'],
  category: ['GET /api/categories'],
  status: ['GET /api/statuses'],
  company: ['GET /api/company', 'GET /api/set-up'],
  setting: ['GET /api/company', 'GET /api/set-up'],
}
const lists = ['GET /api/tickets', 'GET /api/tickets/views']
/** What may put something into somebody's bell. */
const telling = new Set(['ticket.created', 'ticket.assigned', 'ticket.replied', 'ticket.mentioned', 'ticket.passed', 'mail.undelivered'])

function isOld(query: Query, changes: readonly Change[]): boolean {
  const [name, options] = query.queryKey as [string, { params?: { id?: string } } | undefined]
  return changes.some((change) => {
    if (name === 'GET /api/notices' && telling.has(change.type)) return true
    if (change.ticketId !== null && name.startsWith('GET /api/tickets'))
      return lists.includes(name) || (options?.params?.id === change.ticketId && !name.endsWith('/similar'))
    return (paths[change.subject?.kind ?? ''] ?? []).some((path) => name.startsWith(path))
  })
}

/** Changes come in bursts (a reply is four events): answers are renewed once for all of a third of a second. */
export function renewOnChanges(): () => void {
  let waiting: Change[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    const changes = waiting
    waiting = []
    timer = undefined
    void queries.invalidateQueries({ predicate: (query) => isOld(query, changes) })
  }
  const stop = onLive((event) => {
    if (event.kind !== 'change') return
    waiting.push(event.change)
    timer ??= setTimeout(flush, 300)
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}
