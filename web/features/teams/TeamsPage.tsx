import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { CategoryTree } from './CategoryTree.tsx'
import { RuleList } from './RuleList.tsx'
import { StatusNames } from './StatusNames.tsx'
import { TeamList } from './TeamList.tsx'
import { teamTexts } from './texts.ts'

const tabs = ['teams', 'rules', 'categories', 'statuses'] as const
type Tab = (typeof tabs)[number]

export function TeamsPage() {
  const t = useTexts(teamTexts)
  const navigate = useNavigate({ from: '/teams' })
  const toAbsences = useNavigate()
  const { tab } = useSearch({ from: '/staff/teams' })
  const shown = tabs.find((one) => one === tab) ?? 'teams'
  const content: Record<Tab, () => React.ReactNode> = {
    teams: () => <TeamList />,
    rules: () => <RuleList />,
    categories: () => <CategoryTree />,
    statuses: () => <StatusNames />,
  }
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={<Button onClick={() => void toAbsences({ to: '/absences' as never })}>{t('absences')}</Button>}
    >
      <Tabs
        label={t('parts')}
        value={shown}
        onChange={(next) => void navigate({ search: next === 'teams' ? {} : { tab: next } })}
        tabs={tabs.map((value) => ({ value, label: t(value), content: value === shown ? content[value]() : null }))}
      />
    </Page>
  )
}
