import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { Page } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { BlockedSenders } from './BlockedSenders.tsx'
import { Journal } from './Journal.tsx'
import { MailboxList } from './MailboxList.tsx'
import { Outbox } from './Outbox.tsx'
import { mailTexts } from './texts.ts'

const tabs = ['journal', 'outbox', 'mailboxes', 'blocked'] as const
type Tab = (typeof tabs)[number]
const content: Record<Tab, () => ReactNode> = {
  journal: () => <Journal />,
  outbox: () => <Outbox />,
  mailboxes: () => <MailboxList />,
  blocked: () => <BlockedSenders />,
}

export function MailPage() {
  const t = useTexts(mailTexts)
  const navigate = useNavigate({ from: '/mail' })
  const { tab } = useSearch({ from: '/staff/mail' })
  const shown = tabs.find((one) => one === tab) ?? 'journal'
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Tabs
        label={t('parts')}
        value={shown}
        onChange={(next) => void navigate({ search: next === 'journal' ? {} : { tab: next } })}
        tabs={tabs.map((value) => ({ value, label: t(value), content: value === shown ? content[value]() : null }))}
      />
    </Page>
  )
}
