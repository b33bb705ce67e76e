import type { Issue } from '../../../contract/radar.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { radarTexts } from './texts.ts'

/** What an issue is called: by its words, or by who or where and which category. */
export const nameOf = ({ kind, words, person, site, category }: Issue): string =>
  kind === 'words' ? words.join(' · ') : [person?.name ?? site?.name, category?.name].filter(Boolean).join(' · ')

/** What it cost, and how sure that is. */
export function useCost(): (issue: Issue) => string {
  const t = useTexts(radarTexts)
  const formats = useFormats()
  return ({ minutes, estimated }) =>
    estimated === 0 || estimated === minutes
      ? t(estimated === 0 ? 'cost' : 'costAll', { hours: formats.duration(minutes * 60) })
      : t('costEstimated', { hours: formats.duration(minutes * 60), estimated: formats.duration(estimated * 60) })
}
