import type { Query } from '@tanstack/react-query'
import type { TicketRow } from '../../../contract/tickets.ts'
import { call } from '../../kernel/call.ts'
import { isFirstOnItsWay, lookAgain, queries } from '../../kernel/query.ts'
import { type ListPages, pagesToAsk, putPage, rowsToAsk, type Sort } from './list-pages.ts'

/**
 * When tickets change, the lists on the screen ask only for the pages that these tickets are on, or may have come to.
 * Rows keep their identity, so that what is selected, focused and scrolled to stays. Lists that nobody looks at are
 * asked when somebody does.
 */
type Pages = ListPages<TicketRow>
type Asked = { query?: { sort?: Sort; limit?: number } }
/** As many as the server gives at once. */
const most = 200

export const isLongList = (query: Query): boolean => query.queryKey[0] === 'GET /api/tickets' && query.queryKey[2] === 'endless'

/** Burst after burst: each list takes one change at a time, in order. */
const turns = new WeakMap<Query, Promise<void>>()

export function refreshRows(ids: readonly string[]): void {
  const changed = new Set(ids)
  for (const query of queries.getQueryCache().findAll({ queryKey: ['GET /api/tickets'], predicate: isLongList })) {
    if (isFirstOnItsWay(query)) lookAgain(query)
    else if (!query.isActive() || query.state.data === undefined) query.invalidate()
    else
      turns.set(
        query,
        (turns.get(query) ?? Promise.resolve()).then(() => refreshList(query, changed)),
      )
  }
}

async function refreshList(query: Query, changed: ReadonlySet<string>): Promise<void> {
  // A further page on its way would be put onto the state from before this change.
  await query.promise?.catch(() => undefined)
  const { query: asked = {} } = query.queryKey[1] as Asked
  const kept = () => query.state.data as Pages
  try {
    for (const at of pagesToAsk(kept(), changed, asked.sort ?? 'newest')) {
      const limit = rowsToAsk(kept().pages[at], changed, asked.limit ?? 50)
      if (limit > most) throw new Error('The page has grown too long.')
      const after = kept().pageParams[at] as string | undefined
      const fresh = await call('GET /api/tickets', { query: { ...asked, limit, after } as never })
      queries.setQueryData<Pages>(query.queryKey, (now) => now && putPage(now, at, fresh, changed))
    }
  } catch {
    void queries.invalidateQueries({ queryKey: query.queryKey, exact: true })
  }
}
