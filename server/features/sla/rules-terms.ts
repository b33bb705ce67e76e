import type { AgreementForm, AgreementKind, RuleCondition, RuleQuery, Target, TargetRule } from '../../../contract/sla.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { OpenCalendar } from '../calendars/rules-days.ts'
import { type Facts, holds, testsOf } from '../views/rules.ts'
import { completed } from './rules-usual.ts'

/** Agreements made ready to be asked of what a clock saw: conditions as functions, dates as instants. Pure. */
export type Mark = 'answered' | 'awaited' | 'replied' | 'gone'

/** What the clocks of a ticket saw at one moment; times are epoch milliseconds. */
export type Moment = {
  at: number
  kind: string
  meaning: string
  status_id: string
  priority: string
  impact: string
  urgency: string
  channel: string
  category_ids: readonly string[]
  organisation_id: string | null
  site_id: string | null
  team_id: string | null
  assignee_id: string | null
  tags: readonly string[]
  fields: Facts['fields']
  marks: readonly Mark[]
  caller_calendar_id: string
  team_calendar_id: string
  caller_zone: string | null
  site_zone: string | null
}

export type KeptAgreement = {
  id: string
  version: number
  kind: AgreementKind
  organisationId: string | null
  teamId: string | null
  startsOn: string | null
  endsOn: string | null
  terms: Pick<AgreementForm, 'rules' | 'calendar' | 'zone'>
}
type Ask = (moment: Moment) => boolean
export type ReadyRule = {
  agreement: KeptAgreement
  rule: TargetRule
  target: Target
  retroactive: boolean
  inForce: Ask
  start: Ask
  stop: Ask
  pause: Ask
  reset: Ask
  cancel: Ask
  resume: Ask | null
  goals: readonly Ask[]
}
export type World = {
  rules: readonly ReadyRule[]
  byKey: ReadonlyMap<string, ReadyRule>
  calendar(id: string, zone: string | null): OpenCalendar
}

const nobody = { id: null, teams: [], now: Temporal.Instant.fromEpochMilliseconds(0), timeZone: 'UTC' }
const never: Ask = () => false

const factsKept = new WeakMap<Moment, Facts>()
/** As the conditions of views read a ticket; what a clock does not follow holds nothing. */
function factsOf(moment: Moment): Facts {
  const known = factsKept.get(moment)
  if (known) return known
  const facts: Facts = {
    ...{ id: '', language: null, requester_id: null, reopened_count: 0, passed_count: 0, assignee_teams: [], texts: new Set<string>() },
    ...{ created_at: null, changed_at: null, resolved_at: null, last_message_at: null, waiting_since: null, revisit_at: null },
    ...{ unread: false, following: false, restricted: false },
    ...moment,
    open: !['resolved', 'closed', 'cancelled'].includes(moment.meaning) && !moment.marks.includes('gone'),
    category_id: moment.category_ids[0] ?? null,
    categories: moment.category_ids,
  }
  factsKept.set(moment, facts)
  return facts
}

function ready(condition: RuleCondition): Ask {
  const { field } = condition
  if (field === 'answered' || field === 'awaited' || field === 'replied')
    return (moment) => moment.marks.includes(field) === (condition as { is: boolean }).is
  const tests = testsOf({ all: [condition as Exclude<RuleCondition, { field: 'answered' | 'awaited' | 'replied' }>], any: [] }, nobody)
  return (moment) => holds(factsOf(moment), tests)
}
export function readyQuery(query: RuleQuery | null): Ask {
  if (query === null) return never
  const [all, any] = [query.all.map(ready), query.any.map(ready)]
  return (moment) => all.every((ask) => ask(moment)) && (any.length === 0 || any.some((ask) => ask(moment)))
}

const isParty =
  ({ kind, organisationId, teamId }: KeptAgreement): Ask =>
  (moment) =>
    kind === 'ola' ? moment.team_id === teamId : organisationId === null || moment.organisation_id === organisationId

/** From the first day to the end of the last, in the company's zone. */
function inForce({ startsOn, endsOn, ...agreement }: KeptAgreement, zone: string): Ask {
  const begin = (day: string, more: number) => Temporal.PlainDate.from(day).add({ days: more }).toZonedDateTime(zone).epochMilliseconds
  const [from, until] = [startsOn ? begin(startsOn, 0) : -Infinity, endsOn ? begin(endsOn, 1) : Infinity]
  const party = isParty({ startsOn, endsOn, ...agreement })
  return (moment) => moment.at >= from && moment.at < until && party(moment)
}

export const keyOf = (agreementId: string, ruleKey: string): string => `${agreementId}/${ruleKey}`

/** The customer's own before everybody's, then in their order; in each the rules in theirs. */
export function worldOf(agreements: readonly KeptAgreement[], zone: string, calendar: World['calendar']): World {
  const ordered = [...agreements.filter((one) => one.organisationId !== null), ...agreements.filter((one) => one.organisationId === null)]
  const rules = ordered.flatMap((agreement) => {
    const valid = inForce(agreement, zone)
    return agreement.terms.rules.map((rule): ReadyRule => {
      const full = completed(agreement.kind, rule)
      return {
        agreement,
        rule,
        target: rule.target,
        retroactive: full.startFrom === 'created',
        inForce: valid,
        start: readyQuery(full.start),
        stop: readyQuery(full.stop),
        pause: readyQuery(full.pause),
        reset: readyQuery(full.reset),
        cancel: readyQuery(full.cancel),
        resume: full.resume && readyQuery(full.resume),
        goals: rule.goals.map((goal) => readyQuery(goal.when)),
      }
    })
  })
  return { rules, byKey: new Map(rules.map((one) => [keyOf(one.agreement.id, one.rule.key), one])), calendar }
}

/** By which calendar it counts from this moment on, and in which zone. */
export function placeOf(world: World, { agreement }: ReadyRule, moment: Moment): { calendarId: string; zone: string } {
  const { calendar, zone } = agreement.terms
  const calendarId =
    calendar.by === 'agreement' ? calendar.calendarId : calendar.by === 'team' ? moment.team_calendar_id : moment.caller_calendar_id
  const own = (id: string) => world.calendar(id, null).form.tz
  if (zone.by === 'agreement') return { calendarId, zone: zone.timeZone }
  if (zone.by === 'team') return { calendarId, zone: own(moment.team_calendar_id) }
  const asked = zone.by === 'caller' ? moment.caller_zone : zone.by === 'site' ? moment.site_zone : null
  return { calendarId, zone: asked ?? own(calendarId) }
}
