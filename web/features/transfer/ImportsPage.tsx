import { IconArrowLeft, IconDatabaseImport } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ImportRun } from '../../../contract/transfer.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { tone } from './state.ts'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

export function ImportsPage() {
  const t = useTexts(transferTexts)
  const navigate = useNavigate()
  const runs = useEndless('GET /api/imports')
  const begin = (
    <Button look="main" onClick={() => void navigate({ to: '/settings/imports/new' as never })}>
      {t('newImport')}
    </Button>
  )
  const columns: Column<ImportRun>[] = [
    { key: 'name', title: t('name'), phone: 'main', cell: (run) => run.name },
    {
      key: 'what',
      title: t('what'),
      cell: (run) => (run.kind === null ? t(`source-${run.source}`) : `${t(`source-${run.source}`)}, ${t(run.kind)}`),
    },
    { key: 'state', title: t('state'), width: '180px', cell: (run) => <Badge tone={tone[run.state]}>{t(`state-${run.state}`)}</Badge> },
    {
      key: 'result',
      title: t('result'),
      cell: (run) => <span className="dim">{run.done > 0 && !run.dry ? t('summary', sum(run)) : '–'}</span>,
    },
    { key: 'by', title: t('by'), phone: 'hide', cell: (run) => run.createdBy?.name ?? '' },
    { key: 'when', title: t('when'), width: '120px', cell: (run) => <TimeAgo at={run.createdAt} /> },
  ]
  return (
    <Page
      title={t('imports')}
      lead={t('importsLead')}
      actions={begin}
      back={
        <Link to="/settings" className={styles.back}>
          <IconArrowLeft size={14} /> {t('settings')}
        </Link>
      }
    >
      <Loaded from={{ data: runs.items, error: runs.error, refetch: runs.refetch }} rows={3}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState icon={<IconDatabaseImport size={24} />} title={t('noImports')} text={t('noImportsText')} />
          ) : (
            <Table
              label={t('imports')}
              columns={columns}
              rows={rows}
              keyOf={(run) => run.id}
              to={(run) => `/settings/imports/${run.id}`}
              more={{ has: runs.hasNextPage, busy: runs.isFetchingNextPage, load: runs.more }}
            />
          )
        }
      </Loaded>
    </Page>
  )
}

/** What people count; the messages and files of a ticket come with it. */
const sum = ({ counts }: ImportRun) => {
  const told = counts.filter(({ thing }) => thing !== 'messages' && thing !== 'files')
  const all = (how: 'added' | 'changed' | 'broken') => told.reduce((total, one) => total + one[how], 0)
  return { added: all('added'), changed: all('changed'), broken: all('broken') }
}
