import type { AgreementForm, Overlap, RuleQuery, TargetRule } from '../../../contract/sla.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { type Issue, Problem } from '../../kernel/problem.ts'
import { namedIn } from '../views/rules.ts'
import { goneAmong, type Neighbour, neighboursOf, vocabulary } from './access.ts'
import { trapsIn } from './rules-traps.ts'

/** All that is wrong with terms at once, each at its field. */
export async function refuseTerms(context: Context, terms: AgreementForm): Promise<void> {
  const words = await vocabulary(context)
  const issues: Issue[] = [
    ...wrongParties(terms),
    ...terms.rules.flatMap((rule, n) => trapsIn(terms.kind, rule, words).map((trap) => ({ ...trap, path: `rules.${n}.${trap.path}` }))),
    ...twice(terms.rules),
    ...(await goneAmong(context, refsOf(terms))).map((path) => ({
      path,
      code: 'unknown',
      message: 'This does not exist any more. Choose another.',
    })),
  ]
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}

function wrongParties({ kind, teamId, vendor, organisationId, startsOn, endsOn, zone }: AgreementForm): Issue[] {
  const issue = (path: string, message: string, code = 'missing'): Issue => ({ path, code, message })
  return [
    ...(kind === 'ola' && teamId === null ? [issue('teamId', 'Choose the team that promises this.')] : []),
    ...(kind === 'uc' && vendor === '' ? [issue('vendor', 'Name the vendor.')] : []),
    ...(kind !== 'sla' && organisationId !== null
      ? [issue('organisationId', 'Only an agreement with a customer names one. Leave this empty.', 'unexpected')]
      : []),
    ...(startsOn !== null && endsOn !== null && endsOn < startsOn
      ? [issue('endsOn', 'It would end before it begins. Choose a later day.', 'before_start')]
      : []),
    ...(zone.by === 'agreement' && !isZone(zone.timeZone)
      ? [issue('zone.timeZone', 'This is no time zone. Choose one such as Europe/Berlin.', 'unknown')]
      : []),
  ]
}
function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

const twice = (rules: readonly TargetRule[]): Issue[] =>
  rules.flatMap((rule, n) =>
    rules.findIndex((other) => other.key === rule.key) < n
      ? [{ path: `rules.${n}.key`, code: 'already_exists', message: 'Another rule of this agreement has this key. Give it its own.' }]
      : [],
  )

type Ref = { kind: string; id: string; path: string }
function refsOf({ calendar, organisationId, teamId, rules }: AgreementForm): Ref[] {
  const inQuery = (query: RuleQuery | null, path: string): Ref[] =>
    query === null ? [] : namedIn(query as Parameters<typeof namedIn>[0]).map((ref) => ({ ...ref, path: ref.path.replace(/^query/, path) }))
  return [
    ...(calendar.by === 'agreement' ? [{ kind: 'calendar', id: calendar.calendarId, path: 'calendar.calendarId' }] : []),
    ...(organisationId === null ? [] : [{ kind: 'organisation', id: organisationId, path: 'organisationId' }]),
    ...(teamId === null ? [] : [{ kind: 'team', id: teamId, path: 'teamId' }]),
    ...rules.flatMap((rule, n) => [
      ...(['start', 'cancel', 'pause', 'resume', 'stop', 'reset'] as const).flatMap((name) => inQuery(rule[name], `rules.${n}.${name}`)),
      ...rule.goals.flatMap((goal, g) => inQuery(goal.when, `rules.${n}.goals.${g}.when`)),
      ...rule.thresholds.flatMap((threshold, t) =>
        threshold.acts.flatMap((act, a): Ref[] => {
          const at = `rules.${n}.thresholds.${t}.acts.${a}`
          if (act.do === 'notify') return act.personIds.map((id, p) => ({ kind: 'person', id, path: `${at}.personIds.${p}` }))
          return act.do !== 'raise-priority' && act.teamId !== null ? [{ kind: 'team', id: act.teamId, path: `${at}.teamId` }] : []
        }),
      ),
    ]),
  ]
}

/** Others that promise the same target to the same tickets, and which of the two counts. */
export async function overlapsOf(context: Context, id: string | null, terms: AgreementForm): Promise<Overlap[]> {
  const neighbours = await neighboursOf(context, id)
  const own = id === null ? Number.POSITIVE_INFINITY : await positionOf(context, id)
  return neighbours.flatMap((other) => overlapWith(terms, own, other))
}
async function positionOf(context: Context, id: string): Promise<number> {
  const all = await neighboursOf(context, null)
  return all.find((one) => one.id === id)?.position ?? Number.POSITIVE_INFINITY
}

function overlapWith(terms: AgreementForm, own: number, other: Neighbour): Overlap[] {
  const theirs = other.terms
  const meets = (a: string | null, b: string | null) => a === null || b === null || a <= b
  if (theirs.kind !== terms.kind || !meets(terms.startsOn, theirs.endsOn) || !meets(theirs.startsOn, terms.endsOn)) return []
  if (terms.kind === 'ola' && theirs.teamId !== terms.teamId) return []
  const bothOwn = terms.organisationId !== null && theirs.organisationId !== null
  if (terms.kind === 'sla' && bothOwn && terms.organisationId !== theirs.organisationId) return []
  const ownFirst = (terms.organisationId === null) !== (theirs.organisationId === null)
  const targets = new Set(terms.rules.map((rule) => rule.target).filter((target) => theirs.rules.some((rule) => rule.target === target)))
  const wins = ownFirst ? (terms.organisationId !== null ? 'this' : 'other') : own < other.position ? 'this' : 'other'
  return [...targets].map((target) => ({
    agreement: { id: other.id, name: other.name },
    target,
    wins,
    because: ownFirst ? 'own-before-everybody' : 'order',
  }))
}
