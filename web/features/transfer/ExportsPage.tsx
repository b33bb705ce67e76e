import { IconArrowLeft, IconDownload, IconPackageExport } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ExportRun } from '../../../contract/transfer.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { exportTexts } from './export-texts.ts'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

const tone = { waiting: 'plain', running: 'info', finished: 'good', failed: 'bad' } as const
const renews = ['GET /api/exports'] as const

export function ExportsPage() {
  const t = useTexts(exportTexts)
  const both = useTexts(transferTexts)
  const { number, size } = useFormats()
  const runs = useCall('GET /api/exports', undefined, { refetchInterval: 10_000 })
  const [confirm, question] = useConfirm()
  const begin = useSend('POST /api/exports', { renews, onDone: () => void toast(t('exportAsked')), onProblem: toastProblem })
  const remove = useSend('DELETE /api/exports/:id', { renews, onProblem: toastProblem })
  const ask = async ({ id }: ExportRun) => {
    if (await confirm({ title: t('removeTitle'), text: t('removeText'), action: t('remove'), danger: true }))
      remove.mutate({ params: { id } })
  }
  const columns: Column<ExportRun>[] = [
    { key: 'when', title: both('when'), width: '140px', phone: 'main', cell: (run) => <TimeAgo at={run.at} /> },
    {
      key: 'state',
      title: t('exportState'),
      width: '160px',
      cell: (run) => (
        <span className="row wrap">
          <Badge tone={tone[run.state]}>{t(`export-${run.state}`)}</Badge>
          {run.cause && <span className="dim small">{run.cause}</span>}
        </span>
      ),
    },
    {
      key: 'contents',
      title: t('contents'),
      cell: (run) => (run.state === 'finished' ? t('exportContents', { rows: number(run.rows), files: number(run.files) }) : '–'),
    },
    { key: 'size', title: t('size'), width: '110px', end: true, cell: (run) => (run.state === 'finished' ? size(run.bytes) : '–') },
    { key: 'by', title: both('by'), phone: 'hide', cell: (run) => run.by?.name ?? '' },
    {
      key: 'actions',
      title: t('actions'),
      width: '260px',
      end: true,
      cell: (run) => (
        <span className={styles.doings}>
          {run.state === 'finished' && (
            <Button icon={<IconDownload size={16} />} onClick={() => location.assign(`/api/exports/${run.id}/file`)}>
              {t('download')}
            </Button>
          )}
          <Button look="plain" onClick={() => void ask(run)}>
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <Page
      title={t('exports')}
      lead={t('exportsLead')}
      actions={
        <Button look="main" busy={begin.isPending} onClick={() => begin.mutate({})}>
          {t('exportNow')}
        </Button>
      }
      back={
        <Link to="/settings" className={styles.back}>
          <IconArrowLeft size={14} /> {both('settings')}
        </Link>
      }
    >
      <Loaded from={runs} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconPackageExport size={24} />} title={t('noExports')} text={t('noExportsText')} />
          ) : (
            <Table label={t('exports')} columns={columns} rows={items} keyOf={(run) => run.id} />
          )
        }
      </Loaded>
      <p className="dim small">{t('exportHint')}</p>
      {question}
    </Page>
  )
}
