import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { handTexts } from './hand-texts.ts'

/** Who could be asked at this hour: on call first, then who is at work, then all others. */
export function useColleagues() {
  const t = useTexts(handTexts)
  const formats = useFormats()
  const me = useMe()
  const awake = (useCall('GET /api/on-call/awake').data?.items ?? []).filter((one) => one.person.id !== me?.id)
  const told = (one: (typeof awake)[number]) => {
    if (one.onCall.length > 0) return `${one.person.name} (${one.onCall.map((rota) => rota.name).join(', ')})`
    if (one.absent) return t('absent', { name: one.person.name })
    if (one.until === null) return one.person.name
    return t(one.working ? 'worksUntil' : 'worksFrom', { name: one.person.name, at: formats.dateTime(one.until) })
  }
  const group = (label: string, fits: (one: (typeof awake)[number]) => boolean) => {
    const items = awake.filter(fits).map((one) => ({ value: one.person.id, label: told(one) }))
    return items.length > 0 ? [{ group: label, items }] : []
  }
  const isOnCall = (one: (typeof awake)[number]) => one.onCall.length > 0
  const isAtWork = (one: (typeof awake)[number]) => !isOnCall(one) && one.working && !one.absent && one.state !== 'away'
  return [
    ...group(t('onCall'), isOnCall),
    ...group(t('atWork'), isAtWork),
    ...group(t('others'), (one) => !isOnCall(one) && !isAtWork(one)),
  ]
}
