import { IconAlertTriangle } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Alert } from '../../../contract/alerts.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { ChoiceField, SelectField } from '../../ui/Fields.tsx'
import { useNarrow } from '../../ui/narrow.ts'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { AlertSheet } from './AlertSheet.tsx'
import { AlertMarks, SeverityBadge } from './marks.tsx'
import { Silences } from './Silences.tsx'
import { alertTexts } from './texts.ts'

type Shown = 'live' | 'all' | 'open' | 'acknowledged' | 'waiting' | 'suppressed' | 'cleared'

/** What machines told, latest first; each opens its account. */
export function AlertsPage() {
  const t = useTexts(alertTexts)
  const narrow = useNarrow()
  const { source } = useSearch({ from: '/staff/alerts' })
  const [shown, setShown] = useState<Shown>(source ? 'all' : 'live')
  const [open, setOpen] = useState<string>()
  const query = shown === 'live' ? { live: 'true' as const } : shown === 'all' ? {} : { state: shown }
  const alerts = useEndless('GET /api/alerts', { query: { ...query, ...(source ? { sourceId: source } : {}) } as never })
  const counts = alerts.data?.pages[0]?.counts
  const label = (state: 'open' | 'acknowledged' | 'waiting' | 'suppressed') =>
    counts && counts[state] > 0 ? `${t(`state-${state}`)} (${counts[state]})` : t(`state-${state}`)
  const columns: Column<Alert>[] = [
    { key: 'alert', title: t('alert'), phone: 'main', cell: (a) => a.summary },
    { key: 'device', title: t('device'), width: '150px', cell: (a) => a.device || '–' },
    { key: 'severity', title: t('severity'), width: '96px', cell: (a) => <SeverityBadge severity={a.severity} /> },
    { key: 'state', title: t('state'), width: '170px', cell: (a) => <AlertMarks alert={a} /> },
    { key: 'count', title: t('count'), width: '84px', cell: (a) => t('times', { count: a.count }) },
    { key: 'last', title: t('last'), width: '120px', cell: (a) => <TimeAgo at={a.lastAt} /> },
    { key: 'source', title: t('source'), width: '130px', phone: 'hide', cell: (a) => a.source.name },
    { key: 'ticket', title: t('ticket'), width: '80px', cell: (a) => (a.ticket ? `#${a.ticket.number}` : '–') },
  ]
  const options: { value: Shown; label: string }[] = [
    { value: 'live', label: t('liveShort') },
    { value: 'open', label: label('open') },
    { value: 'acknowledged', label: label('acknowledged') },
    { value: 'waiting', label: label('waiting') },
    { value: 'suppressed', label: label('suppressed') },
    { value: 'cleared', label: t('state-cleared') },
    { value: 'all', label: t('all') },
  ]
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={useMay('setting.edit') && <Link to={'/settings/alert-sources' as never}>{t('sources')}</Link>}
    >
      {narrow ? (
        <SelectField label={t('filter')} value={shown} options={options} onChange={(next) => next && setShown(next as Shown)} />
      ) : (
        <ChoiceField label={t('filter')} hideLabel value={shown} onChange={setShown} options={options} />
      )}
      {source && (
        <p className="dim">
          {t('ofOneSource')} <Link to="/alerts">{t('ofAllSources')}</Link>
        </p>
      )}
      <Loaded from={alerts}>
        {() =>
          (alerts.items ?? []).length === 0 ? (
            <EmptyState icon={<IconAlertTriangle size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <div>
              <Table
                label={t('title')}
                columns={columns}
                rows={alerts.items ?? []}
                keyOf={(a) => a.id}
                onOpen={(a) => setOpen(a.id)}
                more={{ has: alerts.hasNextPage, busy: alerts.isFetchingNextPage, load: () => void alerts.more() }}
              />
            </div>
          )
        }
      </Loaded>
      <Silences />
      {open && <AlertSheet id={open} onClose={() => setOpen(undefined)} />}
    </Page>
  )
}
