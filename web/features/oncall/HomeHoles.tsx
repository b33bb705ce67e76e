import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Section } from '../../ui/Page.tsx'
import { Problems } from './Problems.tsx'
import { oncallTexts } from './texts.ts'

/** On the home of whoever leads: only when there is something to mend. */
export function HomeHoles() {
  const t = useTexts(oncallTexts)
  const { data } = useCall('GET /api/on-call/problems')
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('problems')} lead={t('problemsLead')}>
      <Problems items={data.items} named />
    </Section>
  )
}
