import { IconArrowsSort, IconChevronDown, IconInbox, IconPlayerPause, IconPlayerPlay, IconSquareCheck, IconX } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { lazy, type RefObject, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { SavedView } from '../../../contract/views.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/States.tsx'
import type { Which } from '../views/bulk.ts'
import { listTexts } from '../views/list-texts.ts'
import { useSavedViews, ViewMenu } from '../views/SavedViews.tsx'
import { GroupLine, useGroupName } from './GroupLine.tsx'
import { type Groups, groupOf, heightOf, type Line, linesOf, startsOf } from './grouped.ts'
import { useHeld } from './held.ts'
import { savedOf, type TicketSearch, viewOf } from './list.ts'
import { usePresence } from './presence.ts'
import { selectTo, startSelecting, turnRow, useSelected } from './selected.ts'
import { TicketLine } from './TicketLine.tsx'
import styles from './TicketList.module.css'
import { ticketTexts } from './texts.ts'
import { useViews } from './ViewPane.tsx'

const BulkBar = lazy(async () => ({ default: (await import('../views/BulkBar.tsx')).BulkBar }))

type List = {
  items: TicketRow[] | undefined
  hasNextPage: boolean
  isFetchingNextPage: boolean
  more: () => void
  error: unknown
  refetch: () => unknown
  groups?: Groups | undefined
}
type Props = { list: List; search: TicketSearch; current: string | undefined; saved: SavedView | undefined }

export function TicketList({ list, search, current, saved }: Props) {
  const t = useTexts(ticketTexts)
  const held = useHeld(list.items)
  const rows = held.rows
  const { on } = useSelected()
  return (
    <section className={styles.list} aria-label={t('list', { view: saved?.name ?? t(viewOf(search)) })}>
      <ListHead search={search} held={held} saved={saved} />
      {rows && rows.length > 0 ? (
        <Rows rows={rows} list={list} current={current} search={search} />
      ) : rows ? (
        <NoRows search={search} />
      ) : list.error ? (
        <ErrorState cause={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Loading rows={8} height={62} />
      )}
      {on && (
        <Suspense>
          <BulkBar whole={wholeOf(search)} />
        </Suspense>
      )}
    </section>
  )
}

/** What stands for every ticket of the list. A filter beside the view, or what was removed, is none of it. */
function wholeOf(search: TicketSearch): Which | undefined {
  if (search.team || search.organisation || search.requester || search.tag || search.group) return undefined
  const saved = savedOf(search)
  if (saved) return { viewId: saved }
  const view = viewOf(search)
  return view === 'deleted' ? undefined : { fixedView: view }
}

type RowsProps = { rows: readonly TicketRow[]; list: List; current: string | undefined; search: TicketSearch }
function Rows({ rows: all, list, current, search }: RowsProps) {
  const t = useTexts(ticketTexts)
  const frame = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const presence = usePresence()
  const v = useTexts(listTexts)
  const { ids: selected, on: selecting } = useSelected()
  const { groups } = list
  const lines = useMemo(() => linesOf(all, groups), [all, groups])
  const rows = useMemo(() => lines.flatMap((line) => (line.is === 'row' ? [line.row] : [])), [lines])
  const [marked, setMarked] = useState(current ?? rows[0]?.id)
  const cursor = useMarkedRow(rows, marked)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: (i) => heightOf[lines[i]?.is ?? 'row'],
    overscan: 8,
    getItemKey: (i) => lines[i]?.key ?? i,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= lines.length - 12) list.more()
  }, [last, lines.length, list.more])
  // The cursor follows the ticket that is open, and stays on its row when others come in above.
  useEffect(() => {
    if (current) setMarked(current)
  }, [current])
  useSameRowsInSight(frame, lines)
  // J and K take the focus along: what is read out, and what Tab goes on from, is the row that one is on.
  const stepped = useRef(false)
  useEffect(() => {
    if (!stepped.current) return
    const line = frame.current?.querySelector<HTMLElement>('a[data-cursor]')
    if (!line) return
    stepped.current = false
    line.focus({ preventScroll: true })
  })
  const move = (by: number) => {
    if (rows.length === 0) return
    const next = Math.min(rows.length - 1, Math.max(0, cursor + by))
    const id = rows[next]?.id
    setMarked(id)
    stepped.current = true
    virtual.scrollToIndex(lines.findIndex((line) => line.key === id))
  }
  useShortcut('j', t('keyDown'), t('groupTickets'), () => move(1))
  useShortcut('k', t('keyUp'), t('groupTickets'), () => move(-1))
  useShortcut('enter', t('keyOpen'), t('groupTickets'), (event) => {
    const focused = event.target instanceof HTMLElement ? event.target.closest('a, button') : null
    if (focused instanceof HTMLElement) return focused.click()
    const row = rows[cursor]
    if (row) void navigate({ to: '/tickets/$ticketId', params: { ticketId: row.id }, search: true })
  })
  useShortcut('x', v('keySelect'), t('groupTickets'), () => {
    const row = rows[cursor]
    if (row) turnRow(row.id)
  })
  return (
    <div ref={frame} className={styles.scroll} tabIndex={-1}>
      <ul className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const line = lines[item.index]
          if (!line) return null
          const place = { transform: `translateY(${item.start}px)`, height: heightOf[line.is] }
          if (line.is !== 'row')
            return (
              <li key={item.key} style={place}>
                {groups && <GroupLine line={line} groups={groups} search={search} />}
              </li>
            )
          const { row } = line
          const at = rows.indexOf(row)
          return (
            <li
              key={item.key}
              style={place}
              aria-setsize={list.hasNextPage ? -1 : rows.length}
              aria-posinset={at + 1}
              data-selecting={selecting || undefined}
              data-selected={selected.has(row.id) || undefined}
              // A shortcut of the mouse beside the tick and X: Shift takes all from the last one on.
              onClickCapture={(event) => {
                if (!event.shiftKey) return
                event.preventDefault()
                event.stopPropagation()
                selectTo(rows, row.id)
              }}
            >
              {selecting && (
                <input
                  type="checkbox"
                  className={styles.tick}
                  aria-label={v('selectRow', { number: row.number })}
                  checked={selected.has(row.id)}
                  onChange={() => turnRow(row.id)}
                />
              )}
              <TicketLine row={row} current={row.id === current} cursor={at === cursor} people={presence.get(row.id)} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Where the marked row is now; when it has left the list, the one that took its place. */
function useMarkedRow(rows: readonly TicketRow[], marked: string | undefined): number {
  const last = useRef(0)
  const at = rows.findIndex((row) => row.id === marked)
  if (at >= 0) last.current = at
  return Math.min(last.current, rows.length - 1)
}

/** Rows that come or go above what one reads do not move it; at the very top one sees what comes. */
function useSameRowsInSight(frame: RefObject<HTMLDivElement | null>, lines: readonly Line[]): void {
  const before = useRef(lines)
  useLayoutEffect(() => {
    const box = frame.current
    const old = before.current
    before.current = lines
    if (!box || old === lines || box.scrollTop < heightOf.row / 2) return
    const [then, now] = [startsOf(old), startsOf(lines)]
    const stays = old.find(({ is, key }) => (then.get(key) ?? 0) + heightOf[is] > box.scrollTop && now.has(key))
    if (stays) box.scrollTop += (now.get(stays.key) ?? 0) - (then.get(stays.key) ?? 0)
  }, [frame, lines])
}

const sorts = ['newest', 'changed', 'waiting'] as const

function ListHead({ search, held, saved }: { search: TicketSearch; held: ReturnType<typeof useHeld>; saved: SavedView | undefined }) {
  const t = useTexts(ticketTexts)
  const v = useTexts(listTexts)
  const narrow = useNarrow()
  const navigate = useNavigate()
  const views = useViews()
  const savedViews = useSavedViews()
  const view = viewOf(search)
  const sort = search.sort ?? (saved ? saved.sort : undefined) ?? (view === 'waiting' ? 'waiting' : 'newest')
  const go = (change: TicketSearch) => void navigate({ to: '.', search: { ...search, ...change } as never })
  const nameOf = useGroupName()
  const first = search.by && search.group ? held.rows?.[0] : undefined
  const filter =
    (search.by && search.group ? (first ? nameOf(search.by, groupOf(first, search.by)) : t('filterGroup')) : undefined) ??
    search.tag ??
    (search.team ? t('filterTeam') : search.organisation ? t('filterOrganisation') : search.requester ? t('filterRequester') : undefined)
  return (
    <>
      <header className={styles.head}>
        {narrow ? (
          <h1>
            <Menu
              target={
                <button type="button" className={styles.viewButton}>
                  {saved?.name ?? t(view)} <IconChevronDown size={16} />
                </button>
              }
              entries={[
                ...views.map((one) => ({
                  key: one.key,
                  label: one.count ? `${one.label} (${one.count})` : one.label,
                  checked: !saved && one.key === view,
                  run: () => void navigate({ to: '/tickets', search: { view: one.key } }),
                })),
                savedViews.length > 0 && { key: 'saved', heading: v('saved') },
                ...savedViews.map((one) => ({
                  key: one.id,
                  label: one.name,
                  checked: one.id === saved?.id,
                  run: () => void navigate({ to: '/tickets', search: { view: one.id } }),
                })),
              ]}
            />
          </h1>
        ) : (
          <h1 className="truncate">{saved?.name ?? t(view)}</h1>
        )}
        <span className="grow" />
        <IconButton label={v('select')} icon={<IconSquareCheck size={16} stroke={1.7} />} onClick={startSelecting} />
        <IconButton
          label={t(held.on ? 'release' : 'hold')}
          icon={held.on ? <IconPlayerPlay size={16} stroke={1.7} /> : <IconPlayerPause size={16} stroke={1.7} />}
          aria-pressed={held.on}
          active={held.on}
          onClick={held.turn}
        />
        <Menu
          end
          width={230}
          target={<IconButton label={t('sort', { name: v(`sort.${sort}`) })} icon={<IconArrowsSort size={16} stroke={1.7} />} />}
          entries={sorts.map((s) => ({ key: s, label: v(`sort.${s}`), checked: s === sort, run: () => go({ sort: s }) }))}
        />
        {saved && <ViewMenu view={saved} />}
      </header>
      {held.on && (
        <button type="button" className={styles.held} onClick={held.turn}>
          {t('held', { count: held.waiting })}
        </button>
      )}
      {filter && (
        <div className={styles.filter}>
          <span className="truncate">{t('filterBy', { name: filter })}</span>
          <Link to="/tickets" search={{ view: saved?.id ?? view }} aria-label={t('clearFilter')}>
            <IconX size={14} />
          </Link>
        </div>
      )}
    </>
  )
}

function NoRows({ search }: { search: TicketSearch }) {
  const t = useTexts(ticketTexts)
  const navigate = useNavigate()
  const mine = viewOf(search) === 'mine'
  const to = mine ? 'unassigned' : 'all-open'
  return (
    <EmptyState
      icon={<IconInbox size={24} />}
      title={t(mine ? 'emptyMine' : 'emptyView')}
      text={t(mine ? 'emptyMineText' : 'emptyViewText')}
      action={
        viewOf(search) !== 'all-open' && (
          <Button onClick={() => void navigate({ to: '/tickets', search: { view: to } })}>{t(mine ? 'toUnassigned' : 'toAll')}</Button>
        )
      }
    />
  )
}
