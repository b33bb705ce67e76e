import { useState } from 'react'
import { useFormats } from '../../kernel/formats.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Alerts.module.css'
import { alertTexts } from './texts.ts'

const renews = ['GET /api/alert-silences', 'GET /api/alerts'] as const

/** Planned work, now and to come. */
export function Silences() {
  const t = useTexts(alertTexts)
  const formats = useFormats()
  const [adding, setAdding] = useState(false)
  const { data } = useCall('GET /api/alert-silences')
  const end = useSend('DELETE /api/alert-silences/:id', { renews, onDone: () => void toast(t('ended')), onProblem: toastProblem })
  if (!data || (data.items.length === 0 && !data.can.edit)) return null
  return (
    <Section
      title={t('silences')}
      lead={t('silencesLead')}
      actions={data.can.edit && <Button onClick={() => setAdding(true)}>{t('newSilence')}</Button>}
    >
      {data.items.map((one) => (
        <div key={one.id} className={styles.entry}>
          <span className={styles.main}>
            <strong>{one.reason}</strong>
            <span className="dim">
              {[
                one.source?.name ?? t('anySource'),
                one.device || t('everything'),
                t('from', { at: formats.dateTime(one.fromAt) }),
                one.untilAt ? t('until', { at: formats.dateTime(one.untilAt) }) : t('openEnded'),
              ].join(' · ')}
            </span>
          </span>
          {one.suppressed > 0 && <Badge>{t('suppressedCount', { count: one.suppressed })}</Badge>}
          {data.can.edit && (
            <Button busy={end.isPending} onClick={() => end.mutate({ params: { id: one.id } })}>
              {t('end')}
            </Button>
          )}
        </div>
      ))}
      {adding && <SilenceSheet onClose={() => setAdding(false)} />}
    </Section>
  )
}

const instantOf = (wall: string): string | null => (wall === '' ? null : new Date(wall).toISOString())

function SilenceSheet({ onClose }: { onClose: () => void }) {
  const t = useTexts(alertTexts)
  const knows = useMay('setting.edit')
  const form = useForm({ sourceId: null as string | null, device: '', reason: '', fromAt: '', untilAt: '' })
  const begin = useSend('POST /api/alert-silences', {
    renews,
    onProblem: form.take,
    onDone: () => {
      toast(t('saved'))
      onClose()
    },
  })
  const save = () => {
    const { sourceId, device, reason } = form.values
    const from = instantOf(form.values.fromAt)
    begin.mutate({ body: { sourceId, device, reason, untilAt: instantOf(form.values.untilAt), ...(from ? { fromAt: from } : {}) } })
  }
  return (
    <FormSheet title={t('newSilence')} busy={begin.isPending} problem={form.problem} values={form.values} onSave={save} onClose={onClose}>
      <TextField label={t('reason')} hint={t('reasonHint')} data-autofocus maxLength={500} {...form.text('reason')} />
      {knows && <SourcePick form={form.value('sourceId')} />}
      <TextField label={t('silenceDevice')} hint={t('silenceDeviceHint')} maxLength={250} {...form.text('device')} />
      <FieldRow>
        <TextField label={t('fromAt')} type="datetime-local" {...form.text('fromAt')} />
        <TextField label={t('untilAt')} hint={t('untilHint')} type="datetime-local" {...form.text('untilAt')} />
      </FieldRow>
    </FormSheet>
  )
}

type Value = { value: string | null; onChange: (value: string | null) => void }
function SourcePick({ form }: { form: Value }) {
  const t = useTexts(alertTexts)
  const sources = useCall('GET /api/alert-sources').data?.items ?? []
  return (
    <SelectField
      label={t('source')}
      placeholder={t('anySource')}
      clearable
      options={sources.map((one) => ({ value: one.id, label: one.name }))}
      {...form}
    />
  )
}
