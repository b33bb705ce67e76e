import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldSet, NumberField, SelectField, SwitchField, TextField } from '../../ui/Fields.tsx'
import { TimeZoneField } from '../../ui/LocalTime.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { type LayerDraft, weekdays } from './layers.ts'
import { rotaTexts } from './texts-rota.ts'

type Props = {
  layer: LayerDraft
  place: number
  only: boolean
  errors: Record<string, string>
  onChange: (change: Partial<LayerDraft>) => void
  onUp: () => void
  onRemove: () => void
}

/** One layer: who, in which order, when they hand over, and in which hours it holds at all. */
export function LayerFields({ layer, place, only, errors, onChange, onUp, onRemove }: Props) {
  const r = useTexts(rotaTexts)
  return (
    <FieldSet title={r('layer', { count: place + 1 })}>
      <TextField
        label={r('layerName')}
        value={layer.name}
        error={errors['name']}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <PeopleField value={layer.people} error={errors['peopleIds']} onChange={(people) => onChange({ people })} />
      <RotationFields {...{ layer, errors, onChange }} />
      <FieldRow>
        <TextField
          label={r('startsOn')}
          type="date"
          value={layer.startsOn}
          error={errors['startsOn']}
          onChange={(event) => onChange({ startsOn: event.currentTarget.value })}
        />
        <TextField
          label={r('endsOn')}
          type="date"
          value={layer.endsOn}
          error={errors['endsOn']}
          onChange={(event) => onChange({ endsOn: event.currentTarget.value })}
        />
      </FieldRow>
      <TimeZoneField
        hint={r('zoneLayer')}
        value={layer.timeZone}
        error={errors['timeZone']}
        onChange={(timeZone) => onChange({ timeZone: timeZone ?? 'UTC' })}
      />
      <HourFields {...{ layer, errors, onChange }} />
      {!only && (
        <div className="row">
          {place > 0 && <Button onClick={onUp}>{r('layerUp')}</Button>}
          <Button look="plain" onClick={onRemove}>
            {r('layerRemove')}
          </Button>
        </div>
      )}
    </FieldSet>
  )
}

type Part = Pick<Props, 'layer' | 'errors' | 'onChange'>

function PeopleField({
  value,
  error,
  onChange,
}: {
  value: LayerDraft['people']
  error: string | undefined
  onChange: (people: LayerDraft['people']) => void
}) {
  const r = useTexts(rotaTexts)
  const [typed] = useState('')
  const { data } = useCall('GET /api/people', { query: { q: typed, limit: 200, staff: 'true' } }, { keep: true })
  const options = data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []
  return <ManyField label={r('people')} options={options} value={value} error={error} onChange={onChange} />
}

function RotationFields({ layer, errors, onChange }: Part) {
  const r = useTexts(rotaTexts)
  const language = useLanguage()
  const day = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { weekday: 'long', timeZone: 'UTC' })
  const rotations = (['hourly', 'daily', 'weekly', 'custom'] as const).map((value) => ({ value, label: r(`rotation.${value}`) }))
  const units = (['hours', 'days', 'weeks'] as const).map((value) => ({ value, label: r(`unit.${value}`) }))
  // 5 January 1970 was a Monday.
  const days = weekdays.map((_, n) => ({ value: String(n + 1), label: day.format(new Date((n + 4) * 86_400_000)) }))
  const weekly = layer.rotation === 'weekly' || (layer.rotation === 'custom' && layer.unit === 'weeks')
  return (
    <>
      <FieldRow>
        <SelectField label={r('rotation')} options={rotations} value={layer.rotation} onChange={(rotation) => onChange({ rotation })} />
        <TextField
          label={r('at')}
          type="time"
          value={layer.handover}
          error={errors['handover']}
          onChange={(event) => onChange({ handover: event.currentTarget.value })}
        />
      </FieldRow>
      {layer.rotation === 'custom' && (
        <FieldRow>
          <NumberField
            label={r('every')}
            min={1}
            max={1000}
            value={layer.every}
            onChange={(every) => onChange({ every: Number(every) || 1 })}
          />
          <SelectField label={r('unit')} options={units} value={layer.unit} onChange={(unit) => onChange({ unit })} />
        </FieldRow>
      )}
      {weekly && (
        <SelectField
          label={r('on')}
          options={days}
          value={String(layer.weekday)}
          onChange={(weekday) => onChange({ weekday: Number(weekday) })}
        />
      )}
    </>
  )
}

function HourFields({ layer, errors, onChange }: Part) {
  const r = useTexts(rotaTexts)
  const language = useLanguage()
  const name = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { weekday: 'long', timeZone: 'UTC' })
  const turn = () =>
    onChange({ hours: layer.hours === null ? Object.fromEntries(weekdays.map((day) => [day, [['09:00', '17:00']]])) : null })
  const set = (day: string, hours: [string, string][]) => onChange({ hours: { ...layer.hours, [day]: hours } })
  return (
    <>
      <SwitchField label={r('restricted')} hint={r('hoursHint')} checked={layer.hours !== null} error={errors['hours']} onChange={turn} />
      {layer.hours !== null &&
        weekdays.map((day, n) => {
          const [first, ...more] = layer.hours?.[day] ?? []
          const label = name.format(new Date((n + 4) * 86_400_000))
          // A field for times knows no 24:00, and nothing ends where a day begins.
          const put = (from: string, to: string) =>
            set(day, from === '' && to === '' ? more : [[from, to === '00:00' ? '24:00' : to], ...more])
          return (
            <FieldRow key={day}>
              <TextField
                label={r('hoursFrom', { day: label })}
                type="time"
                value={first?.[0] ?? ''}
                onChange={(event) => put(event.currentTarget.value, first?.[1] ?? '')}
              />
              <TextField
                label={r('hoursTo', { day: label })}
                type="time"
                value={first?.[1] === '24:00' ? '00:00' : (first?.[1] ?? '')}
                onChange={(event) => put(first?.[0] ?? '', event.currentTarget.value)}
              />
            </FieldRow>
          )
        })}
    </>
  )
}
