import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { Page } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { RuleList } from './RuleList.tsx'
import { automationTexts } from './texts.ts'
import { WebhookList } from './WebhookList.tsx'

const tabs = ['rules', 'webhooks'] as const
type Tab = (typeof tabs)[number]

export function AutomationPage() {
  const t = useTexts(automationTexts)
  const navigate = useNavigate({ from: '/automation' })
  const { tab } = useSearch({ from: '/staff/automation' })
  const shown: Tab = tabs.find((one) => one === tab) ?? 'rules'
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Tabs
        label={t('parts')}
        value={shown}
        onChange={(next) => void navigate({ search: next === 'rules' ? {} : { tab: next } })}
        tabs={tabs.map((value) => ({
          value,
          label: t(value),
          content: value !== shown ? null : value === 'rules' ? <RuleList /> : <WebhookList />,
        }))}
      />
    </Page>
  )
}
