import { type AgreementKind, agreementKinds, type RuleQuery, type Target, type TargetRule, targets } from '../../../contract/sla.ts'

/**
 * What is usual for each target, so that as a rule only the goals are to be filled in. Waiting for the requester, for an
 * approval or for a date pauses; waiting for a vendor does not: that is ours, and an underpinning contract measures it.
 */
export type Usual = {
  start: RuleQuery
  pause: RuleQuery | null
  stop: RuleQuery
  reset: RuleQuery | null
  startFrom: 'created' | 'attached'
}
const open = { field: 'open', is: true } as const
const awaited = (is: boolean) => ({ field: 'awaited', is }) as const
const answered = (is: boolean) => ({ field: 'answered', is }) as const
const kind = (...values: ('incident' | 'request')[]) => ({ field: 'kind' as const, op: 'is' as const, values })
type Meanings = Extract<RuleQuery['all'][number], { field: 'meaning' }>['values']
const meaning = (...values: Meanings) => ({ field: 'meaning' as const, op: 'is' as const, values })
const all = (...conditions: RuleQuery['all']): RuleQuery => ({ all: conditions, any: [] })
const any = (...conditions: RuleQuery['any']): RuleQuery => ({ all: [], any: conditions })

const paused = all(meaning('waiting-requester', 'waiting-approval', 'scheduled'))
const finished = meaning('resolved', 'closed')
const asked = kind('incident', 'request')

const ofTicket: Record<Target, Usual> = {
  'first-response': {
    start: all(asked, open, answered(false)),
    pause: null,
    stop: any(answered(true), finished),
    reset: null,
    startFrom: 'created',
  },
  'next-response': {
    start: all(asked, open, answered(true), awaited(true)),
    pause: null,
    stop: any(awaited(false), finished),
    reset: null,
    startFrom: 'attached',
  },
  update: {
    start: all(asked, open, answered(true)),
    pause: paused,
    stop: all(finished),
    reset: all({ field: 'replied', is: true }),
    startFrom: 'attached',
  },
  resolution: { start: all(kind('incident'), open), pause: paused, stop: all(finished), reset: null, startFrom: 'created' },
  fulfilment: { start: all(kind('request'), open), pause: paused, stop: all(finished), reset: null, startFrom: 'created' },
}

/** A team's promise runs while the team has the ticket, a vendor's while it waits for the vendor: from then on, not from the opening. */
const atVendor: Usual = {
  start: all(meaning('waiting-vendor')),
  pause: null,
  stop: all({ ...meaning('waiting-vendor'), op: 'is-not' }),
  reset: null,
  startFrom: 'attached',
}

export function usualOf(of: AgreementKind, target: Target): Usual {
  if (of === 'uc') return atVendor
  const usual = ofTicket[target]
  return of === 'ola' ? { ...usual, startFrom: 'attached' } : usual
}

export const isRelative = (rule: TargetRule): boolean => rule.goals.some((goal) => 'days' in goal.time)

/** A rule with all that it leaves to what is usual. A goal by a time of day knows no pause. */
export function completed(of: AgreementKind, rule: TargetRule) {
  const usual = usualOf(of, rule.target)
  return {
    start: rule.start ?? usual.start,
    pause: rule.pause ?? (isRelative(rule) ? null : usual.pause),
    stop: rule.stop ?? usual.stop,
    reset: rule.reset ?? usual.reset,
    cancel: rule.cancelWhen === 'condition' ? rule.cancel : null,
    resume: rule.resumeWhen === 'condition' ? rule.resume : null,
    startFrom: rule.startFrom ?? usual.startFrom,
  }
}

export const allUsual = () => agreementKinds.flatMap((kind) => targets.map((target) => ({ kind, target, ...usualOf(kind, target) })))
