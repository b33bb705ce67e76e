import { useEffect, useState } from 'react'
import type { Rota } from '../../../contract/oncall.ts'
import { problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { issueText } from '../../kernel/problem-texts.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { type Option, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { toast } from '../../ui/Toast.tsx'
import { optionOf, TeamPick } from '../people/picks.tsx'
import { LayerFields } from './LayerFields.tsx'
import { bodyOf, draftOf, freshLayer, type LayerDraft } from './layers.ts'
import styles from './OnCall.module.css'
import { scheduleCalls } from './ShiftSheet.tsx'
import { Timeline } from './Timeline.tsx'
import { rotaTexts } from './texts-rota.ts'

const zoneHere = Intl.DateTimeFormat().resolvedOptions().timeZone

/** A rota and its layers, with what comes of it shown while one types. */
export function RotaSheet({ rota, onClose }: { rota: Rota | null; onClose: () => void }) {
  const r = useTexts(rotaTexts)
  const [layerErrors, setLayerErrors] = useState<Record<string, string>>({})
  const form = useForm({
    name: rota?.name ?? '',
    teamId: optionOf(rota?.team) as Option | null,
    timeZone: rota?.timeZone ?? zoneHere,
    needed: rota?.needed ?? ('always' as Rota['needed']),
    calendarId: rota?.calendar?.id ?? '',
    layers: rota?.layers.map(draftOf) ?? [freshLayer(r('first'), zoneHere)],
  })
  const body = bodyFrom(form.values)
  const saving = {
    renews: [...scheduleCalls, 'GET /api/rotas', 'GET /api/rotas/:id'] as const,
    onProblem: (cause: unknown) => {
      form.take(cause)
      const issues = problemIn(cause)?.issues ?? []
      setLayerErrors(Object.fromEntries(issues.filter((one) => one.path.startsWith('layers.')).map((one) => [one.path, issueText(one)])))
    },
    onDone: () => {
      toast(r('saved'))
      onClose()
    },
  }
  const add = useSend('POST /api/rotas', saving)
  const change = useSend('PATCH /api/rotas/:id', saving)
  const save = () => (rota ? change.mutate({ params: { id: rota.id }, ifMatch: rota.version, body }) : add.mutate({ body }))
  const { layers } = form.values
  const setLayers = (next: LayerDraft[]) => form.set('layers', next)
  return (
    <FormSheet
      title={r(rota ? 'edit' : 'add')}
      busy={add.isPending || change.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={r('name')} {...form.text('name')} />
      <TeamPick label={r('team')} {...form.value('teamId')} />
      <TimeZoneField hint={r('zoneShown')} {...form.value('timeZone')} onChange={(zone) => form.set('timeZone', zone ?? 'UTC')} />
      <Needed form={form} />
      <Preview body={body} rotaId={rota?.id ?? null} names={layers.map((layer) => layer.name)} />
      <p className="dim small">{r('layersHint')}</p>
      {layers.map((layer, n) => (
        <LayerFields
          key={layer.key}
          layer={layer}
          place={n}
          only={layers.length === 1}
          errors={errorsOf(layerErrors, n)}
          onChange={(part) => setLayers(layers.map((one) => (one.key === layer.key ? { ...one, ...part } : one)))}
          onUp={() => setLayers(layers.toSpliced(n, 1).toSpliced(n - 1, 0, layer))}
          onRemove={() => setLayers(layers.filter((one) => one.key !== layer.key))}
        />
      ))}
      <div>
        <Button onClick={() => setLayers([...layers, freshLayer(r('layer', { count: layers.length + 1 }), form.values.timeZone)])}>
          {r('layerAdd')}
        </Button>
      </div>
    </FormSheet>
  )
}

type Values = { name: string; teamId: Option | null; timeZone: string; needed: Rota['needed']; calendarId: string; layers: LayerDraft[] }

const bodyFrom = (values: Values) => ({
  name: values.name,
  teamId: values.teamId?.value ?? '',
  timeZone: values.timeZone,
  needed: values.needed,
  calendarId: values.needed === 'always' || values.calendarId === '' ? null : values.calendarId,
  layers: values.layers.map(bodyOf),
})

/** 'layers.1.handover' of the second layer is 'handover'; deeper paths belong to their field. */
const errorsOf = (all: Record<string, string>, place: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([path, text]) => (path.split('.')[1] === String(place) ? [[path.split('.')[2] ?? 'name', text]] : [])),
  )

function Needed({ form }: { form: ReturnType<typeof useForm<Values>> }) {
  const r = useTexts(rotaTexts)
  const { data } = useCall('GET /api/calendars')
  const choices = (['always', 'within', 'outside'] as const).map((value) => ({ value, label: r(`needed.${value}`) }))
  const calendars = data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []
  return (
    <>
      <SelectField label={r('needed')} options={choices} {...form.value('needed')} />
      {form.values.needed !== 'always' && (
        <SelectField
          label={r('calendar')}
          options={calendars}
          {...form.value('calendarId')}
          value={form.values.calendarId || null}
          onChange={(id) => form.set('calendarId', id ?? '')}
        />
      )}
    </>
  )
}

function Preview({ body, rotaId, names }: { body: ReturnType<typeof bodyFrom>; rotaId: string | null; names: readonly string[] }) {
  const r = useTexts(rotaTexts)
  const [range] = useState(() => {
    const from = new Date()
    from.setHours(0, 0, 0, 0)
    return { from: from.toISOString(), to: new Date(from.getTime() + 14 * 86_400_000).toISOString() }
  })
  const { data, mutate, reset } = useSend('POST /api/rotas/preview')
  const wanted = JSON.stringify(body)
  const ready =
    body.teamId !== '' && body.name.trim() !== '' && body.layers.every((layer) => layer.peopleIds.length > 0 && layer.startsOn !== '')
  useEffect(() => {
    if (!ready) return reset()
    const timer = setTimeout(() => mutate({ body: { ...range, rotaId, rota: JSON.parse(wanted) as typeof body } }), 400)
    return () => clearTimeout(timer)
  }, [ready, wanted, range, rotaId, mutate, reset])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and holds nothing else to tab to
    <section className={styles.preview} aria-label={r('preview')} tabIndex={0}>
      <h3 className="small">{r('preview')}</h3>
      {data ? (
        <Timeline
          timeZone={body.timeZone}
          from={range.from}
          to={range.to}
          rows={[
            { key: 'final', label: r('final'), items: data.items },
            ...data.layers.map((layer, n) => ({ key: layer.layerId, label: names[n] ?? '', items: layer.items })),
          ]}
        />
      ) : (
        <p className={styles.dim}>{r('previewWait')}</p>
      )}
    </section>
  )
}
