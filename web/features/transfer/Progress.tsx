import type { ImportDetail } from '../../../contract/transfer.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { Section } from '../../ui/Page.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { isBusy } from './state.ts'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

type Count = ImportDetail['counts'][number]
const renews = ['GET /api/imports', 'GET /api/imports/:id', 'GET /api/imports/:id/problems'] as const

/** How far it is, what it counted, and what can be done now. */
export function Progress({ run, onChange }: { run: ImportDetail; onChange: () => void }) {
  const t = useTexts(transferTexts)
  const { number } = useFormats()
  const figure = (value: number, bad = false) => (
    <span className={styles.count} data-none={value === 0 || undefined} data-bad={(bad && value > 0) || undefined}>
      {number(value)}
    </span>
  )
  const columns: Column<Count>[] = [
    { key: 'thing', title: t('thing'), phone: 'main', cell: (one) => t(one.thing) },
    { key: 'added', title: t('added'), end: true, cell: (one) => figure(one.added) },
    { key: 'changed', title: t('changed'), end: true, cell: (one) => figure(one.changed) },
    { key: 'skipped', title: t('skipped'), end: true, cell: (one) => figure(one.skipped) },
    { key: 'broken', title: t('broken'), end: true, cell: (one) => figure(one.broken, true) },
  ]
  return (
    <Section title={t(run.dry ? 'checkTitle' : 'doneTitle')} lead={run.state === 'checking' ? t('checkingText') : t('quiet')}>
      {run.cause && (
        <p className={styles.cause} role="alert">
          {run.cause}
        </p>
      )}
      <HowFar run={run} />
      {run.counts.length === 0 ? (
        <p className="dim small">{t('nothingYet')}</p>
      ) : (
        <Table label={t(run.dry ? 'checkTitle' : 'doneTitle')} columns={columns} rows={run.counts} keyOf={(one) => one.thing} />
      )}
      <Doings run={run} onChange={onChange} />
    </Section>
  )
}

function HowFar({ run }: { run: ImportDetail }) {
  const t = useTexts(transferTexts)
  const { number } = useFormats()
  if (run.rows === null)
    return (
      <p className="dim small" role="status">
        {t('progressOpen', { count: run.done })}
      </p>
    )
  // What is over is told by the figures below.
  if (run.state === 'checked' || run.state === 'finished') return null
  const done = Math.min(run.done, run.rows)
  const words = t('progress', { done: number(done), all: number(run.rows) })
  return (
    <div className="stack" style={{ gap: 4 }}>
      <div className={styles.bar} role="progressbar" aria-label={words} aria-valuemin={0} aria-valuemax={run.rows} aria-valuenow={done}>
        <div style={{ width: `${run.rows === 0 ? 0 : (100 * done) / run.rows}%` }} />
      </div>
      <span className="dim small">{words}</span>
    </div>
  )
}

function Doings({ run, onChange }: { run: ImportDetail; onChange: () => void }) {
  const t = useTexts(transferTexts)
  const [confirm, question] = useConfirm()
  const choices = { renews, onProblem: toastProblem }
  const check = useSend('POST /api/imports/:id/check', choices)
  const start = useSend('POST /api/imports/:id/start', choices)
  const pause = useSend('POST /api/imports/:id/pause', choices)
  const cancel = useSend('POST /api/imports/:id/cancel', choices)
  const of = { params: { id: run.id } }
  const ask = async () => {
    if (run.dry || (await confirm({ title: t('cancel'), text: t('cancelText'), action: t('cancel'), danger: true }))) cancel.mutate(of)
  }
  const begins = run.state === 'checked' || (!run.dry && ['paused', 'cancelled', 'failed', 'finished'].includes(run.state))
  const words = run.state === 'checked' ? 'startNow' : run.state === 'finished' ? 'startAgain' : 'goOn'
  return (
    <Buttons>
      {!isBusy(run) && (
        <Button look="plain" onClick={onChange}>
          {t('changeMapping')}
        </Button>
      )}
      {!isBusy(run) && run.dry && (
        <Button busy={check.isPending} onClick={() => check.mutate(of)}>
          {t('checkAgain')}
        </Button>
      )}
      {(isBusy(run) || run.state === 'paused') && (
        <Button look="plain" busy={cancel.isPending} onClick={() => void ask()}>
          {t(run.dry ? 'cancelCheck' : 'cancel')}
        </Button>
      )}
      {run.state === 'running' && (
        <Button busy={pause.isPending} onClick={() => pause.mutate(of)}>
          {t('pause')}
        </Button>
      )}
      {begins && (
        <Button look={run.state === 'finished' ? 'quiet' : 'main'} busy={start.isPending} onClick={() => start.mutate(of)}>
          {t(words)}
        </Button>
      )}
      {question}
    </Buttons>
  )
}
