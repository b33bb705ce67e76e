import type { Rota } from '../../../contract/oncall.ts'
import type { Option } from '../../ui/Fields.tsx'

/** A layer as its form keeps it. */
export type LayerDraft = {
  key: string
  id: string | undefined
  name: string
  timeZone: string
  rotation: 'hourly' | 'daily' | 'weekly' | 'custom'
  every: number
  unit: 'hours' | 'days' | 'weeks'
  handover: string
  weekday: number
  startsOn: string
  endsOn: string
  people: Option[]
  hours: Record<string, [string, string][]> | null
}
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const named = { hours: 'hourly', days: 'daily', weeks: 'weekly' } as const
const units = { hourly: 'hours', daily: 'days', weekly: 'weeks' } as const
let made = 0

export const freshLayer = (name: string, timeZone: string): LayerDraft => ({
  key: `new${made++}`,
  id: undefined,
  name,
  timeZone,
  rotation: 'weekly',
  every: 1,
  unit: 'weeks',
  handover: '09:00',
  weekday: 1,
  startsOn: new Date().toISOString().slice(0, 10),
  endsOn: '',
  people: [],
  hours: null,
})

export const draftOf = (layer: Rota['layers'][number]): LayerDraft => ({
  key: layer.id,
  id: layer.id,
  name: layer.name,
  timeZone: layer.timeZone,
  rotation: layer.rotation.every === 1 ? named[layer.rotation.unit] : 'custom',
  ...layer.rotation,
  handover: layer.handover,
  weekday: layer.weekday,
  startsOn: layer.startsOn,
  endsOn: layer.endsOn ?? '',
  people: layer.people.map((one) => ({ value: one.id, label: one.name })),
  hours: layer.hours,
})

export const bodyOf = (draft: LayerDraft) => ({
  ...(draft.id === undefined ? {} : { id: draft.id }),
  name: draft.name,
  timeZone: draft.timeZone,
  rotation: draft.rotation === 'custom' ? { unit: draft.unit, every: draft.every } : { unit: units[draft.rotation], every: 1 },
  handover: draft.handover,
  weekday: draft.weekday,
  startsOn: draft.startsOn,
  endsOn: draft.endsOn === '' ? null : draft.endsOn,
  peopleIds: draft.people.map((one) => one.value),
  hours: draft.hours as never,
})
