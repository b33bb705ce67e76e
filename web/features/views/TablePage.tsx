import { IconDownload } from '@tabler/icons-react'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { Sort } from '../../../contract/views.ts'
import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SelectField } from '../../ui/Fields.tsx'
import { PriorityMark, StatusBadge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { boardTexts } from './board-texts.ts'
import { listTexts } from './list-texts.ts'
import { useSavedView } from './SavedViews.tsx'
import { viewTexts } from './texts.ts'

const BulkSheet = lazy(() => import('./BulkSheet.tsx').then((file) => ({ default: file.BulkSheet })))
const sorts = ['newest', 'oldest', 'changed', 'waiting', 'priority'] as const
type Row = Answer<'GET /api/views/:id/table'>['items'][number]
type Shown = Answer<'GET /api/views/:id/table'>['columns'][number]

/** Any saved view as a table in the columns that it names, own fields among them. */
export function TablePage() {
  const [t, l] = [useTexts(boardTexts), useTexts(listTexts)]
  const { viewId } = useParams({ strict: false }) as { viewId: string }
  const { sort } = useSearch({ strict: false }) as { sort?: Sort }
  const navigate = useNavigate()
  const { view } = useSavedView(viewId)
  const found = useEndless(
    'GET /api/views/:id/table',
    { params: { id: viewId }, query: { limit: 50, ...(sort ? { sort } : {}) } },
    { keep: true },
  )
  const [changing, setChanging] = useState(false)
  const columns = useColumns(found.data?.pages[0]?.columns ?? [])
  return (
    <Page
      title={view?.name ?? t('table')}
      width="full"
      actions={
        <>
          <SelectField
            label=""
            aria-label={t('sortBy')}
            options={sorts.map((value) => ({ value, label: l(`sort.${value}`) }))}
            value={sort ?? view?.sort ?? 'newest'}
            onChange={(next: Sort) => void navigate({ to: '/table/$viewId', params: { viewId }, search: { sort: next } as never })}
          />
          <Button onClick={() => setChanging(true)}>{t('changeAll')}</Button>
          <Button icon={<IconDownload size={16} stroke={1.7} />} onClick={() => location.assign(`/api/views/${viewId}/csv`)}>
            {l('csv')}
          </Button>
        </>
      }
    >
      <Loaded from={found}>
        {() =>
          found.items?.length === 0 ? (
            <EmptyState title={t('noneTitle')} text={t('noneText')} />
          ) : (
            <Table
              label={view?.name ?? t('table')}
              columns={columns}
              rows={found.items ?? []}
              keyOf={({ ticket }) => ticket.id}
              to={({ ticket }) => `/tickets/${ticket.id}`}
              more={{ has: found.hasNextPage, busy: found.isFetchingNextPage, load: found.more }}
            />
          )
        }
      </Loaded>
      {changing && (
        <Suspense>
          <BulkSheet which={{ viewId }} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </Page>
  )
}

function useColumns(shown: readonly Shown[]): Column<Row>[] {
  const t = useTexts(viewTexts)
  const time = (at: string | null): ReactNode => (at === null ? '' : <TimeAgo at={at} />)
  const cells: Record<string, (row: Row) => ReactNode> = {
    number: ({ ticket }) => `#${ticket.number}`,
    subject: ({ ticket }) => ticket.subject,
    requester: ({ ticket }) => ticket.requester.name,
    organisation: ({ ticket }) => ticket.organisation?.name ?? '',
    status: ({ ticket }) => <StatusBadge meaning={ticket.status.meaning} name={ticket.status.name} bare />,
    priority: ({ ticket }) => <PriorityMark priority={ticket.priority} words />,
    team: ({ ticket }) => ticket.team?.name ?? '',
    assignee: ({ ticket }) => ticket.assignee?.name ?? '',
    kind: ({ ticket }) => t(ticket.kind === 'request' ? 'request' : 'incident'),
    channel: ({ ticket }) => t(`c.${ticket.channel}` as 'c.mail'),
    tags: ({ ticket }) => ticket.tags.join(', '),
    created: ({ ticket }) => time(ticket.createdAt),
    changed: ({ ticket }) => time(ticket.changedAt),
    lastMessage: ({ ticket }) => time(ticket.lastMessageAt),
    waiting: ({ ticket }) => time(ticket.waitingSince),
  }
  const main = shown.some(({ key }) => key === 'subject') ? 'subject' : shown[0]?.key
  return shown.map(({ key, title, width }) => ({
    key,
    title,
    cell: cells[key] ?? (({ own }) => own[key] ?? ''),
    ...(width === null ? {} : { width: `${width}px` }),
    ...(key === main ? { phone: 'main' as const } : {}),
  }))
}
