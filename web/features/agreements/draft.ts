import type { Agreement, AgreementForm, AgreementKind, Goal, RuleQuery, Target, TargetRule } from '../../../contract/sla.ts'
import type { Option } from '../../ui/Fields.tsx'

/** An agreement while it is being written. */
export type Draft = {
  kind: AgreementKind
  name: string
  organisation: Option | null
  team: Option | null
  vendor: string
  services: string
  penalties: string
  startsOn: string
  endsOn: string
  reviewOn: string
  calendar: AgreementForm['calendar']
  zone: AgreementForm['zone']
  rules: TargetRule[]
}
const option = (named: { id: string; name: string } | null): Option | null => named && { value: named.id, label: named.name }

export const draftOf = (row: Agreement): Draft => ({
  kind: row.kind,
  name: row.name,
  organisation: option(row.organisation),
  team: option(row.team),
  vendor: row.vendor,
  services: row.services,
  penalties: row.penalties,
  startsOn: row.startsOn ?? '',
  endsOn: row.endsOn ?? '',
  reviewOn: row.reviewOn ?? '',
  calendar: row.calendar,
  zone: row.zone,
  rules: row.rules,
})
export const emptyDraft = (names: Record<Target, string>): Draft => ({
  kind: 'sla',
  name: '',
  organisation: null,
  team: null,
  vendor: '',
  services: '',
  penalties: '',
  startsOn: '',
  endsOn: '',
  reviewOn: '',
  calendar: { by: 'caller' },
  zone: { by: 'calendar' },
  rules: [newRule('first-response', names['first-response'], []), newRule('resolution', names.resolution, [])],
})

/** Only the party of its kind is sent. */
export const termsOf = ({ kind, organisation, team, vendor, startsOn, endsOn, reviewOn, ...rest }: Draft): AgreementForm => ({
  ...rest,
  kind,
  organisationId: kind === 'sla' ? (organisation?.value ?? null) : null,
  teamId: kind === 'ola' ? (team?.value ?? null) : null,
  vendor: kind === 'uc' ? vendor : '',
  startsOn: startsOn || null,
  endsOn: endsOn || null,
  reviewOn: reviewOn || null,
})

export const empty = (): RuleQuery => ({ all: [], any: [] })
export const forPriorities = (values: readonly number[]): RuleQuery => ({
  all: values.length === 0 ? [] : [{ field: 'priority', op: 'is', values: [...values] } as RuleQuery['all'][number]],
  any: [],
})
const start: Record<Target, readonly [number, number, number, number]> = {
  'first-response': [30, 60, 240, 480],
  'next-response': [60, 120, 480, 960],
  update: [120, 240, 960, 1440],
  resolution: [240, 480, 1440, 2400],
  fulfilment: [480, 960, 2400, 4800],
}
/** A goal for each priority to begin with, which one then changes. */
export function newRule(target: Target, name: string, others: readonly TargetRule[]): TargetRule {
  const taken = new Set(others.map(({ key }) => key))
  let key: string = target
  for (let n = 2; taken.has(key); n++) key = `${target}-${n}`
  const [first, second, third, rest] = start[target]
  const goals: Goal[] = [first, second, third].map((minutes, n) => ({ when: forPriorities([n + 1]), time: { minutes } }))
  return {
    key,
    name,
    target,
    start: null,
    cancelWhen: 'start-over',
    cancel: null,
    pause: null,
    resumeWhen: 'pause-over',
    resume: null,
    stop: null,
    reset: null,
    clock: 'business',
    startFrom: null,
    retroactivePause: true,
    goals: [...goals, { when: empty(), time: { minutes: rest } }],
    thresholds: [{ percent: 75, acts: [{ do: 'notify', whom: ['assignee', 'team'], personIds: [] }] }],
  }
}
