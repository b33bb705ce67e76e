import { IconHistory } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Rule, RuleRun } from '../../../contract/automation.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useEndless, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SideSheet } from '../../ui/Dialog.tsx'
import { CheckField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Automation.module.css'
import { automationTexts } from './texts.ts'
import { stepsWords } from './words.ts'

const tones = { done: 'good', nothing: 'plain', failed: 'bad' } as const

export function RunLog({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const t = useTexts(automationTexts)
  const [failed, setFailed] = useState(false)
  const list = useEndless('GET /api/automation/rules/:id/runs', {
    params: { id: rule.id },
    query: failed ? { outcome: 'failed' as const } : {},
  })
  return (
    <SideSheet title={t('logOf', { name: rule.name })} open onClose={onClose} size="lg">
      <div className="stack">
        <CheckField label={t('onlyFailed')} checked={failed} onChange={(event) => setFailed(event.currentTarget.checked)} />
        {list.error && !list.items ? <ErrorState cause={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.isPending && <Loading />}
        {list.items?.length === 0 && <EmptyState icon={<IconHistory size={24} />} title={t('logNone')} text={t('logNoneText')} />}
        {list.items && list.items.length > 0 && (
          <ul className={styles.rows}>
            {list.items.map((run) => (
              <li key={run.id} className={styles.row}>
                <Run run={run} />
              </li>
            ))}
          </ul>
        )}
        {list.hasNextPage && <MoreRows has busy={list.isFetchingNextPage} load={list.more} />}
      </div>
    </SideSheet>
  )
}

function Run({ run }: { run: RuleRun }) {
  const t = useTexts(automationTexts)
  const retry = useSend('POST /api/automation/runs/:id/retry', {
    renews: ['GET /api/automation/rules/:id/runs', 'GET /api/automation/rules'],
    onDone: () => void toast(t('retried')),
    onProblem: toastProblem,
  })
  return (
    <>
      <span className={styles.main}>
        <Link to={'/tickets/$ticketId' as never} params={{ ticketId: run.ticket.id } as never}>
          #{run.ticket.id} {run.ticket.subject}
        </Link>
        <span className={styles.says}>{run.cause ?? stepsWords(run.steps, t)}</span>
      </span>
      <Badge tone={tones[run.outcome]}>{t(`o-${run.outcome}`)}</Badge>
      <span className="dim small">
        <TimeAgo at={run.at} />
      </span>
      {run.outcome === 'failed' && (
        <Button busy={retry.isPending} onClick={() => retry.mutate({ params: { id: run.id } })}>
          {t('retry')}
        </Button>
      )}
    </>
  )
}
