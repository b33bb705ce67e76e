import type { AlertSource } from '../../../contract/alerts.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { FieldRow, FieldSet, NumberField, PasswordField, SelectField, SwitchField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { OrganisationPick, TeamPick } from '../people/picks.tsx'
import styles from './Alerts.module.css'
import type { WithKey } from './KeySheet.tsx'
import { MappingFields } from './MappingFields.tsx'
import { sourceTexts } from './source-texts.ts'
import { bodyOf, mappingFor, severities, valuesOf } from './source-values.ts'

const renews = ['GET /api/alert-sources'] as const
const kinds = ['alertmanager', 'pagerduty', 'webhook', 'mail', 'opsgenie'] as const
type Props = { source?: AlertSource; onKey: (made: WithKey) => void; onClose: () => void }

export function SourceSheet({ source, onKey, onClose }: Props) {
  const t = useTexts(sourceTexts)
  const customers = useCompany()?.supports === 'customers'
  const form = useForm(valuesOf(source))
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const add = useSend('POST /api/alert-sources', {
    renews,
    onProblem: form.take,
    onDone: (made) => {
      onClose()
      onKey(made)
    },
  })
  const edit = useSend('PATCH /api/alert-sources/:id', { renews, onProblem: form.take, onDone })
  const save = () => {
    const { kind, mailboxId, ...body } = bodyOf(form.values)
    if (source) edit.mutate({ params: { id: source.id }, ifMatch: source.version, body })
    else add.mutate({ body: { kind, mailboxId, ...body } })
  }
  return (
    <FormSheet
      title={source ? t('editSource', { name: source.name }) : t('newSource')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={source && <Archive source={source} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('name')} data-autofocus maxLength={100} {...form.text('name')} />
      {!source && (
        <SelectField
          label={t('kind')}
          value={form.values.kind}
          onChange={(kind) => {
            form.set('kind', kind)
            form.set('mapping', mappingFor(kind))
          }}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind-${kind}`) }))}
        />
      )}
      <p className="dim">{t(`kindText-${form.values.kind}`)}</p>
      {form.values.kind === 'mail' && !source && <MailboxField {...form.value('mailboxId')} />}
      <FieldRow>
        <TeamPick label={t('team')} hint={t('teamHint')} {...form.value('teamId')} />
        <OrganisationPick
          label={t(customers ? 'customer' : 'organisation')}
          hint={t('organisationHint')}
          {...form.value('organisationId')}
        />
      </FieldRow>
      {(form.values.kind === 'webhook' || form.values.kind === 'mail') && (
        <MappingFields
          key={form.values.kind}
          kind={form.values.kind}
          value={form.values.mapping}
          onChange={(mapping) => form.set('mapping', mapping)}
        />
      )}
      {form.values.kind === 'alertmanager' && (
        <FieldSet title={t('signature')} hint={t('signatureHint')}>
          <FieldRow>
            <PasswordField
              label={t('secret')}
              hint={t(source?.hasSecret ? 'secretKept' : 'secretHint')}
              autoComplete="off"
              maxLength={200}
              {...form.text('secret')}
            />
            <TextField label={t('timestampHeader')} hint={t('timestampHint')} maxLength={100} {...form.text('timestampHeader')} />
          </FieldRow>
          {source?.hasSecret && <Unsign source={source} onDone={onDone} />}
        </FieldSet>
      )}
      <FieldSet title={t('opening')}>
        <FieldRow>
          <NumberField label={t('delay')} hint={t('delayHint')} min={0} max={86_400} {...form.value('delaySeconds')} />
          <NumberField label={t('consecutive')} hint={t('consecutiveHint')} min={1} max={100} {...form.value('consecutive')} />
        </FieldRow>
        <FieldRow>
          <NumberField label={t('interval')} hint={t('intervalHint')} min={1} max={10_080} {...form.value('intervalMinutes')} />
          <NumberField label={t('heartbeat')} hint={t('heartbeatHint')} min={1} max={43_200} {...form.value('heartbeatMinutes')} />
        </FieldRow>
        <FieldRow>
          <NumberField label={t('flapAfter')} hint={t('flapHint')} min={0} max={20} {...form.value('flapAfter')} />
          <NumberField label={t('stormAfter')} hint={t('stormHint')} min={0} max={1000} {...form.value('stormAfter')} />
        </FieldRow>
        <SwitchField label={t('resolves')} {...form.check('resolves')} />
      </FieldSet>
      <FieldSet title={t('priorities')}>
        <FieldRow>
          {severities.map((severity) => (
            <NumberField key={severity} label={t(severity)} min={1} max={5} {...form.value(severity)} />
          ))}
        </FieldRow>
      </FieldSet>
      {source && <Doings source={source} onKey={onKey} onDone={onClose} />}
    </FormSheet>
  )
}

type MailboxProps = { value: string | null; error: string | undefined; onChange: (id: string | null) => void }
function MailboxField(props: MailboxProps) {
  const t = useTexts(sourceTexts)
  const mailboxes = useCall('GET /api/mailboxes').data?.items ?? []
  return (
    <SelectField
      label={t('mailbox')}
      hint={t('mailboxHint')}
      options={mailboxes.map((one) => ({ value: one.id, label: one.address }))}
      {...props}
    />
  )
}

function Unsign({ source, onDone }: { source: AlertSource; onDone: () => void }) {
  const t = useTexts(sourceTexts)
  const drop = useSend('PATCH /api/alert-sources/:id', { renews, onDone, onProblem: toastProblem })
  const send = () => drop.mutate({ params: { id: source.id }, ifMatch: source.version, body: { secret: null } })
  return (
    <div>
      <Button busy={drop.isPending} onClick={send}>
        {t('unsign')}
      </Button>
    </div>
  )
}

function Doings({ source, onKey, onDone }: { source: AlertSource; onKey: (made: WithKey) => void; onDone: () => void }) {
  const t = useTexts(sourceTexts)
  const [confirm, question] = useConfirm()
  const test = useSend('POST /api/alert-sources/:id/test', {
    renews: ['GET /api/alerts', 'GET /api/alert-sources'],
    onProblem: toastProblem,
    onDone: () => void toast(t('testSent')),
  })
  const renew = useSend('POST /api/alert-sources/:id/renew-key', {
    renews,
    onProblem: toastProblem,
    onDone: (made) => {
      onDone()
      onKey(made)
    },
  })
  const askRenew = async () => {
    if (await confirm({ title: t('renewKey'), text: t('renewAsk'), action: t('renewKey') }))
      renew.mutate({ params: { id: source.id }, body: {} })
  }
  const send = (action: 'trigger' | 'resolve') => test.mutate({ params: { id: source.id }, body: { action } })
  return (
    <span className={styles.marks}>
      <Button busy={test.isPending} onClick={() => send('trigger')}>
        {t('test')}
      </Button>
      <Button busy={test.isPending} onClick={() => send('resolve')}>
        {t('testOver')}
      </Button>
      <Button busy={renew.isPending} onClick={() => void askRenew()}>
        {t('renewKey')}
      </Button>
      {question}
    </span>
  )
}

function Archive({ source, onDone }: { source: AlertSource; onDone: () => void }) {
  const t = useTexts(sourceTexts)
  const [confirm, question] = useConfirm()
  const remove = useSend('DELETE /api/alert-sources/:id', { renews, onDone, onProblem: toastProblem })
  const ask = async () => {
    const yes = await confirm({ title: t('remove'), text: t('removeAsk', { name: source.name }), action: t('remove'), danger: true })
    if (yes) remove.mutate({ params: { id: source.id } })
  }
  return (
    <>
      <Button look="plain" busy={remove.isPending} onClick={() => void ask()}>
        {t('remove')}
      </Button>
      {question}
    </>
  )
}
