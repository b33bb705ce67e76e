import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconBuilding,
  IconChartBar,
  IconChecklist,
  IconHome,
  IconInbox,
  IconMail,
  IconMapPin,
  IconMoodSmile,
  IconPhone,
  IconRadar2,
  IconRoute,
  IconSettings,
  IconStack2,
  IconUrgent,
  IconUsers,
} from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import type { Right } from '../../../contract/rights.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCompany, useMe } from '../../kernel/session.ts'
import { shellTexts } from './texts.ts'

/** The rail, in order. A place is shown when its screen is registered in routes-desk.tsx and the reader's rights reach it. */
const places = [
  { to: '/home', text: 'home', icon: IconHome, keys: 'g n', right: 'ticket.work' },
  { to: '/tickets', text: 'tickets', icon: IconInbox, keys: 'g t', right: 'ticket.work' },
  { to: '/tasks', text: 'tasks', icon: IconChecklist, keys: 'g a', right: 'ticket.work' },
  { to: '/calls', text: 'calls', icon: IconPhone, keys: 'g l', right: 'ticket.work' },
  { to: '/visits', text: 'visits', icon: IconMapPin, keys: 'g v', right: 'ticket.work' },
  { to: '/on-call', text: 'onCall', icon: IconUrgent, keys: 'g o', right: 'ticket.work' },
  { to: '/alerts', text: 'alerts', icon: IconAlertTriangle, keys: 'g e', right: 'ticket.work' },
  { to: '/queues', text: 'queues', icon: IconStack2, keys: 'g q', right: 'ticket.work' },
  { to: '/people', text: 'people', icon: IconUsers, keys: 'g p', right: 'person.see' },
  { to: '/organisations', text: 'organisations', icon: IconBuilding, keys: 'g c', right: 'person.see' },
  { to: '/teams', text: 'teams', icon: IconRoute, keys: 'g r', right: 'ticket.work' },
  { to: '/mail', text: 'mail', icon: IconMail, keys: 'g m', right: 'journal.see' },
  { to: '/satisfaction', text: 'satisfaction', icon: IconMoodSmile, keys: 'g f', right: 'survey.see' },
  { to: '/figures', text: 'figures', icon: IconChartBar, keys: 'g i', right: 'figure.see' },
  { to: '/radar', text: 'radar', icon: IconRadar2, keys: 'g d', right: 'figure.see' },
  { to: '/health', text: 'health', icon: IconActivityHeartbeat, keys: 'g h', right: 'health.see' },
  { to: '/settings', text: 'settings', icon: IconSettings, keys: 'g s', right: 'setting.edit' },
] as const satisfies readonly { to: string; text: string; icon: unknown; keys: string; right: Right }[]

export type Place = { to: string; label: string; icon: (typeof places)[number]['icon']; keys: string }

export function usePlaces(): Place[] {
  const t = useTexts(shellTexts)
  const { rights } = useMe()
  const supports = useCompany()?.supports
  const known = useRouter().routesByPath as Record<string, unknown>
  return places
    .filter((place) => place.to in known && rights.includes(place.right))
    .map(({ to, text, icon, keys }) => ({
      to,
      icon,
      keys,
      label: t(text === 'organisations' && supports === 'customers' ? 'customers' : text),
    }))
}
