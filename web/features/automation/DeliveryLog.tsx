import { IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import type { Delivery, Webhook } from '../../../contract/webhooks.ts'
import { useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useCall, useEndless, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { SideSheet } from '../../ui/Dialog.tsx'
import { SelectField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, ErrorState, Loaded, Loading } from '../../ui/States.tsx'
import { MoreRows } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Automation.module.css'
import { webhookTexts } from './webhook-texts.ts'

const states = ['all', 'waiting', 'delivered', 'failed'] as const
const tones = { waiting: 'info', delivered: 'good', failed: 'bad' } as const
const renews = ['GET /api/webhooks/:id/deliveries', 'GET /api/webhooks'] as const
const week = 7 * 86_400_000

export function DeliveryLog({ hook, onClose }: { hook: Webhook; onClose: () => void }) {
  const t = useTexts(webhookTexts)
  const [state, setState] = useState<(typeof states)[number]>('all')
  const [open, setOpen] = useState<string>()
  const list = useEndless('GET /api/webhooks/:id/deliveries', { params: { id: hook.id }, query: state === 'all' ? {} : { state } })
  const replay = useSend('POST /api/webhooks/:id/replay', {
    renews,
    onProblem: toastProblem,
    onDone: ({ count }) => void toast(t('replayed', { count })),
  })
  const again = (body: { ids: string[] } | { from: string; state: 'failed' }) => replay.mutate({ params: { id: hook.id }, body })
  return (
    <SideSheet title={t('logOf', { name: hook.name })} open onClose={onClose} size="lg">
      <div className="stack">
        <div className={styles.logBar}>
          <SelectField
            label={t('state')}
            options={states.map((value) => ({ value, label: value === 'all' ? t('all') : t(`z-${value}`) }))}
            value={state}
            onChange={setState}
          />
          <Button busy={replay.isPending} onClick={() => again({ from: new Date(Date.now() - week).toISOString(), state: 'failed' })}>
            {t('replay')}
          </Button>
        </div>
        {list.error && !list.items ? <ErrorState cause={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.isPending && <Loading />}
        {list.items?.length === 0 && <EmptyState icon={<IconWebhook size={24} />} title={t('logNone')} text={t('logNoneText')} />}
        {list.items && list.items.length > 0 && (
          <ul className={styles.rows}>
            {list.items.map((one) => (
              <li key={one.id}>
                <Line delivery={one} onOpen={() => setOpen(open === one.id ? undefined : one.id)} open={open === one.id} />
                {open === one.id && <Whole id={one.id} onAgain={one.state === 'waiting' ? undefined : () => again({ ids: [one.id] })} />}
              </li>
            ))}
          </ul>
        )}
        {list.hasNextPage && <MoreRows has busy={list.isFetchingNextPage} load={list.more} />}
      </div>
    </SideSheet>
  )
}

function Line({ delivery, open, onOpen }: { delivery: Delivery; open: boolean; onOpen: () => void }) {
  const t = useTexts(webhookTexts)
  const formats = useFormats()
  return (
    <div className={styles.row}>
      <span className={styles.main}>
        <button type="button" className={styles.name} aria-expanded={open} onClick={onOpen}>
          {lookUp(webhookTexts, `y-${delivery.type}`) ?? delivery.type}
          {delivery.ticketId && ` #${delivery.ticketId}`}
        </button>
        <span className={styles.meta}>
          <span>{t('tries', { count: delivery.tries })}</span>
          <span>{delivery.lastStatus ?? delivery.lastCause}</span>
          {delivery.nextAt && delivery.tries > 0 && <span>{t('nextTry', { at: formats.dateTime(delivery.nextAt) })}</span>}
        </span>
      </span>
      <Badge tone={tones[delivery.state]}>{t(`z-${delivery.state}`)}</Badge>
      <span className="dim small">
        <TimeAgo at={delivery.at} />
      </span>
    </div>
  )
}

function Whole({ id, onAgain }: { id: string; onAgain?: (() => void) | undefined }) {
  const t = useTexts(webhookTexts)
  const formats = useFormats()
  const whole = useCall('GET /api/webhook-deliveries/:id', { params: { id } })
  return (
    <div className={styles.row}>
      <Loaded from={whole} rows={2}>
        {(one) => (
          <div className="stack grow">
            {one.allTries.map((attempt) => (
              <div key={attempt.at}>
                <span className={styles.meta}>
                  <span>{formats.dateTime(attempt.at)}</span>
                  <span>{attempt.status ?? attempt.cause}</span>
                  <span>{t('ms', { count: attempt.ms })}</span>
                </span>
                {attempt.answer !== '' && (
                  <>
                    <span className={styles.meta}>{t('answer')}</span>
                    <pre className={styles.code}>{attempt.answer}</pre>
                  </>
                )}
              </div>
            ))}
            <span className={styles.meta}>{t('body')}</span>
            <pre className={styles.code}>{one.body}</pre>
            {onAgain && (
              <div className="row">
                <Button onClick={onAgain}>{t('again')}</Button>
              </div>
            )}
          </div>
        )}
      </Loaded>
    </div>
  )
}
