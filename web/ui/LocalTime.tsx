import { useFormats } from '../kernel/formats.ts'
import { useTexts } from '../kernel/i18n.ts'
import { SelectField } from './Fields.tsx'
import { useNow } from './TimeAgo.tsx'
import { uiTexts } from './texts.ts'

const zones = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
const isKnown = (zone: string) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** What a clock on the wall there shows; the zone's bare name where this browser does not know it. */
export function LocalTime({ timeZone }: { timeZone: string }) {
  const t = useTexts(uiTexts)
  const formats = useFormats()
  useNow()
  const place = timeZone.replaceAll('_', ' ')
  return (
    <span>
      {isKnown(timeZone) && t('localTime', { time: formats.clockIn(timeZone) })} <span className="dim">({place})</span>
    </span>
  )
}

type Props = { value: string | null; onChange: (value: string | null) => void; error?: string | undefined; name?: string; hint?: string }
export function TimeZoneField({ value, ...rest }: Props) {
  const t = useTexts(uiTexts)
  const options = value && !zones.some((z) => z.value === value) ? [{ value, label: value }, ...zones] : zones
  return <SelectField label={t('timeZone')} hint={t('timeZoneHint')} options={options} value={value} clearable limit={100} {...rest} />
}
