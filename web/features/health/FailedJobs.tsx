import type { Answer } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Health.module.css'
import { healthTexts } from './texts.ts'

type Job = Answer<'GET /api/health/failed-jobs'>['items'][number]
const renews = ['GET /api/health/failed-jobs', 'GET /api/health/details'] as const

export function FailedJobs() {
  const t = useTexts(healthTexts)
  const jobs = useEndless('GET /api/health/failed-jobs', undefined, { refetchInterval: 30_000 })
  const [confirm, question] = useConfirm()
  const retry = useSend('POST /api/health/failed-jobs/:id/retry', {
    renews,
    onDone: () => void toast(t('retried')),
    onProblem: toastProblem,
  })
  const settle = useSend('POST /api/health/failed-jobs/:id/settle', {
    renews,
    onDone: () => void toast(t('settled')),
    onProblem: toastProblem,
  })
  const ask = async ({ id }: Job) => {
    if (await confirm({ title: t('settleTitle'), text: t('settleText'), action: t('settle'), danger: true }))
      settle.mutate({ params: { id } })
  }
  const columns: Column<Job>[] = [
    { key: 'job', title: t('job'), phone: 'main', cell: (job) => <code>{job.job}</code> },
    { key: 'cause', title: t('cause'), cell: (job) => <div className={styles.cause}>{job.cause}</div> },
    { key: 'attempts', title: t('attempts'), width: '80px', end: true, cell: (job) => job.attempts },
    { key: 'when', title: t('when'), width: '120px', cell: (job) => <TimeAgo at={job.at} /> },
    {
      key: 'actions',
      title: t('actions'),
      width: '220px',
      end: true,
      cell: (job) => (
        <span className="row wrap">
          <Button aria-label={`${t('retry')}: ${job.job}`} onClick={() => retry.mutate({ params: { id: job.id } })}>
            {t('retry')}
          </Button>
          <Button look="plain" aria-label={`${t('settle')}: ${job.job}`} onClick={() => void ask(job)}>
            {t('settle')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <Section title={t('failedJobs')} lead={t('failedLead')}>
      <Loaded from={{ data: jobs.items, error: jobs.error, refetch: jobs.refetch }} rows={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="dim small">{t('noFailed')}</p>
          ) : (
            <Table
              label={t('failedJobs')}
              columns={columns}
              rows={rows}
              keyOf={(job) => job.id}
              more={{ has: jobs.hasNextPage, busy: jobs.isFetchingNextPage, load: jobs.more }}
            />
          )
        }
      </Loaded>
      {question}
    </Section>
  )
}
