import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { Page } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { ReadymadeList } from './ReadymadeList.tsx'
import { RecurringList } from './RecurringList.tsx'
import { readymadeTexts } from './texts.ts'

const tabs = ['macro', 'snippet', 'template', 'model', 'guide', 'recurring'] as const
type Tab = (typeof tabs)[number]

export function ReadymadePage() {
  const t = useTexts(readymadeTexts)
  const navigate = useNavigate({ from: '/ready-made' })
  const { tab } = useSearch({ from: '/staff/ready-made' })
  const shown: Tab = tabs.find((one) => one === tab) ?? 'macro'
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Tabs
        label={t('parts')}
        value={shown}
        onChange={(next) => void navigate({ search: next === 'macro' ? {} : { tab: next } })}
        tabs={tabs.map((value) => ({
          value,
          label: t(value),
          content: value !== shown ? null : value === 'recurring' ? <RecurringList /> : <ReadymadeList key={value} kind={value} />,
        }))}
      />
    </Page>
  )
}
