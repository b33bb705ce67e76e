import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { queries, queryOf, useEndless } from '../../kernel/query.ts'
import { useNarrow } from '../../ui/narrow.ts'
import { useTitle } from '../../ui/Page.tsx'
import { useSavedView } from '../views/SavedViews.tsx'
import { BegunStrip } from './BegunStrip.tsx'
import { useGrouped } from './grouped.ts'
import { listQuery, NeighboursContext, savedOf, savedQuery, viewOf } from './list.ts'
import { clearSelected } from './selected.ts'
import { TicketList } from './TicketList.tsx'
import styles from './TicketsScreen.module.css'
import { ticketTexts } from './texts.ts'
import { ViewPane } from './ViewPane.tsx'

/** Views | list | conversation. On a phone one of them at a time: the list, or the ticket. */
export function TicketsScreen() {
  const t = useTexts(ticketTexts)
  const narrow = useNarrow()
  const search = useSearch({ from: '/staff/tickets' })
  const { ticketId } = useParams({ strict: false }) as { ticketId?: string }
  const saved = savedOf(search)
  const fixedList = useEndless('GET /api/tickets', listQuery(search), { keep: true, enabled: !saved })
  const { view, known } = useSavedView(saved)
  const grouped = useGrouped(view, search)
  const savedList = useEndless('GET /api/views/:id/tickets', savedQuery(search), { keep: true, enabled: !!saved && known && !grouped })
  // Until it is known whether the view stands in groups, no row is shown that would have to move.
  const list = saved ? (grouped ?? (known ? savedList : { ...savedList, items: undefined })) : fixedList
  // What was chosen in one view is not meant in another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of view that counts
  useEffect(() => clearSelected, [search.view])
  const neighbours = useSteps(list.items?.map((row) => row.id) ?? [], ticketId)
  useTitle(view?.name ?? t(viewOf(search)))
  useShortcut(']', t('keyNext'), t('groupTickets'), () => neighbours.step(1))
  useShortcut('[', t('keyPrevious'), t('groupTickets'), () => neighbours.step(-1))
  useShortcut('alt+down', t('keyNext'), t('groupTickets'), () => neighbours.step(1), { inFields: true })
  useShortcut('alt+up', t('keyPrevious'), t('groupTickets'), () => neighbours.step(-1), { inFields: true })
  const showList = !narrow || !ticketId
  return (
    <NeighboursContext value={neighbours}>
      <div className={styles.screen}>
        <BegunStrip current={ticketId} />
        <div className={styles.panes}>
          {!narrow && <ViewPane />}
          {showList && <TicketList list={list} search={search} current={ticketId} saved={view} />}
          {(!narrow || ticketId) && (
            <div className={styles.pane}>
              <Outlet />
            </div>
          )}
        </div>
      </div>
    </NeighboursContext>
  )
}

/** The tickets before and after the open one; the next is fetched ahead of being asked for. */
function useSteps(ids: readonly string[], current: string | undefined) {
  const navigate = useNavigate()
  const at = current ? ids.indexOf(current) : -1
  // One that is not in this list (found, linked, moved on): both ways lead to its first.
  const outside = current !== undefined && at < 0
  const previous = outside ? ids[0] : ids[at - 1]
  const next = ids[at + 1]
  useEffect(() => {
    if (!next) return
    const timer = setTimeout(() => void queries.prefetchQuery(queryOf('GET /api/tickets/:id', { params: { id: next } })), 400)
    return () => clearTimeout(timer)
  }, [next])
  return useMemo(
    () => ({
      previous,
      next,
      step: (by: 1 | -1) => {
        const to = by === 1 ? next : previous
        if (to) void navigate({ to: '/tickets/$ticketId', params: { ticketId: to }, search: true })
      },
    }),
    [previous, next, navigate],
  )
}
