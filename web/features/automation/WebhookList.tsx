import { IconHistory, IconPlus, IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import type { Webhook } from '../../../contract/webhooks.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SwitchField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from './Automation.module.css'
import { DeliveryLog } from './DeliveryLog.tsx'
import { WebhookSheet } from './WebhookSheet.tsx'
import { webhookTexts } from './webhook-texts.ts'

const renews = ['GET /api/webhooks'] as const

export function WebhookList() {
  const t = useTexts(webhookTexts)
  const hooks = useCall('GET /api/webhooks')
  const [open, setOpen] = useState<Webhook | 'new'>()
  const [log, setLog] = useState<Webhook>()
  const [secret, setSecret] = useState<string>()
  return (
    <>
      <div className={styles.bar}>
        <p>{t('lead')}</p>
        <Button look="main" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('newHook')}
        </Button>
      </div>
      {secret && <Secret secret={secret} onDone={() => setSecret(undefined)} />}
      <Loaded from={hooks}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconWebhook size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <ul className={styles.rows}>
              {items.map((hook) => (
                <li key={hook.id} className={styles.row} data-off={!hook.on || undefined}>
                  <Words hook={hook} onOpen={() => setOpen(hook)} />
                  <span className={styles.tools}>
                    <Turn hook={hook} />
                    <IconButton label={t('logOf', { name: hook.name })} icon={<IconHistory size={16} />} onClick={() => setLog(hook)} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {open && <WebhookSheet {...(open === 'new' ? {} : { hook: open })} onSecret={setSecret} onClose={() => setOpen(undefined)} />}
      {log && <DeliveryLog hook={log} onClose={() => setLog(undefined)} />}
    </>
  )
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const t = useTexts(webhookTexts)
  return (
    <div className={styles.secret} role="status">
      <strong>{t('secret')}</strong>
      <p className="dim">{t('secretText')}</p>
      <code className={styles.code}>{secret}</code>
      <Button look="plain" onClick={onDone}>
        {t('done')}
      </Button>
    </div>
  )
}

function Words({ hook, onOpen }: { hook: Webhook; onOpen: () => void }) {
  const t = useTexts(webhookTexts)
  const formats = useFormats()
  return (
    <span className={styles.main}>
      <button type="button" className={styles.name} onClick={onOpen}>
        {hook.name}
      </button>
      <span className={styles.says}>{hook.url}</span>
      <span className={styles.meta}>
        {hook.offWhy && hook.offWhy !== 'hand' && <Badge tone="bad">{t(`off-${hook.offWhy}`)}</Badge>}
        {hook.on && hook.failingSince && <Badge tone="warn">{t('failing', { since: formats.dateTime(hook.failingSince) })}</Badge>}
        <span>{hook.types.length === 0 ? t('typesHint') : hook.types.map((type) => t(`y-${type}`)).join(', ')}</span>
        <span>{t('waiting', { count: hook.waiting })}</span>
        {hook.secretBeforeUntil && Date.parse(hook.secretBeforeUntil) > Date.now() && (
          <span>{t('bothSign', { until: formats.dateTime(hook.secretBeforeUntil) })}</span>
        )}
      </span>
    </span>
  )
}

function Turn({ hook }: { hook: Webhook }) {
  const t = useTexts(webhookTexts)
  const turn = useSend('PATCH /api/webhooks/:id', { renews, onProblem: toastProblem })
  return (
    <SwitchField
      label={t(hook.on ? 'on' : 'off')}
      aria-label={t('turn', { name: hook.name })}
      checked={hook.on}
      disabled={turn.isPending}
      onChange={(event) => turn.mutate({ params: { id: hook.id }, ifMatch: hook.version, body: { on: event.currentTarget.checked } })}
    />
  )
}
