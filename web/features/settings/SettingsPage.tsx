import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconBan,
  IconBellRinging,
  IconBolt,
  IconCalendarTime,
  IconCategory,
  IconChecklist,
  IconClock,
  IconDatabaseImport,
  IconForms,
  IconHistory,
  IconInbox,
  IconKey,
  IconMoodSmile,
  IconPackageExport,
  IconPhone,
  IconPhoneCall,
  IconProgress,
  IconRobot,
  IconRoute,
  IconTarget,
  IconUrgent,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Page, Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { CompanyForm } from './CompanyForm.tsx'
import styles from './Settings.module.css'
import { settingTexts } from './texts.ts'

const groups = [
  {
    text: 'groupPeople',
    links: [
      { text: 'people', icon: IconUsers, to: '/people', tab: undefined },
      { text: 'teams', icon: IconUsersGroup, to: '/teams', tab: undefined },
      { text: 'signIn', icon: IconKey, to: '/settings/sign-in', tab: undefined },
    ],
  },
  {
    text: 'groupTickets',
    links: [
      { text: 'rules', icon: IconRoute, to: '/teams', tab: 'rules' },
      { text: 'categories', icon: IconCategory, to: '/teams', tab: 'categories' },
      { text: 'statuses', icon: IconProgress, to: '/teams', tab: 'statuses' },
      { text: 'fields', icon: IconForms, to: '/settings/fields', tab: undefined },
      { text: 'taskTemplates', icon: IconChecklist, to: '/settings/task-templates', tab: undefined },
      { text: 'readymade', icon: IconBolt, to: '/ready-made', tab: undefined },
      { text: 'automation', icon: IconRobot, to: '/automation', tab: undefined },
      { text: 'time', icon: IconClock, to: '/settings/time', tab: undefined },
      { text: 'satisfaction', icon: IconMoodSmile, to: '/settings/satisfaction', tab: undefined },
    ],
  },
  {
    text: 'groupHours',
    links: [
      { text: 'calendars', icon: IconCalendarTime, to: '/settings/calendars', tab: undefined },
      { text: 'agreements', icon: IconTarget, to: '/settings/agreements', tab: undefined },
      { text: 'onCall', icon: IconUrgent, to: '/on-call', tab: undefined },
      { text: 'paging', icon: IconBellRinging, to: '/settings/paging', tab: undefined },
      { text: 'emergency', icon: IconPhoneCall, to: '/settings/emergency', tab: undefined },
    ],
  },
  {
    text: 'groupWays',
    links: [
      { text: 'mailboxes', icon: IconInbox, to: '/mail', tab: 'mailboxes' },
      { text: 'blocked', icon: IconBan, to: '/mail', tab: 'blocked' },
      { text: 'telephone', icon: IconPhone, to: '/settings/telephone', tab: undefined },
      { text: 'alertSources', icon: IconAlertTriangle, to: '/settings/alert-sources', tab: undefined },
      { text: 'webhooks', icon: IconWebhook, to: '/automation', tab: 'webhooks' },
    ],
  },
  {
    text: 'groupSystem',
    links: [
      { text: 'imports', icon: IconDatabaseImport, to: '/settings/imports', tab: undefined },
      { text: 'exports', icon: IconPackageExport, to: '/settings/exports', tab: undefined },
      { text: 'health', icon: IconActivityHeartbeat, to: '/health', tab: undefined },
      { text: 'audit', icon: IconHistory, to: '/audit', tab: undefined },
    ],
  },
] as const

export function SettingsPage() {
  const t = useTexts(settingTexts)
  const settings = useCall('GET /api/company/settings')
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Loaded from={settings}>{(shown) => <CompanyForm key={JSON.stringify(shown)} settings={shown} />}</Loaded>
      <Section title={t('elsewhere')}>
        <nav className={styles.groups} aria-label={t('elsewhere')}>
          {groups.map((group) => (
            <div key={group.text}>
              <h3>{t(group.text)}</h3>
              <div className={styles.links}>
                {group.links.map((link) => (
                  <Link key={link.text} to={link.to as never} search={(link.tab ? { tab: link.tab } : {}) as never} className={styles.link}>
                    <link.icon size={20} stroke={1.7} />
                    <span>
                      <strong>{t(link.text)}</strong>
                      <span className="dim">{t(`${link.text}Text`)}</span>
                    </span>
                  </Link>
                ))}
              </div>
            </div>
          ))}
        </nav>
      </Section>
    </Page>
  )
}
