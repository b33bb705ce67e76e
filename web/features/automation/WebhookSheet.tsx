import type { Webhook, WebhookType } from '../../../contract/webhooks.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, FieldSet, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { RemoveButton } from '../../ui/RemoveButton.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Automation.module.css'
import { webhookTexts } from './webhook-texts.ts'

const types: readonly WebhookType[] = [
  'ticket.created',
  'ticket.replied',
  'ticket.changed',
  'ticket.assigned',
  'ticket.passed',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'ticket.merged',
]
const renews = ['GET /api/webhooks'] as const
type Props = { hook?: Webhook; onSecret: (secret: string) => void; onClose: () => void }

export function WebhookSheet({ hook, onSecret, onClose }: Props) {
  const t = useTexts(webhookTexts)
  const form = useForm({ name: hook?.name ?? '', url: hook?.url ?? '', types: hook?.types ?? (['ticket.created'] as WebhookType[]) })
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const add = useSend('POST /api/webhooks', {
    renews,
    onProblem: form.take,
    onDone: (made) => {
      onSecret(made.secret)
      onDone()
    },
  })
  const edit = useSend('PATCH /api/webhooks/:id', { renews, onProblem: form.take, onDone })
  const save = () => {
    if (hook) edit.mutate({ params: { id: hook.id }, ifMatch: hook.version, body: form.values })
    else add.mutate({ body: form.values })
  }
  const { types: chosen } = form.values
  return (
    <FormSheet
      title={hook ? t('editHook', { name: hook.name }) : t('newHook')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={hook && <Remove hook={hook} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('name')} data-autofocus maxLength={100} {...form.text('name')} />
      <TextField label={t('url')} hint={t('urlHint')} type="url" {...form.text('url')} />
      <FieldSet title={t('types')} hint={t('typesHint')}>
        <div className={styles.checks}>
          {types.map((type) => (
            <CheckField
              key={type}
              label={t(`y-${type}`)}
              checked={chosen.includes(type)}
              onChange={(event) =>
                form.set('types', event.currentTarget.checked ? [...chosen, type] : chosen.filter((one) => one !== type))
              }
            />
          ))}
        </div>
      </FieldSet>
      {hook && <Doings hook={hook} onSecret={onSecret} onDone={onClose} />}
    </FormSheet>
  )
}

function Doings({ hook, onSecret, onDone }: { hook: Webhook; onSecret: (secret: string) => void; onDone: () => void }) {
  const t = useTexts(webhookTexts)
  const test = useSend('POST /api/webhooks/:id/test', {
    renews: ['GET /api/webhooks/:id/deliveries'],
    onProblem: toastProblem,
    onDone: () => void toast(t('testSent')),
  })
  const secret = useSend('POST /api/webhooks/:id/secret', {
    renews,
    onProblem: toastProblem,
    onDone: (made) => {
      onSecret(made.secret)
      onDone()
    },
  })
  return (
    <div className="row">
      <Button busy={test.isPending} disabled={!hook.on} onClick={() => test.mutate({ params: { id: hook.id } })}>
        {t('test')}
      </Button>
      <Button busy={secret.isPending} onClick={() => secret.mutate({ params: { id: hook.id } })}>
        {t('newSecret')}
      </Button>
    </div>
  )
}

function Remove({ hook, onDone }: { hook: Webhook; onDone: () => void }) {
  const t = useTexts(webhookTexts)
  const remove = useSend('DELETE /api/webhooks/:id', {
    renews: ['GET /api/webhooks', 'GET /api/automation/rules'],
    onDone: () => {
      toast(t('removed'))
      onDone()
    },
    onProblem: toastProblem,
  })
  return (
    <RemoveButton
      label={t('remove')}
      title={t('removeTitle', { name: hook.name })}
      text={t('removeText')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ params: { id: hook.id } })}
    />
  )
}
