import type { SavedView } from '../../../contract/views.ts'
import { inLanguage, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import type { Option } from '../../ui/Fields.tsx'
import { useCategories } from '../tickets/CategoryPicker.tsx'
import type { Field } from './conditions.ts'
import { levelTexts } from './level-texts.ts'
import { type OwnField, ownColumn } from './own-conditions.ts'
import { viewTexts } from './texts.ts'

const meanings = [
  'new',
  'open',
  'waiting-requester',
  'waiting-vendor',
  'waiting-approval',
  'waiting-record',
  'scheduled',
  'resolved',
  'closed',
  'cancelled',
] as const
const levels = [1, 2, 3] as const
const channels = ['mail', 'portal', 'phone', 'counter', 'chat', 'api', 'monitoring'] as const

/** What a field may be compared with, where that is few enough to be offered. */
export function useChoices(): (field: Field) => readonly Option[] {
  const t = useTexts(viewTexts)
  const l = useTexts(levelTexts)
  const language = useLanguage()
  const categories = useCategories()
  const statuses = useCall('GET /api/statuses', {}, { staleTime: 300_000 }).data?.items ?? []
  const teams = useCall('GET /api/teams').data?.items ?? []
  const staff = useCall('GET /api/people', { query: { staff: 'true' as const, limit: 200 } }, { staleTime: 300_000 }).data?.items ?? []
  const none = { value: 'none', label: t('none') }
  return (field) => {
    switch (field) {
      case 'status':
        return statuses.map((one) => ({ value: one.id, label: inLanguage(one.name, language) }))
      case 'meaning':
        return meanings.map((value) => ({ value, label: l(value) }))
      case 'impact':
      case 'urgency':
        return levels.map((value) => ({ value: String(value), label: l(`${field}-${value}`) }))
      case 'organisation':
      case 'site':
        return [none]
      case 'priority':
        return ['1', '2', '3', '4', '5'].map((value) => ({ value, label: value }))
      case 'team':
        return [{ value: 'mine', label: t('mine') }, none, ...teams.map((one) => ({ value: one.id, label: one.name }))]
      case 'assignee':
        return [
          { value: 'me', label: t('me') },
          { value: 'my-teams', label: t('my-teams') },
          none,
          ...staff.map((one) => ({ value: one.id, label: one.name })),
        ]
      case 'category':
        return [none, ...categories.map((one) => ({ value: one.id, label: one.path }))]
      case 'kind':
        return (['incident', 'request'] as const).map((value) => ({ value, label: t(value) }))
      case 'channel':
        return channels.map((value) => ({ value, label: t(`c.${value}`) }))
      default:
        return []
    }
  }
}

const usualColumns = [
  'number',
  'subject',
  'requester',
  'organisation',
  'status',
  'priority',
  'team',
  'assignee',
  'kind',
  'channel',
  'tags',
  'created',
  'changed',
  'lastMessage',
  'waiting',
] as const
/** What a view's table may show: of every ticket, and own fields by their labels. */
export function useColumnOptions(own: readonly OwnField[]): readonly Option[] {
  const t = useTexts(viewTexts)
  const named = { subject: 'col.subject', number: 'col.number', waiting: 'f.waitingSince' } as const
  return [
    ...usualColumns.map((value) => ({
      value,
      label: t(value === 'subject' || value === 'number' || value === 'waiting' ? named[value] : `f.${value}`),
    })),
    ...own.map((one) => ({ value: ownColumn(one.id), label: one.label })),
  ]
}
/** With the widths that they had. */
export const columnsOf = (chosen: readonly Option[], view: SavedView | undefined): SavedView['columns'] =>
  chosen.map(({ value }) => view?.columns.find((one) => one.key === value) ?? { key: value as SavedView['columns'][number]['key'] })
